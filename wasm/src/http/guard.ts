// Who may ask: host names and bearer tokens.

import { refuse } from "./problem.js";

const loopback = ["127.0.0.1", "localhost", "[::1]"];

export interface GuardOptions {
  /**
   * Names by which the server may be called, beside those of the loopback (127.0.0.1, localhost,
   * [::1]); otherwise 421. So a page that a browser shows cannot reach a local server under a name
   * of its own. "any": not asked; right only behind something that asks.
   */
  hosts?: readonly string[] | "any";
  /** Every request but /healthz must carry `Authorization: Bearer` and this; otherwise 401. */
  token?: string;
}

/** @throws RangeError for a token that no header can carry. */
export function checkToken({ token }: GuardOptions): void {
  if (token === undefined || /^[!-~]+$/.test(token)) return;
  throw new RangeError("the token has one or more visible characters of ASCII, and no others");
}

/** Takes as long for a wrong secret as for the right one of the same length. */
export function sameSecret(a: string, b: string): boolean {
  const one = new TextEncoder().encode(a);
  const other = new TextEncoder().encode(b);
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) difference |= (one[i] ?? 0) ^ (other[i] ?? 0);
  return difference === 0;
}

/** @throws Refusal */
export function guard(request: Request, url: URL, { hosts = [], token }: GuardOptions): void {
  if (hosts !== "any") {
    const name = url.hostname.toLowerCase();
    const known = [...loopback, ...hosts.map((host) => host.toLowerCase())];
    if (!known.includes(name)) {
      refuse(
        421,
        `the server is not called \`${url.host}\``,
        "host",
        "127.0.0.1, localhost, or a name given as `hosts`",
      );
    }
  }
  if (token === undefined || url.pathname === "/healthz") return;
  const given = request.headers.get("authorization");
  const bearer = given === null ? null : /^bearer (.+)$/i.exec(given);
  if (bearer?.[1] !== undefined && sameSecret(bearer[1], token)) return;
  refuse(
    401,
    given === null ? "the request has no token" : "the token is not the right one",
    "authorization",
    "Bearer and the token",
    { headers: { "www-authenticate": "Bearer" } },
  );
}
