import "./frame.css";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { BottomTab, EditorTab, Layout, PaneName, TableTab } from "../state/state.ts";
import type { View } from "../state/view.ts";
import { icon } from "./icons.ts";
import { splitter } from "./splitter.ts";
import type { Tabs } from "./tabs.ts";
import { tabs } from "./tabs.ts";

export interface FrameParts {
  bar: HTMLElement;
  timeline: HTMLElement;
  editor: { [K in EditorTab]: HTMLElement };
  net: HTMLElement;
  netHead: HTMLElement;
  tables: { [K in TableTab]: HTMLElement };
  explanation: HTMLElement;
  bottom: { [K in BottomTab]: HTMLElement };
  logCount(): number;
}

/**
 * Where everything is: four areas, the time line and the strip below; lines between them to move;
 * tabs on narrow screens.
 */
export function frame(commands: Commands, parts: FrameParts): Pane<View> {
  let layout: Layout | null = null;
  const change = (part: Partial<Layout>) => commands.layout(part);
  const editorTabs = tabs<EditorTab>(
    "editor",
    [
      { name: "rules", title: "Rules", content: parts.editor.rules },
      { name: "json", title: "JSON", content: parts.editor.json },
      { name: "inputs", title: "Inputs", content: parts.editor.inputs },
      { name: "tests", title: "Tests", content: parts.editor.tests },
    ],
    (editorTab) => change({ editorTab }),
  );
  const tableTabs = tabs<TableTab>(
    "session",
    [
      { name: "agenda", title: "Agenda", content: parts.tables.agenda },
      { name: "facts", title: "Facts", content: parts.tables.facts },
      { name: "subjects", title: "Subjects", content: parts.tables.subjects },
      { name: "runs", title: "Runs", content: parts.tables.runs },
    ],
    (tableTab) => change({ tableTab }),
  );
  const bottomTabs = tabs<BottomTab>(
    "messages",
    [
      { name: "problems", title: "Problems", content: parts.bottom.problems },
      { name: "tests", title: "Test results", content: parts.bottom.tests },
      { name: "log", title: "Log", content: parts.bottom.log },
    ],
    (bottomTab) => change({ bottomTab }),
  );
  const grows: { name: PaneName; button: HTMLButtonElement; pane: HTMLElement }[] = [];
  const pane = (
    name: PaneName,
    label: string,
    head: HTMLElement,
    body: HTMLElement,
  ): HTMLElement => {
    const toggle = () => commands.maximise(layout?.maximised === name ? null : name);
    const grow = button("", toggle, { class: "icon-button pane-grow" });
    const header = h(
      "div",
      {
        class: "pane-head",
        on: {
          dblclick: (event) => {
            if (event.target === header || event.target === head) toggle();
          },
        },
      },
      head,
      grow,
    );
    const made = h(
      "section",
      {
        class: "pane",
        tabIndex: -1,
        data: { area: name },
        aria: { label },
        on: {
          keydown: (event) => {
            if (event.altKey && event.key === "Enter") {
              event.preventDefault();
              toggle();
            }
          },
        },
      },
      header,
      h("div", { class: "pane-body" }, body),
    );
    grows.push({ name, button: grow, pane: made });
    return made;
  };
  const editor = pane("editor", "Editor", editorTabs.list, editorTabs.panels);
  const net = pane(
    "net",
    "Network",
    h("div", { class: "pane-title" }, h("h2", {}, "Network"), parts.netHead),
    parts.net,
  );
  const tables = pane("tables", "Session", tableTabs.list, tableTabs.panels);
  const explanation = pane(
    "explanation",
    "Explanation",
    h("div", { class: "pane-title" }, h("h2", {}, "Why")),
    h("div", { class: "scroll" }, parts.explanation),
  );
  const bottom = pane("bottom", "Messages", bottomTabs.list, bottomTabs.panels);
  const areas = h("main", { class: "areas" });
  const share = (of: HTMLElement, event: PointerEvent, axis: "x" | "y") => {
    const area = of.getBoundingClientRect();
    return (
      100 *
      (axis === "x"
        ? (event.clientX - area.left) / area.width
        : (event.clientY - area.top) / area.height)
    );
  };
  const upper = h("div", { class: "upper" }),
    lower = h("div", { class: "lower" }),
    both = h("div", { class: "both" });
  const lines = [
    splitter({
      label: "Between editor and network",
      orientation: "vertical",
      get: () => 100 * (layout?.editorWidth ?? 0.4),
      set: (value) => change({ editorWidth: value / 100 }),
      measure: (event) => share(upper, event, "x"),
    }),
    splitter({
      label: "Between upper and lower panes",
      orientation: "horizontal",
      get: () => 100 * (layout?.upperHeight ?? 0.6),
      set: (value) => change({ upperHeight: value / 100 }),
      measure: (event) => share(both, event, "y"),
    }),
    splitter({
      label: "Between session and explanation",
      orientation: "vertical",
      get: () => 100 * (layout?.tablesWidth ?? 0.4),
      set: (value) => change({ tablesWidth: value / 100 }),
      measure: (event) => share(lower, event, "x"),
    }),
  ] as const;
  upper.append(editor, lines[0], net);
  lower.append(tables, lines[2], explanation);
  both.append(upper, lines[1], lower);
  const narrow = narrowTabs((narrowTab) => change({ narrowTab }));
  areas.append(both, narrow.list, parts.timeline, bottom);
  const banner = h("div", { class: "banner", role: "note", hidden: true });
  const live = h("p", {
    class: "visually-hidden",
    role: "status",
    aria: { live: "polite" },
    data: { role: "announcements" },
  });
  const dom = h("div", { class: "page" }, parts.bar, banner, areas, live);
  let drawnBanner: unknown = null;
  dom.addEventListener("keydown", (event) => {
    if (event.key === "F6") {
      event.preventDefault();
      cycle(
        grows.map((each) => each.pane),
        event.shiftKey,
      );
    }
  });

  return {
    dom,
    update({ state, moment, schema }) {
      layout = state.layout;
      dom.dataset.mode = state.live ? "live" : "past";
      dom.dataset.phase = state.engine.phase;
      areas.style.setProperty("--both", `${layout.upperHeight}fr 7px ${1 - layout.upperHeight}fr`);
      areas.style.setProperty("--upper", `${layout.editorWidth}fr 7px ${1 - layout.editorWidth}fr`);
      areas.style.setProperty("--lower", `${layout.tablesWidth}fr 7px ${1 - layout.tablesWidth}fr`);
      areas.style.setProperty("--bottom", `${layout.bottomHeight}px`);
      for (const line of lines) line.sync();
      for (const { name, button: grow, pane: made } of grows) {
        const isLarge = layout.maximised === name;
        made.toggleAttribute("data-maximised", isLarge);
        made.toggleAttribute("data-narrow", layout.narrowTab === name);
        const label = isLarge ? "Restore" : "Maximise";
        if (grow.title !== `${label} (Alt+Enter)`) {
          grow.replaceChildren(icon(isLarge ? "shrink" : "grow"));
          grow.title = `${label} (Alt+Enter)`;
          grow.setAttribute("aria-label", label);
        }
      }
      document.body.toggleAttribute("data-errors", state.program.stale);
      const problems = state.program.diagnostics.length,
        failed = state.tests.reports.filter((report) => !report.passed).length;
      editorTabs.update(layout.editorTab, {
        inputs: String(state.steps.length),
        tests: schema?.tests.length ? String(schema.tests.length) : "",
      });
      tableTabs.update(layout.tableTab, {
        agenda: String(moment.agenda.size),
        facts: String(moment.facts.size),
        runs: moment.runs.size ? String(moment.runs.size) : "",
      });
      bottomTabs.update(layout.bottomTab, {
        problems: problems ? String(problems) : "",
        tests: failed ? String(failed) : "",
        log: String(parts.logCount()),
      });
      narrow.update(layout.narrowTab, { bottom: problems ? String(problems) : "" });
      setText(live, state.announcement);
      if (state.banner !== drawnBanner) {
        drawnBanner = state.banner;
        banner.hidden = state.banner === null;
        if (state.banner) banner.dataset.tone = state.banner.tone;
        banner.replaceChildren(
          h("span", {}, state.banner?.text ?? ""),
          button("Dismiss", commands.dismissBanner, { class: "small-button" }),
        );
      }
    },
  };
}

/**
 * On narrow screens the network stays above and one other pane at a time stands below it,
 * the explanation first.
 */
function narrowTabs(choose: (name: Layout["narrowTab"]) => void): Tabs<Layout["narrowTab"]> {
  const nothing = () => h("span");
  const made = tabs<Layout["narrowTab"]>(
    "panes",
    [
      { name: "explanation", title: "Why", content: nothing() },
      { name: "editor", title: "Rules", content: nothing() },
      { name: "tables", title: "Session", content: nothing() },
      { name: "bottom", title: "Messages", content: nothing() },
    ],
    choose,
  );
  made.list.classList.add("narrow-tabs");
  for (const tab of made.list.querySelectorAll("[aria-controls]"))
    tab.removeAttribute("aria-controls");
  return made;
}

function cycle(panes: HTMLElement[], backwards: boolean): void {
  const shown = panes.filter(
    (each) => each.offsetParent !== null || getComputedStyle(each).position === "fixed",
  );
  const current = shown.findIndex((each) => each.contains(document.activeElement));
  const next = shown[(current + (backwards ? -1 : 1) + shown.length) % shown.length];
  next?.focus();
}
