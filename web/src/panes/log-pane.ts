// The log of the rules.

import type { CloudEvent, TraceRecord } from "reticle";
import type { Pane } from "../dom.ts";
import { button, h, keyedList } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import { olderLine } from "./more.ts";

interface Line {
  position: number;
  level: string;
  text: string;
}
const mostLines = 300;

/** What rules logged, events that left, and firings that failed, up to the moment shown. */
export function logPane(commands: Commands): Pane<View> & { count(): number } {
  const list = h("ol", { class: "log", aria: { label: "Log of the rules" } });
  const older = h("div");
  const empty = h(
    "p",
    { class: "empty" },
    "Rules write here with `log`; emitted events and failures appear too.",
  );
  const dom = h("div", { data: { pane: "log" } }, older, list, empty);
  let lines: Line[] = [];
  let known = "";
  let read: { records: TraceRecord[]; end: number } = { records: [], end: 0 };
  const render = keyedList<Line, HTMLLIElement>(
    list,
    ({ position, text }) => `${position} ${text}`,
    ({ position, level, text }) =>
      h(
        "li",
        { class: "log-line", data: { level } },
        h("span", { class: "log-level" }, level),
        button(text, () => commands.select({ kind: "record", position }), {
          class: "link log-text",
        }),
        h("span", { class: "log-record" }, `record ${position}`),
      ),
    () => {},
  );
  return {
    dom,
    count: () => lines.length,
    update({ state }) {
      const now = `${state.revision} ${state.position}`;
      if (now === known) return;
      known = now;
      const { records } = state.timeline;
      // Records are only ever appended: forward it reads on from where it was, and backwards it
      // forgets what came later.
      if (read.records !== records) {
        lines = [];
        read = { records, end: 0 };
      }
      while ((lines.at(-1)?.position ?? 0) > state.position) lines.pop();
      read.end = Math.min(read.end, state.position);
      for (let index = read.end; index < state.position; index++) {
        const record = records[index],
          line = record && lineOf(record, index + 1);
        if (line) lines.push(line);
      }
      read.end = state.position;
      render(lines.slice(-mostLines));
      older.replaceChildren(olderLine(lines.length - mostLines) ?? "");
      empty.hidden = lines.length > 0;
    },
  };
}

function lineOf(record: TraceRecord, position: number): Line | null {
  switch (record.kind) {
    case "log":
      return { position, level: record.level, text: record.text };
    case "failure":
      return { position, level: "failure", text: `${record.code} ${record.message}` };
    case "output":
      return record.output.kind === "event"
        ? { position, level: "event", text: eventText(record.output.event) }
        : null;
    default:
      return null;
  }
}

function eventText({ type, subject, data }: CloudEvent): string {
  return `${type}${subject ? ` about ${subject}` : ""} ${JSON.stringify(data)}`;
}
