// Where a selected fact is said to be, and where it is said to have been stopped.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { open } from "reticle";
import { holdings } from "../../src/derive/near.ts";
import { countedBehind, pathOfFact } from "../../src/net/fact-path.ts";
import { drawnGraph } from "../../src/net/graph.ts";

const rules = readFileSync("../examples/discounts/discounts.rules", "utf8");

/** The engine's own network and records, after a few facts. */
async function discounts() {
  const engine = await open(rules, { trace: true, start: Date.parse("2024-04-11T12:00:00Z") });
  const facts = {
    sky: engine.insert("Thing", { name: "sky", color: "blue" }),
    ball: engine.insert("Thing", { name: "ball", color: "red" }),
    bob: engine.insert("Customer", { id: "bob" }),
    milk: engine.insert("CartItem", { customerId: "bob", sku: "milk", qty: 2 }),
    lost: engine.insert("CartItem", { customerId: "nobody", sku: "tea", qty: 2 }),
  };
  engine.settleOnce();
  const { nodes } = engine.program.schema.network;
  const records = engine.takeTrace();
  const clock = engine.facts("Clock")[0]?.id ?? 0;
  const graph = drawnGraph(nodes);
  const behind = countedBehind(nodes);
  const pathOf = (fact: number) => {
    const path = pathOfFact(graph, behind, holdings(records, records.length), fact);
    const name = (id: number) => `${nodes[id]?.kind} ${nodes[id]?.label}`;
    return {
      nodes: [...path.nodes].map(name).sort(),
      stops: path.stops.map(({ to }) => name(to)).sort(),
    };
  };
  return { engine, facts: { ...facts, clock }, pathOf };
}

describe("the path of a fact", () => {
  test("ends at the test that stopped it: a blue thing comes no further", async () => {
    const { engine, facts, pathOf } = await discounts();
    assert.deepEqual(pathOf(facts.sky), {
      nodes: ["type Thing"],
      stops: ['test color == "red"'],
    });
    assert.deepEqual(pathOf(facts.ball), {
      nodes: ["join t: Thing", "production something is red", 'test color == "red"', "type Thing"],
      stops: [],
    });
    engine.close();
  });

  test("goes through an accumulation and ends at the test of its result", async () => {
    const { engine, facts, pathOf } = await discounts();
    assert.deepEqual(pathOf(facts.bob), {
      nodes: [
        "accumulate n(i.qty)",
        "join c: Customer",
        "join customerId == c.id",
        "type Customer",
      ],
      stops: ["filter n > 2", "test loggedIn"],
    });
    engine.close();
  });

  test("what a group has found is not stopped; what joins nothing is", async () => {
    const { engine, facts, pathOf } = await discounts();
    assert.deepEqual(pathOf(facts.milk), {
      nodes: ["join customerId == c.id", "type CartItem"],
      stops: [],
    });
    assert.deepEqual(pathOf(facts.lost), {
      nodes: ["type CartItem"],
      stops: ["join customerId == c.id"],
    });
    engine.close();
  });

  test("what a negation waits for is stopped only by its own test", async () => {
    const { engine, facts, pathOf } = await discounts();
    assert.deepEqual(pathOf(facts.clock), {
      nodes: ["type Clock"],
      stops: ['test weekday == "friday"'],
    });
    engine.close();
  });
});
