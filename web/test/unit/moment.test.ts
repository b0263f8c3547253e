// Moments: folded forwards, shown again, read back after a crash.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Moment } from "../../src/derive/moment.ts";
import { recoveredMoment } from "../../src/derive/moment.ts";
import { Timeline } from "../../src/derive/timeline.ts";
import { numbers, Script } from "./records.ts";

function timelineOf(script: Script): Timeline {
  const timeline = new Timeline(0);
  timeline.append(script.records);
  return timeline;
}

/** Plain data of a moment, for comparing whole moments. */
function plain(moment: Moment) {
  return {
    ...moment,
    facts: [...moment.facts.values()].sort((a, b) => a.id - b.id),
    agenda: [...moment.agenda.values()],
    counts: [...moment.counts].sort(),
    touched: [...moment.touched].sort(),
    firings: [...moment.firings].sort(),
    runs: [...moment.runs.values()],
    timers: [...moment.timers],
  };
}

/** A long, lively session: facts come, change and go, rules get ready and fire. */
function livelyScript(count: number, seed: number): Script {
  const random = numbers(seed),
    script = new Script();
  const alive: number[] = [],
    ready: number[] = [];
  for (let next = 1; script.records.length < count; next++) {
    const choice = random(6),
      fact = alive[random(Math.max(1, alive.length))];
    if (choice < 2 || fact === undefined) {
      script
        .input(`insert ${next}`, next)
        .assert(next, "Thing", { name: `n${next}` })
        .memory(random(9), random(50), [next]);
      alive.push(next);
    } else if (choice === 2) {
      script.retract(fact, "Thing");
      alive.splice(alive.indexOf(fact), 1);
    } else if (choice === 3) script.property(`thing|${fact}`, fact, "size", next, next + 1);
    else if (choice === 4) {
      script.ready(next, random(4), [fact]);
      ready.push(next);
    } else {
      const activation = ready.shift();
      if (activation !== undefined) script.fire(activation, random(4), []);
    }
  }
  return script;
}

describe("moment", () => {
  test("facts come, change and go as the records say", () => {
    const script = new Script()
      .input("insert")
      .assert(1, "Customer", { id: "ada" })
      .property("customer|ada", 1, "age", null, 36)
      .retract(1, "Customer");
    const timeline = timelineOf(script);
    assert.equal(timeline.at(1).facts.size, 0);
    assert.deepEqual(timeline.at(2).facts.get(1)?.fields, { id: "ada" });
    assert.deepEqual(timeline.at(3).facts.get(1)?.fields, { id: "ada", age: 36 });
    assert.equal(timeline.at(4).facts.size, 0);
  });

  test("a firing leaves the agenda and is counted for its rule", () => {
    const timeline = timelineOf(
      new Script().input("x").ready(1, 2, [7]).ready(2, 2, [8]).fire(2, 2, [8]),
    );
    assert.deepEqual([...timeline.at(4).agenda.keys()], [1]);
    assert.equal(timeline.at(4).firings.get(2), 1);
    assert.equal(timeline.at(3).firings.size, 0);
  });

  test("memories hold what the last record about them says, and say when", () => {
    const timeline = timelineOf(
      new Script().input("x").memory(3, 1, [1]).memory(3, 2, [2]).memory(3, 1, [1], false),
    );
    assert.equal(timeline.at(3).counts.get(3), 2);
    assert.equal(timeline.at(4).counts.get(3), 1);
    assert.equal(timeline.at(4).touched.get(3), 4);
  });

  test("a step that was read back stays grey, one that is executed does not", () => {
    const step = (status: "started" | "completed" | "recorded", attempt = 1) => ({
      kind: "step" as const,
      run: 1,
      step: "charge",
      stepKind: "call" as const,
      status,
      attempt,
    });
    const timeline = timelineOf(
      new Script()
        .add({ ...step("recorded"), result: "c1" })
        .add({ ...step("started", 1), step: "ship" })
        .add({ ...step("completed", 1), step: "ship" }),
    );
    const steps = timeline.at(3).runs.get(1)?.steps ?? [];
    assert.deepEqual(
      steps.map(({ name, recorded, status }) => [name, recorded, status]),
      [
        ["charge", true, "completed"],
        ["ship", false, "completed"],
      ],
    );
  });

  for (const seed of [1, 2, 3, 4, 5]) {
    test(`any moment is the same whichever way it is reached (seed ${seed})`, () => {
      const script = livelyScript(2300, seed),
        random = numbers(seed * 77);
      const wandering = timelineOf(script);
      for (let i = 0; i < 60; i++) {
        const position = random(script.records.length + 1);
        const fresh = new Timeline(0);
        fresh.append(script.records.slice(0, position));
        assert.deepEqual(
          plain(wandering.at(position)),
          plain(fresh.at(position)),
          `at ${position}`,
        );
      }
    });
  }

  test("records that arrive bit by bit make the same moments as all at once", () => {
    const script = livelyScript(1200, 9),
      together = timelineOf(script),
      apart = new Timeline(0);
    for (let i = 0; i < script.records.length; i += 7) {
      apart.append(script.records.slice(i, i + 7));
      apart.at(apart.length);
    }
    assert.deepEqual(plain(apart.at(700)), plain(together.at(700)));
    assert.deepEqual(plain(apart.at(1200)), plain(together.at(1200)));
  });

  test("after a crash the session is what the new worker read, before it the old one's", () => {
    const timeline = timelineOf(
      new Script().input("x").assert(1, "Order", { id: "o1" }).memory(0, 1, [1]),
    );
    const before = timeline.at(3);
    const views = {
      facts: [
        { id: 1, type: "Order", fields: { id: "o1", status: "PAID" }, logical: false, recency: 1 },
      ],
      agenda: [],
      counters: [1, 0],
      waiting: [],
      now: 5000,
      runs: [
        {
          id: 1,
          flow: "Fulfil",
          key: "o1",
          status: "running" as const,
          steps: [
            {
              name: "charge",
              kind: "call" as const,
              status: "completed" as const,
              attempt: 1,
              recorded: true,
            },
          ],
        },
      ],
    };
    timeline.recover(recoveredMoment(views, before, new Map()));
    timeline.append(new Script().input("y").assert(2, "Order", { id: "o2" }).records);
    assert.equal(timeline.at(3).runs.get(1)?.steps[0]?.recorded, true);
    assert.equal(timeline.at(2).runs.size, 0);
    assert.equal(timeline.at(5).facts.size, 2);
    assert.deepEqual(timeline.at(5).facts.get(1)?.fields, { id: "o1", status: "PAID" });
    assert.equal(timeline.at(3).clock, 5000);
  });

  test("boundaries stand at the end of each input", () => {
    const timeline = timelineOf(
      new Script().input("a").assert(1, "T", {}).input("b").assert(2, "T", {}).memory(0, 1, [2]),
    );
    assert.equal(timeline.nextBoundary(0), 2);
    assert.equal(timeline.nextBoundary(2), 5);
    assert.equal(timeline.previousBoundary(5), 2);
    assert.equal(timeline.previousBoundary(2), 0);
  });
});
