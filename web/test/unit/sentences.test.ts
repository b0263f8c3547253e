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

  test("a trigger says whom it is about, and any event and any property are said", async () => {
    const text = `module m
subject Device as "device|{id}" { id: string  n: int = 0  open: bool = false }
event Ping { n: int }
rule "all" on * then { log "x" }
rule "all at" on e: * at d: Device(open) then { set d.n = 1 }
rule "at" on p: Ping(n > 1) at d: Device then { log "x" }
rule "change" on change d: Device.n (new != null, open) then { log "x" }
rule "any change" on Ping or change d: Device.* then { log "x" }
rule "cron" on cron "30 8 * * mon-fri" zone "Europe/Berlin" then { log "x" }`;
    const trigger = async (name: string) => (await wordsOf(text, name)).trigger;
    assert.equal(await trigger("all"), "any event comes");
    assert.equal(await trigger("all at"), "any event e comes, about a Device d whose open holds");
    assert.equal(
      await trigger("at"),
      "an event comes: a Ping p whose n is more than 1, about a Device d",
    );
    assert.equal(
      await trigger("change"),
      "n of a Device d changes, where new is not null and open holds",
    );
    assert.equal(
      await trigger("any change"),
      "an event comes: a Ping, or any property of a Device d changes",
    );
    assert.equal(await trigger("cron"), "the clock says 30 8 * * mon-fri in Europe/Berlin");
  });

  test("an event that is sent says to whom, when, in whose place and how far", async () => {
    const text = `module m
subject Device as "device|{id}" { id: string  n: int = 0 }
event Ping { n: int }
rule "r" on p: Ping at d: Device then {
  emit Ping{n: 1} to d after 1h replacing "k" deliver outside
  emit Ping{n: 2} to "device|1" deliver both
  emit Ping{n: 3} deliver local
  emit Ping{n: 4} deliver unhandled
  cancel event "k" to d
  cancel event "z"
  update d {n: 3}
}`;
    assert.deepEqual((await wordsOf(text, "r")).then, [
      'Send the event a Ping with n 1 to d after 1h, in place of the one that waits as "k", ' +
        "to the outside alone.",
      'Send the event a Ping with n 2 to "device|1", to rules and runs here and to the outside.',
      "Send the event a Ping with n 3, to rules and runs here alone.",
      "Send the event a Ping with n 4, to the outside only where nothing here takes it.",
      'Take back the event to d that waits as "k".',
      'Take back the event that waits as "z".',
      "Change d: n 3.",
    ]);
  });

  test("what stands in quotes stays as it is", () => {
    assert.equal(expressionWords('a.b == "x == y" && !c'), 'a.b is "x == y" and not c');
  });
});
