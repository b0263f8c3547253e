// Requests to an engine, in the form of Fetch: Deno, Bun, workers, and Node by way of node.ts.

import type { Engine } from "../engine.js";
import { mediaType, readBody, readJson } from "./body.js";
import { readEnvelopes } from "./envelopes.js";
import { takeEvents } from "./events.js";
import type { GuardOptions } from "./guard.js";
import { checkToken, guard } from "./guard.js";
import type { Limits } from "./limits.js";
import { limitsOf } from "./limits.js";
import { broken, json, problemOf, problemResponse, refuse } from "./problem.js";
import { Turns } from "./turns.js";
import { viewAt } from "./views.js";

export interface HandlerOptions extends GuardOptions {
  limits?: Partial<Limits>;
  /** Data of events that no field is for are passed over, not refused. Default false. */
  ignoreUnknown?: boolean;
}

export type FetchHandler = (request: Request) => Promise<Response>;

/**
 * Answers HTTP requests with an engine: CloudEvents by `POST /` and `/events`, and questions. What
 * changes something is answered after the engine has settled and its store has the entries;
 * requests that come together share that. One handler for an engine; it does not close it.
 *
 * @returns a function that never rejects: what is wrong is `application/problem+json`.
 * @throws RangeError for limits and tokens that make no sense.
 */
export function fetchHandler(engine: Engine, options: HandlerOptions = {}): FetchHandler {
  checkToken(options);
  const limits = limitsOf(options.limits);
  const service = { engine, options, limits, turns: new Turns(engine, limits.queue) };
  return async (request) => {
    const response = await answer(service, request).catch(failed);
    return request.method === "HEAD" ? new Response(null, response) : response;
  };
}

interface Service {
  engine: Engine;
  options: HandlerOptions;
  limits: Limits;
  turns: Turns;
}

function failed(error: unknown): Response {
  try {
    return problemResponse(problemOf(error));
  } catch {
    console.error("reticle: a request failed:", error);
    return problemResponse({ status: 500, title: "this failed here; the server's log says how" });
  }
}

async function answer(service: Service, request: Request): Promise<Response> {
  const url = new URL(request.url);
  guard(request, url, service.options);
  const path = pathOf(url);
  const asked = methodOf(request, path);
  if (asked === "events") return events(service, request, url);
  if (asked === "change") return setSubject(service, request, url, path);
  if (path === "/healthz") return health(service);
  const view = viewAt(path);
  const body = await service.turns.take(() => view?.(service.engine, url.searchParams), {
    isQuestion: true,
  });
  return json(body);
}

/** Of path and query, in characters. */
const targetLength = 8_192;

function pathOf(url: URL): string {
  if (url.pathname.length + url.search.length > targetLength)
    refuse(414, "the path is too long", "path", `at most ${targetLength} bytes`);
  if (/%(?![0-9a-fA-F]{2})/.test(url.search))
    refuse(400, "the query cannot be decoded", "query", "`%` and two hexadecimal digits");
  const path = decoded(url.pathname);
  if (path === undefined || path.includes("\0"))
    return refuse(400, "the path cannot be decoded", "path", "UTF-8, percent-encoded");
  return path;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** By the path alone, then by the method. @throws Refusal */
function methodOf({ method }: Request, path: string): "events" | "change" | "question" {
  const isEvents = path === "/" || path === "/events";
  const isSubject = path.startsWith("/subjects/") && path.length > "/subjects/".length;
  if (!isEvents && path !== "/healthz" && viewAt(path) === null) {
    refuse(
      404,
      `there is nothing at \`${path}\``,
      "path",
      "/ for events; the package's readme lists the others",
    );
  }
  const methods = isEvents ? ["POST"] : ["GET", "HEAD", ...(isSubject ? ["PUT", "PATCH"] : [])];
  if (!methods.includes(method)) {
    const allow = methods.join(", ");
    refuse(405, `\`${method}\` means nothing here`, "method", allow, { headers: { allow } });
  }
  if (isEvents) return "events";
  return method === "PUT" || method === "PATCH" ? "change" : "question";
}

async function events(service: Service, request: Request, url: URL): Promise<Response> {
  const { engine, limits, options, turns } = service;
  for (const name of url.searchParams.keys()) refuse(400, "events have no arguments", name, "none");
  const body = await readBody(request, limits.body);
  const envelopes = readEnvelopes(request.headers, body, limits);
  const taken = await turns.take(
    () => takeEvents(engine, envelopes, options.ignoreUnknown ?? false),
    { weight: Math.max(1, envelopes.events.length) },
  );
  return json(taken);
}

/** The body is an object of properties. */
async function setSubject(
  { engine, limits, turns }: Service,
  request: Request,
  url: URL,
  path: string,
): Promise<Response> {
  const name = path.slice("/subjects/".length);
  for (const [argument, value] of url.searchParams) {
    if (argument === "type" || (argument === "muted" && /^(true|false)$/.test(value))) continue;
    refuse(
      400,
      `there is no argument \`${argument}\` of that kind`,
      argument,
      "type=NAME, muted=true",
    );
  }
  const properties = await readProperties(request, limits);
  const subject = engine.subject(name, url.searchParams.get("type") ?? undefined);
  const muted = url.searchParams.get("muted") === "true";
  const { isNew, fact } = await turns.take(() => {
    const isNew = !subject.exists;
    if (isNew && request.method === "PATCH") {
      refuse(404, `there is no subject \`${name}\``, "path", "PUT creates one", {
        code: "UnknownSubject",
      });
    }
    return { isNew, fact: subject.set(properties, { muted }) };
  });
  return json({ subject: name, fact }, isNew ? 201 : 200);
}

async function readProperties(request: Request, limits: Limits) {
  const { type } = mediaType(request.headers.get("content-type"));
  if (!["", "application/json", "application/merge-patch+json"].includes(type)) {
    refuse(415, "properties of this content type are not read", "content-type", "application/json");
  }
  const properties = readJson(await readBody(request, limits.body), "body", limits);
  if (typeof properties === "object" && properties !== null && !Array.isArray(properties))
    return properties;
  return refuse(400, "properties are an object", "body", '{"property": value, …}');
}

function health({ engine, turns }: Service): Response {
  try {
    engine.now();
  } catch {
    return problemResponse(broken);
  }
  return turns.hasFailed ? problemResponse(broken) : json({ status: "ok" });
}
