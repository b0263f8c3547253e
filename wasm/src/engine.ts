// The engine as a host sees it: one session, from `open` to `close`.

import { Core } from "./core.js";
import { durationMillis } from "./durations.js";
import { messageOf, ReticleError } from "./errors.js";
import type { HostFunctions } from "./host-loop.js";
import { HostLoop } from "./host-loop.js";
import { warnIfForgotten } from "./lifetime.js";
import type { Heard } from "./listeners.js";
import type { SessionHandle } from "./load.js";
import { encode } from "./load.js";
import { memory } from "./memory.js";
import { compile, Program } from "./program.js";
import type { Store } from "./store.js";
import { Subject } from "./subject.js";
import type {
  Accepted,
  ActivationExplanation,
  ActivationId,
  ActivationView,
  Counters,
  EmitOptions,
  Explanation,
  FactId,
  FactPath,
  FactView,
  Fields,
  Input,
  Millis,
  NumberColumn,
  Output,
  RecoveryReport,
  Replaced,
  RuleMatches,
  RunId,
  RunView,
  SettleOptions,
  SettleReport,
  SourceFile,
  TraceRecord,
  Value,
  WaitingEventView,
  WhyNot,
} from "./types.js";

export interface OpenOptions {
  /**
   * Host functions by the name the rules declare. Those left out stay open: takeOutputs() shows
   * their calls. `host pure` functions must be synchronous.
   */
  functions?: HostFunctions;
  /**
   * Where the journal is kept. What is in it is recovered. The engine closes it. Without a store
   * none is kept, which is faster.
   */
  store?: Store;
  /**
   * "virtual" (the default): time moves only by advance(). "system": it follows Date.now(), and
   * timers fire by themselves.
   */
  clock?: "virtual" | "system";
  /**
   * Where the clock of a new session begins; default 0, 1970-01-01T00:00:00Z, or now with a system
   * clock.
   */
  start?: Millis;
  /**
   * Keeps the trace for takeTrace(), on() and traceDigest(). It grows until taken. Default false.
   */
  trace?: boolean;
  /**
   * Measures the time spent in actions of rules, for counters(). It reads a clock twice a
   * firing. Default false.
   */
  timed?: boolean;
  /** `source` of the CloudEvents that leave; default "reticle". */
  source?: string;
  /**
   * In which order events leave: "fifo" (the default), a cause before its effects, or "nested", an
   * event after those it caused.
   */
  cascade?: "fifo" | "nested";
  /**
   * Which of the activations of one salience fires first; "depth", the newest match, by default.
   * See the package's readme.
   */
  strategy?: "depth" | "breadth" | "lex" | "mea" | "simplicity" | "complexity" | "random";
  /** Of the strategy "random": a whole number; the same one gives the same order. */
  seed?: number;
}

/**
 * Opens a session of compiled rules: a new one, or, when the store holds a journal, the one
 * that was interrupted.
 *
 * @param rules as for `compile`, or a program, which is then shared and not closed by the engine.
 * @throws ReticleError "Compile" with the diagnostics for bad rules, "Corrupt" for a damaged
 *   journal (nothing of it is changed), "Mismatch" for the journal of other rules,
 *   "UnknownFunction" for a function the rules do not declare, "Store" or "Busy" from the store.
 */
export async function open(
  rules: string | SourceFile[] | Program,
  options: OpenOptions = {},
): Promise<Engine> {
  const shared = rules instanceof Program;
  const program = shared ? rules : await compile(rules);
  let session: SessionHandle | undefined;
  try {
    if (!program.ok) throw program.compileError();
    const store = options.store ?? memory();
    const functions = checkedFunctions(program, options.functions ?? {});
    const running = { program };
    session = openSession(running, options, functions.pure);
    const kept = await read(store);
    const recovery = kept.length ? session.recover(kept) : null;
    if (recovery?.truncated) await store.truncate(kept.length - recovery.truncated);
    return new Engine(running, session, store, recovery, functions.impure, options, !shared);
  } catch (error) {
    session?.delete();
    if (!shared) program.close();
    throw error;
  }
}

async function read(store: Store): Promise<Uint8Array> {
  try {
    return await store.read();
  } catch (error) {
    if (error instanceof ReticleError) throw error;
    throw new ReticleError("Store", `the journal could not be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function checkedFunctions(
  program: Program,
  given: HostFunctions,
): { pure: HostFunctions; impure: HostFunctions } {
  const declared = new Map(program.schema.functions.map((each) => [each.name, each]));
  const pure: HostFunctions = {},
    impure: HostFunctions = {};
  for (const [name, perform] of Object.entries(given)) {
    const declaration = declared.get(name);
    if (!declaration) {
      const names = [...declared.keys()].map((each) => `\`${each}\``).join(", ") || "none";
      throw new ReticleError(
        "UnknownFunction",
        `the rules declare no host function \`${name}\`; there are: ${names}`,
        { where: name },
      );
    }
    if (typeof perform !== "function")
      throw new ReticleError("BadInput", `\`${name}\` of functions is not a function`, {
        where: name,
      });
    (declaration.pure ? pure : impure)[name] = perform;
  }
  return { pure, impure };
}

/** @param running what the engine runs, also when its rules are replaced. */
function openSession(
  running: { program: Program },
  options: OpenOptions,
  pure: HostFunctions,
): SessionHandle {
  const {
    trace = false,
    timed = false,
    source = "reticle",
    cascade = "fifo",
    strategy = "depth",
    seed = 0,
    clock = "virtual",
  } = options;
  const start = options.start ?? (clock === "system" ? Date.now() : 0);
  // Called while rules are matched: nothing may be thrown through the module.
  const host = (name: string, json: string): string => {
    try {
      const values = JSON.parse(json) as Value[];
      const params =
        running.program.schema.functions.find((each) => each.name === name)?.params ?? [];
      const args = Object.fromEntries(params.map((param, i) => [param.name, values[i] ?? null]));
      const value = pure[name]?.(args, {
        call: "",
        function: name,
        run: 0,
        step: "",
        attempt: 1,
        key: "",
      });
      if (value instanceof Promise)
        throw new Error(
          `the pure function ${name} answered with a promise; it must be synchronous`,
        );
      return encode(value ?? null);
    } catch (error) {
      return encode({ $error: { code: "RL9001", message: messageOf(error) } });
    }
  };
  const journal = options.store !== undefined;
  return running.program
    .live()
    .open(
      { start, trace, timed, source, cascade, strategy, seed, journal, pure: Object.keys(pure) },
      host,
    );
}

/**
 * One session. Everything that changes it is an input, and every accepted input is in the journal
 * before anything that follows from it leaves.
 */
export class Engine {
  /** The rules it runs now. */
  get program(): Program {
    return this.running.program;
  }
  /** What was read back from the store, or null for a new session. */
  readonly recovery: RecoveryReport | null;
  private readonly core: Core;
  private readonly loop: HostLoop;
  private ownsProgram: boolean;

  /** @internal Engines are made by `open`. */
  constructor(
    private readonly running: { program: Program },
    session: SessionHandle,
    store: Store,
    recovery: RecoveryReport | null,
    functions: HostFunctions,
    { trace = false, clock = "virtual" }: OpenOptions,
    ownsProgram: boolean,
  ) {
    this.recovery = recovery;
    this.ownsProgram = ownsProgram;
    this.core = new Core(session, store, trace);
    this.loop = new HostLoop(this.core, functions, clock);
    // calls that were open are made again without waiting for a settle
    if (recovery) this.loop.arm(0);
    warnIfForgotten.register(this, "an Engine", this);
  }

  /**
   * Hands one input in: taken or refused, but nothing fires yet.
   * @throws ReticleError with the engine's code ("UnknownType", "WrongType", "DuplicateKey",
   *   "BadInput" …) when it is refused; nothing has changed then.
   */
  submit(input: Input): Accepted {
    if (input?.kind !== "advance") this.loop.catchUp();
    return this.core.submit(input);
  }

  /** Inserts a fact. Fields left out take their defaults. @returns its id. @throws as `submit`. */
  insert(type: string, fields: Fields = {}): FactId {
    return this.submit({ kind: "insert", type, fields }).fact ?? 0;
  }
  /**
   * Inserts many facts of one type as one input: all of them or, when one is refused, none.
   * @param columns a list of values for each field, all of one length; typed arrays of numbers
   *   cross into the module as they are. Fields left out take their defaults.
   * @returns their ids, in order. @throws as `submit`; the message says which row is wrong.
   */
  insertAll(type: string, columns: Record<string, NumberColumn | readonly Value[]>): Uint32Array {
    this.loop.catchUp();
    return this.core.insertColumns(type, Object.keys(columns), Object.values(columns));
  }
  /**
   * Changes some fields of a fact that was handed in.
   * @throws as `submit`; "UnknownFact" when it is gone.
   */
  update(fact: FactId, fields: Fields): void {
    this.submit({ kind: "update", fact, fields });
  }
  /** Takes a fact away. @throws as `submit`; "Derived" for one that rules keep. */
  retract(fact: FactId): void {
    this.submit({ kind: "retract", fact });
  }

  /**
   * A subject by name; it need not exist yet.
   * @param type may be left out when the name fits one subject type's `as` pattern.
   */
  subject(name: string, type?: string): Subject {
    const host = {
      submit: (input: Input) => this.submit(input),
      find: (subject: string) => this.view<FactView | null>("subject", { name: subject }),
      property: (subject: string, property: string) =>
        this.view<Value>("property", { subject, name: property }),
    };
    return new Subject(host, name, type);
  }

  /**
   * Subjects in the order of their names, page by page.
   * @param which `type`: of one type; `after`: names behind this one, the last of the page before;
   *   `limit`: at most so many; `having`: properties with these values.
   */
  subjects(
    which: { type?: string; after?: string; limit?: number; having?: Fields } = {},
  ): FactView[] {
    return this.view("subjects", which);
  }

  /**
   * Reports that something happened.
   * @returns the event's id, given or made ("e1", "e2", …).
   * @throws as `submit`.
   */
  emit(type: string, data: Fields = {}, options: EmitOptions = {}): string {
    return this.submit({ kind: "emit", type, data, ...options }).event ?? "";
  }

  /**
   * Whether an event would be taken now; nothing is changed by asking. So several can be taken all
   * or none: ask for each, then submit them, with nothing in between.
   * @throws as `submit` would.
   */
  canTake(event: Extract<Input, { kind: "emit" }>): void {
    this.core.use((session) => session.canTake(event));
  }

  /**
   * Takes an event back that waits for its moment (`after`, `at`), by what `replacing` called it
   * and its subject. Nothing happens when none waits.
   */
  cancelEvent(name: string, subject?: string): void {
    this.submit({ kind: "cancelEvent", name, ...(subject === undefined ? {} : { subject }) });
  }
  /** The events that wait for their moment, soonest first. */
  waitingEvents(): WaitingEventView[] {
    return this.view("waitingEvents");
  }

  /** Starts a run of a flow; a key that is running already gives that run. @throws as `submit`. */
  start(flow: string, args: Fields = {}, key?: string): RunId {
    return (
      this.submit({ kind: "start", flow, args, ...(key === undefined ? {} : { key }) }).run ?? 0
    );
  }

  /**
   * Tells the latest run of a flow and key of an event, and nobody else: a wait of it takes it, now
   * or later. @throws as `submit`; "UnknownRun".
   */
  signal(flow: string, key: string, type: string, data: Fields = {}): RunId {
    return this.submit({ kind: "signal", flow, key, type, data }).run ?? 0;
  }
  /**
   * Ends the latest run of a flow and key: its `on cancel` goes on, or what it did is undone.
   * @throws as `submit`; "UnknownRun".
   */
  cancel(flow: string, key: string): RunId {
    return this.submit({ kind: "cancel", flow, key }).run ?? 0;
  }

  /**
   * The latest run of a flow and key, which has failed, goes on where it failed: steps that have a
   * result keep it, those that failed are tried anew under their idempotency keys.
   * @returns the run.
   * @throws ReticleError UnknownFlow, UnknownRun; BadInput when the run has not failed, or cannot
   * go on there: it failed amid several things, its time was over, or what it did was undone.
   */
  resume(flow: string, key: string): RunId {
    return this.submit({ kind: "resume", flow, key }).run ?? 0;
  }

  /**
   * Fires until nothing is ready, makes the journal durable, performs the calls that were released,
   * hands their results in, and goes on until nothing is ready and none of these calls is open. It
   * does not wait for timers.
   * @returns what fired, over all rounds, and why the last one stopped. With a budget or one
   *   activation the rounds end when that is spent.
   * @throws ReticleError "Store" when the journal cannot be written, "Crashed", "Closed".
   */
  settle(options: SettleOptions = {}): Promise<SettleReport> {
    return this.loop.settle(options);
  }

  /**
   * Fires only: nothing is flushed and no call is made. Outputs wait in takeOutputs(), after
   * flush().
   */
  settleOnce(options: SettleOptions = {}): SettleReport {
    this.loop.catchUp();
    return this.core.settleOnce(options);
  }

  /**
   * Goes on with other rules on the same facts. Rules that mean the same as before keep their
   * activations: what has fired does not fire again. New and changed rules begin with all their
   * matches; what removed and changed ones derived goes. Nothing fires before the next settle. The
   * journal takes the whole state in: from then on it is opened with the new rules.
   *
   * @param rules as for `open`.
   * @throws ReticleError "Compile" for bad rules; "BadInput" when a type that has facts, or a flow
   *   that has runs, is declared otherwise. Nothing has changed then.
   */
  async replaceProgram(rules: string | SourceFile[] | Program): Promise<Replaced> {
    const shared = rules instanceof Program;
    const program = shared ? rules : await compile(rules);
    try {
      if (!program.ok) throw program.compileError();
      const replaced = this.core.replaceProgram(program);
      if (this.ownsProgram) this.running.program.close();
      this.running.program = program;
      this.ownsProgram = !shared;
      return replaced;
    } catch (error) {
      if (!shared) program.close();
      throw error;
    }
  }

  /** Resolves when every entry made so far is in the store. @throws ReticleError "Store". */
  flush(): Promise<void> {
    return this.core.flush();
  }

  /**
   * Outputs whose entries are durable and that were not taken yet: events, and calls of functions
   * that were not given to `open`.
   */
  takeOutputs(): Output[] {
    return this.loop.takeOutputs();
  }

  /**
   * Moves a virtual clock forward, from timer to timer, settling and performing calls at each.
   * @param by milliseconds, or a duration such as "10m".
   * @throws ReticleError "Duration" or "BadInput" for what is neither, and with a system clock,
   *   which moves by itself.
   */
  async advance(by: Millis | string): Promise<SettleReport> {
    return this.loop.advance(typeof by === "string" ? durationMillis(by) : by);
  }

  /**
   * Calls a listener for each thing of a kind from now on; see `Heard`. Listeners are called after
   * the fact and must not block.
   * @returns a function that ends it.
   * @throws ReticleError "NoTrace" for kinds of trace records when the engine was opened
   *   without `trace: true`.
   */
  on<K extends keyof Heard>(kind: K, listener: (what: Heard[K]) => void): () => void {
    if (!this.core.traced && !["fired", "change", "event"].includes(kind)) {
      throw new ReticleError(
        "NoTrace",
        `\`${kind}\` is heard from the trace; open the engine with trace: true`,
      );
    }
    return this.core.listeners.add(kind, listener);
  }

  /** Trace records since the last call, oldest first; none without `trace: true`. */
  takeTrace(): TraceRecord[] {
    return this.core.takeTrace();
  }

  /** Facts in order of id; of one type when named. */
  facts(type?: string): FactView[] {
    return this.view("facts", type === undefined ? {} : { type });
  }
  /** One fact, or undefined when it is gone. */
  fact(fact: FactId): FactView | undefined {
    return this.view<FactView | null>("fact", { fact }) ?? undefined;
  }
  /** What is ready to fire, best first. */
  agenda(): ActivationView[] {
    return this.view("agenda");
  }
  runs(): RunView[] {
    return this.view("runs");
  }
  /** All rows of a query. @throws ReticleError "UnknownQuery", "WrongType". */
  query(name: string, ...args: Value[]): Fields[] {
    return this.view("query", { name, args });
  }
  /** Why a fact is there. @throws ReticleError "UnknownFact". */
  explain(fact: FactId): Explanation {
    return this.view("explain", { fact });
  }
  /**
   * What an activation rests on, and why it waits: ready ones, and those that fired and still
   * match.
   * @throws ReticleError "UnknownActivation".
   */
  explainActivation(activation: ActivationId): ActivationExplanation {
    return this.view("explain", { activation });
  }
  /**
   * Why a rule is not ready to fire, condition by condition: how many facts fit, how many partial
   * matches arrive and go on, what ends them.
   * @param bindings narrows it down: to a fact by its number (`{ o: 12 }`), or to a value of a
   *   field or name (`{ "c.id": "ada", total: 30 }`).
   * @throws ReticleError when there is no such rule, or it binds no such name.
   */
  whyNot(rule: string, bindings?: Fields): WhyNot {
    return this.view("whyNot", bindings === undefined ? { rule } : { rule, bindings });
  }
  /**
   * Which nodes of the network a fact came to, alone or as part of a match, and the test that ends
   * it where it ends.
   * @throws ReticleError "UnknownFact".
   */
  pathOf(fact: FactId): FactPath {
    return this.view("pathOf", { fact });
  }
  /**
   * The partial matches of a rule, condition by condition; at most `most` of each (100).
   * @throws ReticleError when there is no such rule.
   */
  matches(rule: string, most?: number): RuleMatches {
    return this.view("matches", most === undefined ? { rule } : { rule, most });
  }
  /** What the nodes of the network and the rules have done since the session was opened. */
  counters(): Counters {
    return this.view("counters");
  }
  /** How many facts or tokens each node of the network remembers, by node id. */
  memoryCounts(): Int32Array {
    return this.core.use((session) => session.memoryCounts());
  }
  /** The session's clock. */
  now(): Millis {
    return this.core.use((session) => session.now());
  }
  /** When the next timer is due, or null. */
  nextTimer(): Millis | null {
    const next = this.core.use((session) => session.nextTimer());
    return Number.isNaN(next) ? null : next;
  }
  /** Of the whole state: equal states have equal digests, in all builds. */
  digest(): string {
    return this.core.use((session) => session.digest());
  }
  /** Of all trace records so far; meaningful only with `trace: true`. */
  traceDigest(): string {
    return this.core.use((session) => session.traceDigest());
  }

  /**
   * Ends the session and frees its memory; what it did stays in the journal. A second
   * close() does nothing.
   */
  close(): void {
    warnIfForgotten.unregister(this);
    this.loop.stop();
    if (this.isClosed) return;
    this.isClosed = true;
    this.core.close();
    if (this.ownsProgram) this.program.close();
  }
  private isClosed = false;

  [Symbol.dispose](): void {
    this.close();
  }

  private view<T>(what: string, args: object = {}): T {
    return this.core.use((session) => session.view<T>(what, args));
  }
}
