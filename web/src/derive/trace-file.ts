// Trace files: what `reticle run --trace` prints, one record a line.

import type { ProgramSchema, TraceRecord } from "reticle";

/** Whether a text begins like a trace, and not like facts. */
export function isTrace(beginning: string): boolean {
  return recordFrom(beginning.split("\n", 1)[0] ?? "") !== null;
}

/**
 * The records of a line-wise text, so many at a time. Lines that are none, such as the summary at
 * the end of a run, are passed over.
 */
export async function* readTrace(
  text: ReadableStream<Uint8Array>,
  atOnce: number,
): AsyncGenerator<TraceRecord[]> {
  const decoder = new TextDecoder();
  const reader = text.getReader();
  let rest = "";
  let batch: TraceRecord[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += value ? decoder.decode(value, { stream: true }) : decoder.decode();
      const lines = rest.split("\n");
      rest = done ? "" : (lines.pop() ?? "");
      for (const line of lines) {
        const record = recordFrom(line);
        if (!record) continue;
        batch.push(record);
        if (batch.length < atOnce) continue;
        yield batch;
        batch = [];
      }
      if (done) break;
    }
    if (batch.length) yield batch;
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** Null for what is no record. */
export function recordFrom(line: string): TraceRecord | null {
  if (!line.startsWith("{")) return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const members = new Map<string, unknown>(Object.entries(value));
  const isRecord =
    typeof members.get("seq") === "number" &&
    typeof members.get("cause") === "number" &&
    typeof members.get("kind") === "string";
  // Kinds this page does not know are shown by their names.
  return isRecord ? (value as TraceRecord) : null;
}

/** Why records cannot be of a program; null when they can. */
export function misfit(records: TraceRecord[], schema: ProgramSchema): string | null {
  const types = new Set(schema.types.map(({ name }) => name));
  for (const record of records) {
    if (record.rule !== undefined && !schema.rules[record.rule])
      return `it speaks of rule ${record.rule}, and these rules are ${schema.rules.length}`;
    if (record.node !== undefined && !schema.network.nodes[record.node])
      return `it speaks of node ${record.node}, which this network does not have`;
    if (record.kind === "assert" && !types.has(record.type))
      return `it holds a fact of type ${record.type}, which these rules do not declare`;
  }
  return null;
}
