// What panes are given to draw.

import type { ProgramSchema, TypeSchema } from "reticle";
import type { Moment } from "../derive/moment.ts";
import { grouped } from "../derive/words.ts";
import type { State } from "./state.ts";

/** What a pane is given: the state, and the moment it says is shown. */
export interface View {
  state: State;
  moment: Moment;
  schema: ProgramSchema | null;
  types: Map<string, TypeSchema>;
}

let known: { schema: ProgramSchema | null; types: Map<string, TypeSchema> } = {
  schema: null,
  types: new Map(),
};

export function viewOf(state: State): View {
  const { schema } = state.program;
  if (schema !== known.schema)
    known = { schema, types: new Map(schema?.types.map((type) => [type.name, type])) };
  return { state, schema, types: known.types, moment: state.timeline.at(state.position) };
}

/** "live" or "past: record 41 of 97", the way the bar and the time line say it. */
export function modeWords({ live, position, timeline, program }: State): string {
  const isWrong = program.diagnostics.some(({ level }) => level === "error");
  if (!program.schema && isWrong) return "no rules run";
  return live
    ? program.stale
      ? "live, older rules"
      : "live"
    : `past: record ${grouped(position)} of ${grouped(timeline.length)}`;
}
