// Subjects and events through the package: what a host does with them, and what it gets back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, ReticleError } from "reticle";

const rules = `
module things
subject Thing as "things/{id}" open { key id: string  ext fleet: string? }
event Ping { n: int }
event Pong { n: int }
fact Got { key n: int  from: string? }
rule "pong" on p: Pong then { insert Got{n: p.n, from: p.meta.subject} }
rule "ping" on p: Ping then { emit Pong{n: p.n} after 10s replacing "pong" }
`;

/** @param {Parameters<Parameters<typeof test>[1]>[0]} t */
async function things(t, options = {}) {
  const engine = await open(rules, options);
  t.after(() => engine.close());
  return engine;
}

function envelopes(engine) {
  const seen = [];
  engine.on("event", (event) => seen.push(event));
  return seen;
}

const refused = (code, where) => (error) => {
  assert.ok(error instanceof ReticleError, String(error));
  assert.equal(error.code, code);
  if (where !== undefined) assert.equal(error.where, where);
  return true;
};

test("A3-1 a missing property is an error, or the default; null is a default", async (t) => {
  const engine = await things(t);
  const foo = engine.subject("things/foo");
  assert.throws(() => foo.read("moo"), refused("MissingProperty", "moo"));
  assert.throws(() => foo.read("moo"), /moo/);
  assert.equal(foo.read("moo", 7), 7);
  assert.equal(foo.read("moo", null), null);
  assert.equal(foo.exists, false);
  assert.deepEqual(engine.subjects(), []);
  foo.set({ moo: 1 });
  assert.equal(foo.read("moo"), 1);
  assert.equal(foo.exists, true);
});

test("A3-3 a thousand increments from two tasks at once end exact", async (t) => {
  const engine = await things(t);
  const foo = engine.subject("things/foo");
  foo.set({ moo: 1 });
  await engine.settle();
  const seen = envelopes(engine);
  const task = async () => {
    for (let i = 0; i < 500; ++i) {
      foo.update("moo", (value) => value + 1);
      await engine.settle();
    }
  };
  await Promise.all([task(), task()]);
  assert.equal(foo.read("moo"), 1001);
  assert.deepEqual(
    seen.map((event) => event.data.old_value),
    Array.from({ length: 1000 }, (_, i) => i + 1),
  );
});

test("an update that throws or comes later changes nothing", async (t) => {
  const engine = await things(t);
  const foo = engine.subject("things/foo");
  foo.set({ moo: 1 });
  const before = engine.digest();
  assert.throws(
    () =>
      foo.update("moo", () => {
        throw new Error("no");
      }),
    /^Error: no$/,
  );
  assert.throws(() => foo.update("moo", async () => 2), refused("BadInput", "moo"));
  assert.equal(engine.digest(), before);
});

test("A2-1 compare and set says what was there", async (t) => {
  const engine = await things(t);
  const foo = engine.subject("things/foo");
  assert.deepEqual(foo.compareAndSet("year", null, 1), { swapped: true, actual: null });
  assert.deepEqual(foo.compareAndSet("year", 1, 2), { swapped: true, actual: 1 });
  assert.deepEqual(foo.compareAndSet("year", 1, 2), { swapped: false, actual: 2 });
  assert.equal(foo.read("year"), 2);
});

test("A3-6 properties and subjects that go", async (t) => {
  const engine = await things(t);
  const foo = engine.subject("things/foo");
  foo.set({ a: 1, b: 2, c: 3, fleet: "f1" });
  await engine.settle();
  const seen = envelopes(engine);
  foo.unset("a");
  await engine.settle();
  assert.equal(seen[0].type, "subject-property-deleted");
  assert.deepEqual(seen[0].data, { property_name: "a", old_value: 1 });
  assert.equal(seen[0].fleet, "f1");
  assert.throws(() => foo.unset("a"), refused("MissingProperty", "a"));
  assert.throws(() => foo.read("a"), refused("MissingProperty", "a"));
  seen.length = 0;
  foo.delete();
  await engine.settle();
  assert.deepEqual(
    seen.map((event) => event.type),
    [
      "subject-property-deleted",
      "subject-property-deleted",
      "subject-property-deleted",
      "subject-deleted",
    ],
  );
  assert.deepEqual(seen[3].data, { ext_props: { fleet: "f1" }, props: { b: 2, c: 3 } });
  assert.equal(foo.exists, false);
  assert.throws(() => foo.delete(), refused("UnknownSubject", "subject"));
});

test("subjects are listed by name, page by page, and by what they hold", async (t) => {
  const engine = await things(t);
  for (let i = 0; i < 9; ++i) {
    engine.subject(`things/${i}`).set({ fleet: i % 2 ? "odd" : "even" });
  }
  const first = engine.subjects({ limit: 4 });
  assert.deepEqual(
    first.map((each) => each.subject),
    ["things/0", "things/1", "things/2", "things/3"],
  );
  assert.equal(engine.subjects({ after: "things/3" }).length, 5);
  assert.equal(engine.subjects({ having: { fleet: "odd" } }).length, 4);
  assert.deepEqual(engine.subjects({ type: "Nothing" }), []);
});

test("an event waits, gives way to a later one, and can be taken back", async (t) => {
  const engine = await things(t);
  engine.emit("Pong", { n: 1 }, { after: 5000, replacing: "x" });
  engine.emit("Pong", { n: 2 }, { at: 7000, replacing: "x", subject: "" });
  engine.emit("Pong", { n: 3 }, { after: 6000, replacing: "y" });
  assert.deepEqual(
    engine.waitingEvents().map(({ name, due, data }) => [name, due, data.n]),
    [
      ["y", 6000, 3],
      ["x", 7000, 2],
    ],
  );
  engine.cancelEvent("y");
  await engine.advance(10_000);
  assert.deepEqual(
    engine.facts("Got").map((fact) => fact.fields.n),
    [2],
  );
  assert.throws(
    () => engine.emit("Pong", { n: 1 }, { after: 1, at: 2 }),
    refused("BadInput", "at"),
  );
  assert.throws(() => engine.emit("Pong", { n: 1 }, { after: -1 }), refused("BadInput", "after"));
  assert.throws(
    () => engine.emit("Pong", { n: 1 }, { deliver: "nowhere" }),
    refused("BadInput", "deliver"),
  );
});

test("an event that is sent again changes nothing, another one of its id is refused", async (t) => {
  const engine = await things(t);
  const send = (n) =>
    engine.submit({ kind: "emit", type: "Pong", data: { n }, id: "a", source: "s" });
  assert.equal(send(1).duplicate, undefined);
  await engine.settle();
  const before = engine.digest();
  assert.equal(send(1).duplicate, true);
  await engine.settle();
  assert.equal(engine.digest(), before);
  assert.throws(() => send(2), refused("Duplicate", "id"));
});

test("what a host hands in goes outside when it says so, with what it brought", async (t) => {
  const engine = await things(t);
  const seen = envelopes(engine);
  engine.emit("Pong", { n: 1 });
  engine.emit(
    "Pong",
    { n: 2 },
    { deliver: "both", time: 1500, extensions: { tenant: "t1" }, source: "shop", id: "o1" },
  );
  engine.emit("Pong", { n: 3 }, { deliver: "outside" });
  engine.emit("Pong", { n: 4 }, { deliver: "unhandled" });
  await engine.settle();
  assert.deepEqual(
    seen.map((event) => event.data.n),
    [2, 3],
  );
  assert.equal(seen[0].time, "1970-01-01T00:00:01.500Z");
  assert.equal(seen[0].tenant, "t1");
  assert.equal(seen[0].source, "shop");
  assert.deepEqual(
    engine.facts("Got").map((fact) => fact.fields.n),
    [1, 2, 4],
  );
});
