// Rows of CSV as facts.

import type { Engine } from "reticle";
import { ReticleError } from "reticle";
import { csvFields, csvType, parseCsv } from "reticle/example";

/** After so many rows it is said how far it is. */
const rowsAtOnce = 500;

export type Refuse = (message: string, code: string, line?: number) => void;

/** Inserts the rows of a CSV text as facts; rows that do not fit are refused with their line. */
export function insertRows(
  engine: Engine,
  { csv: file, type: name }: { csv: string; type?: string },
  text: string | undefined,
  refuse: Refuse,
  tell: (done: number, total: number) => void = () => {},
): void {
  if (text === undefined) return refuse(`there is no file ${file} in this project`, "Csv", 1);
  const { schema } = engine.program,
    csv = parseCsv(text);
  if (!csv.ok) return refuse(csv.message, "Csv", csv.line);
  const [header, ...rows] = csv.rows;
  const columns = header?.cells.map((cell) => cell.trim()) ?? [];
  const type =
    name === undefined
      ? csvType(schema, file, columns)
      : schema.types.find((each) => each.name === name);
  if (!type)
    return refuse(
      name === undefined
        ? `no type fits the columns of ${file}; name one with \`type\``
        : `there is no type ${name}`,
      "UnknownType",
      1,
    );
  for (const [at, row] of csvFields(type, columns, rows).entries()) {
    if (at > 0 && at % rowsAtOnce === 0) tell(at, rows.length);
    try {
      if (row.ok) engine.submit({ kind: "insert", type: type.name, fields: row.fields });
      else refuse(row.message, "Csv", row.line);
    } catch (error) {
      if (!(error instanceof ReticleError)) throw error;
      refuse(error.message, error.code, row.line);
    }
  }
}
