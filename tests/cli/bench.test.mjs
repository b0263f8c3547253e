// The command `reticle bench`: every workload, at a size that takes no time, must do what is known
// of it. Firings of the classics are those published with the OPS5 benchmark suite, or CLIPS's on
// the same facts; those of the others follow from what they are.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const command = process.env.RETICLE ?? join(top, "build/native/reticle");
const bench = (...words) =>
  spawnSync(command, ["bench", ...words.map(String)], { encoding: "utf8", maxBuffer: 1 << 28 });

/** Name, size, firings, facts given, facts at the end. */
const known = [
  ["manners", 8, 59, 23, 66],
  ["manners", 16, 183, 44, 195],
  ["waltz", 2, 816, 225, 629],
  ["waltzdb", 2, 2396, 241, 1932],
  ["sudoku", 2, 1020, 978, 162], // 459 candidates and 51 empty cells a board
  ["a", 1000, 100, 1000, 1000],
  ["a3", 1000, 1000, 1000, 1000],
  ["b", 100, 100, 200, 200],
  ["b2", 100, 1000, 200, 200],
  ["c", 1000, 1000, 1, 1],
  ["c3", 1000, 1000, 1, 1001],
  ["d", 10, 100_000, 100_000, 100_000],
  ["d2", 20, 200, 200, 200],
  ["e", 100, 50, 200, 200],
  ["e-exists", 100, 100, 200, 200],
  ["e-blockers", 100, 200, 200, 100],
  ["e-range", 100, 100, 100, 0],
  ["e-oldest", 100, 100, 100, 0],
  ["f", 20, 210, 20, 230],
  ["g", 100, 99, 200, 200],
  ["g-less", 100, 100, 200, 200],
  ["h", 1000, 0, 1000, 0],
  ["compile", 20, 0, 0, 0],
];

describe("reticle bench", () => {
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "reticle bench "));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const [name, size, firings, given, facts] of known) {
    test(`${name} ${size} fires ${firings} times`, () => {
      const { stdout, stderr, status } = bench(name, "--size", size, "--json");
      assert.equal(status, 0, stderr);
      const measured = JSON.parse(stdout);
      assert.deepEqual(
        [measured.name, measured.size, measured.firings, measured.given, measured.facts],
        [name, size, firings, given, facts],
      );
      for (const seconds of ["compileSeconds", "loadSeconds", "runSeconds"])
        assert.ok(measured[seconds] >= 0, seconds);
      assert.ok(measured.peakBytes > 0);
      assert.match(measured.build, /-O/);
    });
  }

  test("changes one fact after the other, and emits events one by one", () => {
    for (const name of ["update", "update-sum", "events"]) {
      const { stdout, stderr, status } = bench(name, "--size", 200, "--json");
      assert.equal(status, 0, stderr);
      const measured = JSON.parse(stdout);
      assert.equal(measured.changes, 10_000);
      assert.ok(measured.firings > 100, name);
      assert.ok(measured.mostTests <= 50, `${name}: a change took ${measured.mostTests} tests`);
    }
  });

  test("writes a workload for other engines: rules, facts in order, what happens then", () => {
    const { stderr, status } = bench("manners", "--size", 8, "--write", join(folder, "manners"));
    assert.equal(status, 0, stderr);
    const blocks = JSON.parse(readFileSync(join(folder, "manners/facts.json"), "utf8"));
    assert.deepEqual(
      blocks.map(({ type, fields, rows }) => [type, fields.length, rows.length]),
      [
        ["Guest", 3, 20],
        ["LastSeat", 1, 1],
        ["Count", 1, 1],
        ["Context", 1, 1],
      ],
    );
    assert.deepEqual(JSON.parse(readFileSync(join(folder, "manners/run.json"), "utf8")), {
      name: "manners",
      size: 8,
      deed: "settle",
    });
    assert.match(readFileSync(join(folder, "manners/rules.rules"), "utf8"), /rule findSeating/);
  });

  test("writes the facts at the end of a run", () => {
    const path = join(folder, "end");
    const { stderr, status } = bench("c3", "--size", 3, "--end", path);
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      readFileSync(path, "utf8").trim().split("\n").sort(),
      [0, 1, 2, 3].map((v) => `Item {"v":${v},"limit":3}`),
    );
  });

  test("prints text, and medians of several runs", () => {
    const { stdout, status } = bench("c", "--size", 100, "--runs", 3);
    assert.equal(status, 0);
    assert.match(stdout, /^c: one fact that every firing changes; 100 firings\n/);
    assert.match(stdout, /^ {2}runs +3$/m);
    assert.match(stdout, /^ {2}firings +100$/m);
  });

  test("comes to the firings and the facts of CLIPS", () => {
    const names = [
      "manners=16",
      "waltz=2",
      "waltzdb=2",
      "sudoku=2",
      "b2=100",
      "c=100",
      "c3=100",
      "d2=20",
      "e=100",
      "e-exists=100",
      "e-blockers=100",
      "f=20",
      "g=100",
      "g-less=100",
      "h=100",
      "update=200",
      "events=200",
    ];
    const { stdout, stderr, status } = spawnSync(
      join(top, "tools/bench/versus"),
      ["--json", "--pairs", "1", "--reticle", command, ...names],
      { encoding: "utf8" },
    );
    assert.equal(status, 0, stdout + stderr);
    const results = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      results.map(({ name, size }) => `${name}=${size}`),
      names,
    );
    for (const { name, difference, process: whole } of results) {
      assert.equal(difference, undefined, name);
      assert.ok(whole.ratio > 0, name);
    }
  });

  test("refuses what it does not know, with the name that was meant", () => {
    const { stderr, status } = bench("maners");
    assert.equal(status, 2);
    assert.match(stderr, /there is no workload `maners`; did you mean `manners`\?/);
    assert.equal(bench("c", "--size", "none").status, 2);
  });
});
