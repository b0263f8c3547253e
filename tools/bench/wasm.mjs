// node wasm.mjs FOLDER [--dist DIR] [--end FILE]: carries out a workload that
// `reticle bench NAME --write FOLDER` wrote, with the package, and prints what
// `reticle bench --json` prints. --end: writes the facts that are there at the end, as
// `reticle bench --end` does.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const {
  values: options,
  positionals: [folder],
} = parseArgs({
  allowPositionals: true,
  options: { dist: { type: "string" }, end: { type: "string" } },
});
const dist = resolve(options.dist ?? fileURLToPath(new URL("../../wasm/dist", import.meta.url)));
const { compile, open } = await import(pathToFileURL(join(dist, "index.js")));

const {
  name,
  size,
  deed,
  changes = [],
} = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
const rules = readFileSync(join(folder, "rules.rules"), "utf8");
const blocks = JSON.parse(readFileSync(join(folder, "facts.json"), "utf8"));

const takeEvery = 1_000,
  endless = { maxFirings: 1_000_000_000 };

const seconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
let before = seconds();
const lap = () => {
  const now = seconds(),
    took = now - before;
  before = now;
  return took;
};

const program = await compile(rules);
if (!program.ok) throw program.compileError();
const compileSeconds = lap();
const engine = await open(program);
const given = [];
let firings = 0;
for (const { type, fields, rows } of blocks) {
  for (let from = 0; from < rows.length; from += takeEvery) {
    const some = rows.slice(from, from + takeEvery);
    const columns = Object.fromEntries(
      fields.map((field, i) => [field, columnOf(some.map((row) => row[i]))]),
    );
    for (const fact of engine.insertAll(type, columns)) given.push(fact);
  }
}
const loadSeconds = lap();
const settle = () => {
  firings += engine.settleOnce(endless).firings;
};
if (deed !== "retractAll") settle();
let runSeconds = lap();
await change();
const changeSeconds = lap();
runSeconds += changeSeconds;

if (options.end)
  writeFileSync(
    options.end,
    engine
      .facts()
      .map(({ type, fields }) => `${type} ${JSON.stringify(fields)}\n`)
      .join(""),
  );
console.log(
  JSON.stringify({
    name,
    size,
    firings,
    given: given.length,
    facts: factCount(),
    compileSeconds,
    loadSeconds,
    runSeconds,
    changeSeconds,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    build: "wasm",
  }),
);
process.exit(0);

/** Whole numbers as a typed array. */
function columnOf(values) {
  return values.every((value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31)
    ? Int32Array.from(values)
    : values;
}

/**
 * How many facts there are, counted in the network's memories: listing them would take
 * memory that is measured.
 */
function factCount() {
  const counts = engine.memoryCounts();
  const known = program.schema.network.nodes.filter(({ kind }) => kind === "type");
  const counted = new Set(known.map(({ type }) => type));
  const others = program.schema.types.filter(
    ({ id, kind, builtin }) => kind !== "event" && !builtin && !counted.has(id),
  );
  return (
    known.reduce((sum, { id }) => sum + counts[id], 0) +
    others.reduce((sum, type) => sum + engine.facts(type.name).length, 0)
  );
}

async function change() {
  if (deed === "retractAll") {
    for (const fact of given) {
      engine.retract(fact);
      await taken();
    }
    settle();
  }
  for (const [what, fields] of changes) {
    if (deed === "updates") engine.update(given[what], fields);
    else engine.emit(what, fields);
    settle();
    await taken();
  }
}
