// All records of a session, with the moments between them.

import type { Millis, TraceRecord } from "reticle";
import type { Moment } from "./moment.ts";
import { copyMoment, emptyMoment, fold } from "./moment.ts";

const checkpointEvery = 500;

/** How many at the beginning of a list satisfy what all before them do, and none after them. */
export function countWhile<Item>(list: readonly Item[], holds: (item: Item) => boolean): number {
  let low = 0,
    high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = list[middle];
    if (item !== undefined && holds(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}

type MarkKind = "input" | "fire" | "change" | "step" | "crash";
export interface Mark {
  position: number;
  kind: MarkKind;
}

/**
 * All trace records of a session and the moments between them.
 *
 * Invariants:
 *   (1) Position p is the moment after the first p records, whichever way it was reached.
 *   (2) The moment handed out last is the one kept; asking for another gives that one up.
 */
export class Timeline {
  readonly records: TraceRecord[] = [];
  readonly marks: Mark[] = [];
  /** Positions at which an input has been dealt with completely; 0 and the end are among them. */
  private readonly boundaries: number[] = [0];
  private readonly checkpoints: Moment[];
  /**
   * Moments that do not follow from the records before them: what a new worker read back from the
   * journal.
   */
  private readonly recovered = new Map<number, Moment>();
  private current: Moment;

  constructor(clock: Millis) {
    this.current = emptyMoment(clock);
    this.checkpoints = [copyMoment(this.current)];
  }

  get length(): number {
    return this.records.length;
  }

  append(records: TraceRecord[]): void {
    for (const record of records) {
      if (record.kind === "input" && this.records.length > 0) this.addBoundary(this.records.length);
      this.records.push(record);
      const kind = markOf(record);
      if (kind) this.marks.push({ position: this.records.length, kind });
    }
  }

  /** From here on the session is what `moment` says. */
  recover(moment: Moment): void {
    const position = this.records.length;
    this.recovered.set(position, { ...copyMoment(moment), position });
    while ((this.checkpoints.at(-1)?.position ?? 0) >= position && this.checkpoints.length > 1)
      this.checkpoints.pop();
    this.checkpoints.push({ ...copyMoment(moment), position });
    this.current = { ...copyMoment(moment), position };
    this.marks.push({ position, kind: "crash" });
    this.addBoundary(position);
  }

  at(position: number): Moment {
    const wanted = Math.max(0, Math.min(position, this.records.length));
    if (this.current.position > wanted || this.nearest(wanted).position > this.current.position) {
      this.current = copyMoment(this.nearest(wanted));
    }
    while (this.current.position < wanted) {
      const record = this.records[this.current.position];
      if (!record) break;
      fold(this.current, record);
      const reset = this.recovered.get(this.current.position);
      if (reset) this.current = copyMoment(reset);
      const last = this.checkpoints.at(-1)?.position ?? 0;
      // A copy is as large as the moment: the larger it is the rarer it is made.
      if (this.current.position >= last + Math.max(checkpointEvery, sizeOf(this.current)))
        this.checkpoints.push(copyMoment(this.current));
    }
    return this.current;
  }

  previousBoundary(position: number): number {
    return this.boundaries[countWhile(this.boundaries, (each) => each < position) - 1] ?? 0;
  }
  nextBoundary(position: number): number {
    const next = countWhile(this.boundaries, (each) => each <= position);
    return this.boundaries[next] ?? this.records.length;
  }

  private nearest(position: number): Moment {
    const count = countWhile(this.checkpoints, (each) => each.position <= position);
    return this.checkpoints[Math.max(0, count - 1)] ?? emptyMoment(0);
  }

  private addBoundary(position: number): void {
    if (this.boundaries.at(-1) !== position) this.boundaries.push(position);
  }
}

function sizeOf({ facts, agenda, counts, runs }: Moment): number {
  return facts.size + agenda.size + counts.size + runs.size;
}

function markOf(record: TraceRecord): MarkKind | null {
  switch (record.kind) {
    case "input":
      return "input";
    case "fire":
      return "fire";
    case "property":
    case "update":
      return "change";
    case "step":
      return "step";
    case "recover":
      return "crash";
    default:
      return null;
  }
}
