// `reticle serve` and the world: the SDK of CloudEvents as client, deliveries, calls.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { before, describe, test } from "node:test";
import { envelope, eventually, orders, packages, receiver, serving } from "./serving.mjs";

const { serve, write, read, path } = serving();
const { CloudEvent, HTTP, emitterFor, httpTransport } = packages("cloudevents");

before(() => {
  write("orders.rules", orders);
});
const start = (store, ...words) => serve("--rules", "orders.rules", "--store", store, ...words);
const ofType = (type) => (each) => each.body.type === type;

describe("the SDK of CloudEvents", () => {
  const event = (id, more = {}) =>
    new CloudEvent({
      type: "order.placed",
      source: "/sdk",
      id,
      data: { id, qty: 3 },
      note: "näher, 100%",
      ...more,
    });
  const send = async (server, message) => {
    const { status, body } = await server.ask("POST", "/", {
      headers: message.headers,
      body: message.body,
    });
    assert.equal(status, 200, JSON.stringify(body));
  };
  const taken = async (server) =>
    (await server.all("/facts?type=Taken", "facts")).map((each) => each.fields);

  test("structured, binary and batch messages of the SDK are taken", async () => {
    const server = await start("sdk.journal");
    await send(server, HTTP.structured(event("s")));
    await send(server, HTTP.binary(event("b", { note: "plain" })));
    await send(server, {
      headers: { "content-type": "application/cloudevents-batch+json" },
      body: JSON.stringify([event("x"), event("y")]),
    });
    const notes = (await taken(server)).map((each) => [each.id, each.qty, each.note]);
    assert.deepEqual(notes, [
      ["s", 3, "näher, 100%"],
      ["b", 3, "plain"],
      ["x", 3, "näher, 100%"],
      ["y", 3, "näher, 100%"],
    ]);
  });

  test("its emitter over HTTP is understood", async () => {
    const server = await start("emitter.journal");
    const emit = emitterFor(httpTransport(server.url));
    const answer = await emit(event("e", { note: "plain" }));
    assert.match(JSON.stringify(answer), /accepted/);
    assert.equal((await taken(server)).length, 1);
  });

  test("what is delivered is read by the SDK, and taken by another server", async () => {
    const there = await receiver(() => undefined);
    const server = await start("round.journal", "--deliver", there.url, "--source", "/shop");
    await send(server, HTTP.structured(event("r")));
    const [got] = (await there.until((all) => all.some(ofType("order.accepted")))).filter(
      ofType("order.accepted"),
    );
    const read = HTTP.toEvent({ headers: got.headers, body: got.body });
    assert.deepEqual([read.type, read.source, read.data], ["order.accepted", "/shop", { id: "r" }]);
    assert.equal(read.validate(), true);
    const again = await server.post(got.body);
    assert.equal(again.status, 200);
  });
});

describe("deliveries", () => {
  test("events go to the target of their type, in their order, others to the default", async () => {
    const accepted = await receiver(() => undefined);
    const rest = await receiver(() => undefined);
    const server = await start(
      "targets.journal",
      "--deliver",
      `order.accepted=${accepted.url}/a`,
      "--deliver",
      rest.url,
    );
    const ids = ["1", "2", "3"];
    for (const id of ids) await server.post(envelope({ data: { id } }));
    await server.ask("PUT", "/subjects/device|1", {
      body: '{"tempc": 1.5}',
      headers: { "content-type": "application/json" },
    });
    const got = await accepted.until((all) => all.length === 3);
    assert.deepEqual(
      got.map((each) => [each.url, each.body.data.id, each.headers["content-type"]]),
      ids.map((id) => ["/a", id, "application/cloudevents+json"]),
    );
    const [change] = await rest.until((all) => all.length === 1);
    assert.equal(change.body.type, "subject-property-changed");
    assert.deepEqual(new Set(got.map((each) => each.body.id)).size, 3);
  });

  test("a target that fails is tried again, with the same id, and then gets the next", async () => {
    const there = await receiver((_, count) => (count <= 3 ? { status: 503 } : undefined));
    const server = await start("retry.journal", "--deliver", there.url, "--retry", "1ms");
    await server.post(envelope({ data: { id: "a" } }));
    await server.post(envelope({ data: { id: "b" } }));
    const got = await there.until((all) => all.length === 5);
    assert.deepEqual(
      got.map((each) => each.body.data.id),
      ["a", "a", "a", "a", "b"],
    );
    assert.equal(new Set(got.slice(0, 4).map((each) => each.body.id)).size, 1);
  });

  test("what is given up stands in the dead-letter file", async () => {
    const there = await receiver((one) =>
      one.body.data.id === "gone" ? { status: 410 } : { status: 500 },
    );
    const words = ["--deliver", there.url, "--retry", "1ms", "--attempts", "3"];
    const server = await start("dead.journal", ...words, "--dead-letter", "dead.jsonl");
    await server.post(envelope({ data: { id: "down" } }));
    await server.post(envelope({ data: { id: "gone" } }));
    await server.untilError(
      "^reticle serve: event .* is not delivered to .* after 1 attempt: .*\n",
    );
    const letters = read("dead.jsonl")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      letters.map((each) => [each.to, each.attempts, each.error, each.event.data.id]),
      [
        [there.url, 3, "HTTP 500", "down"],
        [there.url, 1, "HTTP 410", "gone"],
      ],
    );
    assert.match((await server.get("/metrics")).body, /^reticle_dead_letters_total\{.*\} 2$/m);
  });

  test("a crash loses no delivery, and an event has one id", async () => {
    const there = await receiver((_, count) => (count <= 2 ? { status: 503 } : undefined));
    const words = ["--deliver", there.url, "--retry", "1h"];
    const server = await start("outbox.journal", ...words);
    for (const id of ["a", "b", "c"]) await server.post(envelope({ data: { id } }));
    await there.until((all) => all.length === 1);
    server.child.kill("SIGKILL");
    await server.ended;
    const again = await start("outbox.journal", ...words);
    await there.until((all) => all.length === 2);
    again.child.kill("SIGTERM");
    assert.deepEqual(await again.ended, { status: 0, signal: null });
    const last = await start("outbox.journal", ...words);
    const got = await there.until((all) => all.length === 5);
    assert.deepEqual(
      got.map((each) => each.body.data.id),
      ["a", "a", "a", "b", "c"],
    );
    assert.equal(new Set(got.map((each) => `${each.body.id} ${each.body.data.id}`)).size, 3);
    const metrics = async () => (await last.get("/metrics")).body;
    await eventually(metrics, (text) => /^reticle_outbox_events 0$/m.test(text));
  });

  test("a disk that is full ends the server, and no delivery is lost", async () => {
    const off = await receiver(() => ({ status: 503 }));
    // The long path makes the outbox longer than the journal: it meets the limit first.
    const url = `${off.url}/${"x".repeat(2000)}`;
    const server = await start("limited.journal", "--deliver", url, "--retry", "1h");
    execFileSync("prlimit", [`--pid=${server.child.pid}`, "--fsize=20000:20000"]);
    const accepted = [];
    for (let i = 0; ; i += 1) {
      const id = `${i}${"y".repeat(100)}`;
      const answer = await server.post(envelope({ data: { id } })).catch(() => undefined);
      if (answer?.status !== 200) break;
      accepted.push(id);
    }
    assert.equal((await server.ended).status, 1);
    assert.ok(accepted.length > 5);
    const there = await receiver(() => undefined);
    for (const line of read("limited.journal.outbox").trimEnd().split("\n")) JSON.parse(line);
    const text = read("limited.journal.outbox").replaceAll(url, there.url);
    write("limited.journal.outbox", text);
    await start("limited.journal", "--deliver", there.url);
    const got = await there.until((all) => all.length >= accepted.length);
    const ids = new Set(got.map((each) => each.body.data.id));
    for (const id of accepted) assert.ok(ids.has(id), id);
  });

  test("a URL in the outbox that is none is given up, and the server starts", async () => {
    const url = "http://127.0.0.1:99999999999/";
    const line = { id: "e1", to: url, event: { id: "e1" } };
    write("far.journal.outbox", `${JSON.stringify(line)}\n`);
    const server = await start("far.journal");
    await server.untilError("^reticle serve: event e1 is not delivered to .*has no port.*\n");
    assert.deepEqual(JSON.parse(read("far.journal.dead.jsonl")).event, { id: "e1" });
    assert.equal(read("far.journal.outbox"), "");
  });

  test("when too much waits for delivery events are answered with 429", async () => {
    const there = await receiver(() => ({ status: 503 }));
    const words = ["--deliver", there.url, "--retry", "1h", "--max-outbox", "2"];
    const server = await start("backed.journal", ...words);
    const status = async () => (await server.post(envelope())).status;
    const seen = [await status(), await status(), await status(), await status()];
    assert.deepEqual(seen, [200, 200, 200, 429]);
    assert.equal((await server.get("/facts")).status, 200);
  });
});

describe("calls", () => {
  const rules = `module calls
event Begin as "begin" { id: string }
host function charge(id: string, cents: int) -> string
fact Charged { key id: string  ticket: string }
fact Failed { key id: string  reason: string  status: int? }
flow Pay(id: string) -> string key id {
  step ticket = call charge(id: id, cents: 250) retry 2 times
  insert Charged{id: id, ticket: ticket}
  return ticket
}
on failure err { insert Failed{id: id, reason: err.reason, status: err.status} }
rule "begin" on e: Begin then { start Pay(id: e.id) }
`;
  before(() => {
    write("calls.rules", rules);
  });
  const begin = (id) => envelope({ type: "begin", data: { id } });
  const facts = async (server, type) =>
    (await server.all(`/facts?type=${type}`, "facts")).map((each) => each.fields);

  test("arguments are posted with the key, and the result goes back", async () => {
    const bank = await receiver((_, count) =>
      count === 1 ? { status: 500, body: { why: "busy" } } : { status: 200, body: "T-1" },
    );
    const server = await serve(
      "--rules",
      "calls.rules",
      "--store",
      "calls.journal",
      "--call",
      `charge=${bank.url}/charge`,
    );
    assert.equal((await server.post(begin("ä\n1"))).status, 200);
    const charged = await eventually(
      () => facts(server, "Charged"),
      (all) => all.length === 1,
    );
    assert.deepEqual(charged, [{ id: "ä\n1", ticket: "T-1" }]);
    assert.deepEqual(bank.got[0].body, { id: "ä\n1", cents: 250 });
    const keys = bank.got.map((each) => each.headers["idempotency-key"]);
    assert.equal(keys.length, 2);
    assert.equal(keys[0], keys[1]);
    assert.match(keys[0], /^[\x21-\x7e]+$/);
    assert.deepEqual(
      bank.got.map((each) => each.headers["reticle-attempt"]),
      ["1", "2"],
    );
  });

  test("an error that stays is the flow's to handle", async () => {
    const bank = await receiver(() => ({ status: 422, body: { why: "no money" } }));
    const server = await serve(
      "--rules",
      "calls.rules",
      "--store",
      "failed.journal",
      "--call",
      `charge=${bank.url}`,
    );
    await server.post(begin("a"));
    const failed = await eventually(
      () => facts(server, "Failed"),
      (all) => all.length === 1,
    );
    assert.deepEqual(failed, [{ id: "a", reason: "HTTP 422", status: 422 }]);
  });

  test("a result of the wrong type is an error of the step", async () => {
    const bank = await receiver(() => ({ status: 200, body: 5 }));
    const server = await serve(
      "--rules",
      "calls.rules",
      "--store",
      "typed.journal",
      "--call",
      `charge=${bank.url}`,
    );
    await server.post(begin("a"));
    const [failed] = await eventually(
      () => facts(server, "Failed"),
      (all) => all.length === 1,
    );
    assert.match(failed.reason, /string/);
  });

  test("a call that a crash has cut off is made again with the same key", async () => {
    let answers = false;
    const bank = await receiver(() =>
      answers ? { status: 200, body: "T-2" } : { status: 200, body: "T-1" },
    );
    const hanging = await hangUp();
    const server = await serve(
      "--rules",
      "calls.rules",
      "--store",
      "cut.journal",
      "--call",
      `charge=${hanging.url}`,
    );
    await server.post(begin("a"));
    const first = await hanging.key;
    server.child.kill("SIGKILL");
    await server.ended;
    answers = true;
    const again = await serve(
      "--rules",
      "calls.rules",
      "--store",
      "cut.journal",
      "--call",
      `charge=${bank.url}`,
    );
    const charged = await eventually(
      () => facts(again, "Charged"),
      (all) => all.length === 1,
    );
    assert.deepEqual(charged, [{ id: "a", ticket: "T-2" }]);
    assert.equal(bank.got[0].headers["idempotency-key"], first);
  });

  test("a function without a URL stays open, and is named", async () => {
    const server = await serve("--rules", "calls.rules", "--store", "open.journal");
    await server.post(begin("a"));
    await server.untilError(
      "^reticle serve: `charge` is called, and stays open: --call charge=URL",
    );
    const [run] = (await server.get("/runs?status=running")).body.runs;
    assert.equal(run.key, "a");
  });

  // A server that takes a call and says nothing.
  async function hangUp() {
    const { createServer } = await import("node:http");
    const { after } = await import("node:test");
    let take;
    const key = new Promise((done) => {
      take = done;
    });
    const server = createServer((request) => take(request.headers["idempotency-key"]));
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    after(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${server.address().port}`, key };
  }
});

test("the outbox stands beside the journal", () => {
  assert.equal(existsSync(path("outbox.journal.outbox")), true);
});
