// Scenarios whose data come from files, run by the command: rows of CSV, and what a failed firing
// says.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const command = process.env.RETICLE ?? join(top, "build/native/reticle");
const reticle = (...words) => spawnSync(command, words, { encoding: "utf8", cwd: top });

test("A1-7: eleven invoices from CSV, the values as they were read", () => {
  for (const words of [
    ["tests/scenarios/A1-07-invoices.rules", "--facts", "tests/scenarios/A1-07-invoices.csv"],
    ["tests/scenarios/A1-07-invoices.json"],
  ]) {
    const { status, stdout, stderr } = reticle("run", ...words);
    assert.equal(status, 0, stderr);
    const rows = (what) =>
      [...stdout.matchAll(new RegExp(`^${what} (\\d+)$`, "gm"))]
        .map(([, row]) => Number(row))
        .sort((a, b) => a - b);
    assert.deepEqual(rows("valid input"), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert.deepEqual(rows("in range"), [1, 2, 5, 9, 10, 11]);
    assert.deepEqual(rows("paid"), [2, 5, 8]);
    assert.match(stdout, /^20 firings, quiescent$/m);
  }
  const { stdout } = reticle(
    "run",
    "tests/scenarios/A1-07-invoices.rules",
    "--facts",
    "tests/scenarios/A1-07-invoices.csv",
    "--trace",
  );
  const inserted = stdout.split("\n").filter((line) => line.includes('"3000.00"'));
  assert.ok(
    inserted.some((line) => line.includes(JSON.stringify('""'))),
    "the number of row 7 is two quote characters",
  );
});

test("A1-2: without a score the error names the variable and the rule", () => {
  const folder = mkdtempSync(join(tmpdir(), "reticle-"));
  writeFileSync(
    join(folder, "u.json"),
    JSON.stringify({ User: [{ id: "u", data: { age: 35, income: 150000, vip_code: "X123" } }] }),
  );
  const { stdout, stderr } = reticle(
    "run",
    "tests/scenarios/A1-02-typed-rules.rules",
    "--facts",
    join(folder, "u.json"),
  );
  rmSync(folder, { recursive: true });
  assert.match(stderr, /^rule "score_age": there is no `score` in this map/m);
  assert.match(stdout, /^User evaluated with age=35 and income=150000$/m);
});
