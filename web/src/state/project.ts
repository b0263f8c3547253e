// Projects, and their inputs as text.

import type { ActivationId, Input, Millis, SourceFile } from "reticle";
import type { ScriptLine } from "reticle/example";

/**
 * What is done to a session, in order. A project replays its steps from the start after every edit.
 */
export type Step =
  | Input
  /**
   * Fires until nothing is ready; with `max` at most so many; with `leave` so many
   * activations stay ready.
   */
  | { settle: true | number; max?: number; leave?: number }
  | { fire: ActivationId }
  | { advance: string }
  /** Inserts the rows of one of the project's tables. */
  | { csv: string; type?: string };

/** What the simulated host functions return, one execution after the other. */
export type HostScript = { [name: string]: ScriptLine[] };

/** Everything that can be shared: the rules, what is done to them, how the host answers. */
export interface Project {
  title: string;
  paragraph: string;
  files: SourceFile[];
  inputs: Step[];
  /** CSV files by name. */
  tables: { [file: string]: string };
  host: HostScript;
  start: Millis;
}

/** What is compiled: the rules, and behind them the CSV files that their tables read rows from. */
export function sourcesOf({ files, tables }: Project): SourceFile[] {
  const named = ([table]: [string, string]) =>
    files.some(({ name, text }) => {
      const beside = table.split("/").pop() ?? table;
      return text.includes(`"${table}"`) || (name !== table && text.includes(`"${beside}"`));
    });
  const read = Object.entries(tables).filter(named);
  return [...files, ...read.map(([name, text]) => ({ name, text }))];
}

export function isInput(step: Step): step is Input {
  return "kind" in step;
}

/** One line of plain JSON per step: what the inputs tab shows and reads back. */
export function printSteps(steps: Step[]): string {
  return steps.map((step) => JSON.stringify(step)).join("\n") + (steps.length ? "\n" : "");
}

type ParsedSteps = { ok: true; steps: Step[] } | { ok: false; line: number; message: string };

/**
 * Reads steps, one JSON object a line; blank lines and lines beginning with `//` are skipped.
 */
export function parseSteps(text: string): ParsedSteps {
  const steps: Step[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const trimmed = line.trim();
    if (!trimmed || trimmed.startsWith("//")) continue;
    let value: unknown;
    try {
      value = JSON.parse(trimmed);
    } catch {
      return {
        ok: false,
        line: index + 1,
        message: 'this line is not JSON; write one input a line, such as {"settle":true}',
      };
    }
    const step = stepFrom(value);
    if (!step) {
      return {
        ok: false,
        line: index + 1,
        message:
          "this is not an input; there are settle, advance and the kinds " +
          Object.keys(inputKinds).join(", "),
      };
    }
    steps.push(step);
  }
  return { ok: true, steps };
}

const inputKinds: Record<Input["kind"], true> = {
  insert: true,
  insertAll: true,
  update: true,
  retract: true,
  set: true,
  unset: true,
  deleteSubject: true,
  compareAndSet: true,
  emit: true,
  cancelEvent: true,
  start: true,
  signal: true,
  cancel: true,
  resume: true,
  result: true,
  advance: true,
};

/**
 * The step a value spells, or undefined. Only its shape is looked at: the engine checks
 * types, fields and values.
 */
export function stepFrom(value: unknown): Step | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const members = new Map<string, unknown>(Object.entries(value));
  const settle = members.get("settle");
  if (settle === true || typeof settle === "number") {
    const max = members.get("max"),
      leave = members.get("leave");
    return {
      settle,
      ...(typeof max === "number" ? { max } : {}),
      ...(typeof leave === "number" ? { leave } : {}),
    };
  }
  const csv = members.get("csv"),
    type = members.get("type");
  if (typeof csv === "string") return { csv, ...(typeof type === "string" ? { type } : {}) };
  const fire = members.get("fire"),
    advance = members.get("advance"),
    kind = members.get("kind");
  if (typeof fire === "number") return { fire };
  if (typeof advance === "string") return { advance };
  return typeof kind === "string" && Object.hasOwn(inputKinds, kind)
    ? ({ ...value, kind } as Input)
    : undefined;
}
