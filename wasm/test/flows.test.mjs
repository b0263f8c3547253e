// Flows and their host: functions, retries, timers on both clocks, and stores that fail.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { memory, open } from "reticle";
import { orderRules, until } from "./support.mjs";

async function placed(options) {
  const engine = await open(orderRules, options);
  engine.insert("Order", { id: "a", total: 150 });
  engine.emit("order.placed", { orderId: "a" });
  return engine;
}

describe("host functions", () => {
  test("are retried by the flow on the virtual clock, with the same key", async () => {
    const calls = [];
    const functions = {
      async "pay.charge"(args, { attempt, key, step }) {
        await null;
        calls.push({ args, attempt, key, step });
        if (attempt < 3) throw new Error("503");
        return "ch-1";
      },
      "mail.send": () => {},
    };
    const began = Date.now();
    const engine = await placed({ functions });
    await engine.settle();
    assert.equal(engine.runs()[0].status, "running");
    assert.equal(engine.runs()[0].steps[0].status, "retrying");
    assert.notEqual(engine.nextTimer(), null);
    await engine.advance("1m");
    assert.deepEqual(
      calls.map(({ attempt }) => attempt),
      [1, 2, 3],
    );
    assert.equal(new Set(calls.map(({ key }) => key)).size, 1);
    assert.deepEqual(calls[0].args, { orderId: "a", amount: 150 });
    assert.equal(engine.facts("Order")[0].fields.status, "PAID");
    await engine.advance(3_600_000);
    const [run] = engine.runs();
    assert.equal(run.status, "completed");
    assert.equal(run.result, "ch-1");
    assert.equal(engine.facts("Order")[0].fields.status, "DONE");
    assert.equal(engine.now(), 3_660_000);
    assert.ok(Date.now() - began < 20 * 60_000, "an hour of virtual time takes no hour");
    engine.close();
  });

  test("that were not given leave their calls to the one who takes the outputs", async () => {
    const engine = await placed({});
    await engine.settle();
    const [call] = engine.takeOutputs().filter(({ kind }) => kind === "call");
    assert.equal(call.function, "pay.charge");
    assert.throws(() => engine.submit({ kind: "result", call: "nonsense", attempt: 1 }), {
      code: "UnknownCall",
    });
    engine.submit({ kind: "result", call: call.call, attempt: call.attempt, value: "ch-9" });
    await engine.settle();
    assert.equal(engine.facts("Order")[0].fields.status, "PAID");
    assert.throws(() =>
      engine.submit({ kind: "result", call: call.call, attempt: call.attempt, value: "ch-10" }),
    );
    engine.close();
  });

  test("may fail with more than a reason, or return what the flow did not ask for", async () => {
    for (const perform of [
      () => {
        throw { reason: "card-declined", code: 7 };
      },
      () => ({ not: "a string" }),
    ]) {
      const engine = await placed({ functions: { "pay.charge": perform } });
      await engine.settle();
      assert.equal(engine.runs()[0].steps[0].status, "retrying");
      engine.close();
    }
  });

  test("run by themselves on a system clock, and close() stops that", async () => {
    const rules = orderRules.replace("1s..1m", "20ms..40ms").replace("sleep 10m", "sleep 30ms");
    const attempts = [];
    const functions = {
      "pay.charge": (_args, { attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error("503");
        return "ch-1";
      },
      "mail.send": () => {},
    };
    const began = Date.now();
    const engine = await open(rules, { functions, clock: "system" });
    engine.insert("Order", { id: "a", total: 1 });
    engine.emit("order.placed", { orderId: "a" });
    await engine.settle();
    await until("the run has ended", () => engine.runs()[0].status !== "running");
    assert.equal(engine.runs()[0].status, "completed");
    assert.deepEqual(attempts, [1, 2, 3]);
    assert.ok(began <= engine.now() && engine.now() <= Date.now(), "its clock is the system's");
    engine.emit("order.placed", { orderId: "none" });
    engine.close(); // and no timer fires after it: the runner would report that
  });

  test("a slow call does not hold up the timers of a system clock", async () => {
    const rules = `module demo
fact Done { name: string }
host function slow() -> string
flow Slow() { step s = call slow() insert Done{name: "slow"} }
flow Quick() { sleep 20ms insert Done{name: "quick"} }
`;
    let answer;
    const engine = await open(rules, {
      clock: "system",
      functions: {
        slow: () =>
          new Promise((settle) => {
            answer = settle;
          }),
      },
    });
    engine.start("Slow", {}, "s");
    engine.start("Quick", {}, "q");
    const settled = engine.settle();
    await until("the quick flow is done", () => engine.facts("Done").length > 0);
    assert.deepEqual(
      engine.facts("Done").map(({ fields }) => fields.name),
      ["quick"],
    );
    answer("x");
    await settled;
    assert.equal(engine.facts("Done").length, 2);
    engine.close();
  });
});

describe("stores", () => {
  test("nothing is done before the journal is durable", async () => {
    const order = [];
    const kept = memory();
    const store = {
      ...kept,
      async append(bytes) {
        await wait(5);
        kept.append(bytes);
        order.push("durable");
      },
    };
    const engine = await placed({
      store,
      functions: {
        "pay.charge": () => {
          order.push("call");
          return "x";
        },
        "mail.send": () => {},
      },
    });
    await engine.settle();
    assert.equal(order[0], "durable");
    assert.ok(order.includes("call"));
    engine.close();
  });

  test("a store that fails stops the engine, and no call is made", async () => {
    let calls = 0;
    const store = {
      ...memory(),
      append() {
        throw new Error("disk full");
      },
    };
    const engine = await placed({
      store,
      functions: {
        "pay.charge": () => {
          calls++;
          return "x";
        },
      },
    });
    await assert.rejects(engine.settle(), { code: "Store", message: /disk full/ });
    assert.throws(() => engine.insert("Order", { id: "b", total: 1 }), { code: "Store" });
    assert.equal(calls, 0);
    engine.close();
  });
});
