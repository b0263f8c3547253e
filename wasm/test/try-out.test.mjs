// Engine.canTake: what the engine says of an event before it is handed in.
import assert from "node:assert/strict";
import { test } from "node:test";
import { memory, open } from "reticle";

const rules = `
module tried
event Ping as "ping" { n: int }
fact Got { n: int }
rule "got" on p: Ping then { insert Got{n: p.n} }
`;
const ping = (id, n, more = {}) => ({
  kind: "emit",
  type: "ping",
  source: "/s",
  id,
  data: { n },
  ...more,
});

test("asking for an event changes nothing", async (t) => {
  const store = memory();
  const engine = await open(rules, { store });
  t.after(() => engine.close());
  await engine.settle();
  const before = [engine.digest(), store.bytes().length];
  for (const event of [ping("a", 1), ping(undefined, 1), ping("a", 1, { extensions: { hops: 3 } })])
    engine.canTake(event);
  await engine.settle();
  assert.deepEqual([engine.digest(), store.bytes().length], before);
  engine.submit(ping("a", 1));
  engine.canTake(ping("a", 1));
  assert.throws(() => engine.canTake({ kind: "insert", type: "Got", fields: { n: 1 } }), {
    code: "BadInput",
  });
  await engine.settle();
  assert.deepEqual(
    engine.facts("Got").map(({ fields }) => fields.n),
    [1],
  );
});

test("what submit would refuse is refused with the same words", async (t) => {
  const engine = await open(rules);
  t.after(() => engine.close());
  engine.submit(ping("a", 1));
  await engine.settle();
  const before = engine.digest();
  const errorOf = (work) => {
    try {
      work();
    } catch ({ code, message, where }) {
      return { code, message, where };
    }
    return "none";
  };
  const wrong = [
    ping("a", 2),
    ping("b", "x"),
    ping("b", 1, { type: "pong" }),
    ping("b", 1, { data: {} }),
    ping("b", 1, { data: { n: 1, m: 2 } }),
    ping("b", 1, { extensions: { hops: 10_001 } }),
    ping("b", 1, { time: "now" }),
  ];
  for (const event of wrong) {
    const said = errorOf(() => engine.canTake(event));
    assert.ok(said.code, JSON.stringify(event));
    assert.deepEqual(
      said,
      errorOf(() => engine.submit(event)),
    );
  }
  assert.equal(engine.digest(), before);
});
