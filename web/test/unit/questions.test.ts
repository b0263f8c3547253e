/** What is asked of the engine, and when nothing is. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { NodeSchema, ProgramSchema, RuleSchema, Span } from "reticle";
import { questionsOf } from "../../src/state/questions.ts";
import { reduce } from "../../src/state/reduce.ts";
import type { State } from "../../src/state/state.ts";
import { initialState } from "../../src/state/state.ts";
import { viewOf } from "../../src/state/view.ts";
import { Script } from "./records.ts";

const span: Span = { file: "a", start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
const rule = (id: number, name: string): RuleSchema => ({
  id,
  name,
  salience: 0,
  span,
  nameSpan: span,
  node: id + 1,
  bindings: ["t"],
  conditions: [{ kind: "pattern", text: "t: Thing", span, node: 0 }],
});
const nodes: NodeSchema[] = [
  { id: 0, kind: "type", label: "Thing", layer: 0, rules: [0, 1], type: 0 },
  { id: 1, kind: "production", label: "ready", layer: 1, rules: [0], left: 0 },
  { id: 2, kind: "production", label: "idle", layer: 1, rules: [1], left: 0 },
];
const schema: ProgramSchema = {
  module: "m",
  rules: [rule(0, "ready"), rule(1, "idle")],
  flows: [],
  functions: [],
  queries: [],
  tests: [],
  network: { nodes },
  types: [{ id: 0, name: "Thing", kind: "fact", fields: [] }],
};

/** A session at rest in which one fact makes the first of two rules ready. */
function atRest(): State {
  const project = {
    title: "",
    paragraph: "",
    files: [],
    inputs: [],
    tables: {},
    host: {},
    start: 0,
  };
  const { records } = new Script().input("x").assert(1, "Thing", { id: 1 }).ready(1, 0, [1]);
  let state = initialState(project, "own");
  state = reduce(state, { kind: "compiled", result: { ok: true, diagnostics: [], schema } });
  state = reduce(state, { kind: "records", records });
  return reduce(state, { kind: "phase", phase: "ready" });
}
const asked = (state: State) => questionsOf(viewOf(state));

describe("what is asked", () => {
  test("with nothing selected: why the rules that are not ready are not", () => {
    assert.deepEqual(asked(atRest()), [{ kind: "agenda" }, { kind: "why not", rule: "idle" }]);
  });

  test("about what is selected", () => {
    const fact = reduce(atRest(), { kind: "select", selection: { kind: "fact", fact: 1 } });
    assert.deepEqual(asked(fact), [
      { kind: "agenda" },
      { kind: "explain", fact: 1 },
      { kind: "path", fact: 1 },
    ]);
    const gone = reduce(atRest(), { kind: "select", selection: { kind: "fact", fact: 9 } });
    assert.deepEqual(asked(gone), [{ kind: "agenda" }]);
    const ready = reduce(atRest(), { kind: "select", selection: { kind: "rule", rule: 0 } });
    const why = [{ kind: "agenda" }, { kind: "why not", rule: "ready" }];
    assert.deepEqual(asked(ready), [{ kind: "form" }, ...why]);
    const { generation } = ready.program;
    const told = reduce(ready, { kind: "form known", form: [], generation });
    assert.deepEqual(asked(told), why, "once a program");
    const node = reduce(atRest(), { kind: "select", selection: { kind: "node", node: 0 } });
    assert.deepEqual(
      asked(node),
      [
        { kind: "agenda" },
        { kind: "counters" },
        { kind: "matches", rule: "ready" },
        { kind: "why not", rule: "ready" },
      ],
      "a node shows what it has done, what it holds and what it turned away",
    );
    const activation = { kind: "activation", activation: 1 } as const;
    const next = reduce(atRest(), { kind: "select", selection: activation });
    assert.deepEqual(asked(next), [{ kind: "agenda" }, activation]);
  });

  test("once: what is known of this state is not asked again, of another it is", () => {
    const counting = reduce(atRest(), { kind: "count", counting: true });
    const [agenda, first, second] = asked(counting);
    assert.deepEqual([first, second], [{ kind: "counters" }, { kind: "why not", rule: "idle" }]);
    const counters = { nodes: [], rules: [] };
    const counted = reduce(counting, { kind: "counted", counters });
    assert.deepEqual(asked(counted), [agenda, { kind: "why not", rule: "idle" }]);
    const { records } = new Script().input("y");
    const later = reduce(counted, { kind: "records", records });
    assert.deepEqual(asked(later), [agenda, first, second]);
  });

  test("nothing about the past, and nothing while the engine is at work", () => {
    assert.deepEqual(asked(reduce(atRest(), { kind: "show", position: 1 })), []);
    assert.deepEqual(asked(reduce(atRest(), { kind: "phase", phase: "working" })), []);
  });
});
