// The properties of subjects as lanes of changes, derived from the records.

import type { FactId, TraceRecord, Value } from "reticle";
import { changesOf } from "./changes.ts";

/** One change of one property: where a line of the subject's lane comes from. */
export interface LaneChange {
  position: number;
  old: Value;
  new: Value;
  /** set: the first value · changed · unset: no value any more. */
  kind: "set" | "changed" | "unset";
  /** Set quietly: no rule saw an event. */
  muted: boolean;
  cause: number;
}
export interface PropertyLane {
  property: string;
  changes: LaneChange[];
}
export interface SubjectLane {
  subject: string;
  fact: FactId;
  lanes: PropertyLane[];
}

/**
 * The property changes among the first `position` records: a lane per subject, a line per
 * change, oldest first. A change that was made quietly has no record of its own: it is an update
 * of a subject that no property record follows. A new worker that reads its journal back asserts
 * and updates again what the lanes show already; it repeats no property records, so nothing of
 * that is a quiet change.
 */
export function lanesOf(
  records: TraceRecord[],
  position: number,
  builtin: Set<string> = new Set(),
): SubjectLane[] {
  const subjects = new Map<string, Map<string, LaneChange[]>>();
  let readsBack = false;
  const facts = new Map<FactId, string>(),
    ids = new Map<string, FactId>();
  const add = (subject: string, property: string, change: Omit<LaneChange, "kind">) => {
    const lanes = subjects.get(subject) ?? new Map<string, LaneChange[]>();
    subjects.set(subject, lanes);
    const changes = lanes.get(property) ?? [];
    lanes.set(property, changes);
    changes.push({
      ...change,
      kind: change.new === null ? "unset" : change.old === null ? "set" : "changed",
    });
  };
  for (let index = 0; index < Math.min(position, records.length); index++) {
    const record = records[index];
    if (record?.kind === "recover") readsBack = true;
    else if (record?.kind === "input" || record?.kind === "fire" || record?.kind === "settled")
      readsBack = false;
    else if (
      record?.kind === "assert" &&
      record.subject !== undefined &&
      !builtin.has(record.type)
    ) {
      facts.set(record.fact, record.subject);
      ids.set(record.subject, record.fact);
    } else if (record?.kind === "property") {
      readsBack = false;
      ids.set(record.subject, record.fact);
      add(record.subject, record.property, {
        position: index + 1,
        old: record.old,
        new: record.new,
        cause: record.cause,
        muted: false,
      });
    } else if (record?.kind === "update" && !readsBack) {
      const subject = facts.get(record.fact);
      if (subject === undefined) continue;
      const { cause } = record;
      for (const { name, old, new: now } of changesOf(record))
        if (!isTold(records, index, name, now))
          add(subject, name, { position: index + 1, old, new: now, cause, muted: true });
    }
  }
  return [...subjects].map(([subject, lanes]) => ({
    subject,
    fact: ids.get(subject) ?? 0,
    lanes: [...lanes].map(([property, changes]) => ({ property, changes })),
  }));
}

/**
 * Whether a property record says what this update did: it follows before the fact is updated again.
 */
function isTold(records: TraceRecord[], index: number, property: string, now: Value): boolean {
  const update = records[index];
  if (update?.kind !== "update") return false;
  for (let at = index + 1; at < records.length; at++) {
    const record = records[at];
    if (
      record?.kind === "input" ||
      record?.kind === "settled" ||
      (record?.kind === "update" && record.fact === update.fact)
    )
      return false;
    if (record?.kind !== "property" || record.fact !== update.fact) continue;
    if (record.property === property && JSON.stringify(record.new) === JSON.stringify(now))
      return true;
  }
  return false;
}

/**
 * The records of one cascade: everything whose chain begins at the same input, within one
 * life of the worker.
 */
export function cascadeOf(records: TraceRecord[], position: number): number[] {
  const record = records[position - 1];
  if (!record) return [];
  const positions: number[] = [];
  for (let index = 0; index < records.length; index++) {
    if (records[index]?.origin === record.origin) positions.push(index + 1);
  }
  return positions;
}
