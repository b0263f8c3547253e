// Runs the blocks of pages while they are written: node docs/try.mjs [--update] PAGE…
// With --update the page gets what was printed, to be read before it is kept.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agrees, kindOf, PageFolder, saysNothing, stepsOf } from "./blocks.mjs";

let failed = 0;
const update = process.argv[2] === "--update";
for (const path of process.argv.slice(update ? 3 : 2)) {
  const folder = mkdtempSync(join(tmpdir(), "reticle-page-"));
  const page = new PageFolder(folder);
  const text = readFileSync(path, "utf8");
  const steps = stepsOf(text);
  const lines = text.split("\n");
  const changes = [];
  for (const step of steps) {
    const { block, expected, status, expectedLine } = step;
    const place = `${path}:${block.line}`;
    if (saysNothing(block))
      console.log(`${place}: ${block.language} that is neither run nor shown`);
    page.write(block);
    if (kindOf(block) === undefined) continue;
    const { status: ended, said } = page.run(block);
    const isRight = ended === status && agrees(said, step);
    if (isRight) continue;
    if (update && expected !== undefined && ended === status) {
      changes.push({ at: expectedLine - 1, length: expected.split("\n").length - 1, said });
      continue;
    }
    failed += 1;
    console.log(`${place}: ended with ${ended}\n${said}`);
  }
  for (const { at, length, said } of changes.reverse())
    lines.splice(at, length, ...said.trimEnd().split("\n"));
  if (changes.length > 0) writeFileSync(path, lines.join("\n"));
  rmSync(folder, { recursive: true });
}
process.exit(failed ? 1 : 0);
