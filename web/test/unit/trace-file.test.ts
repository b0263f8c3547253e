// Trace files.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { TraceRecord } from "reticle";
import { compile, open } from "reticle";
import { isTrace, misfit, readTrace } from "../../src/derive/trace-file.ts";

const rules = (type: string) =>
  `module m\nfact ${type} { key id: int }\nrule "r" when { t: ${type} } then { log info t.id }`;

async function trace(): Promise<TraceRecord[]> {
  const engine = await open(rules("T"), { trace: true });
  for (let id = 0; id < 20; id++) engine.insert("T", { id });
  await engine.settle();
  const records = engine.takeTrace();
  engine.close();
  return records;
}

async function read(text: string, atOnce: number): Promise<TraceRecord[][]> {
  const batches: TraceRecord[][] = [];
  for await (const batch of readTrace(new Blob([text]).stream(), atOnce)) batches.push(batch);
  return batches;
}

test("every record comes back, in batches; the summary of a run is passed over", async () => {
  const records = await trace();
  const lines = records.map((record) => JSON.stringify(record)).join("\n");
  const text = `${lines}\n20 firings, quiescent\n`;
  const batches = await read(text, 7);
  assert.ok(batches.slice(0, -1).every(({ length }) => length === 7));
  assert.deepEqual(batches.flat(), records);
  assert.equal(isTrace(text), true);
  assert.equal(isTrace('{"id":1,"name":"a fact"}\n'), false);
  assert.equal(isTrace("id,name\n1,a"), false);
});

test("records of other rules are told apart", async () => {
  const records = await trace();
  const own = await compile(rules("T")),
    other = await compile(rules("Other"));
  assert.equal(misfit(records, own.schema), null);
  assert.match(misfit(records, other.schema) ?? "", /type T, which these rules do not declare/);
  own.close();
  other.close();
});
