// The words of nodes, broken into lines.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cut, wrap } from "../../src/net/measure.ts";

const widthOf = (text: string) => text.length;

describe("words of a node", () => {
  test("are broken between words", () => {
    assert.deepEqual(wrap("20% for a logged-in customer", 12, widthOf), [
      "20% for a",
      "logged-in",
      "customer",
    ]);
    assert.deepEqual(wrap("n > 2", 12, widthOf), ["n > 2"]);
  });
  test("within a word only where it alone is too wide, behind a sign or before a capital", () => {
    assert.deepEqual(wrap("customerId == c.id", 8, widthOf), ["customer", "Id ==", "c.id"]);
    assert.deepEqual(wrap("sum(item.price)", 10, widthOf), ["sum(item.", "price)"]);
  });
  test("in three lines at most, and what does not fit ends in an ellipsis", () => {
    const lines = wrap("one two three four five six seven", 9, widthOf);
    assert.equal(lines.length, 3);
    assert.ok(lines.every((line) => line.length <= 9));
    assert.ok(lines.at(-1)?.endsWith("…"));
    assert.equal(cut("a".repeat(10_000), 5, widthOf), "aaaa…");
  });
});
