// The bar at the top of the page.

import "./bar.css";
import { printTime } from "../derive/times.ts";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { Example } from "../state/examples.ts";
import { groupExamples } from "../state/examples.ts";
import type { EngineState, Theme } from "../state/state.ts";
import type { View } from "../state/view.ts";
import { modeWords } from "../state/view.ts";
import type { IconName } from "./icons.ts";
import { icon } from "./icons.ts";

const nextTheme: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

/** The name, the examples, what makes the session go on, and what concerns the whole page. */
export function bar(commands: Commands, examples: Example[]): Pane<View> {
  const picker = examplePicker(commands, examples);
  const run = action("run", "Run", "Fire until nothing is ready (r)", commands.run, "bar-primary");
  const step = action("step", "Fire one", "Fire the next activation (f)", commands.fireNext);
  const stop = action("stop", "Stop", "End whatever is under way", commands.stop, "bar-fold");
  const clock = clockGroup(commands);
  const mode = h("span", { class: "bar-mode", data: { mode: "live" } });
  const drafts = draftsButton(commands);
  const theme = themeButton(commands);
  const dom = h(
    "header",
    { class: "bar", data: { pane: "bar" } },
    h("h1", { class: "bar-name" }, logo(), "Reticle"),
    picker.dom,
    group("Fire rules", "", run, step, stop),
    clock.dom,
    sessionGroup(commands),
    h("span", { class: "bar-space" }),
    mode,
    pageGroup(commands, drafts.dom, theme.dom),
  );
  return {
    dom,
    update(view) {
      const { state, moment } = view;
      picker.update(view);
      run.disabled = step.disabled = isBusy(state.engine);
      const goesOn = state.limited !== null || (state.live && moment.agenda.size > 0);
      run.toggleAttribute("data-lit", goesOn);
      stop.disabled = !isUnderWay(state.engine);
      stop.toggleAttribute("data-lit", state.engine.slow);
      clock.update(view);
      setText(mode, phaseSays(state.engine) ?? modeWords(state));
      mode.dataset.mode = isBroken(state.engine) ? "broken" : state.live ? "live" : "past";
      drafts.update(view);
      theme.update(view);
    },
  };
}

const phaseWords: { [phase in EngineState["phase"]]?: string } = {
  crashed: "crashed: reading the journal",
  failed: "the engine could not start",
  starting: "starting",
  stopped: "stopped",
};
const elsewhereWords = { file: "trace file, read-only", stream: "trace stream, read-only" };
const phaseSays = ({ phase, slow, elsewhere }: EngineState) =>
  slow && phase !== "crashed"
    ? "at work: Stop ends it"
    : phase === "attached"
      ? elsewhereWords[elsewhere]
      : phaseWords[phase];
const isUnderWay = ({ phase, slow }: EngineState) =>
  slow || phase === "working" || phase === "starting" || phase === "crashed";
const isBusy = ({ phase }: EngineState) =>
  phase === "starting" || phase === "crashed" || phase === "stopped" || phase === "attached";
const isBroken = ({ phase }: EngineState) =>
  phase === "failed" || phase === "crashed" || phase === "stopped";

/** The examples by group, and an entry of its own for what is none of them. */
function examplePicker(commands: Commands, examples: Example[]): Pane<View> {
  const picker = h("select", {
    class: "bar-examples",
    aria: { label: "Example" },
    on: { change: () => commands.openExample(picker.value) },
  });
  const own = h("option", { set: { value: "" } });
  for (const [group, members] of groupExamples(examples)) {
    const options = members.map(({ name, project }) =>
      h("option", { set: { value: name } }, project.title),
    );
    picker.append(
      ...(group === null ? options : [h("optgroup", { set: { label: group } }, ...options)]),
    );
  }
  picker.append(own);
  return {
    dom: picker,
    update({ state: { source, project, draft } }) {
      if (picker.value !== source) picker.value = source;
      own.hidden = examples.some(({ name }) => name === source);
      own.textContent =
        source === "link" ? "From a link" : source === "own" ? draft.title : project.title;
      if (!own.hidden) picker.value = "";
    },
  };
}

/** The session's clock and the ways to advance it. */
function clockGroup(commands: Commands): Pane<View> {
  const says = "Advance the clock to the next timer";
  const toTimer = action("timer", "Next timer", says, commands.advanceToTimer);
  const date = h("span", { class: "bar-date" });
  const time = h("span");
  const clock = button("", commands.askDate, {
    class: "bar-button bar-clock",
    title: "The session's clock. It moves only when you advance it: press to choose a date.",
  });
  clock.append(date, " ", time);
  const steps = ["1m", "10m", "1h", "1d"].map((by) =>
    button(`+${by}`, () => commands.advance(by), {
      class: `bar-button bar-short bar-by-${by}`,
      title: `Advance the clock by ${by}`,
    }),
  );
  return {
    dom: group("Advance the clock", "", clock, toTimer, ...steps),
    update({ state: { engine }, moment }) {
      toTimer.disabled = isBusy(engine) || engine.status?.nextTimer == null;
      const [day = "", hour = ""] = printTime(moment.clock).split(" ");
      setText(date, day);
      setText(time, hour);
    },
  };
}

function sessionGroup({ reset, crash }: Commands): HTMLElement {
  const resets = "Begin again with this example's inputs";
  const crashes = "End the engine's worker now; a new one resumes from the journal";
  return group(
    "Session",
    "",
    action("reset", "Reset", resets, reset, "bar-fold"),
    action("crash", "Crash", crashes, crash, "bar-fold bar-danger"),
  );
}

/** Says whether what was written is kept, and opens the list of what is. */
function draftsButton({ drafts }: Commands): Pane<View> {
  const dom = action("file", "Drafts", "", drafts, "bar-quiet");
  const word = dom.querySelector<HTMLElement>(".bar-word");
  return {
    dom,
    update({ state: { draft } }) {
      if (word) setText(word, draftWords[draft.kept]);
      dom.dataset.kept = draft.kept;
      const title = `${draftSays[draft.kept]} Opens the list of drafts.`;
      if (dom.title !== title) dom.title = title;
    },
  };
}
const draftWords = { none: "Drafts", saving: "keeping …", saved: "kept", off: "not kept" };
const draftSays = {
  none: "What you write is kept in this browser.",
  saving: "What you wrote is about to be kept.",
  saved: "What you wrote is kept in this browser.",
  off: "This browser keeps nothing for this page: use Share before you leave.",
};

function pageGroup(
  { share, help }: Commands,
  drafts: HTMLElement,
  theme: HTMLElement,
): HTMLElement {
  const shares = "Copy a link that holds everything on this page";
  return group(
    "Page",
    "bar-last",
    drafts,
    action("share", "Share", shares, share, "bar-quiet"),
    theme,
    docsLink(),
    action("help", "Help", "Keys and a short tour (?)", help, "bar-quiet"),
  );
}

/** The documentation is served beside the page, as `tools/play` does it. */
function docsLink(): HTMLElement {
  const title = "The documentation, in a tab of its own";
  const props = { class: "bar-button bar-quiet bar-docs", title, aria: { label: "Docs" } };
  const set = { href: "./docs/", target: "_blank" };
  return h("a", { ...props, set }, icon("docs"), h("span", { class: "bar-word" }, "Docs"));
}

/** Goes round: as the system has it, light, dark. */
function themeButton(commands: Commands): Pane<View> {
  let current: Theme = "system";
  const press = () => commands.setTheme(nextTheme[current]);
  const theme = action("system", "Theme", "", press, "bar-quiet");
  return {
    dom: theme,
    update({ state }) {
      if (current === state.theme && theme.title) return;
      current = state.theme;
      theme.replaceChildren(icon(current), h("span", { class: "bar-word" }, "Theme"));
      theme.title = `Theme: ${current}. Press for ${nextTheme[current]}.`;
      theme.setAttribute("aria-label", theme.title);
    },
  };
}

function group(label: string, more: string, ...children: HTMLElement[]): HTMLElement {
  const classes = more ? `bar-group ${more}` : "bar-group";
  return h("div", { class: classes, role: "group", aria: { label } }, ...children);
}

function action(
  name: IconName,
  word: string,
  title: string,
  press: () => void,
  more = "",
): HTMLButtonElement {
  const made = button("", press, { class: `bar-button ${more}`, title, aria: { label: word } });
  made.append(icon(name), h("span", { class: "bar-word" }, word));
  return made;
}

function logo(): HTMLElement {
  return h("img", {
    class: "bar-logo",
    set: { src: "./reticle.svg", alt: "", width: "24", height: "24" },
  });
}
