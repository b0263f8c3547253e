// One input step by step, in words.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { open } from "reticle";
import { emptyMoment, fold } from "../../src/derive/moment.ts";
import { factOfSpan, spanOfInput, stepsOf, stepWords } from "../../src/derive/steps.ts";

const rules = `module m
fact Thing { key name: string  color: string }
rule "something is red" when { t: Thing(color == "red") } then { log info t"{t.name}" }`;

async function twoThings() {
  const engine = await open(rules, { trace: true });
  engine.insert("Thing", { name: "sky", color: "blue" });
  engine.settleOnce();
  const ball = engine.insert("Thing", { name: "ball", color: "red" });
  engine.settleOnce({ maxFirings: 0 });
  const records = engine.takeTrace();
  const { schema } = engine.program;
  const types = new Map(schema.types.map((type) => [type.name, type]));
  const momentAt = (position: number) => {
    const moment = emptyMoment(0);
    for (const record of records.slice(0, position)) fold(moment, record);
    return moment;
  };
  engine.close();
  return { records, schema, types, momentAt, ball };
}

describe("an input in slow motion", () => {
  test("each node it reaches is a step, and the words say what was decided there", async () => {
    const { records, schema, types, momentAt, ball } = await twoThings();
    const span = spanOfInput(records, records.length);
    assert.ok(span);
    assert.equal(factOfSpan(records, span), ball);
    const words = stepsOf(records, span).map((position) => {
      const record = records[position - 1];
      return record ? stepWords(record, { schema, types, moment: momentAt(position) }) : "";
    });
    assert.deepEqual(words, [
      'From outside comes Thing{name: "ball", color: "red"}.',
      "Inserted Thing {name: ball, color: red}.",
      "Thing ball comes to its type. It holds 2 facts now.",
      '“color == "red"” is true for Thing ball. It holds 1 fact now.',
      "Thing ball begins a match: “t: Thing”. It holds 1 match now.",
      "Thing ball is a match of the rule “something is red”. It holds 1 match now.",
      "“something is red” is ready.",
    ]);
  });

  test("the input is the one that the moment shown belongs to", async () => {
    const { records } = await twoThings();
    const first = records.findIndex(({ kind }) => kind === "input");
    const span = spanOfInput(records, first + 2);
    assert.equal(span?.begin, first);
    const next = records.findIndex(({ kind }, index) => kind === "input" && index > first);
    assert.equal(span?.end, next);
    assert.equal(spanOfInput([], 0), null);
  });
});
