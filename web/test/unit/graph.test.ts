// The network as it is drawn: columns, sides and groups.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { NodeSchema } from "reticle";
import { beginsMatches, drawnGraph, drawnId } from "../../src/net/graph.ts";
import { randomNet } from "./nets.ts";

type Made = Omit<NodeSchema, "label" | "layer" | "rules">;
const nodes = (...made: Made[]): NodeSchema[] =>
  made.map((node) => ({ ...node, label: `n${node.id}`, layer: 0, rules: [0] }));

/** `a: A`, then `not { B(k == a.k)  B(k > b.v) }`, as the engine hands it out. */
const notGroup = nodes(
  { id: 0, kind: "type" },
  { id: 1, kind: "type" },
  { id: 2, kind: "join", right: 0 },
  { id: 3, kind: "not group", left: 2 },
  { id: 4, kind: "join", left: 3, right: 1 },
  { id: 5, kind: "join", left: 4, right: 1 },
  { id: 6, kind: "end", left: 5, owner: 3 },
  { id: 7, kind: "production", left: 3 },
);
const inputsOf = (all: NodeSchema[], id: number) =>
  drawnGraph(all)
    .nodes.find((each) => each.id === id)
    ?.inputs.map(({ from, side }) => `${side} ${from}`);

describe("the drawn network", () => {
  test("a branch begins where its owner's matches come from and ends in its right input", () => {
    assert.deepEqual(inputsOf(notGroup, 4), ["left 2", "right 1"]);
    assert.deepEqual(inputsOf(notGroup, 3), ["left 2", "right 5"]);
    assert.deepEqual(inputsOf(notGroup, 7), ["only 3"]);
    const { nodes: drawn, groups } = drawnGraph(notGroup);
    assert.ok(!drawn.some(({ node }) => node.kind === "end"), "an end has no box of its own");
    assert.deepEqual(
      groups.map(({ owner, members }) => [owner, [...members].sort()]),
      [[3, [4, 5]]],
    );
    assert.equal(drawnId(notGroup, 6), 3, "a selected end is its owner");
    assert.equal(drawnId(notGroup, 5), 5);
  });

  test("a group in a group belongs to both, and each begins at the matches before it", () => {
    const nested = nodes(
      { id: 0, kind: "type" },
      { id: 1, kind: "not group" },
      { id: 2, kind: "join", left: 1, right: 0 },
      { id: 3, kind: "not group", left: 2 },
      { id: 4, kind: "join", left: 3, right: 0 },
      { id: 5, kind: "end", left: 4, owner: 3 },
      { id: 6, kind: "end", left: 3, owner: 1 },
      { id: 7, kind: "production", left: 1 },
    );
    assert.deepEqual(inputsOf(nested, 2), ["right 0"], "the outer group begins with nothing");
    assert.deepEqual(inputsOf(nested, 4), ["left 2", "right 0"]);
    assert.deepEqual(inputsOf(nested, 1), ["right 3"]);
    const { groups } = drawnGraph(nested);
    assert.deepEqual(
      [...(groups.find(({ owner }) => owner === 1)?.members ?? [])].sort(),
      [2, 3, 4],
    );
  });

  test("a join with one input is none: it has one input, and is told apart", () => {
    assert.deepEqual(inputsOf(notGroup, 2), ["only 0"]);
    assert.ok(notGroup.filter(beginsMatches).every(({ id }) => id === 2));
  });

  test("types, tests, joins and rules stand apart, inputs always to the left", () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const drawn = drawnGraph([...randomNet(3 + seed * 4, seed)]).nodes;
      const byId = new Map(drawn.map((each) => [each.id, each]));
      const parts = ["types", "tests", "joins", "rules"];
      for (const a of drawn) {
        for (const b of drawn)
          if (parts.indexOf(a.band) < parts.indexOf(b.band))
            assert.ok(a.column < b.column, `${a.band} before ${b.band}`);
        for (const { from } of a.inputs)
          assert.ok((byId.get(from)?.column ?? Infinity) < a.column, `${from} before ${a.id}`);
      }
    }
  });
});
