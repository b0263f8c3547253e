// Rules, an engine and a server for the tests of the door `reticle/http`.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { open } from "reticle";
import { fetchHandler, nodeHandler } from "reticle/http";

export const orders = `module http.orders
subject Device as "device|{id}" { key id: string  tempc: double?  place: string = "shed" }
subject Counter as "counter|{id}" { key id: string  n: int = 0 }
event Ordered as "order.placed" { id: string  qty: int = 1  note: string?  priority: int? }
event Measured as "device.measured" { tempc: double }
event Increment as "increment" { by: int }
fact Taken { id: string  qty: int  note: string?  priority: int? }
fact Big { key id: string }
rule "take an order"
on e: Ordered
then { insert Taken{id: e.id, qty: e.qty, note: e.note, priority: e.priority} }
rule "a big one"
when { o: Taken(qty > 100) }
then { insert logical Big{id: o.id} }
rule "measure"
on e: Measured at d: Device
then { set d.tempc = e.tempc }
rule "count"
on e: Increment at c: Counter
then { set c.n = c.n + e.by }
query takenWith(least: int) { t: Taken(qty >= least) }
`;

export const json = "application/cloudevents+json";
export const batch = "application/cloudevents-batch+json";

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

const textOf = (body) => (typeof body === "string" ? body : JSON.stringify(body));
export const post = (body, type = json, headers = {}) => ({
  method: "POST",
  body: body instanceof Uint8Array ? body : textOf(body),
  headers: type === null ? headers : { "content-type": type, ...headers },
});

export const put = (properties, method = "PUT") => ({
  method,
  body: textOf(properties),
  headers: { "content-type": "application/json" },
});

/** An engine behind a Fetch handler, asked without a network. */
export async function fetching(t, { engine: options = {}, rules = orders, ...handler } = {}) {
  const engine = await open(rules, options);
  t.after(() => engine.close());
  const handle = fetchHandler(engine, handler);
  const ask = async (path, init = {}) => {
    const url = path.startsWith("http") ? path : `http://localhost${path}`;
    const response = await handle(new Request(url, init));
    return answerOf(response);
  };
  return { engine, ask, send: (...what) => ask("/", post(...what)) };
}

async function answerOf(response) {
  const text = await response.text();
  const { status, headers } = response;
  return { status, headers, body: text === "" ? text : JSON.parse(text) };
}

/** The same behind Node's server, asked over a socket. */
export async function serving(t, { engine: options = {}, ...handler } = {}) {
  const engine = await open(orders, options);
  const server = createServer(nodeHandler(engine, handler));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    engine.close();
  });
  const { port } = server.address();
  const url = `http://127.0.0.1:${port}`;
  const ask = async (path, init) => answerOf(await fetch(url + path, init));
  return { engine, port, url, ask, send: (...what) => ask("/", post(...what)) };
}

/** A store in memory whose appends wait until they are let go. */
export function heldStore() {
  const waiting = [];
  const seen = [];
  const store = {
    appended: 0,
    isHeld: false,
    fails: false,
    read: () => new Uint8Array(),
    async append() {
      for (const wake of seen.splice(0)) wake();
      if (store.isHeld) await new Promise((go) => waiting.push(go));
      if (store.fails) throw new Error("the disk is full");
      store.appended += 1;
    },
    truncate() {},
    close() {},
    release() {
      store.isHeld = false;
      for (const go of waiting.splice(0)) go();
    },
    /** The next append has begun. */
    asked: () => new Promise((wake) => seen.push(wake)),
  };
  return store;
}

export function isProblem({ status, headers, body }, expected, field) {
  assert.equal(status, expected, JSON.stringify(body));
  assert.match(headers.get("content-type"), /^application\/problem\+json/);
  assert.equal(body.status, expected);
  assert.ok(body.title.length > 0);
  if (field !== undefined) assert.equal(body.field, field, body.title);
}
