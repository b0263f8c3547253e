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
    "a an the of to in on is are be it its and or if how do does did i my me we you your what when " +
    "which why can could should would there this that with for from by as at not no so than then"
  ).split(" "),
);

/** The form under which a word is kept: small letters, without the commonest endings. */
function wordOf(term) {
  const word = term.toLowerCase();
  if (quiet.has(word)) return null;
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 5 && word.endsWith("ing")) return word.slice(0, -3);
  if (word.length > 4 && word.endsWith("ed")) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith("s") && !word.endsWith("ss")) return word.slice(0, -1);
  return word;
}

const how = {
  prefix: (term) => term.length > 2,
  fuzzy: (term) => (term.length > 4 ? 0.2 : false),
  boost: { title: 6, heading: 4, code: 2 },
};

/** The pages that answer a question, best first, each with the section that does. */
export function find(index, question, most = 12) {
  const pages = new Map();
  for (const hit of index.search(question, how)) {
    const known = pages.get(hit.to);
    if (!known) pages.set(hit.to, { ...hit, anchor: hit.id.split("#")[1] });
    else known.score += hit.score / 8;
  }
  return [...pages.values()].sort((a, b) => b.score - a.score).slice(0, most);
}
