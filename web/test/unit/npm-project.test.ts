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
  { settle: true },
  { fire: 3 },
];

describe("a project for npm", () => {
  test("runs, and comes to what the page shows", () => {
    const folder = mkdtempSync(join(tmpdir(), "reticle-npm-"));
    try {
      for (const file of npmProject(project, steps))
        writeFileSync(join(folder, file.name), file.text);
      mkdirSync(join(folder, "node_modules"));
      symlinkSync(resolve("../wasm"), join(folder, "node_modules", "reticle"));
      const run = spawnSync(process.execPath, ["index.mjs"], { cwd: folder, encoding: "utf8" });
      assert.equal(run.stderr, "");
      assert.match(run.stdout, /^2 firings\n/);
      assert.match(run.stdout, /Discount \{"customerId":"bob","reason":"logged-in","percent":20\}/);
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      assert.equal(manifest.name, "discounts-mine");
      assert.ok(manifest.dependencies.reticle);
      assert.match(readFileSync(join(folder, "README.md"), "utf8"), /1 times an activation/);
    } finally {
      rmSync(folder, { recursive: true });
    }
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
