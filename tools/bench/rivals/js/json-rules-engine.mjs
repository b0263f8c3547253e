// The workloads as rules of json-rules-engine, which looks at one object at a time: each fact is a
// run of its own. It remembers nothing and joins nothing.
//
// Workloads: a a3 d d2
import { Engine } from "json-rules-engine";

const rule = (fact, ...tests) => ({
  conditions: { all: tests.map(([operator, value]) => ({ fact, operator, value })) },
  event: { type: "found" },
});

function rulesOf(name, size) {
  const each = (of) => Array.from({ length: size }, (_, i) => of(i));
  switch (name) {
    case "d":
      return each((i) => rule("kind", ["equal", i]));
    case "d2":
      return each((i) => rule("v", ["greaterThanInclusive", i], ["lessThan", i + 1]));
    default:
      return [rule("kind", ["equal", 3])];
  }
}

export function compile(name, size) {
  const engine = new Engine(rulesOf(name, size)),
    facts = [];
  let firings = 0;
  return {
    insert(_type, fields) {
      facts.push(fields);
    },
    async settle() {
      for (const fact of facts) firings += (await engine.run(fact)).events.length;
    },
    firings: () => firings,
  };
}
