// What the bar says of how things stand.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ProgramSchema } from "reticle";
import type { State } from "../../src/state/state.ts";
import { initialState } from "../../src/state/state.ts";
import { modeWords } from "../../src/state/view.ts";
import { played } from "./played.ts";

const project = {
  ...{ title: "", paragraph: "", files: [], inputs: [], tables: {}, host: {}, start: 0 },
};

describe("the mode in words", () => {
  test("older rules are spoken of only where there are some", async () => {
    const { session } = await played("fact A { key id: int }", []);
    const begun = initialState(project, "own");
    const error = { level: "error" } as State["program"]["diagnostics"][number];
    const of = (schema: ProgramSchema | null, isWrong: boolean) => {
      const diagnostics = isWrong ? [error] : [];
      const program = { ...begun.program, schema, diagnostics, stale: isWrong && schema !== null };
      return modeWords({ ...begun, program });
    };
    assert.equal(of(null, true), "no rules run");
    assert.equal(of(null, false), "live");
    assert.equal(of(session.schema(), false), "live");
    assert.equal(of(session.schema(), true), "live, older rules");
  });
});
