// `reticle serve` against requests that are wrong, or meant ill: each has a clear answer with the
// field at fault, none changes anything, and none stops the rest.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { before, describe, test } from "node:test";
import { more } from "./hostile-more.mjs";
import { answerOf, envelope, eventually, orders, raw, serving } from "./serving.mjs";

const { serve, write } = serving();
let server;
before(async () => {
  write("orders.rules", orders);
  server = await serve(
    "--rules",
    "orders.rules",
    "--store",
    "hostile.journal",
    "--max-body",
    "100000",
  );
});

// What a refused request must leave as it was.
const state = () =>
  Promise.all([
    server.all("/facts", "facts"),
    server.get("/runs").then(({ body }) => body),
    server.get("/agenda").then(({ body }) => body),
  ]);

const json = "application/cloudevents+json";
const batch = "application/cloudevents-batch+json";
const post = (body, type = json, headers = "") => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return (
    `POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n` +
    (type === null ? "" : `Content-Type: ${type}\r\n`) +
    `${headers}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`
  );
};
const wrong = (changes) => post(envelope(changes));
const without = (name) => wrong({ [name]: undefined });
const binary = (headers, body = '{"id":"x"}', type = "application/json") =>
  post(body, type, headers);
const right = "ce-specversion: 1.0\r\nce-type: order.placed\r\nce-source: /t\r\nce-id: 1\r\n";
const head = (text, body = "") => `${text}\r\n\r\n${body}`;
const get = (path, more = "") =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`;
const host = "Host: localhost\r\nConnection: close";
const long = (count) => "x".repeat(count);

const device = `PUT /subjects/device%7C1 HTTP/1.1\r\n${host}`;

// What is sent, the status, the field.
const cases = {
  "an envelope without specversion": [without("specversion"), 400, "specversion"],
  "an envelope without id": [without("id"), 400, "id"],
  "an envelope without source": [without("source"), 400, "source"],
  "an envelope without type": [without("type"), 400, "type"],
  "an empty id": [wrong({ id: "" }), 400, "id"],
  "an empty source": [wrong({ source: "" }), 400, "source"],
  "an empty type": [wrong({ type: "" }), 400, "type"],
  "an empty subject": [wrong({ subject: "" }), 400, "subject"],
  "an empty datacontenttype": [wrong({ datacontenttype: "" }), 400, "datacontenttype"],
  "version 0.3": [wrong({ specversion: "0.3" }), 400, "specversion"],
  "version 1.0 as a number": [wrong({ specversion: 1 }), 400, "specversion"],
  "version null": [wrong({ specversion: null }), 400, "specversion"],
  "a number as id": [wrong({ id: 7 }), 400, "id"],
  "null as id": [wrong({ id: null }), 400, "id"],
  "a list as type": [wrong({ type: ["a"] }), 400, "type"],
  "an object as source": [wrong({ source: {} }), 400, "source"],
  "a source with a space": [wrong({ source: "a b" }), 400, "source"],
  "a source with a quote": [wrong({ source: 'a"b' }), 400, "source"],
  "a number as subject": [wrong({ subject: 1 }), 400, "subject"],
  "a control character in the id": [wrong({ id: "a\u0001b" }), 400, "id"],
  "a zero byte in the type": [wrong({ type: "order\u0000placed" }), 400, "type"],
  "a line break in the subject": [wrong({ subject: "a\nb" }), 400, "subject"],
  "C1 controls in the source": [wrong({ source: "a\u0085b" }), 400, "source"],
  "DEL in the id": [wrong({ id: "a\u007f" }), 400, "id"],
  "a time that is none": [wrong({ time: "yesterday" }), 400, "time"],
  "a time that is a number": [wrong({ time: 12 }), 400, "time"],
  "the thirtieth of February": [wrong({ time: "2024-02-30T00:00:00Z" }), 400, "time"],
  "a time without a zone": [wrong({ time: "2024-02-03T00:00:00" }), 400, "time"],
  "a very long id": [wrong({ id: long(2000) }), 400, "id"],
  "a very long source": [wrong({ source: long(2000) }), 400, "source"],
  "a very long subject": [wrong({ subject: long(2000) }), 400, "subject"],
  "a very long type": [wrong({ type: long(2000) }), 400, "type"],
  "a number as datacontenttype": [wrong({ datacontenttype: 1 }), 400, "datacontenttype"],
  "a number as dataschema": [wrong({ dataschema: 1 }), 400, "dataschema"],
  "a dataschema that is no URI": [wrong({ dataschema: "a b" }), 400, "dataschema"],
  "an extension in capitals": [wrong({ Note: "x" }), 400, "Note"],
  "an extension with a dash": [wrong({ "my-ext": "x" }), 400, "my-ext"],
  "an extension without a name": [wrong({ "": "x" }), 400, ""],
  "a list as an extension": [wrong({ note: [1] }), 400, "note"],
  "an object as an extension": [wrong({ note: { a: 1 } }), 400, "note"],
  "a fraction as an extension": [wrong({ note: 1.5 }), 400, "note"],
  "an extension beyond 32 bits": [wrong({ priority: 4294967296 }), 400, "priority"],
  "a very long extension": [wrong({ note: long(2000) }), 400, "note"],
  "a control character in an extension": [wrong({ note: "a\u0007" }), 400, "note"],
  "data twice": [wrong({ data_base64: "e30=" }), 400, "data_base64"],
  "base64 that is none": [wrong({ data: undefined, data_base64: "!!" }), 400, "data_base64"],
  "a number as base64": [wrong({ data: undefined, data_base64: 5 }), 400, "data_base64"],
  "base64 of no JSON": [
    wrong({ data: undefined, datacontenttype: "application/json", data_base64: "eHg=" }),
    400,
    "data_base64",
  ],
  "a type that no rule knows": [wrong({ type: "order.lost" }), 422, "type"],
  "a fact's type": [wrong({ type: "Taken" }), 422, "type"],
  "the engine's own event": [wrong({ type: "subject-property-changed" }), 422, "type"],
  "a field that the type has not": [wrong({ data: { id: "x", qtty: 1 } }), 422, "data.qtty"],
  "a field of the wrong type": [wrong({ data: { id: "x", qty: "1" } }), 422, "data.qty"],
  "a fraction for an int": [wrong({ data: { id: "x", qty: 1.5 } }), 422, "data.qty"],
  "null for an int": [wrong({ data: { id: "x", qty: null } }), 422, "data.qty"],
  "a list for a string": [wrong({ data: { id: ["x"] } }), 422, "data.id"],
  "an object for a string": [wrong({ data: { id: {} } }), 422, "data.id"],
  "a missing field": [wrong({ data: {} }), 422, "data.id"],
  "no data at all": [wrong({ data: undefined }), 422, "data.id"],
  "data that are a text": [wrong({ data: "x" }), 422, "data.data"],
  "data that are a list": [wrong({ data: [1] }), 422, "data.data"],
  "the other form of files": [post({ event: "Ordered", data: { id: "x" } }), 400, "specversion"],
  "an input of hosts": [post({ kind: "insert", type: "Taken", fields: {} }), 400, "specversion"],
  "a list for an envelope": [post([envelope()]), 400, "body"],
  "a number for an envelope": [post("5"), 400, "body"],
  "no body": [post(""), 400, "body"],
  "half of a body": [post('{"specversion": "1.0", '), 400, "body"],
  "two bodies": [post(`${JSON.stringify(envelope())}{}`), 400, "body"],
  "a comment": [post("{/* */}"), 400, "body"],
  "a trailing comma": [post('{"a": 1,}'), 400, "body"],
  "single quotes": [post("{'a': 1}"), 400, "body"],
  NaN: [post(`{"a": NaN}`), 400, "body"],
  "a member twice": [post('{"specversion":"1.0","id":"1","id":"2"}'), 400, "body"],
  "half a surrogate": [post('{"specversion":"1.0","id":"\\ud800"}'), 400, "body"],
  "a number beyond all": [post(`{"specversion": 1e999}`), 400, "body"],
  "nesting without end": [post("[".repeat(50_000)), 400, "body"],
  "objects without end": [post('{"a":'.repeat(10_000)), 400, "body"],
  YAML: [post("specversion: '1.0'"), 400, "body"],
  "an object for a batch": [post(envelope(), batch), 400, "body"],
  "a list in a batch": [post([[envelope()]], batch), 400, "body"],
  "null in a batch": [post([null], batch), 400, "body"],
  "a wrong one in a batch": [post([envelope(), envelope({ id: "" })], batch), 400, "id"],
  "a batch that is too long": [post(Array(1001).fill(0), batch), 413, "body"],
  "no content type": [post(envelope(), null), 415, "content-type"],
  "JSON that is no envelope": [post(envelope(), "application/json"), 415, "content-type"],
  "an envelope in XML": [post("<a/>", "application/cloudevents+xml"), 415, "content-type"],
  "a form": [post("a=b", "application/x-www-form-urlencoded"), 415, "content-type"],
  "UTF-16": [post(envelope(), `${json}; charset=utf-16`), 415, "content-type"],
  "latin 1": [post(envelope(), `${json};charset="iso-8859-1"`), 415, "content-type"],
  "binary without a version": [
    binary("ce-id: 1\r\nce-source: /t\r\nce-type: order.placed\r\n"),
    400,
    "ce-specversion",
  ],
  "binary of another version": [binary(right.replace("1.0", "2.0")), 400, "ce-specversion"],
  "binary without an id": [binary(right.replace("ce-id: 1\r\n", "")), 400, "ce-id"],
  "binary with an empty id": [binary(right.replace("ce-id: 1", "ce-id:")), 400, "ce-id"],
  "binary with two ids": [binary(`${right}ce-id: 2\r\n`), 400, "ce-id"],
  "binary that cannot be decoded": [binary(`${right}ce-note: 50%\r\n`), 400, "ce-note"],
  "binary with %zz": [binary(`${right}ce-note: %zz\r\n`), 400, "ce-note"],
  "binary that is no UTF-8": [binary(`${right}ce-note: %ff%fe\r\n`), 400, "ce-note"],
  "binary with encoded controls": [binary(`${right}ce-note: a%0Ab\r\n`), 400, "ce-note"],
  "binary with the data in a header": [binary(`${right}ce-data: x\r\n`), 400, "ce-data"],
  "binary with the data's type": [
    binary(`${right}ce-datacontenttype: a/b\r\n`),
    400,
    "ce-datacontenttype",
  ],
  "binary with an odd name": [binary(`${right}ce-my_ext: x\r\n`), 400, "ce-my_ext"],
  "binary with a broken body": [binary(right, '{"id":'), 400, "data"],
  "binary with a text as number": [binary(`${right}ce-priority: high\r\n`), 422, "data.priority"],
  "binary with a text as data": [binary(right, "hello", "text/plain"), 422, "data.data"],
  "binary with bytes as data": [
    binary(right, "\u0001\u0002", "application/octet-stream"),
    422,
    "data.data",
  ],
  "events with arguments": [post(envelope()).replace("POST /", "POST /?a=b"), 400, "a"],
  "no HTTP": [head("HELLO"), 400, "request line"],
  TLS: [Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]), 400, "request line"],
  "binary rubbish": [Buffer.from([0, 1, 2, 3, 13, 10, 13, 10]), 400, "request line"],
  "a method with a slash": [head(`GE/T / HTTP/1.1\r\n${host}`), 400, "request line"],
  "no version": [head(`GET /\r\n${host}`), 400, "request line"],
  "HTTP/2 in clear": [head("PRI * HTTP/2.0"), 505, "request line"],
  "HTTP/1.2": [head(`GET / HTTP/1.2\r\n${host}`), 505, "request line"],
  "FTP/1.0": [head(`GET / FTP/1.0\r\n${host}`), 400, "request line"],
  "a path without a slash": [head(`GET facts HTTP/1.1\r\n${host}`), 400, "path"],
  "another server's address": [head(`GET http://a/ HTTP/1.1\r\n${host}`), 400, "path"],
  "two spaces in the line": [head(`GET  /facts HTTP/1.1\r\n${host}`), 400, "path"],
  "a path with raw bytes": [Buffer.from(get("/f\u00e4"), "latin1"), 400, "path"],
  "a path that cannot be decoded": [get("/%zz"), 400, "path"],
  "a zero byte in the path": [get("/a%00b"), 400, "path"],
  "a query that cannot be decoded": [get("/facts?type=%1"), 400, "query"],
  "a path that is too long": [get(`/${long(9000)}`), 414, "path"],
  "no host": [head("GET /facts HTTP/1.1"), 400, "host"],
  "two hosts": [get("/facts", "Host: localhost\r\n"), 400, "host"],
  "another host": [head("GET /facts HTTP/1.1\r\nHost: evil.example"), 421, "host"],
  "a space before the colon": [get("/facts", "X : y\r\n"), 400, "headers"],
  "a folded header": [get("/facts", "X: y\r\n z\r\n"), 400, "headers"],
  "a header without a colon": [get("/facts", "nonsense\r\n"), 400, "headers"],
  "a header without a name": [get("/facts", ": x\r\n"), 400, "headers"],
  "a control character in a header": [get("/facts", "X: a\u0001b\r\n"), 400, "x"],
  "a bare line feed in a header": [get("/facts", "X: a\nY: b\r\n"), 400, "x"],
  "a bare carriage return": [get("/facts", "X: a\rb\r\n"), 400, "x"],
  "headers that are too long": [get("/facts", `X: ${long(20_000)}\r\n`), 431, "headers"],
  "too many headers": [get("/facts", "X: y\r\n".repeat(200)), 431, "headers"],
  "a length that is no number": [get("/facts", "Content-Length: x\r\n"), 400, "content-length"],
  "a negative length": [get("/facts", "Content-Length: -1\r\n"), 400, "content-length"],
  "a length with a plus": [get("/facts", "Content-Length: +1\r\n"), 400, "content-length"],
  "a hexadecimal length": [get("/facts", "Content-Length: 0x1\r\n"), 400, "content-length"],
  "two lengths": [
    get("/facts", "Content-Length: 1\r\nContent-Length: 2\r\n"),
    400,
    "content-length",
  ],
  "a list of lengths": [get("/facts", "Content-Length: 1, 1\r\n"), 400, "content-length"],
  "a length beside chunks": [
    get("/facts", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
    400,
    "content-length",
  ],
  "a length beyond all": [
    get("/facts", `Content-Length: ${"9".repeat(30)}\r\n`),
    413,
    "content-length",
  ],
  "a body that is too long": [post(long(100_001)), 413, "content-length"],
  "a coding that is not read": [
    get("/facts", "Transfer-Encoding: gzip\r\n"),
    501,
    "transfer-encoding",
  ],
  "chunked twice": [
    get("/facts", "Transfer-Encoding: chunked, chunked\r\n"),
    501,
    "transfer-encoding",
  ],
  "a chunk without a size": [
    `${get("/facts", "Transfer-Encoding: chunked\r\n")}zz\r\n`,
    400,
    "body",
  ],
  "a chunk with no line break": [
    `${get("/facts", "Transfer-Encoding: chunked\r\n")}1\r\nabc\r\n`,
    400,
    "body",
  ],
  "a chunk beyond all": [
    `${get("/facts", "Transfer-Encoding: chunked\r\n")}ffffffffff\r\n`,
    400,
    "body",
  ],
  "chunks that are too long": [
    `${get("/facts", "Transfer-Encoding: chunked\r\n")}fffff\r\n`,
    413,
    "body",
  ],
  "a chunk line without end": [
    `${get("/facts", "Transfer-Encoding: chunked\r\n")}${"1".repeat(400)}`,
    400,
    "body",
  ],
  "a method that is not there": [head(`TRACE / HTTP/1.1\r\n${host}`), 405, "method"],
  CONNECT: [head(`CONNECT / HTTP/1.1\r\n${host}`), 405, "method"],
  "a preflight": [
    head(`OPTIONS / HTTP/1.1\r\n${host}\r\nOrigin: http://evil.example`),
    405,
    "method",
  ],
  "a place that is not there": [get("/../etc/passwd"), 404, "path"],
  "an encoded way up": [get("/%2e%2e/%2e%2e/etc/passwd"), 404, "path"],
  "a subject with a broken name": [get("/subjects/%ff"), 404, "path"],
  "properties that are no JSON": [head(`${device}\r\nContent-Length: 1`, "{"), 400, "body"],
  "properties that are a list": [head(`${device}\r\nContent-Length: 2`, "[]"), 400, "body"],
  "properties as a form": [
    head(`${device}\r\nContent-Type: text/plain\r\nContent-Length: 2`, "{}"),
    415,
    "content-type",
  ],
  "a property of the wrong type": [
    head(`${device}\r\nContent-Length: 13`, '{"tempc":"x"}'),
    422,
    "tempc",
  ],
  "rules of another kind": [
    head(`PUT /rules HTTP/1.1\r\n${host}\r\nContent-Type: image/png\r\nContent-Length: 1`, "x"),
    415,
    "content-type",
  ],
  "rules that are no list": [
    head(
      `PUT /rules HTTP/1.1\r\n${host}\r\nContent-Type: application/json\r\nContent-Length: 2`,
      "{}",
    ),
    400,
    undefined,
  ],
  "rules that are rubbish": [
    head(`PUT /rules HTTP/1.1\r\n${host}\r\nContent-Type: text/plain\r\nContent-Length: 3`, "???"),
    422,
    "body",
  ],
};

describe("wrong requests", () => {
  let unchanged;
  test("there are three hundred of them", () => {
    assert.ok(Object.keys({ ...cases, ...more }).length >= 300);
    assert.deepEqual(
      Object.keys(more).filter((name) => name in cases),
      [],
    );
  });
  for (const [name, [sent, status, field]] of Object.entries({ ...cases, ...more })) {
    test(name, async () => {
      unchanged ??= await state();
      const answer = answerOf(await raw(server.port, sent));
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      assert.equal(answer.body.status, status);
      assert.ok(answer.body.title.length > 0);
      if (field) assert.equal(answer.body.field, field, answer.body.title);
      const known = unchanged;
      unchanged = await state();
      assert.deepEqual(unchanged, known);
    });
  }
  test("afterwards the server is as well as before", async () => {
    assert.equal((await server.post(envelope())).status, 200);
    assert.equal((await server.all("/facts?type=Taken", "facts")).length, 1);
    assert.equal(server.child.exitCode, null);
  });
});

describe("clients that are slow, or many", () => {
  const opened = [];
  const open = (port, bytes = "") =>
    new Promise((done, failed) => {
      const socket = connect(port, "127.0.0.1", () => {
        if (bytes !== "") socket.write(bytes);
        done(socket);
      });
      socket.on("error", failed);
      opened.push(socket);
    });
  const closeAll = () => {
    for (const socket of opened.splice(0)) socket.destroy();
  };

  test("a request that does not come whole is ended with 408", async () => {
    const server = await serve(
      "--rules",
      "orders.rules",
      "--store",
      "late.journal",
      "--request-timeout",
      "50ms",
    );
    const text = await new Promise((done, failed) => {
      const socket = connect(server.port, "127.0.0.1", () => socket.write("GET /facts HT"));
      let said = "";
      socket.setEncoding("latin1");
      socket.on("data", (chunk) => {
        said += chunk;
      });
      socket.on("error", failed);
      socket.on("close", () => done(said));
    });
    const { status, body } = answerOf(text);
    assert.deepEqual([status, body.expected], [408, "within 50 ms"]);
  });

  test("what came of a request counts until it is whole, or its connection is gone", async () => {
    const server = await serve("--rules", "orders.rules", "--store", "held.journal");
    const held = async () =>
      Number(
        /^reticle_receiving_bytes (\d+)$/m.exec((await server.get("/metrics")).body)?.[1] ?? 0,
      );
    const request = post(long(10_000)).replace("close", "keep-alive");
    const slow = await open(server.port, get("/healthz").slice(0, -2).replace("close", "x"));
    const half = await open(server.port, request.slice(0, -1000));
    await eventually(held, (bytes) => bytes > 9000);
    half.destroy();
    await eventually(held, (bytes) => bytes > 0 && bytes < 1000);
    for (let i = 0; i < 3; i += 1) {
      slow.write("\r\n");
      assert.match(String((await once(slow, "data"))[0]), /^HTTP\/1.1 200 OK/);
      assert.equal(await held(), 0);
      slow.write(get("/healthz").slice(0, -2).replace("close", "x"));
      await eventually(held, (bytes) => bytes > 0);
    }
    closeAll();
  });

  test("when there are too many connections the longest idle one makes room", async () => {
    const few = await serve(
      "--rules",
      "orders.rules",
      "--store",
      "few.journal",
      "--max-connections",
      "5",
    );
    const ended = [];
    for (let i = 0; i < 20; i += 1) {
      const socket = await open(few.port);
      socket.on("close", () => ended.push(i));
      socket.resume();
    }
    assert.equal((await few.post(envelope())).status, 200);
    await eventually(
      () => ended.length,
      (count) => count >= 15,
    );
    assert.ok(ended.includes(0));
    closeAll();
  });

  test("a client that does not read its answers stops nobody", async () => {
    const many = Array.from({ length: 500 }, () => envelope());
    assert.equal((await server.post(many, batch)).status, 200);
    for (let i = 0; i < 20; i += 1) {
      const socket = await open(
        server.port,
        get("/facts").replace("close", "keep-alive").repeat(50),
      );
      socket.pause();
    }
    for (let i = 0; i < 20; i += 1) assert.equal((await server.post(envelope())).status, 200);
    closeAll();
  });
});
