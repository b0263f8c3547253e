// The events of the session; of the chosen one everything that it set off.

import "./events-pane.css";
import type { TraceRecord } from "reticle";
import type { EventLine } from "../derive/events.ts";
import { cascadeTree, eventsOf, waitingEvents } from "../derive/events.ts";
import { printDue } from "../derive/times.ts";
import { countOf, fieldWords, recordWords } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h, keyedList } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import { moreLine } from "./more.ts";

/** Of a list that is asked for more so many more are shown. */
const atOnce = { events: 200, records: 120 };

/**
 * What waits, then what came, newest first. The selected event is open: its cascade is below it.
 */
export function eventsPane(commands: Commands): Pane<View> {
  const waiting = h("ul", { class: "events events-waiting", aria: { label: "Events that wait" } });
  const list = h("ul", { class: "events", aria: { label: "Events, newest first" } });
  const more = h("div");
  const empty = h("p", { class: "empty" }, "No event has happened, and no property has changed.");
  const dom = h("div", { class: "events-pane", data: { pane: "events" } });
  dom.append(waiting, list, more, empty);
  let drawn = "";
  let most = { ...atOnce };
  let seen: { view: View; open: EventLine | undefined; opened: Opened } | null = null;
  /** Another session has other records at the same positions. */
  const made = new WeakMap<HTMLElement, TraceRecord | undefined>();
  const change = (row: HTMLElement, line: EventLine) => {
    if (!seen) return;
    const { view, opened } = seen;
    const record = view.state.timeline.records[line.position - 1];
    if (line === seen.open)
      row.replaceChildren(
        eventLine(line, view, commands, true),
        cascade(line.position, view, commands, opened),
      );
    else if (row.childElementCount !== 1 || made.get(row) !== record)
      row.replaceChildren(eventLine(line, view, commands, false));
    made.set(row, record);
  };
  // One step of the time line adds a row or takes one away: the others stay.
  const keyOf = ({ position, state, due }: EventLine) =>
    `${position} ${state} ${due === undefined ? "" : (seen?.view.moment.clock ?? 0)}`;
  const make = ({ position, state }: EventLine) =>
    h("li", { class: "event", data: { record: String(position), state } });
  const renderWaiting = keyedList<EventLine, HTMLElement>(waiting, keyOf, make, change);
  const renderLines = keyedList<EventLine, HTMLElement>(list, keyOf, make, change);
  function update(view: View): void {
    const { state, moment } = view;
    if (state.layout.tableTab !== "events") return;
    const picked = state.selection?.kind === "record" ? state.selection.position : 0;
    const where = `${state.revision} ${state.position} ${picked} ${state.program.generation}`;
    const now = `${where} ${most.events} ${most.records}`;
    if (now === drawn) return;
    drawn = now;
    const { records } = state.timeline;
    const waits = waitingEvents(moment);
    const found = eventsOf(records, state.position, most.events + 1);
    const lines = found.slice(0, most.events);
    const all = [...waits, ...lines];
    const origin = records[picked - 1]?.origin;
    const open =
      all.find(({ position }) => position === picked) ??
      all.find((line) => line.origin === origin && origin !== undefined);
    const showMore = () => {
      most = { ...most, records: most.records + atOnce.records };
      update(view);
    };
    seen = { view, open, opened: { most: most.records, showMore } };
    renderWaiting(waits);
    renderLines(lines);
    more.replaceChildren(olderLine(found.length > lines.length, lines.length, view));
    empty.hidden = all.length > 0;
  }

  function olderLine(isCut: boolean, shown: number, view: View): HTMLElement {
    if (!isCut) return h("span", { hidden: true });
    const showOlder = () => {
      most = { ...most, events: most.events + atOnce.events };
      update(view);
    };
    return h(
      "p",
      { class: "more" },
      `These are the newest ${shown}. `,
      button("Show older ones", showOlder, { class: "link" }),
    );
  }
  return { dom, update };
}

/** How much of a cascade is shown. */
interface Opened {
  most: number;
  showMore(): void;
}

function eventLine(line: EventLine, view: View, commands: Commands, isOpen: boolean): HTMLElement {
  const { position, type, subject, data } = line;
  const pick = () => commands.select(isOpen ? null : { kind: "record", position });
  const head = button(type, pick, {
    class: "link event-type",
    aria: { expanded: String(isOpen) },
  });
  const what = [subject, fieldWords(data)].filter((part) => part).join(" ");
  const standing = standingWords(line, view);
  return h(
    "p",
    { class: "event-line" },
    head,
    h("span", { class: "event-what" }, what),
    standing ? h("span", { class: "event-standing" }, standing) : null,
    h("span", { class: "event-at" }, `record ${position}`),
  );
}

function standingWords({ state, due }: EventLine, { moment }: View): string {
  const at = due === undefined ? "" : printDue(due, moment.clock);
  if (state === "waits") return `waits until ${at}`;
  return state === "dropped" ? `taken back${at && `, was due at ${at}`}` : "";
}

function cascade(
  position: number,
  { state, schema }: View,
  commands: Commands,
  { most, showMore }: Opened,
): HTMLElement {
  const { records } = state.timeline;
  const { lines, total } = cascadeTree(records, position, most);
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
  const label = `All that came of the same input, ${countOf(total, "record")}`;
  return h(
    "div",
    { class: "cascade-frame" },
    h("ol", { class: "cascade", aria: { label } }, ...rows),
    moreLine(total - lines.length, showMore),
  );
}
