// The grammar and the programs side by side: no construct is without a program, the page that says
// so is up to date, and what cannot run yet is the list that the documents give.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { count, missing, page, place } from "../../tools/docs/constructs.mjs";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

describe("the constructs of the grammar", () => {
  let found;
  before(async () => {
    found = await count();
  });
  test("each stands in a program that is run, or in one that shows what cannot run yet", () => {
    assert.ok(found.size > 250, `only ${found.size}`);
    assert.deepEqual(missing(found), []);
  });
  test("the page is up to date: node tools/docs/constructs.mjs", () => {
    assert.equal(readFileSync(place, "utf8"), page(found));
  });
});

describe("what is not carried out yet", () => {
  const folder = join(top, "engine/src/check");
  // What each `RL0100` of the checker names, as far as it is a text of its own.
  const named = readdirSync(folder)
    .filter((file) => file.endsWith(".cpp"))
    .map((file) => readFileSync(join(folder, file), "utf8"))
    .flatMap((text) => [...text.matchAll(/report_\.unsupported\(([\s\S]*?)\);/g)])
    .map(([, call]) => [...call.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, literal]) => literal)[0]);
  const listed = readFileSync(join(top, "engine/docs/not-yet.md"), "utf8").replace(/\s+/g, " ");

  test("every construct that cannot run is on the list", () => {
    for (const what of named.filter((each) => each !== undefined)) {
      assert.ok(listed.includes(what), `${what} is missing`);
    }
  });
  test("nothing else is on the list", () => {
    const all = named.join(" ");
    for (const [, code] of listed.matchAll(/`([a-z][^`]*)`/g)) {
      if (code === "branch") continue; // a part of `parallel`
      assert.ok(all.includes(`\`${code}\``), `\`${code}\` is carried out`);
    }
  });
});
