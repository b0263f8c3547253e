// `reticle serve`: each endpoint, what is said at the start and the end, and who may ask.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { before, describe, test } from "node:test";
import { answerOf, envelope, eventually, orders, packages, raw, serving } from "./serving.mjs";

const { serve, write, path, reticle } = serving();

before(() => {
  write("orders.rules", orders);
});
const start = (store, ...words) => serve("--rules", "orders.rules", "--store", store, ...words);

describe("events", () => {
  test("structured, batch and binary mode do the same", async () => {
    const server = await start("modes.journal");
    const one = envelope({ data: { id: "a", qty: 3 } });
    assert.deepEqual((await server.post(one)).body, { accepted: 1 });
    const two = [envelope({ data: { id: "b", qty: 3 } }), envelope({ data: { id: "c", qty: 3 } })];
    const batch = await server.post(two, "application/cloudevents-batch+json; charset=UTF-8");
    assert.deepEqual(batch.body, { accepted: 2 });
    const binary = await server.ask("POST", "/events", {
      body: '{"id":"d","qty":3}',
      headers: {
        "content-type": "application/json",
        "ce-specversion": "1.0",
        "ce-type": "order.placed",
        "ce-id": "4",
        "ce-source": "/tests",
        "ce-note": "caf%C3%A9%20100%25",
        "ce-priority": "7",
      },
    });
    assert.deepEqual(binary.body, { accepted: 1 });
    const facts = await server.all("/facts?type=Taken", "facts");
    assert.deepEqual(
      facts.map((fact) => fact.fields),
      [
        { id: "a", qty: 3, note: null, priority: null },
        { id: "b", qty: 3, note: null, priority: null },
        { id: "c", qty: 3, note: null, priority: null },
        { id: "d", qty: 3, note: "café 100%", priority: 7 },
      ],
    );
  });

  test("an empty batch is taken, and a chunked body is read", async () => {
    const server = await start("chunked.journal");
    const batch = await server.post([], "application/cloudevents-batch+json");
    assert.deepEqual([batch.status, batch.body], [200, { accepted: 0 }]);
    const body = JSON.stringify(envelope({ data: { id: "c", qty: 1 } }));
    const chunks = [body.slice(0, 10), body.slice(10)].map(
      (part) => `${part.length.toString(16)};x=y\r\n${part}\r\n`,
    );
    const head =
      "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
      "Content-Type: application/cloudevents+json\r\nTransfer-Encoding: chunked\r\n\r\n";
    const answer = answerOf(await raw(server.port, `${head}${chunks.join("")}0\r\nX: y\r\n\r\n`));
    assert.deepEqual(answer, { status: 200, body: { accepted: 1 } });
  });

  test("pipelined requests are answered in their order, and the last one closes", async () => {
    const server = await start("pipe.journal");
    const get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    const last = "GET /facts?limit=0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    const said = await raw(server.port, get + get + last);
    assert.equal(said.match(/HTTP\/1\.1 200 OK/g).length, 3);
    assert.match(said, /\{"facts":\[\]\}\n$/);
  });

  test("an event sent again changes nothing, another one of its id is refused", async () => {
    const server = await start("again.journal");
    const one = envelope({ data: { id: "a", qty: 3 } });
    assert.deepEqual((await server.post(one)).body, { accepted: 1 });
    assert.deepEqual((await server.post(one)).body, { accepted: 1, duplicates: 1 });
    const other = await server.post({ ...one, data: { id: "b", qty: 3 } });
    assert.deepEqual([other.status, other.body.field, other.body.code], [409, "id", "Duplicate"]);
    const two = [envelope(), { ...one, data: { id: "c", qty: 3 } }];
    const batch = await server.post(two, "application/cloudevents-batch+json");
    assert.deepEqual([batch.status, batch.body.item, batch.body.field], [409, 1, "id"]);
    const new_ = envelope();
    const pair = [new_, { ...new_, data: { id: "d", qty: 1 } }];
    const within = await server.post(pair, "application/cloudevents-batch+json");
    assert.deepEqual([within.status, within.body.item, within.body.field], [409, 1, "id"]);
    assert.deepEqual(
      (await server.all("/facts?type=Taken", "facts")).map((each) => each.fields.id),
      ["a"],
    );
  });

  test("one wrong event of a batch refuses all of it", async () => {
    const server = await start("batch.journal");
    const events = [envelope(), envelope({ data: { id: "x", qty: "many" } }), envelope()];
    const { status, body } = await server.post(events, "application/cloudevents-batch+json");
    assert.equal(status, 422);
    assert.equal(body.item, 1);
    assert.equal(body.field, "data.qty");
    assert.deepEqual(await server.all("/facts?type=Taken", "facts"), []);
  });

  test("--ignore-unknown passes over data that no field is for", async () => {
    const server = await start("unknown.journal", "--ignore-unknown");
    const { status } = await server.post(envelope({ data: { id: "x", color: "red" } }));
    assert.equal(status, 200);
    assert.equal((await server.all("/facts?type=Taken", "facts")).length, 1);
  });
});

describe("questions", () => {
  test("facts and subjects come in pages", async () => {
    const server = await start("pages.journal");
    for (const id of ["c", "a", "b"]) {
      const { status } = await server.ask("PUT", `/subjects/device|${id}`, {
        body: '{"tempc": 20.5}',
        headers: { "content-type": "application/json" },
      });
      assert.equal(status, 201);
    }
    const names = (await server.all("/subjects?limit=2", "subjects")).map((each) => each.subject);
    assert.deepEqual(names, ["device|a", "device|b", "device|c"]);
    const first = (await server.get("/subjects?limit=1")).body;
    assert.equal(first.next, "device|a");
    const facts = await server.all("/facts?type=Device&limit=1", "facts");
    assert.deepEqual(
      facts.map((each) => each.fields.id),
      ["c", "a", "b"],
    );
    assert.equal((await server.get("/facts?type=Devise")).body.expected, "`Device`");
    assert.equal((await server.get("/facts?typ=Device")).body.field, "typ");
    assert.equal((await server.get("/facts?limit=-1")).body.field, "limit");
  });

  test("PUT creates a subject, PATCH needs one, and rules react", async () => {
    const server = await start("subjects.journal");
    const set = (method, name, body) =>
      server.ask(method, `/subjects/${name}`, {
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      });
    assert.equal((await set("PATCH", "device|1", { tempc: 1.5 })).status, 404);
    assert.equal((await set("PUT", "device|1", { tempc: 1.5 })).status, 201);
    assert.equal((await set("PATCH", "device%7C1", { tempc: 2.5 })).status, 200);
    assert.equal((await set("PUT", "device|1", { place: "barn" })).status, 200);
    const event = envelope({ type: "device.measured", subject: "device|1", data: { tempc: 7.5 } });
    assert.equal((await server.post(event)).status, 200);
    const { body } = await server.get("/subjects/device%7C1");
    assert.deepEqual(body.fields, { id: "1", tempc: 7.5, place: "barn" });
    assert.equal((await server.get("/subjects/device|2")).status, 404);
    const wrong = await set("PATCH", "device|1", { tempc: "hot" });
    assert.deepEqual([wrong.status, wrong.body.field], [422, "tempc"]);
    const unknown = await set("PATCH", "device|1", { temp: 1 });
    assert.deepEqual([unknown.status, unknown.body.field], [422, "temp"]);
    assert.equal((await set("PUT", "nobody", { a: 1 })).status, 404);
    assert.equal((await set("PATCH", "device|1", [1])).status, 400);
  });

  test("explanations, why-not and queries", async () => {
    const server = await start("why.journal");
    await server.post(envelope({ data: { id: "big", qty: 500 } }));
    await server.post(envelope({ data: { id: "small", qty: 5 } }));
    const [big] = (await server.get("/facts?type=Big")).body.facts;
    const why = (await server.get(`/explain?fact=${big.id}`)).body;
    assert.equal(why.by[0].rule, "a big one");
    assert.equal((await server.get("/explain?fact=4000000000")).status, 404);
    assert.equal((await server.get("/explain")).body.field, "fact");
    const whyNot = (await server.get("/why-not?rule=a%20big%20one&o.id=small")).body;
    assert.match(JSON.stringify(whyNot), /qty > 100/);
    assert.equal((await server.get("/why-not?rule=nothing")).status, 400);
    const rows = (await server.get("/query/takenWith?least=100")).body.rows;
    assert.equal(rows.length, 1);
    assert.equal((await server.get("/query/takenWith")).body.field, "least");
    assert.equal((await server.get("/query/takenWit?least=1")).body.expected, "`takenWith`");
    assert.deepEqual((await server.get("/runs")).body, { runs: [] });
    assert.deepEqual((await server.get("/agenda")).body, { agenda: [] });
  });

  test("HEAD has no body, another method is named with those that are right", async () => {
    const server = await start("methods.journal");
    const head = await server.ask("HEAD", "/facts");
    assert.deepEqual([head.status, head.body], [200, ""]);
    const wrong = await server.ask("DELETE", "/facts");
    assert.deepEqual([wrong.status, wrong.headers.get("allow")], [405, "GET, HEAD"]);
    assert.equal((await server.get("/nowhere")).status, 404);
  });

  test("metrics are read by a parser of others", async () => {
    const parse = packages("parse-prometheus-text-format");
    const server = await start("metrics.journal");
    await server.post(envelope());
    await server.post(envelope({ type: "nothing" }));
    const { body, headers } = await server.get("/metrics");
    assert.equal(headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    const families = new Map(parse(body).map((each) => [each.name, each]));
    const events = families.get("reticle_events_total");
    assert.equal(events.type, "COUNTER");
    const counted = new Map(events.metrics.map((each) => [each.labels.became, each.value]));
    assert.deepEqual([counted.get("accepted"), counted.get("refused")], ["1", "1"]);
    const requests = families.get("reticle_requests_total").metrics;
    const ofEvents = requests.filter((each) => each.labels.route === "events");
    assert.deepEqual(
      ofEvents.map((each) => [each.labels.status, each.value]),
      [
        ["200", "1"],
        ["422", "1"],
      ],
    );
    const flushes = families.get("reticle_flush_duration_seconds");
    assert.equal(flushes.type, "HISTOGRAM");
    const [flush] = flushes.metrics;
    assert.equal(flush.buckets["+Inf"], flush.count);
    assert.ok(Number(flush.count) > 0 && Number(flush.sum) > 0);
    assert.equal(families.get("reticle_settle_duration_seconds").type, "HISTOGRAM");
    assert.equal(families.get("reticle_request_duration_seconds").type, "HISTOGRAM");
    assert.equal(families.get("reticle_facts").metrics[0].value, "1");
    const firings = families.get("reticle_rule_firings_total").metrics;
    assert.equal(firings.find((each) => each.labels.rule === "take an order").value, "1");
    for (const line of body.trimEnd().split("\n")) {
      assert.match(line, /^# (HELP|TYPE) |^[a-z_]+(\{.*\})? [-+.e0-9]+$/);
    }
  });
});

describe("rules", () => {
  const changed = orders.replace("qty > 100", "qty > 1");

  test("PUT /rules says what changed, and SIGHUP reads the files anew", async () => {
    write("live.rules", orders);
    const server = await serve("--rules", "live.rules", "--store", "live.journal");
    await server.post(envelope({ data: { id: "a", qty: 5 } }));
    const put = await server.ask("PUT", "/rules", {
      body: changed,
      headers: { "content-type": "text/plain" },
    });
    assert.equal(put.status, 200);
    const fates = new Map(put.body.rules.map((each) => [each.rule, each.fate]));
    assert.equal(fates.get("a big one"), "changed");
    assert.equal(fates.get("take an order"), "same");
    assert.equal((await server.all("/facts?type=Big", "facts")).length, 1);
    server.child.kill("SIGHUP");
    await server.untilError(/the rules are replaced: .*"changed".*\n/.source);
    assert.equal((await server.all("/facts?type=Big", "facts")).length, 0);
  });

  test("broken rules are refused with their diagnostics, and the old ones go on", async () => {
    write("broken.rules", orders);
    const server = await serve("--rules", "broken.rules", "--store", "broken.journal");
    const put = await server.ask("PUT", "/rules", {
      body: JSON.stringify([{ name: "x.rules", text: "module x\nrule" }]),
      headers: { "content-type": "application/json" },
    });
    assert.equal(put.status, 422);
    assert.match(put.body.diagnostics[0].code, /^RL\d{4}$/);
    write("broken.rules", "module x\nrule");
    server.child.kill("SIGHUP");
    await server.untilError("^reticle serve: the rules stay: .*\n");
    const other = orders.replace("fact Taken { id", "fact Taken { more: int?  id");
    await server.post(envelope());
    const refused = await server.ask("PUT", "/rules", {
      body: other,
      headers: { "content-type": "text/plain" },
    });
    assert.equal(refused.status, 409);
    assert.equal((await server.post(envelope())).status, 200);
    assert.equal((await server.all("/facts?type=Taken", "facts")).length, 2);
  });

  test("what PUT /rules brought is there after a crash", async () => {
    const server = await start("kept.journal");
    await server.ask("PUT", "/rules", { body: changed, headers: { "content-type": "text/plain" } });
    await server.post(envelope({ data: { id: "a", qty: 5 } }));
    server.child.kill("SIGKILL");
    await server.ended;
    const again = await start("kept.journal");
    await again.untilError("^reticle serve: the journal goes on with the rules that it was last");
    assert.equal((await again.all("/facts?type=Big", "facts")).length, 1);
    const put = await again.ask("PUT", "/rules");
    assert.equal(put.status, 200);
    assert.equal((await again.all("/facts?type=Big", "facts")).length, 0);
  });

  test("replacing loses no event", async () => {
    const server = await start("swap.journal");
    let isOver = false;
    let sent = 0;
    const senders = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        assert.equal((await server.post(envelope())).status, 200);
        sent += 1;
      }
    });
    for (let i = 0; i < 10; i += 1) {
      const body = i % 2 === 0 ? changed : orders;
      const put = await server.ask("PUT", "/rules", {
        body,
        headers: { "content-type": "text/plain" },
      });
      assert.equal(put.status, 200);
    }
    isOver = true;
    await Promise.all(senders);
    assert.equal((await server.all("/facts?type=Taken", "facts")).length, sent);
  });
});

describe("the trace", () => {
  // Reads events until `isRight` of all of them, then hangs up.
  async function follow(server, path, isRight, headers = {}) {
    const end = new AbortController();
    const response = await fetch(server.url + path, { headers, signal: end.signal });
    assert.equal(response.headers.get("content-type"), "text/event-stream");
    const events = [];
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true });
      for (;;) {
        const at = text.indexOf("\n\n");
        if (at < 0) break;
        const lines = text.slice(0, at).split("\n");
        const of = (name) =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        events.push({ id: of("id"), event: of("event"), data: JSON.parse(of("data")) });
        text = text.slice(at + 2);
      }
      if (isRight(events)) break;
    }
    end.abort();
    return events;
  }
  const hasSettled = (events) => events.some((each) => each.data.kind === "fire");

  test("records are streamed as they happen, and from a position", async () => {
    const server = await start("trace.journal", "--trace");
    const reading = follow(server, "/trace?from=start", hasSettled);
    await server.post(envelope());
    const events = await reading;
    const seqs = events.map((each) => each.data.seq);
    assert.deepEqual(
      seqs,
      seqs.map((_, i) => seqs[0] + i),
    );
    const middle = events[Math.floor(events.length / 2)];
    const from = { "last-event-id": middle.id };
    const rest = await follow(server, "/trace", (read) => read.length > 0, from);
    assert.equal(rest[0].data.seq, middle.data.seq + 1);
    assert.equal((await server.get("/trace?from=middle")).status, 400);
    const said = await raw(server.port, "HEAD /trace HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert.match(said, /^HTTP\/1.1 200 OK\r\n[\s\S]*\r\nConnection: close\r\n\r\n$/);
  });

  test("without --trace there is none, and it says so", async () => {
    const server = await start("untraced.journal");
    const { status, body } = await server.get("/trace");
    assert.deepEqual([status, body.expected], [404, "start it with --trace"]);
  });

  test("a reader that is too slow is dropped, and told", async () => {
    const server = await start("slow.journal", "--trace", "--trace-bytes", "2000");
    const { connect } = await import("node:net");
    const socket = connect(server.port, "127.0.0.1");
    socket.write("GET /trace HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await new Promise((ready) => socket.once("readable", ready));
    // It reads nothing more; one group of records is more than the ring holds.
    const events = Array.from({ length: 50 }, () => envelope());
    await server.post(events, "application/cloudevents-batch+json");
    let text = "";
    for await (const chunk of socket) text += chunk;
    assert.match(
      text,
      /event: dropped\ndata: \{"kind":"dropped","from":\d+,"to":\d+,"text":".*"\}/,
    );
    assert.match((await server.get("/metrics")).body, /^reticle_trace_dropped_total 1$/m);
  });
});

describe("who may ask", () => {
  test("on loopback another name is refused", async () => {
    const server = await start("host.journal", "--host", "rules.example");
    const ask = async (host) =>
      answerOf(
        await raw(server.port, `GET /facts HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
      );
    for (const host of ["localhost", "LOCALHOST:99", "127.0.0.1:1", "[::1]:8", "rules.example"]) {
      assert.equal((await ask(host)).status, 200, host);
    }
    for (const host of ["evil.example", "localhost.evil.example", "10.0.0.1", "", "[::2]"]) {
      const { status, body } = await ask(host);
      assert.deepEqual([status, body.field], [421, "host"], host);
    }
  });

  test("elsewhere a token is needed, and said", async () => {
    const without = reticle(
      "serve",
      "--port",
      "0",
      "--rules",
      "orders.rules",
      "--store",
      "t.journal",
      "--listen",
      "0.0.0.0",
    );
    assert.equal(without.status, 2);
    assert.match(without.err, /needs --token-file/);
    write("short.token", "abc\n");
    const short = reticle(
      "serve",
      "--port",
      "0",
      "--rules",
      "orders.rules",
      "--store",
      "t.journal",
      "--token-file",
      "short.token",
    );
    assert.equal(short.status, 2);
    write("good.token", "0123456789abcdef\n");
    const server = await start("t.journal", "--listen", "0.0.0.0", "--token-file", "good.token");
    await server.until("^this is plain HTTP: .*TLS.*\n");
    const bearer = (token) => ({ headers: { authorization: `Bearer ${token}` } });
    assert.equal((await server.get("/healthz")).status, 200);
    const none = await server.get("/facts");
    assert.deepEqual([none.status, none.headers.get("www-authenticate")], [401, "Bearer"]);
    assert.equal((await server.ask("GET", "/facts", bearer("0123456789abcdeg"))).status, 401);
    assert.equal((await server.ask("GET", "/facts", bearer("0123456789abcde"))).status, 401);
    assert.equal((await server.ask("GET", "/facts", bearer("0123456789abcdef"))).status, 200);
  });

  test("pages of --allow-origin may read, and nothing else", async () => {
    const server = await start("origin.journal", "--allow-origin", "http://127.0.0.1:4173");
    const allowed = "access-control-allow-origin";
    const from = (origin, method = "GET", path = "/facts") =>
      server.ask(method, path, { headers: { origin } });
    const page = await from("http://127.0.0.1:4173");
    assert.equal(page.headers.get(allowed), "http://127.0.0.1:4173");
    assert.equal((await from("http://evil.example")).headers.get(allowed), null);
    assert.equal((await from("http://127.0.0.1:4173", "POST", "/")).headers.get(allowed), null);
    // A stream is taken up again with a header of its own, for which the browser asks first.
    const asked = await from("http://127.0.0.1:4173", "OPTIONS", "/trace");
    assert.equal(asked.status, 204);
    assert.equal(asked.headers.get(allowed), "http://127.0.0.1:4173");
    assert.equal(asked.headers.get("access-control-allow-headers"), "Last-Event-ID");
    assert.equal((await from("http://127.0.0.1:4173", "OPTIONS", "/")).status, 405);
  });
});

describe("the beginning and the end", () => {
  test("a second server finds the journal taken", async () => {
    await start("taken.journal");
    const { status, err } = reticle(
      "serve",
      "--port",
      "0",
      "--rules",
      "orders.rules",
      "--store",
      "taken.journal",
    );
    assert.equal(status, 1);
    assert.match(err, /another engine writes this journal/);
  });

  test("what is missing on the command line is said", () => {
    const cases = [
      [["--rules", "orders.rules", "--store", "x"], /needs --port/],
      [["--port", "0", "--store", "x"], /needs --rules/],
      [["--port", "0", "--rules", "orders.rules"], /needs --store/],
      [["--port", "99999"], /--port is a number from 0 to 65535/],
      [["--call", "http://127.0.0.1/"], /--call needs NAME=URL/],
      [["--deliver", "ftp://127.0.0.1/"], /is no URL/],
      [["--deliver", "http:///path"], /is no URL/],
      [["--deliver", "http://a@127.0.0.1/"], /is no URL/],
      [["--deliver", "http://[::1/"], /is no URL/],
      [["--deliver", "http://[::1]x/"], /is no URL/],
      [["--deliver", "http://127.0.0.1?a=b"], /is no URL/],
      [["--deliver", "http://127.0.0.1:/"], /has no port/],
      [["--deliver", "http://127.0.0.1:0/"], /has no port/],
      [["--deliver", "http://127.0.0.1:+80/"], /has no port/],
      [["--deliver", "a=http://[::1]:65536/"], /has no port/],
      [["--deliver", "http://127.0.0.1:99999999999/"], /has no port/],
      [["--call", "f=http://127.0.0.1:99999999999/"], /has no port/],
      [["--retry", "soon"], /--retry is a duration/],
      [["--token-file", "nowhere"], /cannot be read/],
    ];
    for (const [words, expected] of cases) {
      const { status, err } = reticle("serve", ...words);
      assert.equal(status, 2);
      assert.match(err, expected);
    }
    assert.equal(
      reticle("serve", "--port", "0", "--rules", "none.rules", "--store", "x").status,
      1,
    );
    assert.match(reticle("serve", "--help").out, /POST \/, \/events/);
  });

  test("SIGTERM answers what was asked, and everything is there afterwards", async () => {
    const server = await start("stop.journal");
    const sent = Array.from({ length: 200 }, () => server.post(envelope()).catch(() => undefined));
    await Promise.race(sent);
    server.child.kill("SIGTERM");
    const answers = await Promise.all(sent);
    assert.deepEqual(await server.ended, { status: 0, signal: null });
    const accepted = answers.filter((each) => each?.status === 200).length;
    const again = await start("stop.journal");
    const facts = await again.all("/facts?type=Taken", "facts");
    assert.equal(facts.length, accepted);
    again.child.kill("SIGINT");
    assert.deepEqual(await again.ended, { status: 0, signal: null });
  });

  test("timers fire when they are due, also those that came due meanwhile", async () => {
    write(
      "timers.rules",
      `module timers
event Begin as "begin" { id: string }
fact Rang { key id: string }
flow Ring(id: string) -> bool key id { sleep 50ms  insert Rang{id: id}  return true }
rule "begin" on e: Begin then { start Ring(id: e.id) }
`,
    );
    const timers = () => serve("--rules", "timers.rules", "--store", "timers.journal");
    const server = await timers();
    await server.post(envelope({ type: "begin", data: { id: "a" } }));
    const rang = (of) => of.all("/facts?type=Rang", "facts");
    await eventually(
      () => rang(server),
      (facts) => facts.length === 1,
    );
    await server.post(envelope({ type: "begin", data: { id: "b" } }));
    server.child.kill("SIGKILL");
    await server.ended;
    const again = await timers();
    await eventually(
      () => rang(again),
      (facts) => facts.length === 2,
    );
    const { runs } = (await again.get("/runs?status=completed")).body;
    assert.deepEqual(
      runs.map((run) => run.key),
      ["a", "b"],
    );
  });

  test("a torn outbox is mended, a damaged one named", async () => {
    writeFileSync(path("torn.journal.outbox"), '{"id":"e1","to":"http');
    const server = await start("torn.journal");
    assert.equal((await server.get("/healthz")).status, 200);
    assert.equal(readFileSync(path("torn.journal.outbox"), "utf8"), "");
    writeFileSync(path("bad.journal.outbox"), "nonsense\n{}\n");
    const { status, err } = reticle(
      "serve",
      "--port",
      "0",
      "--rules",
      "orders.rules",
      "--store",
      "bad.journal",
    );
    assert.equal(status, 1);
    assert.match(err, /a line of the outbox cannot be read .*line 1/);
    assert.equal(existsSync(path("bad.journal.lock")), false);
  });
});
