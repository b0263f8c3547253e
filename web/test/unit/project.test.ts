// Inputs as text, durations, and examples.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseDuration, printDuration } from "../../src/derive/times.ts";
import { groupExamples, onFirstScreen, readExamples } from "../../src/state/examples.ts";
import type { Step } from "../../src/state/project.ts";
import { parseSteps, printSteps, sourcesOf } from "../../src/state/project.ts";

describe("inputs as text", () => {
  test("what is printed is read back", () => {
    const steps: Step[] = [
      { kind: "insert", type: "Thing", fields: { name: "a\nb" } },
      { settle: true },
      { settle: true, leave: 1 },
      { settle: 4 },
      { advance: "1h30m" },
      { fire: 3 },
      { csv: "a.csv" },
      { kind: "unset", subject: "s|1", properties: ["p"] },
      { kind: "deleteSubject", subject: "s|1" },
      { kind: "compareAndSet", subject: "s|1", property: "p", expected: null, value: 1 },
      { kind: "cancelEvent", name: "reminder" },
      { kind: "signal", flow: "F", key: "k", type: "E" },
      { kind: "cancel", flow: "F", key: "k" },
    ];
    assert.deepEqual(parseSteps(printSteps(steps)), { ok: true, steps });
  });
  test("blank lines and comments are passed over", () => {
    assert.deepEqual(parseSteps('\n// first\n{"settle":true}\n\n'), {
      ok: true,
      steps: [{ settle: true }],
    });
  });
  test("a mistake is reported with its line", () => {
    const broken = parseSteps('{"settle":true}\n{"settle":'),
      strange = parseSteps('{"kind":"explode"}');
    assert.equal(broken.ok ? 0 : broken.line, 2);
    assert.match(strange.ok ? "" : strange.message, /insert, insertAll, update, .*compareAndSet/);
    assert.equal(parseSteps('{"kind":"toString"}').ok, false);
  });
});

describe("durations", () => {
  for (const [text, millis] of [
    ["10m", 600_000],
    ["1h30m", 5_400_000],
    ["1.5s", 1500],
    ["250ms", 250],
    ["2d", 172_800_000],
  ] as const) {
    test(`${text} is ${millis} ms`, () => assert.equal(parseDuration(text), millis));
  }
  test("what is not a duration is refused", () => {
    for (const text of ["", "10", "m", "10 m", "1y"]) assert.equal(parseDuration(text), undefined);
  });
  test("printing is exact", () => {
    for (const millis of [1, 999, 1000, 61_000, 3_600_001, 90_061_001])
      assert.equal(parseDuration(printDuration(millis)), millis);
  });
});

describe("examples", () => {
  const texts = {
    "../../examples/discounts/example.json": JSON.stringify({
      title: "Discounts",
      rules: "d.rules",
      start: "2024-04-11T12:00:00Z",
      inputs: [{ csv: "c.csv" }, { settle: true }, { kind: "retract", fact: 1 }, { settle: true }],
      host: { f: [{ returns: 1 }] },
      leave: 1,
    }),
    "../../examples/discounts/d.rules": "module d",
    "../../examples/discounts/c.csv": "id\n1\n",
    "../../examples/other/example.json": JSON.stringify({
      title: "Other",
      rules: "o.rules",
      inputs: [],
    }),
    "../../examples/other/o.rules": "",
  };
  test("an example's files, tables, host and start are read", () => {
    const [first, second] = readExamples(texts);
    assert.equal(first?.name, "discounts");
    assert.deepEqual(first?.project.files, [{ name: "d.rules", text: "module d" }]);
    assert.deepEqual(first?.project.tables, { "c.csv": "id\n1\n" });
    assert.equal(first?.project.start, Date.UTC(2024, 3, 11, 12));
    assert.equal(second?.project.start, 0);
  });
  test("a file that a table reads its rows from is there, and is compiled with the rules", () => {
    const [example] = readExamples({
      "../../examples/fees/example.json": JSON.stringify({ rules: "f.rules", inputs: [] }),
      "../../examples/fees/f.rules": 'table fee(age: int) -> int from "fees.csv" { }',
      "../../examples/fees/fees.csv": "age,fee\n_,1\n",
    });
    assert.deepEqual(example?.project.tables, { "fees.csv": "age,fee\n_,1\n" });
    assert.deepEqual(
      sourcesOf(example.project).map(({ name }) => name),
      ["f.rules", "fees.csv"],
    );
  });
  test("descriptions of other names form a group, after the examples on their own", () => {
    const lesson = (title: string, rules: string) => JSON.stringify({ title, rules, inputs: [] });
    const all = readExamples({
      ...texts,
      "../../examples/tutorial/02-b.json": lesson("2. B", "02-b.rules"),
      "../../examples/tutorial/02-b.rules": "module b",
      "../../examples/tutorial/01-a.json": lesson("1. A", "01-a.rules"),
      "../../examples/tutorial/01-a.rules": "module a",
    });
    assert.deepEqual(
      all.map(({ name, group }) => [name, group]),
      [
        ["discounts", null],
        ["other", null],
        ["tutorial/01-a", "Tutorial"],
        ["tutorial/02-b", "Tutorial"],
      ],
    );
    assert.deepEqual(all[3]?.project.files, [{ name: "02-b.rules", text: "module b" }]);
    assert.deepEqual(
      groupExamples(all.slice().reverse()).map(([group, members]) => [group, members.length]),
      [
        [null, 2],
        ["Tutorial", 2],
      ],
    );
  });
  test("the first screen leaves what the example says, in its last settle only", () => {
    const [first] = readExamples(texts);
    assert.ok(first);
    assert.deepEqual(
      onFirstScreen(first).inputs.filter((step) => "settle" in step),
      [{ settle: true }, { settle: true, leave: 1 }],
    );
  });
});
