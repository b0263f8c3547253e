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
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += decoder.decode(value, { stream: true }).replaceAll("\r\n", "\n");
    const events = rest.split("\n\n");
    rest = events.pop() ?? "";
    const part: StreamPart = { records: [], last: "", lost: 0 };
    for (const event of events) take(part, event);
    if (part.records.length || part.lost) yield part;
  }
}

function take(part: StreamPart, event: string): void {
  const data: string[] = [];
  for (const line of event.split("\n")) {
    const [, name, value = ""] = /^(\w+): ?(.*)$/.exec(line) ?? [];
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
  const [, from, to] = /"kind":"dropped","from":(\d+),"to":(\d+)/.exec(text) ?? [];
  return from === undefined ? 0 : Number(to) - Number(from) + 1;
}
