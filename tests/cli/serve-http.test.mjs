// `reticle serve` and HTTP itself: requests in pieces, and what stays of one for the next.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { before, describe, test } from "node:test";
import { answerOf, envelope, eventually, gauge, orders, raw, serving } from "./serving.mjs";

const { serve, write } = serving();
let server;
before(async () => {
  write("orders.rules", orders);
  const words = ["--rules", "orders.rules", "--store", "http.journal"];
  server = await serve(...words, "--max-body", "100000000");
});

const json = "application/cloudevents+json";
const held = () => gauge(server, "reticle_receiving_bytes");

// Sends pieces, each when the one before it was read; returns what the server says until it closes.
// `sizes`: how many bytes the server holds after each piece but the last; a text: what it has said
// by then.
async function inPieces(pieces, sizes) {
  const socket = connect(server.port, "127.0.0.1");
  socket.setNoDelay(true);
  let said = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    said += chunk;
  });
  const closed = new Promise((done, failed) => {
    socket.on("close", done);
    socket.on("error", failed);
  });
  for (const [i, piece] of pieces.entries()) {
    socket.write(piece);
    if (i >= sizes.length) continue;
    const size = sizes[i];
    if (typeof size === "number") await eventually(held, (bytes) => bytes === size);
    else
      await eventually(
        async () => said,
        (text) => text.includes(size),
      );
  }
  await closed;
  return said;
}

describe("a request in pieces", () => {
  test("a line of a chunked body may be cut in its end", async () => {
    const body = JSON.stringify(envelope());
    const head =
      "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
      `Content-Type: ${json}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const size = body.length.toString(16);
    const all = `${head}${size}\r\n${body}\r\n0\r\n\r\n`;
    // Behind each carriage return of the body's frame.
    const cuts = [];
    for (let at = head.length; at < all.length; at += 1) if (all[at] === "\r") cuts.push(at + 1);
    assert.equal(cuts.length, 4);
    for (const cut of cuts) {
      const before = all.slice(head.length, cut);
      // The frame of the body is not kept, but for the line that is not whole.
      const line = before.slice(before.lastIndexOf("\n") + 1);
      const whole = before.length > size.length + body.length + 2;
      const kept = (whole ? body.length : 0) + (line.startsWith("{") ? 1 : line.length);
      const answer = answerOf(await inPieces([all.slice(0, cut), all.slice(cut)], [kept]));
      assert.equal(answer.status, 200, `cut at ${cut}: ${JSON.stringify(answer.body)}`);
    }
  });

  test("the end of a line that does not go on as one is refused", async () => {
    const head =
      "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
      `Content-Type: ${json}\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const answer = answerOf(await inPieces([`${head}1\r\nx\r`, "x"], [2]));
    assert.deepEqual([answer.status, answer.body.field], [400, "body"]);
  });
});

describe("one request after another", () => {
  test("who has sent the body is not told to go on, neither then nor later", async () => {
    const body = JSON.stringify(envelope());
    const get = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    const post =
      `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${json}\r\n` +
      `Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const said = await inPieces([post + get.slice(0, 20), get.slice(20)], [20]);
    assert.deepEqual(said.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 200", "HTTP/1.1 200"]);
  });

  test("who waits to be told is told once", async () => {
    const body = JSON.stringify(envelope());
    const head =
      "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
      `Content-Type: ${json}\r\nExpect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`;
    const half = body.length - 5;
    const pieces = [head, body.slice(0, half), body.slice(half)];
    const said = await inPieces(pieces, ["HTTP/1.1 100", half]);
    assert.deepEqual(said.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 100", "HTTP/1.1 200"]);
  });

  test("every `connection` header counts", async () => {
    const head = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: keep-alive\r\n";
    const said = await raw(server.port, `${head}Connection: x, Close\r\n\r\n${head}\r\n`);
    assert.equal(said.match(/HTTP\/1\.1 \d+/g).length, 1);
    assert.match(said, /\r\nConnection: close\r\n/);
  });
});

test("a body in many small chunks costs about what its bytes cost", async () => {
  const ticks = () => {
    const stat = readFileSync(`/proc/${server.child.pid}/stat`, "latin1");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[11]);
  };
  const cost = async (chunk) => {
    const begun = ticks();
    const head = "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    const said = await raw(server.port, [
      `${head}Content-Type: text/x\r\nTransfer-Encoding: chunked\r\n\r\n`,
      chunk.repeat(12_000_000 / chunk.length),
      "0\r\n\r\n",
    ]);
    assert.equal(answerOf(said).status, 415);
    return ticks() - begun;
  };
  // The same number of bytes; in user time, hundredths of a second.
  const large = await cost(`ea56\r\n${"x".repeat(59_990)}\r\n`);
  const small = await cost("1\r\nx\r\n");
  assert.ok(small < 30 * (large + 4), `${small} against ${large}`);
});

describe("content types", () => {
  const put = (type, body = '{"tempc": 1.5}', path = "/subjects/device%7Ct") =>
    server.ask("PUT", path, { body, headers: { "content-type": type } });

  test("are read without regard to case, and whole", async () => {
    for (const type of ["Application/JSON; charset=UTF-8", "application/merge-patch+json"]) {
      assert.ok([200, 201].includes((await put(type)).status), type);
    }
    for (const type of ["application/jsonx", "application/json; charset=latin1", "text/plain"]) {
      const { status, body } = await put(type);
      assert.deepEqual([status, body.field], [415, "content-type"], type);
    }
    for (const type of ["text/plainer", "text/plain; charset=utf-16", "application/json-seq"]) {
      const { status, body } = await put(type, orders, "/rules");
      assert.deepEqual([status, body.field], [415, "content-type"], type);
    }
    assert.equal((await put("Text/Plain;charset=utf-8", orders, "/rules")).status, 200);
  });
});
