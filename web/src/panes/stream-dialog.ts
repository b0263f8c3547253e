// The dialog in which the address of a trace stream is typed.

import { h } from "../dom.ts";
import { openDialog } from "./dialogs.ts";

/** Asks for an address; `follow` is given one that is whole. */
export function streamDialog(follow: (url: string) => void): void {
  const input = h("input", {
    class: "stream-input",
    set: { type: "url", id: "stream-url", spellcheck: "false", placeholder: "/trace?from=start" },
  });
  const problem = h("p", { class: "fact-problem", role: "alert" });
  const submit = (event: Event) => {
    event.preventDefault();
    if (!input.value.trim() || !URL.canParse(input.value.trim(), location.href)) {
      problem.textContent = "This is no address.";
      return;
    }
    close();
    follow(new URL(input.value.trim(), location.href).href);
  };
  const close = openDialog("Follow the trace of a run elsewhere", [
    h(
      "form",
      { set: { novalidate: "" }, on: { submit } },
      h(
        "p",
        {},
        "A stream of trace records (server-sent events), of the rules that are open here.",
      ),
      h("label", { class: "import-label", set: { for: "stream-url" } }, "Address "),
      input,
      problem,
      h(
        "div",
        { class: "dialog-buttons" },
        h("button", { class: "fire-button", set: { type: "submit" } }, "Follow"),
      ),
    ),
  ]);
  input.focus();
}
