// Each lesson's task: open before it is solved, done when it is, as the engine judges it.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { SourceFile } from "reticle";
import { compile } from "reticle";
import { checkName, parseLesson, readLessons, solved, withCheck } from "../../src/state/lessons.ts";

const folder = "../examples/tutorial/";
const lessons = readLessons(
  Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith(".md"))
      .map((name) => [`examples/tutorial/${name}`, readFileSync(folder + name, "utf8")]),
  ),
);

async function reportsOf(files: SourceFile[]) {
  const program = await compile(files);
  const reports = program.ok ? program.runTests() : [];
  program.close();
  return reports;
}

describe("lessons", () => {
  test("each of the ten has prose, a task, a check and a solution", () => {
    assert.equal(lessons.length, 10);
    for (const lesson of lessons) {
      assert.ok(lesson.title && lesson.prose.length >= 2 && lesson.task.length, lesson.name);
      assert.ok(checkName(lesson) && lesson.edits.length, lesson.name);
    }
  });

  for (const lesson of lessons)
    test(`${lesson.name}: open at first, done when solved, and nothing else breaks`, async () => {
      const rules = `${lesson.name.replace("tutorial/", "")}.rules`;
      const files = [{ name: rules, text: readFileSync(folder + rules, "utf8") }];
      const before = (await reportsOf(withCheck(files, lesson))).find(
        ({ name }) => name === checkName(lesson),
      );
      assert.notEqual(before?.passed, true, "there is something to do");
      for (const { find } of lesson.edits)
        assert.equal(files[0]?.text.split(find).length, 2, `stands there once: ${find}`);
      const after = await reportsOf(withCheck(solved(files, lesson), lesson));
      assert.ok(
        after.some(({ name }) => name === checkName(lesson)),
        "it compiles",
      );
      assert.deepEqual(
        after.filter(({ passed }) => !passed),
        [],
      );
    });

  test("a text that is no lesson is read as far as it goes", () => {
    const { title, prose, task, check, edits } = parseLesson("x", "only words");
    assert.deepEqual([title, prose, task, check, edits], ["x", [], [], "", []]);
  });
});
