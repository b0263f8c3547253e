// The agenda.

import "./agenda-pane.css";
import { agendaBy, orderReason, ruleName } from "../derive/agenda.ts";
import type { ReadyActivation } from "../derive/moment.ts";
import { factTitle } from "../derive/moment.ts";
import type { Pane } from "../dom.ts";
import { button, h, keyedList, setText } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import { currentAnswers } from "../state/questions.ts";
import type { View } from "../state/view.ts";
import { moreLine } from "./more.ts";

const mostRows = 300;

/** The activations that are ready, in the order in which they will fire. */
export function agendaPane(commands: Commands): Pane<View> {
  const list = h("ol", { class: "agenda", aria: { label: "Activations in firing order" } });
  const more = h("div");
  const empty = h("p", { class: "empty" });
  const dom = h("div", { class: "agenda-pane", data: { pane: "agenda" } }, list, more, empty);
  let view: View | null = null;
  let agenda: ReadyActivation[] = [];
  const render = keyedList<ReadyActivation, HTMLLIElement>(
    list,
    ({ id }) => id,
    ({ id }) =>
      h(
        "li",
        { class: "agenda-row", data: { activation: String(id) } },
        h("span", { class: "agenda-place", aria: { hidden: "true" } }),
        h(
          "button",
          {
            class: "agenda-what",
            set: { type: "button" },
            on: { click: () => commands.select({ kind: "activation", activation: id }) },
          },
          h("span", { class: "agenda-rule" }),
          h("span", { class: "agenda-facts" }),
        ),
        h("span", { class: "agenda-why" }),
        button("Fire", () => commands.fire(id), { class: "small-button" }),
      ),
    (row, ready, index) => {
      if (!view) return;
      const { state, schema, moment, types } = view;
      const name = ruleName(schema?.rules ?? [], ready.rule);
      const [place, what, why, fire] = row.children;
      if (place) place.textContent = String(index + 1);
      const [rule, facts] = what?.children ?? [];
      if (rule) rule.textContent = name;
      if (facts)
        facts.textContent = ready.facts
          .map((id) => moment.facts.get(id))
          .filter((fact) => fact !== undefined)
          .map((fact) => factTitle(fact, types))
          .join(" + ");
      if (why) why.textContent = orderReason(agenda, index);
      if (fire instanceof HTMLButtonElement) {
        fire.disabled = !state.live || state.engine.phase !== "ready" || ready.waits !== undefined;
        fire.setAttribute("aria-label", `Fire ${name}, number ${index + 1}`);
        fire.title =
          index === 0 ? "Fire this one: it is next anyway" : "Fire this one out of its turn";
      }
      row.toggleAttribute("data-next", index === 0 && ready.waits === undefined);
      row.toggleAttribute("data-waits", ready.waits !== undefined);
      row.toggleAttribute(
        "data-selected",
        (state.selection?.kind === "activation" && state.selection.activation === ready.id) ||
          (state.selection?.kind === "rule" && state.selection.rule === ready.rule),
      );
    },
  );
  return {
    dom,
    update(next) {
      view = next;
      if (next.state.layout.tableTab !== "agenda") return;
      const known = next.state.live ? currentAnswers(next.state).agenda : null;
      const all = agendaBy(next.moment, known);
      agenda = all.slice(0, mostRows);
      render(agenda);
      more.replaceChildren(moreLine(all.length - mostRows) ?? "");
      empty.hidden = agenda.length > 0;
      setText(
        empty,
        next.schema === null
          ? "Once the rules compile, the activations that are ready " +
              "stand here in the order in which they fire."
          : next.moment.halted
            ? "A rule said halt: nothing more fires."
            : "Nothing is ready. Insert a fact, change one, or advance the clock.",
      );
    },
  };
}
