// Updates, property by property.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { changesOf } from "../../src/derive/changes.ts";
import { lanesOf } from "../../src/derive/lanes.ts";
import { emptyMoment, fold } from "../../src/derive/moment.ts";
import { recordWords } from "../../src/derive/words.ts";
import { played } from "./played.ts";

const text = `
subject Device as "device|{id}" open { id: string  n: int = 0  note: string? }
rule "high" when { d: Device(n > 3) } then { set d.level = "high"  unset d.shade }
`;
const subject = "device|a";
const set = (properties: { [name: string]: number | string | null }, muted = false) => ({
  ...{ kind: "set" as const, subject, type: "Device", properties },
  ...(muted ? { muted } : {}),
});

describe("undeclared properties of an open type", () => {
  test("stand under their own names, in the facts, the lanes and the words", async () => {
    const { session } = await played(text, [
      { kind: "insert", type: "Device", fields: { id: "a", colour: "red", shade: 1 } },
      set({ weight: 3, note: "x" }, true),
      { settle: true },
      set({ weight: 4, n: 5 }),
      { settle: true },
      set({ colour: null, note: null }),
      { settle: true },
    ]);
    const records = session.takeTrace();
    const moment = emptyMoment(0);
    for (const record of records) fold(moment, record);
    assert.deepEqual(
      [...moment.facts.values()].map(({ id, fields }) => [id, fields]),
      session.views().facts.map(({ id, fields }) => [id, fields]),
    );
    const lanes = lanesOf(records, records.length)[0]?.lanes ?? [];
    const changes = new Map(
      lanes.map((lane) => [
        lane.property,
        lane.changes.map(({ old, new: now, muted }) => [old, now, muted]),
      ]),
    );
    assert.deepEqual(changes.get("weight"), [
      [null, 3, true],
      [3, 4, false],
    ]);
    assert.deepEqual(changes.get("level"), [[null, "high", false]]);
    assert.deepEqual(changes.get("colour"), [["red", null, false]]);
    assert.ok(!changes.has("…"));
    const words = records.filter(({ kind }) => kind === "update").map((r) => recordWords(r, null));
    assert.ok(!words.some((each) => each.includes("…")), words.join("\n"));
    assert.match(words.join("\n"), /weight null → 3/);
  });

  test("only those that differ have changed; null is no value", () => {
    const record = {
      ...{ kind: "update" as const, seq: 2, cause: 1, origin: 1, fact: 1 },
      changes: {
        "…": [
          { a: 1, b: [2], c: 3 },
          { b: [2], c: null, d: 4 },
        ] as [never, never],
      },
    };
    assert.deepEqual(
      changesOf(record).map(({ name, old, new: now }) => [name, old, now]),
      [
        ["a", 1, null],
        ["c", 3, null],
        ["d", null, 4],
      ],
    );
  });
});
