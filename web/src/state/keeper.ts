// Keeps what is written: a draft is saved after each pause in typing, and when the page goes.

import type { DraftLine, Drafts } from "./drafts.ts";
import { isInput, type Step } from "./project.ts";
import type { State } from "./state.ts";
import type { Store } from "./store.ts";

const pause = 500;

/** What is known of the draft that is being written. */
export interface DraftState {
  /** Null until there is something to keep. */
  id: string | null;
  title: string;
  /**
   * none: nothing has been changed · saving · saved · off: the browser keeps nothing for this
   * page
   */
  kept: "none" | "saving" | "saved" | "off";
  /** When it was saved last. */
  saved: number;
}

export const noDraft: DraftState = { id: null, title: "", kept: "none", saved: 0 };

/**
 * Whether there is work of a person's own in the page: rules that were changed, or inputs beside
 * those that came with the project. That something fired or time passed is none.
 */
export function isWork({ source, draft, project, steps }: State): boolean {
  return draft.id !== null || source === "own" || hasOwnInputs(project.inputs, steps);
}

function hasOwnInputs(given: Step[], steps: Step[]): boolean {
  if (steps === given) return false;
  const known = new Set(given.filter(isOwn).map((step) => JSON.stringify(step)));
  const own = steps.filter(isOwn).map((step) => JSON.stringify(step));
  return own.length < known.size || own.some((step) => !known.has(step));
}

const isOwn = (step: Step) => (isInput(step) && step.kind !== "result") || "csv" in step;

/** What a draft is called until somebody says otherwise. */
function titleFor({ project, program }: State): string {
  const name = project.title || program.schema?.module || "untitled";
  return / \(edited( \d+)?\)$/.test(name) ? name : `${name} (edited)`;
}

export interface Keeper {
  /** Saves at once what is not saved yet; resolves when it is, or cannot be. */
  flush(): Promise<void>;
  stop(): void;
}

/**
 * Watches the state and keeps the work in it.
 *
 * A draft belongs to one tab: while that is open it holds a lock of the draft's name, so that no
 * other tab writes over it (work.ts). `began` is told when one was kept for the first time, for the
 * address.
 */
export function keepDrafts(
  store: Store,
  drafts: Promise<Drafts | null>,
  now: () => number,
  began: (id: string) => void,
): Keeper {
  let seen = pieces(store.get());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let saving: Promise<void> = Promise.resolve();
  let told = "";

  const save = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    saving = saving.then(() => write());
    return saving;
  };
  async function write(): Promise<void> {
    const state = store.get();
    const { draft, project, steps } = state;
    if (!draft.id || draft.kept !== "saving") return;
    const line: DraftLine = { id: draft.id, title: draft.title, saved: now() };
    const kept = await drafts;
    const shared = {
      project: { ...project, title: draft.title, inputs: steps },
      view: { pane: "", selection: null, record: null },
    };
    const isKept = kept
      ? await kept.write(line, shared).then(
          () => true,
          () => false,
        )
      : false;
    if (isKept && told !== line.id) {
      told = line.id;
      began(line.id);
    }
    // Typed on meanwhile: what was written is not the newest any more, and will be again.
    if (store.get().draft.id !== line.id) return;
    const newest = pieces(store.get());
    const isNewest = newest.project === project && newest.steps === steps;
    if (!isKept) store.dispatch({ kind: "draft", draft: { kept: "off" } });
    else if (isNewest)
      store.dispatch({ kind: "draft", draft: { kept: "saved", saved: line.saved } });
  }

  const unsubscribe = store.subscribe((state) => {
    const now = pieces(state);
    const isSame = now.project === seen.project && now.steps === seen.steps;
    const isOther = now.opened !== seen.opened;
    seen = now;
    if (isSame || isOther || !isWork(state)) return;
    const id = state.draft.id ?? crypto.randomUUID();
    const title = state.draft.title || titleFor(state);
    store.dispatch({ kind: "draft", draft: { id, title, kept: "saving" } });
    clearTimeout(timer);
    timer = setTimeout(() => void save(), pause);
  });
  return {
    flush: () => (store.get().draft.kept === "saving" ? save() : saving),
    stop: unsubscribe,
  };
}

function pieces({ project, steps, opened }: State) {
  return { project, steps, opened };
}
