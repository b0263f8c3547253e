// The fewest inputs after which a rule still fires.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { BeginAsk } from "../../src/engine/protocol.ts";
import type { Step } from "../../src/state/project.ts";
import { shrink } from "../../src/worker/shrink.ts";

const text = `module m
fact Customer { key id: int }
fact Item { key id: int  customer: int  price: int }
rule "dear"
when { c: Customer  i: Item(customer == c.id, price > 90) }
then { log info i.id }
`;
const begin: BeginAsk = {
  files: [{ name: "a.rules", text }],
  start: 0,
  host: {},
  tables: {},
  executed: {},
  calls: "automatic",
  journal: "test",
  mirrored: null,
  recover: false,
};
const customer = (id: number): Step => ({ kind: "insert", type: "Customer", fields: { id } });
const item = (id: number, of: number, price: number): Step => ({
  kind: "insert",
  type: "Item",
  fields: { id, customer: of, price },
});

test("what is left makes the rule fire, and without any of it the rule does not", async () => {
  const steps: Step[] = [];
  for (let id = 0; id < 20; id++) steps.push(customer(id), item(id, (id * 7) % 20, id * 5));
  const shrunk = await shrink({ begin, steps, rule: "dear", maxFirings: 1_000 });
  assert.equal(shrunk.holds, true);
  assert.equal(shrunk.isMinimal, true);
  assert.equal(shrunk.steps.length, 2, JSON.stringify(shrunk.steps));
  for (const left of shrunk.steps) {
    const without = shrunk.steps.filter((step) => step !== left);
    const again = await shrink({ begin, steps: without, rule: "dear", maxFirings: 1_000 });
    assert.equal(again.holds, false);
  }
});

test("a rule that does not fire has nothing to shrink", async () => {
  const steps = [customer(1), item(1, 1, 5)];
  const shrunk = await shrink({ begin, steps, rule: "dear", maxFirings: 1_000 });
  assert.equal(shrunk.holds, false);
  assert.deepEqual(shrunk.steps, steps);
});
