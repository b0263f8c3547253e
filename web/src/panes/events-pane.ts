// The events of the session; of the chosen one everything that it set off.

import "./events-pane.css";
import type { EventLine } from "../derive/events.ts";
import { cascadeTree, eventsOf, waitingEvents } from "../derive/events.ts";
import { printDue } from "../derive/times.ts";
import { countOf, fieldWords, recordWords } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import { moreLine } from "./more.ts";

/** Of a list that is asked for more so many more are shown. */
const atOnce = { events: 200, records: 120 };

/** What waits, then what came, newest first. The selected event is open: its cascade is below it. */
export function eventsPane(commands: Commands): Pane<View> {
  const waiting = h("ul", { class: "events events-waiting", aria: { label: "Events that wait" } });
  const list = h("ul", { class: "events", aria: { label: "Events, newest first" } });
  const more = h("div");
  const empty = h("p", { class: "empty" }, "No event has happened, and no property has changed.");
  const dom = h("div", { class: "events-pane", data: { pane: "events" } });
  dom.append(waiting, list, more, empty);
  let drawn = "";
  let most = { ...atOnce };
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
    const row = (line: EventLine) =>
      eventRow(line, view, commands, line === open ? { most: most.records, showMore } : null);
    waiting.replaceChildren(...waits.map(row));
    list.replaceChildren(...lines.map(row));
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

/** How its cascade is shown; null: it is closed. */
type Opened = { most: number; showMore(): void } | null;

function eventRow(line: EventLine, view: View, commands: Commands, opened: Opened): HTMLElement {
  const { position, type, subject, data, state } = line;
  const pick = () => commands.select(opened ? null : { kind: "record", position });
  const head = button(type, pick, {
    class: "link event-type",
    aria: { expanded: String(opened !== null) },
  });
  const what = [subject, fieldWords(data)].filter((part) => part).join(" ");
  const standing = standingWords(line, view);
  return h(
    "li",
    { class: "event", data: { record: String(position), state } },
    h(
      "p",
      { class: "event-line" },
      head,
      h("span", { class: "event-what" }, what),
      standing ? h("span", { class: "event-standing" }, standing) : null,
      h("span", { class: "event-at" }, `record ${position}`),
    ),
    opened ? cascade(position, view, commands, opened) : null,
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
  { most, showMore }: NonNullable<Opened>,
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
