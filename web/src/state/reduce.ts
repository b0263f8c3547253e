// How the state follows from actions.

import type { ProgramSchema } from "reticle";
import { queryKey } from "../derive/query-text.ts";
import { Timeline } from "../derive/timeline.ts";
import type { Action } from "./actions.ts";
import { noDraft } from "./keeper.ts";
import type { State } from "./state.ts";
import { initialState, noAnswers } from "./state.ts";

/**
 * The state after an action. The time line alone is changed in place (it grows);
 * `revision` says that it did.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one case an action, each short
export function reduce(state: State, action: Action): State {
  switch (action.kind) {
    case "open project": {
      const fresh = initialState(action.project, action.source);
      return {
        ...fresh,
        engine: {
          ...fresh.engine,
          calls: state.engine.calls,
          storage: state.engine.storage,
          phase: "working",
        },
        layout: { ...state.layout, editorTab: "rules" },
        theme: state.theme,
        counting: state.counting,
        countsInText: state.countsInText,
        opened: state.opened + 1,
        draft: action.draft ? { ...action.draft, kept: "saved", saved: 0 } : noDraft,
        banner: action.banner,
        program: { ...fresh.program, generation: state.program.generation + 1 },
        revision: state.revision + 1,
      };
    }
    case "draft":
      return { ...state, draft: { ...state.draft, ...action.draft } };
    case "edit files":
      return {
        ...state,
        project: { ...state.project, files: action.files },
        source: "own",
        program: { ...state.program, checking: true },
      };
    case "edit steps":
      return { ...state, steps: action.steps };
    case "compiled": {
      const { ok, diagnostics, schema } = action.result;
      const program = state.program;
      return {
        ...state,
        selection: ok && schema ? renumbered(state, schema) : state.selection,
        program:
          ok && schema
            ? {
                schema,
                diagnostics,
                stale: false,
                checking: false,
                form: null,
                generation: program.generation + 1,
              }
            : { ...program, diagnostics, stale: program.schema !== null, checking: false },
        // With nothing to show yet, what is wrong is all there is to see.
        layout:
          !ok && !program.schema
            ? { ...state.layout, bottomTab: "problems" as const, bottomOpen: true }
            : state.layout,
      };
    }
    case "session began":
      return {
        ...state,
        timeline: new Timeline(state.project.start),
        revision: state.revision + 1,
        position: 0,
        from: 0,
        live: true,
        selection: survives(state),
        answers: noAnswers(0),
        steps: action.steps,
        refusals: [],
        limited: null,
        engine: {
          ...state.engine,
          phase: "working",
          storage: action.storage,
          executed: {},
          crash: null,
          crashes: 0,
        },
      };
    case "session recovered":
      state.timeline.recover(action.moment);
      return {
        ...live(state),
        revision: state.revision + 1,
        engine: {
          ...state.engine,
          phase: "working",
          crash: action.account,
          crashes: state.engine.crashes + 1,
        },
      };
    case "steps taken":
      return { ...state, steps: [...state.steps, ...action.steps] };
    case "played": {
      const { answer } = action;
      return {
        ...state,
        refusals: answer.refusals,
        announcement: action.announcement,
        limited:
          answer.limited || answer.cycle
            ? { cycle: answer.cycle, feeds: answer.feeds, firings: answer.firings }
            : null,
        engine: { ...state.engine, phase: "ready", slow: false, progress: null },
      };
    }
    case "records": {
      const from = state.live ? state.timeline.length : state.from;
      state.timeline.append(action.records);
      return {
        ...state,
        revision: state.revision + 1,
        from,
        position: state.live ? state.timeline.length : state.position,
      };
    }
    case "status":
      return { ...state, engine: { ...state.engine, status: action.status } };
    case "notice": {
      if (action.notice.kind !== "executing") return state;
      const { executed } = state.engine;
      const name = action.notice.function;
      return {
        ...state,
        engine: { ...state.engine, executed: { ...executed, [name]: (executed[name] ?? 0) + 1 } },
      };
    }
    case "phase":
      return {
        ...state,
        engine: {
          ...state.engine,
          phase: action.phase,
          slow: action.phase === "working" && state.engine.slow,
          progress: action.phase === "working" ? state.engine.progress : null,
          failure: action.failure ?? null,
        },
      };
    case "progress":
      return { ...state, engine: { ...state.engine, progress: action.progress } };
    case "add tables": {
      const tables = { ...state.project.tables, ...action.tables };
      return { ...state, project: { ...state.project, tables } };
    }
    case "attach":
      return {
        ...state,
        timeline: new Timeline(state.project.start),
        revision: state.revision + 1,
        position: 0,
        from: 0,
        live: true,
        selection: null,
        answers: noAnswers(0),
        limited: null,
        refusals: [],
        engine: {
          ...state.engine,
          phase: "attached",
          elsewhere: action.from,
          slow: false,
          progress: null,
          status: null,
        },
      };
    case "slow":
      return { ...state, engine: { ...state.engine, slow: true } };
    case "calls":
      return { ...state, engine: { ...state.engine, calls: action.mode } };
    case "show": {
      const position = Math.max(0, Math.min(action.position, state.timeline.length));
      return {
        ...state,
        position,
        from:
          position === state.position - 1 ? position - 1 : Math.min(state.position, position - 1),
        live: position === state.timeline.length,
      };
    }
    case "go live":
      return live(state);
    case "select":
      return { ...state, selection: action.selection };
    case "explained":
      return withAnswers(state, (answers) =>
        answers.explanations.set(action.explanation.fact, action.explanation),
      );
    case "found":
      return withAnswers(state, (answers) => answers.paths.set(action.path.fact, action.path));
    case "activation explained":
      return withAnswers(state, (answers) =>
        answers.activations.set(action.activation.activation, action.activation),
      );
    case "matches counted":
      return withAnswers(state, (answers) => answers.counts.set(action.rule, action.counts));
    case "count in text":
      return { ...state, countsInText: action.on };
    case "agenda known":
      return withAnswers(state, (answers) => {
        answers.agenda = action.agenda;
      });
    case "why not":
      return withAnswers(state, (answers) =>
        answers.whyNots.set(action.whyNot.rule, action.whyNot),
      );
    case "matches":
      return withAnswers(state, (answers) =>
        answers.matches.set(action.matches.rule, action.matches),
      );
    case "counted":
      return withAnswers(state, (answers) => {
        answers.counters = action.counters;
      });
    case "form known":
      return action.generation === state.program.generation
        ? { ...state, program: { ...state.program, form: action.form } }
        : state;
    case "ask query":
      return { ...state, query: action.query };
    case "query answered":
      return withAnswers(state, (answers) =>
        answers.queries.set(queryKey(action.query), action.answer),
      );
    case "count":
      return { ...state, counting: action.counting };
    case "tests running":
      return { ...state, tests: { ...state.tests, running: true } };
    case "tests ran":
      return { ...state, tests: { reports: action.reports, running: false } };
    case "layout":
      return { ...state, layout: { ...state.layout, ...action.layout } };
    case "theme":
      return { ...state, theme: action.theme };
    case "announce":
      return { ...state, announcement: action.text };
    case "banner":
      return { ...state, banner: action.banner };
  }
}

function live(state: State): State {
  return state.live
    ? state
    : { ...state, live: true, from: state.position, position: state.timeline.length };
}

/**
 * After a new start only what the rules say stays selected: facts and activations have other
 * numbers.
 */
function survives(state: State): State["selection"] {
  return state.selection?.kind === "rule" ? state.selection : null;
}

/** A selected rule stays selected under its name, whatever was inserted above it. */
function renumbered({ selection, program }: State, schema: ProgramSchema): State["selection"] {
  if (selection?.kind !== "rule") return selection;
  const name = program.schema?.rules[selection.rule]?.name;
  const rule = schema.rules.find((each) => each.name === name);
  return rule ? { kind: "rule", rule: rule.id } : null;
}

function withAnswers(state: State, change: (answers: State["answers"]) => void): State {
  const known =
    state.answers.at === state.timeline.length ? state.answers : noAnswers(state.timeline.length);
  const answers = {
    ...known,
    explanations: new Map(known.explanations),
    paths: new Map(known.paths),
    counts: new Map(known.counts),
    activations: new Map(known.activations),
    whyNots: new Map(known.whyNots),
    matches: new Map(known.matches),
    queries: new Map(known.queries),
  };
  change(answers);
  return { ...state, answers };
}
