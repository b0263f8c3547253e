// The dialog in which a date to advance to is chosen.

import type { Millis } from "reticle";
import { printTime } from "../derive/times.ts";
import { h } from "../dom.ts";
import { openDialog } from "./dialogs.ts";

/** Asks for a moment after `now`, on the session's clock, which is UTC. */
export function dateDialog(now: Millis, advance: (to: Millis) => void): void {
  const input = h("input", {
    class: "date-input",
    aria: { label: "Date and time" },
    set: { type: "datetime-local", step: "1", id: "advance-to" },
  });
  input.value = printTime(now).replace(" ", "T").slice(0, 19);
  const problem = h("p", { class: "fact-problem", role: "alert" });
  const submit = (event: Event) => {
    event.preventDefault();
    const to = Date.parse(`${input.value}Z`);
    if (Number.isNaN(to)) problem.textContent = "This is no date.";
    else if (to <= now)
      problem.textContent = `The clock says ${printTime(now)}. It goes forward only.`;
    else {
      close();
      advance(to);
    }
  };
  const close = openDialog("Advance the clock to a date", [
    h(
      "form",
      { set: { novalidate: "" }, on: { submit } },
      h(
        "label",
        { class: "import-label", set: { for: "advance-to" } },
        "On the session's clock (UTC) ",
      ),
      input,
      problem,
      h(
        "div",
        { class: "dialog-buttons" },
        h("button", { class: "fire-button", set: { type: "submit" } }, "Advance"),
      ),
    ),
  ]);
  input.focus();
}
