// What panes can ask for.

import type { ActivationId, Millis, SourceFile, Span, TestReport, Value } from "reticle";
import type { AskedQuery } from "../derive/query-text.ts";
import { printDuration } from "../derive/times.ts";
import type { Driver } from "../engine/driver.ts";
import type { CallMode, Refusal } from "../engine/protocol.ts";
import type { Saved } from "../files.ts";
import type { Step } from "./project.ts";
import type { Banner, Layout, PaneName, Selection, Theme } from "./state.ts";
import { remember, rememberTheme } from "./storage.ts";
import type { Store } from "./store.ts";

/** Everything a pane can ask for. Panes know these and nothing of the engine. */
export interface Commands {
  run(): void;
  fireNext(): void;
  fire(activation: ActivationId): void;
  advance(by: string): void;
  advanceToTimer(): void;
  advanceTo(time: Millis): void;
  /** Asks for the date to advance to. */
  askDate(): void;
  reset(): void;
  /** Ends whatever is under way, however long it would take. */
  stop(): void;
  crash(): void;
  reply(
    call: string,
    attempt: number,
    answer: { value: Value } | { reason: string },
    settle: boolean,
  ): void;
  answerAndCrash(call: string, attempt: number, value: Value): void;
  setCalls(mode: CallMode): void;
  perform(steps: Step[]): Promise<Refusal[]>;
  replay(steps: Step[]): void;
  edit(files: SourceFile[]): void;
  runTests(): void;
  /** Writes the present as a test block at the end of the rules. */
  makeTest(): void;
  /** Finds the fewest inputs after which a rule still fires, and plays them. */
  shrink(rule: string): void;
  /** Shows what would come of a change beside what comes without it. */
  whatIf(change: Step[], says: string): void;
  /** Runs the tests of other files than the project's; none when they do not compile. */
  check(files: SourceFile[]): Promise<TestReport[]>;
  format(file: string): void;
  /**
   * Asks the language service about the rules as typed: method and parameters of the Language
   * Server Protocol. Null: nothing to say.
   */
  language(method: string, params: object): Promise<unknown>;
  /** Whether the text of the rules shows how many matches come as far as each condition. */
  countInText(on: boolean): void;
  /** Whether the nodes of the network show what they have done. */
  count(counting: boolean): void;
  /** Shows the rows of a query, and goes on doing so; null: no longer. */
  askQuery(query: AskedQuery | null): void;
  select(selection: Selection | null): void;
  show(position: number): void;
  stepRecord(by: 1 | -1): void;
  stepBoundary(by: 1 | -1): void;
  goLive(): void;
  reveal(span: Span): void;
  layout(change: Partial<Layout>): void;
  maximise(pane: PaneName | null): void;
  setTheme(theme: Theme): void;
  openExample(name: string): void;
  share(): void;
  help(): void;
  searchNetwork(): void;
  addFacts(files: File[]): void;
  /** The form for a fact or event; of this type at first. */
  askFact(type: string): void;
  /** Asks for the address of a stream of trace records, and follows it. */
  askStream(): void;
  /** The browser's choice of files. */
  askFile(): void;
  /** Downloads the rules, everything, the network's picture, or a project for npm. */
  save(what: Saved): void;
  /** All commands by name. */
  palette(): void;
  dismissBanner(): void;
  /** Does what a banner offers. */
  accept(offer: NonNullable<Banner["offers"]>): void;
  /** The list of what this browser keeps. */
  drafts(): void;
  openDraft(id: string): void;
  /** A blank page; what was written is kept as a draft. */
  blank(): void;
}

/**
 * The commands that need more than the driver and the store come from where the page is put
 * together.
 */
type OuterCommands = Pick<
  Commands,
  | "openExample"
  | "share"
  | "help"
  | "addFacts"
  | "reveal"
  | "whatIf"
  | "askDate"
  | "askFact"
  | "askStream"
  | "askFile"
  | "save"
  | "palette"
  | "drafts"
  | "openDraft"
  | "blank"
  | "searchNetwork"
>;

export function makeCommands(store: Store, driver: Driver, outer: OuterCommands): Commands {
  const { dispatch } = store;
  const show = (position: number) => dispatch({ kind: "show", position });
  const layout = (change: Partial<Layout>) => {
    dispatch({ kind: "layout", layout: change });
    remember("layout", store.get().layout);
  };
  return {
    ...outer,
    run: () => void driver.run(),
    fireNext: () => void driver.fireNext(),
    fire: (activation) => void driver.fire(activation),
    advance: (by) => void driver.advance(by),
    advanceToTimer: () => void driver.advanceToTimer(),
    advanceTo: (time) => {
      const now = store.get().engine.status?.now ?? 0;
      if (time > now) void driver.advance(printDuration(time - now));
    },
    reset: () => void driver.reset(),
    stop: () => void driver.stop(),
    crash: () => void driver.crash(),
    reply: (call, attempt, answer, settle) => void driver.reply(call, attempt, answer, settle),
    answerAndCrash: (call, attempt, value) =>
      void driver.reply(call, attempt, { value }, false).then(() => driver.crash()),
    setCalls: (mode) => void driver.setCalls(mode),
    perform: (steps) => driver.perform(steps),
    replay: (steps) => void driver.replay(steps),
    edit: (files) => driver.edit(files),
    check: (files) => driver.check(files),
    runTests: () => void driver.runTests(),
    shrink: (rule) => void shrinkTo(store, driver, rule),
    makeTest: () => void driver.makeTest(),
    language: (method, params) => driver.language(method, params),
    format: (file) => void driver.format(file),
    countInText: (on) => dispatch({ kind: "count in text", on }),
    count: (counting) => dispatch({ kind: "count", counting }),
    askQuery: (query) => dispatch({ kind: "ask query", query }),
    select: (selection) => dispatch({ kind: "select", selection }),
    show,
    goLive: () => dispatch({ kind: "go live" }),
    stepRecord: (by) => show(store.get().position + by),
    stepBoundary: (by) => {
      const { timeline, position } = store.get();
      show(by < 0 ? timeline.previousBoundary(position) : timeline.nextBoundary(position));
    },
    layout,
    maximise: (pane) => layout({ maximised: pane }),
    setTheme: (theme) => {
      dispatch({ kind: "theme", theme });
      rememberTheme(theme);
    },
    accept: (offer) => {
      dispatch({ kind: "banner", banner: null });
      if (offer.does === "open draft") outer.openDraft(offer.id);
      else void driver.replay(offer.steps);
    },
    dismissBanner: () => dispatch({ kind: "banner", banner: null }),
  };
}

/** The inputs that were taken away can be brought back. */
async function shrinkTo(store: Store, driver: Driver, rule: string): Promise<void> {
  const { steps } = store.get();
  const shrunk = await driver.shrink(rule);
  if (!shrunk) return;
  const after = shrunk.steps.length;
  const say = (text: string, offers?: Banner["offers"]) =>
    store.dispatch({
      kind: "banner",
      banner: { text, tone: "note", ...(offers ? { offers } : {}) },
    });
  if (!shrunk.holds) return say(`\u201c${rule}\u201d does not fire after these inputs.`);
  if (after === steps.length)
    return say(
      `All ${after} inputs are needed: without any of them \u201c${rule}\u201d does not fire.`,
    );
  await driver.replay(shrunk.steps);
  say(
    `${after} of ${steps.length} inputs are left, and \u201c${rule}\u201d still fires` +
      (shrunk.isMinimal ? "; none of them can go." : "; there may be fewer."),
    { label: "Bring the others back", does: "replay", steps },
  );
}
