// The change that would make a failing test true, where one value decides it.

import type { FactId, NearMiss, TypeSchema, Value } from "reticle";
import type { Step } from "../state/project.ts";
import type { FactNow } from "./moment.ts";

/**
 * The input that changes one field of one fact so that the test holds; null when what is compared
 * is no field of it, such as a count. The engine says what really comes of it.
 */
export function makeTrue(
  { facts, test, left, right }: NearMiss,
  factOf: (id: FactId) => FactNow | undefined,
  types: Map<string, TypeSchema>,
): { step: Step; says: string } | null {
  const parts = /^(?:(\w+)\.)?(\w+) (==|!=|<=|>=|<|>) /.exec(test);
  const flag = /^(!?)(?:(\w+)\.)?(\w+)$/.exec(test);
  const field = parts?.[2] ?? flag?.[3];
  if (field === undefined) return null;
  // The candidate is the last; of others it is not known which name stands for which.
  const prefixed = parts?.[1] ?? flag?.[2];
  const fact = prefixed === undefined ? facts.at(-1) : facts.length === 1 ? facts[0] : undefined;
  const now = fact === undefined ? undefined : factOf(fact);
  const declared = now && types.get(now.type)?.fields.find(({ name }) => name === field);
  if (fact === undefined || !now || !declared || declared.key) return null;
  const value = parts ? valueFor(parts[3] ?? "", left, right) : flag?.[1] !== "!";
  if (value === undefined) return null;
  return {
    step: { kind: "update", fact, fields: { [field]: value } },
    says: `${field} = ${typeof value === "string" ? value : JSON.stringify(value)}`,
  };
}

function valueFor(sign: string, left: Value, right: Value): Value | undefined {
  if (sign === "==" || sign === "<=" || sign === ">=") return right;
  if (typeof right !== "number") return undefined;
  const whole = Number.isInteger(right) && (typeof left !== "number" || Number.isInteger(left));
  const step = whole ? 1 : 0.01;
  if (sign === ">" || sign === "!=") return right + step;
  return sign === "<" ? right - step : undefined;
}
