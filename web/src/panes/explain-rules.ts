// Explanations of rules and activations, and of what happens next.

import type { ActivationId, ConditionSchema, RuleId, WhyNot } from "reticle";
import { agendaBy, orderReason } from "../derive/agenda.ts";
import { causePosition } from "../derive/causes.ts";
import type { ReadyActivation } from "../derive/moment.ts";
import { factTitle } from "../derive/moment.ts";
import { holdings, idleRules } from "../derive/near.ts";
import { ruleInWords } from "../derive/sentences.ts";
import { outcomeSigns } from "../derive/why.ts";
import { countOf } from "../derive/words.ts";
import { button, h, link } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import { currentAnswers } from "../state/questions.ts";
import type { View } from "../state/view.ts";
import {
  conditionList,
  factLink,
  fieldTable,
  findingsSection,
  heading,
  nearMissLines,
  recordLink,
  said,
  section,
} from "./explain-parts.ts";
import { moreLine, olderLine } from "./more.ts";

const mostReady = 20,
  mostFirings = 12;

/** With nothing selected: what is about to fire, and what is nearly so. */
export function explainOverview(view: View, commands: Commands): HTMLElement[] {
  const { state, schema, moment } = view;
  const agenda = agendaNow(view);
  const first = agenda.find(({ waits }) => waits === undefined);
  const parts: HTMLElement[] = [];
  const limit = limitNote(view);
  if (limit) parts.push(limit);
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
            : restWords(view),
      ),
    );
  const ready = new Set(agenda.map(({ rule }) => rule));
  // While the engine is at work its records are not gone through again with each of them.
  const isQuiet = state.engine.phase === "ready";
  const held = isQuiet ? holdings(state.timeline.records, state.position) : new Map();
  const idle = schema && isQuiet ? idleRules(schema, ready, held) : [];
  if (idle.length && state.live) {
    parts.push(
      section(
        first ? "Why the others are not ready" : "Why nothing fires",
        h(
          "ul",
          { class: "near-misses" },
          ...idle.map((rule) => {
            const whyNot = currentAnswers(state).whyNots.get(rule.name);
            const lines = whyNot ? nearMissLines(view, commands, whyNot) : [];
            return h(
              "li",
              { class: "near-miss" },
              link(rule.name, () => {
                commands.select({ kind: "rule", rule: rule.id });
                commands.reveal(rule.nameSpan);
              }),
              ...lines,
              h(
                "p",
                { class: "near-miss-why" },
                ...(whyNot ? said(inShort(whyNot, lines.length > 0)) : ["looking …"]),
              ),
            );
          }),
        ),
      ),
    );
  }
  return parts;
}

/** What the lines about the nearest matches do not say yet. */
function inShort({ state, summary, conditions }: WhyNot, hasLines: boolean): string {
  if (state !== "noMatch" || !hasLines) return summary;
  const first = conditions.findIndex(({ holds }) => !holds);
  return `condition ${first + 1} of ${conditions.length} holds for nothing`;
}

/** The agenda in the engine's order where it has been asked, else in the order of the records. */
function agendaNow({ state, moment }: View): ReadyActivation[] {
  return agendaBy(moment, state.live ? currentAnswers(state).agenda : null);
}

/** Nothing is ready: because it has all fired, or because nothing ever was. */
function restWords({ moment }: View): string {
  const fired = [...moment.firings.values()].reduce((sum, each) => sum + each, 0);
  const before = moment.agenda.size
    ? "What matches waits for something."
    : fired
      ? `All that was ready has fired: ${countOf(fired, "firing")} so far.`
      : "No rule has matched yet.";
  return `${before} Insert a fact, change one or advance the clock and watch what it sets off.`;
}

/** What the engine said when it stopped before everything was quiet. */
function limitNote({ state }: View): HTMLElement | null {
  if (!state.limited || !state.live) return null;
  const { cycle, feeds, firings } = state.limited;
  const why = feeds.length ? ` What feeds them: ${feeds.join(", ")}.` : "";
  return h(
    "p",
    { class: "explanation-limit", role: "note" },
    cycle?.length
      ? `Stopped after ${countOf(firings, "firing")}: ` +
          (cycle.length === 1
            ? `${cycle[0]} makes itself ready again and again.`
            : `these rules feed each other: ${[...cycle, cycle[0]].join(" → ")}.`) +
          why
      : `Paused after ${countOf(firings, "firing")}. Run goes on.`,
  );
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
  const ready = agendaNow(view).filter((each) => each.rule === id);
  const fired = moment.firings.get(id) ?? 0;
  const whyNot = state.live ? currentAnswers(state).whyNots.get(rule.name) : undefined;
  const nearest = whyNot ? nearMissLines(view, commands, whyNot) : [];
  return [
    heading("rule", rule.name),
    rule.doc ? h("p", { class: "explanation-doc" }, rule.doc) : h("span", { hidden: true }),
    h(
      "p",
      { class: "explanation-lead", data: { role: "why-not" } },
      ...(!state.live || state.engine.phase === "attached"
        ? [`At this record: ${countOf(ready.length, "activation")} ready.`]
        : said(whyNot?.summary ?? "looking …")),
    ),
    h(
      "p",
      { class: "facts-of" },
      `salience ${rule.salience ?? "computed"}${rule.group ? ` · group ${rule.group}` : ""} ` +
        `· fired ${countOf(fired, "time")} · `,
      link("show in the editor", () => commands.reveal(rule.nameSpan)),
    ),
    shrinkButton(view, commands, rule.name, fired),
    findingsSection(view, commands, rule.node),
    inWords(view, rule.name),
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
            ...ready.slice(0, mostReady).map((each) =>
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
          moreLine(ready.length - mostReady),
        )
      : h("span", { hidden: true }),
    firings(view, commands, id),
  ];
}

/** Of a rule that has fired: which of the inputs it took. */
function shrinkButton(
  { state }: View,
  commands: Commands,
  rule: string,
  fired: number,
): HTMLElement {
  if (!fired || !state.live || state.steps.length < 2) return h("span", { hidden: true });
  const shrink = button("Which inputs does it take?", () => commands.shrink(rule), {
    class: "small-button",
    title: "Takes inputs away as long as the rule still fires, and plays what is left",
  });
  shrink.disabled = state.engine.phase !== "ready";
  return h("p", {}, shrink);
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
    olderLine(positions.length - mostFirings),
    h(
      "ul",
      {},
      ...positions.slice(-mostFirings).map((position) => {
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

/** The rule as sentences, once its JSON form is known. */
function inWords({ state }: View, name: string): HTMLElement {
  const { form, stale } = state.program;
  const declared = form?.find((each) => each.kind === "rule" && each.name === name);
  if (!declared || stale) return h("span", { hidden: true });
  const { trigger, when, then, also } = ruleInWords(declared);
  const list = (lines: string[]) => h("ul", {}, ...lines.map((line) => h("li", {}, line)));
  const lead = (words: string) => h("p", { class: "in-words-lead" }, words);
  return section(
    "In plain words",
    h(
      "div",
      { class: "in-words", data: { role: "in-words" } },
      trigger ? lead(`When ${trigger}${when.length ? ", and:" : ","}`) : null,
      !trigger && when.length ? lead("When all of this holds:") : null,
      when.length ? list(when) : null,
      lead(then.length ? "then:" : "then it does nothing."),
      then.length ? list(then) : null,
      also.length ? list(also) : null,
    ),
  );
}

export function explainActivation(view: View, commands: Commands, id: ActivationId): HTMLElement[] {
  const { schema, moment, state } = view;
  const agenda = agendaNow(view);
  const index = agenda.findIndex((each) => each.id === id),
    ready = agenda[index];
  if (!ready) return notReady(view, commands, id);
  const rule = schema?.rules[ready.rule];
  const cause = causePosition(state.timeline.records, ready.since);
  const fire = button("Fire this one", () => commands.fire(id), { class: "fire-button" });
  fire.disabled = !state.live || state.engine.phase !== "ready" || ready.waits !== undefined;
  const known = state.live ? currentAnswers(state).activations.get(id) : undefined;
  const place = index === 0 ? "fires next" : `number ${index + 1}`;
  return [
    h(
      "h2",
      { class: "explanation-title" },
      h(
        "span",
        { class: "explanation-kind explanation-ready" },
        ready.waits === undefined ? place : "waits",
      ),
      link(rule?.name ?? "a rule", () => {
        commands.select({ kind: "rule", rule: ready.rule });
        if (rule) commands.reveal(rule.nameSpan);
      }),
    ),
    h(
      "p",
      { class: "explanation-lead", data: { role: "activation" } },
      ...said(known ? `${known.text}.` : `It stands here because: ${orderReason(agenda, index)}.`),
    ),
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
    h(
      "span",
      { class: "condition-sign", role: "img", aria: { label: "holds" } },
      outcomeSigns.holds,
    ),
    h("code", { class: "condition-text" }, link(text, show)),
  );
}
