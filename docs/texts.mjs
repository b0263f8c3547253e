// The Markdown of the pages as they are on the site, from where they stand in the repository: links
// between files become links between pages, lessons become a page each.
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { pages, parts, top } from "./site.mjs";

const read = (path) => readFileSync(join(top, path), "utf8");

/** Addresses of what documents link to and the site has under another name. */
const elsewhere = new Map([
  ["README.md", "index"],
  ["examples", "problems/discounts"],
  ["examples/tutorial", `lessons/01-first-rule`],
  ["examples/tutorial/10-tests.rules", "lessons/10-tests"],
  ["tools/vscode", "reference/vscode"],
]);
for (const { from, to } of pages) elsewhere.set(from, to);
for (const { from, to } of pages) {
  const [, header] = from.match(/^engine\/docs\/api\/(\w+)\.md$/) ?? [];
  if (header) elsewhere.set(`engine/include/reticle/${header}.h`, to);
}

/** What a page is called: its first heading, without the signs of code. */
export function titleOf({ from }) {
  const [, title = from] = read(from).match(/^# (.*)$/m) ?? [];
  const number = from.match(/tutorial\/0?(\d+)-/)?.[1];
  return (number ? `${number}. ${title}` : title).replaceAll("`", "");
}

/** The text without its fenced blocks is changed by `change`; the blocks stay as they are. */
function outsideOfBlocks(text, change) {
  return text
    .split(/(^```[^\n]*\n[\s\S]*?^```$)/m)
    .map((part, at) => (at % 2 ? part : change(part)))
    .join("");
}

/** Where a link of a document leads on the site; an error when the site has no such place. */
function siteLink(link, page) {
  if (/^[a-z]+:/.test(link) || link.startsWith("#")) return link;
  const [path, anchor] = link.split("#");
  const target = posix.normalize(posix.join(posix.dirname(page.from), path)).replace(/\/$/, "");
  const to = elsewhere.get(target) ?? elsewhere.get(`${target}/README.md`);
  if (to !== undefined) {
    const near = posix.relative(posix.dirname(page.to), to) || posix.basename(to);
    return `${near.startsWith(".") ? near : `./${near}`}.md${anchor ? `#${anchor}` : ""}`;
  }
  // The folder of an example opens in the playground; its files are there to be read.
  const [, example] = target.match(/^examples\/([\w-]+)$/) ?? [];
  if (example && existsSync(join(top, target, "example.json"))) return `playground:${example}`;
  if (/^examples\/.*\.\w+$/.test(target) && existsSync(join(top, target))) return `/${target}`;
  throw new Error(`${page.from}: ${link} leads to ${target}, which is not on the site`);
}

/** Links to what the site does not show become what they say. */
const repositoryOnly = /^(\.github|tests|tools|web|wasm\/(src|test)|engine\/(src|README))\b/;

function withSiteLinks(text, page) {
  return outsideOfBlocks(text, (part) =>
    part.replace(/(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g, (_, mark, says, link) => {
      if (mark) return `![${says}](${imageOf(link)})`;
      const path = link.split("#")[0];
      const target = posix.normalize(posix.join(posix.dirname(page.from), path));
      const known = elsewhere.has(target.replace(/\/$/, ""));
      if (!/^[a-z]+:|^#/.test(link) && !known && repositoryOnly.test(target)) return says;
      return `[${says}](${siteLink(link, page)})`;
    }),
  );
}

/** Pictures have one folder on the site. */
const imageOf = (link) => `/images/${posix.basename(link)}`;

/** A lesson: its prose, its program, the task, and the solution to open. */
function lessonOf(page) {
  const text = read(page.from);
  const rules = read(page.from.replace(/\.md$/, ".rules")).trimEnd();
  const [head, ...rest] = text.split(/^## /m);
  const part = (title) =>
    rest.find((each) => each.startsWith(`${title}\n`))?.slice(title.length + 1) ?? "";
  const reticle = (block) => block.replace(/^```\n/gm, (fence, at) => fenceOf(block, fence, at));
  const title = titleOf(page);
  return `# ${title}
${head.replace(/^# .*\n/, "").trimEnd()}

## The program

\`\`\`reticle
${rules}
\`\`\`

## Your task

${part("Task").trim()}

This test says whether you have done it:

${reticle(part("Check").trim())}

::: details One way to do it
${reticle(part("Solution").trim())}
:::

In the playground the lesson is in the list of examples, under Tutorial: text, program and check
stand side by side there, and *Show me* fills in the solution.
`;
}

// The opening fences of a lesson's blocks have no name; they are parts of programs.
function fenceOf(block, fence, at) {
  const before = block.slice(0, at).match(/^```/gm)?.length ?? 0;
  return before % 2 ? fence : "```reticle fragment\n";
}

function textOf(page) {
  if (page.from.startsWith("examples/tutorial/")) return lessonOf(page);
  const text = outsideOfBlocks(read(page.from), (part) => part.replace(/ ?<!--.*?-->/gs, ""));
  return withSiteLinks(includeFiles(text, page), page);
}

/** `<<< path` on a line of its own is the file's text, so that a page shows what is run. */
function includeFiles(text, page) {
  return text.replace(/^<<< (\S+)(?: (\S.*))?$/gm, (_, path, info) => {
    const target = posix.normalize(posix.join(posix.dirname(page.from), path));
    const suffix = posix.extname(target).slice(1);
    const name = info ?? { rules: "reticle", json: "json", csv: "csv" }[suffix] ?? "text";
    return `\`\`\`${name}\n${read(target).trimEnd()}\n\`\`\``;
  });
}

/** The pages in one list with their first sentence, for programs that read. */
export function llms(texts) {
  let out =
    "# Reticle\n\n> A forward-chaining rule engine with durable flows, in C++ and WebAssembly.\n";
  for (const { title, pages: own } of parts) {
    out += `\n## ${title}\n\n`;
    for (const page of own)
      out += `- [${titleOf(page)}](/docs/${page.to}.md)${aboutOf(texts.get(page.to))}\n`;
  }
  return out;
}

function aboutOf(text) {
  const [, paragraph = ""] = text.match(/^# .*\n+(?!```|\||#|<)([\s\S]*?)(?:\n\n|$)/m) ?? [];
  const plain = paragraph
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/\s+/g, " ")
    .replaceAll("*", "");
  const [sentence = ""] = plain.match(/^.*?[.:?!](?=\s|$)/) ?? [];
  return sentence ? `: ${sentence}` : "";
}

/** The Markdown of every page as it is on the site, by its address. */
export function textsOfPages() {
  return new Map(pages.map((page) => [page.to, textOf(page)]));
}
