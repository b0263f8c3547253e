// The pieces explanations are made of.

import type { ConditionReport, FactId, Fields, NearMiss, RuleSchema, WhyNot } from "reticle";
import { factTitle, printValue } from "../derive/moment.ts";
import { holdings, nearMisses } from "../derive/near.ts";
import { conditionWords, fieldWords, recordWords } from "../derive/words.ts";
import { h, link } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import { currentAnswers } from "../state/questions.ts";
import type { View } from "../state/view.ts";

export function heading(kind: string, title: string): HTMLElement {
  return h(
    "h2",
    { class: "explanation-title" },
    h("span", { class: "explanation-kind" }, kind),
    title,
  );
}

export function section(
  title: string,
  ...children: (HTMLElement | string | null | false)[]
): HTMLElement {
  return h("section", { class: "explanation-part" }, h("h3", {}, title), ...children);
}

export function factLink({ moment, types }: View, commands: Commands, id: FactId): HTMLElement {
  const fact = moment.facts.get(id);
  return fact
    ? link(factTitle(fact, types), () => commands.select({ kind: "fact", fact: id }), `fact ${id}`)
    : h("span", { class: "gone" }, `fact ${id} (gone)`);
}

export function recordLink(
  { state, schema }: View,
  commands: Commands,
  position: number,
): HTMLElement {
  const record = state.timeline.records[position - 1];
  return h(
    "span",
    {},
    link(`record ${position}`, () => commands.select({ kind: "record", position })),
    record ? `: ${recordWords(record, schema)}` : "",
  );
}

export function fieldTable(fields: Fields): HTMLElement {
  return h(
    "table",
    { class: "table explanation-fields" },
    h(
      "tbody",
      {},
      ...Object.entries(fields).map(([name, value]) =>
        h(
          "tr",
          {},
          h("th", { set: { scope: "row" } }, name),
          h("td", {}, value === null ? "–" : printValue(value)),
        ),
      ),
    ),
  );
}

/**
 * The conditions of a rule in order: how many facts fit, how many matches come and go on, and
 * what ends the others.
 */
export function conditionList(view: View, commands: Commands, whyNot: WhyNot): HTMLElement {
  const schema = view.schema?.rules.find(({ name }) => name === whyNot.rule);
  return h(
    "ol",
    { class: "conditions" },
    ...whyNot.conditions.map((condition, index) => {
      const span = schema?.conditions[index]?.span;
      return conditionRow(
        view,
        commands,
        condition,
        span
          ? link(condition.text, () => {
              commands.select({ kind: "node", node: condition.node });
              commands.reveal(span);
            })
          : condition.text,
      );
    }),
  );
}

function conditionRow(
  view: View,
  commands: Commands,
  condition: ConditionReport,
  text: HTMLElement | string,
): HTMLElement {
  const near = (...children: (HTMLElement | string | null)[]) =>
    h("p", { class: "condition-near" }, ...children);
  const row = h(
    "li",
    { class: "condition", data: { holds: String(condition.holds) } },
    h(
      "span",
      { class: "condition-sign", aria: { label: condition.holds ? "holds" : "does not hold" } },
      condition.holds ? "✓" : "✗",
    ),
    h("code", { class: "condition-text" }, text),
    h("span", { class: "condition-counts" }, conditionWords(condition)),
  );
  if (condition.results) row.append(near(fieldWords(condition.results)));
  if (condition.note) row.append(h("p", { class: "condition-note" }, condition.note));
  for (const miss of condition.nearest ?? [])
    row.append(
      near("nearest: ", ...factList(view, commands, miss.facts), " — ", ...missWords(miss)),
    );
  for (const { facts, by, unsure } of condition.blockers ?? []) {
    row.append(
      near(
        unsure ? "perhaps in the way: " : "in the way: ",
        ...factList(view, commands, facts),
        by === undefined ? ", handed in" : ", inserted by ",
        by === undefined ? null : ruleLink(view, commands, by),
      ),
    );
  }
  for (const [at, group] of condition.groups?.entries() ?? []) {
    if ((condition.groups?.length ?? 0) > 1)
      row.append(h("p", { class: "condition-note" }, `branch ${at + 1}`));
    row.append(
      h(
        "ol",
        { class: "conditions" },
        ...group.map((inner) => conditionRow(view, commands, inner, inner.text)),
      ),
    );
  }
  return row;
}

function factList(view: View, commands: Commands, facts: FactId[]): (HTMLElement | string)[] {
  return facts.flatMap((id, at) => [at ? " + " : "", factLink(view, commands, id)]);
}

export function ruleLink(view: View, commands: Commands, name: string): HTMLElement {
  return link(name, () => {
    const rule = view.schema?.rules.find((each) => each.name === name);
    if (!rule) return;
    commands.select({ kind: "rule", rule: rule.id });
    commands.reveal(rule.nameSpan);
  });
}

/** The failing comparison with both values, or why it is unknown. */
function missWords({ test, left, right, error }: NearMiss): HTMLElement[] {
  if (error !== undefined) return [h("code", {}, test), h("span", {}, ` is unknown: ${error}`)];
  return [
    h("code", {}, test),
    h("span", {}, " compares "),
    h("b", {}, printValue(left)),
    h("span", {}, " with "),
    h("b", {}, printValue(right)),
  ];
}

const mostMisses = 3;

/** The matches that nearly make the rule fire: how far each came, and what stops it. */
export function nearMissLines(view: View, commands: Commands, rule: RuleSchema): HTMLElement[] {
  const { state, schema } = view;
  if (!schema) return [];
  const known = state.live ? currentAnswers(state).whyNots.get(rule.name) : undefined;
  const misses = nearMisses(schema, rule, holdings(state.timeline.records, state.position));
  const furthest = misses.filter(({ condition }) => condition === misses[0]?.condition);
  const lines = furthest.slice(0, mostMisses).map(({ condition, facts }) => {
    const { text, span, node } = rule.conditions[condition] ?? { text: "", span: null, node: 0 };
    const near = known?.conditions[condition]?.nearest?.find((each) =>
      facts.every((fact) => each.facts.includes(fact)),
    );
    return h(
      "p",
      { class: "condition-near" },
      ...facts.flatMap((fact, index) => [index ? " + " : "", factLink(view, commands, fact)]),
      condition ? ` ${facts.length > 1 ? "come" : "comes"} this far: ` : " does not fit ",
      h(
        "code",
        {},
        span
          ? link(text, () => {
              commands.select({ kind: "node", node });
              commands.reveal(span);
            })
          : text,
      ),
      near ? h("span", {}, ": ", ...missWords(near)) : condition ? " does not hold" : "",
    );
  });
  if (furthest.length > mostMisses)
    lines.push(h("p", { class: "condition-near" }, `and ${furthest.length - mostMisses} more`));
  return lines;
}
