// Problems of the rules as rows of a list.

import type { Diagnostic } from "reticle";

export interface Keyed {
  diagnostic: Diagnostic;
  key: string;
}

/**
 * A row stands for all that a diagnostic says: another text, place or fix is another row. Two that
 * say the same are told apart by their number.
 */
export function keyed(diagnostics: Diagnostic[]): Keyed[] {
  const times = new Map<string, number>();
  return diagnostics.map((diagnostic) => {
    const says = JSON.stringify(diagnostic);
    const before = times.get(says) ?? 0;
    times.set(says, before + 1);
    return { diagnostic, key: `${before} ${says}` };
  });
}
