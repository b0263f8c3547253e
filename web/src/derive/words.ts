// What records, nodes and conditions are in words.

import type { Counters, Fields, NodeSchema, ProgramSchema, TraceBase, TraceRecord } from "reticle";
import type { PlayAnswer } from "../engine/protocol.ts";
import { changesOf } from "./changes.ts";
import { nodeLabel } from "./labels.ts";
import { printValue } from "./moment.ts";
import { printTime } from "./times.ts";

/** What a record says, as a clause that can follow "record 41:". */
export function recordWords(record: TraceRecord, schema: ProgramSchema | null): string {
  const rule = (id: number | undefined) => (id === undefined ? "a rule" : ruleWords(id, schema));
  switch (record.kind) {
    case "input":
      return record.text ? `input: ${record.text}` : `input: ${record.input}`;
    case "recover":
      return `read back ${countOf(record.entries, "journal entry", "journal entries")}`;
    case "assert":
      return (
        `${record.logical ? "derived" : "inserted"} ` +
        `${record.subject ?? record.type} ${fieldWords(record.fields)}`
      );
    case "update":
      return `changed fact ${record.fact}: ${changesOf(record)
        .map(({ name, old, new: now }) => `${name} ${printValue(old)} → ${printValue(now)}`)
        .join(", ")}`;
    case "retract":
      return `retracted ${record.type} (fact ${record.fact})`;
    case "property":
      return (
        `${record.subject}: ${record.property} ` +
        `${printValue(record.old)} → ${printValue(record.new)}`
      );
    case "event":
      return (
        `event ${record.type} ${eventWords[record.phase]}` +
        (record.due === undefined ? "" : `, due at ${printTime(record.due)}`)
      );
    case "memory":
      return (
        `${nodeWords(record.node, schema)} ${record.added ? "took in" : "gave up"} ` +
        `a match; it holds ${record.count}`
      );
    case "activation":
      return `${rule(record.rule)} is ready`;
    case "deactivation":
      return `${rule(record.rule)} is no longer ready`;
    case "fire":
      return `fired ${rule(record.rule)}`;
    case "failure":
      return `${record.code}: ${record.message}`;
    case "log":
      return `log ${record.level}: ${record.text}`;
    case "halt":
      return "a rule said halt";
    case "clock":
      return `the clock says ${printTime(record.time)}`;
    case "timer":
      return `timer ${timerWords[record.phase]} ${printTime(record.due)} ${record.text}`;
    case "run":
      return `run ${record.flow} ${record.key} ${record.status}`;
    case "step":
      return `step ${record.step} ${record.status}${attemptWords(record.attempt)}`;
    case "output":
      return record.output.kind === "call"
        ? `asked the host for ${record.output.function}`
        : `sent ${record.output.event.type}`;
    case "focus":
      return record.group ? `group ${record.group} has the focus` : "no group has the focus";
    case "replace":
      return record.text;
    case "settled":
      if (record.reason === "limit" && record.firings === 0)
        return "fired nothing, though more is ready: it was to stop here";
      return (
        `${settledWords[record.reason]} after ${countOf(record.firings, "firing")}` +
        (record.reason === "limit" ? ", more is ready" : "")
      );
    default:
      return plainWords(record, schema);
  }
}

/** Of a kind without a sentence of its own: the kind, its rule, and its other members by name. */
function plainWords(record: TraceBase & { kind: string }, schema: ProgramSchema | null): string {
  const { kind, seq, cause, origin, rule, ...others } = record;
  const members = Object.entries(others).map(([name, value]) => `${name}: ${printValue(value)}`);
  return [
    kind,
    ...(rule === undefined ? [] : [ruleWords(rule, schema)]),
    ...(members.length ? [`{${members.join(", ")}}`] : []),
  ].join(" ");
}

function ruleWords(rule: number, schema: ProgramSchema | null): string {
  return `\u201c${schema?.rules[rule]?.name ?? `rule ${rule}`}\u201d`;
}

const eventWords = {
  waiting: "waits for its moment",
  dropped: "was taken back",
  raised: "raised",
  begin: "is being matched",
  end: "is gone",
};
const timerWords = { set: "set for", fired: "due at", cancelled: "cancelled, was due at" };
const settledWords = { quiescent: "settled", limit: "paused", halted: "halted" };
const attemptWords = (attempt: number) => (attempt > 1 ? ` (attempt ${attempt})` : "");

/** One sentence for the live region after something was done. */
export function playedWords(
  { fired, firings, refusals, halted }: PlayAnswer,
  ready: number,
): string {
  const first = fired.slice(0, 3).join(", ") + (fired.length > 3 ? ", …" : "");
  const refused = refusals[0] ? `Refused: ${refusals[0].message}. ` : "";
  const done = firings ? `Fired ${firings}: ${first}` : "Nothing fired";
  return `${refused}${done}; ${ready} ready.${halted ? " A rule said halt." : ""}`;
}

/**
 * What a node did since the session began: "12 from the left, 3 from the right · 40 tests · 7
 * made".
 */
export function counterWords(counted: Counters["nodes"][number]): string {
  const { left, right, tests, tokens, memory } = counted;
  const came = [
    left ? `${grouped(left)} from the left` : "",
    right ? `${grouped(right)} from the right` : "",
  ]
    .filter((part) => part)
    .join(", ");
  const parts = [
    came,
    // Nodes of types and tests have no sides: what they hold is what came.
    !came && memory ? `holds ${grouped(memory)}` : "",
    tests ? countOf(tests, "test") : "",
    tokens ? `${grouped(tokens)} made` : "",
  ].filter((part) => part);
  return parts.join(" · ") || "nothing has come here yet";
}

export function nodeWords(node: number, schema: ProgramSchema | null): string {
  const found = schema?.network.nodes[node];
  return found && schema ? `${kindWordsOf(found)} ${nodeLabel(found, schema)}` : `node ${node}`;
}

const kindWords = {
  type: "fact type",
  test: "test",
  newest: "newest ones",
  join: "join",
  not: "negation",
  exists: "existence",
  "not group": "negation",
  "exists group": "existence",
  either: "either",
  accumulate: "accumulation",
  each: "each",
  let: "let",
  filter: "filter",
  wait: "wait",
  since: "since",
  end: "end of a group",
  production: "rule",
} as const;

/** A join with one input joins nothing: it is where the matches of a rule begin. */
export function kindWordsOf({ kind, left }: Pick<NodeSchema, "kind" | "left">): string {
  return kind === "join" && left === undefined ? "first pattern" : kindWords[kind];
}

export function fieldWords(fields: Fields, most = 4): string {
  const entries = Object.entries(fields);
  const shown = entries.slice(0, most).map(([name, value]) => `${name}: ${printValue(value)}`);
  return `{${shown.join(", ")}${entries.length > most ? ", …" : ""}}`;
}

export const capital = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);

/** For XML, and what reads its entities; how a quote is written is the reader's. */
export function escaped(words: string, quote = "&quot;"): string {
  return words
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', quote);
}

export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

const format = new Intl.NumberFormat("en");

/** "1,024". A thousand of these are made for one picture: `toLocaleString` would be its cost. */
export function grouped(count: number): string {
  return count < 1_000 && Number.isInteger(count) && count >= 0
    ? String(count)
    : format.format(count);
}
