import "./bar.css";
import { printTime } from "../derive/times.ts";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { Example } from "../state/examples.ts";
import { groupExamples } from "../state/examples.ts";
import type { Theme } from "../state/state.ts";
import type { View } from "../state/view.ts";
import { modeWords } from "../state/view.ts";
import type { IconName } from "./icons.ts";
import { icon } from "./icons.ts";

const nextTheme: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };

export function bar(commands: Commands, examples: Example[]): Pane<View> {
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
  const run = action("run", "Run", "Fire until nothing is ready (r)", commands.run, "bar-primary");
  const step = action("step", "Fire one", "Fire the next activation (f)", commands.fireNext);
  const toTimer = action(
    "timer",
    "Next timer",
    "Advance the clock to the next timer",
    commands.advanceToTimer,
  );
  const date = h("span", { class: "bar-date" }),
    time = h("span");
  const clock = h(
    "span",
    { class: "bar-clock", title: "The session's clock. It moves only when you advance it." },
    date,
    " ",
    time,
  );
  const advance = h(
    "div",
    { class: "bar-group", role: "group", aria: { label: "Advance the clock" } },
    clock,
    toTimer,
    ...["1m", "10m", "1h"].map((by) =>
      button(`+${by}`, () => commands.advance(by), {
        class: "bar-button bar-short",
        title: `Advance the clock by ${by}`,
      }),
    ),
  );
  const mode = h("span", { class: "bar-mode", data: { mode: "live" } });
  const theme = action(
    "system",
    "Theme",
    "",
    () => commands.setTheme(nextTheme[current]),
    "bar-quiet",
  );
  let current: Theme = "system";
  const dom = h(
    "header",
    { class: "bar", data: { pane: "bar" } },
    h("h1", { class: "bar-name" }, logo(), "Reticle"),
    picker,
    h("div", { class: "bar-group", role: "group", aria: { label: "Fire rules" } }, run, step),
    advance,
    h(
      "div",
      { class: "bar-group", role: "group", aria: { label: "Session" } },
      action(
        "reset",
        "Reset",
        "Begin again with this example's inputs",
        commands.reset,
        "bar-fold",
      ),
      action(
        "crash",
        "Crash",
        "End the engine's worker now; a new one resumes from the journal",
        commands.crash,
        "bar-fold bar-danger",
      ),
    ),
    h("span", { class: "bar-space" }),
    mode,
    h(
      "div",
      { class: "bar-group bar-last", role: "group", aria: { label: "Page" } },
      action(
        "share",
        "Share",
        "Copy a link that holds everything on this page",
        commands.share,
        "bar-quiet",
      ),
      theme,
      action("help", "Help", "Keys and a short tour (?)", commands.help, "bar-quiet"),
    ),
  );
  return {
    dom,
    update({ state, moment }) {
      const { engine } = state;
      if (picker.value !== state.source) picker.value = state.source;
      own.hidden = examples.some(({ name }) => name === state.source);
      own.textContent = state.source === "link" ? "From a link" : `${state.project.title} (edited)`;
      if (!own.hidden) picker.value = "";
      const isBusy = engine.phase === "starting" || engine.phase === "crashed";
      for (const each of [run, step, toTimer]) each.disabled = isBusy;
      toTimer.disabled ||= engine.status?.nextTimer == null;
      run.toggleAttribute(
        "data-lit",
        state.limited !== null || (state.live && moment.agenda.size > 0),
      );
      const [day = "", hour = ""] = printTime(moment.clock).split(" ");
      setText(date, day);
      setText(time, hour);
      const words =
        engine.phase === "crashed"
          ? "crashed: reading the journal"
          : engine.phase === "failed"
            ? "the engine could not start"
            : engine.phase === "starting"
              ? "starting"
              : modeWords(state);
      setText(mode, words);
      mode.dataset.mode =
        engine.phase === "crashed" || engine.phase === "failed"
          ? "broken"
          : state.live
            ? "live"
            : "past";
      if (current !== state.theme || !theme.title) {
        current = state.theme;
        theme.replaceChildren(icon(current), h("span", { class: "bar-word" }, "Theme"));
        theme.title = `Theme: ${current}. Press for ${nextTheme[current]}.`;
        theme.setAttribute("aria-label", theme.title);
      }
    },
  };
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
