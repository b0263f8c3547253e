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

/** How often a broken stream is asked for again without anything of it coming. */
const mostTries = 6;
/** Before each time the page waits, the second time twice as long, and so on. */
const pause = { first: 500, most: 8_000 };

/**
 * The records of a stream; when the connection ends or breaks it is taken up again after the last
 * event that came. Ends when `end` is aborted. Throws when there was never a connection, when the
 * server refuses, and when the last of the tries broke as well.
 */
export async function* piecesOfStream(
  url: string,
  end: AbortSignal,
  wait = pause,
): AsyncGenerator<Piece> {
  let last = "";
  let done = 0;
  let broke: unknown = null;
  let isConnected = false;
  for (let tries = 0; tries < mostTries && !end.aborted; tries++) {
    if (isConnected) await atMost(Math.min(wait.most, wait.first * 2 ** tries), end);
    if (end.aborted) return;
    broke = null;
    try {
      const headers = {
        accept: "text/event-stream",
        ...(last ? { "last-event-id": last } : {}),
      };
      const response = await fetch(url, { headers, signal: end, cache: "no-store" });
      if (!response.ok || !response.body)
        throw new EngineProblem("Stream", `${url} answers ${response.status}`);
      isConnected = true;
      for await (const part of readEvents(response.body)) {
        tries = -1;
        last = part.last || last;
        done += part.records.length;
        yield { records: part.records, done, total: 0, lost: part.lost };
      }
    } catch (error) {
      if (end.aborted) return;
      if (error instanceof EngineProblem || !isConnected) throw error;
      broke = error;
    }
  }
  if (broke && !end.aborted) {
    const why = broke instanceof Error ? broke.message : String(broke);
    throw new EngineProblem("Stream", `the connection to ${url} is gone: ${why}`);
  }
}

/** Waits; no longer once `end` is aborted. */
function atMost(millis: number, end: AbortSignal): Promise<void> {
  return new Promise((later) => {
    const done = () => {
      clearTimeout(timer);
      end.removeEventListener("abort", done);
      later();
    };
    const timer = setTimeout(done, millis);
    end.addEventListener("abort", done);
  });
}

/** Where records come from, and who lets them take the session's place. */
export interface Elsewhere {
  kind: "file" | "stream";
  name: string;
  pieces: Pieces;
  /** Does something when nothing else is under way. */
  turn(work: () => void): Promise<void>;
}

/** Puts the records on the time line as they come; resolves when there are no more. */
export async function showElsewhere(
  store: Store,
  { kind, name, pieces, turn }: Elsewhere,
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
      await turn(() => {
        if (!end.aborted) store.dispatch({ kind: "attach", from: kind });
      });
      if (end.aborted) return;
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
  if (end.aborted) return;
  store.dispatch({ kind: "phase", phase: "attached" });
  tell(store, name, steps, `${countOf(count, "record")} of a run elsewhere, read-only. `);
}

function tell(store: Store, name: string, steps: Step[], what: string): void {
  const text = `${name}: ${what}The rules have to be those of that run.`;
  const offers = { label: "Back to the session", does: "replay" as const, steps };
  store.dispatch({ kind: "banner", banner: { text, tone: "note", offers } });
}
