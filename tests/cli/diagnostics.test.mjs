// The pages of the diagnostics and of the functions: every code of the sources has a page, its
// wrong program gives the code and its right one nothing, every function has an example, and the
// pages say what the command says today.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { ask, codesOfSources, entries, folder, pages } from "../../tools/docs/diagnostics.mjs";
import { functions, page, parts, place } from "../../tools/docs/functions.mjs";

describe("the pages of the diagnostics", () => {
  const all = entries();
  test("every code has one, and only codes have", () => {
    assert.deepEqual(
      all.map((entry) => entry.code),
      codesOfSources(),
    );
  });
  for (const { code, wrong, right, files } of all) {
    test(`${code}: the wrong program gives it, and the right one gives nothing`, () => {
      const said = ask(wrong, files);
      assert.ok(said.codes.includes(code), said.text);
      const clean = ask(right, files);
      assert.deepEqual(clean.codes, [], clean.text);
      assert.equal(clean.status, 0, clean.text);
    });
  }
  test("they are up to date: node tools/docs/diagnostics.mjs", () => {
    const made = pages();
    assert.deepEqual(readdirSync(folder).sort(), [...made.keys()].sort());
    for (const [name, text] of made) {
      assert.equal(readFileSync(join(folder, name), "utf8"), text, name);
    }
  });
});

describe("the page of the functions", () => {
  test("every function stands on it once, with an example", () => {
    const named = parts().flatMap((part) => part.names);
    assert.deepEqual([...named].sort(), [...functions().keys()].sort());
    for (const { names, examples } of parts()) {
      for (const name of names) {
        const short = name.slice(name.lastIndexOf(".") + 1);
        const called = examples.some((example) => example.includes(`${short}(`));
        assert.ok(called, `${name} has no example`);
      }
    }
  });
  test("it is up to date: node tools/docs/functions.mjs", () => {
    assert.ok(existsSync(place));
    assert.equal(readFileSync(place, "utf8"), page());
  });
});
