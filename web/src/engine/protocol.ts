// The messages between page and worker: the one table that both sides are written against.

import type {
  ActivationExplanation,
  ActivationId,
  ActivationView,
  CompileResult,
  Counters,
  Explanation,
  FactId,
  FactPath,
  FactView,
  Fields,
  Millis,
  RecoveryReport,
  RuleMatches,
  RunId,
  RunView,
  SourceFile,
  TestReport,
  TraceRecord,
  Value,
  WaitingEventView,
  WhyNot,
} from "reticle";
import type { Future } from "../derive/futures.ts";
import type { AskedQuery } from "../derive/query-text.ts";
import type { Form } from "../derive/sentences.ts";
import type { HostScript, Step } from "../state/project.ts";

/**
 * Whether the worker answers host calls from the script, or leaves them open for the
 * person at the page.
 */
export type CallMode = "automatic" | "by hand";

export interface OpenCall {
  call: string;
  attempt: number;
  function: string;
  args: Fields;
  run: RunId;
  step: string;
  key: string;
}

export interface BeginAsk {
  files: SourceFile[];
  start: Millis;
  host: HostScript;
  /** Texts of the CSV files the steps name. */
  tables: { [file: string]: string };
  /**
   * How often each function has been executed so far: scripts go on from there, also in a new
   * worker.
   */
  executed: { [name: string]: number };
  calls: CallMode;
  /** Name of the journal; the same name after a crash finds what was written before it. */
  journal: string;
  /** Bytes the page kept in memory, for browsers in which a worker may not write files. */
  mirrored: Uint8Array | null;
  recover: boolean;
}

export type BeginAnswer = {
  compiled: CompileResult;
  recovery: RecoveryReport | null;
  /** What the engine holds after recovery. */
  views: Views | null;
  storage: "private file" | "page memory";
};

/** The engine's own account of the present; the page derives the same from the trace. */
export interface Views {
  facts: FactView[];
  agenda: ActivationView[];
  runs: RunView[];
  waiting: WaitingEventView[];
  counters: number[];
  now: Millis;
}

/** Step `index` was refused, or of a file's rows the one at `line`. */
export interface Refusal {
  index: number;
  message: string;
  code: string;
  line?: number;
}

export interface PlayAnswer {
  /** How many steps were taken; fewer than asked when the limit on firings was reached. */
  steps: number;
  firings: number;
  fired: string[];
  refusals: Refusal[];
  halted: boolean;
  limited: boolean;
  cycle: string[] | null;
  /** The properties whose changes make the rules of the cycle fire again. */
  feeds: string[];
}

/** What is left of a list of steps. */
export interface Shrunk {
  steps: Step[];
  /** How often it was tried. */
  tries: number;
  /** The rule fires after all of the steps: otherwise there is nothing to shrink. */
  holds: boolean;
  /** Without any one of those that are left it does not. */
  isMinimal: boolean;
}

/** A file of facts, as far as the page shows it before it is inserted. */
export interface TableReport {
  /** Empty: no type fits. */
  type: string;
  columns: string[];
  good: number;
  /** The first rows, as fields. */
  preview: Fields[];
  /** How many rows cannot be read, and the first of them. */
  bad: number;
  problems: { line: number; message: string }[];
}

/** The rows of a query, or why it has none: a refusal is an answer. */
export type QueryAnswer = { ok: true; rows: Fields[] } | { ok: false; message: string };

/** One row a request: what is asked, and what the answer is. */
export interface Requests {
  compile: { ask: { files: SourceFile[] }; answer: CompileResult };
  begin: { ask: BeginAsk; answer: BeginAnswer };
  /** `tables`: texts of files that the steps name and that came after the session began. */
  play: {
    ask: { steps: Step[]; maxFirings: number; tables?: { [file: string]: string } };
    answer: PlayAnswer;
  };
  /** What a file of facts holds, read as a type: the best guess when none is named. */
  table: { ask: { file: string; text: string; type: string | null }; answer: TableReport };
  /** Answers one open call; `settle: false` stops right after the answer is durable. */
  reply: {
    ask: { call: string; attempt: number; value?: Value; reason?: string; settle: boolean };
    answer: PlayAnswer;
  };
  calls: { ask: { mode: CallMode }; answer: null };
  explain: { ask: { fact: FactId }; answer: Explanation };
  path: { ask: { fact: FactId }; answer: FactPath };
  activation: { ask: { activation: ActivationId }; answer: ActivationExplanation };
  agenda: { ask: null; answer: ActivationView[] };
  /** The fewest of the steps after which a rule still fires. */
  shrink: {
    ask: { begin: BeginAsk; steps: Step[]; rule: string; maxFirings: number };
    answer: Shrunk;
  };
  /** How many matches go on after each condition of a rule. */
  counts: { ask: { rule: string }; answer: number[] };
  /**
   * What comes of the steps as they are, and what with a change after them; in sessions of their
   * own, so that the one that is shown stays as it is.
   */
  futures: {
    ask: { begin: BeginAsk; steps: Step[]; change: Step[]; maxFirings: number };
    answer: { asIs: Future; then: Future };
  };
  whyNot: { ask: { rule: string }; answer: WhyNot };
  /** The partial matches of a rule, at most `most` a condition. */
  matches: { ask: { rule: string; most: number }; answer: RuleMatches };
  counters: { ask: null; answer: Counters };
  query: { ask: AskedQuery; answer: QueryAnswer };
  /** The declarations of all files in the JSON form. */
  form: { ask: { files: SourceFile[] }; answer: Form[] };
  /** The language service; `files` only when they are not those of the request before. */
  language: {
    ask: { files: SourceFile[] | null; method: string; params: object };
    answer: unknown;
  };
  tests: { ask: { files: SourceFile[] }; answer: TestReport[] };
  views: { ask: null; answer: Views };
}

export type RequestKind = keyof Requests;

/** How the engine stands after each request. */
export interface Status {
  now: Millis;
  nextTimer: Millis | null;
  digest: string;
  traceDigest: string;
  openCalls: OpenCall[];
}

export type Ask = {
  [K in RequestKind]: { id: number; kind: K; ask: Requests[K]["ask"] };
}[RequestKind];

type Reply = { kind: "reply"; id: number; trace: TraceRecord[]; status: Status | null } & (
  | { ok: true; answer: Requests[RequestKind]["answer"] }
  | { ok: false; code: string; message: string }
);

/**
 * What a worker says unasked, each at the moment it happens: a crash right afterwards does not take
 * it back.
 */
export type Notice =
  | {
      kind: "executing";
      function: string;
      call: string;
      attempt: number;
      args: Fields;
      run: RunId;
      step: string;
    }
  /** So many of a file's rows are done; with what the engine did since the last word. */
  | { kind: "progress"; done: number; total: number; trace: TraceRecord[] }
  | { kind: "written"; bytes: Uint8Array }
  | { kind: "rewritten"; length: number };

export type FromWorker = Reply | Notice;
