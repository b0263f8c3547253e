// A moment as a test block: the inputs so far, and what is there now.

import type {
  FactId,
  Fields,
  Input,
  Millis,
  ProgramSchema,
  RuleId,
  RunId,
  TraceRecord,
  TypeSchema,
  Value,
} from "reticle";
import type { HostScript, Step } from "../state/project.ts";
import { isInput } from "../state/project.ts";
import type { Moment } from "./moment.ts";
import { firingsOfSteps } from "./settlings.ts";
import { printDuration } from "./times.ts";

export interface MomentTest {
  text: string;
  /** Inputs that a test cannot say, each with the reason. */
  left: string[];
}

interface TestInput {
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
  const { name, schema, start } = input;
  const types = new Map(schema.types.map((type) => [type.name, type]));
  const left: string[] = [];
  const whens = new Statements(input, types, left);
  const firings = firingsOfSteps(input.steps, input.records);
  for (const [index, step] of input.steps.entries()) whens.add(step, firings[index] ?? 0);
  const lines = [`test ${JSON.stringify(name)} {`, "  given {"];
  if (start) lines.push(`    clock ${JSON.stringify(new Date(start).toISOString())}`);
  for (const line of hostLines(input.host)) lines.push(`    ${line}`);
  lines.push("  }", "  when {");
  for (const line of whens.lines) lines.push(`    ${line}`);
  lines.push("  }", "  expect {");
  for (const line of expectations(input, types)) lines.push(`    ${line}`);
  lines.push("  }", "}", "");
  return { text: lines.join("\n"), left };
}

/** The statements of `when`, in the order of the steps. Facts that are needed later get names. */
class Statements {
  readonly lines: string[] = [];
  private readonly named: Set<FactId>;
  private readonly inputs: IterableIterator<Taken>;
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
    this.inputs = inputsOf(input.records).values();
    for (const record of input.records)
      if (record.kind === "assert") this.born.set(record.fact, record);
  }

  add(step: Step, firings: number): void {
    if (isInput(step)) return this.input_(step);
    if ("csv" in step) {
      // Each row was an input of its own.
      for (const { type, fields } of this.input.rows(step))
        this.insert(type, fields, this.taken("insert").facts[0]);
      return;
    }
    if ("settle" in step) {
      const most = step.max ?? (step.settle === true ? undefined : step.settle);
      if (step.leave !== undefined) this.lines.push(`settle ${firings}`);
      else this.lines.push(most === undefined ? "settle" : `settle ${most}`);
    } else if ("fire" in step) {
      this.lines.push("settle 1");
      this.left.push(`activation ${step.fire} was fired by hand; a test fires the next one`);
    } else {
      this.taken("advance");
      this.lines.push(`advance ${step.advance}`);
    }
  }

  /**
   * What the records say of the next input of a kind. There are more inputs than steps: results
   * come from the host, and an advance may stop at timers on its way.
   */
  private taken(kind: Input["kind"]): Taken {
    for (const each of this.inputs) if (each.kind === kind) return each;
    return { kind, time: this.input.start, facts: [], records: [] };
  }

  private input_(step: Input): void {
    if (step.kind === "result") {
      const which = `the result of call ${step.call}`;
      this.left.push(`${which} was given by hand; the test asks the script`);
      return;
    }
    const taken = this.taken(step.kind);
    switch (step.kind) {
      case "insert":
        return this.insert(step.type, step.fields, taken.facts[0]);
      case "insertAll": {
        for (const [at, row] of step.rows.entries()) {
          const fields = Object.fromEntries(step.fields.map((name, i) => [name, row[i] ?? null]));
          this.insert(step.type, fields, taken.facts[at]);
        }
        return;
      }
      case "update":
        return this.aboutFact(
          step.fact,
          `update f${step.fact} ${this.braces(step.fields, this.typeOf(step.fact))}`,
        );
      case "retract":
        return this.aboutFact(step.fact, `retract f${step.fact}`);
      case "emit":
        return this.emit(step, taken);
      case "cancelEvent":
        return this.about(step.subject, `the event ${step.name} waits`, (to) =>
          this.lines.push(`cancel event ${JSON.stringify(step.name)}${to && ` to ${to}`}`),
        );
      case "start": {
        const args = Object.entries(step.args).map(([name, value]) => `${name}: ${literal(value)}`);
        const key = step.key === undefined ? "" : ` key ${JSON.stringify(step.key)}`;
        this.lines.push(`start ${step.flow}(${args.join(", ")})${key}`);
        return;
      }
      case "signal": {
        const event = `${step.type}${this.braces(step.data ?? {}, this.types.get(step.type))}`;
        this.lines.push(`signal ${step.flow} key ${JSON.stringify(step.key)} with ${event}`);
        return;
      }
      case "cancel":
        this.lines.push(`cancel ${step.flow} key ${JSON.stringify(step.key)}`);
        return;
      case "resume":
        this.left.push(`the failed run of ${step.flow} with the key ${step.key} went on`);
        return;
      case "set":
        return this.set(step, taken);
      case "unset":
        return this.about(step.subject, "properties were taken away", (name) => {
          if (step.muted)
            this.left.push(`properties of ${step.subject} were taken away without an event`);
          for (const property of step.properties) this.lines.push(`unset ${name}.${property}`);
        });
      case "deleteSubject":
        return this.about(step.subject, "it was deleted", (name) => {
          this.lines.push(`retract ${name}`);
          this.subjects.delete(step.subject);
        });
      case "compareAndSet": {
        // A test is carried out the same way each time: what was not set then is not set in it.
        const { subject, property, value } = step;
        if (taken.records.some((each) => each.kind === "property" || each.kind === "assert"))
          this.set({ kind: "set", subject, properties: { [property]: value } }, taken);
        return;
      }
      case "advance":
        if ("by" in step) this.lines.push(`advance ${printDuration(step.by)}`);
        else this.lines.push(`clock ${JSON.stringify(new Date(step.to).toISOString())}`);
        return;
      default:
        step satisfies never;
    }
  }

  /** Says something of a subject by its name in the test; `name` is empty where there is none. */
  private about(subject: string | undefined, what: string, say: (name: string) => void): void {
    const name = subject === undefined ? "" : this.subjects.get(subject);
    if (name === undefined) this.left.push(`of ${subject}, which has no name here: ${what}`);
    else say(name);
  }

  private emit(step: Extract<Input, { kind: "emit" }>, { time }: Taken): void {
    this.about(step.subject, `the event ${step.type}`, (name) => {
      // In a test `at` moves the clock; an event that waits says for how long.
      const wait = step.after ?? (step.at === undefined ? 0 : step.at - time);
      const parts = [
        `emit ${step.type}${this.braces(step.data, this.types.get(step.type))}`,
        ...(name ? [`to ${name}`] : []),
        ...(wait > 0 ? [`after ${printDuration(wait)}`] : []),
        ...(step.replacing === undefined ? [] : [`replacing ${JSON.stringify(step.replacing)}`]),
        ...((step.deliver ?? "local") === "local" ? [] : [`deliver ${step.deliver}`]),
      ];
      this.lines.push(parts.join(" "));
      const own = (["id", "source", "time", "extensions"] as const).filter(
        (each) => step[each] !== undefined,
      );
      if (own.length) this.left.push(`the event ${step.type} had its own ${own.join(" and ")}`);
    });
  }

  /** The first properties of a subject make it; in a test it is inserted, and gets a name. */
  private set(step: Extract<Input, { kind: "set" }>, { facts: made }: Taken): void {
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
    if (name === undefined) {
      this.left.push(`properties of ${step.subject} were set, which a test cannot say`);
      return;
    }
    const how = step.muted ? "set muted" : "set";
    const type = this.types.get(this.subjectTypes.get(step.subject) ?? "");
    for (const [property, value] of Object.entries(step.properties)) {
      const declared = type?.fields.find((field) => field.name === property)?.type;
      this.lines.push(`${how} ${name}.${property} = ${literal(value, declared)}`);
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

/** An input as the records tell it. */
interface Taken {
  kind: string;
  time: Millis;
  /** The facts that it inserted, in order; those of firings are not among them. */
  facts: FactId[];
  /** What it did itself. */
  records: TraceRecord[];
}

function inputsOf(records: TraceRecord[]): Taken[] {
  const inputs: Taken[] = [];
  const at = new Map<number, Taken>();
  for (const record of records) {
    if (record.kind === "input") {
      const taken: Taken = { kind: record.input, time: record.time, facts: [], records: [] };
      at.set(record.seq, taken);
      inputs.push(taken);
      continue;
    }
    const taken = at.get(record.cause);
    taken?.records.push(record);
    if (record.kind === "assert") taken?.facts.push(record.fact);
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
  { moment, schema, records }: TestInput,
  types: Map<string, TypeSchema>,
): string[] {
  const lines: string[] = [];
  const nameOf = (rule: RuleId) => JSON.stringify(schema.rules[rule]?.name ?? "");
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
  for (const [rule, count] of moment.firings) lines.push(`fired ${nameOf(rule)} ${count} times`);
  for (const [rule, codes] of moment.failures)
    for (const [code, count] of codes) lines.push(`failed ${nameOf(rule)} ${code} ${count} times`);
  for (const [rule, count] of failedCalls(records))
    lines.push(`failed ${nameOf(rule)} RL9005 ${count} times`);
  for (const { flow, key, status } of moment.runs.values())
    if (status !== "running" && !isCall(flow))
      lines.push(`flow ${flow} key ${JSON.stringify(key)} ${status}`);
  return lines;
}

/** A `call` of a rule is a run without a flow of its own: that it failed counts for the rule. */
function failedCalls(records: TraceRecord[]): Map<RuleId, number> {
  const fires = new Map<number, RuleId>();
  const calls = new Map<RunId, RuleId>();
  const failed = new Map<RuleId, number>();
  for (const record of records) {
    if (record.kind === "fire") fires.set(record.seq, record.rule);
    else if (record.kind === "run" && isCall(record.flow)) {
      const rule = fires.get(record.cause);
      if (rule !== undefined) calls.set(record.run, rule);
    } else if (record.kind === "failure" && record.run !== undefined) {
      const rule = calls.get(record.run);
      if (rule !== undefined) failed.set(rule, (failed.get(rule) ?? 0) + 1);
    }
  }
  return failed;
}
const isCall = (flow: string) => flow.startsWith("call ");

const plain = new Set(["int", "string", "bool", "double"]);
const isPlain = (type: string | undefined) => plain.has(type?.replace("?", "") ?? "");

/** A value as rules spell it; the declared type tells what the wire leaves open. */
export function literal(value: Value, type = ""): string {
  const declared = type.replace("?", "");
  if (value === null) return "null";
  if (typeof value === "number")
    return declared === "double" && Number.isInteger(value) ? `${value}.0` : String(value);
  if (typeof value === "string") {
    if (declared === "timestamp") {
      const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
      return `timestamp(${JSON.stringify(isDay ? `${value}T00:00:00Z` : value)})`;
    }
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
