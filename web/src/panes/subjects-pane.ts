// Subjects and the history of their properties.

import "./subjects-pane.css";
import { plotOf } from "../derive/charts.ts";
import type { LaneChange, PropertyLane, SubjectLane } from "../derive/lanes.ts";
import { cascadeOf, lanesOf } from "../derive/lanes.ts";
import { printValue } from "../derive/moment.ts";
import type { Pane } from "../dom.ts";
import { button, h } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import { moreLine, olderLine } from "./more.ts";
import { propertyPlot } from "./plots.ts";

const mostSubjects = 100,
  mostChanges = 40;

/** Things with reactive properties: a lane for each property, a line for each change, old → new. */
export function subjectsPane(commands: Commands): Pane<View> {
  const list = h("div", { class: "subjects" });
  const empty = h(
    "p",
    { class: "empty" },
    "No property has changed yet. Subjects are declared with `subject`; " +
      "setting a property of one raises a change with its old and new value.",
  );
  const dom = h("div", { class: "subjects-pane", data: { pane: "subjects" } }, list, empty);
  let drawn = "";
  return {
    dom,
    update({ state, schema }) {
      // Every record is read for it: not unless it is seen.
      if (state.layout.tableTab !== "subjects") return;
      const picked = state.selection?.kind === "record" ? state.selection.position : 0;
      const now = `${state.revision} ${state.position} ${picked}`;
      if (now === drawn) return;
      drawn = now;
      const at = { end: state.timeline.length, shown: state.position };
      const cascade = new Set(picked ? cascadeOf(state.timeline.records, picked) : []);
      const lanes = lanesOf(
        state.timeline.records,
        state.position,
        new Set(schema?.types.filter((type) => type.builtin).map(({ name }) => name)),
      );
      const shown = lanes.slice(0, mostSubjects);
      list.replaceChildren(
        ...shown.map((lane) => subjectLane(lane, cascade, picked, commands, at)),
        moreLine(lanes.length - shown.length) ?? "",
      );
      empty.hidden = lanes.length > 0;
    },
  };
}

function subjectLane(
  { subject, fact, lanes }: SubjectLane,
  cascade: Set<number>,
  picked: number,
  commands: Commands,
  at: { end: number; shown: number },
): HTMLElement {
  return h(
    "section",
    { class: "subject", data: { subject } },
    h(
      "h3",
      { class: "subject-name" },
      button(subject, () => commands.select({ kind: "fact", fact }), { class: "link" }),
    ),
    h(
      "dl",
      { class: "subject-lanes" },
      ...lanes.flatMap((lane) => propertyLane(lane, cascade, picked, commands, at)),
    ),
  );
}

function propertyLane(
  lane: PropertyLane,
  cascade: Set<number>,
  picked: number,
  commands: Commands,
  { end, shown }: { end: number; shown: number },
): HTMLElement[] {
  const { property, changes } = lane;
  const lines = changes
    .slice(-mostChanges)
    .map((change) => h("li", {}, changeLine(change, cascade, picked, commands)));
  return [
    h("dt", { class: "subject-property" }, property),
    h(
      "dd",
      { class: "subject-changes" },
      changes.length > 1 ? propertyPlot(property, plotOf(lane, end), end, shown) : null,
      olderLine(changes.length - lines.length),
      h("ol", {}, ...lines),
    ),
  ];
}

function changeLine(
  change: LaneChange,
  cascade: Set<number>,
  picked: number,
  commands: Commands,
): HTMLElement {
  const show = (value: LaneChange["old"]) => (value === null ? "none" : printValue(value));
  const line = button("", () => commands.select({ kind: "record", position: change.position }), {
    class: "subject-change",
    data: {
      kind: change.kind,
      record: String(change.position),
      ...(change.muted ? { muted: "" } : {}),
    },
    title: `Record ${change.position}${change.muted ? ", set quietly: no event was raised" : ""}`,
  });
  line.append(
    h("span", { class: "subject-dot", aria: { hidden: "true" } }),
    h("span", { class: "subject-old" }, show(change.old)),
    h("span", { class: "subject-arrow" }, "→"),
    h("span", { class: "subject-new" }, show(change.new)),
    h(
      "span",
      { class: "subject-note" },
      change.muted ? "muted" : change.kind === "unset" ? "taken away" : "",
    ),
  );
  line.toggleAttribute("data-cascade", cascade.has(change.position));
  line.toggleAttribute("data-selected", picked === change.position);
  return line;
}
