// A session of the worker's, here in Node.

import assert from "node:assert/strict";
import type { Notice } from "../../src/engine/protocol.ts";
import type { HostScript, Step } from "../../src/state/project.ts";
import { Session } from "../../src/worker/session.ts";

/** Plays steps over rules in a new session; `limit`: firings that the page allows. */
export async function played(
  text: string,
  steps: Step[],
  { limit = 1_000, host = {} }: { limit?: number; host?: HostScript } = {},
) {
  const notices: Notice[] = [];
  const session = new Session((notice) => notices.push(notice));
  const files = [{ name: "a.rules", text: `module m\n${text}` }];
  const begun = await session.begin({
    files,
    start: 0,
    host,
    tables: {},
    executed: {},
    calls: "automatic",
    journal: "test",
    mirrored: null,
    recover: false,
  });
  assert.deepEqual(
    begun.compiled.diagnostics.filter(({ level }) => level === "error").map((each) => each.text),
    [],
  );
  return { session, notices, answer: await session.play(steps, limit) };
}
