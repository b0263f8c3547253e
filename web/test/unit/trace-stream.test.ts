// Streams of trace records, cut anywhere.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TraceRecord } from "reticle";
import { readTrace } from "../../src/derive/trace-file.ts";
import type { StreamPart } from "../../src/derive/trace-stream.ts";
import { readEvents } from "../../src/derive/trace-stream.ts";
import { piecesOfFile, piecesOfStream } from "../../src/engine/attach.ts";

const record = (seq: number) => ({ seq, cause: seq, origin: seq, kind: "halt", text: "é" });
const event = (seq: number) =>
  `id: ${seq}\nevent: record\ndata: ${JSON.stringify(record(seq))}\n\n`;

function cutInto(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(on) {
      if (at >= bytes.length) return on.close();
      on.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}

async function read(text: string, size: number): Promise<StreamPart[]> {
  const parts: StreamPart[] = [];
  for await (const part of readEvents(cutInto(text, size))) parts.push(part);
  return parts;
}
const seqs = (parts: { records: TraceRecord[] }[]) =>
  parts.flatMap(({ records }) => records.map(({ seq }) => seq));

describe("a stream of trace records", () => {
  test("is the same wherever the network cuts it; the last id is where to go on", async () => {
    const text = `: welcome\n\n${[1, 2, 3, 4].map(event).join("")}`;
    for (const size of [1, 2, 7, 50, 10_000]) {
      const parts = await read(text, size);
      assert.deepEqual(seqs(parts), [1, 2, 3, 4], `in pieces of ${size}`);
      assert.equal(parts.at(-1)?.last, "4");
    }
  });

  test("has lines that end in LF, CRLF or CR, wherever the network cuts them", async () => {
    const text = [1, 2, 3].map(event).join("");
    for (const end of ["\r\n", "\r", "\n"])
      for (const size of [1, 2, 3, 7, 50, 10_000]) {
        const parts = await read(text.replaceAll("\n", end), size);
        assert.deepEqual(seqs(parts), [1, 2, 3], `${JSON.stringify(end)} in pieces of ${size}`);
        assert.equal(parts.at(-1)?.last, "3");
      }
  });

  test("has texts with separators of lines that are none of JSON's", async () => {
    const text = "one\u2028two\u2029three\u0085four";
    const line = JSON.stringify({ ...record(1), text });
    assert.ok(line.includes("\u2028"), "as it is, not escaped");
    const parts = await read(`id: 1\ndata: ${line}\n\n`, 3);
    assert.deepEqual(
      parts.flatMap(({ records }) => records),
      [{ ...record(1), text }],
    );
    const lines: TraceRecord[] = [];
    for (const end of ["\n", "\r\n"])
      for await (const records of readTrace(cutInto(`${line}${end}${line}${end}`, 5), 10))
        lines.push(...records);
    assert.equal(lines.length, 4);
    assert.deepEqual(lines[3], lines[0]);
  });

  test("ends its connection when no more of it is wanted", async () => {
    let isEnded = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (on) => on.enqueue(new TextEncoder().encode(event(1))),
      cancel() {
        isEnded = true;
      },
    });
    for await (const { records } of readEvents(endless)) if (records.length) break;
    assert.ok(isEnded);
  });

  test("says what the server no longer had, and passes over what is no record", async () => {
    const dropped =
      'event: dropped\ndata: {"kind":"dropped","from":3,"to":7,"text":"late"}\n\n' +
      'event: dropped\ndata: {"to": 9, "from": 9, "kind": "dropped"}\n\n';
    const parts = await read(`${event(2)}${dropped}data: {"no":"record"}\n\n${event(8)}`, 10_000);
    assert.deepEqual(seqs(parts), [2, 8]);
    assert.equal(parts[0]?.lost, 6);
  });

  test("goes on after its last event where a connection broke or was not there", async () => {
    const asked: (string | null)[] = [];
    const broken = (text: string) => {
      let isSent = false;
      return new ReadableStream<Uint8Array>({
        pull(on) {
          if (isSent) return on.error(new TypeError("network error"));
          isSent = true;
          on.enqueue(new TextEncoder().encode(text));
        },
      });
    };
    const answers = [
      () => new Response(broken(event(1) + event(2))),
      () => {
        throw new TypeError("Failed to fetch");
      },
      () => new Response(event(3)),
      () => new Response(broken(event(4) + event(5).slice(0, 9))),
      () => new Response(event(5)),
    ];
    const { fetch } = globalThis;
    globalThis.fetch = async (_, { headers } = {}) => {
      asked.push(new Headers(headers).get("last-event-id"));
      const answer = answers.shift();
      if (!answer) throw new TypeError("Failed to fetch");
      return answer();
    };
    const end = new AbortController();
    const seen: number[] = [];
    const follow = async () => {
      for await (const { records } of piecesOfStream("/trace", end.signal, { first: 1, most: 2 }))
        seen.push(...records.map(({ seq }) => seq));
    };
    try {
      await assert.rejects(follow, /the connection to \/trace is gone: Failed to fetch/);
      assert.deepEqual(seen, [1, 2, 3, 4, 5]);
      assert.deepEqual(asked.slice(0, 6), [null, "2", "2", "3", "4", "5"]);
      assert.ok(asked.length < 15, `${asked.length} times`);
      asked.length = 0;
      await assert.rejects(follow, /Failed to fetch/);
      assert.equal(asked.length, 1, "what was never there is not waited for");
    } finally {
      globalThis.fetch = fetch;
    }
  });

  test("a file comes in pieces that say how far it is", async () => {
    const lines = Array.from({ length: 1_700 }, (_, seq) => JSON.stringify(record(seq)));
    const file = new File([lines.join("\n")], "run.jsonl");
    const pieces: { records: TraceRecord[]; done: number; total: number }[] = [];
    for await (const piece of piecesOfFile(file)) pieces.push(piece);
    assert.deepEqual(seqs(pieces), Array.from(lines.keys()));
    assert.ok(pieces.length > 3 && pieces.every(({ total }) => total === file.size));
    assert.equal(pieces.at(-1)?.done, file.size);
  });
});
