// CSV as facts: reading the text, guessing the type, reading cells as the type's fields.

import type { Fields, ProgramSchema, TypeSchema, Value } from "./types.js";

/** One record of a CSV text: its cells, and the line it begins on, from 1. */
export interface CsvRow {
  line: number;
  cells: string[];
}
export type CsvResult = { ok: true; rows: CsvRow[] } | { ok: false; line: number; message: string };

/**
 * Reads CSV as RFC 4180 has it: commas, quotes doubled inside quotes, line ends of any kind; empty
 * lines are skipped, and so is a byte order mark.
 */
export function parseCsv(text: string): CsvResult {
  const rows: CsvRow[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const row: CsvRow = { line, cells: [] };
    for (;;) {
      let cell = "";
      if (text[at] === '"') {
        const begun = line;
        at++;
        for (;;) {
          const end = text.indexOf('"', at);
          if (end < 0) return { ok: false, line: begun, message: "a quoted cell is not closed" };
          const part = text.slice(at, end);
          line += part.split("\n").length - 1;
          cell += part;
          at = end + 1;
          if (text[at] !== '"') break;
          cell += '"';
          at++;
        }
        if (at < text.length && !",\r\n".includes(text.charAt(at))) {
          return {
            ok: false,
            line,
            message:
              "after a quoted cell comes a comma or the end of the line; " +
              "a quote inside is written twice",
          };
        }
      } else {
        const begin = at;
        while (at < text.length && !",\r\n".includes(text.charAt(at))) at++;
        cell = text.slice(begin, at);
      }
      row.cells.push(cell);
      if (text[at] !== ",") break;
      at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n" || text[at - 1] === "\r") {
      if (text[at] === "\n") at++;
      line++;
    }
    if (row.cells.length > 1 || row.cells[0] !== "") rows.push(row);
  }
  return { ok: true, rows };
}

/**
 * The type a CSV file is about: the one its file is named after, or else the only one that has the
 * most of its columns as fields.
 * @returns undefined when there is no such type.
 */
export function csvType(
  schema: ProgramSchema,
  file: string,
  columns: string[],
): TypeSchema | undefined {
  const stem = (file.split("/").pop() ?? "").replace(/\.[^.]*$/, "");
  const plain = (name: string) => name.toLowerCase().replaceAll(/[-_ ]/g, "");
  const types = schema.types.filter(({ kind, builtin }) => !builtin && kind !== "event");
  const named = types.find(({ name }) => [plain(name), `${plain(name)}s`].includes(plain(stem)));
  if (named) return named;
  const scores = types.map((type) => ({
    type,
    score: type.fields.filter(({ name }) => columns.includes(name)).length,
  }));
  const best = Math.max(0, ...scores.map(({ score }) => score));
  const winners = scores.filter(({ score }) => score === best);
  return best > 0 && winners.length === 1 ? winners[0]?.type : undefined;
}

export type RowResult = { line: number } & (
  | { ok: true; fields: Fields }
  | { ok: false; message: string }
);

/**
 * Turns the rows below the header into fields of a type, by the declared types. An empty cell
 * leaves its field out, so that the default applies; for a string that has none it is the empty
 * string. Columns the type does not have are left out.
 */
export function csvFields(type: TypeSchema, header: string[], rows: CsvRow[]): RowResult[] {
  const fields = header.map((name) => type.fields.find((field) => field.name === name));
  return rows.map(({ line, cells }) => {
    if (cells.length !== header.length) {
      return {
        line,
        ok: false,
        message: `this row has ${cells.length} cells, the header ${header.length}`,
      };
    }
    const result: Fields = {};
    for (const [i, cell] of cells.entries()) {
      const field = fields[i];
      if (!field) continue;
      if (cell === "") {
        if (field.type === "string" && !("default" in field)) result[field.name] = "";
        continue;
      }
      const value = cellValue(field.type.replace(/\?$/, ""), cell);
      if (value === undefined)
        return {
          line,
          ok: false,
          message: `column ${field.name} needs ${wanted(field.type)}, this is "${cell}"`,
        };
      result[field.name] = value;
    }
    return { line, ok: true, fields: result };
  });
}

function cellValue(type: string, cell: string): Value | undefined {
  const text = cell.trim();
  if (type === "int") {
    if (!/^[-+]?\d+$/.test(text)) return undefined;
    const number = BigInt(text.replace(/^\+/, ""));
    if (number < -(2n ** 63n) || number >= 2n ** 63n) return undefined;
    return Number.isSafeInteger(Number(number)) ? Number(number) : { $int: String(number) };
  }
  if (type === "double")
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
      ? Number(text)
      : undefined;
  if (type === "bool") return text === "true" ? true : text === "false" ? false : undefined;
  if (/^(list|map)</.test(type)) {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === "object" &&
        value !== null &&
        Array.isArray(value) === type.startsWith("list")
        ? (value as Value)
        : undefined;
    } catch {
      return undefined;
    }
  }
  return cell; // strings; what is written as a string: timestamps, durations, bytes, enums
}

function wanted(type: string): string {
  const plain = type.replace(/\?$/, "");
  if (plain === "int") return "an int";
  if (plain === "double") return "a number";
  if (plain === "bool") return "true or false";
  return `a ${plain} as JSON`;
}
