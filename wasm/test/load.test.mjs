// Loading the module from all its sources, and what happens after a trap.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { top } from "./support.mjs";

const dist = join(top, "wasm/dist");
const wasm = pathToFileURL(join(dist, "module.wasm"));
/** A copy of the package with nothing loaded yet. */
function fresh() {
  const folder = mkdtempSync(join(tmpdir(), "reticle-load-"));
  cpSync(dist, folder, { recursive: true });
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  return import(pathToFileURL(join(folder, "index.js")).href);
}

const rules = 'module m\nfact A { x: int }\nrule r when { A(x > 1) } then { log info "" }\n';

describe("loading", () => {
  const bytes = readFileSync(wasm);
  for (const [what, source] of [
    ["a URL", () => wasm],
    ["text of a URL", () => wasm.href],
    ["bytes", () => new Uint8Array(bytes)],
    ["a compiled module", () => WebAssembly.compile(bytes)],
    ["a response", () => new Response(bytes, { headers: { "content-type": "application/wasm" } })],
    ["a response without a type", () => new Response(bytes)],
  ]) {
    test(`takes the WebAssembly from ${what}`, async () => {
      const { init, compile } = await fresh();
      await Promise.all([init({ wasm: await source() }), init()]);
      const program = await compile(rules);
      assert.equal(program.ok, true);
      program.close();
    });
  }

  test("that fails is an error of its own kind, and can be tried again", async () => {
    const { init, ReticleError } = await fresh();
    await assert.rejects(
      init({ wasm: new Response("nothing", { status: 404 }) }),
      (error) => error instanceof ReticleError && error.code === "Load",
    );
    await init();
  });

  test("a trap inside the module is a crash: its engines end, others get a new one", async () => {
    const { compile, open } = await fresh();
    const program = await compile(rules);
    const engine = await open(program);
    // A trap as the module would make it: the package's own handle is called with something
    // that throws inside.
    const core = Object.values(engine).find(
      (member) => member && typeof member === "object" && "listeners" in member,
    );
    Object.values(core).find(
      (member) => member && typeof member === "object" && "raw" in member,
    ).raw = {
      submit() {
        throw new WebAssembly.RuntimeError("unreachable");
      },
    };
    assert.throws(() => engine.insert("A", { x: 1 }), { code: "Crashed", message: /unreachable/ });
    assert.throws(() => engine.facts(), { code: "Crashed" });
    assert.throws(() => program.dump("tree"), { code: "Crashed" });
    engine.close();
    program.close();
    const second = await open(rules);
    assert.equal(second.insert("A", { x: 1 }), 1);
    second.close();
  });
});
