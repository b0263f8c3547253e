// The page's areas, and the tabs, lines and buttons that arrange them.

import "./frame.css";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { BottomTab, EditorTab, Layout, PaneName, State, TableTab } from "../state/state.ts";
import { defaultLayout } from "../state/state.ts";
import type { View } from "../state/view.ts";
import { icon } from "./icons.ts";
import type { LessonPane } from "./lesson-pane.ts";
import type { Splitter } from "./splitter.ts";
import { splitter } from "./splitter.ts";
import type { Tab, Tabs } from "./tabs.ts";
import { countOrNone, tabs } from "./tabs.ts";

/** What stands where; tabs in the order of their lists. */
export interface FrameParts {
  bar: HTMLElement;
  about: HTMLElement;
  lesson: LessonPane;
  timeline: HTMLElement;
  editor: Tab<EditorTab>[];
  net: HTMLElement;
  netHead: HTMLElement;
  tables: Tab<TableTab>[];
  explanation: HTMLElement;
  bottom: Tab<BottomTab>[];
  bottomHead: HTMLElement;
}

/**
 * Where everything is: four areas, the time line and the strip below; lines between them to move;
 * tabs on narrow screens.
 */
export function frame(commands: Commands, parts: FrameParts): Pane<View> {
  let layout: Layout | null = null;
  const change = (part: Partial<Layout>) => commands.layout(part);
  const toggle = (name: PaneName) => commands.maximise(layout?.maximised === name ? null : name);
  const editor = tabs("editor", parts.editor, (editorTab) => change({ editorTab }));
  const tables = tabs("session", parts.tables, (tableTab) => change({ tableTab }));
  const bottom = tabs("messages", parts.bottom, (bottomTab) =>
    change({ bottomTab, bottomOpen: bottomTab !== layout?.bottomTab || !layout.bottomOpen }),
  );
  const panes = panesOf(parts, { editor, tables, bottom }, toggle);
  const areas = h("main", { class: "areas" });
  const arranged = arrange(panes, () => layout ?? defaultLayout, change);
  const narrow = narrowTabs((narrowTab) => change({ narrowTab }));
  const lesson = lessonArea(parts.lesson);
  areas.append(lesson.dom, arranged.dom, narrow.list, parts.timeline, panes.bottom.dom);
  const banner = bannerStrip(commands);
  const live = h("p", {
    class: "visually-hidden",
    role: "status",
    aria: { live: "polite" },
    data: { role: "announcements" },
  });
  const dom = h("div", { class: "page" }, parts.bar, parts.about, banner.dom, areas, live);
  dom.addEventListener("keydown", (event) => {
    if (event.key !== "F6") return;
    event.preventDefault();
    const inOrder = [lesson, ...Object.values(panes)].map((pane) => pane.dom);
    cycle(inOrder, event.shiftKey);
  });

  return {
    dom,
    update(view) {
      const { state } = view;
      layout = state.layout;
      dom.dataset.mode = state.live ? "live" : "past";
      dom.dataset.phase = state.engine.phase;
      sizeAreas(areas, layout);
      areas.dataset.maximised = layout.maximised ?? "";
      lesson.update(layout);
      areas.toggleAttribute("data-lesson", parts.lesson.isShown());
      dom.toggleAttribute("data-lesson", parts.lesson.isShown());
      areas.toggleAttribute("data-folded", !layout.bottomOpen && layout.maximised !== "bottom");
      for (const line of arranged.lines) line.sync();
      for (const pane of Object.values(panes)) pane.update(layout);
      document.body.toggleAttribute(
        "data-errors",
        state.program.stale || (!state.program.schema && state.program.diagnostics.length > 0),
      );
      editor.update(layout.editorTab, view);
      tables.update(layout.tableTab, view);
      bottom.update(layout.bottomTab, view);
      narrow.update(layout.narrowTab, view);
      setText(live, state.announcement);
      banner.update(view);
    },
  };
}

type TabRow = Pick<Tabs<string>, "list" | "panels">;

interface Framed {
  dom: HTMLElement;
  update(layout: Layout): void;
}

/** In the order in which F6 walks through them. */
function panesOf(
  parts: FrameParts,
  { editor, tables, bottom }: { [name in "editor" | "tables" | "bottom"]: TabRow },
  toggle: (name: PaneName) => void,
): { [name in PaneName]: Framed } {
  const title = (...children: HTMLElement[]) => h("div", { class: "pane-title" }, ...children);
  const network = title(h("h2", {}, "Network"), parts.netHead);
  const why = title(h("h2", {}, "Why"));
  const explanation = h("div", { class: "scroll" }, parts.explanation);
  const messages = title(bottom.list, parts.bottomHead);
  messages.classList.add("pane-title-tabs");
  const framed = (name: PaneName, label: string, head: HTMLElement, body: HTMLElement) =>
    framedPane(name, label, head, body, () => toggle(name));
  return {
    editor: framed("editor", "Editor", editor.list, editor.panels),
    net: framed("net", "Network", network, parts.net),
    tables: framed("tables", "Session", tables.list, tables.panels),
    explanation: framed("explanation", "Explanation", why, explanation),
    bottom: framed("bottom", "Messages", messages, bottom.panels),
  };
}

/** A pane with its head; a double click there, or Alt+Enter within, makes it fill the page. */
function framedPane(
  name: PaneName,
  label: string,
  head: HTMLElement,
  body: HTMLElement,
  toggle: () => void,
): Framed {
  const grow = button("", toggle, { class: "icon-button pane-grow" });
  const header = h("div", { class: "pane-head" }, head, grow);
  header.addEventListener("dblclick", (event) => {
    if (event.target === header || event.target === head) toggle();
  });
  const dom = h(
    "section",
    { class: "pane", tabIndex: -1, data: { area: name }, aria: { label } },
    header,
    h("div", { class: "pane-body" }, body),
  );
  dom.addEventListener("keydown", (event) => {
    if (!event.altKey || event.key !== "Enter") return;
    event.preventDefault();
    toggle();
  });
  return {
    dom,
    update({ maximised, narrowTab }) {
      const isLarge = maximised === name;
      dom.toggleAttribute("data-maximised", isLarge);
      dom.toggleAttribute("data-narrow", narrowTab === name);
      const does = isLarge ? "Restore" : "Maximise";
      if (grow.title === `${does} (Alt+Enter)`) return;
      grow.replaceChildren(icon(isLarge ? "shrink" : "grow"));
      grow.title = `${does} (Alt+Enter)`;
      grow.setAttribute("aria-label", does);
    },
  };
}

/** At the left of everything while a lesson is open. */
function lessonArea(lesson: LessonPane): Framed {
  const dom = h(
    "section",
    { class: "pane", tabIndex: -1, data: { area: "lesson" }, aria: { label: "Lesson" } },
    h("div", { class: "pane-body" }, h("div", { class: "scroll" }, lesson.dom)),
  );
  return {
    dom,
    update({ narrowTab }) {
      dom.hidden = !lesson.isShown();
      dom.toggleAttribute("data-narrow", lesson.isShown() && narrowTab === "lesson");
    },
  };
}

/** Two panes above, two below, and the lines between them. */
function arrange(
  { editor, net, tables, explanation }: { [name in PaneName]: Framed },
  layout: () => Layout,
  change: (part: Partial<Layout>) => void,
): { dom: HTMLElement; lines: Splitter[] } {
  const upper = h("div", { class: "upper" });
  const lower = h("div", { class: "lower" });
  const dom = h("div", { class: "both" });
  const betweenUpper = splitter({
    label: "Between editor and network",
    orientation: "vertical",
    get: () => 100 * layout().editorWidth,
    set: (value) => change({ editorWidth: value / 100 }),
    measure: (event) => share(upper, event, "x"),
  });
  const betweenRows = splitter({
    label: "Between upper and lower panes",
    orientation: "horizontal",
    get: () => 100 * layout().upperHeight,
    set: (value) => change({ upperHeight: value / 100 }),
    measure: (event) => share(dom, event, "y"),
  });
  const betweenLower = splitter({
    label: "Between session and explanation",
    orientation: "vertical",
    get: () => 100 * layout().tablesWidth,
    set: (value) => change({ tablesWidth: value / 100 }),
    measure: (event) => share(lower, event, "x"),
  });
  upper.append(editor.dom, betweenUpper, net.dom);
  lower.append(tables.dom, betweenLower, explanation.dom);
  dom.append(upper, betweenRows, lower);
  return { dom, lines: [betweenUpper, betweenRows, betweenLower] };
}

/** Where the pointer is within an element, in percent. */
function share(of: HTMLElement, event: PointerEvent, axis: "x" | "y"): number {
  const area = of.getBoundingClientRect();
  return axis === "x"
    ? (100 * (event.clientX - area.left)) / area.width
    : (100 * (event.clientY - area.top)) / area.height;
}

function sizeAreas(areas: HTMLElement, layout: Layout): void {
  const split = (share: number) => `${share}fr 7px ${1 - share}fr`;
  areas.style.setProperty("--both", split(layout.upperHeight));
  areas.style.setProperty("--upper", split(layout.editorWidth));
  areas.style.setProperty("--lower", split(layout.tablesWidth));
  areas.style.setProperty("--bottom", `${layout.bottomHeight}px`);
}

function bannerStrip(commands: Commands): Pane<View> {
  const words = h("span");
  const act = h("span", { class: "banner-act" });
  const dismiss = button("Dismiss", commands.dismissBanner, { class: "small-button" });
  const dom = h("div", { class: "banner", role: "note", hidden: true }, words, act, dismiss);
  let drawn: State["banner"] = null;
  return {
    dom,
    update({ state: { banner } }) {
      if (banner === drawn) return;
      const before = drawn?.offers;
      drawn = banner;
      dom.hidden = banner === null;
      if (banner) dom.dataset.tone = banner.tone;
      setText(words, banner?.text ?? "");
      // Who is on the button stays there while the words go on.
      const offers = banner?.offers;
      if (offers === before) return;
      const accept = () => offers && commands.accept(offers);
      act.replaceChildren(
        offers ? button(offers.label, accept, { class: "small-button banner-offer" }) : "",
      );
    },
  };
}

/**
 * On narrow screens the network stays above and one other pane at a time stands below it,
 * the explanation first.
 */
function narrowTabs(choose: (name: Layout["narrowTab"]) => void): Tabs<Layout["narrowTab"]> {
  const nothing = () => h("span");
  const problems = ({ state }: View) => countOrNone(state.program.diagnostics.length);
  const made = tabs<Layout["narrowTab"]>(
    "panes",
    [
      { name: "lesson", title: "Lesson", content: nothing() },
      { name: "explanation", title: "Why", content: nothing() },
      { name: "editor", title: "Rules", content: nothing() },
      { name: "tables", title: "Session", content: nothing() },
      { name: "bottom", title: "Messages", content: nothing(), badge: problems },
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
