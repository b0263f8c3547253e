// What the page asks of the engine, in order, and what the store learns from the answers.

import type { ActivationId, SourceFile, TestReport, TraceRecord, Value } from "reticle";
import { recoveredMoment } from "../derive/moment.ts";
import { printDuration } from "../derive/times.ts";
import { countOf, playedWords } from "../derive/words.ts";
import { isWork } from "../state/keeper.ts";
import type { Project, Step } from "../state/project.ts";
import { sourcesOf } from "../state/project.ts";
import type { Question } from "../state/questions.ts";
import type { State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import type { Elsewhere } from "./attach.ts";
import { piecesOfFile, piecesOfStream, showElsewhere } from "./attach.ts";
import { EngineClient, EngineProblem } from "./client.ts";
import { accountOf, Mirror } from "./crash.ts";
import { momentTest } from "./moment-test.ts";
import type { CallMode, Notice, PlayAnswer, Refusal, Requests, Status } from "./protocol.ts";
import { RuleText, withEdits } from "./rule-text.ts";

const checkAfter = 150;
/** From here on the page says that it is at work, and lights Stop. */
const slowAfter = 700;
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
  /** What is under way begins the session anew: its inputs cannot be played to get back to it. */
  private beginning = false;
  private slowTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly journal: string,
  ) {
    this.client = this.newClient();
    this.ruleText = new RuleText(store, () => this.client);
  }

  /** Opens a project; resolves when its inputs have been played. */
  open(
    project: Project,
    source: string,
    banner: State["banner"] = null,
    draft?: { id: string; title: string },
  ): Promise<void> {
    const more = draft ? { draft } : {};
    this.store.dispatch({ kind: "open project", project, source, banner, ...more });
    return this.restart(project.inputs);
  }

  edit(files: SourceFile[]): void {
    this.store.dispatch({ kind: "go live" });
    this.store.dispatch({ kind: "edit files", files });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.restart(this.store.get().steps), checkAfter);
  }

  /**
   * Shows a trace from elsewhere in place of the session, as long as its records are of these
   * rules; read-only. Playing the inputs again leads back, also from a stream that would go on.
   */
  attach(file: File): Promise<void> {
    const signal = this.beginElsewhere();
    const { name } = file;
    const turn = async (work: () => void) => work();
    return this.enqueue(() => {
      const pieces = piecesOfFile(file);
      return this.elsewhere({ kind: "file", name, pieces, turn }, signal);
    });
  }
  /** A stream may go on for ever, so it is none of the things that are done one after the other. */
  async follow(url: string): Promise<void> {
    const signal = this.beginElsewhere();
    const pieces = piecesOfStream(url, signal);
    const turn = (work: () => void) => this.enqueue(async () => work(), false);
    try {
      await this.elsewhere({ kind: "stream", name: url, pieces, turn }, signal);
    } catch (error) {
      this.warn(error);
    }
  }

  private beginElsewhere(): AbortSignal {
    this.leaveElsewhere();
    this.attached = new AbortController();
    return this.attached.signal;
  }
  private async elsewhere(from: Elsewhere, signal: AbortSignal): Promise<void> {
    try {
      await showElsewhere(this.store, from, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  private attached: AbortController | null = null;

  private leaveElsewhere(): void {
    this.attached?.abort();
    this.attached = null;
  }

  /** Plays other inputs from the start. */
  replay(steps: Step[]): Promise<void> {
    this.store.dispatch({ kind: "go live" });
    this.store.dispatch({ kind: "edit steps", steps });
    return this.restart(steps);
  }

  /** Back to the inputs the project came with; those that were added can be brought back. */
  reset(): Promise<void> {
    const { project, steps } = this.store.get();
    const isLoss = isWork(this.store.get()) && steps.length > project.inputs.length;
    const done = this.replay(project.inputs);
    if (isLoss) {
      const text =
        "Reset: the session begins again with " +
        `${countOf(project.inputs.length, "input")} of ${steps.length}.`;
      const offers = { label: "Bring the others back", does: "replay" as const, steps };
      this.store.dispatch({ kind: "banner", banner: { text, tone: "note", offers } });
    }
    return done;
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
  async perform(steps: Step[], tables: { [file: string]: string } = {}): Promise<Refusal[]> {
    let refusals: Refusal[] = [];
    if (this.store.get().engine.phase === "attached") return [];
    await this.enqueue(async () => {
      this.store.dispatch({ kind: "go live" });
      this.store.dispatch({ kind: "phase", phase: "working" });
      const maxFirings = mostFirings.asked;
      const answer = await this.client.request("play", { steps, maxFirings, tables });
      refusals = answer.refusals;
      if (Object.keys(tables).length) this.store.dispatch({ kind: "add tables", tables });
      // Of a file some rows may be refused; it was taken all the same.
      const refused = new Set(
        refusals.flatMap(({ index, line }) => (line === undefined ? [index] : [])),
      );
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
      case "path": {
        const path = await this.client.request("path", { fact: question.fact });
        return this.store.dispatch({ kind: "found", path });
      }
      case "activation": {
        const { activation: asked } = question;
        const activation = await this.client.request("activation", { activation: asked });
        return this.store.dispatch({ kind: "activation explained", activation });
      }
      case "counts": {
        const { rule } = question;
        const counts = await this.client.request("counts", { rule });
        return this.store.dispatch({ kind: "matches counted", rule, counts });
      }
      case "agenda": {
        const agenda = await this.client.request("agenda", null);
        return this.store.dispatch({ kind: "agenda known", agenda });
      }
      case "why not": {
        const whyNot = await this.client.request("whyNot", { rule: question.rule });
        return this.store.dispatch({ kind: "why not", whyNot });
      }
      case "matches": {
        const matches = await this.client.request("matches", { rule: question.rule, most: 50 });
        return this.store.dispatch({ kind: "matches", matches });
      }
      case "counters": {
        const counters = await this.client.request("counters", null);
        return this.store.dispatch({ kind: "counted", counters });
      }
      case "query": {
        const { query } = question;
        const answer = await this.client.request("query", query);
        return this.store.dispatch({ kind: "query answered", query, answer });
      }
      case "form": {
        const { project, program } = this.store.get();
        const { generation } = program;
        const form = await this.client.request("form", { files: sourcesOf(project) });
        return this.store.dispatch({ kind: "form known", form, generation });
      }
    }
  }

  /** The fewest inputs after which a rule still fires; null when that cannot be asked. */
  async shrink(rule: string): Promise<Requests["shrink"]["answer"] | null> {
    let answer: Requests["shrink"]["answer"] | null = null;
    await this.enqueue(async () => {
      const { steps } = this.store.get();
      const maxFirings = mostFirings.unasked;
      const begin = this.beginAsk(false);
      answer = await this.client.request("shrink", { begin, steps, rule, maxFirings });
    });
    return answer;
  }

  /** What a file of facts holds; null when that cannot be asked. */
  async readTable(ask: Requests["table"]["ask"]): Promise<Requests["table"]["answer"] | null> {
    let answer: Requests["table"]["answer"] | null = null;
    await this.enqueue(async () => {
      answer = await this.client.request("table", ask);
    });
    return answer;
  }

  /** What comes of the session as it is, and what with a change; null when it cannot be asked. */
  async futures(change: Step[]): Promise<Requests["futures"]["answer"] | null> {
    let answer: Requests["futures"]["answer"] | null = null;
    await this.enqueue(async () => {
      const { steps } = this.store.get();
      const begin = this.beginAsk(false);
      const maxFirings = mostFirings.unasked;
      answer = await this.client.request("futures", { begin, steps, change, maxFirings });
    });
    return answer;
  }

  /**
   * Writes the session as it is as a test block at the end of the rules, and runs the tests: the
   * engine says whether it holds.
   */
  async makeTest(): Promise<void> {
    const state = this.store.get();
    const { project } = state;
    const { schema } = state.program;
    const [first, ...others] = project.files;
    if (!schema || !first) return;
    const { name, text, left } = momentTest(state, schema);
    clearTimeout(this.timer);
    this.store.dispatch({ kind: "go live" });
    const files = [{ ...first, text: `${first.text.trimEnd()}\n\n${text}` }, ...others];
    this.store.dispatch({ kind: "edit files", files });
    await this.restart(state.steps);
    await this.runTests();
    const report = this.store.get().tests.reports.find((each) => each.name === name);
    const verdict = !report
      ? "It does not compile yet: Problems says why."
      : report.passed
        ? "It passes."
        : "It does not pass: the session was driven in ways a test cannot say.";
    const less = left.length ? ` It leaves out: ${[...new Set(left)].join("; ")}.` : "";
    this.store.dispatch({
      kind: "banner",
      banner: {
        text: `\u201c${name}\u201d stands at the end of ${first.name}. ${verdict}${less}`,
        tone: report?.passed ? "note" : "warning",
      },
    });
    this.store.dispatch({ kind: "layout", layout: { bottomTab: "tests" } });
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

  /** The tests of some files, beside the session; an empty list when they do not compile. */
  async check(files: SourceFile[]): Promise<TestReport[]> {
    let reports: TestReport[] = [];
    await this.enqueue(async () => {
      reports = await this.client.request("tests", { files });
    });
    return reports;
  }

  /**
   * Asks the language service about the rules as typed; not queued behind the session's work. While
   * rules are compiled and begun it waits: the service reads them in the same worker, and of a
   * thousand rules the first picture would come a second later.
   */
  async language(method: string, params: object): Promise<unknown> {
    await this.begun;
    return this.ruleText.request(method, params);
  }
  private begun: Promise<void> = Promise.resolve();

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
   * Ends whatever is under way, however long it would take, and plays the inputs from before it
   * again. When playing them is what took so long there is nothing to go back to: the page keeps
   * its last picture and waits for other rules or inputs.
   */
  stop(): Promise<void> {
    const { engine, steps } = this.store.get();
    const hadBegun = !this.beginning && engine.phase !== "starting";
    clearTimeout(this.timer);
    clearTimeout(this.slowTimer);
    this.leaveElsewhere();
    this.client.terminate();
    this.client = this.newClient();
    this.queue = Promise.resolve();
    this.collected = null;
    this.heldNotices.length = 0;
    this.store.dispatch({ kind: "tests ran", reports: this.store.get().tests.reports });
    const text = hadBegun
      ? "Stopped. What was under way was not done; the inputs before it were played again."
      : "Stopped while the inputs were played from the start. " +
        "Change the rules or the inputs, or Reset.";
    this.store.dispatch({ kind: "announce", text });
    this.store.dispatch({ kind: "banner", banner: { text, tone: "note" } });
    if (hadBegun) return this.restart(steps);
    this.store.dispatch({ kind: "phase", phase: "stopped" });
    return Promise.resolve();
  }

  /**
   * Ends the worker in the middle of whatever it does and goes on in a new one, from what the
   * journal holds.
   */
  crash(): Promise<void> {
    const { engine, timeline, program } = this.store.get();
    this.leaveElsewhere();
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
      const text =
        `A new worker read ${countOf(recovery.entries, "journal entry", "journal entries")} ` +
        `and resumed ${countOf(recovery.runs, "run")}.`;
      this.store.dispatch({ kind: "announce", text });
      const same = account.sameDigest ? "The session is the same as before. " : "";
      const more = views.runs.length ? "Runs tells which steps were read back." : "";
      this.store.dispatch({
        kind: "banner",
        banner: { text: `The engine's worker was ended. ${text} ${same}${more}`, tone: "note" },
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
    this.leaveElsewhere();
    return this.enqueue(async () => {
      if (mine !== this.restarts) return; // typed on meanwhile
      this.beginning = true;
      let isBegun = () => {};
      this.begun = new Promise((done) => {
        isBegun = done;
      });
      try {
        await this.begin(steps, mine);
      } finally {
        isBegun();
      }
    }).finally(() => {
      if (mine === this.restarts) this.beginning = false;
    });
  }

  private async begin(steps: Step[], mine: number): Promise<void> {
    const files = sourcesOf(this.store.get().project);
    const result = await this.client.request("compile", { files });
    // For the benchmark: from here on it is the page that takes time.
    performance.mark("reticle compiled");
    if (mine !== this.restarts) return;
    this.store.dispatch({ kind: "phase", phase: "working" });
    if (!result.ok) {
      this.store.dispatch({ kind: "compiled", result });
      const problems = result.diagnostics.filter(({ level }) => level === "error");
      this.store.dispatch({
        kind: "announce",
        text: `${countOf(problems.length, "problem")} in the rules: ${problems[0]?.message ?? ""}`,
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
      if (mine === this.restarts) this.collected = null;
    }
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
    const begin = () => {
      if (tell) this.watch();
      return work();
    };
    this.queue = this.queue.then(begin).then(
      () => {
        if (tell) this.settlePhase();
      },
      (error: unknown) => {
        if (error instanceof EngineProblem && error.code === "Ended") return;
        if (!tell) return;
        this.settlePhase();
        this.warn(error);
      },
    );
    return this.queue;
  }

  private warn(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    const { engine, steps } = this.store.get();
    const offers = { label: "Back to the session", does: "replay" as const, steps };
    const more = engine.phase === "attached" ? { offers } : {};
    this.store.dispatch({ kind: "banner", banner: { text, tone: "warning", ...more } });
  }

  /** Says so when what begins now takes long enough to be noticed. */
  private watch(): void {
    clearTimeout(this.slowTimer);
    this.slowTimer = setTimeout(() => this.store.dispatch({ kind: "slow" }), slowAfter);
  }

  private settlePhase(): void {
    clearTimeout(this.slowTimer);
    const { phase } = this.store.get().engine;
    if (phase !== "failed")
      this.store.dispatch({ kind: "phase", phase: phase === "attached" ? phase : "ready" });
  }

  private newClient(): EngineClient {
    return new EngineClient({
      trace: (records) => {
        // One by one: there may be more than a call takes arguments.
        if (this.collected) for (const record of records) this.collected.records.push(record);
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

  private progressed({ done, total, trace }: Extract<Notice, { kind: "progress" }>): void {
    if (this.collected) for (const record of trace) this.collected.records.push(record);
    else this.store.dispatch({ kind: "records", records: trace });
    this.store.dispatch({ kind: "progress", progress: { done, total } });
  }

  private noticed(notice: Notice): void {
    if (notice.kind === "progress") this.progressed(notice);
    else if (notice.kind === "written") this.mirror.append(notice.bytes);
    else if (notice.kind === "rewritten") this.mirror.truncate(notice.length);
    else if (this.collected) this.heldNotices.push(notice);
    else this.store.dispatch({ kind: "notice", notice });
  }
}
