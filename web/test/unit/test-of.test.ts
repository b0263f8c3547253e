// A moment as a test block, carried out by the engine.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { compile } from "reticle";
import { guessType, readTable } from "../../src/derive/table-rows.ts";
import { literal, testOf } from "../../src/derive/test-of.ts";
import { Timeline } from "../../src/derive/timeline.ts";
import { onFirstScreen, readExamples } from "../../src/state/examples.ts";
import type { Project, Step } from "../../src/state/project.ts";
import { sourcesOf } from "../../src/state/project.ts";
import { Session } from "../../src/worker/session.ts";

const folder = new URL("../../../../../examples/", import.meta.url).pathname;
const texts: { [path: string]: string } = {};
for (const path of readdirSync(folder, { recursive: true }).map(String))
  if (/\.(json|rules|csv)$/.test(path)) texts[path] = readFileSync(folder + path, "utf8");

/** Plays a project and makes a test of where it came to; returns how the engine finds it. */
async function carriedOut(project: Project) {
  const session = new Session(() => {});
  const files = sourcesOf(project);
  const begun = await session.begin({
    files,
    start: project.start,
    host: project.host,
    tables: project.tables,
    executed: {},
    calls: "automatic",
    journal: "test",
    mirrored: null,
    recover: false,
  });
  const { schema } = begun.compiled;
  assert.ok(schema, begun.compiled.diagnostics.map(({ text }) => text).join("\n"));
  await session.play(project.inputs, 10_000);
  const timeline = new Timeline(project.start);
  timeline.append(session.takeTrace());
  await session.end();
  const made = testOf({
    name: "this moment",
    schema,
    steps: project.inputs,
    records: timeline.records,
    moment: timeline.at(timeline.length),
    host: project.host,
    start: project.start,
    rows: ({ csv, type }) => {
      const table = readTable(csv, project.tables[csv] ?? "");
      const of = schema.types.find(({ name }) => name === type);
      const kind = of ?? guessType(schema, csv, table.columns);
      const rows = kind ? table.rowsAs(kind) : [];
      return rows.flatMap((row) =>
        row.ok && kind ? [{ type: kind.name, fields: row.fields }] : [],
      );
    },
  });
  const [first, ...others] = files;
  const program = await compile([
    { name: first?.name ?? "", text: `${first?.text}\n${made.text}` },
    ...others,
  ]);
  const report = program.ok
    ? program.runTests().find(({ name }) => name === "this moment")
    : undefined;
  const problems = program.diagnostics
    .filter(({ level }) => level === "error")
    .map(({ text }) => text);
  program.close();
  return { made, report, problems, moment: timeline.at(timeline.length) };
}

const events = `event E { n: int = 0 }
subject S as "s|{k}" open { key k: string  t: int? }
fact C { key k: string }
flow F(k: int) key string(k) { wait E for 1d }
rule "changed"
on change s: S.t
then { log "changed" }
rule "came"
on e: E
then { log "came" }`;

const ownProject = (rules: string, inputs: Step[]): Project => ({
  title: "",
  paragraph: "",
  files: [{ name: "a.rules", text: `module a\n${rules}\n` }],
  inputs,
  tables: {},
  host: {},
  start: 0,
});

describe("a test of a moment", () => {
  for (const example of readExamples(texts)) {
    const size = Object.values(example.project.tables).join("").length;
    if (size > 20_000) continue; // a test block of thousands of rows helps nobody
    test(`${example.name}: it compiles, and holds unless it says what it leaves out`, async () => {
      const { made, report, problems } = await carriedOut(onFirstScreen(example));
      assert.deepEqual(problems, [], made.text);
      if (made.left.length) return;
      assert.deepEqual(report?.failures, [], made.text);
    });
  }

  test("what a test can say of events, runs and subjects it says", async () => {
    const inputs: Step[] = [
      { kind: "set", subject: "s|a", properties: { t: 1, more: 2 } },
      { kind: "set", subject: "s|a", properties: { t: 2 }, muted: true },
      { kind: "compareAndSet", subject: "s|a", property: "t", expected: 7, value: 8 },
      { kind: "compareAndSet", subject: "s|a", property: "t", expected: 2, value: 3 },
      { kind: "unset", subject: "s|a", properties: ["more"] },
      {
        kind: "emit",
        type: "E",
        data: { n: 1 },
        subject: "s|a",
        after: 3_600_000,
        replacing: "k",
        deliver: "both",
      },
      { kind: "emit", type: "E", data: { n: 2 }, at: 60_000 },
      { advance: "2m" },
      { kind: "cancelEvent", name: "k", subject: "s|a" },
      { kind: "start", flow: "F", args: { k: 1 }, key: "one" },
      { kind: "start", flow: "F", args: { k: 2 } },
      { kind: "signal", flow: "F", key: "one", type: "E", data: { n: 3 } },
      { kind: "cancel", flow: "F", key: "2" },
      { kind: "deleteSubject", subject: "s|a" },
      { settle: true },
      { kind: "insert", type: "C", fields: { k: "a" } },
      { kind: "insert", type: "C", fields: { k: "b" } },
      { kind: "retract", fact: 5 },
      { settle: true },
    ];
    const { made, report, problems } = await carriedOut(ownProject(events, inputs));
    assert.deepEqual(problems, [], made.text);
    assert.deepEqual(report?.failures, [], made.text);
    assert.deepEqual(made.left, []);
    const [, whens = ""] = / {2}when \{\n(.*?)\n {2}\}/s.exec(made.text) ?? [];
    assert.deepEqual(
      whens.split("\n").map((line) => line.trim()),
      [
        'insert S{k: "a"} as s1',
        "set s1.t = 1",
        "set s1.more = 2",
        "set muted s1.t = 2",
        "set s1.t = 3",
        "unset s1.more",
        'emit E{n: 1} to s1 after 1h replacing "k" deliver both',
        "emit E{n: 2} after 1m",
        "advance 2m",
        'cancel event "k" to s1',
        'start F(k: 1) key "one"',
        "start F(k: 2)",
        'signal F key "one" with E{n: 3}',
        'cancel F key "2"',
        "retract s1",
        "settle",
        'insert C{k: "a"} as f5',
        'insert C{k: "b"}',
        "retract f5",
        "settle",
      ],
    );
  });

  test("what it cannot say of an event is left out by name", async () => {
    const inputs: Step[] = [{ kind: "emit", type: "E", data: { n: 1 }, id: "own", time: 5 }];
    const { made } = await carriedOut(ownProject(events, inputs));
    assert.deepEqual(made.left, ["the event E had its own id and time"]);
  });

  test("firings that fail are expected to", async () => {
    const rules = `fact Order { key id: string  total: int  parts: int }
fact Share { key id: string  cents: int }
host function beep(x: int)
rule "share"
when { o: Order }
then { insert Share{id: o.id, cents: o.total / o.parts} }
rule "beeps"
when { s: Share }
then { call beep(x: s.cents) }`;
    const order = (id: string, parts: number): Step => ({
      kind: "insert",
      type: "Order",
      fields: { id, total: 70, parts },
    });
    const inputs: Step[] = [order("a", 0), order("b", 2), order("c", 0), { settle: true }];
    const project = { ...ownProject(rules, inputs), host: { beep: [{ fails: "busy" }] } };
    const { made, report, problems, moment } = await carriedOut(project);
    assert.deepEqual(problems, [], made.text);
    assert.deepEqual(report?.failures, [], made.text);
    assert.match(made.text, /^ {4}fired "share" 1 times$/m);
    assert.match(made.text, /^ {4}failed "share" RL9001 2 times$/m);
    assert.match(made.text, /^ {4}failed "beeps" RL9005 1 times$/m);
    assert.deepEqual([...moment.firings.values()], [1, 1]);
  });

  test("values are spelled as their fields declare them", () => {
    assert.equal(literal(3, "double"), "3.0");
    assert.equal(literal(3, "int"), "3");
    assert.equal(literal('a "b"', "string"), '"a \\"b\\""');
    assert.equal(
      literal("2024-01-01T00:00:00Z", "timestamp?"),
      'timestamp("2024-01-01T00:00:00Z")',
    );
    assert.equal(literal([1, 2], "list<double>"), "[1.0, 2.0]");
    assert.equal(literal({ $int: "9007199254740993" }, "int"), "9007199254740993");
  });
});
