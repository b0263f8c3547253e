// The door `reticle/http`: events and questions over HTTP, as a Fetch handler and behind Node's
// server.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { describe, test } from "node:test";
import { CloudEvent, emitterFor, HTTP, httpTransport, Mode } from "cloudevents";
import { open } from "reticle";
import {
  batch,
  envelope,
  fetching,
  heldStore,
  isProblem,
  json,
  post,
  put,
  serving,
} from "./http-support.mjs";

const order = (id, more = {}) =>
  new CloudEvent({ type: "order.placed", source: "/shop", data: { id, qty: 3 }, ...more });
const ids = (engine) => engine.facts("Taken").map(({ fields }) => fields.id);
const sent = ({ headers, body }) => ({ method: "POST", headers, body });

describe("the SDK of CloudEvents", () => {
  test("is understood in all three modes", async (t) => {
    const { engine, ask } = await serving(t);
    const structured = await ask("/", sent(HTTP.structured(order("a"))));
    assert.deepEqual([structured.status, structured.body], [200, { accepted: 1 }]);
    const binary = await ask("/events", sent(HTTP.binary(order("b", { priority: 7 }))));
    assert.deepEqual([binary.status, binary.body], [200, { accepted: 1 }]);
    const two = await ask("/", post(JSON.stringify([order("c"), order("d")]), batch));
    assert.deepEqual([two.status, two.body], [200, { accepted: 2 }]);
    assert.deepEqual(ids(engine), ["a", "b", "c", "d"]);
    assert.equal(engine.facts("Taken")[1].fields.priority, 7);
  });

  test("emits over its own transport", async (t) => {
    const { engine, url } = await serving(t);
    for (const mode of [Mode.BINARY, Mode.STRUCTURED]) {
      const { body } = await emitterFor(httpTransport(url), { mode })(order(mode));
      assert.equal(body, '{"accepted":1}\n');
    }
    assert.deepEqual(ids(engine), [Mode.BINARY, Mode.STRUCTURED]);
  });
});

describe("events", () => {
  test("carry their time, their subject and their attributes", async (t) => {
    const rules = `module m
subject Place as "p|{id}" { key id: string  n: int = 0 }
event E as "e" { n: int }
fact Got { n: int  time: timestamp  note: string? }
rule "r" on e: E at p: Place then { set p.n = e.n  insert Got{n: e.n, time: e.meta.time} }`;
    const { engine, ask, send } = await fetching(t, { rules });
    await ask("/subjects/p%7C1", put({ n: 1 }));
    const event = { specversion: "1.0", id: "1", source: "/s", type: "e", subject: "p|1" };
    const time = "2024-02-29T12:00:00.25+02:00";
    assert.equal((await send({ ...event, time, data: { n: 4 } })).status, 200);
    assert.equal(engine.subject("p|1").read("n"), 4);
    assert.match(engine.facts("Got")[0].fields.time, /^2024-02-29T10:00:00\.25/);
  });

  test("in binary mode are decoded: percent, UTF-8, numbers, text", async (t) => {
    const { engine, send } = await fetching(t);
    const headers = {
      "ce-specversion": "1.0",
      "ce-type": "order.placed",
      "ce-source": "/t",
      "ce-id": "%E2%82%AC%20%22",
      "ce-note": "Gr%c3%bc%C3%9Fe",
      "ce-priority": "-3",
    };
    const { status } = await send('{"id":"x"}', "application/json; charset=utf-8", headers);
    assert.equal(status, 200);
    const { fields } = engine.facts("Taken")[0];
    assert.deepEqual(fields, { id: "x", qty: 1, note: "Grüße", priority: -3 });
  });

  test("with whole numbers beyond 2^53 stay exact", async (t) => {
    const { engine, send } = await fetching(t);
    const text = JSON.stringify(envelope({ data: { id: "x", qty: 0 } }));
    await send(text.replace('"qty":0', '"qty":9007199254740993'));
    assert.deepEqual(engine.facts("Taken")[0].fields.qty, { $int: "9007199254740993" });
  });

  test("as base64 of JSON are what it says", async (t) => {
    const { engine, send } = await fetching(t);
    const data_base64 = Buffer.from('{"id":"x"}').toString("base64");
    const { status } = await send(
      envelope({ data: undefined, data_base64, datacontenttype: "a/b+json" }),
    );
    assert.equal(status, 200);
    assert.deepEqual(ids(engine), ["x"]);
  });

  test("may have data that no field is for, when that is wanted", async (t) => {
    const { engine, send } = await fetching(t, { ignoreUnknown: true });
    assert.equal((await send(envelope({ data: { id: "x", more: 1 } }))).status, 200);
    assert.deepEqual(ids(engine), ["x"]);
  });

  test("sent again change nothing; other words under the same id are refused", async (t) => {
    const { engine, send } = await fetching(t);
    const one = envelope();
    await send(one);
    const before = engine.digest();
    assert.deepEqual((await send(one)).body, { accepted: 1, duplicates: 1 });
    isProblem(await send({ ...one, data: { id: "y" } }), 409, "id");
    const [two, three] = [envelope(), envelope()];
    const mixed = await send([two, { ...one, data: { id: "y" } }], batch);
    isProblem(mixed, 409, "id");
    assert.deepEqual([mixed.body.item, mixed.body.code], [1, "Duplicate"]);
    const within = await send([two, three, { ...two, data: { id: "z" } }], batch);
    isProblem(within, 409, "id");
    assert.equal(within.body.item, 2);
    assert.equal(engine.digest(), before);
    const again = await send([one, two, two], batch);
    assert.deepEqual(again.body, { accepted: 3, duplicates: 2 });
    assert.equal(ids(engine).length, 2);
  });

  test("of a batch are taken all or none, and the answer says which is wrong", async (t) => {
    const { engine, send } = await fetching(t);
    const before = engine.digest();
    const wrong = [
      [envelope({ data: { id: "x", qty: "many" } }), 422, "data.qty"],
      [envelope({ type: "order.lost" }), 422, "type"],
      [envelope({ hops: 20_000 }), 422, "hops"],
      [envelope({ id: "" }), 400, "id"],
    ];
    for (const [event, status, field] of wrong) {
      const answer = await send([envelope(), envelope(), event, envelope()], batch);
      isProblem(answer, status, field);
      assert.equal(answer.body.item, 2);
      assert.equal(engine.digest(), before);
    }
    assert.deepEqual((await send([], batch)).body, { accepted: 0 });
  });
});

describe("many at once", () => {
  test("a thousand increments from concurrent tasks end exact", async (t) => {
    const { engine, ask, send } = await serving(t);
    await ask("/subjects/counter%7C1", put({ n: 0 }));
    const increment = () =>
      send(envelope({ type: "increment", subject: "counter|1", data: { by: 1 } }));
    const task = async () => {
      for (let i = 0; i < 50; i++) assert.deepEqual((await increment()).body, { accepted: 1 });
    };
    await Promise.all(Array.from({ length: 20 }, task));
    assert.equal(engine.subject("counter|1").read("n"), 1000);
  });

  test("requests that wait share one settling and one append", async (t) => {
    const store = heldStore();
    const { send } = await fetching(t, { engine: { store } });
    await send(envelope());
    const before = store.appended;
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(envelope())));
    assert.ok(answers.every(({ status }) => status === 200));
    assert.equal(store.appended - before, 1);
  });
});

describe("the journal", () => {
  test("has the entries before the answer comes, and before questions see them", async (t) => {
    const store = heldStore();
    const { ask, send } = await fetching(t, { engine: { store } });
    await ask("/facts");
    store.isHeld = true;
    const order = [];
    const asked = store.asked();
    const posted = send(envelope()).then(({ status }) => order.push(`answer ${status}`));
    await asked;
    const seen = ask("/facts?type=Taken").then(({ body }) => order.push(body.facts.length));
    const later = send(envelope()).then(() => order.push("second"));
    await new Promise((next) => setImmediate(next));
    assert.deepEqual(order, []);
    order.push("append");
    store.release();
    await Promise.all([posted, seen, later]);
    assert.deepEqual(order.slice(0, 2), ["append", "answer 200"]);
    // The question came before the second event's group was written, and sees it whole.
    assert.ok(order.includes(2));
  });

  test("that cannot be written ends the answers with 2xx", async (t) => {
    const store = heldStore();
    const { ask, send } = await fetching(t, { engine: { store } });
    assert.deepEqual((await ask("/healthz")).body, { status: "ok" });
    store.fails = true;
    isProblem(await send(envelope()), 503);
    isProblem(await send(envelope()), 503);
    isProblem(await ask("/facts"), 503);
    isProblem(await ask("/healthz"), 503);
  });

  test("brings back what was answered", async (t) => {
    const bytes = [];
    const store = {
      read: () => new Uint8Array(),
      append: (more) => void bytes.push(...more),
      truncate() {},
      close() {},
    };
    const { engine, send } = await fetching(t, { engine: { store } });
    const event = envelope();
    await send([event, envelope()], batch);
    const kept = Uint8Array.from(bytes);
    const again = await open(engine.program, { store: { ...store, read: () => kept } });
    t.after(() => again.close());
    assert.deepEqual(ids(again), ids(engine));
    const { type, source, id, data } = event;
    assert.equal(again.submit({ kind: "emit", type, source, id, data }).duplicate, true);
  });
});

describe("calls of host functions", () => {
  test("are made, and nobody waits for them", async (t) => {
    const rules = `module m
event Go as "go" { id: string }
fact Done { id: string }
host function slow(id: string) -> string
rule "go" on e: Go then { start Work(id: e.id) key e.id }
flow Work(id: string) { step s = call slow(id: id)  insert Done{id: s} }`;
    let answer;
    const held = new Promise((go) => {
      answer = go;
    });
    const functions = { slow: ({ id }) => held.then(() => id) };
    const { engine, ask, send } = await fetching(t, { rules, engine: { functions } });
    const go = { specversion: "1.0", id: "1", source: "/s", type: "go", data: { id: "a" } };
    assert.equal((await send(go)).status, 200);
    assert.deepEqual(engine.facts("Done"), []);
    assert.equal((await ask("/runs?status=running")).body.runs.length, 1);
    const settled = engine.settle();
    answer();
    await settled;
    while (engine.facts("Done").length === 0) await new Promise((next) => setImmediate(next));
    assert.equal((await ask("/runs?status=completed")).body.runs[0].key, "a");
  });
});

describe("questions", () => {
  async function asked(t) {
    const all = await fetching(t);
    for (const [id, qty] of [
      ["a", 1],
      ["b", 200],
      ["c", 300],
    ])
      await all.send(envelope({ data: { id, qty } }));
    return all;
  }

  test("about facts come a page at a time", async (t) => {
    const { engine, ask } = await asked(t);
    const first = (await ask("/facts?type=Taken&limit=2")).body;
    assert.deepEqual(first.facts, engine.facts("Taken").slice(0, 2));
    const rest = (await ask(`/facts?type=Taken&after=${first.next}`)).body;
    assert.deepEqual(rest, { facts: engine.facts("Taken").slice(2) });
  });

  test("about subjects come by name", async (t) => {
    const { engine, ask } = await asked(t);
    const set = (name, ...what) => ask(`/subjects/${encodeURIComponent(name)}`, put(...what));
    isProblem(await set("device|1", { tempc: 3 }, "PATCH"), 404, "path");
    assert.deepEqual((await set("device|1", { tempc: 3 })).status, 201);
    const changed = await set("device|1", { place: "hall" }, "PATCH");
    assert.deepEqual([changed.status, changed.body.subject], [200, "device|1"]);
    await set("device|2/x", { tempc: 4 });
    const first = (await ask("/subjects?limit=1&type=Device")).body;
    assert.deepEqual([first.subjects.length, first.next], [1, "device|1"]);
    const rest = (await ask(`/subjects?after=${encodeURIComponent("device|1")}&type=Device`)).body;
    assert.deepEqual([rest.subjects.length, rest.next], [1, undefined]);
    const one = await ask("/subjects/device%7C2%2Fx");
    assert.equal(one.body.subject, "device|2/x");
    assert.equal(engine.subject("device|1").read("place"), "hall");
    isProblem(await ask("/subjects/device%7C9"), 404, "path");
  });

  test("about rules, runs and queries", async (t) => {
    const { engine, ask } = await asked(t);
    const [big] = engine.facts("Big");
    assert.deepEqual((await ask(`/explain?fact=${big.id}`)).body, engine.explain(big.id));
    const why = (await ask("/why-not?rule=a+big+one&o.id=a")).body;
    assert.deepEqual(why, engine.whyNot("a big one", { "o.id": "a" }));
    assert.deepEqual((await ask("/agenda")).body, { agenda: [] });
    assert.deepEqual((await ask("/runs")).body, { runs: [] });
    const { rows } = (await ask("/query/takenWith?least=200")).body;
    assert.equal(rows.length, 2);
    const head = await ask("/facts", { method: "HEAD" });
    assert.deepEqual([head.status, head.body], [200, ""]);
  });
});

describe("who may ask", () => {
  test("by the name of the loopback or a given one", async (t) => {
    const { ask } = await fetching(t, { hosts: ["Rules.example"] });
    for (const host of ["localhost:81", "127.0.0.1", "[::1]:8080", "rules.example"])
      assert.equal((await ask(`http://${host}/healthz`)).status, 200, host);
    for (const host of ["evil.example", "localhost.evil.example", "127.0.0.2"])
      isProblem(await ask(`http://${host}/healthz`), 421, "host");
    const any = await fetching(t, { hosts: "any" });
    assert.equal((await any.ask("http://evil.example/healthz")).status, 200);
  });

  test("with the token, when there is one", async (t) => {
    const { ask } = await fetching(t, { token: "t0ken" });
    const by = (authorization) => ask("/facts", { headers: { authorization } });
    isProblem(await ask("/facts"), 401, "authorization");
    for (const wrong of ["Bearer t0ke", "Bearer", "Basic t0ken", "Bearer t0kem", "t0ken"])
      isProblem(await by(wrong), 401, "authorization");
    assert.equal((await ask("/healthz")).status, 200);
    assert.equal((await by("bearer t0ken")).status, 200);
    for (const token of ["", "geheim-ü", "two words"])
      await assert.rejects(fetching(t, { token }), RangeError);
  });
});

describe("limits", () => {
  test("a body that is cut off is refused", async (t) => {
    const { engine, ask } = await fetching(t);
    const before = engine.digest();
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode("{"));
        controller.error(new Error("gone"));
      },
    });
    isProblem(await ask("/", { ...post("", json), body, duplex: "half" }), 400, "body");
    assert.equal(engine.digest(), before);
  });

  test("of the body, the batch and the depth are the host's to set", async (t) => {
    const { send } = await fetching(t, { limits: { body: 2_000, batch: 2, depth: 4 } });
    isProblem(await send(envelope({ data: { id: "x".repeat(2_000) } })), 413, "body");
    isProblem(
      await send(
        [1, 2, 3].map(() => envelope()),
        batch,
      ),
      413,
      "body",
    );
    isProblem(await send(envelope({ data: { id: [[[1]]] } })), 400, "body");
    await assert.rejects(fetching(t, { limits: { batch: 0 } }), /`batch`/);
  });

  test("of what waits turn away what comes then, and only that", async (t) => {
    const store = heldStore();
    const { send } = await fetching(t, { engine: { store }, limits: { queue: 2 } });
    await send(envelope());
    store.isHeld = true;
    const first = [send(envelope()), send(envelope())];
    await store.asked();
    const late = await send(envelope());
    isProblem(late, 429);
    assert.equal(late.headers.get("retry-after"), "1");
    store.release();
    for (const each of first) assert.equal((await each).status, 200);
    assert.equal((await send(envelope())).status, 200);
  });

  test("a body beyond them is answered by Node's server, too", async (t) => {
    const { engine, send } = await serving(t, { limits: { body: 1_000 } });
    const before = engine.digest();
    isProblem(await send("x".repeat(5_000_000)), 413, "body");
    assert.equal(engine.digest(), before);
    assert.equal((await send(envelope())).status, 200);
  });
});

describe("Node's server", () => {
  const raw = (port, text) =>
    new Promise((done, failed) => {
      const socket = connect(port, "127.0.0.1", () => socket.end(text));
      let said = "";
      socket.on("data", (chunk) => (said += chunk));
      socket.on("error", failed);
      socket.on("close", () => done(said));
    });
  const head = "Host: localhost\r\nConnection: close\r\n";
  const ce = "ce-specversion: 1.0\r\nce-type: order.placed\r\nce-source: /t\r\nce-id: 1\r\n";
  const cases = {
    "a header twice": [`POST / HTTP/1.1\r\n${head}${ce}ce-id: 2\r\n\r\n`, 400, "ce-id"],
    "an address of another server": [`GET http://a/ HTTP/1.1\r\n${head}\r\n`, 400, "path"],
    "another host": [
      "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
      421,
      "host",
    ],
    "a host with a user": [
      "GET / HTTP/1.1\r\nHost: a@localhost\r\nConnection: close\r\n\r\n",
      400,
      "host",
    ],
    "no host": ["GET /facts HTTP/1.0\r\n\r\n", 421, "host"],
    TRACE: [`TRACE / HTTP/1.1\r\n${head}\r\n`, 405, "method"],
    "a path that cannot be decoded": [`GET /%zz HTTP/1.1\r\n${head}\r\n`, 400, "path"],
    "raw bytes that are no UTF-8": [
      Buffer.from(`POST / HTTP/1.1\r\n${head}${ce}ce-note: \xff\r\n\r\n`, "latin1"),
      400,
      "ce-note",
    ],
  };
  for (const [name, [text, status, field]] of Object.entries(cases)) {
    test(`refuses ${name}`, async (t) => {
      const { engine, port } = await serving(t);
      const before = engine.digest();
      const said = await raw(port, text);
      assert.match(said, new RegExp(`^HTTP/1\\.1 ${status} `));
      const body = JSON.parse(said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1));
      assert.equal(body.field, field, body.title);
      assert.equal(engine.digest(), before);
    });
  }

  test("a request that is cut off changes nothing", async (t) => {
    const { engine, port, send } = await serving(t);
    const before = engine.digest();
    const text = JSON.stringify(envelope());
    await raw(
      port,
      `POST / HTTP/1.1\r\n${head}Content-Type: ${json}\r\nContent-Length: ${text.length}\r\n\r\n` +
        text.slice(0, -1),
    );
    assert.equal(engine.digest(), before);
    assert.equal((await send(envelope())).status, 200);
  });
});
