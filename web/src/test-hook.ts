// What the browser tests may read of the page.

import type { Store } from "./state/store.ts";
import { modeWords } from "./state/view.ts";

declare global {
  interface Window {
    /** For the browser tests, read-only: what the page shows, without reading pixels. */
    reticle: {
      digest(): string;
      traceDigest(): string;
      record(): number;
      mode(): string;
      ready: Promise<void>;
    };
  }
}

export function installTestHook(store: Store, ready: Promise<void>): void {
  const status = () => store.get().engine.status;
  window.reticle = Object.freeze({
    digest: () => status()?.digest ?? "",
    traceDigest: () => status()?.traceDigest ?? "",
    record: () => store.get().position,
    mode: () => modeWords(store.get()),
    ready,
  });
}
