// Matches that nearly made a rule fire.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { NodeSchema, ProgramSchema, RuleSchema, Span } from "reticle";
import { nodeLabel, shownNodes } from "../../src/derive/labels.ts";
import { holdings, nearMisses } from "../../src/derive/near.ts";
import { Script } from "./records.ts";

const span: Span = { file: "a", start: 0, end: 0, line: 1, column: 1, endLine: 1, endColumn: 1 };
const nodes: NodeSchema[] = [
  { id: 0, kind: "type", label: "Customer", layer: 0, rules: [0], type: 0 },
  { id: 1, kind: "type", label: "Clock", layer: 0, rules: [], type: 1 },
  { id: 2, kind: "test", label: "loggedIn", layer: 1, rules: [0], right: 0 },
  { id: 3, kind: "join", label: "", layer: 2, rules: [0], right: 2 },
  { id: 4, kind: "filter", label: "n > `2`", layer: 3, rules: [0], left: 3 },
  { id: 5, kind: "production", label: "r", layer: 4, rules: [0], left: 4 },
];
const rule: RuleSchema = {
  id: 0,
  name: "the rule",
  salience: 0,
  span,
  nameSpan: span,
  node: 5,
  bindings: ["c"],
  conditions: [
    { kind: "pattern", text: "c: Customer(loggedIn)", span, node: 3 },
    { kind: "if", text: "if n > 2", span, node: 4 },
  ],
};
const schema: ProgramSchema = {
  module: "m",
  rules: [rule],
  flows: [],
  functions: [],
  queries: [],
  tests: [],
  network: { nodes },
  types: [
    { id: 0, name: "Customer", kind: "fact", fields: [] },
    { id: 1, name: "Clock", kind: "subject", builtin: true, fields: [] },
  ],
};

describe("near misses", () => {
  const script = new Script()
    .input("x")
    .memory(0, 1, [1])
    .memory(0, 2, [2])
    .memory(0, 3, [3])
    .memory(2, 1, [2])
    .memory(3, 1, [2])
    .memory(2, 2, [3])
    .memory(3, 2, [3])
    .memory(4, 1, [3]);
  test("those that came furthest come first", () => {
    assert.deepEqual(nearMisses(schema, rule, holdings(script.records, 9)), [
      { condition: 1, facts: [2] },
      { condition: 0, facts: [1] },
    ]);
  });
  test("a match that goes on is not a near miss, one that is taken back becomes one", () => {
    const back = new Script();
    back.records.push(...script.records);
    back.memory(4, 0, [3], false);
    assert.deepEqual(
      nearMisses(schema, rule, holdings(back.records, 10)).map(({ facts }) => facts),
      [[2], [3], [1]],
    );
  });
  test("when the network joins in another order, that order says who came furthest", () => {
    // The `if` stands second in the rule, and the network asks for it first.
    const turned: NodeSchema[] = nodes.map((node) =>
      node.id === 3
        ? { ...node, left: 4 }
        : node.id === 4
          ? { id: 4, kind: "filter", label: "n > `2`", layer: 1, rules: [0] }
          : node,
    );
    const other = { ...schema, network: { nodes: turned } };
    const come = new Script().input("x").memory(4, 1, []).memory(0, 1, [1]);
    assert.deepEqual(nearMisses(other, rule, holdings(come.records, 3)), [
      { condition: 0, facts: [] },
    ]);
  });
});

describe("labels", () => {
  test("a node without a test of its own is called by its condition", () => {
    assert.deepEqual(
      nodes.map((node) => nodeLabel(node, schema)),
      ["Customer", "Clock", "loggedIn", "c: Customer", "n > 2", "the rule"],
    );
  });
  test("types of the engine's own that no rule reads are not shown", () => {
    assert.deepEqual(
      shownNodes(schema).map(({ id }) => id),
      [0, 2, 3, 4, 5],
    );
  });
});
