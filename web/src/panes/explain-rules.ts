// Explanations of rules and activations, and of what happens next.

import type { ActivationId, ConditionSchema, RuleId } from "reticle";
import { agendaOf, orderReason } from "../derive/agenda.ts";
import { causePosition } from "../derive/causes.ts";
import type { ReadyActivation } from "../derive/moment.ts";
import { factTitle } from "../derive/moment.ts";
import { holdings, idleRules } from "../derive/near.ts";
import { countOf } from "../derive/words.ts";
import { button, h, link } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import { currentAnswers } from "../state/questions.ts";
import type { View } from "../state/view.ts";
import {
  conditionList,
  factLink,
  fieldTable,
  heading,
  nearMissLines,
  recordLink,
  section,
} from "./explain-parts.ts";

/** With nothing selected: what is about to fire, and what is nearly so. */
export function explainOverview(view: View, commands: Commands): HTMLElement[] {
  const { state, schema, moment } = view;
  const agenda = agendaOf(moment);
  const first = agenda[0];
  const parts: HTMLElement[] = [];
  if (state.limited && state.live) {
    const { cycle, firings } = state.limited;
    parts.push(
      h(
        "p",
        { class: "explanation-limit", role: "note" },
        cycle?.length
          ? `Stopped after ${countOf(firings, "firing")}: these rules feed ` +
              `each other: ${[...cycle, cycle[0]].join(" → ")}.`
          : `Paused after ${countOf(firings, "firing")}. Run goes on.`,
      ),
    );
  }
  if (first) parts.push(...aboutToFire(view, commands, first, agenda.length));
  else
    parts.push(
      h(
        "h2",
        { class: "explanation-title" },
        schema?.rules.length ? "Nothing is ready" : "No rules yet",
      ),
      h(
        "p",
        { class: "explanation-lead" },
        moment.halted
          ? "A rule said halt. Reset begins again."
          : !schema?.rules.length
            ? "Write a rule on the left, or choose an example above."
            : "Every match has fired. Insert a fact, change one or " +
              "advance the clock and watch what it sets off.",
      ),
    );
  const ready = new Set(agenda.map(({ rule }) => rule));
  const held = holdings(state.timeline.records, state.position);
  const idle = schema ? idleRules(schema, ready, held) : [];
  if (idle.length && state.live) {
    parts.push(
      section(
        first ? "Why the others are not ready" : "Why nothing fires",
        h(
          "ul",
          { class: "near-misses" },
          ...idle.map((rule) => {
            const whyNot = currentAnswers(state).whyNots.get(rule.name);
            const lines = nearMissLines(view, commands, rule);
            const why = !whyNot
              ? "looking …"
              : lines.length
                ? (whyNot.summary.split(/: |; /)[0] ?? "")
                : whyNot.summary; // the lines say the rest
            return h(
              "li",
              { class: "near-miss" },
              link(rule.name, () => {
                commands.select({ kind: "rule", rule: rule.id });
                commands.reveal(rule.nameSpan);
              }),
              ...lines,
              h("p", { class: "near-miss-why" }, why),
            );
          }),
        ),
      ),
    );
  }
  if (state.project.paragraph)
    parts.push(section("This example", h("p", {}, state.project.paragraph)));
  return parts;
}

function aboutToFire(
  view: View,
  commands: Commands,
  ready: ReadyActivation,
  count: number,
): HTMLElement[] {
  const { state, schema, moment, types } = view;
  const name = schema?.rules[ready.rule]?.name ?? "a rule";
  const facts = ready.facts
    .map((id) => moment.facts.get(id))
    .filter((fact) => fact !== undefined)
    .map((fact) => factTitle(fact, types));
  const fire = button("Fire it", commands.fireNext, { class: "fire-button" });
  fire.disabled = !state.live || state.engine.phase !== "ready";
  return [
    h(
      "h2",
      { class: "explanation-title" },
      h("span", { class: "explanation-kind explanation-ready" }, "about to fire"),
      link(name, () => commands.select({ kind: "activation", activation: ready.id })),
    ),
    h(
      "p",
      { class: "explanation-lead" },
      facts.length ? `It matches ${facts.join(" and ")}.` : "Its conditions hold.",
      count > 1
        ? ` ${countOf(count - 1, "more activation is", "more activations are")} waiting after it.`
        : " Nothing else is waiting.",
    ),
    h("p", {}, fire),
  ];
}

export function explainRule(view: View, commands: Commands, id: RuleId): HTMLElement[] {
  const { schema, moment, state } = view;
  const rule = schema?.rules[id];
  if (!rule) return [h("p", { class: "empty" }, "This rule is no longer there.")];
  const ready = agendaOf(moment).filter((each) => each.rule === id);
  const fired = moment.firings.get(id) ?? 0;
  const whyNot = state.live ? currentAnswers(state).whyNots.get(rule.name) : undefined;
  const nearest = nearMissLines(view, commands, rule);
  return [
    heading("rule", rule.name),
    rule.doc ? h("p", { class: "explanation-doc" }, rule.doc) : h("span", { hidden: true }),
    h(
      "p",
      { class: "explanation-lead", data: { role: "why-not" } },
      state.live
        ? (whyNot?.summary ?? "looking …")
        : `At this record: ${countOf(ready.length, "activation")} ready.`,
    ),
    h(
      "p",
      { class: "facts-of" },
      `salience ${rule.salience ?? "computed"}${rule.group ? ` · group ${rule.group}` : ""} ` +
        `· fired ${countOf(fired, "time")} · `,
      link("show in the editor", () => commands.reveal(rule.nameSpan)),
    ),
    nearest.length ? section("Nearest to firing", ...nearest) : h("span", { hidden: true }),
    whyNot
      ? section("Its conditions", conditionList(view, commands, whyNot))
      : h("span", { hidden: true }),
    ready.length
      ? section(
          "Ready now",
          h(
            "ul",
            {},
            ...ready.slice(0, 20).map((each) =>
              h(
                "li",
                {},
                link(`activation ${each.id}`, () =>
                  commands.select({ kind: "activation", activation: each.id }),
                ),
                " on ",
                ...each.facts.flatMap((fact, index) => [
                  index ? " + " : "",
                  factLink(view, commands, fact),
                ]),
              ),
            ),
          ),
        )
      : h("span", { hidden: true }),
    firings(view, commands, id),
  ];
}

function firings(view: View, commands: Commands, rule: RuleId): HTMLElement {
  const positions: number[] = [];
  for (const { position, kind } of view.state.timeline.marks) {
    const record = view.state.timeline.records[position - 1];
    if (
      kind === "fire" &&
      position <= view.moment.position &&
      record?.kind === "fire" &&
      record.rule === rule
    )
      positions.push(position);
  }
  if (!positions.length) return h("span", { hidden: true });
  return section(
    "Its firings",
    h(
      "ul",
      {},
      ...positions.slice(-12).map((position) => {
        const record = view.state.timeline.records[position - 1];
        const facts = record?.kind === "fire" ? record.facts : [];
        return h(
          "li",
          {},
          link(`record ${position}`, () => commands.select({ kind: "record", position })),
          " on ",
          ...facts.flatMap((fact, index) => [index ? " + " : "", factLink(view, commands, fact)]),
        );
      }),
    ),
  );
}

export function explainActivation(view: View, commands: Commands, id: ActivationId): HTMLElement[] {
  const { schema, moment, state } = view;
  const agenda = agendaOf(moment);
  const index = agenda.findIndex((each) => each.id === id),
    ready = agenda[index];
  if (!ready) return notReady(view, commands, id);
  const rule = schema?.rules[ready.rule];
  const cause = causePosition(state.timeline.records, ready.since);
  const fire = button("Fire this one", () => commands.fire(id), { class: "fire-button" });
  fire.disabled = !state.live || state.engine.phase !== "ready";
  return [
    h(
      "h2",
      { class: "explanation-title" },
      h(
        "span",
        { class: "explanation-kind explanation-ready" },
        index === 0 ? "fires next" : `number ${index + 1}`,
      ),
      link(rule?.name ?? "a rule", () => {
        commands.select({ kind: "rule", rule: ready.rule });
        if (rule) commands.reveal(rule.nameSpan);
      }),
    ),
    h("p", { class: "explanation-lead" }, `It stands here because: ${orderReason(agenda, index)}.`),
    h("p", {}, fire),
    section(
      "What it matches",
      h(
        "ul",
        { class: "bindings" },
        ...ready.facts.map((fact, at) =>
          h(
            "li",
            { class: "binding" },
            rule?.bindings[at] ? h("code", {}, `${rule.bindings[at]}: `) : "",
            factLink(view, commands, fact),
            fieldTable(moment.facts.get(fact)?.fields ?? {}),
          ),
        ),
      ),
    ),
    section(
      "Its conditions",
      h(
        "ol",
        { class: "conditions" },
        ...(rule?.conditions ?? []).map((condition) => heldCondition(commands, condition)),
      ),
    ),
    section(
      "Since",
      h("p", {}, recordLink(view, commands, ready.since)),
      cause ? h("p", {}, "because of ", recordLink(view, commands, cause)) : null,
    ),
    section("Order", h("p", {}, `salience ${ready.salience}, recency ${ready.recency}`)),
  ];
}

/** About an activation that has fired, or is not there at the moment shown. */
function notReady(view: View, commands: Commands, id: ActivationId): HTMLElement[] {
  const fired =
    view.state.timeline.records.findIndex(
      (record) => record.kind === "fire" && record.activation === id,
    ) + 1;
  const hasFired = fired > 0 && fired <= view.moment.position;
  return [
    heading("activation", `number ${id}`),
    h(
      "p",
      {},
      hasFired ? "It has fired: " : "It is not on the agenda at this record. ",
      hasFired ? recordLink(view, commands, fired) : "",
    ),
  ];
}

function heldCondition(commands: Commands, { text, node, span }: ConditionSchema): HTMLElement {
  const show = () => {
    commands.select({ kind: "node", node });
    commands.reveal(span);
  };
  return h(
    "li",
    { class: "condition", data: { holds: "true" } },
    h("span", { class: "condition-sign", aria: { label: "holds" } }, "✓"),
    h("code", { class: "condition-text" }, link(text, show)),
  );
}
