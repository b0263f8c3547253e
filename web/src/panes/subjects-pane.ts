// Subjects and the history of their properties.

import "./subjects-pane.css";
import type { TraceRecord } from "reticle";
import { plotOf } from "../derive/charts.ts";
import type { LaneChange, PropertyLane, SubjectLane } from "../derive/lanes.ts";
import { cascadeOf, lanesOf } from "../derive/lanes.ts";
import { printValue } from "../derive/moment.ts";
import type { Pane } from "../dom.ts";
import { button, h, keyedList } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import { moreLine, olderLine } from "./more.ts";
import { moveCursors, propertyPlot } from "./plots.ts";

const mostSubjects = 100;
/** Of many subjects each has fewer of its changes in words; its plot has all of them. */
const mostChanges = (subjects: number) => Math.max(6, Math.min(40, Math.floor(200 / subjects)));

/** Things with reactive properties: a lane for each property, a line for each change, old → new. */
export function subjectsPane(commands: Commands): Pane<View> {
  const list = h("div", { class: "subjects" });
  const more = h("div");
  const empty = h(
    "p",
    { class: "empty" },
    "No property has changed yet. Subjects are declared with `subject`; " +
      "setting a property of one raises a change with its old and new value.",
  );
  const dom = h("div", { class: "subjects-pane", data: { pane: "subjects" } }, list, more, empty);
  let drawn = "";
  let session = 0;
  let at: Seen = { records: [], end: 0, shown: 0, most: 0, picked: 0, cascade: new Set() };
  const render = keyedList<SubjectLane, HTMLElement>(
    list,
    ({ subject }) => subject,
    ({ subject }) => h("section", { class: "subject", data: { subject } }),
    (section, lane) => {
      // One step of the time line changes one subject: the others keep what they have.
      const now = `${session} ${contentOf(lane, at)}`;
      if (content.get(section) === now) moveCursors(section, at.shown, at.end);
      else section.replaceChildren(...subjectLane(lane, commands, at));
      content.set(section, now);
    },
  );
  return {
    dom,
    update({ state, schema }) {
      // Every record is read for it: not unless it is seen.
      if (state.layout.tableTab !== "subjects") return;
      const { selection, timeline, position: shown } = state;
      const picked = selection?.kind === "record" ? selection.position : 0;
      const now = `${state.revision} ${shown} ${picked}`;
      if (now === drawn) return;
      drawn = now;
      const types = schema?.types.filter((type) => type.builtin).map(({ name }) => name);
      const lanes = lanesOf(timeline.records, shown, new Set(types));
      if (timeline.records !== at.records) session++;
      if (picked !== at.picked || timeline.length !== at.end || timeline.records !== at.records)
        at = { ...at, cascade: new Set(picked ? cascadeOf(timeline.records, picked) : []) };
      const { length: end, records } = timeline;
      at = { ...at, records, end, shown, picked, most: mostChanges(lanes.length) };
      render(lanes.slice(0, mostSubjects));
      more.replaceChildren(moreLine(lanes.length - mostSubjects) ?? "");
      empty.hidden = lanes.length > 0;
    },
  };
}

interface Seen {
  records: TraceRecord[];
  end: number;
  shown: number;
  /** So many changes of a property are told. */
  most: number;
  picked: number;
  cascade: Set<number>;
}

/** What a section was made of, but for the moment that is shown. */
const content = new WeakMap<HTMLElement, string>();

function contentOf({ fact, lanes }: SubjectLane, { end, most, picked, cascade }: Seen): string {
  const changes = lanes.map(({ property, changes }) => `${property} ${changes.length}`);
  const newest = Math.max(...lanes.map((lane) => lane.changes.at(-1)?.position ?? 0));
  return `${fact} ${end} ${most} ${picked} ${cascade.size} ${newest} ${changes.join()}`;
}

function subjectLane({ subject, fact, lanes }: SubjectLane, commands: Commands, at: Seen) {
  return [
    h(
      "h3",
      { class: "subject-name" },
      button(subject, () => commands.select({ kind: "fact", fact }), { class: "link" }),
    ),
    h(
      "dl",
      { class: "subject-lanes" },
      ...lanes.flatMap((lane) => propertyLane(lane, commands, at)),
    ),
  ];
}

function propertyLane(lane: PropertyLane, commands: Commands, at: Seen): HTMLElement[] {
  const { end, shown, most, picked, cascade } = at;
  const { property, changes } = lane;
  const lines = changes
    .slice(-most)
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
