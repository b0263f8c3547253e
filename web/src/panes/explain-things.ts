// Explanations of facts, nodes, runs and records.

import type { Explanation, FactId, FactPath, NodeId, RunId } from "reticle";
import { assertedAt, causeChain, causePosition, effectsOf } from "../derive/causes.ts";
import { nodeLabel } from "../derive/labels.ts";
import type { FactNow } from "../derive/moment.ts";
import { factTitle, printValue } from "../derive/moment.ts";
import { childrenOf, parentsOf } from "../derive/slices.ts";
import { printTime } from "../derive/times.ts";
import {
  counterWords,
  countOf,
  fieldWords,
  kindWordsOf,
  nodeWords,
  recordWords,
} from "../derive/words.ts";
import { button, h, link } from "../dom.ts";
import type { Commands } from "../state/commands.ts";
import { currentAnswers } from "../state/questions.ts";
import type { View } from "../state/view.ts";
import {
  factLink,
  fieldTable,
  findingsSection,
  heading,
  recordLink,
  ruleLink,
  said,
  section,
} from "./explain-parts.ts";
import { editDialog } from "./insert-dialog.ts";
import { moreLine } from "./more.ts";
import { nodeTokens } from "./node-tokens.ts";

const nothing = () => h("span", { hidden: true });

const mostEffects = 16;

export function explainFact(view: View, commands: Commands, id: FactId): HTMLElement[] {
  const { state, moment, types } = view;
  const fact = moment.facts.get(id);
  const asserted = assertedAt(state.timeline.records, id, moment.position);
  if (!fact)
    return [
      heading("fact", `number ${id}`),
      h(
        "p",
        {},
        asserted
          ? "It is no longer in working memory. "
          : "It is not in working memory at this record. ",
        asserted ? recordLink(view, commands, asserted) : "",
      ),
    ];
  const explanation = state.live ? currentAnswers(state).explanations.get(id) : undefined;
  const effects = asserted ? effectsOf(state.timeline.records, asserted, moment.position) : [];
  const ready = [...moment.agenda.values()].filter((each) => each.facts.includes(id));
  return [
    heading(types.get(fact.type)?.kind ?? "fact", factTitle(fact, types)),
    h(
      "p",
      { class: "explanation-lead" },
      explanation?.text ??
        (fact.logical
          ? "Derived: it stays while a match supports it."
          : "It is in working memory."),
    ),
    fieldTable(fact.fields),
    factActs(view, commands, fact),
    factPath(view, commands, id),
    explanation?.by.length
      ? section("Where it comes from", ancestry(view, commands, explanation))
      : nothing(),
    asserted
      ? section(
          "Came to be",
          h("p", {}, recordLink(view, commands, asserted)),
          chain(view, commands, asserted),
        )
      : nothing(),
    ready.length
      ? section(
          "Makes ready",
          h(
            "ul",
            {},
            ...ready.map((each) =>
              h(
                "li",
                {},
                link(view.schema?.rules[each.rule]?.name ?? "a rule", () =>
                  commands.select({ kind: "activation", activation: each.id }),
                ),
              ),
            ),
          ),
        )
      : nothing(),
    effects.length
      ? section(
          "What it set off",
          h(
            "ul",
            {},
            ...effects
              .slice(0, mostEffects)
              .map((position) => h("li", {}, recordLink(view, commands, position))),
          ),
          moreLine(effects.length - mostEffects),
        )
      : nothing(),
  ];
}

/** What can be done to a fact, while it is the present that is shown. */
function factActs({ state, types }: View, commands: Commands, fact: FactNow): HTMLElement {
  const type = types.get(fact.type);
  if (!state.live || !type || type.builtin || type.kind === "event") return nothing();
  const change = button("Change it, or what if …", () => editDialog(fact, type, types, commands), {
    class: "small-button",
  });
  change.disabled = state.engine.phase !== "ready" || type.fields.every(({ key }) => key);
  return h("p", {}, change);
}

const howWords: { [how in FactPath["nodes"][number]["how"]]: string } = {
  held: "holds it",
  stopped: "stops it",
  waits: "waits",
  blocks: "is blocked by it",
};
const howSigns = { held: "✓", stopped: "✗", waits: "·", blocks: "⊘" } as const;

/** Where the fact is in the network, by the engine: how far it came, and what ended it. */
function factPath(view: View, commands: Commands, id: FactId): HTMLElement {
  const { state, schema } = view;
  const path = state.live ? currentAnswers(state).paths.get(id) : undefined;
  if (!path || !schema) return nothing();
  const nodes = path.nodes.filter(({ node }) => schema.network.nodes[node]);
  return section(
    "Where it is in the network",
    h(
      "ol",
      { class: "path", data: { role: "path" } },
      ...nodes.map(({ node, how, matches, text }) =>
        h(
          "li",
          { class: "path-node", data: { node: String(node), how } },
          h(
            "span",
            { class: "path-sign", role: "img", aria: { label: howWords[how] } },
            howSigns[how],
          ),
          h(
            "span",
            {},
            link(nodeWords(node, schema), () => commands.select({ kind: "node", node })),
            ...(text === undefined
              ? [matches > 1 ? ` in ${countOf(matches, "match", "matches")}` : ""]
              : [": ", ...said(text)]),
          ),
        ),
      ),
    ),
  );
}

/** Rules and the facts they matched, as deep as the engine knows. */
function ancestry(view: View, commands: Commands, explanation: Explanation): HTMLElement {
  return h(
    "ul",
    { class: "ancestry" },
    ...explanation.by.map(({ rule, facts, change }) =>
      h(
        "li",
        { title: `change ${change} of working memory` },
        "rule ",
        ruleLink(view, commands, rule),
        facts.length ? " from" : "",
        h(
          "ul",
          {},
          ...facts.map((fact) =>
            h(
              "li",
              {},
              factLink(view, commands, fact.fact),
              h(
                "span",
                { class: "origin" },
                ` ${fact.repeated ? "explained above" : fact.gone ? "" : originWords[fact.origin]}`,
              ),
              fact.gone || fact.changed
                ? h("span", { class: "origin" }, ` then ${fieldWords(fact.fields)}`)
                : null,
              fact.by.length ? ancestry(view, commands, fact) : null,
            ),
          ),
        ),
      ),
    ),
  );
}

function chain(view: View, commands: Commands, position: number): HTMLElement {
  const positions = causeChain(view.state.timeline.records, position);
  return positions.length
    ? h(
        "ol",
        { class: "chain", aria: { label: "Caused by" } },
        ...positions.map((each) => h("li", {}, "because of ", recordLink(view, commands, each))),
      )
    : nothing();
}

const originWords = {
  stated: "handed in",
  derived: "inserted by a rule",
  logical: "kept by its supports",
};

const firstPurpose = "Makes a match of each fact that comes: the matches of the rule begin here.";
const purposes = {
  type: "Every fact of this type comes in here.",
  test: "Facts that pass this test are kept here, once for all rules that ask the same.",
  join: "Pairs a match from the left with a fact from the right where this holds.",
  not: "Lets a match through while no fact on the right fits it.",
  exists: "Lets a match through while at least one fact on the right fits it.",
  "not group": "Lets a match through while its group finds nothing.",
  "exists group": "Lets a match through while its group finds something.",
  either: "Lets a match through for each combination that one of its branches finds.",
  accumulate: "Adds up what its group finds for a match.",
  each: "Hands a match on once for each element of a list.",
  end: "What reaches the end of a group is passed to the node that the group belongs to.",
  let: "Computes a value and hands it on.",
  filter: "Lets a match through while this holds.",
  newest: "The newest of the facts that come here are kept.",
  wait: "Lets a match through while this holds, and asks again when the moment comes.",
  since: "Remembers since when the facts of a match have been together.",
  production: "A match that arrives here makes its rule ready to fire.",
} as const;

export function explainNode(view: View, commands: Commands, id: NodeId): HTMLElement[] {
  const { schema, moment, state } = view;
  const node = schema?.network.nodes.find((each) => each.id === id);
  if (!schema || !node) return [h("p", { class: "empty" }, "This node is no longer there.")];
  const nodeLink = (other: NodeId) =>
    h(
      "li",
      {},
      link(nodeWords(other, schema), () => commands.select({ kind: "node", node: other })),
      ` holds ${moment.counts.get(other) ?? 0}`,
    );
  const parents = parentsOf(node),
    children = childrenOf(schema.network.nodes).get(id) ?? [];
  const { span } = node;
  const counted = state.live ? currentAnswers(state).counters?.nodes[id] : undefined;
  return [
    heading(kindWordsOf(node), nodeLabel(node, schema)),
    h(
      "p",
      { class: "explanation-lead" },
      node.kind === "join" && node.left === undefined ? firstPurpose : purposes[node.kind],
    ),
    findingsSection(view, commands, id),
    ...nodeTokens(view, commands, id),
    h(
      "p",
      { class: "facts-of" },
      `node ${id} · `,
      moment.touched.has(id)
        ? `last changed at record ${moment.touched.get(id)}`
        : moment.counts.get(id)
          ? "unchanged since it was read back"
          : "nothing has come here yet",
      span ? " · " : "",
      span ? link("show in the editor", () => commands.reveal(span)) : null,
    ),
    counted
      ? h("p", { class: "facts-of", data: { role: "counters" } }, `so far ${counterWords(counted)}`)
      : nothing(),
    section(
      node.rules.length > 1 ? `Shared by ${node.rules.length} rules` : "Belongs to",
      h(
        "ul",
        {},
        ...node.rules.map((rule) =>
          h(
            "li",
            {},
            link(schema.rules[rule]?.name ?? `rule ${rule}`, () =>
              commands.select({ kind: "rule", rule }),
            ),
          ),
        ),
      ),
    ),
    parents.length ? section("Reads", h("ul", {}, ...parents.map(nodeLink))) : nothing(),
    children.length ? section("Feeds", h("ul", {}, ...children.map(nodeLink))) : nothing(),
  ];
}

export function explainRun(
  view: View,
  commands: Commands,
  id: RunId,
  stepName: string | undefined,
): HTMLElement[] {
  const run = view.moment.runs.get(id);
  if (!run) return [h("p", { class: "empty" }, "This run has not begun at this record.")];
  const flow = view.schema?.flows.find(({ name }) => name === run.flow);
  const steps =
    stepName === undefined ? run.steps : run.steps.filter(({ name }) => name === stepName);
  return [
    heading(
      stepName === undefined ? "run" : "step",
      stepName === undefined ? `${run.flow} ${run.key}` : `${stepName} of ${run.flow} ${run.key}`,
    ),
    h(
      "p",
      { class: "explanation-lead" },
      `The run is ${run.status}${run.error ? `: ${run.error}` : ""}`,
      run.result == null ? "." : ` with ${printValue(run.result)}.`,
    ),
    flow
      ? h(
          "p",
          { class: "facts-of" },
          link("show in the editor", () =>
            commands.reveal(flow.steps.find(({ name }) => name === stepName)?.span ?? flow.span),
          ),
        )
      : nothing(),
    section(
      "Steps",
      h(
        "ol",
        {},
        ...steps.map((step) =>
          h(
            "li",
            {},
            link(step.name, () => commands.select({ kind: "run", run: id, step: step.name })),
            ` ${step.function ?? step.kind}, ` +
              `${step.status}${step.attempt > 1 ? ` at attempt ${step.attempt}` : ""}, ` +
              `${step.recorded ? "read back from the journal" : "executed in this worker"}`,
            step.error
              ? `: ${step.error}`
              : step.result === undefined || step.result === null
                ? ""
                : ` → ${printValue(step.result)}`,
            step.due !== undefined && step.status !== "completed"
              ? `, due ${printTime(step.due)}`
              : "",
          ),
        ),
      ),
    ),
    stepName === undefined
      ? button("Crash here", commands.crash, {
          class: "small-button bar-danger",
          title: "End the worker now and watch this run resume",
        })
      : nothing(),
  ];
}

export function explainRecord(view: View, commands: Commands, position: number): HTMLElement[] {
  const { state, schema } = view;
  const record = state.timeline.records[position - 1];
  if (!record) return [h("p", { class: "empty" }, "There is no such record.")];
  const effects = effectsOf(state.timeline.records, position, state.timeline.length);
  const cause = causePosition(state.timeline.records, position);
  return [
    heading(`record ${position}`, recordWords(record, schema)),
    h(
      "p",
      {},
      button(
        state.position === position ? "Shown now" : "Show this moment",
        () => commands.show(position),
        { class: "small-button" },
      ),
    ),
    cause
      ? section("Because of", chain(view, commands, position))
      : section("Because of", h("p", {}, "nothing before it: it came from outside.")),
    record.fact !== undefined || "facts" in record
      ? section(
          "About",
          h(
            "p",
            {},
            ...("facts" in record
              ? record.facts
              : record.fact === undefined
                ? []
                : [record.fact]
            ).flatMap((fact, index) => [index ? " + " : "", factLink(view, commands, fact)]),
          ),
        )
      : nothing(),
    record.rule !== undefined
      ? section(
          "Rule",
          h(
            "p",
            {},
            link(schema?.rules[record.rule]?.name ?? `rule ${record.rule}`, () => {
              if (record.rule !== undefined) commands.select({ kind: "rule", rule: record.rule });
            }),
          ),
        )
      : nothing(),
    effects.length
      ? section(
          "What it set off",
          h(
            "ul",
            {},
            ...effects
              .slice(0, mostEffects)
              .map((each) => h("li", {}, recordLink(view, commands, each))),
          ),
          moreLine(effects.length - mostEffects),
        )
      : nothing(),
  ];
}
