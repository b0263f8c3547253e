#!/usr/bin/env node
// The pages of the diagnostics, engine/docs/diagnostics/: one for each code, and an index.
//
//   node tools/docs/diagnostics.mjs           writes them
//   node tools/docs/diagnostics.mjs --check   says which of them are out of date
//
// What a code means, a program that brings it about and one that is right stand in
// tools/docs/diagnostics/*.txt. What the author of the wrong one reads is asked of the command
// (build/native/reticle; RETICLE=… names another).
//
// A file is a list of entries:
//
//   == RL1004 Nothing has this name here      the code and the title of its page
//   Sentences about it, in Markdown.
//   -- wrong [json|yaml|run|test|coverage]    a program that gives the code
//   -- right [json|yaml|run|test|coverage]    one that gives nothing
//   -- file shop.rules                        a file beside both
//
// The word says how the program is asked: as text, JSON or YAML with `reticle check`, or with
// `reticle run`, `reticle test`, `reticle test --coverage`.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const command = process.env.RETICLE ?? join(top, "build/native/reticle");
const kAreas = [
  ["RL0", "Reading"],
  ["RL1", "Names"],
  ["RL2", "Types and values"],
  ["RL3", "Conditions"],
  ["RL4", "Rules together"],
  ["RL5", "Tables"],
  ["RL6", "Flows"],
  ["RL7", "Tests"],
  ["RL8", "JSON and YAML"],
  ["RL9", "When it runs"],
];

// `\u00a0` in the program of RL0001 stands for the character, which nobody would see there;
// elsewhere it is a part of the program.
function spelledOut(code, text) {
  if (code !== "RL0001") return text;
  return text.replace(/\\u([0-9a-f]{4})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
}

function entryOf(text) {
  const [head, ...rest] = text.split("\n");
  const space = head.indexOf(" ");
  const entry = { code: head.slice(0, space), title: head.slice(space + 1), files: [] };
  const parts = `${rest.join("\n")}\n`.split(/^-- /m);
  entry.why = parts[0].trim();
  for (const part of parts.slice(1)) {
    const line = part.slice(0, part.indexOf("\n"));
    const [what, how = ""] = line.split(" ");
    const code = spelledOut(entry.code, `${part.slice(part.indexOf("\n") + 1).trimEnd()}\n`);
    if (what === "file") entry.files.push({ name: how, code });
    else entry[what] = { how, code };
  }
  // What nobody could read on a page.
  if (entry.code === "RL8005") entry.wrong.code = `${"[".repeat(600)}\n`;
  if (entry.code === "RL8006") entry.wrong.code = Buffer.from([0x22, 0xff, 0x22]);
  return entry;
}

/** What is known of each code, in the order of the codes. */
export function entries() {
  const folder = join(top, "tools/docs/diagnostics");
  const found = [];
  for (const name of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, name), "utf8");
    for (const part of text.split(/^== /m).slice(1)) found.push(entryOf(part));
  }
  return found.sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** All codes that the sources of the engine and the command give. */
export function codesOfSources() {
  const codes = new Set();
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (/\.(cpp|h)$/.test(entry.name)) {
        for (const [, code] of readFileSync(path, "utf8").matchAll(/"(RL\d{4})"/g)) codes.add(code);
      }
    }
  };
  walk(join(top, "engine/src"));
  walk(join(top, "tools/cli"));
  return [...codes].sort();
}

const kEnds = { json: "json", yaml: "yaml" };

/** What the command says of a program: its exit status, its text, and the codes in it. */
export function ask({ how, code }, files = []) {
  const folder = mkdtempSync(join(tmpdir(), "reticle-pages-"));
  try {
    const name = `example.${kEnds[how] ?? "rules"}`;
    writeFileSync(join(folder, name), code);
    for (const file of files) writeFileSync(join(folder, file.name), file.code);
    const all = [...files.map((file) => file.name), name];
    const words = {
      run: ["run"],
      test: ["test"],
      coverage: ["test", "--coverage"],
    }[how] ?? ["check"];
    if (files.length > 0) words.push("--together");
    const { status, stdout, stderr, error } = spawnSync(command, [...words, ...all], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 64 << 20,
    });
    if (error) throw error;
    const text = stdout + stderr;
    return { status, text, codes: [...new Set(text.match(/RL\d{4}/g) ?? [])] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// The part of what was said that is about the code, without the line that counts.
function messageOf(entry, text) {
  const blocks = text.trimEnd().split("\n\n");
  const mine = blocks.filter((block) => block.includes(`[${entry.code}]`));
  const chosen = mine.length > 0 ? mine.slice(0, 1) : blocks;
  return chosen
    .join("\n\n")
    .split("\n")
    .filter((line) => !/^\d+ (errors?|passed)/.test(line))
    .map((line) => line.trimEnd())
    .join("\n")
    .trim();
}

const kFences = { json: "json reticle", yaml: "yaml reticle" };

function fence(info, code) {
  return `\`\`\`${info}\n${code.trimEnd()}\n\`\`\`\n`;
}

function levelOf(entry, text) {
  const found = text.match(new RegExp(`^(error|warning|information|info)\\[${entry.code}\\]`, "m"));
  if (found) return found[1] === "info" ? "information" : found[1];
  return entry.code.startsWith("RL9") ? "when it runs" : "warning";
}

function pageOf(entry) {
  const { text } = ask(entry.wrong, entry.files);
  const level = levelOf(entry, text);
  const info = kFences[entry.wrong.how] ?? "reticle";
  const long = entry.code === "RL8005" || entry.code === "RL8006";
  const word = level[0].toUpperCase() + level.slice(1);
  let page = `# ${entry.code}: ${entry.title}\n\n*${word}.* ${entry.why}\n`;
  for (const file of entry.files) {
    page += `\nBeside it, \`${file.name}\`:\n\n${fence("reticle fragment", file.code)}`;
  }
  if (!long) page += `\nWrong:\n\n${fence(`${info} wrong`, entry.wrong.code)}`;
  const asked = { run: "run", test: "test", coverage: "test --coverage" }[entry.wrong.how];
  const said = asked ? `What \`reticle ${asked}\` says` : "What is said";
  if (!long) page += `\n${said}:\n\n${fence("text", messageOf(entry, text))}`;
  const right =
    entry.files.length > 0 ? "reticle fragment" : (kFences[entry.right.how] ?? "reticle");
  page += `\nRight:\n\n${fence(right, entry.right.code)}`;
  return { page, level };
}

/** The files of the folder: name and content. */
export function pages() {
  const files = new Map();
  const all = entries();
  let index = `# Diagnostics

One page for each code: what it means, a program that brings it about, what its author reads, and
a program that is right. \`tools/docs/diagnostics.mjs\` writes them;
\`tests/cli/diagnostics.test.mjs\` asks the command whether they are true.

Warnings and information can be silenced where they are meant, with \`allow RL3005\` on the rule,
flow or table.
`;
  for (const [prefix, title] of kAreas) {
    index += `\n## ${title}\n\n| code | level | |\n|---|---|---|\n`;
    for (const entry of all.filter((each) => each.code.startsWith(prefix))) {
      const { page, level } = pageOf(entry);
      files.set(`${entry.code}.md`, page);
      index += `| [${entry.code}](${entry.code}.md) | ${level} | ${entry.title} |\n`;
    }
  }
  files.set("README.md", index);
  return files;
}

export const folder = join(top, "engine/docs/diagnostics");

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const check = process.argv.includes("--check");
  mkdirSync(folder, { recursive: true });
  const made = pages();
  let stale = 0;
  for (const [name, text] of made) {
    let there = "";
    try {
      there = readFileSync(join(folder, name), "utf8");
    } catch {}
    if (there === text) continue;
    stale += 1;
    if (check) console.log(`${name} is out of date`);
    else writeFileSync(join(folder, name), text);
  }
  for (const name of readdirSync(folder)) {
    if (made.has(name)) continue;
    stale += 1;
    if (check) console.log(`${name} is of no code`);
    else rmSync(join(folder, name));
  }
  if (check && stale > 0) process.exit(1);
}
