// Properties of subjects as lanes.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cascadeOf, lanesOf } from "../../src/derive/lanes.ts";
import { Script } from "./records.ts";

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
