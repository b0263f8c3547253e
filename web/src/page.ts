// The page: its panes, put together and kept in step with the store; keys and dropped files.

import type { Pane } from "./dom.ts";
import { h } from "./dom.ts";
import type { Driver } from "./engine/driver.ts";
import { agendaPane } from "./panes/agenda-pane.ts";
import { bar } from "./panes/bar.ts";
import { helpDialog, shareDialog } from "./panes/dialogs.ts";
import { editorPane } from "./panes/editor-pane.ts";
import { explanationPane } from "./panes/explanation-pane.ts";
import { factsPane } from "./panes/facts-pane.ts";
import { frame } from "./panes/frame.ts";
import { importFile } from "./panes/import-dialog.ts";
import { inputsPane } from "./panes/inputs-pane.ts";
import { jsonPane } from "./panes/json-pane.ts";
import { logPane } from "./panes/log-pane.ts";
import { netPane } from "./panes/net-pane.ts";
import { problemsPane } from "./panes/problems-pane.ts";
import { runsPane } from "./panes/runs-pane.ts";
import { subjectsPane } from "./panes/subjects-pane.ts";
import { testsPane } from "./panes/tests-pane.ts";
import { timelinePane } from "./panes/timeline-pane.ts";
import { encodeAddress } from "./state/address.ts";
import type { Commands } from "./state/commands.ts";
import { makeCommands, shortcuts } from "./state/commands.ts";
import type { Example } from "./state/examples.ts";
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
  examples: Example[],
  openExample: (name: string) => void,
): Page {
  const commands: Commands = makeCommands(store, driver, {
    openExample,
    help: helpDialog,
    share: () => void share(store),
    addFacts: (files) => void addFacts(files),
    reveal: (span) => {
      commands.layout({ editorTab: "rules", narrowTab: "editor" });
      editor.reveal(span);
    },
  });
  const editor = editorPane(commands),
    json = jsonPane(commands),
    inputs = inputsPane(commands),
    declared = testsPane(commands);
  const net = netPane(commands),
    explanation = explanationPane(commands),
    time = timelinePane(commands),
    top = bar(commands, examples);
  const agenda = agendaPane(commands),
    facts = factsPane(commands),
    subjects = subjectsPane(commands),
    runs = runsPane(commands);
  const problems = problemsPane(commands, (fix) => editor.apply(fix)),
    results = testsPane(commands),
    log = logPane(commands);
  const whole = frame(commands, {
    bar: top.dom,
    timeline: time.dom,
    editor: { rules: editor.dom, json: json.dom, inputs: inputs.dom, tests: declared.dom },
    net: net.dom,
    netHead: net.head,
    tables: { agenda: agenda.dom, facts: facts.dom, subjects: subjects.dom, runs: runs.dom },
    explanation: explanation.dom,
    bottom: { problems: problems.dom, tests: results.dom, log: log.dom },
    logCount: log.count,
  });
  const panes: Pane<View>[] = [
    log,
    whole,
    top,
    net,
    agenda,
    facts,
    subjects,
    runs,
    explanation,
    time,
    problems,
    declared,
    results,
    inputs,
    json,
    editor,
  ];
  const showTheme = themeOf([net, editor]);
  function update(): void {
    const view = viewOf(store.get());
    showTheme(view.state.theme);
    for (const pane of panes) pane.update(view);
  }
  store.subscribe(update);
  systemIsDark.addEventListener("change", update);
  update();
  document.addEventListener("keydown", (event) => press(event, commands));
  acceptDrops(commands);

  async function addFacts(files: File[]): Promise<void> {
    const { schema } = store.get().program;
    if (schema)
      for (const file of files) await importFile(file, schema, (steps) => commands.perform(steps));
  }

  return { dom: whole.dom, openPane: (name) => openPane(name, commands) };
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

async function share(store: Store): Promise<void> {
  const { project, steps, selection, position, live, layout } = store.get();
  const hash = await encodeAddress({
    project: { ...project, inputs: steps },
    view: { pane: layout.tableTab, selection, record: live ? null : position },
  });
  const address = `${location.href.split("#")[0]}${hash}`;
  history.replaceState(null, "", hash);
  const copied = await navigator.clipboard.writeText(address).then(
    () => true,
    () => false,
  );
  shareDialog(address, copied);
}

function openPane(name: string, commands: Commands): void {
  if (name === "agenda" || name === "facts" || name === "subjects" || name === "runs")
    commands.layout({ tableTab: name });
}

/** Single letters act only where nothing is being typed. */
function press(event: KeyboardEvent, commands: Commands): void {
  const target = event.target;
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
