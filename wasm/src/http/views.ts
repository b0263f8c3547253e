// Each question: its arguments read, the engine asked. The answers are the shapes of ../types.ts,
// in an object whose member has the question's name where the answer is a list.

import type { Engine } from "../engine.js";
import type { Fields, Value } from "../types.js";
import { parseJson } from "./json.js";
import { pageItems } from "./limits.js";
import { refuse } from "./problem.js";

interface Question {
  engine: Engine;
  /** Behind the prefix of the place. */
  name: string;
  query: URLSearchParams;
}
type View = (question: Question) => unknown;

const largest = 2 ** 32 - 1;

/** An argument that the question does not know. */
function knows({ query }: Question, ...known: string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name))
      refuse(400, `there is no argument \`${name}\` here`, name, known.join(", ") || "none");
  }
}

function numberIn({ query }: Question, name: string, most: number, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,10}$/.test(text) || Number(text) > most)
    refuse(400, `\`${name}\` is no number that fits`, name, `0 to ${most}`);
  return Number(text);
}

function typeIn({ engine, query }: Question): string | undefined {
  const type = query.get("type");
  if (type === null) return undefined;
  if (!engine.program.schema.types.some(({ name }) => name === type))
    refuse(404, `there is no type \`${type}\``, "type", "a type of the rules");
  return type;
}

const facts: View = (of) => {
  knows(of, "type", "limit", "after");
  const limit = numberIn(of, "limit", pageItems, pageItems);
  const after = numberIn(of, "after", largest, 0);
  const all = of.engine.facts(typeIn(of)).filter(({ id }) => id > after);
  const page = all.slice(0, limit);
  const isMore = page.length < all.length && page.length > 0;
  return { facts: page, ...(isMore ? { next: page.at(-1)?.id } : {}) };
};

const subjects: View = (of) => {
  knows(of, "type", "limit", "after");
  const limit = numberIn(of, "limit", pageItems, pageItems);
  const type = typeIn(of);
  const after = of.query.get("after");
  const all = of.engine.subjects({
    // One more than is shown says whether there is another page.
    limit: limit + 1,
    ...(type === undefined ? {} : { type }),
    ...(after === null ? {} : { after }),
  });
  const page = all.slice(0, limit);
  const isMore = page.length < all.length && page.length > 0;
  return { subjects: page, ...(isMore ? { next: page.at(-1)?.subject } : {}) };
};

const subject: View = (of) => {
  knows(of);
  return (
    of.engine.subject(of.name).view() ??
    refuse(
      404,
      `there is no subject \`${of.name}\``,
      "path",
      "a name that GET /subjects lists; `/` in a name may be written as %2F",
    )
  );
};

const runs: View = (of) => {
  knows(of, "flow", "key", "status");
  const fits = (name: string, value: string) => (of.query.get(name) ?? value) === value;
  return {
    runs: of.engine
      .runs()
      .filter(
        (run) => fits("flow", run.flow) && fits("key", run.key) && fits("status", run.status),
      ),
  };
};

const agenda: View = (of) => {
  knows(of, "limit");
  return { agenda: of.engine.agenda().slice(0, numberIn(of, "limit", pageItems, pageItems)) };
};

const explain: View = (of) => {
  knows(of, "fact", "activation");
  const fact = numberIn(of, "fact", largest, 0);
  const activation = numberIn(of, "activation", largest, 0);
  if ((fact === 0) === (activation === 0)) {
    refuse(
      400,
      "what is to be explained?",
      "fact",
      "`fact` with the id of a fact, or `activation`",
    );
  }
  return fact ? of.engine.explain(fact) : of.engine.explainActivation(activation);
};

/** JSON where it can be read as such, otherwise text. */
function written(text: string): Value {
  try {
    return parseJson(text, 100);
  } catch {
    return text;
  }
}

/** Every argument but the rule is a binding. */
const whyNot: View = ({ engine, query }) => {
  const rule = query.get("rule");
  if (rule === null) return refuse(400, "which rule is it about?", "rule", "`rule` with its name");
  const others = [...query].filter(([name]) => name !== "rule");
  const bindings: Fields = Object.fromEntries(
    others.map(([name, value]) => [name, written(value)]),
  );
  return engine.whyNot(rule, bindings);
};

/** Arguments by the names of the query's parameters. */
const rows: View = ({ engine, name, query }) => {
  const found = engine.program.schema.queries.find((each) => each.name === name);
  if (!found) return refuse(404, `there is no query \`${name}\``, "path", "a query of the rules");
  for (const argument of query.keys()) {
    if (found.params.some((each) => each.name === argument)) continue;
    const names = found.params.map((each) => each.name).join(", ");
    refuse(400, `the query has no parameter \`${argument}\``, argument, names || "none");
  }
  const args = found.params.map((parameter) => {
    const text = query.get(parameter.name);
    if (text === null) {
      const { name: field, type } = parameter;
      return refuse(400, `the query needs \`${field}\``, field, `a ${type}`);
    }
    // A text that looks like a number is a text where a text is asked for.
    return parameter.type.startsWith("string") ? text : written(text);
  });
  return { rows: engine.query(name, ...args) };
};

const places: { [path: string]: View } = {
  "/facts": facts,
  "/subjects": subjects,
  "/subjects/": subject,
  "/runs": runs,
  "/agenda": agenda,
  "/explain": explain,
  "/why-not": whyNot,
  "/query/": rows,
};

/** What is asked at a path, percent-decoded; nothing when there is no such place. */
export function viewAt(path: string): ((engine: Engine, query: URLSearchParams) => unknown) | null {
  for (const [place, view] of Object.entries(places)) {
    const isIt = place.endsWith("/")
      ? path.startsWith(place) && path.length > place.length
      : path === place;
    if (isIt) return (engine, query) => view({ engine, query, name: path.slice(place.length) });
  }
  return null;
}
