// Projects in the address of the page: written, read and checked.

import type { SourceFile } from "reticle";
import type { ScriptLine } from "reticle/example";
import type { HostScript, Project, Step } from "./project.ts";
import { stepFrom } from "./project.ts";
import type { Selection } from "./state.ts";

export interface View {
  pane: string;
  selection: Selection | null;
  record: number | null;
}
export interface Shared {
  project: Project;
  view: View;
}
export type Opened = { ok: true; shared: Shared } | { ok: false; message: string };

const prefix = "#v1=";
/** No link of ours unpacks to more; unpacking ends there. */
const mostBytes = 4_000_000;

/**
 * The part of an address after `#`, which no server ever sees: everything needed to open the
 * same thing elsewhere.
 */
export async function encodeAddress(shared: Shared): Promise<string> {
  const bytes = await pumpThrough(
    new Blob([printShared(shared)]).stream().pipeThrough(new CompressionStream("deflate-raw")),
    Infinity,
  );
  return prefix + toBase64url(bytes ?? new Uint8Array());
}

/** A project and what is looked at as JSON: in links, in drafts and in exported files. */
export function printShared({ project, view }: Shared): string {
  const { title, paragraph, files, inputs, tables, host, start } = project;
  return JSON.stringify({
    version: 1,
    title,
    paragraph,
    files,
    inputs,
    tables,
    host,
    start,
    view,
  });
}

/** Reads what `printShared` wrote; null for anything else. */
export function readShared(text: string): Shared | null {
  try {
    return sharedFrom(JSON.parse(text));
  } catch {
    return null;
  }
}

export function isSharedAddress(hash: string): boolean {
  return hash.startsWith("#v");
}

/**
 * Reads an address. Anything that is not exactly what `encodeAddress` writes is refused with a
 * sentence that says what to do.
 */
export async function decodeAddress(hash: string): Promise<Opened> {
  if (!hash.startsWith(prefix))
    return refuse(
      "This link was made by another version of the playground and cannot be opened here.",
    );
  const packed = hash.slice(prefix.length);
  if (!/^[A-Za-z0-9_-]+$/.test(packed))
    return refuse(
      "This link contains characters no shared link has. " +
        "It was probably changed on its way; ask for it again.",
    );
  let text: string;
  try {
    const unpacked = await pumpThrough(
      new Blob([fromBase64url(packed)])
        .stream()
        .pipeThrough(new DecompressionStream("deflate-raw")),
      mostBytes,
    );
    if (!unpacked)
      return refuse(
        "This link unpacks to more than 4 MB, which no shared project does. It was not opened.",
      );
    text = new TextDecoder("utf-8", { fatal: true }).decode(unpacked);
  } catch {
    return refuse("This link is cut short or damaged. Copy the whole address and try again.");
  }
  try {
    JSON.parse(text);
  } catch {
    return refuse("This link is cut short or damaged. Copy the whole address and try again.");
  }
  const shared = readShared(text);
  return shared
    ? { ok: true, shared }
    : refuse("This link does not hold a project: parts of it are missing or of the wrong kind.");
}

function refuse(message: string): Opened {
  return { ok: false, message };
}

async function pumpThrough(
  stream: ReadableStream<Uint8Array>,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
  const bytes = new Uint8Array(length);
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  return bytes;
}

function toBase64url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Throws for a text whose length no encoded bytes have: it was cut short. */
function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (unit) =>
    unit.charCodeAt(0),
  );
}

function sharedFrom(value: unknown): Shared | null {
  const members = membersOf(value);
  const files = members?.get("files"),
    inputs = members?.get("inputs"),
    start = members?.get("start");
  if (members?.get("version") !== 1 || !Array.isArray(files) || !Array.isArray(inputs)) return null;
  if (typeof start !== "number" || !Number.isFinite(start)) return null;
  const readFiles = files.map(fileFrom),
    readInputs = inputs.map(stepFrom),
    host = hostFrom(members.get("host")),
    tables = textsFrom(members.get("tables"));
  if (
    !readFiles.length ||
    readFiles.includes(null) ||
    readInputs.includes(undefined) ||
    !host ||
    !tables
  )
    return null;
  return {
    project: {
      title: textOf(members.get("title")),
      paragraph: textOf(members.get("paragraph")),
      start,
      host,
      tables,
      files: readFiles.filter((file) => file !== null),
      inputs: readInputs.filter((step): step is Step => step !== undefined),
    },
    view: viewFrom(members.get("view")),
  };
}

function fileFrom(value: unknown): SourceFile | null {
  const members = membersOf(value),
    name = members?.get("name"),
    text = members?.get("text");
  return typeof name === "string" && typeof text === "string" ? { name, text } : null;
}

function textsFrom(value: unknown): { [name: string]: string } | null {
  const entries = [...(membersOf(value ?? {}) ?? [])].filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return entries.length === membersOf(value ?? {})?.size ? Object.fromEntries(entries) : null;
}

export function hostFrom(value: unknown): HostScript | null {
  const host: HostScript = {};
  for (const [name, lines] of membersOf(value ?? {}) ?? []) {
    if (!Array.isArray(lines)) return null;
    const read = lines.map(answerFrom);
    if (read.includes(null)) return null;
    host[name] = read.filter((line) => line !== null);
  }
  return membersOf(value ?? {}) ? host : null;
}

function answerFrom(value: unknown): ScriptLine | null {
  const members = membersOf(value),
    times = members?.get("times"),
    fails = members?.get("fails");
  if (!members) return null;
  const repeated = typeof times === "number" ? { times } : {};
  if (typeof fails === "string") return { fails, ...repeated };
  return members.has("returns") ? { returns: members.get("returns") as never, ...repeated } : null;
}

function viewFrom(value: unknown): View {
  const members = membersOf(value),
    record = members?.get("record");
  return {
    pane: textOf(members?.get("pane")),
    selection: selectionFrom(members?.get("selection")),
    record: typeof record === "number" && Number.isInteger(record) && record >= 0 ? record : null,
  };
}

function selectionFrom(value: unknown): Selection | null {
  const members = membersOf(value),
    kind = members?.get("kind");
  const number = (name: string) => {
    const found = members?.get(name);
    return typeof found === "number" ? found : NaN;
  };
  const step = members?.get("step");
  const made: Selection | null =
    kind === "rule"
      ? { kind, rule: number("rule") }
      : kind === "node"
        ? { kind, node: number("node") }
        : kind === "fact"
          ? { kind, fact: number("fact") }
          : kind === "activation"
            ? { kind, activation: number("activation") }
            : kind === "record"
              ? { kind, position: number("position") }
              : kind === "run"
                ? { kind, run: number("run"), ...(typeof step === "string" ? { step } : {}) }
                : null;
  return made && !Object.values(made).some((part) => Number.isNaN(part)) ? made : null;
}

function membersOf(value: unknown): Map<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value))
    : null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
