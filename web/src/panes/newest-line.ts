// The newest message in one line, beside the tabs of the folded messages.

import { recordWords } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { BottomTab } from "../state/state.ts";
import type { View } from "../state/view.ts";

/** Older lines are not looked for: they are in the list. */
const mostLooked = 2_000;

/** The first mistake in the rules, or else the last line of the log; a press opens its list. */
export function newestLine(commands: Commands): Pane<View> {
  let tab: BottomTab = "log";
  const open = () => commands.layout({ bottomTab: tab, bottomOpen: true });
  const dom = button("", open, { class: "newest-line", hidden: true });
  return {
    dom,
    update(view) {
      const mistake = view.state.program.diagnostics.find(({ level }) => level === "error");
      tab = mistake ? "problems" : "log";
      const text = mistake ? `line ${mistake.span.line}: ${mistake.message}` : lastLine(view);
      dom.hidden = text === "" || view.state.layout.bottomOpen;
      dom.dataset.tone = mistake ? "error" : "log";
      if (dom.textContent === text) return;
      dom.textContent = text;
      dom.title = text;
    },
  };
}

function lastLine({ state, schema }: View): string {
  const { records } = state.timeline;
  const end = Math.max(0, state.position - mostLooked);
  for (let index = state.position - 1; index >= end; index--) {
    const record = records[index];
    if (record?.kind === "log" || record?.kind === "failure") return recordWords(record, schema);
  }
  return "";
}
