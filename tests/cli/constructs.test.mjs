// The grammar and the programs side by side: no construct is without a program, and the page that
// says so is up to date.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { count, missing, page, place } from "../../tools/docs/constructs.mjs";

describe("the constructs of the grammar", () => {
  let found;
  before(async () => {
    found = await count();
  });
  test("each stands in a program that is run", () => {
    assert.ok(found.size > 250, `only ${found.size}`);
    assert.deepEqual(missing(found), []);
  });
  test("the page is up to date: node tools/docs/constructs.mjs", () => {
    assert.equal(readFileSync(place, "utf8"), page(found));
  });
});
