// What the tests of `reticle serve` share: rules, a server that runs, and requests to it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { join } from "node:path";
import { after } from "node:test";
import { top, workshop } from "./support.mjs";

/** The packages of npm that only tests need are installed for the package in wasm/. */
export const packages = createRequire(join(top, "wasm/package.json"));

export const orders = `module serving.orders
subject Device as "device|{id}" { key id: string  tempc: double?  place: string = "shed" }
event Ordered as "order.placed" { id: string  qty: int = 1  note: string?  priority: int? }
event Measured as "device.measured" { tempc: double }
event Accepted as "order.accepted" { id: string }
fact Taken { id: string  qty: int  note: string?  priority: int? }
fact Big { key id: string }
rule "take an order"
on e: Ordered
then {
  insert Taken{id: e.id, qty: e.qty, note: e.note, priority: e.priority}
  emit Accepted{id: e.id}
}
rule "a big one"
when { o: Taken(qty > 100) }
then { insert logical Big{id: o.id} }
rule "measure"
on e: Measured at d: Device
then { set d.tempc = e.tempc }
query takenWith(least: int) { t: Taken(qty >= least) }
`;

/** A folder of its own, and servers in it that are stopped when the tests of the file end. */
export function serving() {
  const folder = workshop();
  const running = new Set();
  after(async () => {
    for (const server of running) server.child.kill("SIGKILL");
    await Promise.all([...running].map((server) => server.ended));
  });
  return {
    ...folder,
    /** Started with a port of its own, and answering. */
    serve: (...words) => serveIn({}, ...words),
    /** The same with further variables in its environment. */
    serveIn,
  };

  async function serveIn(environment, ...words) {
    const run = folder.startIn(environment, "serve", "--port", "0", ...words);
    running.add(run);
    run.ended.then(() => running.delete(run));
    let said;
    try {
      said = await run.until("^listening on http://.*\n");
    } catch (error) {
      await run.ended;
      error.message += `\n${await run.untilError("[^]*").catch(() => "")}`;
      throw error;
    }
    const port = Number(/:(\d+)\//.exec(said)[1]);
    return { ...run, port, said, ...requestsTo(`http://127.0.0.1:${port}`) };
  }
}

function requestsTo(url) {
  async function ask(method, path, options = {}) {
    const response = await fetch(url + path, { method, ...options });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const body = isJson && text !== "" ? JSON.parse(text) : text;
    return { status: response.status, body, headers: response.headers };
  }
  return {
    url,
    ask,
    get: (path) => ask("GET", path),
    post: (body, type = "application/cloudevents+json", headers = {}) =>
      ask("POST", "/", {
        body: typeof body === "string" ? body : JSON.stringify(body),
        headers: { "content-type": type, ...headers },
      }),
    /** Everything of a list, page by page. */
    async all(path, name) {
      const items = [];
      for (let next; ; ) {
        const mark = path.includes("?") ? "&" : "?";
        const page = next === undefined ? path : `${path}${mark}after=${encodeURIComponent(next)}`;
        const { status, body } = await ask("GET", page);
        assert.equal(status, 200, JSON.stringify(body));
        items.push(...body[name]);
        if (body.next === undefined) return items;
        next = body.next;
      }
    },
  };
}

/** What `/metrics` says of a gauge, or of a counter without labels. */
export async function gauge(server, name) {
  const { status, body } = await server.get("/metrics");
  assert.equal(status, 200);
  return Number(new RegExp(`^${name} (\\d+)$`, "m").exec(body)?.[1] ?? 0);
}

let made = 0;
/** An envelope that is right; the changes are laid over it, `undefined` takes a member away. */
export function envelope(changes = {}) {
  made += 1;
  return {
    specversion: "1.0",
    id: `t${made}`,
    source: "/tests",
    type: "order.placed",
    data: { id: `o${made}`, qty: 2 },
    ...changes,
  };
}

/** Asks until the answer is as wished. There is no limit here: the runner has one. */
export async function eventually(look, isRight) {
  for (;;) {
    const found = await look();
    if (isRight(found)) return found;
    await new Promise((next) => setImmediate(next));
  }
}

/** Bytes (or several of them) to the server, and everything it says until it closes. */
export function raw(port, bytes) {
  return new Promise((done, failed) => {
    const socket = connect(port, "127.0.0.1", () => {
      for (const each of Array.isArray(bytes) ? bytes : [bytes]) socket.write(each);
      socket.end();
    });
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", failed);
    socket.on("close", () => done(text));
  });
}

/** The status and the JSON of a raw answer. */
export function answerOf(text) {
  const status = Number(/^HTTP\/1\.1 (\d+) /.exec(text)?.[1]);
  const body = text.slice(text.indexOf("\r\n\r\n") + 4);
  return { status, body: body.startsWith("{") ? JSON.parse(body) : body };
}

/** A server of ours that others post to; `answer(request, count)` returns `{status, body}`. */
export async function receiver(answer) {
  const got = [];
  const waiting = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", async () => {
      const one = { url: request.url, headers: request.headers, body: JSON.parse(body) };
      got.push(one);
      for (const wake of waiting.splice(0)) wake();
      const said = (await answer(one, got.length)) ?? { status: 204 };
      response.writeHead(said.status, { "content-type": "application/json" });
      response.end(said.body === undefined ? undefined : JSON.stringify(said.body));
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    got,
    async until(isRight) {
      while (!isRight(got)) await new Promise((wake) => waiting.push(wake));
      return got;
    },
  };
}
