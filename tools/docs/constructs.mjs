#!/usr/bin/env node
// The page of the constructs, engine/docs/constructs.md: each alternative of the grammar beside the
// number of programs that hold it and run.
//
//   node tools/docs/constructs.mjs            writes it
//   node tools/docs/constructs.mjs --check    says whether it is out of date
//   node tools/docs/constructs.mjs --all      prints the whole numbers, with one program for each
//
// Each of them fails when a construct is in no program. The grammar is the JSON Schema of the JSON
// form, which is made of the same description as reader and writer: each alternative in it, and
// each member of one, is a construct. Programs are converted to JSON and laid beside it. What JSON
// holds as text (types, cells of tables, expressions) is told apart by its signs.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const command = process.env.RETICLE ?? join(top, "build/native/reticle");

export const place = join(top, "engine/docs/constructs.md");

/** Programs that are run by the tests. */
const running = [
  "examples",
  "tests/scenarios",
  "tests/temporal",
  "tests/meaning",
  "tests/flow",
  "tests/scripts/programs",
];
/** A number above it is not told: the page would change with every new test. */
const most = 5;

/** What the form allows and no single program in text shows, and why. */
const impossible = new Map([
  ["module · $schema", "of JSON only"],
  ["module · form", "of JSON only"],
  ["module · imports", "of several files: tests/check/index_test.cpp"],
  ["import · as", "of several files: tests/check/index_test.cpp"],
  ["made · cel", "another spelling of the other one"],
  ["action · call · as", "refused everywhere: RL6013 in rules, RL6011 in flows"],
]);

// --- the grammar

function reticle(...args) {
  const { stdout, stderr, status, error } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (error) throw error;
  return status === 0 ? stdout : Promise.reject(new Error(`reticle ${args.join(" ")}: ${stderr}`));
}

const schema = JSON.parse(await reticle("schema"));
const nameOf = (ref) => ref.slice("#/$defs/".length);
const resolved = (node) => (node.$ref ? schema.$defs[nameOf(node.$ref)] : node);
const isObject = (json) => typeof json === "object" && json !== null && !Array.isArray(json);

/** Whether a value has the shape of a node, as far as that tells alternatives apart. */
function fits(json, node) {
  const {
    anyOf,
    const: constant,
    enum: values,
    type,
    required,
    properties,
    items,
    ...rest
  } = resolved(node);
  if (anyOf) return anyOf.some((each) => fits(json, each));
  if (constant !== undefined) return json === constant;
  if (values) return values.includes(json);
  if (type === "object") {
    if (!isObject(json) || (required ?? []).some((name) => !(name in json))) return false;
    return Object.entries(json).every(([name, value]) => {
      const member = properties?.[name] ?? rest.additionalProperties;
      return member === undefined || (member !== false && fits(value, member));
    });
  }
  if (type === "array") return Array.isArray(json) && json.every((each) => fits(each, items));
  if (type === undefined) return true;
  return [type]
    .flat()
    .some((each) =>
      each === "integer"
        ? Number.isInteger(json)
        : each === "null"
          ? json === null
          : typeof json === each,
    );
}

/** `x or a list of x` is how JSON says that x may be repeated, and no construct of its own. */
function withoutLists(anyOf) {
  const alone = anyOf.map((each) => JSON.stringify(each));
  return anyOf.filter(
    (each) => !(each.type === "array" && alone.includes(JSON.stringify(each.items))),
  );
}

/** What the grammar calls an alternative. */
function titleOf(node) {
  if (node.$ref) return nameOf(node.$ref);
  if (node.const !== undefined) return String(node.const);
  if (node.type === "array") return `{ ${titleOf(node.items)} … }`;
  if (node.type === "object") return node.properties?.kind?.const ?? node.required?.[0] ?? "{ … }";
  return [node.type].flat().join(" or ");
}

const patternMembers = Object.keys(schema.$defs.pattern.properties);
/** An alternative that is a pattern, and perhaps more. */
const isPattern = (node) =>
  node.type === "object" && patternMembers.every((name) => name in node.properties);

/** Named parts that are looked at as parts; the others are texts. */
const isPart = (name) =>
  /^(object|undefined)$/.test(String(schema.$defs[name].type)) &&
  name !== "value" &&
  name !== "values";

/**
 * Goes through a part of the grammar, with a program's part beside it or (undefined) without. `at`
 * is what the construct is called, `say` takes each construct that is there.
 */
function walk(node, json, at, say, seen) {
  if (node.$ref) {
    const name = nameOf(node.$ref);
    if (!isPart(name)) return;
    if (json === undefined) {
      if (seen.has(name)) return;
      seen.add(name);
    }
    walk(schema.$defs[name], json, [name], say, seen);
    return;
  }
  if (node.anyOf) {
    const choices = withoutLists(node.anyOf);
    if (choices.length === 1) {
      for (const each of json === undefined ? [undefined] : [json].flat())
        walk(choices[0], each, at, say, seen);
      return;
    }
    for (const choice of choices) {
      if (json !== undefined && !fits(json, choice)) continue;
      const here = [...at, titleOf(choice)];
      say(here);
      walk(choice, json, here, say, seen);
      if (json !== undefined) return;
    }
    return;
  }
  if (node.enum) {
    for (const value of json === undefined ? node.enum : [json]) say([...at, String(value)]);
    return;
  }
  if (node.type === "array") {
    for (const each of json === undefined ? [undefined] : json)
      walk(node.items, each, at, say, seen);
    return;
  }
  if (node.type !== "object") return;
  for (const [name, member] of Object.entries(node.properties ?? {})) {
    if (json !== undefined && !(name in json)) continue;
    const pattern = at[0] !== "pattern" && patternMembers.includes(name) && isPattern(node);
    const here = pattern ? ["pattern", name] : [...at, name];
    if (!node.required?.includes(name) || pattern) say(here);
    walk(member, json?.[name], here, say, seen);
  }
  if (isObject(node.additionalProperties)) {
    for (const each of json === undefined ? [undefined] : Object.values(json)) {
      walk(node.additionalProperties, each, at, say, seen);
    }
  }
}

// --- what JSON holds as text

const signs = {
  "the type": [
    ["list<T>", /\blist\s*</],
    ["map<K, V>", /\bmap\s*</],
    ['enum("a", "b")', /\benum\s*\(/],
    ["T?", /\?$/],
    ...["bool", "int", "double", "string", "bytes", "timestamp", "duration", "any"].map((name) => [
      name,
      new RegExp(`\\b${name}\\b`),
    ]),
  ],
  "the cell": [
    ["_", /^_$/],
    ["a value", /^("[^"]*"|[\w.-]+)$/],
    ["a, b", /^[^([{]*,/],
    [">, <, ==, !=, >=, <=", /^(>|<|==|!=)/],
    ["a..b", /^[^"([]*\.\.[^<]/],
    ["a..<b", /^[^"([]*\.\.</],
    ["(a..b]", /^\(.*\.\.[^<].*\]$/],
    ["(a..b)", /^\(.*\.\..*\)$/],
    ["if e", /^if\b/],
  ],
  "the expression": [
    ["a ?? b", /\?\?/],
    ["a ? b : c", /[^?.[]\?[^?.].*:/],
    ["10m", /\b\d+(\.\d+)?(ms|us|ns|[smhdw])\b/],
    ['t"{x}"', /\bt"/],
    ["x in 1..10", /\bin\b.*\.\.[^<]/],
    ["x in 1..<10", /\bin\b.*\.\.</],
    ["x in list", /\bin\b/],
    ["a.?b, a[?b]", /\.\?\w|\[\?/],
    ["[a, b]", /\[[^?]/],
    ['{"a": b}', /(^|[^\w}])\{["\w]/],
    ...["has", "all", "exists", "exists_one", "map", "filter"].map((name) => [
      `${name}(…)`,
      new RegExp(`\\b${name}\\(`),
    ]),
    ...["passed", "now", "date", "addMonths", "truncate"].map((name) => [
      `${name}(…)`,
      new RegExp(`\\b${name}\\(`),
    ]),
    ["&&, ||, !", /&&|\|\||!\w/],
    ["+, -, *, /, %", / [-+*/%] /],
  ],
};
const partOfMember = { type: "the type", result: "the type", in: "the cell" };

/** Every text of a program, with what it is: types, cells, expressions. */
function texts(json, say, name = "") {
  if (typeof json === "string") {
    if (name === "doc" || name === "kind") return;
    const part = partOfMember[name] ?? "the expression";
    for (const [title, sign] of signs[part]) if (sign.test(json)) say([part, title]);
  } else if (typeof json === "object" && json !== null) {
    const isRow = !Array.isArray(json) && "in" in json && "out" in json;
    for (const [key, value] of Object.entries(json)) {
      if (key === "lit") continue;
      // `each x in list` is no cell.
      const member = Array.isArray(json) ? name : key === "in" && !isRow ? "" : key;
      texts(value, say, member);
    }
  }
}

// --- the programs

function filesBelow(folder) {
  return readdirSync(join(top, folder), { recursive: true })
    .filter((file) => file.endsWith(".rules"))
    .sort()
    .map((file) => join(top, folder, file));
}

/** The blocks of the documents that are whole modules. */
function* blocks() {
  const folder = join(top, "engine/docs");
  for (const file of readdirSync(folder, { recursive: true }).sort()) {
    if (!file.endsWith(".md")) continue;
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, block] of text.matchAll(/^```reticle\n([\s\S]*?)^```/gm))
      yield [join(folder, file), block];
  }
}

/** Which constructs a program holds. */
async function constructsIn(file) {
  const held = new Set();
  const say = (path) => held.add(path.join(" · "));
  const json = JSON.parse(await reticle("convert", file, "--to", "json"));
  walk(schema, json, ["module"], say);
  texts(json.declarations ?? [], say);
  return held;
}

/** Each construct, with the programs that hold it. */
export async function count() {
  const found = new Map();
  const add = (path) => found.set(path.join(" · "), []);
  walk(schema, undefined, ["module"], add, new Set());
  for (const [part, kinds] of Object.entries(signs))
    for (const [title] of kinds) add([part, title]);
  const note = (held, where) => {
    for (const construct of held) {
      if (!found.has(construct))
        throw new Error(`${where}: the grammar does not know ${construct}`);
      found.get(construct).push(relative(top, where));
    }
  };
  for (const file of running.flatMap(filesBelow)) note(await constructsIn(file), file);
  const folder = mkdtempSync(join(tmpdir(), "reticle-constructs-"));
  try {
    const block = join(folder, "block.rules");
    for (const [file, text] of blocks()) {
      writeFileSync(block, text);
      note(await constructsIn(block), file);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return found;
}

/** The constructs that no program shows. */
export const missing = (found) =>
  [...found]
    .filter(([name, programs]) => !impossible.has(name) && programs.length === 0)
    .map(([name]) => name);

const numberOf = (list) => (list.length > most ? `more than ${most}` : String(list.length));

/** The text of the page. */
export function page(found) {
  let out = `# The constructs, and the programs that show them

Each alternative of the grammar and each part that may stand in it, by the names of the
[JSON form](forms.md), and how many programs hold it: those of \`examples/\`, of these pages, and of
\`tests/\` whose tests are run. A number above ${most} is not told.
\`node tools/docs/constructs.mjs\` makes this page, \`--all\` prints the whole numbers; the tests
ask that no construct is without a program.
`;
  const sections = new Map();
  for (const [name, where] of found) {
    if (impossible.has(name)) continue;
    const [part, ...rest] = name.split(" · ");
    if (rest.length === 0) continue;
    if (!sections.has(part)) sections.set(part, []);
    sections.get(part).push([rest.join(" · "), where]);
  }
  for (const [part, rows] of sections) {
    out += `\n## \`${part.replace(/^the /, "")}\`\n\n| construct | programs |\n|---|--:|\n`;
    for (const [name, programs] of rows) {
      const text = `\`${name}\``.replaceAll("|", "\\|");
      out += `| ${text} | ${numberOf(programs)} |\n`;
    }
  }
  return out;
}

async function main() {
  const found = await count();
  const lacking = missing(found);
  for (const name of lacking) console.error(`no program holds: ${name}`);
  if (process.argv.includes("--all")) {
    for (const [name, programs] of found)
      console.log(`${String(programs.length).padStart(4)}  ${name}  ${programs[0] ?? ""}`);
  } else if (process.argv.includes("--check")) {
    if (readFileSync(place, "utf8") !== page(found)) {
      console.error("engine/docs/constructs.md is out of date: node tools/docs/constructs.mjs");
      process.exitCode = 1;
    }
  } else {
    writeFileSync(place, page(found));
  }
  if (lacking.length > 0) process.exitCode = 1;
}
if (import.meta.url === pathToFileURL(process.argv[1]).href) await main();
