// What can be listened to, and who listens.

import type { ActivationId, CloudEvent, FactId, TraceRecord, Value } from "./types.js";

/** An activation that fired. */
export interface Fired {
  rule: string;
  activation: ActivationId;
  facts: FactId[];
}

/** A reactive property took a different value, and the change is durable. */
export interface PropertyChange {
  subject: string;
  property: string;
  old: Value;
  new: Value;
  event: CloudEvent;
}

/**
 * What `engine.on` can listen to. "fired", "change" and "event" need no trace; "event" is what
 * leaves the engine, a CloudEvents envelope (the trace's own records of events are heard under
 * "trace"). The other names are kinds of trace records and need `trace: true`.
 */
export type Heard = {
  fired: Fired;
  change: PropertyChange;
  event: CloudEvent;
  trace: TraceRecord;
} & { [K in Exclude<TraceRecord["kind"], "event">]: Extract<TraceRecord, { kind: K }> };

type Listener = (what: never) => void;

/**
 * Who listens to what. A listener that throws is reported like any uncaught error and does not
 * disturb the others.
 */
export class Listeners {
  private readonly byKind = new Map<string, Set<Listener>>();

  add(kind: string, listener: Listener): () => void {
    const set = this.byKind.get(kind) ?? new Set();
    this.byKind.set(kind, set.add(listener));
    return () => {
      set.delete(listener);
    };
  }

  has(kind: string): boolean {
    return (this.byKind.get(kind)?.size ?? 0) > 0;
  }

  /** True when there is a listener for trace records. */
  get trace(): boolean {
    for (const [kind, set] of this.byKind)
      if (set.size && !["fired", "change", "event"].includes(kind)) return true;
    return false;
  }

  tell<K extends keyof Heard>(kind: K, what: Heard[K]): void {
    for (const listener of [...(this.byKind.get(kind) ?? [])]) {
      try {
        (listener as (what: Heard[K]) => void)(what);
      } catch (error) {
        if (typeof reportError === "function") reportError(error);
        else
          queueMicrotask(() => {
            throw error;
          });
      }
    }
  }

  tellTrace(record: TraceRecord): void {
    this.tell("trace", record);
    if (record.kind !== "event") this.tell(record.kind, record as never);
  }
}
