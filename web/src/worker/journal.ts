// Where a session's journal is kept: in a private file, or by the page.

import type { Store } from "reticle";
import { opfs } from "reticle/opfs";
import type { BeginAsk, Notice } from "../engine/protocol.ts";

interface OpenJournal {
  store: Store;
  storage: "private file" | "page memory";
  close(): Promise<void>;
}

/**
 * Opens the session's journal: a private file of the page's origin, or, where the browser gives the
 * worker none, bytes kept by the page itself, which outlive this worker but not the tab.
 */
export async function openJournal(
  ask: BeginAsk,
  notify: (notice: Notice) => void,
): Promise<OpenJournal> {
  const file = ask.mirrored ? null : await openFile(ask.journal);
  if (!file) {
    const store = mirrored(ask.recover && ask.mirrored ? ask.mirrored : new Uint8Array(), notify);
    if (!ask.recover) notify({ kind: "rewritten", length: 0 });
    return { store, storage: "page memory", close: () => Promise.resolve() };
  }
  if (!ask.recover) await file.truncate(0);
  let open = true;
  return {
    store: file,
    storage: "private file",
    close: async () => {
      if (open) {
        open = false;
        await file.close();
      }
    },
  };
}

/**
 * A terminated worker's lock on the file goes a moment after the worker: a few attempts
 * bridge that moment.
 */
async function openFile(name: string): Promise<Store | null> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await opfs(name);
    } catch (error) {
      const isLocked =
        error instanceof Error &&
        /NoModificationAllowed|locked|Access Handle/i.test(`${error.name} ${error.message}`);
      if (!isLocked || attempt === 40) return null;
      await new Promise((later) => setTimeout(later, 25));
    }
  }
}

function mirrored(initial: Uint8Array, notify: (notice: Notice) => void): Store {
  let bytes = initial;
  return {
    read: () => bytes,
    append(more) {
      const joined = new Uint8Array(bytes.length + more.length);
      joined.set(bytes);
      joined.set(more, bytes.length);
      bytes = joined;
      notify({ kind: "written", bytes: more });
    },
    truncate(length) {
      bytes = bytes.slice(0, length);
      notify({ kind: "rewritten", length });
    },
    close() {},
  };
}
