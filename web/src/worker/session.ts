// A session as the page drives it.

import type {
  CallInfo,
  CompileResult,
  Engine,
  Fields,
  Output,
  Program,
  SettleReport,
  SourceFile,
  TraceRecord,
  Value,
} from "reticle";
import { compile, open, ReticleError } from "reticle";
import { scriptedAnswer } from "reticle/example";
import type { AskedQuery } from "../derive/query-text.ts";
import { parseDuration } from "../derive/times.ts";
import type {
  BeginAnswer,
  BeginAsk,
  CallMode,
  Notice,
  OpenCall,
  PlayAnswer,
  QueryAnswer,
  Requests,
  Status,
  Views,
} from "../engine/protocol.ts";
import type { HostScript, Step } from "../state/project.ts";
import { isInput } from "../state/project.ts";
import { openJournal } from "./journal.ts";
import { add, defined, noFirings, resultOf, stoppedOnPurpose } from "./report.ts";
import type { Refuse } from "./rows.ts";
import { insertRows } from "./rows.ts";

/** After so many steps it is said how far it is. */
const stepsAtOnce = 500;

type Call = Extract<Output, { kind: "call" }>;

/**
 * One engine and its simulated host, inside the worker.
 *
 * Invariants:
 *   (1) A host function is announced to the page before it is executed, so the page's counters
 *       outlive this worker.
 *   (2) With calls by hand nothing is executed unasked: a released call waits in `openCalls`
 *       until it is answered.
 */
export class Session {
  private program: Program | null = null;
  /** Compiled ahead: a check while typing is followed by a start with the same text. */
  private next: { of: string; program: Program } | null = null;
  private engine: Engine | null = null;
  private closeJournal: () => Promise<void> = () => Promise.resolve();
  private script: HostScript = {};
  private tables: { [file: string]: string } = {};
  private executed = new Map<string, number>();
  private mode: CallMode = "automatic";
  private openCalls: OpenCall[] = [];

  constructor(private readonly notify: (notice: Notice) => void) {}

  async compile(files: SourceFile[]): Promise<CompileResult> {
    this.next?.program.close();
    this.next = { of: JSON.stringify(files), program: await compile(files) };
    return resultOf(this.next.program);
  }

  async begin(ask: BeginAsk): Promise<BeginAnswer> {
    await this.end();
    const program = await this.takeCompiled(ask.files);
    this.program = program;
    if (!program.ok)
      return { compiled: resultOf(program), recovery: null, views: null, storage: "page memory" };
    this.script = ask.host;
    this.executed = new Map(Object.entries(ask.executed));
    this.mode = ask.calls;
    const journal = await openJournal(ask, this.notify);
    this.closeJournal = journal.close;
    this.tables = ask.tables;
    const functions: { [name: string]: (args: Fields, call: CallInfo) => Value } = {};
    for (const { name, pure } of program.schema.functions)
      functions[name] = (args, call) => this.execute(name, args, pure ? null : call);
    this.engine = await open(program, {
      functions,
      store: journal.store,
      clock: "virtual",
      start: ask.start,
      trace: true,
    });
    const recovery = ask.recover ? this.engine.recovery : null;
    return {
      compiled: resultOf(program),
      recovery,
      views: ask.recover ? this.views() : null,
      storage: journal.storage,
    };
  }

  /**
   * Takes the steps in order; a refused one is reported and skipped, since the page shows
   * which it was and why.
   */
  async play(
    steps: Step[],
    maxFirings: number,
    tables: { [file: string]: string } = {},
  ): Promise<PlayAnswer> {
    const answer = noFirings();
    this.tables = { ...this.tables, ...tables };
    for (const step of steps) {
      const left = maxFirings - answer.firings;
      if (left <= 0) {
        answer.limited = true;
        break;
      }
      try {
        add(
          answer,
          await this.take(step, left, (message, code, line) =>
            answer.refusals.push({ index: answer.steps, code, message, ...(line ? { line } : {}) }),
          ),
        );
      } catch (error) {
        if (!(error instanceof ReticleError) || ["Crashed", "Closed", "Store"].includes(error.code))
          throw error;
        answer.refusals.push({ index: answer.steps, code: error.code, message: error.message });
      }
      answer.steps++;
      if (answer.steps % stepsAtOnce === 0) this.tell(answer.steps, steps.length);
    }
    await this.live().flush();
    return answer;
  }

  async reply(ask: Requests["reply"]["ask"]): Promise<PlayAnswer> {
    const engine = this.live();
    const answer = { ...noFirings(), steps: 1 };
    engine.submit({
      kind: "result",
      call: ask.call,
      attempt: ask.attempt,
      ...(ask.reason === undefined
        ? { value: ask.value ?? null }
        : { error: { reason: ask.reason } }),
    });
    this.openCalls = this.openCalls.filter((call) => call.call !== ask.call);
    await engine.flush();
    if (ask.settle) add(answer, await this.settle({}));
    return answer;
  }

  /** Changes who answers host calls; calls already open are still to be answered by hand. */
  setMode(mode: CallMode): void {
    this.mode = mode;
  }

  explain(fact: number) {
    return this.live().explain(fact);
  }
  pathOf(fact: number) {
    return this.live().pathOf(fact);
  }
  explainActivation(activation: number) {
    return this.live().explainActivation(activation);
  }
  agenda() {
    return this.live().agenda();
  }
  whyNot(rule: string) {
    return this.live().whyNot(rule);
  }
  schema() {
    return this.live().program.schema;
  }
  matches(rule: string, most?: number) {
    return this.live().matches(rule, most);
  }
  counters() {
    return this.live().counters();
  }
  query({ name, args }: AskedQuery): QueryAnswer {
    try {
      return { ok: true, rows: this.live().query(name, ...args) };
    } catch (error) {
      if (!(error instanceof ReticleError) || ["Crashed", "Closed"].includes(error.code))
        throw error;
      return { ok: false, message: error.message };
    }
  }

  async tests(files: SourceFile[]) {
    const program = await compile(files);
    try {
      return program.ok ? program.runTests() : [];
    } finally {
      program.close();
    }
  }

  views(): Views {
    const engine = this.live();
    return {
      facts: engine.facts(),
      agenda: engine.agenda(),
      runs: engine.runs(),
      waiting: engine.waitingEvents(),
      counters: [...engine.memoryCounts()],
      now: engine.now(),
    };
  }

  takeTrace(): TraceRecord[] {
    return this.engine?.takeTrace() ?? [];
  }

  status(): Status | null {
    const engine = this.engine;
    return (
      engine && {
        now: engine.now(),
        nextTimer: engine.nextTimer(),
        digest: engine.digest(),
        traceDigest: engine.traceDigest(),
        openCalls: this.openCalls,
      }
    );
  }

  async end(): Promise<void> {
    this.engine?.close();
    this.engine = null;
    await this.closeJournal();
    this.closeJournal = () => Promise.resolve();
    this.program?.close();
    this.program = null;
    this.openCalls = [];
  }

  private async takeCompiled(files: SourceFile[]): Promise<Program> {
    const next = this.next;
    if (next?.of !== JSON.stringify(files)) return compile(files);
    this.next = null;
    return next.program;
  }

  private async take(step: Step, maxFirings: number, refuse: Refuse): Promise<SettleReport | null> {
    const engine = this.live();
    if (isInput(step)) {
      if (step.kind === "result" && this.mode === "automatic") return null; // the script answers
      engine.submit(step);
      if (step.kind !== "result") return null;
      this.openCalls = this.openCalls.filter((call) => call.call !== step.call);
      return this.settle({ maxFirings });
    }
    if ("csv" in step) {
      insertRows(engine, step, this.tables[step.csv], refuse, (done, total) =>
        this.tell(done, total),
      );
      return null;
    }
    if ("fire" in step)
      return stoppedOnPurpose(await this.settle({ maxFirings: 1, activation: step.fire }));
    if ("advance" in step) {
      const by = parseDuration(step.advance);
      if (by === undefined)
        throw new ReticleError(
          "Duration",
          `\`${step.advance}\` is not a duration; write for example 10m or 1h30m`,
        );
      return this.mode === "automatic" ? engine.advance(by) : this.advanceByHand(by);
    }
    const most = step.leave
      ? Math.max(0, engine.agenda().length - step.leave)
      : step.settle === true
        ? step.max
        : step.settle;
    const report = await this.settle({ maxFirings: Math.min(most ?? Infinity, maxFirings) });
    return most !== undefined && most <= maxFirings ? stoppedOnPurpose(report) : report;
  }

  /** From timer to timer, so that what each of them asks the host for is shown at its own time. */
  private async advanceByHand(by: number): Promise<SettleReport> {
    const engine = this.live(),
      target = engine.now() + by;
    const total: SettleReport = { firings: 0, reason: "quiescent", fired: [] };
    for (let isDone = false; !isDone; ) {
      const next = engine.nextTimer(),
        to = next !== null && next < target ? Math.max(next, engine.now()) : target;
      engine.submit({ kind: "advance", to });
      const report = await this.settle({});
      total.firings += report.firings;
      total.fired.push(...report.fired);
      total.reason = report.reason;
      isDone =
        report.reason !== "quiescent" ||
        (to >= target && (engine.nextTimer() ?? Infinity) > target);
    }
    return total;
  }

  private async settle(options: {
    maxFirings?: number;
    activation?: number;
  }): Promise<SettleReport> {
    const engine = this.live();
    const limited =
      options.maxFirings !== undefined && Number.isFinite(options.maxFirings)
        ? options
        : { ...options, maxFirings: undefined };
    if (this.mode === "automatic") return engine.settle(defined(limited));
    const report = engine.settleOnce(defined(limited));
    await engine.flush();
    this.takeCalls();
    return report;
  }

  /**
   * Released calls wait here for the person at the page. Each counts as executed: its request
   * has left the engine.
   */
  private takeCalls(): void {
    for (const output of this.live().takeOutputs())
      if (output.kind === "call") this.openByHand(output);
  }

  private openByHand(call: Call): void {
    this.notify({
      kind: "executing",
      function: call.function,
      call: call.call,
      attempt: call.attempt,
      args: call.args,
      run: call.run,
      step: call.step,
    });
    this.executed.set(call.function, (this.executed.get(call.function) ?? 0) + 1);
    this.openCalls = [
      ...this.openCalls,
      {
        call: call.call,
        attempt: call.attempt,
        function: call.function,
        args: call.args,
        run: call.run,
        step: call.step,
        key: call.key,
      },
    ];
  }

  /**
   * Executes a simulated host function; `call` is null for a pure one, which the rules may ask as
   * often as they like.
   */
  private execute(name: string, args: Fields, call: CallInfo | null): Value {
    const execution = this.executed.get(name) ?? 0;
    this.executed.set(name, execution + 1);
    if (call)
      this.notify({
        kind: "executing",
        function: name,
        call: call.call,
        attempt: call.attempt,
        args,
        run: call.run,
        step: call.step,
      });
    const answer = scriptedAnswer(this.script[name] ?? [], execution);
    if ("fails" in answer) throw new Error(answer.fails);
    return answer.returns;
  }

  /** Says how far it is, and hands over what was recorded meanwhile: not all of it at the end. */
  private tell(done: number, total: number): void {
    this.notify({ kind: "progress", done, total, trace: this.takeTrace() });
  }

  private live(): Engine {
    if (!this.engine)
      throw new ReticleError(
        "NoSession",
        "no rules are running; correct the problems in the rules first",
      );
    return this.engine;
  }
}
