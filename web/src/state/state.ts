// The page's one state.

import type {
  ActivationId,
  Counters,
  Diagnostic,
  Explanation,
  FactId,
  NodeId,
  ProgramSchema,
  RuleId,
  RunId,
  TestReport,
  WhyNot,
} from "reticle";
import { Timeline } from "../derive/timeline.ts";
import type { CallMode, Refusal, Status } from "../engine/protocol.ts";
import type { Project } from "./project.ts";

/** The one thing that is selected, in every pane at once. */
export type Selection =
  | { kind: "rule"; rule: RuleId }
  | { kind: "node"; node: NodeId }
  | { kind: "fact"; fact: FactId }
  | { kind: "activation"; activation: ActivationId }
  | { kind: "run"; run: RunId; step?: string }
  | { kind: "record"; position: number };

export type EditorTab = "rules" | "json" | "inputs" | "tests";
export type TableTab = "agenda" | "facts" | "subjects" | "runs";
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
  whyNots: Map<string, WhyNot>;
  /** What the nodes and rules did; null until it is asked for. */
  counters: Counters | null;
  /** The moment of the session they describe, as a count of trace records. */
  at: number;
}

export interface EngineState {
  phase: "starting" | "ready" | "working" | "crashed" | "failed";
  failure: string | null;
  status: Status | null;
  storage: "private file" | "page memory";
  calls: CallMode;
  executed: { [name: string]: number };
  crash: CrashAccount | null;
  /** How often this session's worker was ended. */
  crashes: number;
}

export interface ProgramState {
  schema: ProgramSchema | null;
  diagnostics: Diagnostic[];
  /** The rules as typed do not compile: what is shown is the last program that did. */
  stale: boolean;
  checking: boolean;
  /** Counts compiled programs, so that views know when to lay out anew. */
  generation: number;
}

export interface Layout {
  editorWidth: number;
  upperHeight: number;
  tablesWidth: number;
  bottomHeight: number;
  maximised: PaneName | null;
  editorTab: EditorTab;
  tableTab: TableTab;
  bottomTab: BottomTab;
  /** The pane a narrow screen shows. */
  narrowTab: "explanation" | "editor" | "tables" | "bottom";
}

export interface State {
  project: Project;
  /** The example's name, "link" for one opened from a link, or "own". */
  source: string;
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
  /** The nodes of the network show what they have done. */
  counting: boolean;
  engine: EngineState;
  tests: { reports: TestReport[]; running: boolean };
  refusals: Refusal[];
  limited: { cycle: string[] | null; firings: number } | null;
  layout: Layout;
  theme: Theme;
  announcement: string;
  banner: { text: string; tone: "note" | "warning" } | null;
}

export const defaultLayout: Layout = {
  editorWidth: 0.35,
  upperHeight: 0.58,
  tablesWidth: 0.35,
  bottomHeight: 116,
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
    steps: project.inputs,
    program: { schema: null, diagnostics: [], stale: false, checking: true, generation: 0 },
    timeline: new Timeline(project.start),
    revision: 0,
    position: 0,
    from: 0,
    live: true,
    selection: null,
    answers: noAnswers(0),
    counting: false,
    engine: {
      phase: "starting",
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
  return { explanations: new Map(), whyNots: new Map(), counters: null, at };
}
