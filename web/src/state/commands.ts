// What panes can ask for, and the keys that ask for it.

import type { ActivationId, SourceFile, Span, Value } from "reticle";
import type { Driver } from "../engine/driver.ts";
import type { CallMode, Refusal } from "../engine/protocol.ts";
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
  /** Shows what would come of a change beside what comes without it. */
  whatIf(change: Step[], says: string): void;
  format(file: string): void;
  /**
   * Asks the language service about the rules as typed: method and parameters of the Language
   * Server Protocol. Null: nothing to say.
   */
  language(method: string, params: object): Promise<unknown>;
  /** Whether the nodes of the network show what they have done. */
  count(counting: boolean): void;
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
  addFacts(files: File[]): void;
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
export type OuterCommands = Pick<
  Commands,
  | "openExample"
  | "share"
  | "help"
  | "addFacts"
  | "reveal"
  | "whatIf"
  | "drafts"
  | "openDraft"
  | "blank"
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
    runTests: () => void driver.runTests(),
    makeTest: () => void driver.makeTest(),
    language: (method, params) => driver.language(method, params),
    format: (file) => void driver.format(file),
    count: (counting) => dispatch({ kind: "count", counting }),
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

/** Keys that work anywhere outside of text fields; the help sheet lists the same table. */
export const shortcuts: { keys: string; does: string; run(commands: Commands): void }[] = [
  { keys: "r", does: "Run: settle until nothing is ready", run: (commands) => commands.run() },
  { keys: "f", does: "Fire the next activation", run: (commands) => commands.fireNext() },
  { keys: ",", does: "One record back", run: (commands) => commands.stepRecord(-1) },
  { keys: ".", does: "One record forward", run: (commands) => commands.stepRecord(1) },
  {
    keys: "[",
    does: "Back to the end of the input before",
    run: (commands) => commands.stepBoundary(-1),
  },
  {
    keys: "]",
    does: "Forward to the end of the next input",
    run: (commands) => commands.stepBoundary(1),
  },
  { keys: "l", does: "Back to live", run: (commands) => commands.goLive() },
  {
    keys: "Escape",
    does: "Select nothing",
    run: (commands) => {
      commands.select(null);
      commands.maximise(null);
    },
  },
  { keys: "?", does: "This help", run: (commands) => commands.help() },
];
