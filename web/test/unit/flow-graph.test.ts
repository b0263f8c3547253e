// Flows as state graphs: which state leads where, where runs are, and where it all stands.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { flowGraph, flowNow } from "../../src/derive/flow-graph.ts";
import { emptyMoment, fold } from "../../src/derive/moment.ts";
import { flowBox, layoutFlow } from "../../src/net/flow-layout.ts";
import type { HostScript, Step } from "../../src/state/project.ts";
import { formOf } from "../../src/worker/form.ts";
import { Session } from "../../src/worker/session.ts";

const saga = readFileSync("../examples/order-saga/order-saga.rules", "utf8");

async function opened(text: string, steps: Step[], host: HostScript = {}) {
  const files = [{ name: "a.rules", text }];
  const session = new Session(() => {});
  await session.begin({
    ...{ files, start: 0, tables: {}, executed: {}, calls: "automatic", journal: "test" },
    ...{ mirrored: null, recover: false, host },
  });
  await session.play(steps, 1_000);
  const [flow] = session.schema().flows;
  const form = (await formOf(files)).find(({ kind }) => kind === "flow");
  assert.ok(flow && form);
  const moment = emptyMoment(0);
  for (const record of session.takeTrace()) fold(moment, record);
  const graph = flowGraph(flow, form);
  const named = (id: number) => graph.nodes[id]?.step || graph.nodes[id]?.title;
  const edges = graph.edges.map(({ from, to, kind, label }) =>
    [named(from), kind === "next" ? "→" : kind, label, named(to)].filter((part) => part).join(" "),
  );
  return { graph, moment, edges };
}

const order = { id: "o1", customerId: "ada", email: "a@b", total: 200_000, lines: [] };
const placed: Step[] = [
  { kind: "insert", type: "Order", fields: order },
  { kind: "emit", type: "order.placed", data: { orderId: "o1" } },
  { settle: true },
];

describe("a flow as a graph", () => {
  test("branches, what happens at once, what comes after: edges lead there", async () => {
    const { edges, graph } = await opened(saga, []);
    // All of them: one too many would be wrong as one too few.
    assert.deepEqual(edges, [
      "start → if order.total > REVIEW_ABOVE",
      "if order.total > REVIEW_ABOVE → yes wait PaymentReviewed",
      "wait PaymentReviewed → if review == null || !review.approved",
      'if review == null || !review.approved → yes fail with "review-refused"',
      "if review == null || !review.approved skip no at the same time",
      "if order.total > REVIEW_ABOVE skip no at the same time",
      "at the same time → reservation",
      "at the same time → charge",
      'reservation → set order.status to "PAID"',
      'charge → set order.status to "PAID"',
      'set order.status to "PAID" → parcel',
      "parcel → mail",
      'mail → set order.status to "SHIPPED"',
      'set order.status to "SHIPPED" → wait Delivered',
      "wait Delivered → if done == null",
      'if done == null → yes fail with "never-delivered"',
      'if done == null skip no set order.status to "DELIVERED"',
      'set order.status to "DELIVERED" → return parcel',
      "on failure → undo what was done, the last first",
      'undo what was done, the last first → set order.status to "CANCELLED"',
      'set order.status to "CANCELLED" → sorry',
      'sorry → log (error) "order {order.id} failed: {err.reason}"',
    ]);
    const charge = graph.nodes.find(({ step }) => step === "charge");
    assert.match(charge?.words ?? "", /retry 3 times/);
    assert.equal(saga.slice(charge?.span?.start).startsWith("step charge"), true);
    assert.ok(graph.handlers[0]?.bodies[0]?.pieces.some(({ node }) => node.step === "sorry"));
  });

  test("a run is at the step that it waits for, and what it has done is done", async () => {
    const { graph, moment } = await opened(saga, placed);
    const at = (step: string) => flowNow(graph, moment, null).get(nodeOf(step));
    const nodeOf = (step: string) => graph.nodes.find((each) => each.step === step)?.id ?? -1;
    assert.equal(at("wait PaymentReviewed")?.standing, "waits");
    assert.deepEqual(
      at("wait PaymentReviewed")?.here.map(({ key }) => key),
      ["o1"],
    );
    assert.equal(at("charge")?.standing, "untouched");
    assert.equal(flowNow(graph, moment, 99).get(nodeOf("wait PaymentReviewed"))?.here.length, 0);
  });

  test("a loop leads back to its head; its turns count as the same step", async () => {
    const { edges, graph, moment } = await opened(
      `module m
host function ping(n: int) -> int
flow F(n: int) {
  for i in [1, 2] {
    step one = call ping(n: i)
  }
  step last = call ping(n: n)
}`,
      [{ kind: "start", flow: "F", args: { n: 1 } }, { settle: true }],
      { ping: [{ returns: 1 }] },
    );
    assert.ok(edges.includes("one back for each i"), String(edges));
    assert.ok(edges.includes("for each i skip done last"));
    const one = graph.nodes.find(({ step }) => step === "one");
    assert.equal(flowNow(graph, moment, null).get(one?.id ?? -1)?.done, 2);
  });

  test("no two states stand on each other", async () => {
    const { graph } = await opened(saga, []);
    const { places, width, height } = layoutFlow(graph);
    const all = [...places.values()];
    assert.equal(all.length, graph.nodes.length);
    for (const [index, a] of all.entries()) {
      assert.ok(a.x + flowBox.width <= width && a.y + flowBox.height <= height);
      for (const b of all.slice(index + 1))
        assert.ok(
          Math.abs(a.x - b.x) >= flowBox.width || Math.abs(a.y - b.y) >= flowBox.height,
          `${JSON.stringify(a)} covers ${JSON.stringify(b)}`,
        );
    }
  });
});
