// The explanation of what is selected.

import "./explanation-pane.css";
import type { Pane } from "../dom.ts";
import { button, h } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import { explainActivation, explainOverview, explainRule } from "./explain-rules.ts";
import { explainFact, explainNode, explainRecord, explainRun } from "./explain-things.ts";

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
        `${state.program.generation} ${state.answers.at} ${state.answers.explanations.size} ` +
        `${state.answers.whyNots.size} ${state.engine.phase}`;
      if (now === drawn) return;
      const isOther = !drawn.startsWith(JSON.stringify(state.selection));
      drawn = now;
      const focused = body.contains(document.activeElement)
        ? document.activeElement?.textContent
        : null;
      body.replaceChildren(...parts(view, commands));
      if (isOther) body.parentElement?.scrollTo(0, 0);
      if (focused)
        [...body.querySelectorAll("button")]
          .find(({ textContent }) => textContent === focused)
          ?.focus();
    },
  };
}

function parts(view: View, commands: Commands): HTMLElement[] {
  const { selection } = view.state;
  if (!view.schema)
    return [
      h(
        "p",
        { class: "empty" },
        "Whatever you select is explained here: what it is, why it is so, and what it caused.",
      ),
    ];
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
