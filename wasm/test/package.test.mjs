// The package as it is published: its files, its types, its behaviour in plain Node.

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { top } from "./support.mjs";

const wasm = join(top, "wasm");
const dist = join(wasm, "dist");
const read = (file) => readFileSync(join(dist, file), "utf8");

describe("the package", () => {
  test("contains every path it exports, and the guide", () => {
    // npm runs it before it packs; here its scripts are not run.
    execFileSync("node", ["guide.mjs"], { cwd: wasm });
    const said = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: wasm,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const packed = JSON.parse(said);
    const files = new Set(
      (Array.isArray(packed) ? packed[0] : Object.values(packed)[0]).files.map(({ path }) => path),
    );
    const { exports } = JSON.parse(readFileSync(join(wasm, "package.json"), "utf8"));
    const paths = Object.values(exports).flatMap((entry) =>
      typeof entry === "string" ? [entry] : Object.values(entry),
    );
    assert.ok(paths.length > 8);
    for (const path of paths) assert.ok(files.has(path.replace("./", "")), path);
    for (const page of ["llms.txt", "index.md", "start/node.md", "reference/facts.md"])
      assert.ok(files.has(`guide/${page}`), page);
    for (const path of files)
      assert.ok(
        /^(dist\/|guide\/|package\.json$|README|LICENSE)/.test(path),
        `${path} does not belong into the package`,
      );
  });

  test("needs no evaluation of text, so a strict content security policy allows it", () => {
    for (const file of readdirSync(dist).filter((name) => /\.m?js$/.test(name))) {
      assert.doesNotMatch(read(file), /\beval\s*\(|new Function\b|\bFunction\s*\(\s*["'`]/, file);
    }
  });

  test("keeps Node's modules out of what a page loads", () => {
    const seen = new Set();
    const visit = (file) => {
      if (seen.has(file) || file === "module.mjs") return;
      seen.add(file);
      for (const [, from] of read(file).matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)) {
        assert.ok(!from.startsWith("node:"), `${file} imports ${from}`);
        if (from.startsWith(".")) visit(join(dirname(file), from));
      }
    };
    for (const entry of ["index.js", "opfs.js", "example.js", "http/index.js"]) visit(entry);
    assert.ok(seen.size > 8);
  });

  test("its types carry a strict program, and refuse a wrong one", () => {
    const folder = mkdtempSync(join(wasm, "test", "types-"));
    try {
      const check = (text) => {
        writeFileSync(join(folder, "consumer.ts"), text);
        writeFileSync(
          join(folder, "tsconfig.json"),
          JSON.stringify({
            compilerOptions: {
              target: "ES2022",
              module: "NodeNext",
              moduleResolution: "NodeNext",
              lib: ["ES2022", "DOM", "ESNext.Disposable"],
              types: [],
              strict: true,
              noEmit: true,
              exactOptionalPropertyTypes: true,
            },
            files: ["consumer.ts"],
          }),
        );
        return spawnSync(
          process.execPath,
          [join(wasm, "node_modules/typescript/bin/tsc"), "-p", folder],
          { encoding: "utf8" },
        );
      };
      const sound = check(`
        import { compile, init, memory, open, ReticleError } from "reticle";
        import type { Diagnostic, Engine, Fields, Input, Store, TraceRecord, Value } from "reticle";
        import { file } from "reticle/node";
        import { fetchHandler, nodeHandler } from "reticle/http";
        import { opfs } from "reticle/opfs";
        import { runExample } from "reticle/example";
        import type { ProgramSchema } from "reticle/types";
        await init();
        const program = await compile([{ name: "a.rules", text: "" }]);
        const schema: ProgramSchema = program.schema;
        const stores: Store[] = [memory(), file("x"), await opfs("y")];
        const engine: Engine = await open(program, {
          functions: { f: async (args: Fields): Promise<Value> => args["x"] ?? null },
          clock: "system",
          trace: true,
          store: stores[0]!,
        });
        engine.on("fired", ({ rule, facts }) => { rule.toUpperCase(); facts.length; });
        engine.on("change", (change) => { change.old; change.new; });
        engine.on("memory", (record) => { record.count + 1; });
        engine.on("trace", (record: TraceRecord) => { if (record.kind === "log") record.text; });
        const type = schema.types[0]!.name;
        const input: Input = { kind: "insert", type, fields: { a: [1, "x", null] } };
        engine.submit(input);
        engine.subject("s").set({ a: 1 }, { muted: true });
        const report = await engine.settle({ maxFirings: 1 });
        report.reason satisfies "quiescent" | "limit" | "halted";
        try {
          engine.retract(1);
        } catch (error) {
          if (!(error instanceof ReticleError)) throw error;
          const list: Diagnostic[] | undefined = error.diagnostics;
          list;
        }
        const example = { title: "t", rules: "a.rules", inputs: [{ settle: true as const }] };
        const run = await runExample(program, example);
        run.trace.length;
        const answer: (request: Request) => Promise<Response> = fetchHandler(engine, {
          limits: { batch: 10 },
          hosts: "any",
        });
        (await answer(new Request("http://localhost/healthz"))).status;
        nodeHandler(engine, { token: "x" });
        engine.canTake({ kind: "emit", type, data: {} }) satisfies void;
        engine[Symbol.dispose]();
      `);
      assert.equal(sound.status, 0, sound.stdout);
      assert.notEqual(check(`import { open } from "reticle"; await open(7);`).status, 0);
      assert.notEqual(
        check(`import { open } from "reticle"; (await open("")).on("nothing", () => {});`).status,
        0,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("does what the README's JavaScript example says", () => {
    const blocks = [
      ...readFileSync(join(top, "README.md"), "utf8").matchAll(
        /^```(?:js|javascript)\n([\s\S]*?)^```$/gm,
      ),
    ].map(([, text]) => text);
    assert.ok(blocks.length > 0, "README.md has a JavaScript example");
    for (const text of blocks) {
      const result = spawnSync(process.execPath, ["--input-type=module", "-e", text], {
        encoding: "utf8",
        cwd: import.meta.dirname,
      });
      assert.equal(result.status, 0, result.stderr);
      // A comment "// → text" after a console.log is what it prints.
      const promised = [...text.matchAll(/console\.log\(.*\/\/ → (.*)$/gm)].map(([, line]) =>
        line.trim(),
      );
      if (promised.length)
        assert.deepEqual(
          result.stdout
            .trim()
            .split("\n")
            .map((line) => line.trim()),
          promised,
        );
    }
  });
});
