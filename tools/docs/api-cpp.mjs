#!/usr/bin/env node
// The reference of the C++ interface, engine/docs/api/: a page for each public header, made of its
// comments and declarations.
//
//   node tools/docs/api-cpp.mjs           writes it
//   node tools/docs/api-cpp.mjs --check   says which pages are out of date
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { declarationsOf, fence, membersAsText, prose } from "./declarations.mjs";
import { keep } from "./keep.mjs";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const headers = join(top, "engine/include/reticle");

export const folder = join(top, "engine/docs/api");

/** The order in which a host meets them; headers not named here come after, by name. */
const order = [
  "engine",
  "program",
  "input",
  "output",
  "value",
  "fields",
  "result",
  "options",
  "views",
  "explanation",
  "store",
  "host",
  "schema",
  "diagnostic",
  "trace",
];

const isComment = (line) => /^\s*\/\//.test(line);
function commentAt(lines, at) {
  let end = at;
  while (end < lines.length && isComment(lines[end])) end += 1;
  return end - at;
}
const ends = (line) => /[;}]\s*(\/\/.*)?$/.test(line) || /^\s*(namespace|public:|#)/.test(line);

/** A comment as Markdown: a paragraph that is indented as a whole is code. */
function textOf(comment) {
  const lines = comment.map((line) => line.replace(/^\s*\/\/ ?/, ""));
  // A table of words and what they mean, behind a line of text.
  const text = lines.join("\n").replace(/^(\S.*)\n(?= {2,}\w+ {2,}\S)/gm, "$1\n\n");
  const paragraphs = text.split(/\n\s*\n/);
  return `${paragraphs
    .map((each) => {
      const own = each.split("\n").filter((line) => line.trim() !== "");
      if (own.length === 0) return "";
      const isCode = own.every((line) => /^ {2,}/.test(line)) && !/^ +\(\d+\)/.test(own[0]);
      if (isCode) return fence(/[;{]$/.test(own[0]) ? "cpp" : "text", own).trimEnd();
      return prose(own.map((line) => line.replace(/^\s*\((\d+)\) /, "$1. ")).join("\n"));
    })
    .join("\n\n")
    .replace(/\n(?=1\. )/g, "\n\n")
    .trim()}\n`;
}

/** A class without what is private, a function without its body. */
function publicCode(code) {
  const hidden = code.findIndex((line) => /^ private:/.test(line));
  const open = hidden < 0 ? code : [...code.slice(0, hidden), "};"];
  const shown = [];
  let skipping = 0;
  for (const line of open) {
    const isBody =
      /\)( const| noexcept| ->.*)*( :.*)? \{$/.test(line) && !/^(class|struct)/.test(line);
    if (skipping === 0 && isBody) {
      shown.push(line.replace(/( :.*)? \{$/, ";"));
      skipping = 1;
    } else if (skipping > 0) {
      skipping += (line.match(/\{/g) ?? []).length - (line.match(/\}/g) ?? []).length;
    } else {
      shown.push(line.replace(/(\)( const| noexcept)*)( :.*)? \{.*\}$/, "$1;"));
    }
  }
  return shown
    .join("\n")
    .replace(/\n\s*;$/, ";")
    .split("\n");
}

function nameOf(code) {
  const head = code.join(" ").replace(/^\s*template <.*?>\s*/, "");
  const [, kind, name] = head.match(/^\s*(class|struct|enum class|enum)\s+(\w+)/) ?? [];
  if (name) return `${kind.replace(" class", "")} ${name}`;
  const [, alias] = head.match(/^\s*using (\w+) =/) ?? [];
  if (alias) return alias;
  const [, called] = head.match(/([\w:]+|operator\S+)\(/) ?? [];
  return called ?? head.match(/(\w+)\s*(=|\{|;)/)?.[1] ?? "";
}

const isSkipped = ({ comment, code }) =>
  /^\s*(#|namespace|\}|static_assert)/.test(code[0]) ||
  (comment.length === 0 && /^(class|struct) \w+;/.test(code[0]));

/** The members of a large class one after another, each with its comment as text. */
function classOf(code) {
  const inside = code.slice(1, -1).filter((line) => !/^ public:/.test(line));
  return membersAsText(inside, { language: "cpp", commentAt, ends, textOf, shown: publicCode });
}

function pageOf(name) {
  const lines = readFileSync(join(headers, `${name}.h`), "utf8").split("\n");
  const length = commentAt(lines, 0);
  let out = `# reticle/${name}.h\n\n${textOf(lines.slice(0, length))}`;
  const body = lines
    .slice(length)
    .filter((line) => !/^(#|namespace|\} +\/\/ namespace)/.test(line));
  const seen = new Set();
  for (const declaration of declarationsOf(body, commentAt, ends)) {
    if (isSkipped(declaration)) continue;
    const title = nameOf(declaration.code);
    if (!seen.has(title)) out += `\n## ${title.replaceAll("<", "\\<")}\n`;
    seen.add(title);
    if (declaration.comment.length > 0) out += `\n${textOf(declaration.comment)}`;
    const shown = publicCode(declaration.code);
    const isLarge = /^class/.test(shown[0]) && shown.length > 30;
    out += `\n${isLarge ? classOf(shown) : fence("cpp", shown)}`;
  }
  return `${out.trimEnd()}\n`;
}

/** The files of the folder: name and content. */
export function pages() {
  const names = readdirSync(headers)
    .filter((name) => name.endsWith(".h"))
    .map((name) => name.slice(0, -2))
    .sort();
  const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const files = new Map();
  let index = `# The C++ interface

One page for each header in \`engine/include/reticle/\`, made of its comments. Begin with
[\`reticle/engine.h\`](engine.md): \`compile\` a text, make an \`Engine\` of the program, \`submit\`
inputs and \`settle\`. Each header compiles by itself; link with the static library \`reticle\`.

| header | what it is about |
|---|---|
`;
  for (const name of names) {
    const page = pageOf(name);
    files.set(`${name}.md`, page);
    const [, first = ""] = page.match(/\n\n([\s\S]*?(?:\.(?=\s)|(?=\n\n)))/) ?? [];
    index += `| [\`reticle/${name}.h\`](${name}.md) | ${first.replaceAll("\n", " ")} |\n`;
  }
  files.set("README.md", index);
  return files;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) keep(folder, pages());
