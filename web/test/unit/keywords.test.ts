// The editor's keywords are the language's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openWorkspace } from "reticle";
import * as words from "../../src/editor/keywords.ts";

test("the quick colouring knows the words of the language by what they do, no others", async () => {
  const workspace = await openWorkspace();
  const known = workspace.request<{ [group: string]: string[] }>("reticle/keywords");
  workspace.close();
  const own: { [group: string]: string[] } = { ...words };
  for (const group of Object.keys(own))
    assert.deepEqual([...new Set(own[group])].sort(), [...new Set(known[group])].sort(), group);
});
