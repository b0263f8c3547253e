// The workloads as rule sets of durable. Facts fire as they are asserted, so that all of its
// time counts as giving facts. A rule set's function is read by durable as text, and sees
// only what is global.
//
// Workloads: a a3 b b2 c3
import { createRequire } from "node:module";

const durable = createRequire(import.meta.url)("durable");
globalThis.firings = 0;

const programs = {
  a: function () {
    whenAll: m.kind == 3
    run: ++globalThis.firings
  },
  b: function () {
    whenAll: {
      l = m.type == "Left"
      r = m.type == "Right" && m.at == l.at
    }
    run: ++globalThis.firings
  },
  c3: function () {
    whenAll: m.v < m.limit
    run: {
      ++globalThis.firings;
      assert({ v: m.v + 1, limit: m.limit });
    }
  },
};
const shared = { a3: "a", b2: "b" };

export function compile(name) {
  durable.ruleset(name, programs[shared[name] ?? name]);
  return {
    // `id` is durable's own: facts of two types must not share one.
    insert(type, { id, ...fields }) {
      try {
        const own = id === undefined ? {} : { id: `${type}${id}` };
        durable.assert(name, { type, ...fields, ...own });
      } catch (error) {
        if (error.name !== "MessageNotHandledError") throw error;   // no rule is about it
      }
    },
    settle() {},
    firings: () => globalThis.firings,
  };
}
