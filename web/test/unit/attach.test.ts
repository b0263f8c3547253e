// A trace from elsewhere in the session's place: what is said of it, and how much of it is kept.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TraceRecord } from "reticle";
import type { Piece } from "../../src/engine/attach.ts";
import { showElsewhere } from "../../src/engine/attach.ts";
import type { Project } from "../../src/state/project.ts";
import { initialState } from "../../src/state/state.ts";
import type { Store } from "../../src/state/store.ts";
import { createStore } from "../../src/state/store.ts";
import { played } from "./played.ts";

const project: Project = {
  ...{ title: "mine", paragraph: "", files: [], inputs: [], tables: {}, host: {}, start: 0 },
};

async function opened(): Promise<Store> {
  const { session } = await played("fact A { key n: int }", []);
  const store = createStore(initialState(project, "own"));
  const result = { ok: true as const, diagnostics: [], schema: session.schema() };
  store.dispatch({ kind: "compiled", result });
  return store;
}
const input = (seq: number): TraceRecord => ({
  ...{ seq, cause: 0, origin: seq, time: 0 },
  ...{ kind: "input", input: "insert", text: "" },
});
const records = (count: number, from = 1) =>
  Array.from({ length: count }, (_, at) => input(from + at));

/** What the banner said after each piece. */
async function shown(pieces: Partial<Piece>[], most?: number) {
  const store = await opened();
  const said: string[] = [];
  const asked: number[] = [];
  async function* each() {
    for (const [index, piece] of pieces.entries()) {
      asked.push(index);
      yield { records: [], done: 0, total: 0, ...piece };
      said.push(store.get().banner?.text ?? "");
      if (piece.lost === 7) store.dispatch({ kind: "banner", banner: null });
    }
  }
  const turn = async (work: () => void) => work();
  const elsewhere = { kind: "stream" as const, name: "/trace", pieces: each(), turn };
  await showElsewhere(store, elsewhere, new AbortController().signal, most);
  return { store, said, asked, last: store.get().banner?.text ?? "" };
}

describe("a trace from elsewhere", () => {
  test("says that it is connected, how far it is, and that it broke", async () => {
    const { said, last, store } = await shown([
      { standing: "connected" },
      { records: records(3) },
      { standing: "broken" },
      { records: records(1, 4), lost: 2 },
    ]);
    assert.match(said[0] ?? "", /followed, read-only: no record so far\./);
    assert.match(said[1] ?? "", /followed, read-only: 3 records so far\./);
    assert.match(said[2] ?? "", /The connection broke and is asked for again\./);
    assert.match(said[3] ?? "", /4 records, 2 lost so far\./);
    assert.match(last, /\/trace: 4 records, 2 lost of a run elsewhere, read-only\./);
    assert.equal(store.get().engine.phase, "attached");
    assert.equal(store.get().timeline.length, 4);
  });

  test("keeps so many records, asks for no more, and says so", async () => {
    const pieces = [
      { records: records(3) },
      { records: records(3, 4) },
      { records: records(1, 7) },
    ];
    const { last, store, asked } = await shown(pieces, 5);
    assert.equal(store.get().timeline.length, 5);
    assert.deepEqual(asked, [0, 1]);
    assert.match(last, /5 records .* That is the most that is kept of one: 5\./);
    const { last: fits } = await shown(pieces.slice(0, 2), 6);
    assert.doesNotMatch(fits, /the most/);
  });

  test("does not come back with its words when they were dismissed", async () => {
    const { said } = await shown([
      { records: records(1), lost: 7 },
      { records: records(1, 2) },
      { standing: "broken" },
    ]);
    assert.equal(said[1], "");
    assert.match(said[2] ?? "", /The connection broke/);
  });
});
