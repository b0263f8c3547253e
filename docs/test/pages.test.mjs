// The pages: every block of code is run in the form in which a reader would run it, parts of
// examples are parts of them, and no page but the essays is without something that runs.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  agrees,
  blocksOf,
  kindOf,
  PageFolder,
  readPage,
  saysNothing,
  stepsOf,
} from "../blocks.mjs";
import { pages, top } from "../site.mjs";

/** Pages that say something and show nothing that could be run, and why that is enough. */
const essays = new Set([
  "engine/docs/README.md", // the map of the language
  "engine/docs/decisions.md", // ten choices; the pages that they are on have the samples
  "engine/docs/not-yet.md", // what does not run
  "engine/docs/limits.md", // numbers; tests/cli/limits.test.mjs compares them
  "engine/docs/analyses.md", // the pages of the codes have the samples
  "engine/docs/layout.md", // tests/layout
  "engine/docs/constructs.md", // made of programs that are run
  "engine/docs/editor.md", // what an editor shows
  "tools/vscode/README.md",
  "wasm/README.md", // what the package has; engine/docs/start/node.md runs it
  "tools/bench/RESULTS.md",
  ".github/CHANGELOG.md",
]);

/** Their blocks are run by tests of their own. */
const elsewhere = new Map([["engine/docs/serving.md", "tests/cli/serve-docs.test.mjs"]]);

const isMade = ({ from }) => /^(wasm|engine)\/docs\/(api|diagnostics)\//.test(from);
const isLesson = ({ from }) => from.startsWith("examples/tutorial/");
const written = pages.filter((page) => !isMade(page) && !isLesson(page));

let run = 0;

describe("the blocks of the pages", () => {
  for (const page of written) {
    const steps = stepsOf(readPage(page)).filter(({ block }) => block.named.file || kindOf(block));
    if (steps.length === 0) continue;
    test(page.from, () => {
      const folder = mkdtempSync(join(tmpdir(), "reticle-page-"));
      try {
        const place = new PageFolder(folder);
        for (const step of steps) {
          place.write(step.block);
          if (kindOf(step.block) === undefined) continue;
          const { status, said } = place.run(step.block);
          const where = `${page.from}, line ${step.block.line}`;
          assert.equal(status, step.status, `${where} ended with ${status}:\n${said}`);
          assert.ok(agrees(said, step), `${where} printed\n${said}`);
          run += 1;
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }
  test("there are many", () => assert.ok(run >= 130, `${run} blocks were run`));
});

describe("what is shown is there", () => {
  for (const page of written) {
    const blocks = blocksOf(readPage(page));
    const quoted = blocks.filter(({ named }) => named.from);
    for (const { named, code, line } of quoted) {
      test(`${page.from}, line ${line}: a part of ${named.from}`, () => {
        const plain = (text) => text.replace(/\s+/g, " ").trim();
        const whole = readFileSync(join(top, named.from), "utf8");
        assert.ok(plain(whole).includes(plain(code)), "it is not in that file");
      });
    }
    if (elsewhere.has(page.from)) continue;
    test(`${page.from}: every program is run, or says that it is not`, () => {
      const silent = blocks.filter(saysNothing).map(({ line }) => line);
      assert.deepEqual(silent, [], "lines of blocks that say nothing");
    });
  }
  test("no page but the essays is without something that runs", () => {
    const poor = written
      .filter((page) => !essays.has(page.from) && !elsewhere.has(page.from))
      .filter((page) => !blocksOf(readPage(page)).some(kindOf));
    assert.deepEqual(
      poor.map(({ from }) => from),
      [],
    );
    for (const [page, where] of elsewhere)
      assert.ok(existsSync(join(top, where)), `${page} is run by ${where}`);
  });
  test("there are at least eighty pages, and each of them once", () => {
    assert.ok(pages.length >= 80);
    assert.equal(new Set(pages.map(({ to }) => to)).size, pages.length);
  });
});
