// What the page asks of the engine, in order, and what the store learns from the answers.

import type { ActivationId, SourceFile, TraceRecord, Value } from "reticle";
import { recoveredMoment } from "../derive/moment.ts";
import { printDuration } from "../derive/times.ts";
import { countOf, playedWords } from "../derive/words.ts";
import type { Project, Step } from "../state/project.ts";
import { sourcesOf } from "../state/project.ts";
import type { Question } from "../state/questions.ts";
import type { State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { EngineClient, EngineProblem } from "./client.ts";
import { accountOf, Mirror } from "./crash.ts";
import type { CallMode, Notice, PlayAnswer, Refusal, Status } from "./protocol.ts";
import { RuleText, withEdits } from "./rule-text.ts";

const checkAfter = 150;
const mostFirings = { unasked: 2_000, asked: 10_000 };

/**
 * Carries out what the page asks of the engine, one thing after the other, and dispatches the
 * results to the store.
 *
 * A crash does not wait: it ends the worker at once, whatever is under way is refused, and a new
 * worker goes on from the journal.
 */
export class Driver {
  private client: EngineClient;
  private queue: Promise<void> = Promise.resolve();
  private timer: ReturnType<typeof setTimeout> | undefined;
  /**
   * While a session starts anew its records wait here, so that the old picture stays until
   * the new one is whole.
   */
  private collected: { records: TraceRecord[]; status: Status | null } | null = null;
  private readonly mirror = new Mirror();
  private readonly ruleText: RuleText;
  private restarts = 0;

  constructor(
    private readonly store: Store,
    private readonly journal: string,
  ) {
    this.client = this.newClient();
    this.ruleText = new RuleText(store, () => this.client);
  }

  /** Opens a project; resolves when its inputs have been played. */
  open(project: Project, source: string, banner: State["banner"] = null): Promise<void> {
    this.store.dispatch({ kind: "open project", project, source, banner });
    return this.restart(project.inputs);
  }

  edit(files: SourceFile[]): void {
    this.store.dispatch({ kind: "go live" });
    this.store.dispatch({ kind: "edit files", files });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.restart(this.store.get().steps), checkAfter);
  }

  /** Plays other inputs from the start. */
  replay(steps: Step[]): Promise<void> {
    this.store.dispatch({ kind: "go live" });
    this.store.dispatch({ kind: "edit steps", steps });
    return this.restart(steps);
  }

  reset(): Promise<void> {
    return this.replay(this.store.get().project.inputs);
  }
  run(): Promise<unknown> {
    return this.perform([{ settle: true }]);
  }
  fireNext(): Promise<unknown> {
    return this.perform([{ settle: true, max: 1 }]);
  }
  fire(activation: ActivationId): Promise<unknown> {
    return this.perform([{ fire: activation }]);
  }
  advance(by: string): Promise<unknown> {
    return this.perform([{ advance: by }]);
  }

  advanceToTimer(): Promise<unknown> {
    const status = this.store.get().engine.status;
    if (status?.nextTimer == null) {
      this.store.dispatch({
        kind: "announce",
        text: "No timer is set, so there is nothing to advance to.",
      });
      return Promise.resolve();
    }
    return this.advance(printDuration(Math.max(1, status.nextTimer - status.now)));
  }

  /** Does more to the running session; resolves to the refusals. */
  async perform(steps: Step[]): Promise<Refusal[]> {
    let refusals: Refusal[] = [];
    await this.enqueue(async () => {
      this.store.dispatch({ kind: "go live" });
      this.store.dispatch({ kind: "phase", phase: "working" });
      const answer = await this.client.request("play", { steps, maxFirings: mostFirings.asked });
      refusals = answer.refusals;
      const refused = new Set(refusals.map(({ index }) => index));
      this.store.dispatch({
        kind: "steps taken",
        steps: steps.filter((_, index) => !refused.has(index)),
      });
      this.played(answer);
    });
    return refusals;
  }

  reply(
    call: string,
    attempt: number,
    answer: { value: Value } | { reason: string },
    settle: boolean,
  ): Promise<void> {
    return this.enqueue(async () => {
      this.store.dispatch({ kind: "go live" });
      const result = await this.client.request("reply", { call, attempt, settle, ...answer });
      const more =
        "value" in answer ? { value: answer.value } : { error: { reason: answer.reason } };
      this.store.dispatch({
        kind: "steps taken",
        steps: [{ kind: "result", call, attempt, ...more }],
      });
      this.played(result);
    });
  }

  setCalls(mode: CallMode): Promise<void> {
    this.store.dispatch({ kind: "calls", mode });
    return this.enqueue(async () => {
      await this.client.request("calls", { mode });
    });
  }

  /** Asks about the session as it is; the same question about the same state goes out once. */
  ask(question: Question): void {
    const { revision } = this.store.get();
    if (revision !== this.asked.revision) this.asked = { revision, questions: new Set() };
    const key = JSON.stringify(question);
    if (this.asked.questions.has(key)) return;
    this.asked.questions.add(key);
    void this.enqueue(() => this.answer(question), false);
  }
  private asked = { revision: -1, questions: new Set<string>() };

  private async answer(question: Question): Promise<void> {
    switch (question.kind) {
      case "explain": {
        const explanation = await this.client.request("explain", { fact: question.fact });
        return this.store.dispatch({ kind: "explained", explanation });
      }
      case "why not": {
        const whyNot = await this.client.request("whyNot", { rule: question.rule });
        return this.store.dispatch({ kind: "why not", whyNot });
      }
      case "counters": {
        const counters = await this.client.request("counters", null);
        return this.store.dispatch({ kind: "counted", counters });
      }
    }
  }

  runTests(): Promise<void> {
    this.store.dispatch({ kind: "tests running" });
    return this.enqueue(async () => {
      const reports = await this.client.request("tests", {
        files: sourcesOf(this.store.get().project),
      });
      this.store.dispatch({ kind: "tests ran", reports });
      const passed = reports.filter((report) => report.passed).length;
      this.store.dispatch({
        kind: "announce",
        text:
          `${countOf(reports.length, "test")}: ${passed} ` +
          `passed, ${reports.length - passed} failed.`,
      });
    });
  }

  /** Asks the language service about the rules as typed; not queued behind the session's work. */
  language(method: string, params: object): Promise<unknown> {
    return this.ruleText.request(method, params);
  }

  /** Gives a file the one layout there is; rules with syntax errors stay as they are. */
  async format(file: string): Promise<void> {
    const edits = await this.ruleText.layoutEdits(file);
    const { files } = this.store.get().project;
    const next = withEdits(files, file, edits);
    if (JSON.stringify(next) !== JSON.stringify(files)) this.edit(next);
    this.store.dispatch({
      kind: "announce",
      text: edits.length
        ? "The rules were laid out."
        : "There is nothing to lay out: the rules have the one layout already, or a mistake.",
    });
  }

  /**
   * Ends the worker in the middle of whatever it does and goes on in a new one, from what the
   * journal holds.
   */
  crash(): Promise<void> {
    const { engine, timeline, program } = this.store.get();
    this.client.terminate();
    this.store.dispatch({ kind: "phase", phase: "crashed" });
    this.store.dispatch({ kind: "announce", text: "The engine's worker was ended." });
    this.client = this.newClient();
    this.queue = Promise.resolve();
    return this.enqueue(async () => {
      const answer = await this.client.request("begin", this.beginAsk(true));
      const { views, recovery } = answer;
      if (!views || !recovery)
        throw new EngineProblem("Recovery", "the journal could not be read back");
      const before = timeline.at(timeline.length);
      const moment = recoveredMoment(
        views,
        before,
        new Map(program.schema?.rules.map(({ name, id }) => [name, id])),
      );
      const account = accountOf(answer.storage, recovery, views, engine);
      this.store.dispatch({ kind: "session recovered", moment, account });
      this.store.dispatch({
        kind: "announce",
        text:
          `A new worker read ${countOf(recovery.entries, "journal entry", "journal entries")} ` +
          `and resumed ${countOf(recovery.runs, "run")}.`,
      });
      if (views.runs.some(({ status }) => status === "running")) {
        await this.client.request("play", {
          steps: [{ settle: true }],
          maxFirings: mostFirings.asked,
        });
      }
    });
  }

  /**
   * Compiles, and when the rules are right begins again and plays `steps`. With mistakes in them
   * the last session goes on.
   */
  private restart(steps: Step[]): Promise<void> {
    const mine = ++this.restarts;
    return this.enqueue(async () => {
      if (mine !== this.restarts) return; // typed on meanwhile
      const files = sourcesOf(this.store.get().project);
      const result = await this.client.request("compile", { files });
      if (mine !== this.restarts) return;
      this.store.dispatch({ kind: "phase", phase: "working" });
      if (!result.ok) {
        this.store.dispatch({ kind: "compiled", result });
        const problems = result.diagnostics.filter(({ level }) => level === "error");
        this.store.dispatch({
          kind: "announce",
          text:
            `${countOf(problems.length, "problem")} ` +
            `in the rules: ${problems[0]?.message ?? ""}`,
        });
        return;
      }
      this.collected = { records: [], status: null };
      try {
        const begun = await this.client.request("begin", this.beginAsk(false));
        const answer = await this.client.request("play", {
          steps,
          maxFirings: mostFirings.unasked,
        });
        const { records, status } = this.collected;
        this.collected = null;
        this.store.dispatch({ kind: "compiled", result });
        this.store.dispatch({ kind: "session began", steps, storage: begun.storage });
        this.store.dispatch({ kind: "records", records });
        for (const notice of this.heldNotices.splice(0))
          this.store.dispatch({ kind: "notice", notice });
        if (status) this.store.dispatch({ kind: "status", status });
        this.played(answer);
      } finally {
        this.collected = null;
      }
    });
  }

  /** Executions during a start, counted once the new session is shown. */
  private readonly heldNotices: Notice[] = [];

  private played(answer: PlayAnswer): void {
    const { timeline } = this.store.get();
    this.store.dispatch({
      kind: "played",
      answer,
      announcement: playedWords(answer, timeline.at(timeline.length).agenda.size),
    });
  }

  private beginAsk(recover: boolean) {
    const { project, engine } = this.store.get();
    if (!recover) this.heldNotices.length = 0;
    const mirrored = recover && engine.storage === "page memory" ? this.mirror.bytes : null;
    return {
      files: sourcesOf(project),
      start: project.start,
      host: project.host,
      tables: project.tables,
      executed: recover ? engine.executed : {},
      calls: engine.calls,
      journal: this.journal,
      mirrored,
      recover,
    };
  }

  /** One thing at a time. A failure is shown, except what a crash took with it. */
  private enqueue(work: () => Promise<void>, tell = true): Promise<void> {
    this.queue = this.queue.then(work).then(
      () => {
        if (tell) this.settlePhase();
      },
      (error: unknown) => {
        if (error instanceof EngineProblem && error.code === "Ended") return;
        if (!tell) return;
        const message = error instanceof Error ? error.message : String(error);
        this.settlePhase();
        this.store.dispatch({ kind: "banner", banner: { text: message, tone: "warning" } });
      },
    );
    return this.queue;
  }

  private settlePhase(): void {
    const { phase } = this.store.get().engine;
    if (phase !== "failed") this.store.dispatch({ kind: "phase", phase: "ready" });
  }

  private newClient(): EngineClient {
    return new EngineClient({
      trace: (records) => {
        if (this.collected) this.collected.records.push(...records);
        else this.store.dispatch({ kind: "records", records });
      },
      status: (status) => {
        if (this.collected) this.collected.status = status;
        else this.store.dispatch({ kind: "status", status });
      },
      notice: (notice) => this.noticed(notice),
      broke: (message) => this.store.dispatch({ kind: "phase", phase: "failed", failure: message }),
    });
  }

  private noticed(notice: Notice): void {
    if (notice.kind === "written") this.mirror.append(notice.bytes);
    else if (notice.kind === "rewritten") this.mirror.truncate(notice.length);
    else if (this.collected) this.heldNotices.push(notice);
    else this.store.dispatch({ kind: "notice", notice });
  }
}
