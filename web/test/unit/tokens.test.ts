// The table of a node's matches, from the engine's own answers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { open } from "reticle";
import { holdings } from "../../src/derive/near.ts";
import { failuresAt, ruleOfNode, tokensAt, turnedAway } from "../../src/derive/tokens.ts";

const text = readFileSync("../examples/discounts/discounts.rules", "utf8");
const name = "30% for more than two products";

async function shop() {
  const engine = await open(text, { trace: true, start: Date.parse("2024-04-11T12:00:00Z") });
  const bob = engine.insert("Customer", { id: "bob" }),
    ada = engine.insert("Customer", { id: "ada", loggedIn: true });
  engine.insert("CartItem", { customerId: "bob", sku: "milk", qty: 2 });
  engine.insert("CartItem", { customerId: "ada", sku: "tea", qty: 3 });
  engine.settleOnce();
  const records = engine.takeTrace();
  const { schema } = engine.program;
  const node = (kind: string) => schema.network.nodes.find((each) => each.kind === kind)?.id ?? -1;
  return { engine, schema, node, bob, ada, held: holdings(records, records.length) };
}

describe("what a node holds", () => {
  test("its matches with their values, and the nearest that failed with theirs", async () => {
    const { engine, schema, node, bob, ada, held } = await shop();
    const sum = tokensAt(schema, node("accumulate"), held, engine.matches(name));
    assert.deepEqual(sum.names, ["c"]);
    assert.deepEqual(sum.rows, [
      { facts: [bob], bindings: { n: 2 } },
      { facts: [ada], bindings: { n: 3 } },
    ]);
    const [miss, ...more] = failuresAt(engine.whyNot(name), node("filter"));
    assert.deepEqual(more, []);
    assert.deepEqual(
      [miss?.facts, miss?.test, miss?.left, miss?.right],
      [[bob], "n > 2", 2, 2],
      "bob's two products are not more than two",
    );
    engine.close();
  });

  test("without the engine's answer, as in the past, the facts of its matches", async () => {
    const { engine, schema, node, ada, held } = await shop();
    const filter = tokensAt(schema, node("filter"), held, undefined);
    assert.deepEqual(filter.rows, [{ facts: [ada], bindings: {} }]);
    engine.close();
  });

  test("a rule's own node says what has become of each match", async () => {
    const { engine, schema, ada, held } = await shop();
    const rule = schema.rules.find((each) => each.name === name);
    const whole = tokensAt(schema, rule?.node ?? -1, held, engine.matches(name));
    assert.deepEqual(whole.rows, [{ facts: [ada], bindings: { n: 3 }, state: "fired" }]);
    engine.close();
  });

  test("a test knows the facts it did not let through", async () => {
    const { engine, schema, bob, held } = await shop();
    const test = schema.network.nodes.find(({ label }) => label === "loggedIn")?.id ?? -1;
    assert.deepEqual(turnedAway(schema, test, held), [bob]);
    assert.equal(ruleOfNode(schema, test)?.name, "20% for a logged-in customer");
    engine.close();
  });
});
