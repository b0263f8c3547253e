// `reticle serve` and very many, or very slow ones: what they cost, and that they hold nobody up.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { afterEach, before, describe, test } from "node:test";
import { envelope, eventually, gauge, orders, receiver, serving } from "./serving.mjs";

const { serve, write } = serving();
before(() => {
  write("orders.rules", orders);
});
const start = (store, ...words) => serve("--rules", "orders.rules", "--store", store, ...words);
const batch = "application/cloudevents-batch+json";
const get = (path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

const opened = new Set();
afterEach(() => {
  for (const socket of opened) socket.destroy();
  opened.clear();
});
async function open(server, bytes = "") {
  const socket = connect(server.port, "127.0.0.1");
  opened.add(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  if (bytes !== "") socket.write(bytes);
  return socket;
}
// Facts whose list has about so many bytes.
async function fill(server, bytes) {
  const events = Array.from({ length: 8 }, (_, i) =>
    envelope({ data: { id: `f${i}`, note: "n".repeat(bytes / 8) } }),
  );
  for (const event of events) assert.equal((await server.post(event)).status, 200);
}
// What the server says on a socket, up to the end of one answer with a body of a known length.
function answer(socket) {
  return new Promise((done) => {
    let text = "";
    socket.setEncoding("latin1");
    const take = (chunk) => {
      text += chunk;
      const end = text.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
      if (end < 0 || text.length < end + 4 + length) return;
      socket.off("data", take);
      done(text);
    };
    socket.on("data", take);
  });
}

describe("connections that wait", () => {
  test("ten thousand idle ones and half-open requests stop nobody", async () => {
    const server = await start("many.journal");
    // As many as the system lets a process have, with room for others.
    const system = Number(execFileSync("bash", ["-c", "ulimit -Hn"], { encoding: "utf8" }));
    const most = Math.min(10_000, (Number.isNaN(system) ? 1 << 20 : system) - 500);
    for (let i = 0; i < most - 400; i += 100) {
      await Promise.all(Array.from({ length: 100 }, () => open(server)));
    }
    const half = `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{`;
    for (let i = 0; i < 100; i += 1) await open(server, "POST / HTTP/1.1\r\nHo");
    for (let i = 0; i < 100; i += 1) await open(server, half);
    assert.ok((await gauge(server, "reticle_connections")) > most - 250);
    for (let i = 0; i < 50; i += 1) assert.equal((await server.post(envelope())).status, 200);
    assert.equal((await server.all("/facts?type=Taken", "facts")).length, 50);
  });

  test("do not keep the memory of what they were answered", async () => {
    const server = await start("lean.journal");
    await fill(server, 800_000);
    const memory = () =>
      1024 *
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, "utf8"))[1]);
    const ask = async () => {
      const socket = await open(server, get("/facts"));
      assert.ok((await answer(socket)).length > 800_000);
    };
    for (let i = 0; i < 5; i += 1) await ask();
    const before = memory();
    for (let i = 0; i < 100; i += 1) await ask();
    const more = memory() - before;
    assert.ok(more < 40_000_000, `${more} bytes more, of 80,000,000 that were answered`);
    assert.equal(await gauge(server, "reticle_leaving_bytes"), 0);
  });

  test("where descriptors have run out the next one waits until one is free", async () => {
    const server = await start("few.journal");
    assert.equal((await server.post(envelope())).status, 200);
    const used = readdirSync(`/proc/${server.child.pid}/fd`).length;
    execFileSync("prlimit", [`--pid=${server.child.pid}`, `--nofile=${used + 5}`]);
    const half = [];
    for (let i = 0; i < 10; i += 1) half.push(await open(server, "GET /he"));
    const last = await open(server, get("/healthz"));
    const said = answer(last);
    for (const socket of half) socket.destroy();
    assert.match(await said, /^HTTP\/1\.1 200 OK/);
  });
});

describe("answers that nobody reads", () => {
  test("are bounded together: beyond that questions are refused, and events are not", async () => {
    const server = await start("unread.journal", "--max-answers", "1000000");
    await fill(server, 800_000);
    const readers = [];
    for (let i = 0; i < 3; i += 1) {
      const socket = await open(server, get("/facts").repeat(100));
      socket.pause();
      readers.push(socket);
    }
    const question = () => server.get("/facts?limit=1");
    const { body } = await eventually(question, ({ status }) => status === 503);
    assert.match(body.title, /answers wait for their readers/);
    assert.equal((await server.post(envelope())).status, 200);
    assert.ok((await gauge(server, "reticle_leaving_bytes")) > 1_000_000);
    for (const socket of readers) socket.destroy();
    await eventually(question, ({ status }) => status === 200);
  });

  test("nor does a slow reader of the trace make the server keep what it has read", async () => {
    const server = await start("trace.journal", "--trace", "--trace-bytes", "100000000");
    const reader = await open(server, get("/trace"));
    reader.pause();
    const more = async () => {
      const events = Array.from({ length: 200 }, () => envelope());
      assert.equal((await server.post(events, batch)).status, 200);
      return gauge(server, "reticle_leaving_bytes");
    };
    // The system's own buffers are full.
    await eventually(more, (bytes) => bytes > 200_000);
    let read = 0;
    for (let i = 0; i < 40; i += 1) {
      read += reader.read(100_000)?.length ?? reader.read()?.length ?? 0;
      const kept = await more();
      assert.ok(kept < 300_000, `${kept} bytes`);
    }
    assert.ok(read > 0);
  });
});

describe("what is under way bounds what is taken", () => {
  const properties = (server) =>
    server.ask("PUT", "/subjects/device%7C1", {
      body: '{"tempc": 1}',
      headers: { "content-type": "application/json" },
    });

  test("deliveries bound changes of properties as they bound events", async () => {
    const there = await receiver(() => ({ status: 503 }));
    const words = ["--deliver", there.url, "--retry", "1h", "--max-outbox", "2"];
    const server = await start("full.journal", ...words);
    for (let i = 0; i < 3; i += 1) assert.equal((await server.post(envelope())).status, 200);
    await eventually(
      () => gauge(server, "reticle_outbox_events"),
      (count) => count === 3,
    );
    const { status, headers } = await properties(server);
    assert.deepEqual([status, headers.get("retry-after")], [429, "1"]);
  });

  test("calls bound both", async () => {
    write(
      "calls.rules",
      `module calls
event Begin as "begin" { id: string }
subject Device as "device|{id}" { key id: string  tempc: double? }
host function charge(id: string) -> string
flow Pay(id: string) -> string key id { step ticket = call charge(id: id)  return ticket }
rule "begin" on e: Begin then { start Pay(id: e.id) }
`,
    );
    const held = [];
    const bank = await receiver(() => new Promise((done) => held.push(done)));
    const words = ["--rules", "calls.rules", "--store", "calls.journal", "--max-calls", "2"];
    const server = await serve(...words, "--call", `charge=${bank.url}`);
    const begin = (id) => server.post(envelope({ type: "begin", data: { id } }));
    for (const id of ["a", "b", "c"]) assert.equal((await begin(id)).status, 200);
    await eventually(
      () => gauge(server, "reticle_calls_open"),
      (count) => count === 3,
    );
    assert.equal((await begin("d")).status, 429);
    assert.equal((await properties(server)).status, 429);
    await bank.until((all) => all.length === 3);
    for (const done of held) done({ status: 200, body: "T" });
    await eventually(
      async () => (await begin("d")).status,
      (status) => status === 200,
    );
  });
});
