// A journal in memory: for tests, and for hosts that keep the bytes elsewhere.

import type { Store } from "./store.js";

/**
 * A journal in memory: as durable as the process.
 *
 * @param initial what it holds at the beginning, for example what `bytes()` of another one gave;
 *   copied.
 */
export function memory(initial?: Uint8Array): Store & { bytes(): Uint8Array } {
  let kept = initial?.slice() ?? new Uint8Array();
  let length = kept.length;
  return {
    read: () => kept.slice(0, length),
    append(bytes) {
      if (length + bytes.length > kept.length) {
        const grown = new Uint8Array(Math.max(1024, kept.length * 2, length + bytes.length));
        grown.set(kept.subarray(0, length));
        kept = grown;
      }
      kept.set(bytes, length);
      length += bytes.length;
    },
    truncate(to) {
      length = Math.min(length, to);
    },
    close() {},
    /** A copy of everything kept so far. */
    bytes: () => kept.slice(0, length),
  };
}
