// The host's side of a session: performing the calls it asks for, and moving its clock.

import type { Core } from "./core.js";
import { messageOf, ReticleError } from "./errors.js";
import type { LoopHandle } from "./load.js";
import type { Fields, Millis, Output, RunId, SettleOptions, SettleReport, Value } from "./types.js";

type Call = Extract<Output, { kind: "call" }>;

/** What a host function is given beside its arguments. */
export interface CallInfo {
  call: string;
  function: string;
  run: RunId;
  step: string;
  /** Counts from 1. */
  attempt: number;
  /**
   * The same for every attempt: pass it on to the service that is called, so that doing it twice
   * has the effect of once.
   */
  key: string;
}

/**
 * A host function. What it throws makes the attempt fail with the error's `reason`, or else its
 * message, as reason.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: a function without a result fits, too
export type HostFunction = (args: Fields, call: CallInfo) => Value | void | Promise<Value | void>;
export type HostFunctions = { [name: string]: HostFunction };

/** A timer of the platform can wait no longer; it is then set again. */
const longestWait = 2 ** 31 - 1;

/**
 * Performs the calls an engine asks for and moves its clock.
 *
 * What comes when is decided by the library's own loop (`reticle::HostLoop`), which test blocks and
 * the command go by, too, so all leave the same trace: settle → journal durable → take outputs →
 * perform the calls → submit their results in the calls' order. With a system clock results are
 * submitted as they come, since a slow call must not hold up the others.
 */
export class HostLoop {
  /** Released outputs that no function here performs, for takeOutputs. */
  private leftOver: Output[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly core: Core,
    private readonly functions: HostFunctions,
    private readonly clock: "virtual" | "system",
  ) {}

  async settle(options: SettleOptions): Promise<SettleReport> {
    this.catchUp();
    return this.request(async (loop, report) => {
      this.core.drive(() => loop.begin(options));
      await this.run(loop, report);
    });
  }

  /**
   * Goes to the target from timer to timer, so that a call made by one of them gets its
   * result at its own time.
   */
  async advance(by: Millis): Promise<SettleReport> {
    if (!Number.isFinite(by) || by < 0)
      throw new ReticleError("BadInput", `the clock goes forward by milliseconds, this is ${by}`);
    if (this.clock === "system")
      throw new ReticleError(
        "BadInput",
        "this clock follows the system's; only a virtual clock is moved by advance()",
      );
    const target = this.core.live().now() + by;
    return this.request(async (loop, report) => {
      this.core.drive(() => loop.beginAdvance(target));
      while (this.core.drive(() => loop.moveOn())) await this.run(loop, report);
    });
  }

  takeOutputs(): Output[] {
    const earlier = this.leftOver;
    this.leftOver = [];
    return earlier.concat(this.core.takeOutputs());
  }

  /** With a system clock: moves the session's clock to the present. */
  catchUp(): void {
    if (this.clock === "system" && Date.now() > this.core.live().now())
      this.core.submit({ kind: "advance", to: Date.now() });
  }

  /** With a system clock: wakes up at the next timer. */
  arm(at?: Millis): void {
    clearTimeout(this.timer);
    if (this.clock !== "system" || !this.core.usable) return;
    const next = at ?? this.core.live().nextTimer();
    if (Number.isNaN(next)) return;
    this.timer = setTimeout(
      () => {
        void this.wake();
      },
      Math.min(Math.max(next - Date.now(), 0), longestWait),
    );
    if (typeof this.timer === "object" && "unref" in this.timer) this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async wake(): Promise<void> {
    try {
      await this.settle({});
    } catch (error) {
      if (this.core.usable) throw error; // otherwise the next use of the engine reports it
    }
  }

  /** Carries out one request with a loop of its own, and returns what fired in all its rounds. */
  private async request(
    work: (loop: LoopHandle, report: SettleReport) => Promise<void>,
  ): Promise<SettleReport> {
    const loop = this.core.loop();
    const report: SettleReport = { firings: 0, reason: "quiescent", fired: [] };
    try {
      await work(loop, report);
    } finally {
      loop.delete();
    }
    return report;
  }

  /** Takes the steps of a loop until nothing more comes of it. Adds its rounds to the report. */
  private async run(loop: LoopHandle, report: SettleReport): Promise<void> {
    for (;;) {
      const step = this.core.step(loop);
      if (step.kind === "idle") return this.core.flush();
      if (step.kind === "settled") {
        add(report, step.report);
        await this.core.flush();
        this.arm();
        continue;
      }
      const calls = this.callsOf(step.outputs);
      if (this.clock === "system" && calls.length) {
        await Promise.all(
          calls.map(async (call) => {
            this.answer(loop, call, await this.perform(call));
            await this.run(loop, report);
          }),
        );
        return;
      }
      const answers = calls.map((call) => this.perform(call));
      // biome-ignore lint/style/noNonNullAssertion: there is one answer for each call
      for (const [i, call] of calls.entries()) this.answer(loop, call, await answers[i]!);
    }
  }

  private callsOf(outputs: Output[]): Call[] {
    const calls: Call[] = [];
    for (const output of outputs) {
      if (output.kind !== "call") continue;
      if (Object.hasOwn(this.functions, output.function)) calls.push(output);
      else this.leftOver.push(output);
    }
    return calls;
  }

  private async perform({ args, ...call }: Call): Promise<Outcome> {
    const { call: id, function: name, run, step, attempt, key } = call;
    try {
      // biome-ignore lint/style/noNonNullAssertion: takeCalls lets only calls of known functions in
      const value = await this.functions[name]!(args, {
        call: id,
        function: name,
        run,
        step,
        attempt,
        key,
      });
      return { value: value ?? null };
    } catch (error) {
      return { error: failureOf(error) };
    }
  }

  /** A result that cannot be handed in, a function for one, makes the attempt fail. */
  private answer(loop: LoopHandle, { call, attempt }: Call, outcome: Outcome): void {
    const submit = (what: Outcome): void =>
      this.core.drive(() => loop.submit({ kind: "result", call, attempt, ...what }));
    try {
      submit(outcome);
    } catch (error) {
      if (!(error instanceof ReticleError) || !this.core.usable) throw error;
      if (!["WrongType", "BadInput"].includes(error.code)) throw error;
      submit({ error: { reason: error.message } });
    }
    this.catchUp();
  }
}

type Outcome = { value: Value } | { error: { reason: string; [more: string]: Value } };

function failureOf(thrown: unknown): { reason: string; [more: string]: Value } {
  const hasReason =
    typeof thrown === "object" &&
    thrown !== null &&
    "reason" in thrown &&
    typeof thrown.reason === "string";
  if (!hasReason) return { reason: messageOf(thrown) };
  const { reason } = thrown as { reason: string };
  return thrown instanceof Error
    ? { reason }
    : { ...(thrown as { [more: string]: Value }), reason };
}

function add(total: SettleReport, report: SettleReport): SettleReport {
  total.firings += report.firings;
  total.reason = report.reason;
  for (const fired of report.fired) total.fired.push(fired);
  if (report.cycle) total.cycle = report.cycle;
  if (report.feeds) total.feeds = report.feeds;
  return total;
}
