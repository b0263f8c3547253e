// The place where the state is kept.

import type { Action } from "./actions.ts";
import { reduce } from "./reduce.ts";
import type { State } from "./state.ts";

export interface Store {
  get(): State;
  dispatch(action: Action): void;
  /** Called at most once per turn of the event loop, with the newest state; returns how to stop. */
  subscribe(listener: (state: State) => void): () => void;
}

export function createStore(initial: State): Store {
  let state = initial;
  let isTelling = false;
  const listeners = new Set<(state: State) => void>();
  const tell = () => {
    isTelling = false;
    for (const listener of listeners) listener(state);
  };
  return {
    get: () => state,
    dispatch(action) {
      state = reduce(state, action);
      if (isTelling) return;
      isTelling = true;
      queueMicrotask(tell);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
