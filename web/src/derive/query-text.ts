// A query as it is typed: its name, and its arguments in parentheses.

import type { QuerySchema, Value } from "reticle";

export interface AskedQuery {
  name: string;
  args: Value[];
}
type ReadQuery = { ok: true; query: AskedQuery } | { ok: false; message: string };

/** Reads `best("ada", 3)`; parentheses may be left out where there are no arguments. */
export function readQuery(text: string, declared: QuerySchema[]): ReadQuery {
  const wrong = (message: string): ReadQuery => ({ ok: false, message });
  const [, name, inside] = /^\s*([\w.]+)\s*(?:\(([\s\S]*)\))?\s*$/.exec(text) ?? [];
  if (name === undefined) return wrong("A query is its name, with its arguments in parentheses.");
  const query = declared.find((each) => each.name === name);
  if (!query) {
    const names = declared.map((each) => each.name).join(", ");
    return wrong(`There is no query ${name}. These rules have: ${names || "none"}.`);
  }
  let args: Value[];
  try {
    args = JSON.parse(`[${inside ?? ""}]`);
  } catch {
    return wrong("The arguments are not JSON: a text stands in double quotes, lists in brackets.");
  }
  return args.length === query.params.length
    ? { ok: true, query: { name, args } }
    : wrong(`${signature(query)} takes ${query.params.length}, these are ${args.length}.`);
}

export function signature({ name, params }: QuerySchema): string {
  return `${name}(${params.map((param) => `${param.name}: ${param.type}`).join(", ")})`;
}

/** What can be filled in: a plausible argument of each type. */
export function example({ name, params }: QuerySchema): string {
  const values = params.map(({ type }) =>
    type === "string" ? '""' : type === "bool" ? "true" : /^(int|double)/.test(type) ? "0" : "null",
  );
  return `${name}(${values.join(", ")})`;
}

/** The same query about the same session: what its answer is kept under. */
export const queryKey = ({ name, args }: AskedQuery): string => `${name}(${JSON.stringify(args)})`;

/** `{ $fact: 3 }` stands for a fact. */
export function factOf(value: Value | undefined): number | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { $fact: fact } = value as { $fact?: unknown };
  return typeof fact === "number" ? fact : null;
}
