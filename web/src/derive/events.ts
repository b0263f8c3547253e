// The events of a session, and everything that each of them set off.

import type { Fields, Millis, TraceRecord } from "reticle";
import type { Moment } from "./moment.ts";

export interface EventLine {
  position: number;
  /** Its id; of a changed property there is none in the records. */
  event: string;
  type: string;
  subject: string;
  data: Fields;
  origin: number;
  /** came: had its turn · waits: has it when it is `due` · dropped: never had it. */
  state: "came" | "waits" | "dropped";
  due?: Millis;
}

/**
 * The newest events among the first `position` records, newest first: those that came, changed
 * properties, and those that were taken back while they waited. What a new worker raises again
 * while it reads its journal is shown already.
 */
export function eventsOf(records: TraceRecord[], position: number, most: number): EventLine[] {
  let lines: EventLine[] = [];
  for (let at = Math.min(position, records.length); at > 0 && lines.length < most; at--) {
    const record = records[at - 1];
    if (record?.kind === "event") {
      const { phase, event, type, data, origin, subject = "", due } = record;
      const line = { position: at, event, type, subject, data, origin };
      if (phase === "raised") lines.push({ ...line, state: "came" });
      else if (phase === "dropped")
        lines.push({ ...line, state: "dropped", ...(due === undefined ? {} : { due }) });
    } else if (record?.kind === "property") {
      const { property, old, new: now, subject, origin } = record;
      const type = `${property} changed`;
      const data = { old, new: now };
      lines.push({ position: at, event: "", type, subject, data, origin, state: "came" });
    } else if (record?.kind === "recover")
      lines = lines.filter((line) => line.origin !== record.seq);
  }
  return lines;
}

/** The events that wait at a moment, the next one first. */
export function waitingEvents({ waiting }: Moment): EventLine[] {
  return [...waiting]
    .map(([event, { subject = "", ...each }]) => ({
      ...each,
      ...{ event, subject, state: "waits" as const },
    }))
    .sort((a, b) => a.due - b.due || a.position - b.position);
}

/** A record of a cascade; `depth`: how many of the others stand between it and the input. */
interface CascadeLine {
  position: number;
  record: TraceRecord;
  depth: number;
}

/** How matches move through the network is the network's story. */
const toldElsewhere: ReadonlySet<string> = new Set(["memory", "settled", "timer", "focus"]);

/** The first lines of a cascade, and how many it has. */
interface Cascade {
  lines: CascadeLine[];
  total: number;
}

/**
 * Everything with the same origin as the record at `position`, in order, each below its cause. A
 * new worker counts from the beginning: its records are no part of a cascade before it.
 */
export function cascadeTree(records: TraceRecord[], position: number, most: number): Cascade {
  const isKnown =
    last?.records === records && last.end === records.length && last.position === position;
  if (!isKnown || last?.most !== most) {
    const cascade = readCascade(records, position, most);
    last = { records, end: records.length, position, most, cascade };
  }
  return last.cascade;
}
/** The open one: every step of the time line asks for it, and for no other. */
let last: {
  records: TraceRecord[];
  end: number;
  position: number;
  most: number;
  cascade: Cascade;
} | null = null;

function readCascade(records: TraceRecord[], position: number, most: number): Cascade {
  const origin = records[position - 1]?.origin;
  if (origin === undefined) return { lines: [], total: 0 };
  let first = position - 1;
  const isHere = (record: TraceRecord | undefined) => record && record.kind !== "recover";
  while (first > 0 && isHere(records[first - 1]) && (records[first]?.seq ?? 0) > origin) first--;
  const depths = new Map<number, number>();
  const lines: CascadeLine[] = [];
  let total = 0;
  for (let at = first; at < records.length; at++) {
    const record = records[at];
    if (!record || (at > first && record.kind === "recover")) break;
    if (record.origin !== origin) continue;
    const isShown = !toldElsewhere.has(record.kind);
    if (isShown) total++;
    if (total > most) continue;
    const isRoot = record.cause === record.seq;
    const depth = isRoot ? 0 : (depths.get(record.cause) ?? -1) + 1;
    // What is left out has no level of its own: what it caused stands where it would.
    depths.set(record.seq, isShown ? depth : depth - 1);
    if (isShown) lines.push({ position: at + 1, record, depth });
  }
  return { lines, total };
}
