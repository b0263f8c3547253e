// Events for the engine: fitted to their types, tried out, taken.

import type { Engine } from "../engine.js";
import { ReticleError } from "../errors.js";
import type { Fields, Input, TypeSchema, Value } from "../types.js";
import type { Envelopes, Incoming } from "./envelopes.js";
import { inBatch } from "./envelopes.js";
import { problemOf, Refusal, refuse } from "./problem.js";

type Emit = Extract<Input, { kind: "emit" }>;

/**
 * Takes all events of a request, or none. Everything happens in one go: nothing comes between the
 * trial of a batch and its events.
 * @returns how many there were, and how many of them had been taken before. @throws Refusal
 */
export function takeEvents(
  engine: Engine,
  { events, isBatch, isBinary }: Envelopes,
  ignoreUnknown: boolean,
): { accepted: number; duplicates?: number } {
  const at = <T>(item: number, work: () => T): T =>
    isBatch ? inBatch(item, () => refusing(work)) : refusing(work);
  const emits = events.map((event, i) =>
    at(i, () => prepared(engine.program.schema.types, event, isBinary, ignoreUnknown)),
  );
  if (emits.length > 1) tryOut(engine, emits, at);
  let duplicates = 0;
  for (const [i, emit] of emits.entries()) {
    if (at(i, () => engine.submit(emit)).duplicate) duplicates++;
  }
  return { accepted: emits.length, ...(duplicates > 0 ? { duplicates } : {}) };
}

/** Refuses one that would not be taken. Two of one source and id must say the same. */
function tryOut(engine: Engine, emits: Emit[], at: <T>(item: number, work: () => T) => T): void {
  const named = new Map<string, string>();
  for (const [i, emit] of emits.entries()) {
    at(i, () => {
      engine.canTake(emit);
      const name = JSON.stringify([emit.source, emit.id]);
      const says = JSON.stringify([emit.type, emit.subject, sorted(emit.data)]);
      const earlier = named.get(name);
      if (earlier === undefined) named.set(name, says);
      else if (earlier !== says) {
        refuse(
          409,
          "another event of this batch has the same source and id, and says something else",
          "id",
          "give each event of a source an id of its own",
          { code: "Duplicate" },
        );
      }
    });
  }
}

/** Members in the order of their names, at every level. */
function sorted(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, each]) => [name, sorted(each)]));
}

/** Fields of events are members of `data` to whoever sent them. */
function refusing<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ReticleError)) throw error;
    const problem = problemOf(error, "data.");
    if (error.code === "UnknownType") problem.field = "type";
    if (error.code === "Duplicate") problem.field = "id";
    if (error.where === "hops") problem.field = "hops";
    throw new Refusal({ ...problem, field: problem.field ?? "data" });
  }
}

function prepared(
  types: TypeSchema[],
  { data, extensions, ...event }: Incoming,
  isBinary: boolean,
  ignoreUnknown: boolean,
): Emit {
  const type = types.find(
    ({ kind, name, as }) => kind === "event" && (name === event.type || as === event.type),
  );
  const emit: Emit = { kind: "emit", ...event, data, extensions };
  // The engine says what is wrong with an unknown type better than we could.
  if (!type) return emit;
  emit.data = withExtensions(type, data, extensions, isBinary);
  if (type.open) return emit;
  const unknown = Object.keys(emit.data).filter((name) => !fieldOf(type, name));
  if (unknown.length === 0) return emit;
  if (ignoreUnknown) {
    emit.data = Object.fromEntries(
      Object.entries(emit.data).filter(([name]) => !unknown.includes(name)),
    );
    return emit;
  }
  const names = type.fields.map(({ name }) => name).join(", ");
  return refuse(
    422,
    `${type.name} has no field${unknown.length > 1 ? "s" : ""} ` +
      `${unknown.map((name) => JSON.stringify(name)).join(", ")}; ` +
      (names === "" ? "it has none" : `it has ${names}`),
    `data.${unknown[0]}`,
    `the fields of ${type.name}`,
    { code: "UnknownField" },
  );
}

const fieldOf = (type: TypeSchema, name: string) =>
  type.fields.find((field) => field.name === name);

/** An extension goes into the field of its name, unless the data have it. */
function withExtensions(
  type: TypeSchema,
  data: Fields,
  extensions: Fields,
  isBinary: boolean,
): Fields {
  const all = { ...data };
  for (const [name, value] of Object.entries(extensions)) {
    const field = fieldOf(type, name);
    if (!field || Object.hasOwn(data, name)) continue;
    all[name] = isBinary ? read(value, field.type) : value;
  }
  return all;
}

/** The text of a header where a field wants a number or a boolean. */
function read(value: Value, type: string): Value {
  if (typeof value !== "string") return value;
  const kind = type.replace(/\?$/, "");
  if ((kind === "int" || kind === "double") && /^[+-]?\d+$/.test(value)) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : { $int: value };
  }
  return kind === "bool" && (value === "true" || value === "false") ? value === "true" : value;
}
