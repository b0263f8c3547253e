// What feeds a node and what it feeds.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeSchema } from "reticle";
import { ancestorsOf, descendantsOf } from "../../src/derive/slices.ts";

const node = (
  id: number,
  kind: NodeSchema["kind"],
  more: Partial<NodeSchema> = {},
): NodeSchema => ({ id, kind, label: "", layer: id, rules: [0], ...more });

// A ▷ join ▷ not group ▷ rule, and in the group: B ▷ join ▷ end.
const nodes = [
  node(0, "type"),
  node(1, "type"),
  node(2, "join", { right: 0 }),
  node(3, "not group", { left: 2 }),
  node(4, "join", { left: 3, right: 1 }),
  node(5, "end", { left: 4, owner: 3 }),
  node(6, "production", { left: 3 }),
];

test("what is asked in a group belongs to the path of the rule", () => {
  assert.deepEqual([...ancestorsOf(nodes, 6)].sort(), [0, 1, 2, 3, 4, 5, 6]);
  assert.deepEqual([...ancestorsOf(nodes, 2)].sort(), [0, 2]);
});

test("what a group reads reaches the rule by way of the group's end", () => {
  assert.deepEqual([...descendantsOf(nodes, 1)].sort(), [1, 3, 4, 5, 6]);
});
