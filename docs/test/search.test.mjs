// The search of the site finds the answer to every question of engine/docs/questions.md, with the
// index and the words that the browser has.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, test } from "node:test";
import MiniSearch from "minisearch";
import { folder } from "../assemble.mjs";
import { find, options } from "../browser/finder.js";
import { indexOf } from "../search.mjs";
import { pages, top } from "../site.mjs";
import { textsOfPages, titleOf } from "../texts.mjs";

const source = "engine/docs/questions.md";
/** The page must be among so many. */
const first = 5;

/** The rows of the tables: the question, and the document that answers it. */
const questions = [
  ...readFileSync(join(top, source), "utf8").matchAll(/^\| (.*?) \| .*?\]\((.*?)\) \|$/gm),
].map(([, question, link]) => ({
  question,
  from: posix.join(posix.dirname(source), link.split("#")[0]),
}));

const texts = textsOfPages();
const index = indexOf(
  pages
    .filter(({ from }) => from !== source)
    .map((page) => ({ to: page.to, title: titleOf(page), text: texts.get(page.to) })),
);

describe("what people ask is found", () => {
  test("there are fifty questions", () => assert.equal(questions.length, 50));
  for (const { question, from } of questions) {
    test(question, () => {
      const answer = pages.find((page) => page.from === from);
      assert.ok(answer, `${from} is on the site`);
      const found = find(index, question).map(({ to }) => to);
      const place = found.indexOf(answer.to);
      const says = `${answer.to} is at ${place + 1} of ${found.join(", ")}`;
      assert.ok(place >= 0 && place < first, says);
    });
  }
});

test("the index that the site has is read as this one is", () => {
  const text = readFileSync(join(folder, "public/search.json"), "utf8");
  const loaded = MiniSearch.loadJSON(text, options);
  assert.equal(find(loaded, "rete network")[0].to, "how/rete");
});
