// Tokens, edits and names of documents, as the protocol counts.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { edited, fileOf, textOf, tokensWithin, uriOf } from "../../src/engine/lsp.ts";
import { numbers } from "./records.ts";

/** Line, character and length of each token, counted from the start of the text. */
function places(data: ArrayLike<number>): number[][] {
  const found: number[][] = [];
  let line = 0,
    character = 0;
  for (let i = 0; i < data.length; i += 5) {
    const down = data[i] ?? 0,
      along = data[i + 1] ?? 0;
    line += down;
    character = down ? along : character + along;
    found.push([line, character, data[i + 2] ?? 0]);
  }
  return found;
}

describe("semantic tokens", () => {
  for (let seed = 1; seed <= 20; seed++) {
    test(`those of some lines are those of the whole text that lie there (seed ${seed})`, () => {
      const random = numbers(seed);
      const data = Array.from({ length: 30 }, () => {
        const down = random(3);
        return [down, down ? random(9) : 5 + random(9), 1 + random(5), random(4), 0];
      }).flat();
      const first = random(20),
        last = first + random(15);
      assert.deepEqual(
        places(tokensWithin(data, first, last)),
        places(data).filter(([line = 0]) => first <= line && line <= last),
      );
    });
  }
});

describe("edits", () => {
  const at = (line: number, from: number, to: number, newText: string) => ({
    range: { start: { line, character: from }, end: { line, character: to } },
    newText,
  });

  test("are applied to the text as it was, whatever their order", () => {
    const text = "rule a\nwhen { }\nthen { }\n";
    const edits = [at(0, 5, 6, '"long name"'), at(2, 7, 7, "halt "), at(1, 7, 7, "t: Thing ")];
    assert.equal(edited(text, edits), 'rule "long name"\nwhen { t: Thing }\nthen { halt }\n');
    assert.equal(edited(text, [...edits].reverse()), edited(text, edits));
  });

  test("may reach to the end of the text and beyond", () => {
    assert.equal(
      edited("a\nb", [
        {
          range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
          newText: "c\n",
        },
      ]),
      "c\n",
    );
    assert.equal(edited("", [at(0, 0, 0, "x")]), "x");
  });
});

test("a file's name and its address are two spellings of one thing", () => {
  for (const name of ["discounts.rules", "a b.rules", "Grüße/ü#?.rules", "x.json"])
    assert.equal(fileOf(uriOf(name)), name);
});

test("text is text, marked up or not", () => {
  assert.equal(textOf("plain"), "plain");
  assert.equal(textOf({ kind: "markdown", value: "**bold**" }), "**bold**");
  assert.equal(textOf(undefined), "");
});
