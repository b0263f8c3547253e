// What can happen to the page's state.

import type {
  ActivationExplanation,
  ActivationView,
  CompileResult,
  Counters,
  Explanation,
  FactPath,
  RuleMatches,
  SourceFile,
  TestReport,
  TraceRecord,
  WhyNot,
} from "reticle";
import type { Moment } from "../derive/moment.ts";
import type { AskedQuery } from "../derive/query-text.ts";
import type { Form } from "../derive/sentences.ts";
import type { CallMode, Notice, PlayAnswer, QueryAnswer, Status } from "../engine/protocol.ts";
import type { DraftState } from "./keeper.ts";
import type { Project, Step } from "./project.ts";
import type { CrashAccount, EngineState, Layout, Selection, State, Theme } from "./state.ts";

/** All that can happen to the page's state. */
export type Action =
  | {
      kind: "open project";
      project: Project;
      source: string;
      banner: State["banner"];
      /** The draft it is, when it is one. */
      draft?: { id: string; title: string };
    }
  /** What is known of the draft; what is left out stays. */
  | { kind: "draft"; draft: Partial<DraftState> }
  | { kind: "edit files"; files: SourceFile[] }
  | { kind: "edit steps"; steps: Step[] }
  | { kind: "compiled"; result: CompileResult }
  | { kind: "session began"; steps: Step[]; storage: EngineState["storage"] }
  | { kind: "session recovered"; moment: Moment; account: CrashAccount }
  | { kind: "steps taken"; steps: Step[] }
  | { kind: "played"; answer: PlayAnswer; announcement: string }
  | { kind: "records"; records: TraceRecord[] }
  | { kind: "status"; status: Status }
  | { kind: "notice"; notice: Notice }
  | { kind: "phase"; phase: EngineState["phase"]; failure?: string }
  /** The records of a run elsewhere follow. */
  | { kind: "attach"; from: "file" | "stream" }
  | { kind: "slow" }
  | { kind: "progress"; progress: { done: number; total: number } }
  | { kind: "add tables"; tables: { [file: string]: string } }
  | { kind: "calls"; mode: CallMode }
  | { kind: "show"; position: number }
  | { kind: "go live" }
  | { kind: "select"; selection: Selection | null }
  | { kind: "explained"; explanation: Explanation }
  | { kind: "found"; path: FactPath }
  | { kind: "activation explained"; activation: ActivationExplanation }
  | { kind: "matches counted"; rule: string; counts: number[] }
  | { kind: "count in text"; on: boolean }
  | { kind: "agenda known"; agenda: ActivationView[] }
  | { kind: "why not"; whyNot: WhyNot }
  | { kind: "matches"; matches: RuleMatches }
  | { kind: "counted"; counters: Counters }
  /** The declarations of the program of that generation, in the JSON form. */
  | { kind: "form known"; form: Form[]; generation: number }
  | { kind: "count"; counting: boolean }
  | { kind: "ask query"; query: AskedQuery | null }
  | { kind: "query answered"; query: AskedQuery; answer: QueryAnswer }
  | { kind: "tests running" }
  | { kind: "tests ran"; reports: TestReport[] }
  | { kind: "layout"; layout: Partial<Layout> }
  | { kind: "theme"; theme: Theme }
  | { kind: "announce"; text: string }
  | { kind: "banner"; banner: State["banner"] };
