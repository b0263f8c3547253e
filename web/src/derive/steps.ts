// One input, step by step: the positions worth stopping at, and what happened at each, in words.

import type { FactId, ProgramSchema, TraceRecord, TypeSchema } from "reticle";
import { nodeLabel } from "./labels.ts";
import type { Moment } from "./moment.ts";
import { factTitle } from "./moment.ts";
import { capital, countOf, recordWords } from "./words.ts";

/** The records of one input: from `begin` (before its first) to `end` (after its last). */
interface InputSpan {
  begin: number;
  end: number;
}

/**
 * The input that the moment at `position` belongs to, or the last one before it that changed the
 * network; null where none did.
 */
export function spanOfInput(records: TraceRecord[], position: number): InputSpan | null {
  let end = Math.min(position, records.length);
  // The rest of the input that is shown belongs to it.
  while (end < records.length && records[end]?.kind !== "input") end++;
  for (let at = end - 1, moved = false; at >= 0; at--) {
    const record = records[at];
    if (record?.kind === "memory") moved = true;
    if (record?.kind !== "input") continue;
    if (moved) return { begin: at, end };
    end = at;
  }
  return null;
}

const worthAStop: ReadonlySet<string> = new Set([
  "input",
  "assert",
  "update",
  "retract",
  "memory",
  "activation",
  "deactivation",
  "fire",
  "event",
  "run",
  "step",
]);

/** Positions, each after a record that changes what is seen. */
export function stepsOf(records: TraceRecord[], { begin, end }: InputSpan): number[] {
  const steps: number[] = [];
  for (let at = begin; at < end; at++) {
    if (worthAStop.has(records[at]?.kind ?? "")) steps.push(at + 1);
  }
  return steps;
}

/** The fact that a span is about: the first one that it puts in, changes or takes out. */
export function factOfSpan(records: TraceRecord[], { begin, end }: InputSpan): FactId | undefined {
  for (let at = begin; at < end; at++) {
    const record = records[at];
    if (record?.kind === "assert" || record?.kind === "update" || record?.kind === "retract")
      return record.fact;
  }
  return undefined;
}

/** What is seen at the moment of the step. */
interface Seen {
  schema: ProgramSchema | null;
  moment: Moment;
  types: Map<string, TypeSchema>;
}
type Memory = Extract<TraceRecord, { kind: "memory" }>;

/** What the record before a position did, as a sentence about the network. */
export function stepWords(record: TraceRecord, { schema, moment, types }: Seen): string {
  if (record.kind === "input") return `From outside comes ${record.text || record.input}.`;
  if (record.kind !== "memory" || !schema) {
    const words = recordWords(record, schema);
    return `${capital(words)}.`;
  }
  const who = record.facts.map((fact) => titleOf(fact, moment, types)).join(" + ") || "The match";
  const [one, many] = isAlpha(record, schema) ? ["fact", "facts"] : ["match", "matches"];
  const holds = `It holds ${countOf(record.count, one, many)} now.`;
  return record.added
    ? `${takenIn(record, schema, who)} ${holds}`
    : `${nameOf(record, schema)} gives up ${who}. ${holds}`;
}

const titleOf = (fact: FactId, moment: Moment, types: Seen["types"]): string => {
  const found = moment.facts.get(fact);
  return found ? factTitle(found, types) : `fact ${fact}`;
};

const isAlpha = ({ node }: Memory, { network }: ProgramSchema): boolean =>
  ["type", "test", "newest"].includes(network.nodes[node]?.kind ?? "");

function nameOf({ node }: Memory, schema: ProgramSchema): string {
  const found = schema.network.nodes[node];
  return found ? `\u201c${nodeLabel(found, schema)}\u201d` : `Node ${node}`;
}

function takenIn(record: Memory, schema: ProgramSchema, who: string): string {
  const node = schema.network.nodes[record.node];
  const name = nameOf(record, schema);
  switch (node?.kind) {
    case "type":
      return `${who} comes to its type.`;
    case "test":
      return `${name} is true for ${who}.`;
    case "newest":
      return `${who} is among the newest.`;
    case "join":
      return node.left === undefined
        ? `${who} begins a match: ${name}.`
        : `${who} fit together: ${name}.`;
    case "not":
    case "not group":
      return `Nothing stands in the way of ${who}: ${name}.`;
    case "exists":
    case "exists group":
      return `${who} finds what it needs: ${name}.`;
    case "accumulate":
      return `${who} has a new result: ${name}.`;
    case "filter":
    case "wait":
      return `${name} is true for ${who}.`;
    case "production":
      return `${who} is a match of the rule ${name}.`;
    default:
      return `${name} takes in ${who}.`;
  }
}
