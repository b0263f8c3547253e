// A project that runs what the page shows with the npm package.

import type { TraceRecord } from "reticle";
import type { Project, Step } from "../state/project.ts";
import { sourcesOf } from "../state/project.ts";
import { fileName } from "./export.ts";
import { firingsOfSteps } from "./settlings.ts";
import { countOf } from "./words.ts";
import type { PackedFile } from "./zip.ts";

/**
 * Files of a project: `npm install` and `npm start` do what was done on the page. What the records
 * say of it tells how often a settling fired that was to leave something ready.
 */
export function npmProject(
  project: Project,
  steps: Step[],
  records: readonly TraceRecord[],
): PackedFile[] {
  const { title, paragraph, files, tables, host, start } = project;
  const name = fileName(title, "").replace(/\.$/, "");
  const rules = files.map((file) => file.name);
  const sources = sourcesOf(project).map((file) => file.name);
  // Which activation was fired out of its turn is a number of that session's alone.
  const firings = firingsOfSteps(steps, records);
  const inputs = steps.flatMap((step, index) => {
    if ("fire" in step) return [];
    return "leave" in step ? [{ settle: firings[index] ?? 0 }] : [step];
  });
  const left = steps.length - inputs.length;
  const example = { title, paragraph, rules, inputs, host, start: new Date(start).toISOString() };
  const manifest = {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: { start: "node index.mjs" },
    dependencies: { reticle: "^0.1.0" },
  };
  return [
    { name: "package.json", text: `${JSON.stringify(manifest, null, 2)}\n` },
    { name: "index.mjs", text: scriptOf(sources, Object.keys(tables)) },
    { name: "example.json", text: `${JSON.stringify(example, null, 2)}\n` },
    { name: "README.md", text: readme(title, paragraph, left) },
    ...files.map(({ name: file, text }) => ({ name: file, text })),
    ...Object.entries(tables).map(([file, text]) => ({ name: file, text })),
  ];
}

const scriptOf = (
  sources: string[],
  tables: string[],
): string => `// Does with the rules what example.json says, and prints what is known at the end.
import { readFile } from "node:fs/promises";
import { compile } from "reticle";
import { runExample } from "reticle/example";

const read = (name) => readFile(new URL(name, import.meta.url), "utf8");
const all = (names) => Promise.all(names.map(async (name) => ({ name, text: await read(name) })));
const example = JSON.parse(await read("example.json"));
const tables = await all(${JSON.stringify(tables)});
const files = Object.fromEntries(tables.map(({ name, text }) => [name, text]));
const program = await compile(await all(${JSON.stringify(sources)}));
if (!program.ok) {
  for (const { text } of program.diagnostics) console.error(text);
  process.exit(1);
}
const { engine, firings, refusals } = await runExample(program, example, files);
for (const { input, message } of refusals) console.error(\`input \${input}: \${message}\`);
console.log(\`\${firings} firings\`);
for (const { type, fields } of engine.facts()) console.log(type, JSON.stringify(fields));
engine.close();
`;

function readme(title: string, paragraph: string, left: number): string {
  const lines = [`# ${title}`, "", ...(paragraph ? [paragraph, ""] : [])];
  lines.push("    npm install", "    npm start", "");
  lines.push(
    "`index.mjs` compiles the rules and does what `example.json` says: facts, events, time,",
  );
  lines.push(
    "and how the host functions answer. Put your own functions in their place with `open` of",
  );
  lines.push("the package `reticle`.");
  if (left)
    lines.push(
      "",
      left === 1
        ? "One activation was fired by hand, out of its turn: that is left out."
        : `${countOf(left, "activation")} were fired by hand, out of their turn: ` +
            "they are left out.",
    );
  return `${lines.join("\n")}\n`;
}
