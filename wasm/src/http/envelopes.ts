// The three modes of CloudEvents over HTTP, brought to one form; what is wrong is said as
// `reticle serve` says it (tools/serve/envelopes.cpp).

import type { Fields, Value } from "../types.js";
import { readBinary } from "./binary.js";
import { checkCharset, mediaType, readJson, utf8 } from "./body.js";
import { parseJson } from "./json.js";
import type { Limits } from "./limits.js";
import { attributeBytes } from "./limits.js";
import { Refusal, refuse } from "./problem.js";
import { millisFrom } from "./time.js";

export interface Incoming {
  type: string;
  data: Fields;
  id: string;
  source: string;
  subject?: string;
  time?: number;
  extensions: Fields;
}

export interface Envelopes {
  events: Incoming[];
  /** Problems say which event they are about. */
  isBatch: boolean;
  /** Attributes are texts, also where a field wants a number. */
  isBinary: boolean;
}

const modes = "application/cloudevents+json, application/cloudevents-batch+json, or ce-… headers";

/** @throws Refusal */
export function readEnvelopes(headers: Headers, body: Uint8Array, limits: Limits): Envelopes {
  const { type, charset } = mediaType(headers.get("content-type"));
  const isBatch = type === "application/cloudevents-batch+json";
  if (type === "application/cloudevents+json" || isBatch) {
    checkCharset(charset);
    const json = readJson(body, "body", limits);
    const events = isBatch ? readBatch(json, limits) : [readOne(json, limits)];
    return { events, isBatch, isBinary: false };
  }
  if (type.startsWith("application/cloudevents"))
    refuse(415, `envelopes in \`${type}\` are not read`, "content-type", modes);
  if (![...headers.keys()].some((name) => name.startsWith("ce-")))
    refuse(415, "this is no CloudEvents envelope", "content-type", modes);
  const envelope = readBinary(headers, body, limits);
  try {
    return { events: [readOne(envelope, limits)], isBatch: false, isBinary: true };
  } catch (error) {
    // What is wrong with an attribute is wrong with its header.
    if (!(error instanceof Refusal)) throw error;
    const { field } = error.problem;
    if (field === undefined || field === "body" || field === "data") throw error;
    throw new Refusal({ ...error.problem, field: `ce-${field}` });
  }
}

function readBatch(batch: Value, limits: Limits): Incoming[] {
  if (!Array.isArray(batch))
    return refuse(400, "a batch is a list of envelopes", "body", "[{…}, …]");
  if (batch.length > limits.batch)
    refuse(413, `the batch has ${batch.length} events`, "body", `at most ${limits.batch} at once`);
  return batch.map((each, item) => inBatch(item, () => readOne(each, limits)));
}

/** What is refused is refused with its place. */
export function inBatch<T>(item: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Refusal ? new Refusal({ ...error.problem, item }) : error;
  }
}

// --- one envelope

const texts = ["specversion", "id", "source", "type", "subject", "datacontenttype", "dataschema"];
const context = [...texts, "time", "data", "data_base64"];
// Control characters, which the specification does not allow.
const isPlain = (text: string): boolean =>
  [...text].every((each) => {
    const code = each.charCodeAt(0);
    return code >= 0x20 && (code < 0x7f || code > 0x9f);
  });
const isTooLong = (text: string): boolean => new TextEncoder().encode(text).length > attributeBytes;
/** A URI reference as far as it can be told at a glance. */
const isUri = (text: string): boolean => !/[ <>"{}|\\^`]/.test(text);

function readOne(envelope: Value, limits: Limits): Incoming {
  if (typeof envelope !== "object" || envelope === null || Array.isArray(envelope))
    return refuse(400, "an envelope is an object", "body", '{"specversion": "1.0", …}');
  if (!Object.hasOwn(envelope, "specversion"))
    refuse(400, "the envelope has no `specversion`", "specversion", '"1.0"');
  checkTexts(envelope);
  const version = envelope.specversion;
  if (version !== "1.0") {
    refuse(
      400,
      `envelopes of CloudEvents 1.0 are read, this is version ${JSON.stringify(version)}`,
      "specversion",
      '"1.0"',
      badInput,
    );
  }
  const type = text(envelope, "type", true);
  const subject = text(envelope, "subject", false);
  const id = text(envelope, "id", true);
  const source = text(envelope, "source", true);
  const time = timeOf(envelope);
  const contentType = text(envelope, "datacontenttype", false);
  text(envelope, "dataschema", false);
  const data = dataOf(envelope, contentType, limits);
  const extensions = Object.fromEntries(
    Object.entries(envelope).filter(([name]) => !context.includes(name)),
  );
  checkExtensions(extensions);
  return {
    type,
    data,
    id,
    source,
    extensions,
    ...(subject === "" ? {} : { subject }),
    ...(time === undefined ? {} : { time }),
  };
}

const badInput = { code: "BadInput" };

function checkTexts(envelope: Fields): void {
  for (const name of texts) {
    const value = envelope[name];
    if (typeof value !== "string") continue;
    if (value === "") refuse(400, `\`${name}\` is empty`, name, "a text, or leave it out");
    checkText(name, value);
    if ((name === "source" || name === "dataschema") && !isUri(value))
      refuse(400, `\`${name}\` is no URI reference`, name, "such as /devices/7 or urn:x:y");
  }
}

function checkText(name: string, value: string): void {
  if (isTooLong(value))
    refuse(400, `\`${name}\` is too long`, name, `at most ${attributeBytes} bytes`);
  if (!isPlain(value))
    refuse(400, `\`${name}\` has control characters`, name, "a text without them");
}

/** Null counts as not there, as in the specification. */
function text(envelope: Fields, name: string, isNeeded: boolean): string {
  const value = envelope[name];
  if (typeof value === "string") return value;
  if (isNeeded || (value !== undefined && value !== null))
    refuse(400, `an event needs a string as \`${name}\``, name, "a text", badInput);
  return "";
}

function timeOf({ time }: Fields): number | undefined {
  if (time === undefined || time === null) return undefined;
  const millis = typeof time === "string" ? millisFrom(time) : undefined;
  if (millis !== undefined) return millis;
  return refuse(
    400,
    `\`time\` is a time, this is ${JSON.stringify(time)}`,
    "time",
    "such as 2024-04-11T12:00:00Z",
    badInput,
  );
}

function dataOf(envelope: Fields, contentType: string, limits: Limits): Fields {
  const { data, data_base64: bytes } = envelope;
  if (bytes === undefined) return fieldsOf(data ?? null);
  if (data !== undefined) {
    refuse(
      400,
      "an envelope has either `data` or `data_base64`",
      "data_base64",
      "one of them",
      badInput,
    );
  }
  const decoded = typeof bytes === "string" ? fromBase64(bytes) : undefined;
  if (decoded === undefined)
    return refuse(400, "`data_base64` is a text in base64", "data_base64", "base64", badInput);
  const { type } = mediaType(contentType);
  if (!/^(application|text)\/json$|\+json$/.test(type)) return { data: bytes };
  try {
    return fieldsOf(parseJson(utf8(decoded) ?? "", limits.depth));
  } catch {
    return refuse(
      400,
      "`data_base64` is no JSON, as `datacontenttype` says",
      "data_base64",
      "JSON in UTF-8",
      badInput,
    );
  }
}

/** Members of an object are fields; anything else is a field `data`. */
function fieldsOf(data: Value): Fields {
  if (data === null) return {};
  return typeof data === "object" && !Array.isArray(data) ? data : { data };
}

function fromBase64(text: string): Uint8Array | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text))
    return undefined;
  return Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
}

function checkExtensions(extensions: Fields): void {
  for (const [name, value] of Object.entries(extensions)) {
    if (!/^[a-z0-9]+$/.test(name)) {
      refuse(
        400,
        `\`${name}\` cannot be the name of an attribute`,
        name,
        "lower-case letters and digits",
      );
    }
    if (typeof value === "string") checkText(name, value);
    else if (typeof value === "number" && Number.isInteger(value)) {
      if (value !== (value | 0))
        refuse(400, `\`${name}\` is no integer of 32 bits`, name, "a smaller one, or a text");
    } else if (value !== null && typeof value !== "boolean") {
      refuse(400, "an extension cannot have such a value", name, "a text, an integer or a boolean");
    }
  }
}
