// The present of a session as a test block.

import type { ProgramSchema } from "reticle";
import { guessType, readTable } from "../derive/table-rows.ts";
import type { MomentTest } from "../derive/test-of.ts";
import { testOf } from "../derive/test-of.ts";
import { printTime } from "../derive/times.ts";
import type { State } from "../state/state.ts";

/** A test of where the session is now, under a name that no other test has. */
export function momentTest(state: State, schema: ProgramSchema): MomentTest & { name: string } {
  const { project, steps, timeline } = state;
  const moment = timeline.at(timeline.length);
  const taken = new Set(schema.tests.map((each) => each.name));
  const wanted = `as it was at ${printTime(moment.clock)}`;
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted} (${number})`;
  const made = testOf({
    name,
    schema,
    steps,
    records: timeline.records,
    moment,
    host: project.host,
    start: project.start,
    rows: ({ csv, type }) => {
      const table = readTable(csv, project.tables[csv] ?? "");
      const kind =
        schema.types.find((each) => each.name === type) ?? guessType(schema, csv, table.columns);
      const rows = kind ? table.rowsAs(kind) : [];
      return rows.flatMap((row) =>
        row.ok && kind ? [{ type: kind.name, fields: row.fields }] : [],
      );
    },
  });
  return { ...made, name };
}
