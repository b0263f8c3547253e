// How pages are found: the same in the browser, in the build and in the tests.

/** What of a section is searched, and what is kept to show it. */
export const options = {
  fields: ["title", "heading", "code", "text"],
  storeFields: ["to", "title", "heading"],
  // Names of the language keep their dots and signs apart: `first.match` is found by either word.
  tokenize: (text) => text.split(/[^\p{L}\p{N}_]+/u).filter((word) => word !== ""),
  processTerm: (term) => wordOf(term),
};

/** Words that say nothing about what is looked for. */
const quiet = new Set(
  (
    "a an the of to in on is are be it its and or if how do does did i my me we you your what " +
    "when which why can could should would there this that with for from by as at not no so " +
    "than then"
  ).split(" "),
);

/** The form under which a word is kept: small letters, without the commonest endings. */
function wordOf(term) {
  const word = term.toLowerCase();
  if (quiet.has(word)) return null;
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 5 && word.endsWith("ing")) return word.slice(0, -3).replace(/(.)\1$/, "$1");
  if (word.length > 4 && word.endsWith("ed")) return word.slice(0, -2);
  if (word.length > 4 && word.endsWith("e")) return word.slice(0, -1);
  if (word.length > 3 && word.endsWith("s") && !word.endsWith("ss")) return word.slice(0, -1);
  return word;
}

/** What people say, and what stands on the pages for it. */
const synonyms = {
  priority: "salience",
  undefined: "null missing unknown",
  nullpointer: "null",
  pointer: "null",
  infinite: "limit runaway circle",
  loop: "circle repeat again",
  maximum: "limit",
  modify: "update set change",
  modifies: "update set change",
  insertlogical: "logical derived",
  nested: "each list map",
  array: "list each",
  rest: "serve serving http",
  api: "host function interface",
  async: "step call host",
  deploy: "replace change",
  version: "replace change",
  workflow: "flow run",
  workflows: "flow run",
  audit: "explain reason",
  machine: "determinism",
  restart: "journal recovery store",
  restarts: "journal recovery store",
  faster: "cost measured figures",
  growing: "kept memory",
  excel: "spreadsheet csv",
  exist: "missing",
  happen: "not within",
  stopped: "silent silence",
  monitor: "metrics",
  evaluated: "fires firing",
  exactly: "once guaranteed",
  repeated: "again",
  condition: "conditions",
};

const widened = (question) => {
  const words = question.toLowerCase().split(/[^\p{L}\p{N}_]+/u);
  return [question, ...words.map((word) => synonyms[word] ?? "")].join(" ");
};

/** Guides are for people who ask; diagnostics and declarations are looked up by their names. */
const weightOf = (id) => (/^(diagnostics|api)\//.test(id) ? 0.45 : /^lessons\//.test(id) ? 0.7 : 1);

const how = {
  boost: { title: 5, heading: 3 },
  boostDocument: (id) => weightOf(id),
};

/** The pages that answer a question, best first, each with the section that does. */
export function find(index, question, most = 12) {
  const pages = new Map();
  const exact = index.search(widened(question), how);
  // The last word may be half written, and others may be wrong by a letter.
  const loose = { ...how, prefix: (term) => term.length > 2, fuzzy: 0.2 };
  const hits = exact.length > 4 ? exact : index.search(question, loose);
  for (const { id, to, title, heading, score } of hits) {
    const page = pages.get(to) ?? { to, title, heading: title, anchor: undefined, own: 0, best: 0 };
    if (id === to) page.own = score;
    else if (score > page.best) {
      page.best = score;
      page.heading = heading;
      page.anchor = id.split("#")[1];
    }
    pages.set(to, page);
  }
  const scoreOf = ({ own, best }) => own + best / 2;
  return [...pages.values()].sort((a, b) => scoreOf(b) - scoreOf(a)).slice(0, most);
}
