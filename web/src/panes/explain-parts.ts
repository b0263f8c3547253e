import type { FactId, Fields, RuleSchema, WhyNot } from "reticle";
import { factTitle, printValue } from "../derive/moment.ts";
import { holdings, nearMisses } from "../derive/near.ts";
import { recordWords } from "../derive/words.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";
import { h, link } from "./elements.ts";

/** The pieces explanations are made of. */
export function heading(kind: string, title: string): HTMLElement {
  return h("h2", { class: "explanation-title" }, h("span", { class: "explanation-kind" }, kind), title);
}

export function section(title: string, ...children: (HTMLElement | string | null | false)[]): HTMLElement {
  return h("section", { class: "explanation-part" }, h("h3", {}, title), ...children);
}

export function factLink({ moment, types }: View, commands: Commands, id: FactId): HTMLElement {
  const fact = moment.facts.get(id);
  return fact ? link(factTitle(fact, types), () => commands.select({ kind: "fact", fact: id }), `fact ${id}`) : h("span", { class: "gone" }, `fact ${id} (gone)`);
}

export function recordLink({ state, schema }: View, commands: Commands, position: number): HTMLElement {
  const record = state.timeline.records[position - 1];
  return h("span", {}, link(`record ${position}`, () => commands.select({ kind: "record", position })), record ? `: ${recordWords(record, schema)}` : "");
}

export function fieldTable(fields: Fields): HTMLElement {
  return h("table", { class: "table explanation-fields" }, h("tbody", {}, ...Object.entries(fields).map(([name, value]) =>
    h("tr", {}, h("th", { set: { scope: "row" } }, name), h("td", {}, value === null ? "–" : printValue(value))))));
}

/** The conditions of a rule in order: how many facts hold, how many partial matches reach it, and what fails. */
export function conditionList(view: View, commands: Commands, whyNot: WhyNot): HTMLElement {
  const schema = view.schema?.rules.find(({ name }) => name === whyNot.rule);
  return h("ol", { class: "conditions" }, ...whyNot.conditions.map((condition, index) => {
    const span = schema?.conditions[index]?.span;
    const row = h("li", { class: "condition", data: { holds: String(condition.holds) } },
      h("span", { class: "condition-sign", aria: { label: condition.holds ? "holds" : "does not hold" } }, condition.holds ? "✓" : "✗"),
      h("code", { class: "condition-text" }, span ? link(condition.text, () => { commands.select({ kind: "node", node: condition.node }); commands.reveal(span); }) : condition.text),
      h("span", { class: "condition-counts" }, `${condition.facts} ${condition.facts === 1 ? "fact holds" : "facts hold"} · ${condition.partial} partial`));
    if (condition.note) row.append(h("p", { class: "condition-note" }, condition.note));
    for (const near of condition.nearest ?? []) {
      row.append(h("p", { class: "condition-near" }, "nearest: ", ...near.facts.flatMap((id, at) => [at ? " + " : "", factLink(view, commands, id)]),
        " — ", h("code", {}, near.test), " compares ", h("b", {}, printValue(near.left)), " with ", h("b", {}, printValue(near.right))));
    }
    if (condition.blockedBy?.length) row.append(h("p", { class: "condition-near" }, "blocked by ", ...condition.blockedBy.flatMap((id, at) => [at ? ", " : "", factLink(view, commands, id)])));
    return row;
  }));
}

/** Asks for a rule's reasons unless they are known for the state as it is now. */
export function whyNotOf({ state }: View, commands: Commands, rule: string): WhyNot | null {
  const known = state.answers.at === state.timeline.length ? state.answers.whyNots.get(rule) : undefined;
  if (!known && state.engine.phase === "ready") commands.whyNot(rule);
  return known ?? null;
}

const mostMisses = 3;

/** The matches that nearly make the rule fire: how far each came, and what stops it. */
export function nearMissLines(view: View, commands: Commands, rule: RuleSchema): HTMLElement[] {
  const { state, schema } = view;
  if (!schema) return [];
  const known = state.answers.at === state.timeline.length && state.live ? state.answers.whyNots.get(rule.name) : undefined;
  const misses = nearMisses(schema, rule, holdings(state.timeline.records, state.position));
  const furthest = misses.filter(({ condition }) => condition === misses[0]?.condition);
  const lines = furthest.slice(0, mostMisses).map(({ condition, facts }) => {
    const { text, span, node } = rule.conditions[condition] ?? { text: "", span: null, node: 0 };
    const near = known?.conditions[condition]?.nearest?.find((each) => each.facts.every((fact, index) => facts[index] === fact));
    return h("p", { class: "condition-near" }, ...facts.flatMap((fact, index) => [index ? " + " : "", factLink(view, commands, fact)]),
      condition ? ` ${facts.length > 1 ? "come" : "comes"} this far: ` : " does not fit ",
      h("code", {}, span ? link(text, () => { commands.select({ kind: "node", node }); commands.reveal(span); }) : text),
      near ? h("span", {}, ": ", h("code", {}, near.test), " compares ", h("b", {}, printValue(near.left)), " with ", h("b", {}, printValue(near.right))) : condition ? " does not hold" : "");
  });
  if (furthest.length > mostMisses) lines.push(h("p", { class: "condition-near" }, `and ${furthest.length - mostMisses} more`));
  return lines;
}
