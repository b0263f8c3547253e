// Drafts: what was written in this browser, kept in IndexedDB.

import type { Shared } from "./address.ts";
import { printShared, readShared } from "./address.ts";

/** What the list of drafts shows. */
export interface DraftLine {
  id: string;
  title: string;
  /** When it was kept last, in milliseconds since 1970. */
  saved: number;
}
interface StoredDraft extends DraftLine {
  text: string;
}

/** Drafts by id. Every function refuses when the browser does. */
export interface Drafts {
  /** The newest first. */
  list(): Promise<DraftLine[]>;
  /** Null when there is none, or it is not one this page wrote. */
  read(id: string): Promise<{ title: string; shared: Shared } | null>;
  write(line: DraftLine, shared: Shared): Promise<void>;
  remove(id: string): Promise<void>;
}

const storeName = "drafts";

/**
 * Opens the drafts of this browser. Null where it keeps none: storage is switched off, or the page
 * is private.
 */
export async function openDrafts(): Promise<Drafts | null> {
  try {
    const database = await opened(indexedDB.open("reticle", 1));
    return draftsIn(database);
  } catch {
    return null;
  }
}

function draftsIn(database: IDBDatabase): Drafts {
  const store = (mode: IDBTransactionMode) =>
    database.transaction(storeName, mode, { durability: "strict" }).objectStore(storeName);
  return {
    async list() {
      const all: StoredDraft[] = await done(store("readonly").getAll());
      return all
        .map(({ id, title, saved }) => ({ id, title, saved }))
        .sort((a, b) => b.saved - a.saved || (a.id < b.id ? -1 : 1));
    },
    async read(id) {
      const found: StoredDraft | undefined = await done(store("readonly").get(id));
      const shared = found && readShared(found.text);
      return found && shared ? { title: found.title, shared } : null;
    },
    async write(line, shared) {
      const draft: StoredDraft = { ...line, text: printShared(shared) };
      const request = store("readwrite").put(draft);
      await committed(request);
    },
    async remove(id) {
      await committed(store("readwrite").delete(id));
    },
  };
}

function opened(request: IDBOpenDBRequest): Promise<IDBDatabase> {
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore(storeName, { keyPath: "id" });
  });
  return new Promise((settle, refuse) => {
    request.addEventListener("success", () => settle(request.result));
    request.addEventListener("error", () => refuse(request.error));
    request.addEventListener("blocked", () => refuse(new Error("another page holds the drafts")));
  });
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((settle, refuse) => {
    request.addEventListener("success", () => settle(request.result));
    request.addEventListener("error", () => refuse(request.error));
  });
}

/** A request that succeeded may still be undone: it is kept once its transaction is complete. */
function committed(request: IDBRequest): Promise<void> {
  return new Promise((settle, refuse) => {
    const { transaction } = request;
    transaction?.addEventListener("complete", () => settle());
    transaction?.addEventListener("abort", () => refuse(transaction.error ?? request.error));
    transaction?.addEventListener("error", () => refuse(transaction.error ?? request.error));
  });
}
