// Serves one folder of files on this machine only, as strictly as a careful host would: the
// playground runs under the content security policy below, in `tools/play` and in the browser tests
// alike.
//
// From the command line:  node tools/serve.mjs FOLDER [PORT] [--docs FOLDER] [--open]
//   Without PORT it is 4173 or the next port that is free; --docs names the folder that is served
//   under /docs/; --open shows the page in a browser.
// From a script:          const { port, close } = await serve("web/dist", 0, "docs/dist");
//   Port 0 is any free port.

import { spawn } from "node:child_process";
import { readFile, realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Nothing but the page itself: no foreign script, no inline script, no frame around it. */
const policy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "base-uri 'none'",
  "object-src 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** By the end of a file's name; what is not here is sent as bytes. */
const types = {
  ".css": "text/css; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".rules": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
  ".yaml": "application/yaml; charset=utf-8",
};

/** The file an address names, or undefined when there is none inside `root`. */
async function findFile(root, address) {
  let path;
  try {
    path = decodeURIComponent(address.split(/[?#]/, 1)[0]);
  } catch {
    return undefined;
  }
  if (path.includes("\0") || path.includes("\\")) return undefined;
  const wanted = join(root, path.endsWith("/") ? `${path}index.html` : path);
  // The real path, so that neither `..` nor a link leads out of the folder.
  const file = await realpath(wanted).catch(() => undefined);
  if (!file?.startsWith(root + sep)) return undefined;
  const found = await stat(file);
  return found.isFile() ? { file, changed: found.mtimeMs, size: found.size } : undefined;
}

/** What is already compressed is sent as it is. */
const packed = new Set([".jpg", ".png", ".woff", ".woff2"]);
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
const encoders = {
  br: (bytes) => promisify(brotliCompress)(bytes, quality),
  gzip: (bytes) => promisify(gzip)(bytes),
};

/** The best encoding that the browser takes; none for what would not become smaller. */
function encodingFor(request, { file, size }) {
  if (packed.has(extname(file).toLowerCase()) || size < 1_000) return undefined;
  const taken = String(request.headers["accept-encoding"] ?? "")
    .split(",")
    .filter((each) => !/;\s*q=0(\.0*)?\s*$/.test(each))
    .map((each) => each.split(";", 1)[0].trim());
  return Object.keys(encoders).find((name) => taken.includes(name));
}

/**
 * Bodies by file and encoding, so that each is compressed once. A file that was built again is
 * another one: its time says so.
 */
const bodies = new Map();
function bodyOf({ file, changed, size }, encoding) {
  const key = `${file} ${encoding ?? ""}`;
  const known = bodies.get(key);
  if (known?.changed === changed && known.size === size) return known.bytes;
  const read = readFile(file);
  const bytes = encoding ? read.then(encoders[encoding]) : read;
  bodies.set(key, { changed, size, bytes });
  bytes.catch(() => bodies.delete(key));
  return bytes;
}

const docsPath = "/docs/";

/** The documentation is a folder of its own, mounted below the page. */
function findBelow({ root, docs }, address) {
  return docs && address.startsWith(docsPath)
    ? findFile(docs, address.slice(docsPath.length - 1))
    : findFile(root, address);
}

/** Answers one request: a file, or a page that says why there is none. */
async function answer(folders, request, response) {
  response.setHeader("Content-Security-Policy", policy);
  response.setHeader("X-Content-Type-Options", "nosniff");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return refuse(response, 405, "405: only reading is possible here");
  }
  const found = await findBelow(folders, request.url ?? "/");
  if (!found) return refuse(response, 404, "404: there is no such page");
  const encoding = encodingFor(request, found);
  const tag = `"${Math.round(found.changed)}-${found.size}${encoding ? `-${encoding}` : ""}"`;
  response.setHeader("ETag", tag);
  response.setHeader("Vary", "Accept-Encoding");
  // The name of a built asset holds a hash of what is in it, so it never changes. Anything else may
  // have been built again since: the browser asks each time.
  const isNamedByHash = /\/assets\/[^/]*-[\w-]{8}\.\w+$/.test(found.file);
  const fresh = isNamedByHash ? "public, max-age=31536000, immutable" : "no-cache";
  response.setHeader("Cache-Control", fresh);
  if (request.headers["if-none-match"] === tag) return response.writeHead(304).end();
  const body = await bodyOf(found, encoding);
  if (encoding) response.setHeader("Content-Encoding", encoding);
  response.writeHead(200, {
    "Content-Type": types[extname(found.file).toLowerCase()] ?? "application/octet-stream",
    "Content-Length": body.length,
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

function refuse(response, status, text) {
  response.writeHead(status, { "Content-Type": types[".html"], "Cache-Control": "no-store" });
  response.end(
    `<!doctype html><title>${text}</title><h1>${text}</h1>` +
      '<p><a href="/">Reticle playground</a></p>\n',
  );
}

/**
 * Serves `root` on 127.0.0.1, and `docs` below it if there is one; resolves, once listening, to the
 * port, the address and a way to stop.
 */
export async function serve(root, port = 0, docs = undefined) {
  const folders = {
    root: await realpath(resolve(root)),
    docs: docs === undefined ? undefined : await realpath(resolve(docs)),
  };
  const server = createServer((request, response) => {
    answer(folders, request, response).catch(() => response.destroy());
  });
  await new Promise((listening, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", listening);
  });
  const { port: actual } = server.address();
  const close = () =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { port: actual, url: `http://127.0.0.1:${actual}/`, close };
}

/** As `serve`, on the first free port from `port` on. */
async function serveOnNextFree(root, port, docs) {
  for (let next = port; next < port + 100; next++) {
    try {
      return await serve(root, next, docs);
    } catch (error) {
      if (error.code !== "EADDRINUSE") throw error;
    }
  }
  throw new Error(`no free port from ${port} to ${port + 99}`);
}

const usage = "usage: node tools/serve.mjs FOLDER [PORT] [--docs FOLDER] [--open]";

async function main(args) {
  if (args.includes("--help") || args.includes("-h")) return console.log(usage);
  const at = args.indexOf("--docs");
  const docs = at < 0 ? undefined : (args[at + 1] ?? "");
  const words = at < 0 ? args : args.filter((_, place) => place !== at && place !== at + 1);
  const [folder, port, ...more] = words.filter((arg) => arg !== "--open");
  if (!folder || docs === "" || more.length || !(port === undefined || isPort(port))) {
    console.error(usage);
    process.exit(2);
  }
  try {
    const { url } =
      port === undefined
        ? await serveOnNextFree(folder, 4173, docs)
        : await serve(folder, Number(port), docs);
    console.log(`Reticle playground: ${url}`);
    if (args.includes("--open")) openInBrowser(url);
  } catch (error) {
    const reasons = { EADDRINUSE: `port ${port} is taken`, ENOENT: `there is no folder ${folder}` };
    console.error(`tools/serve: ${reasons[error.code] ?? error.message}`);
    process.exit(1);
  }
}

const isPort = (text) => /^\d+$/.test(text) && Number(text) <= 65535;

/** As the desktop does it; where there is none, the printed address has to do. */
function openInBrowser(url) {
  spawn("xdg-open", [url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
}

// Run, not imported; the path may lead through a link.
if (process.argv[1] && import.meta.url === pathToFileURL(await realpath(process.argv[1])).href) {
  await main(process.argv.slice(2));
}
