// The page's entry: the store, the driver and the panes, and what the address asks to open.

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "./styles/tokens.css";
import "./styles/base.css";
import { Driver } from "./engine/driver.ts";
import { assemble, shareState } from "./page.ts";
import { decodeAddress, isSharedAddress } from "./state/address.ts";
import { openDrafts } from "./state/drafts.ts";
import type { Example } from "./state/examples.ts";
import { onFirstScreen, readExamples } from "./state/examples.ts";
import { readLessons } from "./state/lessons.ts";
import type { Project } from "./state/project.ts";
import { askWhatIsMissing } from "./state/questions.ts";
import type { State } from "./state/state.ts";
import { initialState } from "./state/state.ts";
import { recall, recallTheme, tabName } from "./state/storage.ts";
import { createStore } from "./state/store.ts";
import { installTestHook } from "./test-hook.ts";
import { Work } from "./work.ts";

const texts = import.meta.glob(
  [
    "../../examples/*/*.json",
    "../../examples/*/*.rules",
    "../../examples/*/*.csv",
    "../../examples/*/*.md",
  ],
  { query: "?raw", import: "default", eager: true },
);
const exampleTexts = Object.fromEntries(
  Object.entries(texts).map(([path, text]) => [path, String(text)]),
);
const examples = readExamples(exampleTexts);
const lessons = readLessons(exampleTexts);
const emptyProject: Project = {
  title: "Blank page",
  paragraph: "",
  files: [{ name: "page.rules", text: "module page\n" }],
  inputs: [],
  tables: {},
  host: {},
  start: 0,
};
const firstExample = examples[0];

const store = createStore({
  ...initialState(
    firstExample ? onFirstScreen(firstExample) : emptyProject,
    firstExample?.name ?? "own",
  ),
  ...remembered(),
});
const driver = new Driver(store, tabName());
askWhatIsMissing(store, (question) => driver.ask(question));
const work = new Work(store, driver, openDrafts(), {
  share: () => void shareState(store),
  blank: emptyProject,
});
const page = assemble(
  store,
  driver,
  { examples, lessons },
  {
    openExample: (name) => void openExample(name),
    openDraft: (id) => void work.openDraft(id),
    blank: () => void work.openBlank(),
    drafts: () => void work.showList(),
    openShared: (project) => void work.openShared(project),
  },
);
document.getElementById("page")?.append(page.dom);
installTestHook(store, openAddress());
let address = location.hash;
addEventListener("hashchange", () => void changeAddress());

/** Another address was typed, or a link followed: the work that is here is kept first. */
async function changeAddress(): Promise<void> {
  if (location.hash === address) return;
  if (!(await work.mayLeave())) return history.replaceState(null, "", address || "#");
  address = location.hash;
  await openAddress();
}

function goTo(hash: string): void {
  address = hash;
  history.replaceState(null, "", hash);
}

/** What the address asks for: a link, a draft, an example by name, or the first screen. */
async function openAddress(): Promise<void> {
  const { hash } = location;
  if (isSharedAddress(hash)) {
    const opened = await decodeAddress(hash);
    if (!opened.ok)
      return openFirst({
        text: `${opened.message} This is the first example instead.`,
        tone: "warning",
      });
    const { project, view } = opened.shared;
    await driver.open(project, "link", {
      text: "Opened from a link, as a copy: what you change here changes nothing for others.",
      tone: "note",
    });
    if (view.record !== null) store.dispatch({ kind: "show", position: view.record });
    if (view.selection) store.dispatch({ kind: "select", selection: view.selection });
    page.openPane(view.pane);
    return;
  }
  const asked = new URLSearchParams(hash.slice(1));
  if (hash === "#new") return driver.open(emptyProject, "new", work.takeNotice());
  const draft = asked.get("draft");
  if (draft !== null) {
    if (await work.reopen(draft)) return;
    return openFirst({
      text: "There is no such draft in this browser. This is the first example instead.",
      tone: "warning",
    });
  }
  const example = examples.find(({ name }) => name === asked.get("example"));
  // `settled`: played to its end, with nothing left to fire by hand.
  if (example)
    return driver.open(
      asked.has("settled") ? example.project : onFirstScreen(example),
      example.name,
      work.takeNotice(),
    );
  return openFirst(work.takeNotice());
}

async function openFirst(banner: State["banner"]): Promise<void> {
  if (firstExample) await driver.open(onFirstScreen(firstExample), firstExample.name, banner);
  else await driver.open(emptyProject, "own", banner);
}

async function openExample(name: string): Promise<void> {
  const example: Example | undefined = examples.find((each) => each.name === name);
  // The picker shows what is open, also when the person stays with it.
  if (!example || !(await work.mayLeave())) return store.dispatch({ kind: "draft", draft: {} });
  goTo(`#example=${name}`);
  await driver.open(onFirstScreen(example), example.name, work.takeNotice());
}

/** Choices from an earlier visit: sizes, tabs and theme. */
function remembered(): Pick<State, "layout" | "theme"> {
  const { layout } = initialState(emptyProject, "own");
  const saved = recall("layout"),
    theme = recallTheme();
  // A low window gives the network a larger share, so that its words stay readable.
  const first = innerHeight < 800 ? { ...layout, upperHeight: 0.68 } : layout;
  const sizes =
    typeof saved === "object" && saved !== null
      ? new Map<string, unknown>(Object.entries(saved))
      : new Map<string, unknown>();
  const share = (name: "editorWidth" | "upperHeight" | "tablesWidth") => {
    const value = sizes.get(name);
    return typeof value === "number" && value >= 0.15 && value <= 0.85 ? value : first[name];
  };
  return {
    layout: {
      ...first,
      editorWidth: share("editorWidth"),
      upperHeight: share("upperHeight"),
      tablesWidth: share("tablesWidth"),
      bottomOpen: sizes.get("bottomOpen") === true,
    },
    theme: theme === "light" || theme === "dark" ? theme : "system",
  };
}
