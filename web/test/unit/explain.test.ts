// Nodes in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Counters, ProgramSchema } from "reticle";
import { emptyMoment } from "../../src/derive/moment.ts";
import { counterWords } from "../../src/derive/words.ts";
import { pictureOf } from "../../src/net/picture.ts";
import { noAnswers } from "../../src/state/state.ts";

test("a node says what came to it from each side, what it tested and what it made", () => {
  const node = { node: 1, left: 1200, right: 3, tests: 40, tokens: 7, memory: 2 };
  assert.equal(counterWords(node), "1,200 from the left, 3 from the right · 40 tests · 7 made");
  assert.equal(
    counterWords({ ...node, left: 0, tests: 1, tokens: 0 }),
    "3 from the right · 1 test",
  );
  const none = { ...node, left: 0, right: 0, tests: 0, tokens: 0 };
  assert.equal(counterWords(none), "holds 2", "a node of a type has no sides, and was reached");
  assert.equal(counterWords({ ...none, memory: 0 }), "nothing has come here yet");
});

test("the network shows what its nodes did only when that is asked for", () => {
  const schema: ProgramSchema = {
    module: "m",
    types: [],
    rules: [],
    flows: [],
    functions: [],
    queries: [],
    tests: [],
    network: { nodes: [{ id: 0, kind: "type", label: "Order", layer: 0, rules: [0] }] },
  };
  const counters: Counters = {
    nodes: [{ node: 0, left: 0, right: 5, tests: 0, tokens: 0, memory: 5 }],
    rules: [],
  };
  const input = { schema, moment: emptyMoment(0), selection: null, since: 0, firedRule: null };
  assert.equal(pictureOf(input).nodes.get(0)?.did, "");
  assert.equal(pictureOf({ ...input, counters }).nodes.get(0)?.did, "5 from the right");
  assert.equal(noAnswers(3).counters, null);
});
