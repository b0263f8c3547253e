/**
 * The words that cross the boundary: what a host hands in, what the engine answers, what the trace says.
 * The C++ side of each shape is in `engine/src/engine/wire_*.cpp`; both spell every member alike.
 *
 * Values: null, booleans, numbers, strings, lists and maps are themselves. An int beyond 2^53 is `{"$int": "…"}`; a fact
 * used as a value is `{"$fact": id}`; timestamps are RFC 3339 strings, durations strings such as "1m30s", bytes base64.
 * What comes in is read by the declared type of the field it is for.
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

export interface SourceFile { name: string; text: string }

/** Half-open range in UTF-16 units, as editors count; lines and columns start at 1 and count code points, as people do. */
export interface Span {
  file: string; start: number; end: number;
  line: number; column: number; endLine: number; endColumn: number;
}

export interface Fix { title: string; edits: { span: Span; text: string }[] }

export interface Diagnostic {
  code: string;                                   // "RL1001"
  level: "error" | "warning" | "information";
  message: string;
  span: Span;
  label?: string;                                 // said under the guilty span
  related: { span: Span; message: string }[];     // the other half of the story
  fixes: Fix[];                                   // can be applied
  help: string[]; notes: string[];
  text: string;                                   // the terminal rendering
}

/** A module in another form or layout. */
export interface ConvertedText {
  ok: boolean;
  text: string;                                   // empty when it could not be read
  diagnostics: Diagnostic[];                      // of reading
}

/** A rule file of another engine as a module. */
export interface ImportedRules {
  ok: boolean;
  text: string;                                   // the module; empty when the file could not be read
  notes: ImportNote[];                            // in the order of the file
}

export interface ImportNote {
  level: "error" | "warning" | "information";     // cannot be read; has no counterpart; differs at the edges
  pointer: string;                                // JSON Pointer into the file; empty: the whole of it
  message: string;                                // what is there, and what became of it
  help?: string;                                  // what to do
}

export interface FieldSchema { name: string; type: string; key?: boolean; ext?: boolean; optional?: boolean; default?: Value; doc?: string }

export interface TypeSchema {
  id: TypeId; name: string; kind: "fact" | "subject" | "event";
  as?: string; open?: boolean; builtin?: boolean; doc?: string;
  fields: FieldSchema[]; span?: Span;
}

export type ConditionKind = "pattern" | "not" | "exists" | "accumulate" | "let" | "if" | "event" | "change";
export interface ConditionSchema { kind: ConditionKind; text: string; span: Span; node: NodeId }

export interface RuleSchema {
  id: RuleId; name: string; doc?: string; group?: string; salience: number | null;   // null: computed
  disabled?: boolean;                             // it has no nodes then: `node` is -1, here and in its conditions
  span: Span; nameSpan: Span; node: NodeId;       // its production node
  conditions: ConditionSchema[];
  /** Names bound by the rule's patterns, by position of the fact in an activation's `facts`. */
  bindings: (string | null)[];
}

/** Steps in the order written; those inside of others (`if`, `for`) follow them. Only calls have names. */
export interface FlowSchema {
  id: FlowId; name: string; doc?: string; span: Span; params: { name: string; type: string }[];
  steps: { name: string; kind: string; text: string; span: Span }[];
}
export interface HostFunctionSchema { name: string; pure: boolean; params: { name: string; type: string }[]; result: string | null }
export interface QuerySchema { name: string; params: { name: string; type: string }[]; span: Span }
export interface TestSchema { name: string; span: Span }

/** type: all facts of a type · test: an alpha test with its memory · join/not/exists/accumulate/let/filter: beta nodes · production: a rule. */
export type NodeKind = "type" | "test" | "join" | "not" | "exists" | "accumulate" | "let" | "filter" | "production";
export interface NodeSchema {
  id: NodeId; kind: NodeKind; label: string; layer: number;
  rules: RuleId[];            // rules that share it
  type?: TypeId; span?: Span;
  left?: NodeId;              // beta parent; absent for alpha nodes and first joins
  right?: NodeId;             // alpha parent (for type and test nodes: the alpha node above)
}

export interface ProgramSchema {
  module: string;
  types: TypeSchema[]; rules: RuleSchema[]; flows: FlowSchema[];
  functions: HostFunctionSchema[]; queries: QuerySchema[]; tests: TestSchema[];
  network: { nodes: NodeSchema[] };
}

export interface CompileResult { ok: boolean; diagnostics: Diagnostic[]; schema?: ProgramSchema }

/* ---------------------------------------------------------------- inputs */

export type Input =
  | { kind: "insert"; type: string; fields: Fields }
  /** Many facts of one type; in each row a value for every field. All of them or none. */
  | { kind: "insertAll"; type: string; fields: string[]; rows: Value[][] }
  | { kind: "update"; fact: FactId; fields: Fields }
  | { kind: "retract"; fact: FactId }
  /** Properties of a subject; the first one creates it. `type` may be left out when the name fits one subject type's `as` pattern. */
  | { kind: "set"; subject: string; type?: string; properties: Fields; muted?: boolean }
  | { kind: "emit"; type: string; data: Fields; subject?: string; id?: string; source?: string }
  | { kind: "start"; flow: string; args: Fields; key?: string }
  /** Answer to a call output. `attempt` must be the attempt it answers. */
  | { kind: "result"; call: string; attempt: number; value?: Value; error?: { reason: string; [more: string]: Value } }
  /** Moves the session's clock forward; due timers fire, in order, each as a turn of its own. */
  | { kind: "advance"; to: Millis } | { kind: "advance"; by: Millis };

export interface EngineError { code: string; message: string; where?: string; fix?: string }
/** Numbers that cross into the module as bytes. */
export type NumberColumn = Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array;

export type Accepted = { ok: true; fact?: FactId; facts?: FactId[]; event?: string; run?: RunId };
export type SubmitAnswer = Accepted | { ok: false; error: EngineError };

export interface SettleOptions { maxFirings?: number; /** fire only this one, out of its turn */ activation?: ActivationId }
export interface SettleReport {
  firings: number;
  /** quiescent: nothing is ready · limit: maxFirings or the runaway guard reached · halted: a rule said `halt`. */
  reason: "quiescent" | "limit" | "halted";
  fired: { rule: string; activation: ActivationId; facts: FactId[] }[];
  /** When the runaway guard stopped it: the repeating cycle of rules. */
  cycle?: string[];
}

/* ---------------------------------------------------------------- outputs */

/** What the host must do. Released only after the entry that holds it is in the journal. */
export type Output =
  | { kind: "call"; call: string; attempt: number; key: string; function: string; args: Fields; run: RunId; step: string }
  /** A CloudEvents 1.0 envelope: emitted events and `subject-property-changed`. */
  | { kind: "event"; event: CloudEvent };

export interface CloudEvent {
  specversion: "1.0"; type: string; source: string; id: string; originid: string;
  subject?: string; time?: string; datacontenttype: "application/json";
  propertyname?: string; cause?: string; data: Fields; [extension: string]: Value | undefined;
}

/* ---------------------------------------------------------------- looking inside */

export interface FactView { id: FactId; type: string; fields: Fields; logical: boolean; subject?: string; recency: number }
export interface ActivationView { id: ActivationId; rule: string; facts: FactId[]; salience: number; recency: number; bindings: Fields }
export interface StepView {
  name: string; kind: "call" | "sleep" | "wait"; function?: string; status: "started" | "completed" | "failed" | "retrying";
  attempt: number; key?: string; result?: Value; error?: string; due?: Millis;
  /** True when the result was read back from the journal and not produced in this process. */
  recorded: boolean;
}
export interface RunView {
  id: RunId; flow: string; key: string; status: "running" | "completed" | "failed" | "cancelled";
  result?: Value; error?: string; steps: StepView[];
}
export interface Explanation {
  fact: FactId; type: string; fields: Fields;
  /** stated: handed in · derived: inserted by a rule · logical: kept by its supports. */
  origin: "stated" | "derived" | "logical";
  by: { rule: string; facts: Explanation[] }[];
  text: string;
}
export interface WhyNot {
  rule: string; fires: boolean; summary: string;
  conditions: { text: string; node: NodeId; facts: number; partial: number; holds: boolean; note?: string; blockedBy?: FactId[];
    /** Best near misses: the failing comparison with both values. */
    nearest?: { facts: FactId[]; test: string; left: Value; right: Value }[] }[];
}
export interface TestReport {
  name: string; passed: boolean; digest: string;
  failures: { message: string; span: Span }[];
}
export interface RecoveryReport { entries: number; bytes: number; truncated: number; digest: string; runs: number }

/* ---------------------------------------------------------------- trace */

/**
 * One thing the engine did. `cause` is the `seq` of the record that made it happen, `origin` the `seq` of the input at the
 * beginning of the chain. Digests are taken over these records, so native, Node and page builds agree on every one.
 */
export interface TraceBase { seq: number; cause: number; origin: number; rule?: RuleId; node?: NodeId; fact?: FactId; run?: RunId; step?: string }
export type TraceRecord = TraceBase & (
  | { kind: "input"; input: string; text: string; time: Millis }
  | { kind: "recover"; entries: number }
  | { kind: "assert"; fact: FactId; type: string; fields: Fields; logical: boolean; subject?: string }
  | { kind: "update"; fact: FactId; changes: { [field: string]: [Value, Value] } }
  | { kind: "retract"; fact: FactId; type: string }
  /** A subject's property took a different value. */
  | { kind: "property"; fact: FactId; subject: string; property: string; old: Value; new: Value; event: string }
  /** raised: queued · begin: asserted and matched · end: gone. */
  | { kind: "event"; phase: "raised" | "begin" | "end"; event: string; type: string; subject?: string; data: Fields }
  /** A fact or token entered or left the memory of `node`, which now holds `count`. */
  | { kind: "memory"; node: NodeId; added: boolean; facts: FactId[]; count: number }
  | { kind: "activation"; activation: ActivationId; rule: RuleId; facts: FactId[]; salience: number; recency: number }
  | { kind: "deactivation"; activation: ActivationId; rule: RuleId }
  | { kind: "fire"; activation: ActivationId; rule: RuleId; facts: FactId[] }
  | { kind: "failure"; rule?: RuleId; code: string; message: string }
  | { kind: "log"; level: "debug" | "info" | "warn" | "error"; text: string }
  | { kind: "halt" }
  | { kind: "clock"; time: Millis }
  | { kind: "timer"; phase: "set" | "fired" | "cancelled"; timer: number; due: Millis; text: string }
  | { kind: "run"; run: RunId; flow: string; key: string; status: RunView["status"]; result?: Value; error?: string }
  /** started: its call went out (attempt counts from 1) · recorded: read back from the journal. */
  | { kind: "step"; run: RunId; step: string; stepKind: StepView["kind"]; status: "started" | "completed" | "failed" | "retrying" | "recorded";
      attempt: number; key?: string; function?: string; result?: Value; error?: string; due?: Millis }
  | { kind: "output"; output: Output }
  | { kind: "settled"; firings: number; reason: SettleReport["reason"] }
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
