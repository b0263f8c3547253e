// Binary mode: attributes in `ce-…` headers, percent-encoded, and the data as the body.

import type { Fields } from "../types.js";
import { checkCharset, isJson, mediaType, readJson, utf8 } from "./body.js";
import type { Limits } from "./limits.js";
import { refuse } from "./problem.js";

/** The envelope that the request would have in structured mode. @throws Refusal */
export function readBinary(headers: Headers, body: Uint8Array, limits: Limits): Fields {
  const envelope: Fields = {};
  for (const [header, value] of headers) {
    if (header.startsWith("ce-")) envelope[nameOf(header)] = decoded(header, value);
  }
  const contentType = headers.get("content-type");
  if (contentType) envelope.datacontenttype = contentType;
  if (body.length > 0) readData(body, contentType, limits, envelope);
  return envelope;
}

function nameOf(header: string): string {
  const name = header.slice("ce-".length);
  if (["data", "data_base64", "datacontenttype"].includes(name)) {
    refuse(
      400,
      `\`${header}\` is no header of CloudEvents`,
      header,
      "the data in the body, their type in content-type",
    );
  }
  if (!/^[a-z0-9]+$/.test(name))
    refuse(400, `\`${name}\` cannot be the name of an attribute`, header, "letters and digits");
  return name;
}

/** A header comes as one character a byte. */
function decoded(header: string, value: string): string {
  if (/%(?![0-9a-fA-F]{2})/.test(value))
    refuse(400, `\`${header}\` cannot be decoded`, header, "`%` and two hexadecimal digits");
  const bytes = value.replace(/%(..)/g, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  const text = utf8(Uint8Array.from(bytes, (each) => each.charCodeAt(0)));
  return text ?? refuse(400, `\`${header}\` is no UTF-8`, header, "UTF-8, percent-encoded");
}

function readData(body: Uint8Array, header: string | null, limits: Limits, to: Fields): void {
  const { type, charset } = mediaType(header);
  checkCharset(charset);
  if (isJson(type)) {
    to.data = readJson(body, "data", limits);
    return;
  }
  const text = type.startsWith("text/") ? utf8(body) : undefined;
  if (text !== undefined) to.data = text;
  else to.data_base64 = btoa(Array.from(body, (each) => String.fromCharCode(each)).join(""));
}
