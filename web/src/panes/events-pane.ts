// The events of the session; of the chosen one everything that it set off.

import "./events-pane.css";
import type { EventLine } from "../derive/events.ts";
import { cascadeTree, eventsOf } from "../derive/events.ts";
import { countOf, fieldWords, recordWords } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";

const mostEvents = 200,
  mostRecords = 120;

/** Newest first. The selected event is open: its cascade stands below it, by origin. */
export function eventsPane(commands: Commands): Pane<View> {
  const list = h("ul", { class: "events", aria: { label: "Events, newest first" } });
  const empty = h("p", { class: "empty" }, "No event has happened, and no property has changed.");
  const dom = h("div", { class: "events-pane", data: { pane: "events" } }, list, empty);
  let drawn = "";
  return {
    dom,
    update(view) {
      const { state } = view;
      if (state.layout.tableTab !== "events") return;
      const picked = state.selection?.kind === "record" ? state.selection.position : 0;
      const now = `${state.revision} ${state.position} ${picked} ${state.program.generation}`;
      if (now === drawn) return;
      drawn = now;
      const lines = eventsOf(state.timeline.records, state.position, mostEvents);
      const origin = state.timeline.records[picked - 1]?.origin;
      const isOpen = (line: EventLine) =>
        line.position === picked ||
        (line.origin === origin && !lines.some(({ position }) => position === picked));
      const open = lines.find(isOpen);
      list.replaceChildren(...lines.map((line) => eventRow(line, line === open, view, commands)));
      empty.hidden = lines.length > 0;
    },
  };
}

function eventRow(line: EventLine, isOpen: boolean, view: View, commands: Commands): HTMLElement {
  const { position, type, subject, data } = line;
  const head = button(type, () => commands.select(isOpen ? null : { kind: "record", position }), {
    class: "link event-type",
    aria: { expanded: String(isOpen) },
  });
  const what = [subject, fieldWords(data)].filter((part) => part).join(" ");
  return h(
    "li",
    { class: "event", data: { record: String(position) } },
    h(
      "p",
      { class: "event-line" },
      head,
      h("span", { class: "event-what" }, what),
      h("span", { class: "event-at" }, `record ${position}`),
    ),
    isOpen ? cascade(position, view, commands) : null,
  );
}

function cascade(position: number, { state, schema }: View, commands: Commands): HTMLElement {
  const { records } = state.timeline;
  const lines = cascadeTree(records, position, mostRecords);
  const rows = lines.map(({ position: at, record, depth }) => {
    const row = h(
      "li",
      { class: "cascade-line", data: { record: String(at) } },
      button(recordWords(record, schema), () => commands.select({ kind: "record", position: at }), {
        class: "link",
      }),
    );
    row.style.setProperty("--depth", String(Math.min(depth, 8)));
    row.toggleAttribute("data-selected", at === position);
    row.toggleAttribute("data-later", at > state.position);
    return row;
  });
  const label = `All that came of the same input, ${countOf(rows.length, "record")}`;
  return h("ol", { class: "cascade", aria: { label } }, ...rows);
}
