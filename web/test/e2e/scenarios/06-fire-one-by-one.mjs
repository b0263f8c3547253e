// The agenda is fired one by one, beside an engine in Node.

import { readFile } from "node:fs/promises";
import {
  agendaRows,
  andThen,
  announcement,
  assert,
  playInputs,
  tab,
  twinNodes,
} from "../parts.mjs";

export const number = 6;
export const title =
  "fire one by one: the order shown is the order fired, and the path lit up is the engine's path";

const inputs = [
  { kind: "insert", type: "Customer", fields: { id: "bob", loggedIn: true } },
  { kind: "insert", type: "CartItem", fields: { customerId: "bob", sku: "milk", qty: 7 } },
  { kind: "insert", type: "Thing", fields: { name: "ball", color: "red" } },
  { kind: "insert", type: "Customer", fields: { id: "ada", loggedIn: true } },
  { kind: "insert", type: "Thing", fields: { name: "rose", color: "red" } },
];

export async function run({ open, package: reticle, examples }) {
  const { page } = await open();
  await playInputs(page, inputs);
  await tab(page, "agenda").click();
  const program = await reticle.compile([
    {
      name: "discounts.rules",
      text: await readFile(`${examples}discounts/discounts.rules`, "utf8"),
    },
  ]);
  const engine = await reticle.open(program, {
    start: Date.parse("2024-04-11T12:00:00Z"),
    trace: true,
  });
  for (const input of inputs) engine.submit(input);

  let fired = 0;
  for (let left = await agendaRows(page).count(); left > 0; left = await agendaRows(page).count()) {
    const shown = await agendaRows(page).evaluateAll((rows) =>
      rows.map((row) => Number(row.dataset.activation)),
    );
    assert.deepEqual(
      shown,
      engine.agenda().map(({ id }) => id),
      "the agenda is the engine's agenda, in its order",
    );
    const name = await agendaRows(page).first().locator(".agenda-rule").textContent();
    await andThen(page, () => page.getByRole("button", { name: "Fire one" }).click());
    const report = await engine.settle({ maxFirings: 1 });
    assert.equal(report.fired[0].rule, name, "what stood first is what the engine fires");
    assert.equal(report.fired[0].activation, shown[0]);
    assert.match(
      await announcement(page).textContent(),
      new RegExp(`^Fired 1: ${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")};`),
      "and what was said",
    );
    const lit = await twinNodes(page).evaluateAll((nodes) =>
      nodes
        .filter((node) => node.hasAttribute("data-path"))
        .map((node) => Number(node.dataset.node))
        .sort((a, b) => a - b),
    );
    assert.deepEqual(lit, pathOf(program.schema, name), `the path of ${name}`);
    fired++;
  }
  assert.ok(fired >= 4, `${fired} fired`);
  assert.equal(engine.agenda().length, 0);
  engine.close();
  program.close();
}

/**
 * The production node of a rule and everything that feeds it, from the engine's own schema; the
 * end of a group is shown as part of the node it belongs to.
 */
function pathOf(schema, name) {
  const found = new Set(),
    open = [schema.rules.find((rule) => rule.name === name).node];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    const { left, right } = schema.network.nodes[id];
    // branches that hang from it
    open.push(...schema.network.nodes.filter(({ owner }) => owner === id).map((end) => end.id));
    if (left !== undefined) open.push(left);
    if (right !== undefined) open.push(right);
  }
  const { nodes } = schema.network;
  return [...found].filter((id) => nodes[id].kind !== "end").sort((a, b) => a - b);
}
