// `reticle serve` and a disk that is slow or fails: who waits for it, who does not, and what is
// there after a crash.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { connect } from "node:net";
import { before, describe, test } from "node:test";
import { disk } from "./disk.mjs";
import { envelope, orders, receiver, serving } from "./serving.mjs";

const { serveIn, serve, write, path } = serving();
const { environment, logOf, gate } = disk(path);

before(() => {
  write("orders.rules", orders);
});

// A server whose flushes of files that end with `slow` wait at a gate, when there is one.
const start = (name, slow, ...words) =>
  serveIn(environment(name, slow), "--rules", "orders.rules", "--store", `${name}.store`, ...words);

// Sent, and at the server; the answer comes when it comes.
function sent(server, method, target, body, type) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Promise((done) => {
    const socket = connect(server.port, "127.0.0.1");
    let said = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      said += chunk;
    });
    socket.on("error", () => {});
    const answer = new Promise((ended) => {
      socket.on("close", () => ended(Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1])));
    });
    const head =
      `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
      `Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n`;
    socket.write(head + text, () => done({ answer }));
  });
}
const posted = (server) => sent(server, "POST", "/", envelope(), "application/cloudevents+json");
// When this is answered, what was sent before it is with the engine: it needs no turn there.
const healthy = async (server) => assert.equal((await server.get("/healthz")).status, 200);

describe("while the disk is slow", () => {
  test("a flush of the outbox holds up neither other requests nor the queue", async () => {
    const there = await receiver(() => undefined);
    const server = await start("outbox", ".outbox", "--deliver", there.url);
    assert.equal((await server.post(envelope())).status, 200);
    const closed = gate("outbox");
    const second = await posted(server);
    await closed.reached;
    const third = await posted(server);
    await healthy(server);
    await closed.open();
    assert.deepEqual([await second.answer, await third.answer], [200, 200]);
  });

  test("what is beyond the queue is answered with 429 and when to come again", async () => {
    const server = await start("queue", ".store", "--max-queue", "2");
    const closed = gate("queue");
    const first = await posted(server);
    await closed.reached;
    const waiting = [await posted(server), await posted(server)];
    await healthy(server);
    const refused = await server.post(envelope());
    assert.deepEqual([refused.status, refused.headers.get("retry-after")], [429, "1"]);
    const batch = await server.post([envelope()], "application/cloudevents-batch+json");
    assert.equal(batch.status, 429);
    await closed.open();
    for (const each of [first, ...waiting]) assert.equal(await each.answer, 200);
    assert.equal((await server.all("/facts?type=Taken", "facts")).length, 3);
  });

  test("an event does not wait for all the questions that came before it", async () => {
    const server = await start("asked", ".store");
    const many = Array.from({ length: 1000 }, () => envelope());
    assert.equal((await server.post(many, "application/cloudevents-batch+json")).status, 200);
    const closed = gate("asked");
    const first = await posted(server);
    await closed.reached;
    // All of them wait when the first one's turn comes.
    const order = [];
    const questions = [];
    for (let i = 0; i < 300; i += 1) questions.push(await sent(server, "GET", "/facts", "", "x"));
    await healthy(server);
    const answered = questions.map((each) => each.answer.then(() => order.push("question")));
    await closed.open();
    await Promise.race(answered);
    const event = await posted(server);
    await event.answer.then((status) => order.push(status));
    await Promise.all([first.answer, ...answered]);
    assert.ok(order.indexOf(200) >= 0);
    assert.notEqual(order.at(-1), 200, `${order.indexOf(200)} questions came before`);
  });

  test("SIGTERM waits for it, and answers what was asked", async () => {
    const server = await start("end", ".store");
    const closed = gate("end");
    const first = await posted(server);
    await closed.reached;
    const second = await posted(server);
    await healthy(server);
    server.child.kill("SIGTERM");
    await closed.open();
    assert.deepEqual([await first.answer, await second.answer], [200, 200]);
    assert.deepEqual(await server.ended, { status: 0, signal: null });
  });
});

describe("rules", () => {
  test("replaced twice at once, then a crash before the journal says so: recovered", async () => {
    const server = await start("twice", ".store");
    const many = Array.from({ length: 300 }, () => envelope());
    await server.post(many, "application/cloudevents-batch+json");
    const closed = gate("twice");
    const first = await posted(server);
    await closed.reached;
    const replaced = [];
    for (const least of [1, 10]) {
      const rules = orders.replace("qty > 100", `qty > ${least}`);
      replaced.push(await sent(server, "PUT", "/rules", rules, "text/plain"));
    }
    await healthy(server);
    // The event is in the journal, and nothing more finds room there.
    const { size } = statSync(path("twice.store"));
    execFileSync("prlimit", [`--pid=${server.child.pid}`, `--fsize=${size}:${size}`]);
    await closed.open();
    assert.equal(await first.answer, 200);
    assert.equal((await server.ended).status, 1);
    for (const each of replaced) assert.notEqual(await each.answer, 200);
    write("other.rules", orders.replace("serving.orders", "serving.others"));
    const again = await serve("--rules", "other.rules", "--store", "twice.store");
    assert.equal((await again.all("/facts?type=Taken", "facts")).length, 301);
  });
});

describe("files that are written anew", () => {
  // The folder is flushed behind each renaming, before anything else is asked of the disk.
  const isFlushed = (log, file) => {
    const at = log.findLastIndex((line) => line.startsWith("rename ") && line.endsWith(file));
    return at > 0 && log[at - 1].endsWith(`${file}.new`) && log[at + 1] === `flush ${path("")}`;
  };

  test("count only when their folder is flushed", async () => {
    const server = await start("anew", "");
    assert.ok(isFlushed(logOf("anew").concat("flush nothing"), "anew.store.outbox"));
    const headers = { "content-type": "text/plain" };
    assert.equal((await server.ask("PUT", "/rules", { body: orders, headers })).status, 200);
    const log = logOf("anew");
    assert.ok(isFlushed(log, "anew.store.rules.json"), log.join("\n"));
    assert.ok(log.at(-1).endsWith("anew.store"), "then the journal says that they count");
  });

  test("a dead letter is on the disk before the outbox forgets it", async () => {
    const there = await receiver(() => ({ status: 410 }));
    const server = await start("dead", "", "--deliver", there.url);
    await server.post(envelope());
    await server.untilError("^reticle serve: event .* is not delivered to .*\n");
    assert.ok(logOf("dead").some((line) => line.endsWith("dead.store.dead.jsonl")));
  });
});
