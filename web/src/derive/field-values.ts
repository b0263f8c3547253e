// Values of fields as a person types them.

import type { FieldSchema, Value } from "reticle";

type ReadValue =
  | { ok: true; value: Value }
  /** Nothing was typed, and the field has a default or may be without a value. */
  | { ok: true; value: undefined }
  | { ok: false; message: string };

/** How a field is typed in: a box to tick, a line for a number, a line of text, or JSON. */
export function fieldKind({ type }: FieldSchema): "bool" | "number" | "text" | "json" {
  const bare = type.replace(/\?$/, "");
  if (bare === "bool") return "bool";
  if (bare === "int" || bare === "double") return "number";
  if (/^(list|map|any|optional)/.test(bare)) return "json";
  return "text";
}

/** Reads what stands in a field. The engine checks the rest: keys, `check`, names of enums. */
export function readValue(field: FieldSchema, text: string): ReadValue {
  const { name, type, optional } = field;
  const isOptional = optional || type.endsWith("?") || "default" in field;
  const kind = fieldKind(field);
  if (text === "" && kind !== "text") {
    if (isOptional) return { ok: true, value: undefined };
    return { ok: false, message: `${name} needs a value` };
  }
  switch (kind) {
    case "bool":
      return { ok: true, value: text === "true" };
    case "number":
      return readNumber(name, type.replace(/\?$/, ""), text);
    case "json":
      try {
        return { ok: true, value: JSON.parse(text) };
      } catch {
        return { ok: false, message: `${name} is ${type}: write it as JSON, such as [1, 2]` };
      }
    case "text":
      if (text === "" && (isOptional || type.endsWith("?"))) return { ok: true, value: undefined };
      return { ok: true, value: text };
  }
}

function readNumber(name: string, type: string, text: string): ReadValue {
  const trimmed = text.trim();
  if (type === "int") {
    if (!/^[-+]?\d+$/.test(trimmed))
      return { ok: false, message: `${name} is a whole number, this is ${text}` };
    const number = Number(trimmed);
    const isExact = Number.isSafeInteger(number);
    return { ok: true, value: isExact ? number : { $int: trimmed.replace(/^\+/, "") } };
  }
  const number = Number(trimmed);
  return Number.isFinite(number)
    ? { ok: true, value: number }
    : { ok: false, message: `${name} is a number, this is ${text}` };
}

/** A value as it stands in its field before anything is typed. */
export function fieldText(value: Value | undefined): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "object" && !Array.isArray(value) && typeof value.$int === "string")
    return value.$int;
  return JSON.stringify(value);
}
