// What the page keeps for the time after a crash, and what it can then say of it.

import type { RecoveryReport } from "reticle";
import type { CrashAccount, EngineState } from "../state/state.ts";
import type { BeginAnswer, Views } from "./protocol.ts";

/**
 * The journal's bytes as the page keeps them where workers get no files: they outlive a worker,
 * though not the tab.
 */
export class Mirror {
  bytes = new Uint8Array();

  append(more: Uint8Array): void {
    const joined = new Uint8Array(this.bytes.length + more.length);
    joined.set(this.bytes);
    joined.set(more, this.bytes.length);
    this.bytes = joined;
  }
  truncate(length: number): void {
    this.bytes = this.bytes.slice(0, length);
  }
}

/** What the new worker found, beside what the page knew when the old one ended. */
export function accountOf(
  storage: BeginAnswer["storage"],
  recovery: RecoveryReport,
  views: Views,
  before: EngineState,
): CrashAccount {
  return {
    entries: recovery.entries,
    bytes: recovery.bytes,
    truncated: recovery.truncated,
    runs: recovery.runs,
    storage,
    before: before.executed,
    sameDigest: recovery.digest === before.status?.digest,
    stepsReadBack: views.runs.flatMap((run) =>
      run.steps
        .filter(({ recorded }) => recorded)
        .map(({ name }) => `${run.flow} ${run.key}: ${name}`),
    ),
  };
}
