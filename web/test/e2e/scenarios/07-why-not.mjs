// A rule that does not fire is explained as the engine explains it.

import { readFile } from "node:fs/promises";
import { assert, playInputs, tab, twinNodes, until } from "../parts.mjs";

export const number = 7;
export const title =
  "why not: each condition says what comes and goes on and what " +
  "is in the way, and the nodes say what they did";

const inputs = [
  { kind: "insert", type: "Customer", fields: { id: "bob", loggedIn: true } },
  { kind: "insert", type: "CartItem", fields: { customerId: "bob", sku: "milk", qty: 1 } },
];
const rule = "30% for more than two products";

export async function run({ open, package: reticle, examples }) {
  const { page } = await open();
  await playInputs(page, inputs);
  const program = await reticle.compile([
    {
      name: "discounts.rules",
      text: await readFile(`${examples}discounts/discounts.rules`, "utf8"),
    },
  ]);
  const engine = await reticle.open(program, { start: Date.parse("2024-04-11T12:00:00Z") });
  for (const input of inputs) engine.submit(input);

  const { node } = program.schema.rules.find(({ name }) => name === rule);
  await page.getByRole("button", { name: "Show the nodes as a list" }).click();
  await twinNodes(page)
    .and(page.locator(`[data-node="${node}"]`))
    .click();
  const whyNot = engine.whyNot(rule);
  const rows = page.locator(".explanation-part > .conditions > .condition");
  await rows.first().waitFor();
  assert.equal(await rows.count(), whyNot.conditions.length);
  assert.deepEqual(
    await rows.evaluateAll((all) => all.map((row) => row.dataset.holds)),
    whyNot.conditions.map(({ holds }) => String(holds)),
  );
  const counts = await rows.locator(":scope > .condition-counts").allTextContents();
  assert.ok(
    counts.every((text, at) => {
      const { reached, partial } = whyNot.conditions[at];
      return reached === 0
        ? text.includes("no match comes here")
        : partial === 0
          ? text.includes("none goes on")
          : text.includes("go");
    }),
    counts.join(" | "),
  );

  await nearMiss(page, whyNot);
  await countsInText(page, program, engine);

  assert.equal(
    await page.locator(".twin-did:not(:empty)").count(),
    0,
    "nobody has asked for counters",
  );
  await page.getByRole("button", { name: "Show what each node has done" }).click();
  await page.locator(".twin-did:not(:empty)").first().waitFor();
  const heat = page.locator(".net-legend li", { hasText: /^0 to [1-9][\d,]* activations?$/ });
  await heat.waitFor();
  await page.getByRole("button", { name: "Show what each node has done" }).click();
  await heat.waitFor({ state: "detached" });
  assert.equal(
    await page.locator(".twin-did:not(:empty)").count(),
    0,
    "and it is taken away again",
  );
  engine.close();
  program.close();
}

/** The first screen names the test that refuses the nearest match, with the engine's values. */
async function nearMiss(page, whyNot) {
  const at = whyNot.conditions.findLastIndex(({ reached }) => reached > 0);
  const [miss] = whyNot.conditions[at].nearest;
  const line = page.locator(".condition-near").first();
  const text = await line.textContent();
  assert.ok(
    text.includes(miss.test) && text.includes(` compares ${miss.left} with ${miss.right}`),
    `${text} says ${JSON.stringify(miss)}`,
  );
}

/** Beside the text of each condition stands how many matches the engine lets past it. */
async function countsInText(page, program, engine) {
  const last = program.schema.rules.at(-1);
  await tab(page, "rules").click();
  await page.getByRole("button", { name: "show in the editor" }).click();
  const counts = program.schema.rules.flatMap(({ name }) =>
    engine.matches(name).conditions.map(({ count }) => count),
  );
  const visible = last.conditions.length;
  await until(
    page,
    `the counts ${counts} stand in the text`,
    ([all, least]) => {
      const shown = [...document.querySelectorAll(".editor-note")].map(({ textContent }) =>
        textContent.includes("never") ? 0 : Number(textContent),
      );
      // Only the lines in view are there.
      return shown.length >= least && all.join().includes(shown.join());
    },
    [counts, Math.min(2, visible)],
  );
  await page.getByRole("button", { name: "Counts", exact: true }).click();
  await page.locator(".editor-note").first().waitFor({ state: "detached" });
}
