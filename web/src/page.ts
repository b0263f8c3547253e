// The page: its panes, put together and kept in step with the store; keys and dropped files.

import { isTrace } from "./derive/trace-file.ts";
import type { Pane } from "./dom.ts";
import { h } from "./dom.ts";
import type { Driver } from "./engine/driver.ts";
import { chooseFiles, saveAs } from "./files.ts";
import { paletteItems } from "./palette-items.ts";
import { aboutPane } from "./panes/about-pane.ts";
import { agendaPane } from "./panes/agenda-pane.ts";
import { bar } from "./panes/bar.ts";
import { chartsPane } from "./panes/charts-pane.ts";
import { dateDialog } from "./panes/date-dialog.ts";
import { helpDialog, shareDialog } from "./panes/dialogs.ts";
import { editorPane } from "./panes/editor-pane.ts";
import { eventsPane } from "./panes/events-pane.ts";
import { explanationPane } from "./panes/explanation-pane.ts";
import { factsPane } from "./panes/facts-pane.ts";
import type { FrameParts } from "./panes/frame.ts";
import { frame } from "./panes/frame.ts";
import { importFile } from "./panes/import-dialog.ts";
import { inputsPane } from "./panes/inputs-pane.ts";
import { insertDialog } from "./panes/insert-dialog.ts";
import { jsonPane } from "./panes/json-pane.ts";
import { lessonPane } from "./panes/lesson-pane.ts";
import { logPane } from "./panes/log-pane.ts";
import { netPane } from "./panes/net-pane.ts";
import { newestLine } from "./panes/newest-line.ts";
import { openPalette } from "./panes/palette.ts";
import { problemsPane } from "./panes/problems-pane.ts";
import { queriesPane } from "./panes/queries-pane.ts";
import { runsPane } from "./panes/runs-pane.ts";
import { streamDialog } from "./panes/stream-dialog.ts";
import { subjectsPane } from "./panes/subjects-pane.ts";
import type { Tab } from "./panes/tabs.ts";
import { countOrNone } from "./panes/tabs.ts";
import { testsPane } from "./panes/tests-pane.ts";
import { timelinePane } from "./panes/timeline-pane.ts";
import { whatIfDialog } from "./panes/what-if-dialog.ts";
import { encodeAddress, readShared } from "./state/address.ts";
import type { Commands } from "./state/commands.ts";
import { makeCommands } from "./state/commands.ts";
import type { Example } from "./state/examples.ts";
import type { Lesson } from "./state/lessons.ts";
import type { Project, Step } from "./state/project.ts";
import { shortcuts } from "./state/registry.ts";
import type { Theme } from "./state/state.ts";
import type { Store } from "./state/store.ts";
import type { View } from "./state/view.ts";
import { viewOf } from "./state/view.ts";

export interface Page {
  dom: HTMLElement;
  openPane(name: string): void;
}

/** Puts the panes together and keeps them in step with the store. */
export function assemble(
  store: Store,
  driver: Driver,
  offered: { examples: Example[]; lessons: Lesson[] },
  work: Pick<Commands, "openExample" | "openDraft" | "blank" | "drafts"> & {
    openShared(project: Project): void;
  },
): Page {
  const { openShared: _openShared, ...opens } = work;
  const commands: Commands = makeCommands(store, driver, {
    ...opens,
    help: helpDialog,
    share: () => void shareState(store),
    askDate: () => {
      const now = store.get().engine.status?.now;
      if (now !== undefined) dateDialog(now, (to) => commands.advanceTo(to));
    },
    askFact: (type) => {
      const { schema } = store.get().program;
      if (schema) insertDialog(schema.types, type, commands);
    },
    askStream: () => streamDialog((url) => void driver.follow(url)),
    askFile: () => chooseFiles((files) => commands.addFacts(files)),
    save: (what) => saveAs(store, what, made.net.images),
    palette: () => openPalette(paletteItems(store, commands, offered.examples)),
    whatIf: (change, says) => void whatIf(change, says),
    searchNetwork: () => made.net.search(),
    addFacts: (files) => void addFacts(files),
    reveal: (span) => {
      commands.layout({ editorTab: "rules", narrowTab: "editor" });
      made.rules.reveal(span);
    },
  });
  const made = makePanes(commands, offered);
  const parts = partsOf(made);
  const whole = frame(commands, parts);
  const { log, lesson, ...others } = made;
  // The frame after what it asks (the log's count, whether there is a lesson), and before the panes
  // that measure themselves.
  const panes: Pane<View>[] = [log, lesson, whole, ...Object.values(others)];
  const showTheme = themeOf([made.net, made.rules]);
  function update(): void {
    const view = viewOf(store.get());
    showTheme(view.state.theme);
    for (const pane of panes) pane.update(view);
  }
  store.subscribe(calmly(store, update));
  systemIsDark.addEventListener("change", update);
  update();
  document.addEventListener("keydown", (event) => press(event, commands));
  acceptDrops(commands);

  async function whatIf(change: Step[], says: string): Promise<void> {
    const answer = await driver.futures(change);
    const { types } = viewOf(store.get());
    if (answer) whatIfDialog(says, answer, types, () => void commands.perform(change));
  }

  async function addFacts(files: File[]): Promise<void> {
    const { schema } = store.get().program;
    if (!schema) return;
    for (const file of files) {
      if (isTrace(await file.slice(0, 10_000).text())) return driver.attach(file);
      const text = await file.text();
      const shared = file.name.endsWith(".json") ? readShared(text) : null;
      if (shared) return work.openShared(shared.project);
      await importFile(file.name, text, schema, {
        read: (ask) => driver.readTable(ask),
        insert: (steps, tables) => driver.perform(steps, tables),
        isTaken: (name) => name in store.get().project.tables,
        stop: () => commands.stop(),
        watch: (listener) => store.subscribe(({ engine }) => listener(engine.progress)),
      });
    }
  }

  return {
    dom: whole.dom,
    openPane(name) {
      const tab = parts.tables.find((each) => each.name === name);
      if (tab) commands.layout({ tableTab: tab.name });
    },
  };
}

/**
 * While rows or records of a file or a stream come in the panes follow a few times a second, not
 * with each of them; and less often the longer it takes them.
 */
function calmly(store: Store, update: () => void): () => void {
  let pause = 200;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let drawn = -1;
  return () => {
    const { engine, revision } = store.get();
    const isStream = engine.phase === "attached" && engine.elsewhere === "stream";
    // What a person does meanwhile adds no records: that is shown at once.
    if (engine.progress === null && !(isStream && revision !== drawn)) {
      clearTimeout(timer);
      timer = undefined;
      drawn = revision;
      return update();
    }
    timer ??= setTimeout(() => {
      timer = undefined;
      drawn = store.get().revision;
      const began = performance.now();
      update();
      pause = Math.max(200, 10 * (performance.now() - began));
    }, pause);
  };
}

type Panes = ReturnType<typeof makePanes>;

/** The panes, in the order in which they are updated. */
function makePanes(
  commands: Commands,
  { examples, lessons }: { examples: Example[]; lessons: Lesson[] },
) {
  const rules = editorPane(commands);
  return {
    log: logPane(commands),
    bar: bar(commands, examples),
    about: aboutPane(),
    lesson: lessonPane(commands, examples, lessons),
    net: netPane(commands),
    agenda: agendaPane(commands),
    facts: factsPane(commands),
    subjects: subjectsPane(commands),
    runs: runsPane(commands),
    queries: queriesPane(commands),
    events: eventsPane(commands),
    charts: chartsPane(commands),
    explanation: explanationPane(commands),
    timeline: timelinePane(commands),
    problems: problemsPane(commands, (fix) => rules.apply(fix)),
    tests: testsPane(commands),
    results: testsPane(commands),
    inputs: inputsPane(commands),
    json: jsonPane(commands),
    newest: newestLine(commands),
    rules,
  };
}

function tab<Name extends string>(
  name: Name,
  title: string,
  { dom }: Pane<View>,
  badge: (view: View) => string = () => "",
  when: (view: View) => boolean = () => true,
): Tab<Name> {
  return { name, title, content: dom, badge, when };
}
const hasQueries = ({ schema }: View) => (schema?.queries.length ?? 0) > 0;
const hasFlows = ({ schema, moment }: View) =>
  (schema?.flows.length ?? 0) > 0 || moment.runs.size > 0;

/** Where they stand, what their tabs are called, and how much there is in them. */
function partsOf(panes: Panes): FrameParts {
  const { rules, json, inputs, tests, agenda, facts, subjects, runs } = panes;
  const { problems, results, log } = panes;
  const problemCount = ({ state }: View) => state.program.diagnostics.length;
  const failedCount = ({ state }: View) =>
    state.tests.reports.filter(({ passed }) => !passed).length;
  return {
    bar: panes.bar.dom,
    about: panes.about.dom,
    lesson: panes.lesson,
    timeline: panes.timeline.dom,
    editor: [
      tab("rules", "Rules", rules),
      tab("json", "JSON", json),
      tab("inputs", "Inputs", inputs, ({ state }) => String(state.steps.length)),
      tab("tests", "Tests", tests, ({ schema }) => countOrNone(schema?.tests.length ?? 0)),
    ],
    net: panes.net.dom,
    netHead: panes.net.head,
    tables: [
      tab("agenda", "Agenda", agenda, ({ moment }) => String(moment.agenda.size)),
      tab("facts", "Facts", facts, ({ moment }) => String(moment.facts.size)),
      tab("subjects", "Subjects", subjects),
      tab("events", "Events", panes.events),
      tab("runs", "Runs", runs, ({ moment }) => countOrNone(moment.runs.size), hasFlows),
      tab("queries", "Queries", panes.queries, () => "", hasQueries),
      tab("charts", "Charts", panes.charts),
    ],
    explanation: panes.explanation.dom,
    bottom: [
      tab("problems", "Problems", problems, (view) => countOrNone(problemCount(view))),
      tab("tests", "Test results", results, (view) => countOrNone(failedCount(view))),
      tab("log", "Log", log, () => String(log.count())),
    ],
    bottomHead: panes.newest.dom,
  };
}

const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** Shows a theme; panes that read its colours, which CSS cannot give them, read them again. */
function themeOf(drawn: { applyTheme(): void }[]): (theme: Theme) => void {
  let shown = "";
  return (theme) => {
    const now = `${theme} ${systemIsDark.matches}`;
    if (now === shown) return;
    shown = now;
    if (theme === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    for (const each of drawn) each.applyTheme();
  };
}

/** Makes a link of everything on the page, and shows it. */
export async function shareState(store: Store): Promise<void> {
  const { project, steps, selection, position, live, layout } = store.get();
  const hash = await encodeAddress({
    project: { ...project, inputs: steps },
    view: { pane: layout.tableTab, selection, record: live ? null : position },
  });
  const address = `${location.href.split("#")[0]}${hash}`;
  const copied = await navigator.clipboard.writeText(address).then(
    () => true,
    () => false,
  );
  shareDialog(address, copied);
}

/** Single letters act only where nothing is being typed; Ctrl+K everywhere but in the text. */
function press(event: KeyboardEvent, commands: Commands): void {
  const target = event.target;
  const inText = target instanceof Element && target.closest(".monaco-host, dialog") !== null;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !inText) {
    event.preventDefault();
    return commands.palette();
  }
  const isTyping =
    target instanceof Element &&
    target.closest(
      "input:not([type=range]), textarea, select, .monaco-host, " +
        "[role=tree], dialog, [contenteditable]",
    ) !== null;
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const shortcut = shortcuts.find(({ keys }) => keys === event.key);
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run(commands);
}

function acceptDrops(commands: Commands): void {
  const veil = h("div", { class: "drop-veil", hidden: true }, "Drop to insert facts");
  document.body.append(veil);
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    if (hasFiles(event)) {
      event.preventDefault();
      veil.hidden = false;
    }
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) veil.hidden = true;
  });
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    veil.hidden = true;
    commands.addFacts([...(event.dataTransfer?.files ?? [])]);
  });
}
