// What caused a record, and what it caused.

import type { FactId, TraceRecord } from "reticle";

/**
 * Position of the record that made the one at `position` happen; 0 when nothing in the session did.
 * Numbers restart with a new worker.
 */
export function causePosition(records: TraceRecord[], position: number): number {
  const record = records[position - 1];
  if (!record || record.cause === record.seq) return 0;
  // Mostly nothing is missing between the two.
  const likely = position - (record.seq - record.cause);
  if (likely < position && records[likely - 1]?.seq === record.cause) return likely;
  for (let index = position - 2; index >= 0; index--)
    if (records[index]?.seq === record.cause) return index + 1;
  return 0;
}

/** The chain from a record back to the input it began with, nearest first. */
export function causeChain(records: TraceRecord[], position: number): number[] {
  const chain: number[] = [];
  for (
    let at = causePosition(records, position);
    at > 0 && chain.length < 50;
    at = causePosition(records, at)
  )
    chain.push(at);
  return chain;
}

/** What a record caused directly, up to a position. */
export function effectsOf(records: TraceRecord[], position: number, end: number): number[] {
  const seq = records[position - 1]?.seq;
  const effects: number[] = [];
  for (let index = position; index < end; index++) {
    const record = records[index];
    if (record?.kind === "recover") break;
    if (record?.cause === seq && record?.seq !== seq) effects.push(index + 1);
  }
  return effects;
}

/** The position at which a fact came to be. */
export function assertedAt(records: TraceRecord[], fact: FactId, position: number): number {
  for (let index = Math.min(position, records.length) - 1; index >= 0; index--) {
    const record = records[index];
    if (record?.kind === "assert" && record.fact === fact) return index + 1;
  }
  return 0;
}
