// A moment as a test block: the inputs so far, and what is there now.

import type { FactId, Fields, ProgramSchema, TraceRecord, TypeSchema, Value } from "reticle";
import type { HostScript, Step } from "../state/project.ts";
import { isInput } from "../state/project.ts";
import type { Moment } from "./moment.ts";
import { printDuration } from "./times.ts";

export interface MomentTest {
  text: string;
  /** Inputs that a test cannot say, each with the reason. */
  left: string[];
}

export interface TestInput {
  name: string;
  schema: ProgramSchema;
  /** What was done, in order. */
  steps: Step[];
  records: TraceRecord[];
  moment: Moment;
  host: HostScript;
  start: number;
  /** The rows of a CSV step as facts. */
  rows(step: { csv: string; type?: string }): { type: string; fields: Fields }[];
}

const mostExpected = 30;

/** Writes the test. It is for the person to run: the engine alone says whether it holds. */
export function testOf(input: TestInput): MomentTest {
  const { name, schema, moment, start } = input;
  const types = new Map(schema.types.map((type) => [type.name, type]));
  const left: string[] = [];
  const whens = new Statements(input, types, left);
  for (const step of input.steps) whens.add(step);
  const lines = [`test ${JSON.stringify(name)} {`, "  given {"];
  if (start) lines.push(`    clock ${JSON.stringify(new Date(start).toISOString())}`);
  for (const line of hostLines(input.host)) lines.push(`    ${line}`);
  lines.push("  }", "  when {");
  for (const line of whens.lines) lines.push(`    ${line}`);
  lines.push("  }", "  expect {");
  for (const line of expectations(moment, schema, types)) lines.push(`    ${line}`);
  lines.push("  }", "}", "");
  return { text: lines.join("\n"), left };
}

/** The statements of `when`, in the order of the steps. Facts that are needed later get names. */
class Statements {
  readonly lines: string[] = [];
  private readonly named: Set<FactId>;
  private readonly ids: IterableIterator<FactId[]>;
  /** How often each settling fired, in order. */
  private readonly settled: IterableIterator<number>;
  private readonly born = new Map<FactId, Extract<TraceRecord, { kind: "assert" }>>();

  constructor(
    private readonly input: TestInput,
    private readonly types: Map<string, TypeSchema>,
    private readonly left: string[],
  ) {
    this.named = new Set(
      input.steps.flatMap((step) =>
        isInput(step) && (step.kind === "update" || step.kind === "retract") ? [step.fact] : [],
      ),
    );
    this.ids = factsByInput(input.records).values();
    const settles = input.records.flatMap((each) =>
      each.kind === "settled" ? [each.firings] : [],
    );
    this.settled = settles.values();
    for (const record of input.records)
      if (record.kind === "assert") this.born.set(record.fact, record);
  }

  add(step: Step): void {
    if (isInput(step)) return this.input_(step);
    if ("csv" in step) {
      // Each row was an input of its own.
      for (const { type, fields } of this.input.rows(step))
        this.insert(type, fields, this.ids.next().value?.[0]);
      return;
    }
    const fired = this.settled.next().value;
    if ("settle" in step) {
      const most = step.max ?? (step.settle === true ? undefined : step.settle);
      if (step.leave !== undefined) this.lines.push(`settle ${fired ?? 0}`);
      else this.lines.push(most === undefined ? "settle" : `settle ${most}`);
    } else if ("fire" in step) {
      this.lines.push("settle 1");
      this.left.push(`activation ${step.fire} was fired by hand; a test fires the next one`);
    } else {
      this.ids.next();
      this.lines.push(`advance ${step.advance}`);
    }
  }

  private input_(step: Extract<Step, { kind: string }>): void {
    switch (step.kind) {
      case "insert":
        return this.insert(step.type, step.fields, this.ids.next().value?.[0]);
      case "insertAll": {
        const facts = this.ids.next().value ?? [];
        for (const [at, row] of step.rows.entries()) {
          const fields = Object.fromEntries(step.fields.map((name, i) => [name, row[i] ?? null]));
          this.insert(step.type, fields, facts[at]);
        }
        return;
      }
      case "update":
        this.ids.next();
        return this.aboutFact(
          step.fact,
          `update f${step.fact} ${this.braces(step.fields, this.typeOf(step.fact))}`,
        );
      case "retract":
        this.ids.next();
        return this.aboutFact(step.fact, `retract f${step.fact}`);
      case "emit": {
        this.ids.next();
        const to = step.subject === undefined ? "" : ` to ${this.subjects.get(step.subject)}`;
        if (step.subject !== undefined && !this.subjects.has(step.subject))
          this.left.push(`the event ${step.type} is about ${step.subject}, which has no name here`);
        else
          this.lines.push(
            `emit ${step.type}${this.braces(step.data, this.types.get(step.type))}${to}`,
          );
        return;
      }
      case "start": {
        this.ids.next();
        const args = Object.entries(step.args).map(([name, value]) => `${name}: ${literal(value)}`);
        this.lines.push(`start ${step.flow}(${args.join(", ")})`);
        return;
      }
      case "set":
        return this.set(step, this.ids.next().value ?? []);
      case "advance":
        this.ids.next();
        if ("by" in step) this.lines.push(`advance ${printDuration(step.by)}`);
        else this.lines.push(`clock ${JSON.stringify(new Date(step.to).toISOString())}`);
        return;
      case "result":
        this.ids.next();
        this.left.push(
          `the result of call ${step.call} was given by hand; the test asks the script`,
        );
        return;
    }
  }

  /** The first properties of a subject make it; in a test it is inserted, and gets a name. */
  private set(step: Extract<Step, { kind: "set" }>, made: FactId[]): void {
    const born = made.map((id) => this.born.get(id)).find((each) => each?.subject === step.subject);
    if (born) {
      const fields = Object.entries(born.fields).filter(([, value]) => value !== null);
      const name = `s${born.fact}`;
      this.subjects.set(step.subject, name);
      this.subjectTypes.set(step.subject, born.type);
      const given = this.braces(Object.fromEntries(fields), this.types.get(born.type));
      this.lines.push(`insert ${born.type}${given} as ${name}`);
    }
    const name = this.subjects.get(step.subject);
    if (name === undefined || step.muted) {
      this.left.push(`properties of ${step.subject} were set, which a test cannot say`);
      return;
    }
    const type = this.types.get(this.subjectTypes.get(step.subject) ?? "");
    for (const [property, value] of Object.entries(step.properties)) {
      const declared = type?.fields.find((field) => field.name === property)?.type;
      this.lines.push(`set ${name}.${property} = ${literal(value, declared)}`);
    }
  }
  private readonly subjects = new Map<string, string>();
  private readonly subjectTypes = new Map<string, string>();

  private insert(type: string, fields: Fields, fact: FactId | undefined): void {
    const as = fact !== undefined && this.named.has(fact) ? ` as f${fact}` : "";
    if (fact !== undefined && as) this.known.set(fact, this.types.get(type));
    this.lines.push(`insert ${type}${this.braces(fields, this.types.get(type))}${as}`);
  }
  private readonly known = new Map<FactId, TypeSchema | undefined>();
  private typeOf(fact: FactId): TypeSchema | undefined {
    return this.known.get(fact);
  }
  private aboutFact(fact: FactId, line: string): void {
    if (this.known.has(fact)) this.lines.push(line);
    else this.left.push(`fact ${fact} was inserted by a rule, and a test has no name for it`);
  }
  private braces(fields: Fields, type: TypeSchema | undefined): string {
    const members = Object.entries(fields).map(
      ([name, value]) =>
        `${name}: ${literal(value, type?.fields.find((f) => f.name === name)?.type)}`,
    );
    return `{${members.join(", ")}}`;
  }
}

/** The facts that each accepted input inserted, in order; those of firings are not among them. */
function factsByInput(records: TraceRecord[]): FactId[][] {
  const inputs: FactId[][] = [];
  const at = new Map<number, FactId[]>();
  for (const record of records) {
    if (record.kind === "input") {
      const facts: FactId[] = [];
      at.set(record.seq, facts);
      inputs.push(facts);
    } else if (record.kind === "assert") at.get(record.cause)?.push(record.fact);
  }
  return inputs;
}

function hostLines(host: HostScript): string[] {
  return Object.entries(host).flatMap(([name, script]) => {
    if (!script.length) return [];
    const says = script.map((line) => {
      const times = line.times === undefined ? "" : ` ${line.times} times`;
      return "fails" in line
        ? `fails ${JSON.stringify(line.fails)}${times || " 1 times"}`
        : `returns ${literal(line.returns)}${times}`;
    });
    return [`host ${name} ${says.join(" then ")}`];
  });
}

/** What is there: how many facts of each type, those that rules made, what fired, what is ready. */
function expectations(
  moment: Moment,
  schema: ProgramSchema,
  types: Map<string, TypeSchema>,
): string[] {
  const lines: string[] = [];
  const facts = [...moment.facts.values()].filter(({ type }) => {
    const declared = types.get(type);
    return declared && !declared.builtin && declared.kind !== "event";
  });
  for (const [name, type] of types) {
    if (type.builtin || type.kind === "event") continue;
    lines.push(`count ${name} == ${facts.filter((fact) => fact.type === name).length}`);
  }
  const derived = facts.filter(({ logical }) => logical).slice(0, mostExpected);
  for (const { type, fields } of derived) {
    const tests = Object.entries(fields).flatMap(([name, value]) => {
      const declared = types.get(type)?.fields.find((field) => field.name === name)?.type;
      return isPlain(declared) && value !== null ? [`${name} == ${literal(value, declared)}`] : [];
    });
    lines.push(`exists ${type}(${tests.join(", ")})`);
  }
  for (const [rule, count] of moment.firings)
    lines.push(`fired ${JSON.stringify(schema.rules[rule]?.name ?? "")} ${count} times`);
  for (const { flow, key, status } of moment.runs.values())
    if (status !== "running") lines.push(`flow ${flow} key ${JSON.stringify(key)} ${status}`);
  return lines;
}

const plain = new Set(["int", "string", "bool", "double"]);
const isPlain = (type: string | undefined) => plain.has(type?.replace("?", "") ?? "");

/** A value as rules spell it; the declared type tells what the wire leaves open. */
export function literal(value: Value, type = ""): string {
  const declared = type.replace("?", "");
  if (value === null) return "null";
  if (typeof value === "number")
    return declared === "double" && Number.isInteger(value) ? `${value}.0` : String(value);
  if (typeof value === "string") {
    if (declared === "timestamp") return `timestamp(${JSON.stringify(value)})`;
    if (declared === "duration") return `duration(${JSON.stringify(value)})`;
    return JSON.stringify(value);
  }
  if (typeof value === "boolean") return String(value);
  const inner = /^list<(.*)>$/.exec(declared)?.[1] ?? "";
  if (Array.isArray(value)) return `[${value.map((each) => literal(each, inner)).join(", ")}]`;
  const big = value.$int;
  if (typeof big === "string") return big;
  const members = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)}: ${literal(each)}`,
  );
  return `{${members.join(", ")}}`;
}
