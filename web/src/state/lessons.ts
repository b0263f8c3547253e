// The lessons of the tutorial: prose, a task, how it is checked and one way to solve it.

import type { SourceFile } from "reticle";

export interface Lesson {
  /** The example it belongs to. */
  name: string;
  title: string;
  prose: string[];
  task: string[];
  /** A test block that passes once the task is done, and not before. */
  check: string;
  edits: { find: string; put: string }[];
}

/**
 * Reads a lesson from its Markdown: a title, paragraphs, and the headings Task, Check (a test
 * block) and Solution (pairs of blocks: what becomes what).
 */
export function parseLesson(name: string, text: string): Lesson {
  const [head = "", ...parts] = text.split(/^## /m);
  const part = (title: string) =>
    parts.find((each) => each.startsWith(`${title}\n`))?.slice(title.length + 1) ?? "";
  const [, title = name, prose = ""] = head.match(/^# (.*)\n([\s\S]*)$/) ?? [];
  const blocks = blocksOf(part("Solution"));
  const edits: Lesson["edits"] = [];
  for (let at = 0; at + 1 < blocks.length; at += 2)
    edits.push({ find: blocks[at] ?? "", put: blocks[at + 1] ?? "" });
  return {
    name,
    title,
    prose: paragraphsOf(prose),
    task: paragraphsOf(part("Task")),
    check: blocksOf(part("Check"))[0] ?? "",
    edits,
  };
}

const paragraphsOf = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((each) => each.trim().replace(/\s*\n\s*/g, " "))
    .filter((each) => each);

const blocksOf = (text: string): string[] =>
  [...text.matchAll(/^```\n([\s\S]*?)\n```$/gm)].map(([, block = ""]) => block);

/** From the texts below the examples folder, by the name of the example. */
export function readLessons(texts: { [path: string]: string }): Lesson[] {
  return Object.entries(texts)
    .filter(([path]) => path.endsWith(".md"))
    .map(([path, text]) =>
      parseLesson(path.replace(/^.*?examples\//, "").replace(/\.md$/, ""), text),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The rules with the lesson's test behind them. */
export function withCheck(files: SourceFile[], { check }: Lesson): SourceFile[] {
  const [first, ...others] = files;
  return first ? [{ ...first, text: `${first.text.trimEnd()}\n\n${check}\n` }, ...others] : [];
}

/** What the test of the lesson is called. */
export const checkName = ({ check }: Lesson): string => check.match(/^test "([^"]*)"/)?.[1] ?? "";

/** The lesson's own rules, solved. */
export function solved(files: SourceFile[], { edits }: Lesson): SourceFile[] {
  return files.map((file) => ({
    ...file,
    text: edits.reduce((text, { find, put }) => text.replace(find, () => put), file.text),
  }));
}
