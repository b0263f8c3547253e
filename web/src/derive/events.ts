// The events of a session, and everything that each of them set off.

import type { Fields, TraceRecord } from "reticle";

export interface EventLine {
  position: number;
  /** Its id; of a changed property there is none in the records. */
  event: string;
  type: string;
  subject: string;
  data: Fields;
  origin: number;
}

/** The newest events among the first `position` records, newest first. */
export function eventsOf(records: TraceRecord[], position: number, most: number): EventLine[] {
  const lines: EventLine[] = [];
  for (let at = Math.min(position, records.length); at > 0 && lines.length < most; at--) {
    const record = records[at - 1];
    if (record?.kind === "event" && record.phase === "raised") {
      const { event, type, data, origin, subject = "" } = record;
      lines.push({ position: at, event, type, subject, data, origin });
    } else if (record?.kind === "property") {
      const { property, old, new: now, subject, origin } = record;
      const type = `${property} changed`;
      lines.push({ position: at, event: "", type, subject, data: { old, new: now }, origin });
    }
  }
  return lines;
}

/** A record of a cascade; `depth`: how many of the others stand between it and the input. */
export interface CascadeLine {
  position: number;
  record: TraceRecord;
  depth: number;
}

/** How matches move through the network is the network's story. */
const toldElsewhere: ReadonlySet<string> = new Set(["memory", "settled", "timer", "focus"]);

/**
 * Everything with the same origin as the record at `position`, in order, each below its cause. A
 * new worker counts from the beginning: its records are no part of a cascade before it.
 */
export function cascadeTree(records: TraceRecord[], position: number, most: number): CascadeLine[] {
  const origin = records[position - 1]?.origin;
  if (origin === undefined) return [];
  let first = position - 1;
  const isHere = (record: TraceRecord | undefined) => record && record.kind !== "recover";
  while (first > 0 && isHere(records[first - 1]) && (records[first]?.seq ?? 0) > origin) first--;
  const depths = new Map<number, number>();
  const lines: CascadeLine[] = [];
  for (let at = first; at < records.length && lines.length < most; at++) {
    const record = records[at];
    if (!record || (at > first && record.kind === "recover")) break;
    if (record.origin !== origin) continue;
    const isRoot = record.cause === record.seq;
    const depth = isRoot ? 0 : (depths.get(record.cause) ?? -1) + 1;
    const isShown = !toldElsewhere.has(record.kind);
    // What is left out has no level of its own: what it caused stands where it would.
    depths.set(record.seq, isShown ? depth : depth - 1);
    if (isShown) lines.push({ position: at + 1, record, depth });
  }
  return lines;
}
