// The handler for `createServer` of node:http. Node's own types are not needed: a page that loads
// this door loads nothing of Node.

import type { Engine } from "../engine.js";
import type { FetchHandler, HandlerOptions } from "./handler.js";
import { fetchHandler } from "./handler.js";
import { limitsOf } from "./limits.js";
import type { Problem } from "./problem.js";
import { problemResponse } from "./problem.js";

/** What is used of `http.IncomingMessage`. */
export interface NodeRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly rawHeaders: string[];
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
}
/** What is used of `http.ServerResponse`. */
export interface NodeResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body?: Uint8Array): unknown;
}
export type NodeHandler = (request: NodeRequest, response: NodeResponse) => void;

/**
 * The same as `fetchHandler` for Node: `createServer(nodeHandler(engine)).listen(8080,
 * "127.0.0.1")`. How long a request may take to come, and how long its headers may be, is decided
 * by the server's own options.
 */
export function nodeHandler(engine: Engine, options: HandlerOptions = {}): NodeHandler {
  const handler = fetchHandler(engine, options);
  const most = limitsOf(options.limits).body;
  return (request, response) => {
    void receive(request, most)
      .then((body) => (body === undefined ? undefined : answer(handler, request, body)))
      .then(async (answered) => {
        if (answered) await send(answered, response);
      })
      .catch((error: unknown) => {
        console.error("reticle: an answer could not be sent:", error);
      });
  };
}

async function send(answered: Response, response: NodeResponse): Promise<void> {
  const body = new Uint8Array(await answered.arrayBuffer());
  const headers = Object.fromEntries(answered.headers);
  // The answer to HEAD has no body, and does not say how long it would be.
  if (answered.body !== null) headers["content-length"] = String(body.length);
  response.writeHead(answered.status, headers);
  response.end(body);
}

/**
 * The body, or nothing when the request was cut off. One byte more than may come says that it is
 * too long; what follows is read and forgotten, so that the client comes to read the answer.
 */
function receive(request: NodeRequest, most: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const body = { chunks: [] as Uint8Array[], length: 0 };
    const whole = () => concatenated(body.chunks, Math.min(body.length, most + 1));
    request.on("data", (chunk) => {
      if (body.length > most) return;
      body.chunks.push(chunk);
      body.length += chunk.length;
      if (body.length > most) resolve(whole());
    });
    request.on("end", () => resolve(whole()));
    request.on("error", () => resolve(undefined));
    request.on("close", () => resolve(undefined));
  });
}

function concatenated(chunks: Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk.subarray(0, length - at), at);
    at += chunk.length;
  }
  return bytes;
}

async function answer(
  handler: FetchHandler,
  request: NodeRequest,
  body: Uint8Array,
): Promise<Response> {
  const { method = "GET", url = "" } = request;
  const read = readHead(request);
  if ("status" in read) return problemResponse(read);
  // Request does not let these in.
  if (["CONNECT", "TRACE", "TRACK"].includes(method)) {
    const title = `\`${method}\` means nothing here`;
    return problemResponse({ status: 405, title, field: "method", expected: "GET, POST, PUT" });
  }
  return handler(
    new Request(`http://${read.host}${url}`, {
      method,
      headers: read.headers,
      body: method === "GET" || method === "HEAD" ? null : new Uint8Array(body),
    }),
  );
}

/** Headers of which one alone is right: joined by commas two would look like another value. */
const isSingle = (name: string): boolean =>
  name.startsWith("ce-") || ["host", "content-type", "authorization"].includes(name);
/** How long the body is, and how it came, is known by now. */
const isPassedOver = (name: string): boolean =>
  ["connection", "keep-alive", "content-length", "transfer-encoding", "expect", "upgrade"].includes(
    name,
  );

function readHead({ url = "", rawHeaders }: NodeRequest): Problem | HeadOfRequest {
  const headers = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? "").toLowerCase();
    if (isPassedOver(name)) continue;
    if (isSingle(name) && headers.has(name)) return wrong(`\`${name}\` stands twice`, name, "once");
    headers.append(name, rawHeaders[i + 1] ?? "");
  }
  // HTTP/1.0 needs no host; a name that nobody has is refused where the host is asked for.
  const host = headers.get("host") ?? "none.invalid";
  if (!/^(\[[0-9a-fA-F:.]+\]|[\w.-]+)(:\d{1,5})?$/.test(host))
    return wrong("this is no host", "host", "a name, and a port");
  if (!url.startsWith("/") || !URL.canParse(`http://${host}${url}`))
    return wrong("the path cannot be read", "path", "`/` and what follows it");
  return { host, headers };
}

interface HeadOfRequest {
  host: string;
  headers: Headers;
}

const wrong = (title: string, field: string, expected: string): Problem => ({
  status: 400,
  title,
  field,
  expected,
});
