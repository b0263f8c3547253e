// A trace from elsewhere in the place of the session: a file, or a stream that goes on.

import type { TraceRecord } from "reticle";
import { misfit, readTrace } from "../derive/trace-file.ts";
import { readEvents } from "../derive/trace-stream.ts";
import { countOf } from "../derive/words.ts";
import type { Step } from "../state/project.ts";
import type { Store } from "../state/store.ts";
import { EngineProblem } from "./client.ts";

/** Between two pieces of work of so many milliseconds the page draws and hears the person. */
const atOnce = 12;
const recordsAtOnce = 500;

/** Records in pieces, and how far that is; `total` is 0 where no end is known. */
export interface Piece {
  records: TraceRecord[];
  done: number;
  total: number;
  lost?: number;
}
export type Pieces = AsyncIterable<Piece>;

/** A file, read in pieces: its text is never held whole. */
export async function* piecesOfFile(file: File): AsyncGenerator<Piece> {
  let done = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, on) {
      done += chunk.length;
      on.enqueue(chunk);
    },
  });
  const text = file.stream().pipeThrough(counting);
  for await (const records of readTrace(text, recordsAtOnce))
    yield { records, done, total: file.size };
}

/** How often a broken stream is asked for again before anything of it has come. */
const mostTries = 5;

/**
 * The records of a stream; when the connection breaks it is taken up again after the last event
 * that came. Ends when `end` is aborted.
 */
export async function* piecesOfStream(url: string, end: AbortSignal): AsyncGenerator<Piece> {
  let last = "";
  let done = 0;
  for (let tries = 0; tries < mostTries && !end.aborted; tries++) {
    const headers = {
      accept: "text/event-stream",
      ...(last ? { "last-event-id": last } : {}),
    };
    const response = await fetch(url, { headers, signal: end, cache: "no-store" });
    if (!response.ok || !response.body)
      throw new EngineProblem("Stream", `${url} answers ${response.status}`);
    for await (const part of readEvents(response.body)) {
      tries = 0;
      last = part.last || last;
      done += part.records.length;
      yield { records: part.records, done, total: 0, lost: part.lost };
    }
    await new Promise((later) => setTimeout(later, 500 * (tries + 1)));
  }
}

/** Puts the records on the time line as they come; resolves when there are no more. */
export async function showElsewhere(
  store: Store,
  name: string,
  pieces: Pieces,
  end: AbortSignal,
): Promise<void> {
  const { schema } = store.get().program;
  const { steps } = store.get();
  if (!schema) return;
  let count = 0;
  let lost = 0;
  let began = performance.now();
  for await (const { records, done, total, lost: more = 0 } of pieces) {
    if (end.aborted) return;
    const wrong = misfit(records, schema);
    if (wrong) throw new EngineProblem("Trace", `${name} is not a trace of these rules: ${wrong}.`);
    if (count === 0) {
      store.dispatch({ kind: "attach" });
      if (!total) tell(store, name, steps, "followed, read-only. ");
    }
    store.dispatch({ kind: "records", records });
    count += records.length;
    lost += more;
    if (more) tell(store, name, steps, `${countOf(lost, "record")} lost, read-only. `);
    // The moment goes along, so that no pane has to read thousands of records on its own.
    const { timeline, live } = store.get();
    if (live) timeline.at(timeline.length);
    if (performance.now() - began < atOnce) continue;
    if (total) store.dispatch({ kind: "progress", progress: { done, total } });
    await new Promise((later) => setTimeout(later));
    began = performance.now();
  }
  store.dispatch({ kind: "phase", phase: "attached" });
  tell(store, name, steps, `${countOf(count, "record")} of a run elsewhere, read-only. `);
}

function tell(store: Store, name: string, steps: Step[], what: string): void {
  const text = `${name}: ${what}The rules have to be those of that run.`;
  const offers = { label: "Back to the session", does: "replay" as const, steps };
  store.dispatch({ kind: "banner", banner: { text, tone: "note", offers } });
}
