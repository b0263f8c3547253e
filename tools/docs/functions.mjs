#!/usr/bin/env node
// The page of the built-in functions, engine/docs/functions.md: made of `reticle dump functions`
// and the examples in tools/docs/functions.txt, which are evaluated where they stand.
//
//   node tools/docs/functions.mjs           writes it
//   node tools/docs/functions.mjs --check   says whether it is out of date
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const command = process.env.RETICLE ?? join(top, "build/native/reticle");

export const place = join(top, "engine/docs/functions.md");

/** The forms of the functions, by name. */
export function functions() {
  const { stdout, status, error } = spawnSync(command, ["dump", "functions"], { encoding: "utf8" });
  if (error) throw error;
  if (status !== 0) throw new Error("`reticle dump functions` failed");
  const found = new Map();
  for (const line of stdout.trimEnd().split("\n")) {
    const [name, form, result, doc] = line.split("\t");
    if (!found.has(name)) found.set(name, []);
    found.get(name).push({ form, result, doc });
  }
  return found;
}

/** The parts of the page: title, a sentence, the names in it, and examples. */
export function parts() {
  const text = readFileSync(join(top, "tools/docs/functions.txt"), "utf8");
  return text
    .split(/^== /m)
    .slice(1)
    .map((part) => {
      const lines = part.trimEnd().split("\n");
      const split = lines.findIndex((line) => line.startsWith("-- "));
      return {
        title: lines[0],
        about: lines.slice(1, split).join("\n"),
        names: lines[split]
          .slice(3)
          .split(" ")
          .filter((name) => name.includes(".") || !["macros", "none"].includes(name)),
        examples: lines.slice(split + 1).filter((line) => line !== ""),
      };
    });
}

const cell = (text) => text.replaceAll("|", "\\|");

/** The text of the page. */
export function page() {
  const known = functions();
  let out = `# Functions

The functions that every expression has. A form is what it is called on and its arguments; *or
none* says that a call may end without a value ([RL9001](diagnostics/RL9001.md)). Hover and
completion in editors show the same table; \`reticle dump functions\` prints it.
\`tools/docs/functions.mjs\` writes this page.
`;
  for (const { title, about, names, examples } of parts()) {
    out += `\n## ${title}\n\n${about}\n`;
    if (names.length > 0) out += "\n| form | gives | |\n|---|---|---|\n";
    for (const name of names) {
      for (const { form, result, doc } of known.get(name) ?? []) {
        const none = result.endsWith("?") ? ", or none" : "";
        const gives = `\`${cell(result.replace(/\?$/, ""))}\`${none}`;
        out += `| \`${cell(form)}\` | ${gives} | ${cell(doc)} |\n`;
      }
    }
    if (examples.length === 0) continue;
    const module = title.toLowerCase().replaceAll(" ", "_");
    out += `\n\`\`\`reticle\nmodule docs.functions.${module}\n\n`;
    out += `test "${title.toLowerCase()}" {\n  expect {\n`;
    for (const example of examples) out += `    check ${example}\n`;
    out += "  }\n}\n```\n";
  }
  return out;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const made = page();
  if (!process.argv.includes("--check")) writeFileSync(place, made);
  else if (readFileSync(place, "utf8") !== made) {
    console.log("functions.md is out of date");
    process.exit(1);
  }
}
