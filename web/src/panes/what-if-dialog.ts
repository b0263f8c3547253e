// What would come of a change, beside what comes without it.

import "./dialogs.css";
import type { TypeSchema } from "reticle";
import type { Future, Parting } from "../derive/futures.ts";
import { compareFutures } from "../derive/futures.ts";
import { countOf } from "../derive/words.ts";
import { button, h } from "../dom.ts";
import { openDialog } from "./dialogs.ts";
import { moreLine } from "./more.ts";

const mostFirings = 60,
  mostFacts = 100;

/** Two columns: the firings of each, marked where they part; below them the facts that differ. */
export function whatIfDialog(
  says: string,
  { asIs, then }: { asIs: Future; then: Future },
  types: Map<string, TypeSchema>,
  doIt: () => void,
): void {
  const parting = compareFutures(asIs, then, types);
  const accept = button(
    "Do it here",
    () => {
      close();
      doIt();
    },
    { class: "fire-button", title: "Makes the change in the session that is shown" },
  );
  const close = openDialog("What if", [
    h("p", { class: "what-if-lead" }, sentence(says, then, parting)),
    h(
      "div",
      { class: "what-if" },
      column("As it is", asIs, parting.first),
      column(says, then, parting.first),
    ),
    differences(parting),
    h("div", { class: "dialog-buttons" }, accept),
  ]);
}

function sentence(says: string, then: Future, { first, more, gone }: Parting): string {
  if (then.refused.length) return `The engine refuses ${says}: ${then.refused[0]}`;
  const times = (list: [string, number][]) =>
    list.map(([rule, count]) => (count > 1 ? `${rule} ${count} times` : rule)).join(", ");
  if (first === null) return `With ${says} nothing else fires.`;
  const parts = [
    more.length ? `fires in addition: ${times(more)}` : "",
    gone.length ? `does not fire any more: ${times(gone)}` : "",
  ].filter((part) => part);
  return (
    `With ${says} the futures part at firing ${first + 1}` +
    (parts.length ? `; ${parts.join("; ")}.` : ": the same rules fire for other facts.")
  );
}

function column(title: string, { fired, limited }: Future, first: number | null): HTMLElement {
  const list = h(
    "ol",
    { class: "what-if-firings", aria: { label: `Firings: ${title}` } },
    ...fired.slice(0, mostFirings).map(({ rule }, at) => {
      const row = h("li", {}, rule);
      row.toggleAttribute("data-parts", at === first);
      row.toggleAttribute("data-after", first !== null && at > first);
      return row;
    }),
  );
  const more = fired.length - mostFirings;
  const note = limited
    ? "stopped at the limit of firings"
    : fired.length
      ? more > 0
        ? `and ${more} more`
        : ""
      : "nothing fires";
  return h(
    "section",
    { class: "what-if-column" },
    h("h3", {}, title),
    list,
    h("p", { class: "what-if-note" }, note),
  );
}

function differences({ onlyAsIs, onlyIf, changed }: Parting): HTMLElement {
  const lines = [
    ...onlyIf.map((title) => h("li", { data: { side: "then" } }, `+ ${title}`)),
    ...onlyAsIs.map((title) => h("li", { data: { side: "as-is" } }, `\u2212 ${title}`)),
    ...changed.map(({ fact, field, asIs, then }) =>
      h("li", { data: { side: "both" } }, `${fact}: ${field} ${asIs} \u2192 ${then}`),
    ),
  ];
  return h(
    "section",
    {},
    h("h3", {}, `${countOf(lines.length, "difference")} in the facts at the end`),
    h("ul", { class: "what-if-facts" }, ...lines.slice(0, mostFacts)),
    moreLine(lines.length - mostFacts),
  );
}
