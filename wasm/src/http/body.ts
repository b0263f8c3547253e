// The body of a request: read as far as the limit goes, as text and as JSON.

import type { Value } from "../types.js";
import { parseJson } from "./json.js";
import type { Limits } from "./limits.js";
import { refuse } from "./problem.js";

const tooLong = (most: number): never =>
  refuse(413, "the body is too long", "body", `at most ${most} bytes`);

/** @throws Refusal */
export async function readBody(request: Request, most: number): Promise<Uint8Array> {
  const coding = request.headers.get("content-encoding");
  if (coding !== null && coding.toLowerCase() !== "identity")
    refuse(415, `bodies in ${coding} are not read`, "content-encoding", "none");
  if (Number(request.headers.get("content-length") ?? 0) > most) tooLong(most);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = request.body?.getReader();
  for (;;) {
    const part = await reader?.read().catch(() => refuse(400, "the body was cut off", "body"));
    if (part?.value === undefined) break;
    length += part.value.length;
    if (length > most) {
      await reader?.cancel();
      tooLong(most);
    }
    chunks.push(part.value);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Nothing when the bytes are no UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** @throws Refusal */
export function readJson(bytes: Uint8Array, field: string, { depth }: Limits): Value {
  const text = utf8(bytes);
  if (text === undefined) return refuse(400, "the body is no UTF-8", field, "JSON in UTF-8");
  try {
    return parseJson(text, depth);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse(
      400,
      `the body is no JSON: ${error.message}`,
      field,
      `JSON, nested at most ${depth} levels, each member once`,
    );
  }
}

/** "Application/JSON; charset=utf-8" as "application/json", and the charset. */
export function mediaType(header: string | null): { type: string; charset: string } {
  const [type = "", ...parameters] = (header ?? "").toLowerCase().split(";");
  const charset = parameters
    .map((each) => /^\s*charset=(.*)$/.exec(each)?.[1]?.trim().replaceAll('"', ""))
    .find((each) => each !== undefined);
  return { type: type.trim(), charset: charset ?? "" };
}

/** @throws Refusal */
export function checkCharset(charset: string): void {
  if (["", "utf-8", "utf8", "us-ascii"].includes(charset)) return;
  refuse(415, `bodies in ${charset} are not read`, "content-type", "charset=utf-8");
}

export const isJson = (type: string): boolean =>
  type === "" || type === "application/json" || type === "text/json" || /.\+json$/.test(type);
