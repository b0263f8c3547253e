// The page's one state.

import type {
  ActivationExplanation,
  ActivationId,
  ActivationView,
  Counters,
  Diagnostic,
  Explanation,
  FactId,
  FactPath,
  NodeId,
  ProgramSchema,
  RuleId,
  RuleMatches,
  RunId,
  TestReport,
  WhyNot,
} from "reticle";
import type { AskedQuery } from "../derive/query-text.ts";
import type { Form } from "../derive/sentences.ts";
import { Timeline } from "../derive/timeline.ts";
import type { CallMode, QueryAnswer, Refusal, Status } from "../engine/protocol.ts";
import type { DraftState } from "./keeper.ts";
import { noDraft } from "./keeper.ts";
import type { Project, Step } from "./project.ts";

/** The one thing that is selected, in every pane at once. */
export type Selection =
  | { kind: "rule"; rule: RuleId }
  | { kind: "node"; node: NodeId }
  | { kind: "fact"; fact: FactId }
  | { kind: "activation"; activation: ActivationId }
  | { kind: "run"; run: RunId; step?: string }
  | { kind: "record"; position: number };

export type EditorTab = "rules" | "json" | "inputs" | "tests";
export type TableTab = "agenda" | "facts" | "subjects" | "events" | "runs" | "queries" | "charts";
export type BottomTab = "problems" | "tests" | "log";
export type PaneName = "editor" | "net" | "tables" | "explanation" | "bottom";
export type Theme = "light" | "dark" | "system";

/** What a crash cost: known once the new worker has read the journal. */
export interface CrashAccount {
  entries: number;
  bytes: number;
  runs: number;
  truncated: number;
  stepsReadBack: string[];
  /** Executions before and since, by host function. */
  before: { [name: string]: number };
  storage: "private file" | "page memory";
  sameDigest: boolean;
}

export interface Answers {
  explanations: Map<FactId, Explanation>;
  /** Where facts are in the network, and what ended them. */
  paths: Map<FactId, FactPath>;
  activations: Map<ActivationId, ActivationExplanation>;
  whyNots: Map<string, WhyNot>;
  /** In the order in which it fires, then what waits for something; null until asked for. */
  agenda: ActivationView[] | null;
  /** By rule: how many matches go on after each of its conditions. */
  counts: Map<string, number[]>;
  /** The partial matches of rules, by name. */
  matches: Map<string, RuleMatches>;
  /** Answers to queries, as `queryKey` names them. */
  queries: Map<string, QueryAnswer>;
  /** What the nodes and rules did; null until it is asked for. */
  counters: Counters | null;
  /** The moment of the session they describe, as a count of trace records. */
  at: number;
}

export interface EngineState {
  /**
   * stopped: its worker was ended by the person while the inputs were played from the start ·
   * attached: what is shown is a trace from elsewhere, and nothing can be done to it
   */
  phase: "starting" | "ready" | "working" | "crashed" | "failed" | "stopped" | "attached";
  /** Where the trace comes from that was shown last in place of the session. */
  elsewhere: "file" | "stream";
  /** What is under way takes long enough to be noticed. */
  slow: boolean;
  /** How far it is with the rows of a file; null while there are none. */
  progress: { done: number; total: number } | null;
  failure: string | null;
  status: Status | null;
  storage: "private file" | "page memory";
  calls: CallMode;
  executed: { [name: string]: number };
  crash: CrashAccount | null;
  /** How often this session's worker was ended. */
  crashes: number;
}

interface ProgramState {
  schema: ProgramSchema | null;
  diagnostics: Diagnostic[];
  /** The rules as typed do not compile: what is shown is the last program that did. */
  stale: boolean;
  checking: boolean;
  /** The declarations in the JSON form; null until something asks for them. */
  form: Form[] | null;
  /** Counts compiled programs, so that views know when to lay out anew. */
  generation: number;
}

export interface Layout {
  editorWidth: number;
  upperHeight: number;
  tablesWidth: number;
  bottomHeight: number;
  /** Folded, the messages are their tabs and the newest line. */
  bottomOpen: boolean;
  maximised: PaneName | null;
  editorTab: EditorTab;
  tableTab: TableTab;
  bottomTab: BottomTab;
  /** The pane a narrow screen shows. */
  narrowTab: "lesson" | "explanation" | "editor" | "tables" | "bottom";
}

export interface State {
  project: Project;
  /**
   * The example's name, or "link", "draft" or "new" for what was opened otherwise; "own" once it
   * was changed.
   */
  source: string;
  /** Counts opened projects. */
  opened: number;
  /** What this tab keeps of the work in it. */
  draft: DraftState;
  /** Everything done to the session so far. */
  steps: Project["inputs"];
  program: ProgramState;
  timeline: Timeline;
  /** Grows with every appended record and every new time line. */
  revision: number;
  position: number;
  /** Where the last move began: what changed between the two is shown as changed. */
  from: number;
  live: boolean;
  selection: Selection | null;
  answers: Answers;
  /** The query whose rows are shown. */
  query: AskedQuery | null;
  /** The nodes of the network show what they have done. */
  counting: boolean;
  /** The text of the rules shows how many matches come as far as each condition. */
  countsInText: boolean;
  engine: EngineState;
  tests: { reports: TestReport[]; running: boolean };
  refusals: Refusal[];
  /** The last settling was cut short: after so many firings, by rules fed by these changes. */
  limited: { cycle: string[] | null; feeds: string[]; firings: number } | null;
  layout: Layout;
  theme: Theme;
  announcement: string;
  banner: Banner | null;
}

/** A line above the panes; `offers` is what a button in it does. */
export interface Banner {
  text: string;
  tone: "note" | "warning";
  offers?: { label: string } & (
    | { does: "open draft"; id: string }
    | { does: "replay"; steps: Step[] }
  );
}

export const defaultLayout: Layout = {
  editorWidth: 0.33,
  upperHeight: 0.6,
  tablesWidth: 0.33,
  bottomHeight: 140,
  bottomOpen: false,
  maximised: null,
  editorTab: "rules",
  tableTab: "agenda",
  bottomTab: "log",
  narrowTab: "explanation",
};

export function initialState(project: Project, source: string): State {
  return {
    project,
    source,
    opened: 0,
    draft: noDraft,
    steps: project.inputs,
    program: {
      schema: null,
      diagnostics: [],
      stale: false,
      checking: true,
      form: null,
      generation: 0,
    },
    timeline: new Timeline(project.start),
    revision: 0,
    position: 0,
    from: 0,
    live: true,
    selection: null,
    answers: noAnswers(0),
    query: null,
    counting: false,
    countsInText: true,
    engine: {
      phase: "starting",
      slow: false,
      progress: null,
      elsewhere: "file",
      failure: null,
      status: null,
      storage: "private file",
      calls: "automatic",
      executed: {},
      crash: null,
      crashes: 0,
    },
    tests: { reports: [], running: false },
    refusals: [],
    limited: null,
    layout: defaultLayout,
    theme: "system",
    announcement: "",
    banner: null,
  };
}

export function noAnswers(at: number): Answers {
  return {
    explanations: new Map(),
    paths: new Map(),
    activations: new Map(),
    whyNots: new Map(),
    agenda: null,
    counts: new Map(),
    matches: new Map(),
    queries: new Map(),
    counters: null,
    at,
  };
}
