// What an update changed, property by property.

import type { TraceRecord, Value } from "reticle";

export interface FieldChange {
  name: string;
  /** Null: there was no value. */
  old: Value;
  /** Null: there is none any more. */
  new: Value;
  /** It was undeclared and has been taken away: not even its name is left. */
  isGone?: boolean;
}

/** Under this name an update of an open type keeps all that the type does not declare. */
const undeclared = "…";

/** The changes of an update; those of undeclared properties one by one, too. */
export function changesOf({ changes }: Extract<TraceRecord, { kind: "update" }>): FieldChange[] {
  return Object.entries(changes).flatMap(([name, [old, now]]) => {
    if (name !== undeclared) return [{ name, old, new: now }];
    const before = mapOf(old);
    const after = mapOf(now);
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .map((each) => {
        const change = { name: each, old: before[each] ?? null, new: after[each] ?? null };
        return each in after ? change : { ...change, isGone: true };
      })
      .filter((each) => JSON.stringify(each.old) !== JSON.stringify(each.new));
  });
}

function mapOf(value: Value): { [name: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
