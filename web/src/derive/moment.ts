// The session at one moment, folded record by record.

import type {
  ActivationId,
  FactId,
  FactView,
  Fields,
  Millis,
  NodeId,
  RuleId,
  RunId,
  RunView,
  StepView,
  TraceRecord,
  TypeSchema,
  Value,
} from "reticle";
import type { Views } from "../engine/protocol.ts";
import type { FieldChange } from "./changes.ts";
import { changesOf } from "./changes.ts";

export interface FactNow {
  id: FactId;
  type: string;
  fields: Fields;
  logical: boolean;
  subject?: string;
  since: number;
  changed: number;
}
export interface ReadyActivation {
  id: ActivationId;
  rule: RuleId;
  facts: FactId[];
  salience: number;
  recency: number;
  since: number;
  /** Why it cannot fire now, by the engine; only where it was asked. */
  waits?: string;
}
export interface StepNow {
  name: string;
  kind: StepView["kind"];
  status: StepView["status"];
  attempt: number;
  function?: string;
  key?: string;
  result?: Value;
  error?: string;
  due?: Millis;
  recorded: boolean;
  changed: number;
}
export interface RunNow {
  id: RunId;
  flow: string;
  key: string;
  status: RunView["status"];
  result?: Value;
  error?: string;
  steps: StepNow[];
}

interface WaitingEvent {
  type: string;
  subject?: string;
  data: Fields;
  due: Millis;
  origin: number;
  position: number;
}

/**
 * All that can be seen of a session after a number of trace records.
 *
 * Entries are replaced, never changed in place, so a copy of the maps is a copy of the moment.
 * Positions count records of the page's list from 1; 0 means before the first.
 */
export interface Moment {
  position: number;
  clock: Millis;
  facts: Map<FactId, FactNow>;
  agenda: Map<ActivationId, ReadyActivation>;
  counts: Map<NodeId, number>;
  /** Position of the last record that changed a node's memory; absent: never. */
  touched: Map<NodeId, number>;
  /** How often each rule fired; a firing that failed is none. */
  firings: Map<RuleId, number>;
  /** How often firings of each rule failed, by the code of the failure. */
  failures: Map<RuleId, Map<string, number>>;
  /** The newest firing: a failure that it causes is its own. */
  newest: { seq: number; rule: RuleId } | null;
  runs: Map<RunId, RunNow>;
  timers: Map<number, { due: Millis; text: string }>;
  /** The events that wait for their turn, by their ids. */
  waiting: Map<string, WaitingEvent>;
  halted: boolean;
}

export function emptyMoment(clock: Millis): Moment {
  return {
    position: 0,
    clock,
    facts: new Map(),
    agenda: new Map(),
    counts: new Map(),
    touched: new Map(),
    firings: new Map(),
    failures: new Map(),
    newest: null,
    runs: new Map(),
    timers: new Map(),
    waiting: new Map(),
    halted: false,
  };
}

export function copyMoment(from: Moment): Moment {
  return {
    ...from,
    facts: new Map(from.facts),
    agenda: new Map(from.agenda),
    counts: new Map(from.counts),
    touched: new Map(from.touched),
    firings: new Map(from.firings),
    failures: new Map(from.failures),
    runs: new Map(from.runs),
    timers: new Map(from.timers),
    waiting: new Map(from.waiting),
  };
}

/**
 * What an engine holds that was just read back from its journal; what the trace said before the
 * crash is carried over.
 */
export function recoveredMoment(
  views: Views,
  before: Moment,
  ruleIds: Map<string, RuleId>,
): Moment {
  const moment = { ...copyMoment(before), clock: views.now };
  const position = before.position;
  moment.facts = new Map(
    views.facts.map((fact) => [fact.id, factNow(fact, before.facts.get(fact.id), position)]),
  );
  moment.agenda = new Map(
    views.agenda.map((ready) => [
      ready.id,
      {
        id: ready.id,
        rule: ruleIds.get(ready.rule) ?? -1,
        facts: ready.facts,
        salience: ready.salience,
        recency: ready.recency,
        since: position,
      },
    ]),
  );
  moment.counts = new Map(views.counters.map((count, node) => [node, count]));
  moment.runs = new Map(
    views.runs.map((run) => [
      run.id,
      { ...run, steps: run.steps.map((step) => ({ ...step, changed: position })) },
    ]),
  );
  moment.waiting = new Map(
    views.waiting.map(({ id, name: _, ...event }) => {
      const known = before.waiting.get(id);
      return [id, known ?? { ...event, origin: 0, position }];
    }),
  );
  return moment;
}

function factNow(view: FactView, known: FactNow | undefined, position: number): FactNow {
  return {
    id: view.id,
    type: view.type,
    fields: view.fields,
    logical: view.logical,
    since: known?.since ?? position,
    changed: known?.changed ?? position,
    ...(view.subject === undefined ? {} : { subject: view.subject }),
  };
}

/**
 * Moves `moment` past one more record; a kind without a case here changes nothing that a moment
 * holds. Owns no history: lists of what happened come from the records themselves.
 */
export function fold(moment: Moment, record: TraceRecord): void {
  const position = ++moment.position;
  switch (record.kind) {
    case "input":
      moment.clock = Math.max(moment.clock, record.time);
      break;
    case "clock":
      moment.clock = record.time;
      break;
    case "assert":
      moment.facts.set(record.fact, factFrom(record, position));
      break;
    case "update":
      change(moment, record.fact, position, changesOf(record));
      break;
    case "property":
      foldProperty(moment, record, position);
      break;
    case "retract":
      moment.facts.delete(record.fact);
      break;
    case "memory":
      moment.counts.set(record.node, record.count);
      moment.touched.set(record.node, position);
      break;
    case "activation": {
      const { activation: id, rule, facts, salience, recency } = record;
      moment.agenda.set(id, { id, rule, facts, salience, recency, since: position });
      break;
    }
    case "deactivation":
      moment.agenda.delete(record.activation);
      break;
    case "fire":
      moment.agenda.delete(record.activation);
      moment.firings.set(record.rule, (moment.firings.get(record.rule) ?? 0) + 1);
      moment.newest = { seq: record.seq, rule: record.rule };
      break;
    case "failure":
      foldFailure(moment, record);
      break;
    case "timer":
      if (record.phase === "set")
        moment.timers.set(record.timer, { due: record.due, text: record.text });
      else moment.timers.delete(record.timer);
      break;
    case "event":
      foldEvent(moment, record, position);
      break;
    case "run":
      moment.runs.set(record.run, runFrom(record, moment.runs.get(record.run)?.steps ?? []));
      break;
    case "step":
      foldStep(moment, record, position);
      break;
    case "halt":
      moment.halted = true;
      break;
    // A new worker records everything again as it reads it back, but fires nothing. The events that
    // wait it does not record.
    case "recover":
      for (const part of [moment.facts, moment.runs, moment.timers]) part.clear();
      forgetMatches(moment);
      moment.halted = false;
      break;
    // What matches the new rules make of the facts is recorded anew.
    case "replace":
      forgetMatches(moment);
      break;
  }
}

type Of<Kind extends TraceRecord["kind"]> = Extract<TraceRecord, { kind: Kind }>;

function factFrom(record: Of<"assert">, position: number): FactNow {
  const { fact: id, type, fields, logical, subject } = record;
  const fact = { id, type, fields, logical, since: position, changed: position };
  return subject === undefined ? fact : { ...fact, subject };
}

/** A firing that failed changed nothing; of one that failed in part the rest stands. */
function foldFailure(moment: Moment, { rule, cause, code, part }: Of<"failure">): void {
  if (rule === undefined) return;
  const codes = new Map(moment.failures.get(rule));
  moment.failures.set(rule, codes.set(code, (codes.get(code) ?? 0) + 1));
  if (part !== undefined || moment.newest?.seq !== cause || moment.newest.rule !== rule) return;
  moment.newest = null;
  const fired = (moment.firings.get(rule) ?? 0) - 1;
  if (fired > 0) moment.firings.set(rule, fired);
  else moment.firings.delete(rule);
}

function foldEvent(moment: Moment, record: Of<"event">, position: number): void {
  const { event, phase, type, subject, data, due, origin } = record;
  if (phase === "raised" || phase === "dropped") moment.waiting.delete(event);
  if (phase !== "waiting" || due === undefined) return;
  const about = subject === undefined ? {} : { subject };
  moment.waiting.set(event, { type, ...about, data, due, origin, position });
}

function runFrom(record: Of<"run">, steps: RunNow["steps"]): RunNow {
  const { run: id, flow, key, status, result, error } = record;
  return {
    id,
    flow,
    key,
    status,
    steps,
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
  };
}

function forgetMatches(moment: Moment): void {
  for (const part of [moment.agenda, moment.counts, moment.touched]) part.clear();
}

/** The update that comes before it may have taken the property away: then it stays away. */
function foldProperty(moment: Moment, record: Of<"property">, position: number): void {
  const { fact, property: name, old, new: now } = record;
  const isGone = now === null && !(name in (moment.facts.get(fact)?.fields ?? {}));
  change(moment, fact, position, [{ name, old, new: now, isGone }]);
}

function change(moment: Moment, id: FactId, position: number, changes: FieldChange[]): void {
  const fact = moment.facts.get(id);
  if (!fact) return;
  const fields = { ...fact.fields };
  for (const { name, new: now, isGone } of changes)
    if (isGone) delete fields[name];
    else fields[name] = now;
  moment.facts.set(id, { ...fact, fields, changed: position });
}

function foldStep(
  moment: Moment,
  record: Extract<TraceRecord, { kind: "step" }>,
  position: number,
): void {
  const run = moment.runs.get(record.run) ?? {
    id: record.run,
    flow: "",
    key: "",
    status: "running" as const,
    steps: [],
  };
  const known = run.steps.find(({ name }) => name === record.step);
  const recorded = record.status === "recorded";
  const step: StepNow = {
    ...known,
    name: record.step,
    kind: record.stepKind,
    attempt: record.attempt,
    changed: position,
    status:
      record.status === "recorded"
        ? record.error === undefined
          ? "completed"
          : "failed"
        : record.status,
    recorded: recorded || (known?.recorded === true && known.status === record.status),
  };
  for (const name of ["key", "function", "error"] as const) {
    const value = record[name];
    if (value !== undefined) step[name] = value;
  }
  if (record.result !== undefined) step.result = record.result;
  if (record.due !== undefined) step.due = record.due;
  else if (record.status !== "retrying" && record.stepKind === "call") delete step.due;
  if (record.status === "completed") delete step.error;
  const steps = known
    ? run.steps.map((each) => (each === known ? step : each))
    : [...run.steps, step];
  moment.runs.set(run.id, { ...run, steps });
}

/**
 * Values of a fact as people name it: its subject's name, else its key fields, else the first two
 * fields.
 */
export function factTitle(
  fact: { type: string; fields: Fields; subject?: string },
  types: Map<string, TypeSchema>,
): string {
  if (fact.subject) return fact.subject;
  const declared = types.get(fact.type)?.fields ?? [];
  const keys = declared.filter(({ key }) => key).map(({ name }) => name);
  const names = keys.length ? keys : Object.keys(fact.fields).slice(0, 2);
  const values = names.map((name) => printValue(fact.fields[name] ?? null));
  return values.length ? `${fact.type} ${values.join(" · ")}` : fact.type;
}

/** A value the way a rule would show it, strings without quotes. */
export function printValue(value: Value): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
