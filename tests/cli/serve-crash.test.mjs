// `reticle serve` killed in the middle, again and again: what was acknowledged is there, once.
//
// RETICLE_KILLS says how often; 15 when it says nothing.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { envelope, orders, receiver, serving } from "./serving.mjs";

const { serve, write } = serving();
const kills = Number(process.env.RETICLE_KILLS ?? 15);

before(() => {
  write("orders.rules", orders);
});

test(`${kills} times SIGKILL: every acknowledged event is applied exactly once`, async () => {
  const delivered = new Map();
  const there = await receiver((one) => {
    if (one.body.type !== "order.accepted") return undefined;
    const order = one.body.data.id;
    const ids = delivered.get(order) ?? new Set();
    delivered.set(order, ids.add(one.body.id));
    return undefined;
  });
  const words = ["--rules", "orders.rules", "--store", "crash.journal"];
  words.push("--deliver", `order.accepted=${there.url}`);
  const acknowledged = new Set();
  const asked = new Set();
  const sent = [];
  for (let round = 0; round < kills; round += 1) {
    const server = await serve(...words);
    let isOver = false;
    let count = 0;
    // Killed after so many answers of this round, with requests of all clients under way.
    const enough = new Promise((reached) => {
      const clients = Array.from({ length: 8 }, async (_, client) => {
        while (!isOver) {
          const events = Array.from({ length: client % 2 === 0 ? 1 : 5 }, () => envelope());
          for (const event of events) asked.add(event.data.id);
          sent.push(...events);
          const answer = await (events.length === 1
            ? server.post(events[0])
            : server.post(events, "application/cloudevents-batch+json")
          ).catch(() => undefined);
          if (answer?.status !== 200) continue;
          for (const event of events) acknowledged.add(event.data.id);
          count += 1;
          if (count === 20 + 7 * (round % 5)) reached(clients);
        }
      });
    });
    await enough;
    server.child.kill("SIGKILL");
    await server.ended;
    isOver = true;
  }
  const server = await serve(...words);
  const taken = (await server.all("/facts?type=Taken", "facts")).map((each) => each.fields.id);
  const there_ = new Set(taken);
  assert.equal(taken.length, there_.size, "none is applied twice");
  for (const id of acknowledged) assert.ok(there_.has(id), `${id} was acknowledged`);
  for (const id of taken) assert.ok(asked.has(id), `${id} was asked for`);
  // Who got no answer sends again: what was taken is known, the rest is taken now. Older ones than
  // those the engine remembers were acknowledged long ago.
  const again = sent.slice(-5000);
  for (let at = 0; at < again.length; at += 50) {
    const answer = await server.post(
      again.slice(at, at + 50),
      "application/cloudevents-batch+json",
    );
    assert.equal(answer.status, 200);
  }
  const all = (await server.all("/facts?type=Taken", "facts")).map((each) => each.fields.id);
  assert.equal(all.length, new Set(all).size, "none is applied twice");
  for (const event of again) assert.ok(all.includes(event.data.id), `${event.id} was sent again`);
  // Each that was applied is delivered, however often, with one id.
  await there.until(() => all.every((id) => delivered.has(id)));
  for (const id of all) assert.equal(delivered.get(id).size, 1, `${id} has one id`);
});
