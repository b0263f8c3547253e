// Trace records for tests, and random numbers that are always the same.

import type { Fields, TraceRecord, Value } from "reticle";

type Unnumbered<Record> = Record extends TraceRecord
  ? Omit<Record, "seq" | "cause" | "origin">
  : never;

/**
 * Writes trace records the way the engine numbers them, each caused by the one named, or by
 * nothing.
 */
export class Script {
  readonly records: TraceRecord[] = [];

  input(text: string, time = 0): this {
    return this.add({ kind: "input", input: "insert", text, time }, 0);
  }
  assert(fact: number, type: string, fields: Fields, subject?: string): this {
    return this.add({
      kind: "assert",
      fact,
      type,
      fields,
      logical: false,
      ...(subject === undefined ? {} : { subject }),
    });
  }
  update(fact: number, changes: { [field: string]: [Value, Value] }): this {
    return this.add({ kind: "update", fact, changes });
  }
  retract(fact: number, type: string): this {
    return this.add({ kind: "retract", fact, type });
  }
  memory(node: number, count: number, facts: number[], added = true): this {
    return this.add({ kind: "memory", node, added, facts, count });
  }
  ready(
    activation: number,
    rule: number,
    facts: number[],
    salience = 0,
    recency = this.records.length,
  ): this {
    return this.add({ kind: "activation", activation, rule, facts, salience, recency });
  }
  fire(activation: number, rule: number, facts: number[]): this {
    return this.add({ kind: "fire", activation, rule, facts });
  }
  property(
    subject: string,
    fact: number,
    property: string,
    old: null | number | string,
    now: null | number | string,
  ): this {
    return this.add({ kind: "property", fact, subject, property, old, new: now, event: "e1" });
  }
  add(record: Unnumbered<TraceRecord>, cause = this.records.length): this {
    const seq = this.records.length + 1;
    const origin = cause === 0 ? seq : (this.records[cause - 1]?.origin ?? seq);
    // the parts are those of one record
    const numbered = { ...record, seq, cause: cause === 0 ? seq : cause, origin } as TraceRecord;
    this.records.push(numbered);
    return this;
  }
}

/**
 * A generator of numbers that is the same on every machine; a seed makes a failure repeatable.
 */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
