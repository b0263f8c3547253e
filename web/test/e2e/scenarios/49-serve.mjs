// A running `reticle serve --trace`, followed read-only, behind one address with the page: as a
// host puts the two together under a strict policy.

import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, currentAddress, rest, tab, unpack, until, writeRules } from "../parts.mjs";

export const number = 49;
export const title =
  "attach: a running reticle serve is followed as it goes on, and again where it broke off";

const rules = `event Ordered as "order.placed" { id: string  qty: int }
fact Taken { key id: string  qty: int }
fact Big { key id: string }
rule "take an order" on e: Ordered then { insert Taken{id: e.id, qty: e.qty} }
rule "a big one" when { o: Taken(qty > 100) } then { insert logical Big{id: o.id} }
`;

export async function run({ open, site, native }) {
  const folder = await mkdtemp(join(tmpdir(), "reticle-serve-"));
  const front = await frontOf(site.url);
  let server = null;
  try {
    const { page } = await open({ origin: front.url, address: "#new" });
    await writeRules(page, rules);
    const { files } = await unpack(await currentAddress(page));
    await writeFile(join(folder, "orders.rules"), files[0].text);
    server = await serve(native, folder);
    front.live = server.url;
    await followed(page, server, front);
  } finally {
    server?.child.kill("SIGKILL");
    await server?.ended;
    await front.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function followed(page, server, front) {
  const order = orders(server.url);
  await order("a", 3);
  await order("b", 300);
  await tab(page, "inputs").click();
  await page.getByRole("button", { name: "Follow a trace …" }).click();
  await page.getByLabel("Address").fill("/trace?from=start");
  await page.keyboard.press("Enter");
  await page.locator(".banner", { hasText: "followed, read-only" }).waitFor();
  await showsFacts(page, server, 2);
  assert.equal(await page.locator(".bar-mode").textContent(), "trace stream, read-only");

  await order("c", 500);
  await showsFacts(page, server, 3);
  await page.locator(".banner", { hasText: /\d+ records so far/ }).waitFor();

  front.cut();
  await order("d", 7);
  await showsFacts(page, server, 4);
  const [first, second] = front.asked;
  assert.equal(first, undefined);
  assert.match(String(second), /^\d+(\.\d+)+$/, "asked for what comes after the last one it had");
  // Nothing twice and nothing missing: the moments are counted by records.
  const all = await recordsOf(server.url, "d");
  await until(page, "as many records as there", (n) => window.reticle.record() === n, all.length);

  await page.getByRole("button", { name: "Back to the session" }).click();
  await rest(page);
  assert.equal(await page.evaluate(() => window.reticle.mode()), "live");
  await tab(page, "facts").click();
  await until(page, "its own facts", () => !document.querySelector('[data-pane="facts"] tbody tr'));
}

/** The facts that the page shows are those the server answers with. */
async function showsFacts(page, server, count) {
  await tab(page, "facts").click();
  const rowsOf = (type) =>
    page.getByRole("table", { name: `Facts of type ${type}` }).locator("tbody tr");
  await rowsOf("Taken")
    .nth(count - 1)
    .waitFor();
  for (const type of ["Taken", "Big"]) {
    const { facts } = await (await fetch(`${server.url}/facts?type=${type}`)).json();
    const there = facts.map(({ fields }) => Object.values(fields).map(String));
    await rowsOf(type)
      .nth(there.length - 1)
      .waitFor();
    const cells = await rowsOf(type).evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll(".facts-cell")].map((each) => each.textContent)),
    );
    assert.deepEqual(cells, there, type);
  }
}

const orders = (url) => async (id, qty) => {
  const event = { specversion: "1.0", id, source: "/tests", type: "order.placed" };
  const response = await fetch(`${url}/events`, {
    method: "POST",
    headers: { "content-type": "application/cloudevents+json" },
    body: JSON.stringify({ ...event, data: { id, qty } }),
  });
  assert.deepEqual(await response.json(), { accepted: 1 });
};

/** All records until the one that ends the turn of an order. */
async function recordsOf(url, id) {
  const end = new AbortController();
  const { body } = await fetch(`${url}/trace?from=start`, { signal: end.signal });
  const found = [];
  let text = "";
  let hasCome = false;
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const events = text.split("\n\n");
    text = events.pop();
    for (const event of events) {
      const data = /^data: (.*)$/m.exec(event)?.[1];
      if (data) found.push(JSON.parse(data));
    }
    hasCome ||= found.some(({ kind, fields }) => kind === "assert" && fields.id === id);
    if (hasCome && found.at(-1).kind === "settled") break;
  }
  end.abort();
  return found;
}

async function serve(command, folder) {
  const words = ["serve", "--port", "0", "--rules", "orders.rules", "--store", "j", "--trace"];
  const child = spawn(command, words, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((done) => {
    child.once("exit", done);
  });
  child.stdout.setEncoding("utf8");
  let said = "";
  for await (const piece of child.stdout.iterator({ destroyOnReturn: false })) {
    said += piece;
    const found = /^listening on (http:\/\/[\d.]+:\d+)\//m.exec(said);
    if (found) {
      child.stdout.resume();
      return { child, ended, url: found[1] };
    }
  }
  throw new Error(`reticle serve ended: ${said}`);
}

/** One address for the page and the trace; `cut` ends the connections of the trace. */
async function frontOf(site) {
  const traces = new Set();
  const front = { live: "", asked: [] };
  const server = createServer((asked, answer) => {
    const isTrace = asked.url.startsWith("/trace");
    if (isTrace) {
      front.asked.push(asked.headers["last-event-id"]);
      traces.add(answer);
    }
    const url = new URL(asked.url, isTrace ? front.live : site);
    const headers = { ...asked.headers, host: url.host };
    const behind = request(url, { method: asked.method, headers }, (response) => {
      answer.writeHead(response.statusCode, response.headers);
      answer.flushHeaders();
      response.pipe(answer);
    });
    behind.on("error", () => answer.destroy());
    answer.on("close", () => {
      traces.delete(answer);
      behind.destroy();
    });
    asked.pipe(behind);
  });
  await new Promise((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  return Object.assign(front, {
    url: `http://127.0.0.1:${server.address().port}/`,
    cut() {
      for (const answer of traces) answer.end();
    },
    close() {
      server.closeAllConnections();
      return new Promise((closed) => {
        server.close(closed);
      });
    },
  });
}
