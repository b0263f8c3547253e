// The facts with which a program of a page opens in the playground: those that its first test is
// given, as far as they are written out.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { blocksOf } from "./blocks.mjs";
import { top } from "./site.mjs";

const entry = join(top, "wasm/dist/index.js");

/** A value that is written out; undefined for what must be computed. */
function valueWritten(written) {
  if (written !== null && typeof written === "object") return written.lit;
  if (typeof written !== "string") return written;
  const [, member] = written.match(/^[A-Z]\w*\.([A-Z]\w*)$/) ?? [];
  if (member !== undefined) return member;
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

/** The fields of an `insert` or `emit`; null when one of them must be computed. */
function fieldsOf(fields) {
  const values = Object.entries(fields ?? {}).map(([name, each]) => [name, valueWritten(each)]);
  return values.some(([, value]) => value === undefined) ? null : Object.fromEntries(values);
}

function inputOf({ insert, emit, to }) {
  const made = insert ?? (to === undefined ? emit : undefined);
  const fields = made && fieldsOf(made.fields);
  if (!fields) return undefined;
  return insert
    ? { kind: "insert", type: insert.type, fields }
    : { kind: "emit", type: emit.type, data: fields };
}

/** What the first test of a module is given, and where its clock stands. */
function openingOf(module) {
  const test = module.declarations.find(({ kind }) => kind === "test");
  const given = (test?.steps ?? []).flatMap((step) => step.given ?? []);
  const clock = given.find((step) => step.clock !== undefined)?.clock;
  return {
    inputs: given.map(inputOf).filter((input) => input !== undefined),
    start: typeof clock === "string" ? Date.parse(clock) || 0 : 0,
  };
}

/** By the text of a program: its inputs and start. Empty where the package has not been built. */
export async function openings(texts) {
  const found = {};
  if (!existsSync(entry)) return found;
  const { convert } = await import(pathToFileURL(entry));
  for (const text of texts) {
    for (const { language, words, code } of blocksOf(text)) {
      const isWhole = language === "reticle" && words.every((word) => word.startsWith("file="));
      if (!isWhole || found[code]) continue;
      const { ok, text: json } = await convert({ name: "page.rules", text: code }, "json");
      if (ok) found[code] = openingOf(JSON.parse(json));
    }
  }
  return found;
}
