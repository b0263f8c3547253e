// A stream of trace records as server-sent events: one record an event.

import type { TraceRecord } from "reticle";
import { recordFrom } from "./trace-file.ts";

/** What came of a stream since the last time. */
export interface StreamPart {
  records: TraceRecord[];
  /** The id of its last event: from there on a broken connection is taken up again. */
  last: string;
  /** The server kept no more of these: they are missing between the records. */
  lost: number;
}

/** The events of a stream as they come, those of one piece of the network's together. */
export async function* readEvents(text: ReadableStream<Uint8Array>): AsyncGenerator<StreamPart> {
  const decoder = new TextDecoder();
  const reader = text.getReader();
  let rest = "";
  let endedInReturn = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const piece = decoder.decode(value, { stream: true });
      if (!piece) continue;
      // A line ends in CR, LF or both, and the network may cut between the two.
      const lines = endedInReturn && piece.startsWith("\n") ? piece.slice(1) : piece;
      endedInReturn = piece.endsWith("\r");
      rest += lines.replaceAll(/\r\n?/g, "\n");
      const events = rest.split("\n\n");
      rest = events.pop() ?? "";
      const part: StreamPart = { records: [], last: "", lost: 0 };
      for (const event of events) take(part, event);
      if (part.records.length || part.lost) yield part;
    }
  } finally {
    // Who wants no more of it ends the connection.
    reader.cancel().catch(() => {});
  }
}

function take(part: StreamPart, event: string): void {
  const data: string[] = [];
  for (const line of event.split("\n")) {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + (line[colon + 1] === " " ? 2 : 1));
    if (name === "data") data.push(value);
    else if (name === "id") part.last = value;
  }
  const text = data.join("\n");
  const record = recordFrom(text);
  if (record) part.records.push(record);
  else part.lost += lostIn(text);
}

/** `{ "kind": "dropped", "from": 3, "to": 7 }`: the reader was too slow. */
function lostIn(text: string): number {
  if (!text.includes('"dropped"')) return 0;
  try {
    const value: { kind?: unknown; from?: unknown; to?: unknown } | null = JSON.parse(text);
    const { kind, from, to } = value ?? {};
    const isLoss = kind === "dropped" && typeof from === "number" && typeof to === "number";
    return isLoss ? Math.max(0, to - from + 1) : 0;
  } catch {
    return 0;
  }
}
