// The explanation of what is selected.

import "./explanation-pane.css";
import { countOf } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { button, h, link } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { Answers } from "../state/state.ts";
import type { View } from "../state/view.ts";
import { explainActivation, explainOverview, explainRule } from "./explain-rules.ts";
import { explainFact, explainNode, explainRecord, explainRun } from "./explain-things.ts";
import { moreLine } from "./more.ts";

const mostErrors = 12;

/**
 * Says of what is selected what it is, why it is so, and what it caused. Text with links, so it
 * can be read aloud and copied.
 */
export function explanationPane(commands: Commands): Pane<View> {
  const body = h("div", { class: "explanation", data: { pane: "explanation" } });
  let drawn = "";
  return {
    dom: body,
    update(view) {
      const { state } = view;
      const now =
        `${JSON.stringify(state.selection)} ${state.revision} ${state.position} ` +
        `${state.program.generation} ${answered(state.answers)} ${state.engine.phase} ` +
        `${state.program.diagnostics.length} ${state.program.form !== null}`;
      if (now === drawn) return;
      const isOther = !drawn.startsWith(JSON.stringify(state.selection));
      drawn = now;
      const focused = body.contains(document.activeElement)
        ? document.activeElement?.textContent
        : null;
      body.dataset.about = state.selection?.kind ?? "overview";
      body.replaceChildren(...parts(view, commands));
      // In the next frame, which lays out everything anyway: now it would be done twice.
      if (isOther) requestAnimationFrame(() => body.parentElement?.scrollTo(0, 0));
      if (focused)
        [...body.querySelectorAll("button")]
          .find(({ textContent }) => textContent === focused)
          ?.focus();
    },
  };
}

/** Changes with every answer of the engine. */
function answered(answers: Answers): string {
  const { at, explanations, paths, activations, whyNots, matches, agenda, counters } = answers;
  const sizes = [explanations, paths, activations, whyNots, matches].map(({ size }) => size);
  return `${at} ${sizes.join()} ${agenda !== null} ${counters !== null}`;
}

function parts(view: View, commands: Commands): HTMLElement[] {
  const { selection } = view.state;
  if (!view.schema) return beforeRules(view, commands);
  if (!selection) return explainOverview(view, commands);
  const back = h(
    "p",
    { class: "explanation-back" },
    button("← what happens next", () => commands.select(null), { class: "link" }),
  );
  switch (selection.kind) {
    case "rule":
      return [back, ...explainRule(view, commands, selection.rule)];
    case "activation":
      return [back, ...explainActivation(view, commands, selection.activation)];
    case "fact":
      return [back, ...explainFact(view, commands, selection.fact)];
    case "node":
      return [back, ...explainNode(view, commands, selection.node)];
    case "run":
      return [back, ...explainRun(view, commands, selection.run, selection.step)];
    case "record":
      return [back, ...explainRecord(view, commands, selection.position)];
  }
}

/** No rules have compiled yet: what is wrong with them, or what this pane is for. */
function beforeRules({ state }: View, commands: Commands): HTMLElement[] {
  const errors = state.program.diagnostics.filter(({ level }) => level === "error");
  if (!errors.length)
    return [
      h(
        "p",
        { class: "empty" },
        "Whatever you select is explained here: what it is, why it is so, and what it caused.",
      ),
    ];
  return [
    h("h2", { class: "explanation-title" }, "These rules do not compile"),
    h(
      "p",
      { class: "explanation-lead" },
      `Nothing runs until ${countOf(errors.length, "problem")} ` +
        `${errors.length === 1 ? "is" : "are"} put right. Problems below has the fixes.`,
    ),
    h(
      "ul",
      { class: "explanation-problems" },
      ...errors.slice(0, mostErrors).map(({ message, span }) =>
        h(
          "li",
          {},
          link(message, () => commands.reveal(span)),
          ` line ${span.line}`,
        ),
      ),
    ),
    moreLine(errors.length - mostErrors) ?? h("span", { hidden: true }),
  ];
}
