// What a file of facts holds, read where it does not hold up the page.

import type { ProgramSchema } from "reticle";
import { guessType, readTable } from "../derive/table-rows.ts";
import type { Requests, TableReport } from "../engine/protocol.ts";

const mostShown = { rows: 8, problems: 100 };

export function reportTable(
  schema: ProgramSchema,
  { file, text, type: wanted }: Requests["table"]["ask"],
): TableReport {
  const table = readTable(file, text);
  const type =
    schema.types.find(({ name }) => name === wanted) ?? guessType(schema, file, table.columns);
  const rows = type ? table.rowsAs(type) : [];
  const good = rows.flatMap((row) => (row.ok ? [row.fields] : []));
  const bad = [...table.problems, ...rows.flatMap((row) => (row.ok ? [] : [row]))].sort(
    (a, b) => a.line - b.line,
  );
  return {
    type: type?.name ?? "",
    columns: table.columns,
    good: good.length,
    preview: good.slice(0, mostShown.rows),
    bad: bad.length,
    problems: bad.slice(0, mostShown.problems).map(({ line, message }) => ({ line, message })),
  };
}
