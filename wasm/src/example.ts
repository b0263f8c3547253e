// Examples: rules, what is done to a session, and a host whose functions follow a script.

import { csvFields, csvType, parseCsv } from "./csv.js";
import type { Engine } from "./engine.js";
import { open } from "./engine.js";
import { ReticleError } from "./errors.js";
import type { HostFunctions } from "./host-loop.js";
import type { Program } from "./program.js";
import type { Store } from "./store.js";
import type { Input, SettleReport, Value } from "./types.js";

export type { CsvResult, CsvRow, RowResult } from "./csv.js";
export { csvFields, csvType, parseCsv } from "./csv.js";

/**
 * One line of a host function's script. Without `times` it counts once, and as the last line for
 * ever.
 */
export type ScriptLine = { returns: Value; times?: number } | { fails: string; times?: number };

/**
 * One thing done to the session: an input, firing, moving the clock, or the rows of a CSV file as
 * facts.
 */
export type ExampleStep =
  | Input
  /** true: until nothing is ready; a number: at most so many firings (as `max` is). */
  | { settle: true | number; max?: number }
  | { advance: string }
  | { csv: string; type?: string };

/** The contents of an `example.json`. */
export interface Example {
  title: string;
  paragraph?: string;
  /** One or several files beside it. */
  rules: string | string[];
  inputs: ExampleStep[];
  host?: { [name: string]: ScriptLine[] };
  /** RFC 3339; where the virtual clock begins. */
  start?: string;
  /** How many activations stay ready after the last settle on a first screen. */
  leave?: number;
}

export interface ExampleRun {
  /** Still open: close() it. */
  engine: Engine;
  digest: string;
  trace: string;
  firings: number;
  reason: SettleReport["reason"];
  /** Inputs and rows that were refused; the others were carried out. */
  refusals: { input: number; line?: number; message: string }[];
}

export interface RunExampleOptions {
  /**
   * Leaves the activations that `leave` says ready; digests are then those of that moment. Default
   * false.
   */
  firstScreen?: boolean;
  store?: Store;
}

/** Text files by the names an example uses. */
export type ExampleFiles = { [name: string]: string };

/**
 * Runs an example on a virtual clock with its scripted host functions. The command
 * `reticle run example.json --digest` does the same in the same order and comes to the same
 * digests.
 *
 * @param program the example's rules, compiled.
 * @param files contents of the CSV files it names.
 * @throws ReticleError "BadInput" for an example that cannot be read; "Compile" when the
 *   program has errors.
 */
export async function runExample(
  program: Program,
  example: Example,
  files: ExampleFiles = {},
  options: RunExampleOptions = {},
): Promise<ExampleRun> {
  const start = Date.parse(example.start ?? "1970-01-01T00:00:00Z");
  if (Number.isNaN(start))
    throw new ReticleError(
      "BadInput",
      `\`start\` is an RFC 3339 time, this is "${example.start}"`,
      { where: "start" },
    );
  const functions = scriptedFunctions(program, example.host ?? {});
  const engine = await open(program, {
    functions,
    start,
    trace: true,
    ...(options.store ? { store: options.store } : {}),
  });
  const run: ExampleRun = {
    engine,
    digest: "",
    trace: "",
    firings: 0,
    reason: "quiescent",
    refusals: [],
  };
  try {
    const lastSettle = example.inputs.findLastIndex((step) => "settle" in step);
    for (const [i, step] of example.inputs.entries()) {
      const leave = options.firstScreen && i === lastSettle ? (example.leave ?? 0) : 0;
      const report = await take(engine, step, files, leave, (message, line) =>
        run.refusals.push({ input: i, message, ...(line === undefined ? {} : { line }) }),
      );
      if (report) {
        run.firings += report.firings;
        run.reason = report.reason;
      }
    }
    await engine.flush();
  } catch (error) {
    engine.close();
    throw error;
  }
  run.digest = engine.digest();
  run.trace = engine.traceDigest();
  return run;
}

async function take(
  engine: Engine,
  step: ExampleStep,
  files: ExampleFiles,
  leave: number,
  refuse: (message: string, line?: number) => void,
): Promise<SettleReport | undefined> {
  if ("kind" in step) {
    submit(engine, step, refuse);
    return undefined;
  }
  if ("advance" in step) return engine.advance(step.advance);
  if ("csv" in step) {
    insertRows(engine, step.csv, files, step.type, refuse);
    return undefined;
  }
  if (!("settle" in step))
    throw new ReticleError("BadInput", `this is not a step of an example: ${JSON.stringify(step)}`);
  const most =
    leave > 0
      ? Math.max(0, engine.agenda().length - leave)
      : step.settle === true
        ? step.max
        : step.settle;
  return engine.settle(most === undefined ? {} : { maxFirings: most });
}

function submit(
  engine: Engine,
  input: Input,
  refuse: (message: string, line?: number) => void,
  line?: number,
): void {
  try {
    engine.submit(input);
  } catch (error) {
    if (!(error instanceof ReticleError) || ["Crashed", "Closed", "Store"].includes(error.code))
      throw error;
    refuse(error.message, line);
  }
}

function insertRows(
  engine: Engine,
  file: string,
  files: ExampleFiles,
  typeName: string | undefined,
  refuse: (message: string, line?: number) => void,
): void {
  const text = files[file];
  if (text === undefined)
    throw new ReticleError("BadInput", `the example names ${file}, which was not given`, {
      where: file,
    });
  const csv = parseCsv(text);
  if (!csv.ok) return refuse(csv.message, csv.line);
  const [header, ...rows] = csv.rows;
  if (!header) return;
  const columns = header.cells.map((cell) => cell.trim());
  const schema = engine.program.schema;
  const type =
    typeName === undefined
      ? csvType(schema, file, columns)
      : schema.types.find(({ name }) => name === typeName);
  if (!type)
    return refuse(
      typeName === undefined
        ? `no type fits the columns of ${file}; name one with \`type\``
        : `there is no type ${typeName}`,
      1,
    );
  for (const row of csvFields(type, columns, rows)) {
    if (row.ok)
      submit(engine, { kind: "insert", type: type.name, fields: row.fields }, refuse, row.line);
    else refuse(row.message, row.line);
  }
}

function scriptedFunctions(
  program: Program,
  scripts: { [name: string]: ScriptLine[] },
): HostFunctions {
  const functions: HostFunctions = {};
  for (const { name } of program.schema.functions) {
    let execution = 0;
    functions[name] = () => {
      const answer = scriptedAnswer(scripts[name] ?? [], execution++);
      if ("fails" in answer) throw new Error(answer.fails);
      return answer.returns;
    };
  }
  return functions;
}

/**
 * What a scripted function says at its n-th execution, from 0. When the script ends with counted
 * failures, or there is none, it then returns null.
 */
export function scriptedAnswer(script: readonly ScriptLine[], execution: number): ScriptLine {
  let left = execution;
  for (const [i, line] of script.entries()) {
    const isLast = i === script.length - 1;
    const times = line.times ?? (isLast ? Infinity : 1);
    if (left < times || (isLast && "returns" in line)) return line;
    left -= times;
  }
  return { returns: null };
}

/**
 * Whether parsed JSON has the shape of an example; only what `runExample` relies on is checked.
 */
export function isExample(json: unknown): json is Example {
  if (typeof json !== "object" || json === null) return false;
  const { title, rules, inputs } = json as { [member: string]: unknown };
  const isRules =
    typeof rules === "string" ||
    (Array.isArray(rules) && rules.every((file) => typeof file === "string"));
  return (
    typeof title === "string" &&
    isRules &&
    Array.isArray(inputs) &&
    inputs.every((step) => typeof step === "object" && step !== null)
  );
}
