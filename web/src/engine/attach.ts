// A trace from elsewhere in the place of the session: a file, or a stream that goes on.

import type { TraceRecord } from "reticle";
import { misfit, readTrace } from "../derive/trace-file.ts";
import { readEvents } from "../derive/trace-stream.ts";
import { countOf, grouped } from "../derive/words.ts";
import type { Banner } from "../state/state.ts";
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
  /** Of a stream: connected, or broken and about to be asked for again. */
  standing?: "connected" | "broken";
}
type Pieces = AsyncIterable<Piece>;

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
      yield { records: [], done, total: 0, standing: "connected" };
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
    yield { records: [], done, total: 0, standing: "broken" };
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

/** All records are held, for any moment can be asked for: so many, and then no more are read. */
const mostRecords = 2_000_000;
/** The banner says this often how far a stream is. */
const tellEvery = 400;

/** Puts the records on the time line as they come; resolves when there are no more. */
export async function showElsewhere(
  store: Store,
  { kind, name, pieces, turn }: Elsewhere,
  end: AbortSignal,
  most = mostRecords,
): Promise<void> {
  const { schema } = store.get().program;
  if (!schema) return;
  const account = new Account(store, name, most);
  let began = performance.now();
  for await (const { records: come, done, total, lost = 0, standing } of pieces) {
    if (end.aborted) return;
    const records = come.slice(0, most - account.count);
    const wrong = misfit(records, schema);
    if (wrong) throw new EngineProblem("Trace", `${name} is not a trace of these rules: ${wrong}.`);
    if (records.length && !account.count) {
      await turn(() => {
        if (!end.aborted) store.dispatch({ kind: "attach", from: kind });
      });
      if (end.aborted) return;
    }
    if (records.length) store.dispatch({ kind: "records", records });
    account.came(records.length, lost, standing);
    if (!total) account.tell();
    if (records.length < come.length) {
      account.isFull = true;
      break;
    }
    // The moment goes along, so that no pane has to read thousands of records on its own.
    const { timeline, live } = store.get();
    if (live && account.count) timeline.at(timeline.length);
    if (performance.now() - began < atOnce) continue;
    if (total) store.dispatch({ kind: "progress", progress: { done, total } });
    await new Promise((later) => setTimeout(later));
    began = performance.now();
  }
  if (end.aborted) return;
  if (account.count) store.dispatch({ kind: "phase", phase: "attached" });
  account.end();
}

/** What the banner says of the records so far. */
class Account {
  count = 0;
  isFull = false;
  private lost = 0;
  private standing: Piece["standing"];
  private told: { at: number; standing: string; banner: Banner | null } | null = null;
  private readonly offers: NonNullable<Banner["offers"]>;

  constructor(
    private readonly store: Store,
    private readonly name: string,
    private readonly most: number,
  ) {
    const { steps } = store.get();
    this.offers = { label: "Back to the session", does: "replay", steps };
  }

  came(records: number, lost: number, standing: Piece["standing"]): void {
    this.count += records;
    this.lost += lost;
    this.standing = standing ?? (records ? "connected" : this.standing);
  }

  /** Not with each piece; at once when something else is to be said than a number. */
  tell(): void {
    const standing = `${this.standing} ${this.lost > 0} ${this.count > 0}`;
    const now = performance.now();
    if (this.told?.standing === standing) {
      if (now - this.told.at < tellEvery) return;
      // It was dismissed, or there is something else to read.
      if (this.store.get().banner !== this.told.banner) return;
    }
    const waits = this.standing === "broken" ? "The connection broke and is asked for again." : "";
    this.say(`followed, read-only: ${this.far()} so far.`, waits);
    this.told = { at: now, standing, banner: this.store.get().banner };
  }

  end(): void {
    const full =
      `That is the most that is kept of one: ${grouped(this.most)}. ` +
      "What comes after it is not shown.";
    this.say(`${this.far()} of a run elsewhere, read-only.`, this.isFull ? full : "");
  }

  private far(): string {
    const lost = this.lost ? `, ${grouped(this.lost)} lost` : "";
    return `${this.count ? countOf(this.count, "record") : "no record"}${lost}`;
  }

  private say(what: string, more: string): void {
    const last = "The rules have to be those of that run.";
    const text = [`${this.name}: ${what}`, more, last].filter((part) => part).join(" ");
    this.store.dispatch({ kind: "banner", banner: { text, tone: "note", offers: this.offers } });
  }
}
