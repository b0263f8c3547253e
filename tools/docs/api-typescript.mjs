#!/usr/bin/env node
// The reference of the npm package, wasm/docs/api/: made of the comments and declarations that
// TypeScript writes to wasm/dist, of what the entries of the package export.
//
//   node tools/docs/api-typescript.mjs           writes it
//   node tools/docs/api-typescript.mjs --check   says which pages are out of date
import { readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { declarationsOf, fence, membersAsText, prose } from "./declarations.mjs";
import { keep } from "./keep.mjs";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const dist = join(top, "wasm/dist");

export const folder = join(top, "wasm/docs/api");

const read = (path) => readFileSync(join(dist, path), "utf8");

/** What each entry of the package exports, by the file that declares it. */
function exportsOf(file, found = new Map()) {
  const text = read(file);
  for (const [, names, from] of text.matchAll(/^export (?:type )?\{([^}]*)\} from "([^"]+)"/gm)) {
    const source = posix.join(posix.dirname(file), from.replace(/\.js$/, ".d.ts"));
    const wanted = names.split(",").map((name) => name.trim().split(" ")[0]);
    found.set(source, [...(found.get(source) ?? []), ...wanted]);
  }
  for (const [, from] of text.matchAll(/^export (?:type )?\* from "([^"]+)"/gm))
    found.set(posix.join(posix.dirname(file), from.replace(/\.js$/, ".d.ts")), undefined);
  if (/^export (declare|interface|type \w+ =|class|const|function)/m.test(text))
    found.set(file, undefined);
  return found;
}

function commentAt(lines, at) {
  if (!/^\s*\/\*\*/.test(lines[at])) return 0;
  let end = at;
  while (!lines[end].includes("*/")) end += 1;
  return end - at + 1;
}
const ends = (line) => /[;}]$/.test(line);

/** A comment as Markdown; its tags become what they mean. */
function textOf(comment) {
  const text = comment
    .join("\n")
    .replace(/^\s*\/\*\*\s?|\s*\*\/\s*$/g, "")
    .replace(/^\s*\* ?/gm, "")
    .trim();
  return `${prose(text)
    .replace(/\s*@param (\w+)/g, "\n\n`$1`:")
    .replace(/\s*@returns/g, "\n\nReturns")
    .replace(/\s*@throws/g, "\n\nThrows")
    .replace(/\{@link (\w+)\}/g, "`$1`")
    .trim()}\n`;
}

const isHidden = ({ comment, code }) =>
  /^\s*(private|protected|#)/.test(code[0]) || comment.join("").includes("@internal");

function nameOf(code) {
  const [, name] =
    code[0].match(
      /^export (?:declare )?(?:abstract )?(?:class|interface|function|const|type) (\w+)/,
    ) ?? [];
  return name;
}

const plain = (code) => code.map((line) => line.replace(/^export (declare )?/, ""));

/** The members of a class one after another, each with its comment as text. */
function classOf(code) {
  const head = code[0].replace(/^export (declare )?/, "").replace(/ \{$/, "");
  const how = { language: "ts", commentAt, ends, textOf, isHidden, shown: (member) => member };
  return `\n\`${head}\`\n\n${membersAsText(code.slice(1, -1), how)}`;
}

function sectionsOf(file, wanted) {
  let out = "";
  const lines = read(file)
    .split("\n")
    .filter((line) => !/^(import|export \{)/.test(line));
  const seen = new Set();
  for (const declaration of declarationsOf(lines, commentAt, ends)) {
    const name = nameOf(declaration.code);
    if (name === undefined || isHidden(declaration)) continue;
    if (wanted !== undefined && !wanted.includes(name)) continue;
    if (!seen.has(name)) out += `\n## ${name}\n`;
    seen.add(name);
    if (declaration.comment.length > 0) out += `\n${textOf(declaration.comment)}`;
    const isClass = /^export (declare )?class/.test(declaration.code[0]);
    out += isClass ? classOf(declaration.code) : `\n${fence("ts", plain(declaration.code))}`;
  }
  return out;
}

const about = {
  engine: "Opening a session, and everything that can be done with it.",
  subject: "One subject of a session, by its name.",
  program: "Compiled rules, which sessions share.",
  forms: "Checking, layout, and the other spellings of a module.",
  "host-loop": "The functions of the host that rules and flows call.",
  listeners: "What is heard of a session while it runs.",
  load: "Where the WebAssembly comes from.",
  memory: "How much memory the module has.",
  store: "Where a journal is kept.",
  errors: "What is thrown.",
  workspace: "What an editor asks of rules, as Language Server Protocol.",
  conformance: "Cases of CEL's conformance suite.",
  types: "Everything that goes in and comes out.",
  node: "A journal in a file.",
  opfs: "A journal in a page.",
  csv: "Tables as facts.",
  example: "Carrying an example.json out, and CSV as facts.",
  http: "An engine behind HTTP.",
};

/** The files of the folder: name and content. */
export function pages() {
  const entries = JSON.parse(readFileSync(join(top, "wasm/package.json"), "utf8")).exports;
  const files = new Map();
  let index = `# The package's interface

What \`reticle\` exports, made of the comments in its sources. How it is used is told in
[the package](../../README.md). Begin with [\`open\` and \`Engine\`](engine.md).

| page | import | what it is about |
|---|---|---|
`;
  for (const [entry, target] of Object.entries(entries)) {
    if (target.types === undefined) continue;
    const specifier = posix.join("reticle", entry);
    const parts = exportsOf(target.types.replace("./dist/", ""));
    for (const [file, wanted] of parts) {
      const isFolder = file.includes("/");
      const name = isFolder ? file.split("/")[0] : file.replace(".d.ts", "");
      const sections = sectionsOf(file, wanted);
      const key = `${name}.md`;
      if (!isFolder && files.has(key)) continue;
      const head = `# ${specifier}: ${name}\n\n${about[name] ?? ""}\n`;
      if (!files.has(key)) {
        index += `| [${name}](${key}) | \`${specifier}\` | ${about[name] ?? ""} |\n`;
        files.set(key, head);
      }
      files.set(key, `${files.get(key).trimEnd()}\n${sections}`);
    }
  }
  files.set("README.md", index);
  return files;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) keep(folder, pages());
