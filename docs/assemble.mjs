// Puts the pages of the site together in docs/pages, from where they stand in the repository:
// links between files become links between pages, lessons become a page each, examples and
// pictures are copied beside them.
//
//   node docs/assemble.mjs
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { fontsFor } from "./fonts.mjs";
import { indexOf } from "./search.mjs";
import { pages, parts, top } from "./site.mjs";

export const folder = join(top, "docs/pages");

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
      if (mark) return `![${says}](${imageOf(link, page)})`;
      const path = link.split("#")[0];
      const target = posix.normalize(posix.join(posix.dirname(page.from), path));
      const known = elsewhere.has(target.replace(/\/$/, ""));
      if (!/^[a-z]+:|^#/.test(link) && !known && repositoryOnly.test(target)) return says;
      return `[${says}](${siteLink(link, page)})`;
    }),
  );
}

function imageOf(link, page) {
  const target = posix.normalize(posix.join(posix.dirname(page.from), link));
  const place = join(folder, "public/images", posix.basename(target));
  mkdirSync(dirname(place), { recursive: true });
  cpSync(join(top, target), place);
  return `/images/${posix.basename(target)}`;
}

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

function write(path, content) {
  const place = join(folder, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
}

/** The pages in one list with their first sentence, for programs that read. */
function llms(texts) {
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

/** Writes all that VitePress reads. */
export async function assemble() {
  rmSync(folder, { recursive: true, force: true });
  const texts = textsOfPages();
  for (const [to, text] of texts) write(`${to}.md`, text);
  const copies = [
    [join(top, "examples"), "examples"],
    [join(top, "web/public/reticle.svg"), "reticle.svg"],
    [join(top, "docs/browser"), "."],
    [join(top, "docs/node_modules/minisearch/dist/es/index.js"), "minisearch.js"],
  ];
  for (const [from, to] of copies) cpSync(from, join(folder, "public", to), { recursive: true });
  write("public/llms.txt", llms(texts));
  write("public/search.json", JSON.stringify(indexOf(found(texts))));
  const fonts = await fontsFor([...texts.values()].join(""));
  for (const [name, bytes] of fonts) write(`public/fonts/${name}`, bytes);
  return texts;
}

/** The pages as the search wants them. */
export function found(texts) {
  return pages.map((page) => ({ to: page.to, title: titleOf(page), text: texts.get(page.to) }));
}

/** The text of every page beside its HTML, for programs that read. */
export function addMarkdown(dist) {
  for (const { to } of pages) {
    const text = readFileSync(join(folder, `${to}.md`), "utf8");
    writeFileSync(join(dist, `${to}.md`), text.replaceAll("](playground:", "](/#example="));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  console.log(`${(await assemble()).size} pages`);
}
