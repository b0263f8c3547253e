// The map of the site: every page, where it stands in the repository and where on the site. The
// side bar, llms.txt and the tests read it; a page that is not named here is not on the site.
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const top = resolve(fileURLToPath(new URL("..", import.meta.url)));

const named = (folder, to, names) =>
  names.map((name) => ({ from: `${folder}/${name}.md`, to: `${to}/${name}` }));

const start = [
  { from: "engine/docs/start/what-it-is.md", to: "index" },
  { from: "engine/docs/why.md", to: "why" },
  ...named("engine/docs/start", "start", ["page", "node", "cpp", "command"]),
];

/** Each lesson is three files below examples/tutorial; `assemble.mjs` makes one page of them. */
const lessons = readdirSync(join(top, "examples/tutorial"))
  .filter((name) => name.endsWith(".md"))
  .sort()
  .map((name) => ({ from: `examples/tutorial/${name}`, to: `lessons/${name.slice(0, -3)}` }));

const problems = named("engine/docs/problems", "problems", [
  "discounts",
  "card-fraud",
  "device-fleet",
  "reconciliation",
  "order-saga",
  "sudoku",
  "service-levels",
  "eligibility",
  "decision-tables",
]);

const how = named("engine/docs/how", "how", [
  "rete",
  "agenda",
  "truth-maintenance",
  "journal",
  "determinism",
  "cost",
]);

const language = [
  { from: "engine/docs/README.md", to: "reference/index" },
  ...named("engine/docs", "reference", [
    "facts",
    "expressions",
    "rules",
    "accumulate",
    "time",
    "firing",
    "actions",
    "events",
    "meta",
    "tables",
    "queries",
    "flows",
    "tests",
    "modules",
    "zones",
    "money",
    "functions",
    "forms",
    "layout",
    "analyses",
    "constructs",
    "decisions",
  ]),
];

const tools = [
  ...named("engine/docs", "reference", ["command", "editor"]),
  { from: "tools/vscode/README.md", to: "reference/vscode" },
  { from: "wasm/README.md", to: "reference/package" },
];

const folderPages = (folder, to) =>
  readdirSync(join(top, folder))
    .filter((name) => name.endsWith(".md") && name !== "README.md")
    .sort()
    .map((name) => ({ from: `${folder}/${name}`, to: `${to}/${name.slice(0, -3)}` }));

const typescript = [
  { from: "wasm/docs/api/README.md", to: "api/typescript/index" },
  ...folderPages("wasm/docs/api", "api/typescript"),
];
const cpp = [
  { from: "engine/docs/api/README.md", to: "api/cpp/index" },
  ...folderPages("engine/docs/api", "api/cpp"),
];
const diagnostics = [
  { from: "engine/docs/diagnostics/README.md", to: "diagnostics/index" },
  ...folderPages("engine/docs/diagnostics", "diagnostics"),
];

const operate = [
  ...named("engine/docs/operate", "operate", [
    "guarantees",
    "stores",
    "code-changes",
    "metrics",
    "repair",
  ]),
  { from: "engine/docs/serving.md", to: "operate/serving" },
  { from: "engine/docs/limits.md", to: "operate/limits" },
  { from: "tools/bench/RESULTS.md", to: "operate/figures" },
];

const comingFrom = [
  "clips",
  "drools",
  "nools",
  "json-rules-engine",
  "gorules-zen",
  "krules",
  "temporal",
].map((name) => ({ from: `engine/docs/coming-from-${name}.md`, to: `coming-from/${name}` }));

const about = [
  { from: "engine/docs/questions.md", to: "about/questions" },
  { from: "engine/docs/style.md", to: "about/style" },
  { from: ".github/CHANGELOG.md", to: "about/changelog" },
];

/** The side bar, in its order; `collapsed` parts show their pages when they are opened. */
export const parts = [
  { title: "Start", pages: start },
  { title: "Ten lessons", pages: lessons, collapsed: true },
  { title: "By problem", pages: problems },
  { title: "How it works", pages: how },
  { title: "Reference: the language", pages: language, collapsed: true },
  { title: "Reference: tools", pages: tools, collapsed: true },
  { title: "Reference: TypeScript", pages: typescript, collapsed: true },
  { title: "Reference: C++", pages: cpp, collapsed: true },
  { title: "Operate", pages: operate },
  { title: "Coming from", pages: comingFrom, collapsed: true },
  { title: "Diagnostics", pages: diagnostics, collapsed: true },
  { title: "About", pages: about, collapsed: true },
];

export const pages = parts.flatMap((part) => part.pages);
