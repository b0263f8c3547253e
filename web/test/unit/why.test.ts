// What the page says of rules that do not fire, beside what the engine says.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ConditionReport, WhyNot } from "reticle";
import { open } from "reticle";
import { conditionWords, furthestEnds, outcomeOf, sentenceParts } from "../../src/derive/why.ts";

const rules = `module m
fact Customer { key id: string }
fact Item { key sku: string  customer: string }
rule "many"
when { c: Customer  accumulate { i: Item(customer == c.id) } into n = count()  if n > 2 }
then { log info c.id }
`;

async function whyNot(items: [sku: string, customer: string][]): Promise<WhyNot> {
  const engine = await open(rules);
  for (const id of ["ada", "bob"]) engine.insert("Customer", { id });
  for (const [sku, customer] of items) engine.insert("Item", { sku, customer });
  await engine.settle();
  const answer = engine.whyNot("many");
  engine.close();
  return answer;
}

describe("where matches of a rule end", () => {
  test("it is the test that refuses them, with the engine's values", async () => {
    const ends = furthestEnds(
      await whyNot([
        ["a", "ada"],
        ["b", "ada"],
      ]),
    );
    assert.equal(ends?.report.text, "if n > 2");
    const [first] = ends?.ends ?? [];
    assert.deepEqual(first?.facts, [1]);
    assert.deepEqual([first?.miss?.test, first?.miss?.left, first?.miss?.right], ["n > 2", 2, 2]);
  });

  test("a condition that holds for one match and not for another says both", async () => {
    const answer = await whyNot([
      ["a", "ada"],
      ["b", "ada"],
      ["c", "ada"],
    ]);
    assert.equal(answer.state, "fired");
    const last = answer.conditions.at(-1);
    assert.ok(last);
    assert.equal(outcomeOf(last), "partly");
    assert.equal(furthestEnds(answer)?.ends[0]?.miss?.left, 0, "bob has none");
  });
});

const report: ConditionReport = {
  text: "o: Order(total > 100)",
  node: 3,
  ofType: 2,
  facts: 1,
  reached: 1,
  partial: 0,
  holds: false,
};

test("a condition says how many facts fit it, and what comes and goes on", () => {
  const words = (change: Partial<ConditionReport>) => conditionWords({ ...report, ...change });
  assert.equal(words({}), "1 of 2 facts fits · 1 match comes, none goes on");
  assert.equal(
    words({ ofType: 0, facts: 0, reached: 3, partial: 1, holds: true }),
    "3 matches come, 1 goes on",
  );
  assert.equal(
    words({ reached: 1, partial: 2, holds: true }),
    "1 of 2 facts fits · 1 match comes, 2 longer ones go on",
    "a match that meets two facts becomes two",
  );
  assert.equal(
    words({ reached: 2, partial: 2, holds: true }),
    "1 of 2 facts fits · 2 matches come and all go on",
  );
  assert.equal(words({ reached: 0 }), "1 of 2 facts fits · no match comes here");
  assert.match(words({ more: true }), /counting stopped early$/);
});

test("what stands between backticks is code, and a backtick alone is text", () => {
  assert.deepEqual(sentenceParts("`n > 2` is false (2)"), [
    { code: true, text: "n > 2" },
    { code: false, text: " is false (2)" },
  ]);
  assert.deepEqual(sentenceParts("a ` b"), [{ code: false, text: "a ` b" }]);
  assert.deepEqual(sentenceParts("no code"), [{ code: false, text: "no code" }]);
});
