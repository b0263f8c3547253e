// The properties of subjects as lanes of changes, derived from the records.

import type { FactId, TraceRecord, Value } from "reticle";
import { changesOf } from "./changes.ts";
import { countWhile } from "./timeline.ts";

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
 *
 * The records are read once, and on from there as they grow: another position is a cut.
 */
export function lanesOf(
  records: TraceRecord[],
  position: number,
  builtin: Set<string> = new Set(),
): SubjectLane[] {
  const types = [...builtin].join();
  if (last?.reader.records !== records || last.types !== types)
    last = { types, reader: new LaneReader(records, builtin) };
  return last.reader.at(position);
}
let last: { types: string; reader: LaneReader } | null = null;

/** What is known of a subject, in the order of the records. */
interface Known {
  facts: { position: number; fact: FactId }[];
  lanes: Map<string, LaneChange[]>;
}

class LaneReader {
  private readonly subjects = new Map<string, Known>();
  private readonly names = new Map<FactId, string>();
  private readsBack = false;
  private end = 0;
  /**
   * As far as what was read stays so. After it an update stands of which the records do not say yet
   * whether it was quiet.
   */
  private sure = { end: 0, readsBack: false };

  constructor(
    readonly records: TraceRecord[],
    private readonly builtin: Set<string>,
  ) {}

  at(position: number): SubjectLane[] {
    if (this.end !== this.records.length) this.readOn();
    const isThere = (each: { position: number }) => each.position <= position;
    const found: SubjectLane[] = [];
    for (const [subject, known] of this.subjects) {
      const lanes = [...known.lanes].flatMap(([property, all]) => {
        const count = countWhile(all, isThere);
        return count ? [{ property, changes: all.slice(0, count) }] : [];
      });
      const fact = known.facts[countWhile(known.facts, isThere) - 1]?.fact ?? 0;
      if (lanes.length) found.push({ subject, fact, lanes });
    }
    return found;
  }

  private readOn(): void {
    this.forgetUnsure();
    let isSure = true;
    for (this.end = this.sure.end; this.end < this.records.length; this.end++) {
      const before = this.readsBack;
      if (this.take(this.end) || !isSure) continue;
      isSure = false;
      this.sure = { end: this.end, readsBack: before };
    }
    if (isSure) this.sure = { end: this.end, readsBack: this.readsBack };
  }

  private forgetUnsure(): void {
    this.readsBack = this.sure.readsBack;
    const cut = (list: { position: number }[]) => {
      while ((list.at(-1)?.position ?? 0) > this.sure.end) list.pop();
    };
    for (const { facts, lanes } of this.subjects.values())
      for (const list of [facts, ...lanes.values()]) cut(list);
  }

  /** Whether what it read of the record stays so, whatever comes. */
  private take(index: number): boolean {
    const record = this.records[index];
    const position = index + 1;
    switch (record?.kind) {
      case "recover":
        this.readsBack = true;
        break;
      case "input":
      case "fire":
      case "settled":
        this.readsBack = false;
        break;
      case "assert":
        if (record.subject === undefined || this.builtin.has(record.type)) break;
        this.names.set(record.fact, record.subject);
        this.is(record.subject, record.fact, position);
        break;
      case "property": {
        this.readsBack = false;
        const { subject, fact, property, old, new: now, cause } = record;
        this.is(subject, fact, position);
        this.add(subject, property, { position, old, new: now, cause, muted: false });
        break;
      }
      case "update": {
        const subject = this.readsBack ? undefined : this.names.get(record.fact);
        if (subject === undefined) break;
        const { cause } = record;
        let isSure = true;
        for (const { name, old, new: now } of changesOf(record)) {
          const told = isTold(this.records, index, name, now);
          if (told === null) isSure = false;
          if (!told) this.add(subject, name, { position, old, new: now, cause, muted: true });
        }
        return isSure;
      }
    }
    return true;
  }

  private is(subject: string, fact: FactId, position: number): void {
    const { facts } = this.known(subject);
    if (facts.at(-1)?.fact !== fact) facts.push({ position, fact });
  }

  private known(subject: string): Known {
    const known = this.subjects.get(subject) ?? { facts: [], lanes: new Map() };
    this.subjects.set(subject, known);
    return known;
  }

  private add(subject: string, property: string, change: Omit<LaneChange, "kind">): void {
    const { lanes } = this.known(subject);
    const changes = lanes.get(property) ?? [];
    lanes.set(property, changes);
    changes.push({
      ...change,
      kind: change.new === null ? "unset" : change.old === null ? "set" : "changed",
    });
  }
}

/**
 * Whether a property record says what this update did: it follows before the fact is updated again.
 * Null where there are no more records to tell.
 */
function isTold(
  records: TraceRecord[],
  index: number,
  property: string,
  now: Value,
): boolean | null {
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
  return null;
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
