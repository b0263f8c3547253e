// Runs two engines in turn on the same workload and prints the ratio of their medians. What they
// did must be the same before what it took counts.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { engines } from "./engines.mjs";
import { measured } from "./processes.mjs";

const usage = `usage: tools/bench/versus [option]… WORKLOAD[=SIZE]…

Runs the command \`reticle bench\` and another engine in turn, and prints the ratio of the
medians of their CPU seconds, with the smallest and the largest ratio of a pair. \`all\` stands
for all workloads that both can carry out; \`reticle bench --help\` lists them.

  --rival NAME   clips (the default), nools, json-rules-engine, durable, wasm
  --wasm         measure the package in Node instead of the command;
                 alone: as the rival of the command
  --pairs N      how many pairs (5)
  --size N       for workloads without a size of their own
  --no-check     do not compare firings and facts at the end first
  --json         one JSON object a line
  --reticle P    the command; otherwise $RETICLE or build/native/reticle
  --dist P       the built package; otherwise wasm/dist
  --clips P      CLIPS; otherwise \`clips\`
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rival: { type: "string" },
    wasm: { type: "boolean" },
    pairs: { type: "string", default: "5" },
    size: { type: "string" },
    "no-check": { type: "boolean" },
    json: { type: "boolean" },
    reticle: { type: "string" },
    dist: { type: "string" },
    clips: { type: "string" },
    help: { type: "boolean" },
  },
});
if (options.help || !positionals.length) {
  process.stdout.write(usage);
  process.exit(options.help ? 0 : 2);
}

/**
 * Up to this many given facts those at the end are compared one by one; above, at a
 * hundredth of the size.
 */
const checkedFacts = 50_000;
/** CPU seconds below which a ratio says nothing: clocks tick. */
const resolution = 0.005;

const all = engines(options);
// Alone, --wasm makes the package the rival: a ratio above 1 always means that the second
// engine took longer.
const ours = options.wasm && options.rival ? all.wasm : all.native;
const rival = all[options.rival ?? (options.wasm ? "wasm" : "clips")];
if (!rival || rival === ours) fail(`there is no rival \`${options.rival}\``, 2);
for (const engine of [ours, rival]) {
  const problem = engine.missing();
  if (problem) fail(`${engine.name}: ${problem}`, 2);
}
const pairs = Number(options.pairs);
const top = mkdtempSync(join(tmpdir(), "reticle-bench-"));
process.on("exit", () => rmSync(top, { recursive: true, force: true }));

const listed = positionals.includes("all") ? all.native.workloads() : positionals;
let different = 0;
if (!options.json) printHead();
for (const each of listed) {
  const [name, size = options.size] = each.split("=");
  if (![ours, rival].every((engine) => engine.can(name))) {
    if (!positionals.includes("all")) console.error(`${name}: ${rival.name} cannot carry it out`);
    continue;
  }
  const result = compare(name, size);
  if (result.difference) ++different;
  if (options.json) console.log(JSON.stringify(result));
  else printRow(result);
}
process.exitCode = different ? 1 : 0;

function fail(message, status) {
  console.error(`versus: ${message}`);
  process.exit(status);
}

function prepare(name, size, what) {
  const folder = join(top, `${name}-${what}`);
  mkdirSync(folder);
  const written = all.native.write(name, size, folder);
  for (const engine of new Set([ours, rival])) engine.prepare(folder, written);
  return { folder, ...written };
}

function compare(name, size) {
  const workload = prepare(name, size, "timed");
  const result = {
    name,
    size: workload.size,
    ours: ours.name,
    rival: rival.name,
    given: workload.given,
  };
  if (!options["no-check"]) {
    const difference = check(workload);
    if (difference) return { ...result, difference };
  }
  const runs = [[], []];
  for (let i = 0; i < pairs; ++i) {
    for (const [side, engine] of [ours, rival].entries()) runs[side].push(time(engine, workload));
  }
  rmSync(workload.folder, { recursive: true });
  const [mine, theirs] = runs;
  const firings = new Set(
    [...mine, ...theirs].map((run) => run.firings).filter((count) => count !== undefined),
  );
  if (firings.size > 1) result.difference = `firings differ: ${[...firings].join(", ")}`;
  result.firings = mine[0].firings;
  for (const what of ["process", "compile", "load", "run", "match"])
    result[what] = ratioOf(mine, theirs, what);
  result.peak = {
    ours: median(mine.map((run) => run.peak)),
    rival: median(theirs.map((run) => run.peak)),
  };
  return result;
}

function time(engine, workload) {
  const { cpu, peak, stdout } = measured(engine.command(workload));
  const run = engine.read(stdout);
  return { ...run, process: cpu, peak, match: run.load + run.run };
}

function ratioOf(mine, theirs, what) {
  const ratios = mine.map((run, i) => theirs[i][what] / run[what]).sort((a, b) => a - b);
  const [a, b] = [mine, theirs].map((runs) => median(runs.map((run) => run[what])));
  return { ours: a, rival: b, ratio: b / a, least: ratios[0], most: ratios.at(-1) };
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b),
    middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How the engines' results differ, or nothing. */
function check(timed) {
  const small =
    timed.given <= checkedFacts && timed.size <= checkedFacts
      ? timed
      : prepare(timed.name, Math.ceil(timed.size / 100), "checked");
  const [mine, theirs] = [ours, rival].map((engine) => engine.end(small));
  if (small !== timed) rmSync(small.folder, { recursive: true });
  if (mine.firings !== theirs.firings)
    return `at ${small.size}: ${mine.firings} firings, ${rival.name} ${theirs.firings}`;
  // an engine that does not say what is there at the end
  if (!mine.facts || !theirs.facts) return undefined;
  const only = (a, b) => {
    const counts = new Map();
    for (const fact of b) counts.set(fact, (counts.get(fact) ?? 0) + 1);
    return a.filter((fact) => {
      const left = counts.get(fact) ?? 0;
      counts.set(fact, left - 1);
      return left <= 0;
    });
  };
  const here = only(mine.facts, theirs.facts),
    there = only(theirs.facts, mine.facts);
  if (!here.length && !there.length) return undefined;
  return (
    `at ${small.size}: ${here.length} facts only here, ${there.length} ` +
    `only there; ${here[0] ?? "nothing"} | ${there[0] ?? "nothing"}`
  );
}

function printHead() {
  console.log(
    `${rival.name} / ${ours.name}: ratio of the medians of CPU seconds over ${pairs} ` +
      "pairs (least–most of a pair)\n",
  );
  console.log(
    row([
      "workload",
      "size",
      "firings",
      "process",
      "ratio",
      "facts + firing",
      "ratio",
      "firing",
      "ratio",
      "peak MB",
    ]),
  );
}

function printRow(result) {
  if (result.difference)
    return console.log(row([result.name, result.size, `NOT THE SAME: ${result.difference}`]));
  const seconds = ({ ours, rival }) => `${rival.toFixed(3)} / ${ours.toFixed(3)}`;
  const ratio = ({ ours, rival, ratio, least, most }) =>
    Math.min(ours, rival) < resolution
      ? "–"
      : `${figure(ratio)} (${figure(least)}–${figure(most)})`;
  const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
  console.log(
    row([
      result.name,
      result.size,
      result.firings,
      seconds(result.process),
      ratio(result.process),
      seconds(result.match),
      ratio(result.match),
      seconds(result.run),
      ratio(result.run),
      `${megabytes(result.peak.rival)} / ${megabytes(result.peak.ours)}`,
    ]),
  );
}

function figure(number) {
  return number >= 100 ? number.toFixed(0) : number.toPrecision(3);
}

function row(cells) {
  const widths = [12, 8, 9, 17, 20, 17, 20, 17, 20, 10];
  return cells
    .map((cell, i) => String(cell).padEnd(widths[i]))
    .join(" ")
    .trimEnd();
}
