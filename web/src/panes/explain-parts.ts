// The pieces explanations are made of.

import type { ConditionReport, FactId, Fields, NearMiss, NodeId, WhyNot } from "reticle";
import { findingsOf } from "../derive/findings.ts";
import { makeTrue } from "../derive/make-true.ts";
import { factTitle, printValue } from "../derive/moment.ts";
import {
  conditionWords,
  furthestEnds,
  outcomeOf,
  outcomeSigns,
  outcomeWords,
  sentenceParts,
} from "../derive/why.ts";
import { fieldWords, recordWords } from "../derive/words.ts";
import { button, h, link } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import type { Step } from "../state/project.ts";
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
  const outcome = outcomeOf(condition);
  const row = h(
    "li",
    { class: "condition", data: { holds: String(condition.holds), outcome } },
    h(
      "span",
      { class: "condition-sign", role: "img", aria: { label: outcomeWords[outcome] } },
      outcomeSigns[outcome],
    ),
    h("code", { class: "condition-text" }, text),
    h("span", { class: "condition-counts" }, conditionWords(condition)),
  );
  if (condition.results) row.append(near(fieldWords(condition.results)));
  if (condition.note && condition.note !== "not reached")
    row.append(h("p", { class: "condition-note" }, ...said(condition.note)));
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

/**
 * A sentence of the engine; what it puts between backticks is shown as code.
 */
export function said(sentence: string): (HTMLElement | string)[] {
  return sentenceParts(sentence).map(({ code, text }) => (code ? h("code", {}, text) : text));
}

/** Where matches of a rule come to their end, by the engine: the nearest first. */
export function nearMissLines(view: View, commands: Commands, whyNot: WhyNot): HTMLElement[] {
  const furthest = furthestEnds(whyNot);
  // Without one that came near the engine's own sentence says all there is.
  if (!furthest?.ends.length) return [];
  const { report, condition, ends } = furthest;
  const span = view.schema?.rules.find(({ name }) => name === whyNot.rule)?.conditions[condition]
    ?.span;
  const show = () => {
    commands.select({ kind: "node", node: report.node });
    if (span) commands.reveal(span);
  };
  const place = () => h("code", {}, link(report.text, show));
  const line = (...children: (HTMLElement | string)[]) =>
    h("p", { class: "condition-near" }, ...children);
  return ends.map(({ facts, miss }) => {
    const who = factList(view, commands, facts);
    const several = facts.length > 1;
    if (!miss)
      return line(
        ...who,
        several ? " stand" : " stands",
        " in the way of ",
        place(),
        ...awayButton(view, commands, facts),
      );
    if (!facts.length) return line(place(), " does not hold: ", ...missWords(miss));
    return line(
      ...who,
      several ? " come" : " comes",
      " as far as ",
      place(),
      ": ",
      ...missWords(miss),
      ...trueButton(view, commands, miss),
    );
  });
}

/** Where one value decides: what would come of it, in a future beside this one. */
function trueButton(view: View, commands: Commands, miss: NearMiss): (HTMLElement | string)[] {
  const { state, moment, types } = view;
  const change = makeTrue(miss, (id) => moment.facts.get(id), types);
  if (!change || !state.live) return [];
  const { step, says } = change;
  return [" ", forkButton(`What if ${says}?`, () => commands.whatIf([step], says))];
}

/** The same without what stands in the way. */
function awayButton(view: View, commands: Commands, facts: FactId[]): (HTMLElement | string)[] {
  const last = facts.at(-1);
  if (last === undefined || !view.state.live || view.moment.facts.get(last)?.logical) return [];
  const says = `fact ${last} taken away`;
  const step: Step = { kind: "retract", fact: last };
  return [" ", forkButton("What if it were not there?", () => commands.whatIf([step], says))];
}

function forkButton(label: string, press: () => void): HTMLElement {
  return button(label, press, {
    class: "small-button fork-button",
    title: "Shows what comes of it beside what comes without; this session stays as it is",
  });
}

/** What the compiler found out about a node or its rule, with its place and what would help. */
export function findingsSection(view: View, commands: Commands, node: NodeId): HTMLElement {
  const { schema, state } = view;
  const { program } = state;
  const found = schema && !program.stale ? findingsOf(schema, program.diagnostics).get(node) : null;
  if (!found) return h("span", { hidden: true });
  const lines = found.map(({ code, message, span, help }) =>
    h(
      "li",
      { class: "finding", data: { code } },
      link(message, () => commands.reveal(span)),
      ` ${code}, line ${span.line}`,
      ...help.map((line) => h("p", { class: "finding-help" }, line)),
    ),
  );
  return section("Found by the compiler", h("ul", { class: "findings" }, ...lines));
}
