/**
 * The words that cross the boundary: what a host hands in, what the engine returns, what the
 * trace says. The C++ side of each shape is in `engine/src/wire/`; both spell
 * every member alike.
 *
 * Values: null, booleans, numbers, strings, lists and maps are themselves. An int beyond 2^53 is
 * `{"$int": "…"}`; a fact used as a value is `{"$fact": id}`; timestamps are RFC 3339 strings,
 * durations strings such as "1m30s", bytes base64. What comes in is read by the declared type of
 * the field it is for.
 */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value };
export type Fields = { [name: string]: Value };

/** Never reused within a session. */
export type FactId = number;
/** Position in `ProgramSchema.types`, `.rules`, `.network.nodes`, `.flows`. */
export type TypeId = number;
export type RuleId = number;
export type NodeId = number;
export type FlowId = number;
/** Activations and runs are numbered from 1 within a session and never reused. */
export type ActivationId = number;
export type RunId = number;
/** Milliseconds since 1970-01-01T00:00:00Z on the session's clock. */
export type Millis = number;

/* ---------------------------------------------------------------- compiling */

export interface SourceFile {
  name: string;
  text: string;
}

/**
 * Half-open range in UTF-16 units, as editors count; lines and columns start at 1 and count code
 * points, as people do.
 */
export interface Span {
  file: string;
  start: number;
  end: number;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export interface Fix {
  title: string;
  edits: { span: Span; text: string }[];
}

export interface Diagnostic {
  code: string; // "RL1001"
  level: "error" | "warning" | "information";
  message: string;
  span: Span;
  label?: string; // shown under the span
  related: { span: Span; message: string }[]; // other places that belong to it
  fixes: Fix[]; // can be applied
  help: string[];
  notes: string[];
  more?: number; // RL0099 alone: how many diagnostics it stands for, which are left out
  text: string; // the terminal rendering
}

/** A module in another form or layout. */
export interface ConvertedText {
  ok: boolean;
  text: string; // empty when it could not be read
  diagnostics: Diagnostic[]; // of reading
}

/** A rule file of another engine as a module. */
export interface ImportedRules {
  ok: boolean;
  text: string; // the module; empty when the file could not be read
  notes: ImportNote[]; // one a kind, in the order in which they come up in the file
  // which field of `Input` holds which fact; a fact asked in several ways has several
  fields: { fact: string; field: string }[];
}

export interface ImportNote {
  // cannot be read; has no counterpart; differs at the edges
  level: "error" | "warning" | "information";
  pointer: string; // JSON Pointer into the file; empty: the whole of it
  message: string; // what is there, and what became of it
  help?: string; // what to do
}

export interface FieldSchema {
  name: string;
  type: string;
  key?: boolean;
  ext?: boolean;
  optional?: boolean;
  default?: Value;
  doc?: string;
}

export interface TypeSchema {
  id: TypeId;
  name: string;
  kind: "fact" | "subject" | "event";
  as?: string;
  open?: boolean;
  builtin?: boolean;
  doc?: string;
  fields: FieldSchema[];
  span?: Span;
}

export type ConditionKind =
  | "pattern"
  | "not"
  | "exists"
  | "accumulate"
  | "let"
  | "if"
  | "forall"
  | "either"
  | "each"
  | "event"
  | "change";
export interface ConditionSchema {
  kind: ConditionKind;
  text: string;
  span: Span;
  node: NodeId;
}

export interface RuleSchema {
  id: RuleId;
  name: string;
  doc?: string;
  group?: string;
  salience: number | null; // null: computed
  disabled?: boolean; // it has no nodes then: `node` is -1, here and in its conditions
  span: Span;
  nameSpan: Span;
  node: NodeId; // its production node
  conditions: ConditionSchema[];
  /** Names bound by the rule's patterns, by position of the fact in an activation's `facts`. */
  bindings: (string | null)[];
}

/**
 * Steps in the order written; those inside of others (`if`, `for`) follow them. Only calls have
 * names.
 */
export interface FlowSchema {
  id: FlowId;
  name: string;
  doc?: string;
  span: Span;
  params: { name: string; type: string }[];
  steps: { name: string; kind: string; text: string; span: Span }[];
}
export interface HostFunctionSchema {
  name: string;
  pure: boolean;
  params: { name: string; type: string }[];
  result: string | null;
}
export interface QuerySchema {
  name: string;
  params: { name: string; type: string }[];
  span: Span;
}
export interface TestSchema {
  name: string;
  span: Span;
}

/**
 * type: all facts of a type · test: an alpha test with its memory · newest: the newest of those
 * above · join/not/exists/each/let/filter/wait/since: beta nodes; wait: a let or filter that is
 * asked again when a moment comes · not group/exists group/either/accumulate: beta nodes from which
 * branches hang, each up to its `end` · production: a rule.
 */
export type NodeKind =
  | "type"
  | "test"
  | "newest"
  | "join"
  | "not"
  | "exists"
  | "not group"
  | "exists group"
  | "either"
  | "accumulate"
  | "each"
  | "let"
  | "filter"
  | "wait"
  | "since"
  | "end"
  | "production";
export interface NodeSchema {
  id: NodeId;
  kind: NodeKind;
  label: string;
  layer: number;
  rules: RuleId[]; // rules that share it
  type?: TypeId;
  span?: Span;
  left?: NodeId; // beta parent; absent for alpha nodes and first joins
  right?: NodeId; // alpha parent (for type and test nodes: the alpha node above)
  // end: the node whose branch it ends, and to which it passes what the branch finds
  owner?: NodeId;
}

export interface ProgramSchema {
  module: string;
  types: TypeSchema[];
  rules: RuleSchema[];
  flows: FlowSchema[];
  functions: HostFunctionSchema[];
  queries: QuerySchema[];
  tests: TestSchema[];
  network: { nodes: NodeSchema[] };
}

export interface CompileResult {
  ok: boolean;
  diagnostics: Diagnostic[];
  schema?: ProgramSchema;
}

/* ---------------------------------------------------------------- inputs */

export type Input =
  | { kind: "insert"; type: string; fields: Fields }
  /** Many facts of one type; in each row a value for every field. All of them or none. */
  | { kind: "insertAll"; type: string; fields: string[]; rows: Value[][] }
  | { kind: "update"; fact: FactId; fields: Fields }
  | { kind: "retract"; fact: FactId }
  /**
   * Properties of a subject; the first one creates it. `type` may be left out when the name fits
   * one subject type's `as` pattern.
   */
  | { kind: "set"; subject: string; type?: string; properties: Fields; muted?: boolean }
  /**
   * Properties of a subject that go, each with an event `subject-property-deleted`; refused as a
   * whole ("MissingProperty") when one of them is not there.
   */
  | { kind: "unset"; subject: string; properties: string[]; muted?: boolean }
  /** A subject goes: an event for each of its properties, then `subject-deleted`. */
  | { kind: "deleteSubject"; subject: string }
  /** Sets a property if it holds `expected` now; `swapped` and `actual` of the answer say it. */
  | { kind: "compareAndSet"; subject: string; property: string; expected: Value; value: Value }
  | ({ kind: "emit"; type: string; data: Fields } & EmitOptions)
  /** An event that waits for its moment goes. */
  | { kind: "cancelEvent"; name: string; subject?: string }
  | { kind: "start"; flow: string; args: Fields; key?: string }
  /** An event for the latest run of a flow and key alone: a wait of it takes it, now or later. */
  | { kind: "signal"; flow: string; key: string; type: string; data?: Fields }
  /** Ends the latest run of a flow and key: its `on cancel` goes on, or what it did is undone. */
  | { kind: "cancel"; flow: string; key: string }
  /** The latest run of a flow and key, which has failed, goes on where it failed. */
  | { kind: "resume"; flow: string; key: string }
  /** Result of a call output. `attempt` must be the attempt it belongs to. */
  | {
      kind: "result";
      call: string;
      attempt: number;
      value?: Value;
      error?: { reason: string; [more: string]: Value };
    }
  /** Moves the session's clock forward; due timers fire, in order, each as a turn of its own. */
  | { kind: "advance"; to: Millis }
  | { kind: "advance"; by: Millis };

export interface EmitOptions {
  /** The name of the subject it is about. */
  subject?: string;
  /**
   * Left out, the engine gives e1, e2, … A source and id that were taken before are the same event:
   * it changes nothing, and one that says something else is refused ("Duplicate").
   */
  id?: string;
  source?: string;
  /** When it happened; left out, the session's clock. */
  time?: Millis;
  /** Attributes of its envelope: `traceparent`, `originid`, `causationid`, others. */
  extensions?: Fields;
  /** It has its turn so much later. */
  after?: Millis;
  /** It has its turn at this time. */
  at?: Millis;
  /** What it is called while it waits, with its subject; a waiting one of both gives way. */
  replacing?: string;
  /** How far it goes; "local" when left out. */
  deliver?: "local" | "outside" | "both" | "unhandled";
}

export interface EngineError {
  code: string;
  message: string;
  where?: string;
  fix?: string;
}
/** Numbers that cross into the module as bytes. */
export type NumberColumn =
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

export type Accepted = {
  ok: true;
  fact?: FactId;
  facts?: FactId[];
  event?: string;
  /** An event that was taken before: nothing has changed. */
  duplicate?: true;
  /** Of `compareAndSet`: whether the property held what was expected, and what it held. */
  swapped?: boolean;
  actual?: Value;
  run?: RunId;
};
export type SubmitAnswer = Accepted | { ok: false; error: EngineError };

export interface SettleOptions {
  /** The runaway guard, 100,000 by default; 1 is a single step. */
  maxFirings?: number;
  /** Fire only this one, out of its turn. */
  activation?: ActivationId;
  /**
   * How much fires in each turn: that of all inputs so far, then of each event, each run that goes
   * on, each moment of the clock. "all" (the default): the best activation, again and again.
   * "first-match": the best one only, as in a list of decisions. "single-pass": each rule once, by
   * salience, then in the order of declaration; no change leads back. What is passed over stays on
   * the agenda, for a later settle.
   */
  mode?: "all" | "first-match" | "single-pass";
  /** Only rules that have one of these tags fire; the others wait. */
  tags?: string[];
}
export interface SettleReport {
  firings: number;
  /**
   * quiescent: nothing is ready · limit: maxFirings or the runaway guard reached · halted:
   * a rule said `halt`.
   */
  reason: "quiescent" | "limit" | "halted";
  fired: { rule: string; activation: ActivationId; facts: FactId[] }[];
  /** When the runaway guard stopped it: the repeating cycle of rules. */
  cycle?: string[];
  /**
   * … and the properties whose changes make them fire again ("Counter.n"; "Counter" when facts come
   * or go).
   */
  feeds?: string[];
}

/** What replacing the rules has changed. */
export interface Replaced {
  /**
   * In the order of the new program, then those that are gone. same: the rule means what it meant.
   * `gained`: activations that are ready now and were not, `lost`: the other way round.
   */
  rules: {
    rule: string;
    fate: "same" | "added" | "changed" | "removed";
    gained: number;
    lost: number;
  }[];
  /** Logical facts that nothing supports any more: they were taken away. */
  withdrawn: FactId[];
}

/* ---------------------------------------------------------------- outputs */

/** What the host must do. Released only after the entry that holds it is in the journal. */
export type Output =
  | {
      kind: "call";
      call: string;
      attempt: number;
      key: string;
      function: string;
      args: Fields;
      run: RunId;
      step: string;
    }
  /**
   * A CloudEvents 1.0 envelope: emitted events, `subject-property-changed`,
   * `subject-property-deleted` and `subject-deleted`.
   */
  | { kind: "event"; event: CloudEvent };

export interface CloudEvent {
  specversion: "1.0";
  type: string;
  source: string;
  id: string;
  originid: string;
  subject?: string;
  time?: string;
  datacontenttype: "application/json";
  propertyname?: string;
  cause?: string;
  /** How many events led to it, each to the next without waiting; left out when none did. */
  hops?: number;
  data: Fields;
  [extension: string]: Value | undefined;
}

/* ---------------------------------------------------------------- looking inside */

export interface FactView {
  id: FactId;
  type: string;
  fields: Fields;
  logical: boolean;
  subject?: string;
  recency: number;
}
/** An event that waits for its moment. */
export interface WaitingEventView {
  id: string;
  type: string;
  subject?: string;
  /** What `replacing` calls it. */
  name?: string;
  due: Millis;
  data: Fields;
}

export interface ActivationView {
  id: ActivationId;
  rule: string;
  facts: FactId[];
  salience: number;
  recency: number;
  bindings: Fields;
  /**
   * Why it cannot fire now: its group does not have the focus, its rule is not effective.
   * Left out when it can.
   */
  waits?: string;
}
export interface StepView {
  name: string;
  /** `run`: of another flow. `until`: conditions that do not hold yet. */
  kind: "call" | "sleep" | "wait" | "run" | "until";
  /** The host function that is called, or the flow that is run. */
  function?: string;
  status: "started" | "completed" | "failed" | "retrying";
  attempt: number;
  key?: string;
  result?: Value;
  error?: string;
  due?: Millis;
  /** True when the result was read back from the journal and not produced in this process. */
  recorded: boolean;
}
export interface RunView {
  id: RunId;
  flow: string;
  key: string;
  status: "running" | "completed" | "failed" | "cancelled";
  result?: Value;
  error?: string;
  /** In a sentence: what a live run waits for, or with what a failed one can go on. */
  waitsFor?: string;
  /** True when it has failed and `engine.resume` would be accepted. */
  canGoOn?: boolean;
  steps: StepView[];
}
/** A fact, what it came from, what that came from, and so on. */
export interface Explanation {
  fact: FactId;
  type: string;
  /** Of a reason: as they were when it became one. */
  fields: Fields;
  /** stated: handed in · derived: inserted by a rule · logical: kept by its supports. */
  origin: "stated" | "derived" | "logical";
  /**
   * It is not there any more; its fields have other values now; it is explained elsewhere in this
   * explanation, so `by` is left out.
   */
  gone?: boolean;
  changed?: boolean;
  repeated?: boolean;
  by: {
    rule: string;
    /** logical: the one that keeps it. */
    activation?: ActivationId;
    /** The change of working memory that made the match (logical) or the fact (derived). */
    change: number;
    /** logical: values bound by the conditions. */
    bindings?: Fields;
    /** Of the match, row by row. */
    facts: Explanation[];
  }[];
  text: string;
}
/** A match of a rule and what it rests on. */
export interface ActivationExplanation {
  activation: ActivationId;
  rule: string;
  /** held: something keeps it off the agenda for now. */
  state: "ready" | "fired" | "held";
  salience: number;
  /** The change of working memory that made the match. */
  change: number;
  /** How many activations fire before it, when it is ready. */
  before: number;
  bindings: Fields;
  facts: Explanation[];
  /** Logical facts that stand on it. */
  keeps: FactId[];
  text: string;
}
/**
 * A partial match and the test that ends it; `error` says why the test is unknown, when it is not
 * false.
 */
export interface NearMiss {
  facts: FactId[];
  test: string;
  left: Value;
  right: Value;
  error?: string;
}
/** Where a fact is in the network: the nodes that it came to, in order of node. */
export interface FactPath {
  fact: FactId;
  nodes: {
    node: NodeId;
    /**
     * held: alpha: the memory holds it; beta: matches go on from here that contain it, or that rest
     * on it (it is counted in a group, or is what `exists` asks for) · stopped: nothing of it goes
     * on · waits: nothing comes here that it could be paired with · blocks: it keeps matches from
     * going on.
     */
    how: "held" | "stopped" | "waits" | "blocks";
    /** held at a beta node: that go on; blocks: that it keeps back. */
    matches: number;
    /** stopped: the test that refuses what came nearest. */
    stop?: NearMiss;
    /** Why it goes no further; left out when it does. */
    text?: string;
  }[];
}
/** One condition, over all partial matches that reach it. */
export interface ConditionReport {
  text: string;
  node: NodeId;
  note?: string;
  /**
   * Facts of the pattern's type; those that pass its own tests, which read nothing bound before.
   */
  ofType: number;
  facts: number;
  /** Partial matches that reach it; that pass it. */
  reached: number;
  partial: number;
  holds: boolean;
  /** Counting stopped early. */
  more?: boolean;
  /** Facts of all `blockers`. */
  blockedBy?: FactId[];
  /**
   * What stands in the way of a `not` or `forall`, and the rule that inserted it (none: the host);
   * `unsure`: it is not known whether it does.
   */
  blockers?: { facts: FactId[]; by?: string; unsure?: boolean }[];
  /** The partial matches that came nearest: the failing comparison with both values. */
  nearest?: NearMiss[];
  /** accumulate: of the first partial match that reaches it. */
  results?: Fields;
  /**
   * What stands inside: a group, or the branches of an `either`; beside the partial
   * matches that end here.
   */
  groups?: ConditionReport[][];
}
export interface WhyNot {
  rule: string;
  summary: string;
  /** It will, if nothing changes before its turn. */
  fires: boolean;
  /**
   * noMatch: its conditions do not hold together · disabled · notEffective: today is not one of its
   * days · spent: it has fired `once` · fired: it has, for all of its matches · failed: the same,
   * and some of these firings have failed · held: it matches, and something else keeps it off the
   * agenda · halted: it is ready, and a rule said `halt` · notFocused: another group has the focus
   * · ready.
   */
  state:
    | "noMatch"
    | "disabled"
    | "notEffective"
    | "spent"
    | "fired"
    | "failed"
    | "held"
    | "halted"
    | "notFocused"
    | "ready";
  conditions: ConditionReport[];
  /** Its activations, best first; oldest first. */
  ready: ActivationId[];
  fired: ActivationId[];
  /** The first of those that fire before it, and how many there are. */
  ahead: { activation: ActivationId; rule: string; salience: number }[];
  aheadCount: number;
}
export interface MatchView {
  facts: FactId[];
  bindings: Fields;
  activation?: ActivationId;
  fired?: boolean;
}
/** The partial matches of a rule, condition by condition; after the last one they are complete. */
export interface RuleMatches {
  rule: string;
  conditions: {
    text: string;
    count: number /** Counting stopped early. */;
    more?: boolean;
    matches: MatchView[];
  }[];
  complete: MatchView[];
}
/** Since the session was opened. */
export interface Counters {
  /** By id: activations from each side, tests evaluated, tokens made, facts or tokens held now. */
  nodes: {
    node: NodeId;
    left: number;
    right: number;
    tests: number;
    tokens: number;
    memory: number;
  }[];
  /**
   * By id; `firings`: also those that failed; `millis`: spent in actions, only with `timed: true`;
   * `unknown`: tests of the conditions that had no value.
   */
  rules: {
    rule: string;
    matches: number;
    firings: number;
    failures: number;
    millis?: number;
    unknown?: { test: string; code: string; cause: string; times: number }[];
  }[];
}
export interface TestReport {
  name: string;
  passed: boolean;
  digest: string;
  failures: { message: string; span: Span }[];
}
export interface RecoveryReport {
  entries: number;
  bytes: number;
  truncated: number;
  digest: string;
  runs: number;
}

/* ---------------------------------------------------------------- trace */

/**
 * One thing the engine did. `cause` is the `seq` of the record that made it happen, `origin` the
 * `seq` of the input at the beginning of the chain. Digests are taken over these records, so
 * native, Node and page builds agree on every one.
 */
export interface TraceBase {
  seq: number;
  cause: number;
  origin: number;
  rule?: RuleId;
  node?: NodeId;
  fact?: FactId;
  run?: RunId;
  step?: string;
}
export type TraceRecord = TraceBase &
  (
    | { kind: "input"; input: string; text: string; time: Millis }
    | { kind: "recover"; entries: number }
    | {
        kind: "assert";
        fact: FactId;
        type: string;
        fields: Fields;
        logical: boolean;
        subject?: string;
      }
    | { kind: "update"; fact: FactId; changes: { [field: string]: [Value, Value] } }
    | { kind: "retract"; fact: FactId; type: string }
    /** A subject's property took a different value. */
    | {
        kind: "property";
        fact: FactId;
        subject: string;
        property: string;
        old: Value;
        new: Value;
        event: string;
      }
    /**
     * waiting: until `due` · dropped: it waits no more · raised: queued · begin: asserted and
     * matched · end: gone.
     */
    | {
        kind: "event";
        phase: "waiting" | "dropped" | "raised" | "begin" | "end";
        event: string;
        type: string;
        subject?: string;
        data: Fields;
        due?: Millis;
      }
    /** A fact or token entered or left the memory of `node`, which now holds `count`. */
    | { kind: "memory"; node: NodeId; added: boolean; facts: FactId[]; count: number }
    | {
        kind: "activation";
        activation: ActivationId;
        rule: RuleId;
        facts: FactId[];
        salience: number;
        recency: number;
      }
    | { kind: "deactivation"; activation: ActivationId; rule: RuleId }
    | { kind: "fire"; activation: ActivationId; rule: RuleId; facts: FactId[] }
    /**
     * A firing (rule) failed, or a run (run, step) that nothing handles: RL9005. `part`: what of
     * it, when the rest stands.
     */
    | {
        kind: "failure";
        rule?: RuleId;
        run?: RunId;
        step?: string;
        code: string;
        message: string;
        part?: string;
      }
    | { kind: "log"; level: "debug" | "info" | "warn" | "error"; text: string }
    | { kind: "halt" }
    | { kind: "clock"; time: Millis }
    | {
        kind: "timer";
        phase: "set" | "fired" | "cancelled";
        timer: number;
        due: Millis;
        text: string;
      }
    | {
        kind: "run";
        run: RunId;
        flow: string;
        key: string;
        status: RunView["status"];
        result?: Value;
        error?: string;
      }
    /**
     * started: its call went out (attempt counts from 1) · recorded: read back from the journal.
     */
    | {
        kind: "step";
        run: RunId;
        step: string;
        stepKind: StepView["kind"];
        status: "started" | "completed" | "failed" | "retrying" | "recorded";
        attempt: number;
        key?: string;
        function?: string;
        result?: Value;
        error?: string;
        due?: Millis;
      }
    | { kind: "output"; output: Output }
    | { kind: "settled"; firings: number; reason: SettleReport["reason"] }
    /** The group that has the focus now; empty: none. `below`: how many wait under it. */
    | { kind: "focus"; group: string; below: number }
    /** The clock has come to a date of the rule: it fires from now on, or no more. */
    | { kind: "effective"; rule: RuleId; on: boolean }
    /**
     * The rules were replaced: ids of rules, types and nodes are those of the new program from
     * here on. What its network holds and what is ready, also what was ready before, is
     * recorded anew after it.
     */
    | { kind: "replace"; text: string }
  );

/** What became of one case of the conformance suite of CEL. */
export interface ConformanceResult {
  file: string;
  section: string;
  name: string;
  profile: string;
  passed: boolean;
  /** The value, error or type found, in words. */
  got: string;
}
