// A session together with its journal: what is taken in, what is kept, what is let out, and when.

import { messageOf, ReticleError } from "./errors.js";
import { Listeners } from "./listeners.js";
import type { LoopHandle, LoopStep, SessionHandle } from "./load.js";
import type { Program } from "./program.js";
import type { Store } from "./store.js";
import type {
  Accepted,
  Input,
  NumberColumn,
  Output,
  Replaced,
  SettleOptions,
  SettleReport,
  TraceRecord,
} from "./types.js";

/**
 * A session and its journal's store.
 *
 * Invariants:
 *   (1) Outputs are taken only after the entry that holds them is in the store.
 *   (2) Appends follow one another: bytes stand in the store in the order they were made.
 *   (3) After a failed append nothing more is taken in or let out: opening the store again
 *       shows what was kept.
 */
export class Core {
  readonly listeners = new Listeners();
  private ended: ReticleError | undefined;
  private flushing: Promise<void> = Promise.resolve();
  private pendingFlushes = 0;
  private records: TraceRecord[] = [];
  /** Taken from the session and not yet in the store. */
  private unwritten: Uint8Array;

  constructor(
    private readonly session: SessionHandle,
    private readonly store: Store,
    readonly traced: boolean,
  ) {
    // The one who takes the journal keeps it: from now on outputs wait until it is said to be
    // durable.
    this.unwritten = session.takeJournal();
  }

  /** The session, if it may still be used. @throws ReticleError "Closed", "Crashed" or "Store". */
  live(): SessionHandle {
    if (this.ended)
      throw new ReticleError(this.ended.code, this.ended.message, { cause: this.ended });
    return this.session;
  }

  get usable(): boolean {
    return this.ended === undefined;
  }

  /** Like `live`, and remembers a crash, after which everything is refused. */
  use<T>(work: (session: SessionHandle) => T): T {
    const session = this.live();
    try {
      return work(session);
    } catch (error) {
      if (error instanceof ReticleError && error.code === "Crashed") this.end(error);
      throw error;
    }
  }

  submit(input: Input): Accepted {
    const answer = this.use((session) => session.submit(input));
    this.hearTrace();
    if (!answer.ok) throw ReticleError.from(answer.error);
    return answer;
  }

  insertColumns(
    type: string,
    names: string[],
    columns: (NumberColumn | readonly unknown[])[],
  ): Uint32Array {
    const facts = this.use((session) => session.insertColumns(type, names, columns));
    this.hearTrace();
    return facts;
  }

  settleOnce(options: SettleOptions): SettleReport {
    const report = this.use((session) => session.settle(options));
    this.hearFired(report);
    this.hearTrace();
    return report;
  }

  /** The loop of one request; the caller ends it. */
  loop(): LoopHandle {
    return this.use((session) => session.loop());
  }

  /** Works on a loop, and lets listeners hear of what it led to. */
  drive<T>(work: () => T): T {
    const result = this.use(work);
    this.hearTrace();
    return result;
  }

  /** The next step of a loop; listeners hear of what it did. */
  step(loop: LoopHandle): LoopStep {
    const step = this.use(() => loop.next());
    if (step.kind === "settled") this.hearFired(step.report);
    if (step.kind === "outputs") this.hearOutputs(step.outputs);
    this.hearTrace();
    return step;
  }

  private hearFired(report: SettleReport): void {
    if (!this.listeners.has("fired")) return;
    for (const fired of report.fired) this.listeners.tell("fired", fired);
  }

  replaceProgram(program: Program): Replaced {
    const replaced = this.use((session) => session.replaceProgram(program.live()));
    this.hearTrace();
    return replaced;
  }

  flush(): Promise<void> {
    this.pendingFlushes++;
    const flushed = this.flushing
      .then(() => this.flushNow())
      .finally(() => {
        this.pendingFlushes--;
      });
    this.flushing = flushed.catch(() => {});
    return flushed;
  }

  private async flushNow(): Promise<void> {
    const bytes = this.takeUnwritten();
    if (bytes.length) {
      try {
        await this.store.append(bytes);
      } catch (error) {
        const failure =
          error instanceof ReticleError
            ? error
            : new ReticleError("Store", `the journal could not be written: ${messageOf(error)}`, {
                cause: error,
              });
        this.end(failure);
        throw failure;
      }
    }
    this.use((session) => session.journalDurable());
  }

  private takeUnwritten(): Uint8Array {
    const earlier = this.unwritten;
    const rest = this.use((session) => session.takeJournal());
    if (earlier.length === 0) return rest;
    this.unwritten = new Uint8Array();
    const bytes = new Uint8Array(earlier.length + rest.length);
    bytes.set(earlier);
    bytes.set(rest, earlier.length);
    return bytes;
  }

  /** Released outputs; listeners hear of the events among them. */
  takeOutputs(): Output[] {
    const outputs = this.use((session) => session.takeOutputs<Output[]>());
    this.hearOutputs(outputs);
    return outputs;
  }

  private hearOutputs(outputs: Output[]): void {
    for (const output of outputs) {
      if (output.kind !== "event") continue;
      const { event } = output;
      this.listeners.tell("event", event);
      if (event.propertyname === undefined) continue;
      this.listeners.tell("change", {
        subject: event.subject ?? "",
        property: event.propertyname,
        old: event.data.old_value ?? null,
        new: event.data.value ?? null,
        event,
      });
    }
  }

  takeTrace(): TraceRecord[] {
    const earlier = this.records;
    this.records = [];
    const rest = this.use((session) => session.takeTrace<TraceRecord[]>());
    return earlier.length ? earlier.concat(rest) : rest;
  }

  /**
   * Records are fetched as they are made only while somebody listens; otherwise they wait in the
   * module for takeTrace.
   */
  private hearTrace(): void {
    if (!this.traced || !this.listeners.trace) return;
    const records = this.use((session) => session.takeTrace<TraceRecord[]>());
    for (const record of records) this.records.push(record);
    for (const record of records) this.listeners.tellTrace(record);
  }

  /**
   * Writes what is not yet in the store, as far as that goes without waiting for others, then
   * lets go of everything.
   */
  close(): void {
    const wasUsable = this.usable;
    const bytes = wasUsable ? this.takeUnwritten() : new Uint8Array();
    this.end(new ReticleError("Closed", "this engine was closed; open a new one"));
    this.session.delete();
    const finish = () => {
      const appended = bytes.length ? this.store.append(bytes) : undefined;
      return appended ? appended.then(() => this.store.close()) : this.store.close();
    };
    const complain = (error: unknown) => {
      console.warn(`reticle: the journal could not be closed: ${messageOf(error)}`);
    };
    if (this.pendingFlushes) {
      this.flushing.then(finish).catch(complain);
      return;
    }
    try {
      finish()?.catch(complain);
    } catch (error) {
      complain(error);
    }
  }

  private end(reason: ReticleError): void {
    this.ended ??= reason;
  }
}
