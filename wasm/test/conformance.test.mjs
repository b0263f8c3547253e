// Cases of CEL's conformance suite as the package runs them, and what a host asks about zones.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { compile, conformance, open } from "reticle";
import { top } from "./support.mjs";

describe("conformance", () => {
  test("every case of the project's own file passes in WebAssembly too", async () => {
    const results = await conformance(
      readFileSync(join(top, "tests/expression/cases.jsonl"), "utf8"),
    );
    assert.ok(results.length > 100);
    assert.deepEqual(
      results.filter(({ passed }) => !passed),
      [],
    );
  });

  test("a case says where it stands and what came out; a line that is none is named", async () => {
    const [wrong] = await conformance(
      '{"file":"f","section":"s","name":"n","profile":"p","expr":"1 + 1","value":{"int":"3"}}\n',
    );
    assert.deepEqual(wrong, {
      file: "f",
      section: "s",
      name: "n",
      profile: "p",
      passed: false,
      got: "int 2",
    });
    await assert.rejects(conformance('{"expr":"1"}\n[]\n'), {
      code: "BadInput",
      message: /line 2/,
    });
  });

  test("zones come from Intl, in sessions too", async () => {
    const zone = (name, time) => ({ expr: `timestamp('${time}').getHours('${name}')` });
    const results = await conformance(
      [
        zone("Asia/Kathmandu", "2009-02-13T23:31:30Z"),
        zone("America/St_Johns", "2009-02-13T02:00:00Z"),
        zone("Europe/Berlin", "2024-07-01T12:00:00Z"),
        zone("Mars/Olympus", "2024-07-01T12:00:00Z"),
      ]
        .map((line) => JSON.stringify(line))
        .join("\n"),
    );
    assert.deepEqual(
      results.map(({ got }) => got.replace(/:.*/, "")),
      ["int 5", "int 22", "int 14", "RL9001"],
    );

    const rules = `module m
fact At { key at: timestamp }
fact Hour { key hour: int }
rule r when { a: At } then { insert Hour{hour: a.at.getHours("Australia/Sydney")} }`;
    const program = await compile(rules);
    assert.deepEqual(
      program.diagnostics.filter(({ level }) => level === "error"),
      [],
    );
    program.close();
    const engine = await open(rules);
    engine.insert("At", { at: "2009-02-13T23:31:30Z" });
    await engine.settle();
    assert.deepEqual(
      engine.facts("Hour").map(({ fields }) => fields.hour),
      [10],
    );
    engine.close();
  });
});
