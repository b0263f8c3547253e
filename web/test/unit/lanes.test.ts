// Properties of subjects as lanes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TraceRecord } from "reticle";
import { cascadeOf, lanesOf } from "../../src/derive/lanes.ts";
import { numbers, Script } from "./records.ts";

const script = new Script()
  .input("set")
  .assert(1, "Device", {}, "device|1")
  .update(1, { tempc: [null, 25] })
  .property("device|1", 1, "tempc", null, 25)
  .property("device|1", 1, "band", null, "NORMAL")
  .input("set")
  .property("device|1", 1, "tempc", 25, 32)
  .property("device|2", 2, "tempc", null, 1)
  .property("device|1", 1, "tempc", 32, null)
  .input("set quietly")
  .update(1, { note: [null, "x"] });

describe("lanes", () => {
  test("each property of each subject has a lane, each change a line, old before new", () => {
    const [first, second] = lanesOf(script.records, script.records.length);
    assert.equal(first?.subject, "device|1");
    assert.deepEqual(
      first?.lanes[0]?.changes.map(({ old, new: now, kind }) => [old, now, kind]),
      [
        [null, 25, "set"],
        [25, 32, "changed"],
        [32, null, "unset"],
      ],
    );
    assert.deepEqual(
      first?.lanes.map(({ property }) => property),
      ["tempc", "band", "note"],
    );
    assert.equal(second?.subject, "device|2");
  });
  test("what was set quietly is marked: no property record says it", () => {
    const note = lanesOf(script.records, script.records.length)[0]?.lanes[2];
    assert.equal(note?.changes[0]?.muted, true);
    assert.equal(
      lanesOf(script.records, script.records.length)[0]?.lanes[0]?.changes[0]?.muted,
      false,
    );
  });
  test("only what had happened by then is shown", () => {
    assert.deepEqual(
      lanesOf(script.records, 4).map(({ lanes }) => lanes.length),
      [1],
    );
    assert.deepEqual(lanesOf(script.records, 1), []);
  });
  test("what a new worker reads back is neither shown twice nor taken for quiet", () => {
    const life = new Script()
      .input("set")
      .assert(1, "Device", {}, "device|1")
      .update(1, { tempc: [null, 25] })
      .property("device|1", 1, "tempc", null, 25);
    const crashed = life
      .add({ kind: "recover", entries: 2 })
      .assert(1, "Device", {}, "device|1")
      .update(1, { tempc: [null, 25] })
      .input("set quietly")
      .update(1, { note: [null, "x"] });
    const [device] = lanesOf(crashed.records, crashed.records.length);
    assert.deepEqual(
      device?.lanes.map(({ property, changes }) => [property, changes.map(({ muted }) => muted)]),
      [
        ["tempc", [false]],
        ["note", [true]],
      ],
    );
  });
  test("read on bit by bit, and cut anywhere, they are what they are read whole", () => {
    const script = new Script();
    const random = numbers(7);
    for (let fact = 1; fact <= 3; fact++) script.assert(fact, "Device", {}, `device|${fact}`);
    for (let value = 1; value < 60; value++) {
      const fact = 1 + random(3);
      if (random(8) === 0) script.input("set");
      script.update(fact, { tempc: [value - 1, value] });
      // Of an update at the end of what has come nothing tells yet whether it was quiet.
      if (random(3)) script.property(`device|${fact}`, fact, "tempc", value - 1, value);
      if (random(5) === 0) script.add({ kind: "settled", firings: 0, reason: "quiescent" });
    }
    const grown: TraceRecord[] = [];
    for (const record of script.records) {
      grown.push(record);
      const whole = lanesOf([...grown], grown.length);
      assert.deepEqual(lanesOf(grown, grown.length), whole, `after ${grown.length}`);
    }
    for (const position of [0, 5, 40, 41, 90])
      assert.deepEqual(
        lanesOf(grown, position),
        lanesOf([...grown], position),
        `cut after ${position}`,
      );
  });
  test("facts the engine keeps for itself have no lane", () => {
    const clock = new Script()
      .input("advance")
      .assert(1, "Clock", {}, "clock")
      .update(1, { minute: [1, 2] });
    assert.deepEqual(lanesOf(clock.records, 3, new Set(["Clock"])), []);
  });
  test("a cascade is everything that began with the same input", () => {
    assert.deepEqual(cascadeOf(script.records, 3), [1, 2, 3, 4, 5]);
    assert.deepEqual(cascadeOf(script.records, 7), [6, 7, 8, 9]);
  });
});
