// The project for npm does in Node what was done on the page; its archive holds what it says.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, test } from "node:test";
import { npmProject } from "../../src/derive/npm-project.ts";
import { zipOf } from "../../src/derive/zip.ts";
import type { Project, Step } from "../../src/state/project.ts";
import { Session } from "../../src/worker/session.ts";

const text = readFileSync("../examples/discounts/discounts.rules", "utf8");
const project: Project = {
  ...{ title: "Discounts, mine", paragraph: "About them.", host: {}, start: 0 },
  files: [{ name: "discounts.rules", text }],
  inputs: [],
  tables: { "customers.csv": "id,loggedIn\nbob,true\n" },
};
const steps: Step[] = [
  { csv: "customers.csv", type: "Customer" },
  { kind: "insert", type: "Customer", fields: { id: "ada", loggedIn: true } },
  { settle: true, leave: 1 },
  { kind: "insert", type: "Customer", fields: { id: "cleo", loggedIn: true } },
  { fire: 3 },
];

/** What the page's own session says of the steps. */
async function recordsOf(steps: Step[]) {
  const session = new Session(() => {});
  await session.begin({
    ...{ ...project, executed: {}, calls: "automatic", journal: "test" },
    ...{ mirrored: null, recover: false },
  });
  await session.play(steps, 1_000);
  return session.takeTrace();
}

describe("a project for npm", () => {
  test("runs, and comes to what the page shows", async () => {
    const records = await recordsOf(steps.slice(0, -1));
    const fired = records.filter(({ kind }) => kind === "fire").length;
    assert.equal(fired, 1, "one of two is left ready");
    const folder = mkdtempSync(join(tmpdir(), "reticle-npm-"));
    try {
      for (const file of npmProject(project, steps, records))
        writeFileSync(join(folder, file.name), file.text);
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(resolve("../wasm"), join(folder, "node_modules", "reticle"));
      const run = spawnSync(process.execPath, ["index.mjs"], { cwd: folder, encoding: "utf8" });
      assert.equal(run.stderr, "");
      assert.match(run.stdout, /^1 firings\n/);
      assert.equal(
        run.stdout.match(/^Discount /gm)?.length,
        1,
        "the other is left ready here, too",
      );
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      assert.equal(manifest.name, "discounts-mine");
      assert.ok(manifest.dependencies.reticle);
      assert.match(
        readFileSync(join(folder, "README.md"), "utf8"),
        /One activation was fired by hand/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("says how many activations were fired by hand", () => {
    const readme = npmProject(project, [{ fire: 1 }, { fire: 2 }], []).at(3);
    assert.equal(readme?.name, "README.md");
    assert.match(readme?.text ?? "", /2 activations were fired by hand, out of their turn/);
  });

  test("its archive is one, by the format's own numbers", () => {
    const files = [
      { name: "a.txt", text: "123456789" },
      { name: "ö/b.txt", text: "" },
    ];
    const bytes = Buffer.from(zipOf(files));
    const end = bytes.length - 22;
    assert.equal(bytes.readUInt32LE(end), 0x06054b50);
    assert.equal(bytes.readUInt16LE(end + 10), 2);
    let at = bytes.readUInt32LE(end + 16);
    assert.equal(
      bytes.readUInt32LE(at + 16),
      0xcbf43926,
      "the checksum that every CRC-32 has for this",
    );
    for (const { name, text: wanted } of files) {
      assert.equal(bytes.readUInt32LE(at), 0x02014b50);
      const size = bytes.readUInt32LE(at + 24);
      const nameLength = bytes.readUInt16LE(at + 28);
      const local = bytes.readUInt32LE(at + 42);
      assert.equal(bytes.subarray(at + 46, at + 46 + nameLength).toString(), name);
      assert.equal(bytes.readUInt32LE(local), 0x04034b50);
      const begin = local + 30 + bytes.readUInt16LE(local + 26);
      const content = bytes.subarray(begin, begin + size);
      assert.equal(content.toString(), wanted);
      at += 46 + nameLength;
    }
    assert.equal(at, end, "and nothing else");
  });
});
