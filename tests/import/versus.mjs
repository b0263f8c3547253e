#!/usr/bin/env node
// Imported rules against json-rules-engine itself, on random facts.
//
//   node tests/import/versus.mjs [--sets N] [--seed N] FILE…
//
// Each file holds rules of json-rules-engine. Fact sets are made of the constants that the rules
// themselves compare with, changed a little: a number more or less, a text for a number, nothing at
// all, a value of another kind. For each of them both engines say which events come, with their
// params; the first sets that differ are printed, and the exit status is 1.
//
// json-rules-engine is no part of this project: install it where Node finds it, or say where with
// JSON_RULES_ENGINE=FOLDER, a folder with `node_modules/json-rules-engine`. RETICLE names the
// command, otherwise it is that of build/native.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const command = process.env.RETICLE ?? resolve(here, "../../build/native/reticle");
const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    sets: { type: "string", default: "300" },
    seed: { type: "string", default: "1" },
  },
});
if (files.length === 0) {
  console.error("usage: node tests/import/versus.mjs [--sets N] [--seed N] FILE…");
  process.exit(2);
}
const require = createRequire(
  process.env.JSON_RULES_ENGINE
    ? join(resolve(process.env.JSON_RULES_ENGINE), "x.js")
    : import.meta.url,
);
let library;
try {
  library = require("json-rules-engine");
} catch {
  console.error("json-rules-engine is not installed; JSON_RULES_ENGINE=FOLDER says where it is");
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), "reticle-versus-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

// --- chance

let state = Number(options.seed) >>> 0;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const below = (n) => Math.floor(random() * n);
const oneOf = (list) => list[below(list.length)];
const chance = (p) => random() < p;

// --- what the rules ask for

const builtIn = new Set([
  ...["equal", "notEqual", "in", "notIn", "contains", "doesNotContain"],
  ...["lessThan", "lessThanInclusive", "greaterThan", "greaterThanInclusive"],
]);

/** The rules of a file and its shared conditions, whatever its shape. */
function rulesOf(json) {
  if (Array.isArray(json)) return { rules: json, shared: {} };
  const rules = json.rules ?? json.decisions;
  return Array.isArray(rules)
    ? { rules, shared: json.conditions ?? {} }
    : { rules: [json], shared: {} };
}

/** What is asked of each fact: paths, each with the constants it is compared with. */
class Questions {
  facts = new Map(); // fact → path → constants
  operators = new Set();

  ask(fact, path) {
    if (!this.facts.has(fact)) this.facts.set(fact, new Map());
    const paths = this.facts.get(fact);
    if (!paths.has(path ?? "")) paths.set(path ?? "", []);
    return paths.get(path ?? "");
  }

  visit(condition) {
    if (typeof condition !== "object" || condition === null) return;
    for (const part of condition.all ?? condition.any ?? []) this.visit(part);
    if (condition.not) this.visit(condition.not);
    if (condition.fact === undefined) return;
    const constants = this.ask(condition.fact, condition.path);
    const { value } = condition;
    const parts = condition.operator.split(":");
    const operator = parts.pop();
    if (!builtIn.has(operator)) this.operators.add(condition.operator.split(":").pop());
    if (typeof value === "object" && value !== null && "fact" in value)
      this.ask(value.fact, value.path).push(...constants);
    else if (operator === "contains" || operator === "doesNotContain" || parts.some(isOverFact))
      constants.push({ listOf: Array.isArray(value) ? value : [value] });
    else if (Array.isArray(value)) constants.push(...value);
    else constants.push(value);
  }

  visitParams(params) {
    for (const value of Object.values(params ?? {}))
      if (typeof value === "object" && value !== null && "fact" in value)
        this.ask(value.fact, value.path);
  }
}
const isOverFact = (decorator) => decorator.endsWith("Fact");

// --- facts

/** A value near one of the constants, or of another kind. */
function valueNear(constants) {
  if (chance(0.05)) return null;
  if (chance(0.08)) return oneOf(["", "x", "12", 0, -1, true, false, "12abc"]);
  if (constants.length === 0) return oneOf([1, "a", true, 2.5]);
  const constant = oneOf(constants);
  if (constant?.listOf) {
    if (chance(0.1)) return valueNear(constant.listOf);
    return Array.from({ length: below(4) }, () => valueNear(constant.listOf));
  }
  if (typeof constant === "number") {
    const number = constant + oneOf([0, 0, 1, -1, 0.5, 10, -10]);
    return chance(0.12) ? String(number) : number;
  }
  if (typeof constant === "string") {
    return chance(0.6)
      ? constant
      : oneOf([`${constant}x`, constant.toUpperCase(), "other", "2024"]);
  }
  return typeof constant === "boolean" && chance(0.4) ? !constant : constant;
}

/** The steps of a path that only goes down; nothing for any other. */
function stepsOf(path) {
  if (!/^\$?(\.?[\w-]+|\[\d+\]|\['[^']*'\])*$/.test(path)) return undefined;
  return [...path.replace(/^\$/, "").matchAll(/\[(\d+)\]|\['([^']*)'\]|([\w-]+)/g)].map(
    ([, index, quoted, name]) => (index !== undefined ? Number(index) : (quoted ?? name)),
  );
}

/** Puts a value where a path leads, and what is needed on the way. */
function put(root, steps, value) {
  let at = root;
  for (const [i, step] of steps.entries()) {
    if (step === "length" && i === steps.length - 1) return;
    if (i === steps.length - 1) {
      at[step] = value;
      return;
    }
    const next = steps[i + 1];
    const holder = typeof next === "number" || next === "length" ? [] : {};
    if (typeof at[step] !== "object" || at[step] === null) at[step] = holder;
    if (next === "length") at[step] = Array.from({ length: below(5) }, () => below(9));
    at = at[step];
  }
}

function factSet(questions) {
  const facts = {};
  for (const [fact, paths] of questions.facts) {
    if (chance(0.1)) continue;
    const deep = [...paths].filter(([path]) => path !== "" && path !== "$");
    if (deep.length === 0) {
      facts[fact] = valueNear([...paths.values()].flat());
      continue;
    }
    const isList = deep.every(([path]) => /^\$?\[\d/.test(path) || /^\$?\.?length$/.test(path));
    const root = isList ? Array.from({ length: below(5) }, () => below(9)) : {};
    for (const [path, constants] of deep) {
      const steps = stepsOf(path);
      if (steps && chance(0.85)) put(root, steps, valueNear(constants));
      // A path that looks for something finds it in a list of objects.
      const searched = /^\$\.(\w+)\[.*\]\.(\w+)$/.exec(path);
      if (!steps && searched)
        root[searched[1]] = Array.from({ length: below(4) }, () => ({
          [searched[2]]: valueNear(constants),
          qty: below(4),
        }));
    }
    facts[fact] = root;
  }
  return facts;
}

// --- both engines

/** Paths as version 7 understands them: those of before version 5 began with a point. */
function withNewPaths(json) {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(withNewPaths);
  const all = Object.entries(json).map(([name, value]) => [name, withNewPaths(value)]);
  const isOld = typeof json.fact === "string" && /^\.[^.]/.test(json.path);
  return { ...Object.fromEntries(all), ...(isOld ? { path: `$${json.path}` } : {}) };
}

const plain = ({ type, params }) => {
  const kept = Object.entries(params ?? {}).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  return JSON.stringify([type, Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)))]);
};

/** The events of the library; nothing when it fails. */
async function theirs({ rules, shared }, questions, facts, answer) {
  const engine = new library.Engine([], {
    allowUndefinedFacts: true,
    replaceFactsInEventParams: true,
  });
  for (const operator of questions.operators) engine.addOperator(operator, () => answer);
  for (const [name, condition] of Object.entries(shared)) engine.setCondition(name, condition);
  for (const rule of rules) {
    if (rule.enabled === false) continue;
    const { onSuccess, onFailure, ...rest } = structuredClone(rule);
    engine.addRule(rest);
  }
  // Facts of objects are functions, so that those with params have the same value as without.
  for (const [fact, value] of Object.entries(facts)) engine.addFact(fact, () => value);
  try {
    const { events } = await engine.run();
    return events.map(plain).sort();
  } catch {
    return undefined;
  }
}

/** Which fact, and which path of it, each field of the imported `Input` is for. */
function fieldsOf(imported) {
  const computed = new Map();
  const doc = /\n((?: {2}\/\/\/ [^\n]*\n)*) {2}(\w+): any\?/g;
  const [input] = /\nfact Input open \{[\s\S]*?\n?\}\n/.exec(imported.text) ?? [""];
  for (const [, comment, field] of input.matchAll(doc)) {
    const text = comment.replace(/\n? *\/\/\/ ?/g, " ").trim();
    const path = /`(?: asked with params .*?)?,? at (\$.*)\.$/.exec(text);
    if (path) computed.set(field, path[1]);
  }
  return imported.fields.map(({ fact, field }) => ({ fact, field, path: computed.get(field) }));
}

function find(path, json) {
  const { JSONPath } = createRequire(require.resolve("json-rules-engine"))("jsonpath-plus");
  return JSONPath({ path, json, wrap: false });
}

/** The params of an event by the names that they had. */
function ours(module, fields, operators, renamed, facts, answer) {
  const input = {};
  for (const { fact, field, path } of fields) {
    if (!(fact in facts)) continue;
    const value = facts[fact];
    const isObject = typeof value === "object" && value !== null;
    const found = path && isObject ? find(path, value) : value;
    if (found !== undefined) input[field] = found;
  }
  writeFileSync(join(folder, "facts.json"), JSON.stringify({ Input: [input] }));
  const answers = Object.fromEntries(operators.map((name) => [name, [{ returns: answer }]]));
  writeFileSync(join(folder, "answers.json"), JSON.stringify(answers));
  const { stdout, stderr } = spawnSync(
    command,
    ["run", module, "--facts", "facts.json", "--answers", "answers.json", "--json"],
    { cwd: folder, encoding: "utf8" },
  );
  try {
    const { events, refused, failures } = JSON.parse(stdout);
    if (refused > 0 || failures.length > 0) return [`failed: ${stderr.trim()}`];
    return events
      .map(({ type, data }) => {
        const params = Object.fromEntries(
          Object.entries(data).map(([name, value]) => [renamed.get(name) ?? name, value]),
        );
        return plain({ type, params });
      })
      .sort();
  } catch {
    return [`failed: ${stderr.trim()}`];
  }
}

/** Old names of params, from the notes: "`first-name` is `firstName`". */
function renamedOf(notes) {
  const renamed = new Map();
  for (const { message } of notes)
    if (message.startsWith("params of events have other names"))
      for (const [, from, to] of message.matchAll(/`([^`]+)` is `([^`]+)`/g)) renamed.set(to, from);
  return renamed;
}

/** What keeps a file from being imported. */
function errorsOf(stdout, stderr) {
  try {
    return JSON.parse(stdout)
      .notes.filter(({ level }) => level === "error")
      .map(({ pointer, message }) => `  ${pointer}: ${message}`)
      .join("\n");
  } catch {
    return stderr.trim();
  }
}

async function compare(file) {
  const json = withNewPaths(JSON.parse(readFileSync(file, "utf8")));
  const { status, stdout, stderr } = spawnSync(
    command,
    ["import", "--from", "json-rules-engine", "--json", file],
    { encoding: "utf8" },
  );
  if (status !== 0) return { file, refused: errorsOf(stdout, stderr) };
  const imported = JSON.parse(stdout);
  writeFileSync(join(folder, "module.rules"), imported.text);
  const { rules, shared } = rulesOf(json);
  const questions = new Questions();
  for (const condition of Object.values(shared)) questions.visit(condition);
  for (const { conditions, event } of rules) {
    questions.visit(conditions);
    questions.visitParams(event?.params);
  }
  const operators = [...imported.text.matchAll(/^host pure function (operators\.\w+)/gm)].map(
    ([, name]) => name,
  );
  const fields = fieldsOf(imported);
  const renamed = renamedOf(imported.notes);
  const result = { file, sets: 0, events: 0, refusedThere: 0, differ: [] };
  for (let i = 0; i < Number(options.sets); ++i) {
    const facts = factSet(questions);
    const answer = chance(0.5);
    const wanted = await theirs({ rules, shared }, questions, facts, answer);
    if (wanted === undefined) {
      result.refusedThere += 1;
      continue;
    }
    const got = ours("module.rules", fields, operators, renamed, facts, answer);
    result.sets += 1;
    result.events += wanted.length;
    if (JSON.stringify(wanted) !== JSON.stringify(got)) result.differ.push({ facts, wanted, got });
  }
  return result;
}

let status = 0;
for (const file of files) {
  const { refused, sets, events, refusedThere, differ } = await compare(file);
  if (refused !== undefined) {
    console.log(`${file}: cannot be imported\n${refused}`);
    status = 1;
    continue;
  }
  console.log(
    `${file}: ${sets} sets, ${events} events, ${refusedThere} refused there, ` +
      `${differ.length} different`,
  );
  if (differ.length > 0) status = 1;
  for (const { facts, wanted, got } of differ.slice(0, 3)) {
    console.log(`  facts ${JSON.stringify(facts)}`);
    console.log(`    there ${wanted.filter((each) => !got.includes(each)).join(" ")}`);
    console.log(`    here  ${got.filter((each) => !wanted.includes(each)).join(" ")}`);
  }
}
process.exitCode = status;
