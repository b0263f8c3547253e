// A moment as a test block, carried out by the engine.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { compile } from "reticle";
import { guessType, readTable } from "../../src/derive/table-rows.ts";
import { literal, testOf } from "../../src/derive/test-of.ts";
import { Timeline } from "../../src/derive/timeline.ts";
import { onFirstScreen, readExamples } from "../../src/state/examples.ts";
import type { Project } from "../../src/state/project.ts";
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
  return { made, report, problems };
}

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
