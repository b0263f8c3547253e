// The server of `tools/play`: what it sends is compressed, and kept by the browser.

import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { assert } from "../parts.mjs";

export const number = 41;
export const title =
  "the server: compressed, cached by name or asked for with its tag, never stale";

export async function run({ site }) {
  const page = (await get(site.url)).body.toString();
  const script = page.match(/src="\.\/(assets\/[^"]+\.js)"/)[1];
  const file = new URL(`../../../dist/${script}`, import.meta.url);
  const plain = await get(site.url + script);
  assert.deepEqual(plain.body, await readFile(file));
  assert.equal(plain.headers["content-encoding"], undefined);

  const brotli = await get(site.url + script, { "accept-encoding": "gzip, deflate, br, zstd" });
  assert.equal(brotli.headers["content-encoding"], "br");
  assert.deepEqual(brotliDecompressSync(brotli.body), plain.body);
  assert.ok(brotli.body.length < plain.body.length / 2, "less than half is sent");
  const gzip = await get(site.url + script, { "accept-encoding": "gzip, br;q=0" });
  assert.equal(gzip.headers["content-encoding"], "gzip");
  assert.deepEqual(gunzipSync(gzip.body), plain.body);
  assert.notEqual(gzip.headers.etag, brotli.headers.etag, "each form has a tag of its own");
  assert.match(brotli.headers.vary, /accept-encoding/i);

  assert.match(brotli.headers["cache-control"], /immutable/, "the name holds a hash");
  const first = await get(site.url, { "accept-encoding": "br" });
  assert.equal(first.headers["cache-control"], "no-cache", "the page is asked for each time");
  const again = await get(site.url, {
    "accept-encoding": "br",
    "if-none-match": first.headers.etag,
  });
  assert.deepEqual([again.status, again.body.length], [304, 0], "and not sent again");
  const gone = await get(`${site.url}nothing-00000000.js`);
  assert.deepEqual([gone.status, gone.headers["cache-control"]], [404, "no-store"]);
}

/** As a browser asks, but without its cache and its decoding. */
function get(address, headers = {}) {
  return new Promise((settle, fail) => {
    request(address, { headers }, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () =>
        settle({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    })
      .on("error", fail)
      .end();
  });
}
