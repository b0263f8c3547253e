// The list of problems in the rules.

import "./bottom-panes.css";
import type { Diagnostic, Fix } from "reticle";
import type { Keyed } from "../derive/problems.ts";
import { keyed } from "../derive/problems.ts";
import type { Pane } from "../dom.ts";
import { button, h, keyedList } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";

/**
 * What is wrong with the rules, where, and what would be right: for people who cannot see
 * squiggles, too.
 */
export function problemsPane(commands: Commands, apply: (fix: Fix) => void): Pane<View> {
  const list = h("ul", { class: "problems", aria: { label: "Problems in the rules" } });
  const empty = h("p", { class: "empty" }, "The rules are clean.");
  const dom = h("div", { data: { pane: "problems" } }, list, empty);
  const render = keyedList<Keyed, HTMLLIElement>(
    list,
    ({ key }) => key,
    ({ diagnostic }) => problemRow(diagnostic, commands, apply),
    () => {},
  );
  return {
    dom,
    update({ state }) {
      const { diagnostics } = state.program;
      render(keyed(diagnostics));
      empty.hidden = diagnostics.length > 0;
    },
  };
}

function problemRow(
  diagnostic: Diagnostic,
  commands: Commands,
  apply: (fix: Fix) => void,
): HTMLLIElement {
  const { code, level, message, span, label, help, notes, fixes, related } = diagnostic;
  return h(
    "li",
    { class: "problem", data: { level, code } },
    h(
      "span",
      { class: "problem-sign", aria: { label: level } },
      level === "error" ? "✗" : level === "warning" ? "!" : "i",
    ),
    h(
      "div",
      { class: "problem-body" },
      button(message, () => commands.reveal(span), { class: "link problem-message" }),
      h(
        "span",
        { class: "problem-place" },
        " ",
        h("a", { set: { href: `./docs/diagnostics/${code}.html`, target: "_blank" } }, code),
        ` · ${span.file}:${span.line}:${span.column}${label ? ` · ${label}` : ""}`,
      ),
      ...related.map((other) =>
        h(
          "p",
          { class: "problem-more" },
          button(`line ${other.span.line}`, () => commands.reveal(other.span), { class: "link" }),
          `: ${other.message}`,
        ),
      ),
      ...help.map((line) => h("p", { class: "problem-more" }, `help: ${line}`)),
      ...notes.map((line) => h("p", { class: "problem-more" }, `note: ${line}`)),
    ),
    h(
      "div",
      { class: "problem-fixes" },
      ...fixes.map((fix) =>
        button(`Fix: ${fix.title}`, () => apply(fix), { class: "small-button problem-fix" }),
      ),
    ),
  );
}
