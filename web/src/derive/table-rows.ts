// Files of facts: their rows, and the type of fact they fit.

import type { Fields, ProgramSchema, TypeSchema } from "reticle";
import { csvFields, csvType, parseCsv } from "reticle/example";

/**
 * A file's rows, before it is known what they are about; `line` counts lines of the file, or
 * members of a JSON list, from 1.
 */
interface ReadTable {
  columns: string[];
  problems: { line: number; message: string }[];
  rowsAs(type: TypeSchema): ReadRow[];
}
type ReadRow = { line: number } & ({ ok: true; fields: Fields } | { ok: false; message: string });

/** Reads CSV with a header row, or JSON: a list of objects, one object, or one object a line. */
export function readTable(fileName: string, text: string): ReadTable {
  return /\.(json|jsonl|ndjson)$/i.test(fileName) || /^\s*[[{]/.test(text)
    ? readJson(text)
    : readCsv(text);
}

function readCsv(text: string): ReadTable {
  const csv = parseCsv(text);
  const [header, ...rows] = csv.ok ? csv.rows : [];
  const columns = header?.cells.map((cell) => cell.trim()) ?? [];
  const problems = csv.ok
    ? header
      ? []
      : [{ line: 1, message: "the file is empty; its first line should name the columns" }]
    : [{ line: csv.line, message: csv.message }];
  return {
    columns,
    problems,
    rowsAs: (type) => unfit(type, columns) ?? csvFields(type, columns, rows),
  };
}

/**
 * That no column fits is reported once, at the header, where it can be corrected; a file without a
 * header has its own problem.
 */
function unfit(type: TypeSchema, columns: string[]): ReadRow[] | undefined {
  if (
    !columns.length ||
    type.open ||
    columns.some((name) => type.fields.some((field) => field.name === name))
  )
    return undefined;
  return [
    {
      line: 1,
      ok: false,
      message:
        `no column is a field of ${type.name}; ` +
        `it has ${type.fields.map(({ name }) => name).join(", ")}`,
    },
  ];
}

function readJson(text: string): ReadTable {
  const rows: { line: number; fields: Fields }[] = [],
    problems: ReadTable["problems"] = [];
  const add = (value: unknown, line: number) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      rows.push({ line, fields: { ...value } });
    else problems.push({ line, message: "this is not an object with fields" });
  };
  const whole = parsed(text);
  if (whole !== undefined)
    for (const [index, each] of (Array.isArray(whole) ? whole : [whole]).entries())
      add(each, index + 1);
  else
    for (const [index, line] of text.split("\n").entries()) {
      const each = parsed(line);
      if (each !== undefined) add(each, index + 1);
      else if (line.trim())
        problems.push({
          line: index + 1,
          message: "this is not JSON; a list of objects, or one object a line, would be right",
        });
    }
  const columns = [...new Set(rows.flatMap(({ fields }) => Object.keys(fields)))];
  return {
    columns,
    problems,
    rowsAs: (type) =>
      rows.map(({ line, fields }): ReadRow => {
        const strange = Object.keys(fields).find(
          (name) => !type.open && !type.fields.some((field) => field.name === name),
        );
        return strange === undefined
          ? { line, ok: true, fields }
          : {
              line,
              ok: false,
              message:
                `${type.name} has no field \`${strange}\`; ` +
                `it has ${type.fields.map(({ name }) => name).join(", ")}`,
            };
      }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The type a file is most likely about. */
export function guessType(
  schema: ProgramSchema,
  fileName: string,
  columns: string[],
): TypeSchema | undefined {
  return csvType(schema, fileName, columns);
}
