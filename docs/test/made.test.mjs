// The pages that are made of comments are what the comments say today.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as cpp from "../../tools/docs/api-cpp.mjs";
import * as typescript from "../../tools/docs/api-typescript.mjs";
import { staleIn } from "../../tools/docs/keep.mjs";

for (const [name, { folder, pages }] of Object.entries({ cpp, typescript })) {
  test(`the reference of ${name} is up to date: node tools/docs/api-${name}.mjs`, () => {
    const made = pages();
    assert.ok(made.size > 15);
    assert.deepEqual(staleIn(folder, made), []);
  });
  test(`the reference of ${name} says something of everything it has`, () => {
    for (const [file, text] of pages()) {
      assert.match(text, /^# \S/, file);
      assert.doesNotMatch(text, /\n##+ (\n|undefined)/, file);
    }
  });
}
