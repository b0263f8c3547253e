// What the network shows at a moment, and what a selection changes of it.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ProgramSchema } from "reticle";
import { emptyMoment, fold } from "../../src/derive/moment.ts";
import { mostActivations, pictureOf } from "../../src/net/picture.ts";
import type { Selection } from "../../src/state/state.ts";
import { played } from "./played.ts";

const text = `
fact A { key id: int }
fact B { key id: int }
rule "a" when { a: A(id > 1) } then { }
rule "b" when { b: B(id > 1) } then { }
`;

async function moments() {
  const { session } = await played(text, [{ kind: "insert", type: "A", fields: { id: 2 } }]);
  const schema = session.schema();
  const moment = emptyMoment(0);
  for (const record of session.takeTrace()) fold(moment, record);
  return { schema, moment, counters: session.counters() };
}

describe("the picture of the network", () => {
  const drawn = (schema: ProgramSchema, moment: ReturnType<typeof emptyMoment>) => ({
    of: (selection: Selection | null) =>
      pictureOf({ schema, moment, selection, since: 0, firedRule: null }),
  });

  test("the busier a node was, the hotter it is; nobody asked, nothing is hot", async () => {
    const { schema, moment, counters } = await moments();
    const of = (asked: typeof counters | null) =>
      pictureOf({ schema, moment, selection: null, since: 0, firedRule: null, counters: asked });
    const heats = [...of(counters).nodes.values()].map(({ heat }) => heat ?? Number.NaN);
    assert.equal(Math.max(...heats), 1);
    assert.equal(Math.min(...heats), 0, "nothing came to the nodes of B");
    for (const { heat, holds, did } of of(counters).nodes.values())
      assert.equal(heat === 0, did === "nothing has come here yet", `${holds}, ${did}`);
    assert.ok([...of(null).nodes.values()].every(({ heat }) => heat === null));
    const came = counters.nodes.map(({ left, right, memory }) => left + right || memory);
    assert.equal(mostActivations(schema, counters), Math.max(...came));
  });

  test("what the nodes hold is worked out once a moment, whatever is selected", async () => {
    const { schema, moment } = await moments();
    const picture = drawn(schema, moment);
    const plain = picture.of(null);
    const chosen = picture.of({ kind: "rule", rule: 0 });
    assert.equal(picture.of(null).nodes, plain.nodes, "nothing is made anew");
    for (const [id, node] of chosen.nodes) assert.equal(node.holds, plain.nodes.get(id)?.holds);
    moment.position++;
    assert.notEqual(picture.of(null).nodes, plain.nodes, "another moment, another picture");
  });

  test("a selected rule lights its path and dims the rest", async () => {
    const { schema, moment } = await moments();
    const { of } = drawn(schema, moment);
    const names = (selection: Selection | null, which: "onPath" | "dimmed" | "selected") =>
      [...of(selection).nodes.values()].filter((node) => node[which]).map(({ label }) => label);
    assert.deepEqual(names({ kind: "rule", rule: 0 }, "selected"), ["a"]);
    assert.ok(names({ kind: "rule", rule: 0 }, "onPath").includes("A"));
    assert.ok(names({ kind: "rule", rule: 0 }, "dimmed").includes("B"));
    assert.deepEqual(names(null, "dimmed"), []);
  });

  test("a node that holds something was reached, also where no record tells when", async () => {
    const { schema, moment } = await moments();
    const type = schema.network.nodes.find(({ kind, label }) => kind === "type" && label === "A");
    assert.ok(type);
    // As after a crash: the counts are read back, the records before it are gone.
    moment.touched.clear();
    const { nodes } = drawn(schema, moment).of(null);
    assert.equal(nodes.get(type.id)?.holds, "1 fact");
    assert.equal(nodes.get(type.id)?.everActive, true);
    const idle = [...nodes.values()].find(({ count }) => count === 0);
    assert.equal(idle?.everActive, false);
  });
});
