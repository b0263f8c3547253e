// Rules in plain words.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { expressionWords, ruleInWords } from "../../src/derive/sentences.ts";
import { formOf } from "../../src/worker/form.ts";

async function wordsOf(text: string, name: string) {
  const form = await formOf([{ name: "a.rules", text }]);
  const rule = form.find((each) => each.name === name);
  assert.ok(rule, name);
  return ruleInWords(rule);
}
const discounts = readFileSync("../examples/discounts/discounts.rules", "utf8");

describe("a rule in plain words", () => {
  test("conditions and actions are sentences", async () => {
    assert.deepEqual(await wordsOf(discounts, "20% for a logged-in customer"), {
      trigger: "",
      when: [
        "There is a Customer c whose loggedIn holds.",
        'There is no Clock whose weekday is "friday".',
      ],
      then: [
        'Insert a Discount with customerId c.id, reason "logged-in", percent 20 ' +
          "(it holds as long as the conditions do).",
      ],
      also: ["It belongs to the group pricing."],
    });
    assert.deepEqual((await wordsOf(discounts, "30% for more than two products")).when, [
      "There is a Customer c.",
      "Over all CartItem i whose customerId is c.id: n is the sum of i.qty.",
      "N is more than 2.",
      'There is no Clock whose weekday is "friday".',
    ]);
  });

  test("triggers, time and attributes are said, too", async () => {
    const text = `module m
fact A { key id: int  on: bool = false }
event E { id: int }
rule "r" salience 5 once
on e: E
when { a: A(id == e.id) }
then { if a.on { set a.on = false } else { retract a } }`;
    assert.deepEqual(await wordsOf(text, "r"), {
      trigger: "an event comes: an E e",
      when: ["There is an A a whose id is e.id."],
      then: ["If a.on:", "– Set a.on to false.", "Otherwise:", "– Retract a."],
      also: ["Its salience is 5: of what is ready the highest goes first.", "It fires once."],
    });
  });

  test("what stands in quotes stays as it is", () => {
    assert.equal(expressionWords('a.b == "x == y" && !c'), 'a.b is "x == y" and not c');
  });
});
