/**
 * What the engine must be asked so that the page can explain what it shows.
 *
 * Panes draw what is known and say "looking …" for the rest. Here alone, after each change of the
 * state, what is missing is asked for.
 */
import type { ActivationId, FactId, ProgramSchema } from "reticle";
import { agendaOf } from "../derive/agenda.ts";
import { untold } from "../derive/live-counts.ts";
import { holdings, idleRules } from "../derive/near.ts";
import type { AskedQuery } from "../derive/query-text.ts";
import { queryKey } from "../derive/query-text.ts";
import { ruleOfNode } from "../derive/tokens.ts";
import type { State } from "./state.ts";
import { noAnswers } from "./state.ts";
import type { Store } from "./store.ts";
import type { View } from "./view.ts";
import { viewOf } from "./view.ts";

export type Question =
  | { kind: "explain"; fact: FactId }
  | { kind: "path"; fact: FactId }
  | { kind: "activation"; activation: ActivationId }
  | { kind: "agenda" }
  | { kind: "counts"; rule: string }
  | { kind: "why not"; rule: string }
  | { kind: "matches"; rule: string }
  | { kind: "counters" }
  | { kind: "query"; query: AskedQuery }
  /** The rules in the JSON form: for what says them in words, and for the states of flows. */
  | { kind: "form" };

/** The answers that describe the session as it is now; those about an earlier state are none. */
export function currentAnswers({ answers, timeline }: State): State["answers"] {
  return answers.at === timeline.length ? answers : noAnswers(timeline.length);
}

/**
 * The questions whose answers are needed and not known. The engine knows the present only: while
 * the page shows the past, or the engine is at work, there are none.
 */
export function questionsOf(view: View): Question[] {
  const { state, schema } = view;
  if (!schema || !state.live || state.engine.phase !== "ready") return [];
  const known = currentAnswers(state);
  const { selection, program } = state;
  const isTold = selection?.kind === "rule" || schema.flows.length > 0;
  const isSame = !program.stale && !program.checking;
  const form: Question[] = isTold && isSame && !program.form ? [{ kind: "form" }] : [];
  return [...form, ...needed(view, schema).filter((question) => !isAnswered(question, known))];
}

function isAnswered(question: Question, known: State["answers"]): boolean {
  switch (question.kind) {
    case "explain":
      return known.explanations.has(question.fact);
    case "path":
      return known.paths.has(question.fact);
    case "activation":
      return known.activations.has(question.activation);
    case "counts":
      return known.counts.has(question.rule);
    case "agenda":
      return known.agenda !== null;
    case "why not":
      return known.whyNots.has(question.rule);
    case "matches":
      return known.matches.has(question.rule);
    case "counters":
      return known.counters !== null;
    case "query":
      return known.queries.has(queryKey(question.query));
    case "form":
      return false;
  }
}

function needed(view: View, schema: ProgramSchema): Question[] {
  const { selection, counting } = view.state;
  const counters: Question[] = counting || selection?.kind === "node" ? [{ kind: "counters" }] : [];
  const ready = view.moment.agenda.size;
  const agenda: Question[] = ready > 0 && ready <= mostAsked ? [{ kind: "agenda" }] : [];
  const { query, layout } = view.state;
  const queries: Question[] =
    query && layout.tableTab === "queries" ? [{ kind: "query", query }] : [];
  return [
    ...agenda,
    ...counters,
    ...queries,
    ...aboutSelection(view, schema),
    ...countsInText(view, schema),
  ];
}

/** Counting looks at every fact for each of these rules: only where that is quick. */
function countsInText({ state, moment }: View, schema: ProgramSchema): Question[] {
  if (!state.countsInText || moment.facts.size > mostCounted) return [];
  return untold(schema)
    .slice(0, mostRules)
    .map(({ name }) => ({ kind: "counts", rule: name }));
}
const mostCounted = 200;
const mostRules = 30;

/** A longer agenda is shown in the order that its records tell. */
const mostAsked = 1_000;

function aboutSelection({ state, moment }: View, schema: ProgramSchema): Question[] {
  const { selection, timeline, position } = state;
  if (!selection) {
    const ready = new Set(agendaOf(moment).map(({ rule }) => rule));
    const idle = idleRules(schema, ready, holdings(timeline.records, position));
    return idle.map(({ name }) => ({ kind: "why not", rule: name }));
  }
  if (selection.kind === "fact" && moment.facts.has(selection.fact))
    return [
      { kind: "explain", fact: selection.fact },
      { kind: "path", fact: selection.fact },
    ];
  if (selection.kind === "activation" && moment.agenda.has(selection.activation))
    return [{ kind: "activation", activation: selection.activation }];
  if (selection.kind === "node") {
    // What the node holds, and what it turned away, by the first rule that it works for.
    const of = ruleOfNode(schema, selection.node);
    return of
      ? [
          { kind: "matches", rule: of.name },
          { kind: "why not", rule: of.name },
        ]
      : [];
  }
  const rule = selection.kind === "rule" ? schema.rules[selection.rule] : undefined;
  return rule ? [{ kind: "why not", rule: rule.name }] : [];
}

/** Hands each question to `ask` as soon as the state raises it; returns how to stop. */
export function askWhatIsMissing(store: Store, ask: (question: Question) => void): () => void {
  let seen: unknown[] = [];
  return store.subscribe((state) => {
    const { selection, revision, position, live, program, answers, engine } = state;
    const { counting, countsInText, query, layout } = state;
    const read: unknown[] = [selection, revision, position, live, program, answers, engine.phase];
    read.push(counting, countsInText, query, layout.tableTab);
    // Most changes are of sizes and texts: the nearest misses are not looked for again then.
    if (read.every((each, at) => each === seen[at])) return;
    seen = read;
    for (const question of questionsOf(viewOf(state))) ask(question);
  });
}
