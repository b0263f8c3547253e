// Modal dialogs: the link to share, and the help.

import "./dialogs.css";
import { countOf } from "../derive/words.ts";
import { button, h } from "../dom.ts";
import { letters } from "../net/shapes.ts";
import { shortcuts } from "../state/registry.ts";
import { icon } from "./icons.ts";

/**
 * Opens a modal dialog with a title and a way out; returns how to close it. Focus goes
 * back to where it was.
 */
export function openDialog(
  title: string,
  content: HTMLElement[],
  closed: () => void = () => {},
): () => void {
  const close = () => dom.close();
  const shut = button("", close, { class: "icon-button dialog-close", aria: { label: "Close" } });
  shut.append(icon("close"));
  const dom = h(
    "dialog",
    { class: "dialog", aria: { label: title } },
    h("div", { class: "dialog-head" }, h("h2", {}, title), shut),
    h("div", { class: "dialog-body" }, ...content),
  );
  dom.addEventListener("close", () => {
    dom.remove();
    closed();
  });
  dom.addEventListener("click", (event) => {
    if (event.target === dom) close();
  });
  document.body.append(dom);
  dom.showModal();
  return close;
}

const longLink = 8_000;

export function shareDialog(address: string, copied: boolean): void {
  const field = h("textarea", {
    class: "share-address",
    aria: { label: "Link" },
    set: { readonly: "", rows: "4" },
  });
  field.value = address;
  const says = h(
    "p",
    {},
    copied
      ? "The link is copied. It holds the rules, the inputs, the host's answers " +
          "and the moment you are looking at; none of it reaches a server."
      : "Copy this link. It holds everything on this page; none of it reaches a server.",
  );
  const warning =
    ": some chat programs and mailers cut links this long. " +
    "Send the rule file instead if it does not arrive whole.";
  const length = h(
    "p",
    { class: "share-length" },
    countOf(address.length, "character") + (address.length > longLink ? warning : ""),
  );
  openDialog("Share", [says, field, length]);
  field.select();
}

export function helpDialog(): void {
  const tour = [
    "On the left are the rules. Type, and a moment later they are " +
      "compiled and your inputs run again from the start.",
    "On the right is the network they became: facts come in on its left, " +
      "matches move to the right, and what reaches a rule is ready to fire.",
    "Fire one by one and watch the path light up. Select anything to see why it is so; " +
      "a rule that does not fire says what is missing.",
    "The line below is every single thing the engine did. " +
      "Drag it back: all panes show that moment.",
    "Crash ends the engine for real. What the journal holds " +
      "is read back, and runs go on where they were.",
  ];
  const kinds = {
    type: "a type of fact",
    test: "a test on one fact",
    join: "pairs matches with facts",
    not: "nothing like this",
    exists: "at least one like this",
    either: "one of several groups",
    accumulate: "adds up what a group finds",
    each: "an element of a list",
    end: "the end of a group",
    filter: "a condition on values",
    let: "a computed value",
    production: "a rule",
  } as const;
  openDialog("A short tour", [
    h("ol", { class: "help-tour" }, ...tour.map((line) => h("li", {}, line))),
    h("h3", {}, "Nodes"),
    h(
      "ul",
      { class: "help-kinds" },
      ...(Object.keys(kinds) as (keyof typeof kinds)[]).map((kind) =>
        h(
          "li",
          {},
          h("span", { class: `twin-letter kind-${kind}` }, letters[kind]),
          ` ${kinds[kind]}`,
        ),
      ),
    ),
    h("h3", {}, "Keys"),
    h(
      "p",
      {},
      "Ctrl+K (⌘K) finds every command by name. The single keys work outside of text fields. " +
        "In the editor F1 opens its own commands, Escape twice leaves the text, and Ctrl+M lets " +
        "Tab " +
        "leave it. F6 walks from pane to pane; Alt+Enter makes a pane large.",
    ),
    h(
      "table",
      { class: "table help-keys" },
      h(
        "tbody",
        {},
        ...shortcuts.map(({ keys, title: does }) =>
          h("tr", {}, h("th", { set: { scope: "row" } }, h("kbd", {}, keys)), h("td", {}, does)),
        ),
      ),
    ),
  ]);
}
