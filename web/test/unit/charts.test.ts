// Numbers over the records: the agenda's size, properties, and the line that is drawn of them.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TraceRecord } from "reticle";
import { agendaSizes, barsOf, firingsByRule, plotOf, stepLine } from "../../src/derive/charts.ts";
import { cascadeTree, eventsOf, waitingEvents } from "../../src/derive/events.ts";
import { cascadeOf, lanesOf } from "../../src/derive/lanes.ts";
import { emptyMoment, fold, recoveredMoment } from "../../src/derive/moment.ts";
import { played } from "./played.ts";
import { Script } from "./records.ts";

const text = `
subject Device as "device|{id}" { id: string  tempc: double?  level: string? }
event Reading { tempc: double }
rule "take" on r: Reading at d: Device then { set d.tempc = r.tempc }
rule "high" when { d: Device(tempc != null, tempc > 30.0) } then { set d.level = "high" }
rule "low" when { d: Device(tempc != null, tempc <= 30.0) } then { set d.level = "low" }
`;
const device = "device|1";
const steps = [20, 35, 28].flatMap((tempc) => [
  { kind: "emit" as const, type: "Reading", data: { tempc }, subject: device },
  { settle: true as const },
]);

const waits = `
event Ordered { order: string }
event Paid { order: string }
event Remind { order: string }
rule "later" on o: Ordered then { emit Remind{order: o.order} after 1d replacing o.order }
rule "no need" on p: Paid then { cancel event p.order }
rule "remind" on r: Remind then { log r.order }
`;
const emit = (type: string, order: string) => ({ kind: "emit" as const, type, data: { order } });

async function recorded() {
  const { session } = await played(text, [
    { kind: "set", subject: device, type: "Device", properties: { tempc: 1 } },
    ...steps,
  ]);
  return { records: session.takeTrace(), schema: session.schema() };
}

describe("charts", () => {
  test("the agenda's size is what each moment holds, also when it is read on", async () => {
    const { records } = await recorded();
    const begun = records.slice(0, 10);
    agendaSizes(begun);
    begun.push(...records.slice(10));
    const points = agendaSizes(begun);
    const moment = emptyMoment(0);
    for (const [index, record] of records.entries()) {
      fold(moment, record);
      const size = points.findLast(({ position }) => position <= index + 1)?.value;
      assert.equal(size, moment.agenda.size, `after record ${index + 1}`);
    }
  });

  test("firings are counted by rule, properties are lines or stretches", async () => {
    const { records, schema } = await recorded();
    const moment = emptyMoment(0);
    for (const record of records) fold(moment, record);
    const [first] = firingsByRule(moment, schema);
    assert.deepEqual([first?.name, first?.count], ["take", 3]);
    const lanes = lanesOf(records, records.length)[0]?.lanes ?? [];
    const plot = (name: string) => {
      const lane = lanes.find(({ property }) => property === name);
      assert.ok(lane, name);
      return plotOf(lane, records.length);
    };
    const temperature = plot("tempc");
    assert.ok(temperature.kind === "numbers");
    assert.deepEqual(
      temperature.points.map(({ value }) => value),
      [1, 20, 35, 28],
    );
    assert.deepEqual([temperature.least, temperature.most], [1, 35]);
    const level = plot("level");
    assert.ok(level.kind === "values");
    assert.deepEqual(
      level.stretches.map(({ value }) => value),
      ["low", "high", "low"],
    );
  });

  test("a firing that failed is none; one that failed in part is one", () => {
    const moment = emptyMoment(0);
    const failure = { kind: "failure" as const, message: "" };
    const { records } = new Script()
      .input("x")
      .fire(1, 0, [])
      .add({ ...failure, code: "RL9001", rule: 0 })
      .fire(2, 0, [])
      .add({ ...failure, code: "UnknownRun", rule: 0, part: "cancel Pay" })
      .fire(3, 1, [])
      .add({ ...failure, code: "RL9001", rule: 1 })
      .fire(4, 0, []);
    for (const record of records) fold(moment, record);
    assert.deepEqual([...moment.firings], [[0, 2]]);
    assert.deepEqual(
      [...moment.failures].map(([rule, codes]) => [rule, Object.fromEntries(codes)]),
      [
        [0, { RL9001: 1, UnknownRun: 1 }],
        [1, { RL9001: 1 }],
      ],
    );
  });

  test("a line has the highest of each half pixel, and no more parts than these", () => {
    const points = Array.from({ length: 10_000 }, (_, position) => ({
      position,
      value: position === 5_001 ? 9 : position % 2,
    }));
    const line = stepLine(points, { width: 10, height: 9, end: 10_000, least: 0, most: 9 });
    assert.ok(line.length < 500, `${line.length} characters`);
    assert.match(line, /V0V/, "the one high value is seen");
    assert.equal(stepLine([], { width: 10, height: 9, end: 1, least: 0, most: 1 }), "");
  });
});

describe("a property without a value", () => {
  const lane = (values: (number | string | null)[]) => ({
    property: "p",
    changes: values.map((now, at) => ({
      ...{ position: 10 * (at + 1), old: values[at - 1] ?? null, new: now },
      ...{ kind: "changed" as const, muted: false, cause: 1 },
    })),
  });
  const box = { width: 50, height: 10, end: 50 };

  test("is a gap in its line", () => {
    const plot = plotOf(lane([4, null, 6, null]), 50);
    assert.ok(plot.kind === "numbers");
    assert.deepEqual([plot.least, plot.most], [4, 6]);
    const line = stepLine(plot.points, { ...box, least: 4, most: 6 });
    assert.equal(line, "M10 10H20M30 0H40");
  });

  test("is seen where the value stayed for less than a pixel, and is no number", () => {
    const points = [
      { position: 10, value: 1 },
      { position: 10.1, value: null },
    ];
    assert.equal(stepLine(points, { ...box, least: 0, most: 1 }), "M10 0h0.5");
    assert.equal(plotOf(lane([null, null]), 50).kind, "values");
  });

  test("is a gap between its bars", () => {
    const plot = plotOf(lane(["low", null, "low", "high"]), 50);
    assert.ok(plot.kind === "values");
    assert.deepEqual(barsOf(plot.stretches, box, 4), [
      { d: "M10 0h9.5v10h-9.5zM30 0h9.5v10h-9.5z", values: ["low"] },
      { d: "M40 0h9.5v10h-9.5z", values: ["high"] },
    ]);
  });

  test("bars are one path a tone, and no more parts than half pixels", () => {
    const plot = plotOf(lane(Array.from({ length: 20_000 }, (_, at) => `v${at % 7}`)), 200_010);
    assert.ok(plot.kind === "values");
    const bars = barsOf(plot.stretches, { ...box, end: 200_010 }, 4);
    assert.equal(bars.length, 4);
    const parts = bars.flatMap(({ d }) => d.split("z").slice(0, -1));
    assert.ok(parts.length <= 2 * box.width + 1, `${parts.length} bars`);
    assert.equal(bars.flatMap(({ values }) => values).length, 7, "each value has its tone");
  });
});

describe("events", () => {
  test("the newest first, changed properties among them", async () => {
    const { records } = await recorded();
    const lines = eventsOf(records, records.length, 100);
    const types = lines.map(({ type }) => type);
    assert.equal(types.filter((type) => type === "Reading").length, 3);
    assert.ok(types.includes("level changed"));
    assert.ok(lines.every(({ position }, at) => position < (lines[at - 1]?.position ?? Infinity)));
    assert.equal(eventsOf(records, records.length, 2).length, 2);
  });

  test("events that wait and such as were taken back are there, each as what it is", async () => {
    const { session } = await played(waits, [
      emit("Ordered", "a"),
      emit("Ordered", "b"),
      emit("Ordered", "b"),
      { settle: true },
      { ...emit("Remind", "c"), after: 3_600_000 },
      { advance: "30m" },
      emit("Paid", "a"),
      { settle: true },
    ]);
    const records = session.takeTrace();
    const at = (position: number) => {
      const moment = emptyMoment(0);
      for (const record of records.slice(0, position)) fold(moment, record);
      const told = [...waitingEvents(moment), ...eventsOf(records, position, 100)];
      return told.map(({ type, data, state, due }) => [type, data.order, state, due]);
    };
    const day = 86_400_000;
    assert.deepEqual(at(records.length), [
      ["Remind", "c", "waits", 3_600_000],
      ["Remind", "b", "waits", day],
      ["Remind", "a", "dropped", day],
      ["Paid", "a", "came", undefined],
      ["Remind", "b", "dropped", day],
      ["Ordered", "b", "came", undefined],
      ["Ordered", "b", "came", undefined],
      ["Ordered", "a", "came", undefined],
    ]);
    const engine = session.views().waiting.map(({ type, data, due }) => [type, data.order, due]);
    assert.deepEqual(
      engine,
      at(records.length)
        .filter(([, , state]) => state === "waits")
        .map(([type, order, , due]) => [type, order, due]),
    );
    const first = records.findIndex((each) => each.kind === "event" && each.phase === "waiting");
    assert.deepEqual(at(first + 1)[0], ["Remind", "a", "waits", day]);
    await session.play([{ advance: "31m" }], 100);
    records.push(...session.takeTrace());
    assert.deepEqual(at(records.length).slice(0, 2), [
      ["Remind", "b", "waits", day],
      ["Remind", "c", "came", undefined],
    ]);
  });

  test("what a new worker reads back is not shown twice, and what waited still waits", async () => {
    const { session } = await played(waits, [emit("Ordered", "a"), { settle: true }]);
    const records = session.takeTrace();
    const before = emptyMoment(0);
    for (const record of records) fold(before, record);
    const [raised] = records.filter((each) => each.kind === "event");
    assert.ok(raised);
    const link = { seq: 1, cause: 1, origin: 1 };
    const life: TraceRecord[] = [
      ...records,
      { ...link, kind: "recover", entries: 2 },
      { ...raised, ...link, seq: 2 },
    ];
    assert.deepEqual(
      eventsOf(life, life.length, 10).map(({ type, position }) => [type, position]),
      [["Ordered", 2]],
    );
    const after = recoveredMoment(session.views(), before, new Map());
    assert.deepEqual(waitingEvents(after), waitingEvents(before));
    assert.equal(waitingEvents(after).length, 1);
  });

  test("a cascade is everything of one origin, each below what caused it", async () => {
    const { records } = await recorded();
    const reading = eventsOf(records, records.length, 100).find(({ type }) => type === "Reading");
    assert.ok(reading);
    const { lines: tree, total } = cascadeTree(records, reading.position, 1_000);
    assert.equal(total, tree.length);
    const begun = cascadeTree(records, reading.position, 3);
    assert.deepEqual(begun, { lines: tree.slice(0, 3), total });
    const told = (position: number) =>
      !["memory", "settled", "timer", "focus"].includes(records[position - 1]?.kind ?? "");
    assert.deepEqual(
      tree.map(({ position }) => position),
      cascadeOf(records, reading.position).filter(told),
    );
    assert.equal(tree[0]?.depth, 0);
    for (const { record, depth } of tree) {
      const cause = tree.find((each) => each.record.seq === record.cause);
      if (cause && cause.record !== record) assert.equal(depth, cause.depth + 1);
    }
    assert.ok(tree.some(({ record }) => record.kind === "property" && record.property === "level"));
  });
});
