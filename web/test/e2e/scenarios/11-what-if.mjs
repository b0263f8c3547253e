// What would come of a change, in a future beside this one.

import { readFile } from "node:fs/promises";
import { agendaRows, andThen, assert, playInputs, record, rest, tab } from "../parts.mjs";

export const number = 11;
export const title =
  "what if: a near miss is made true beside the session, the futures part where the engine says, " +
  "and the session itself stays as it was until the change is made in it";

const inputs = [
  { kind: "insert", type: "Customer", fields: { id: "bob", loggedIn: false } },
  { kind: "insert", type: "CartItem", fields: { customerId: "bob", sku: "milk", qty: 1 } },
];
const rule = "20% for a logged-in customer";

export async function run({ open, package: reticle, examples }) {
  const { page } = await open();
  await playInputs(page, inputs);
  const before = await record(page);
  const nearest = page.locator(".near-miss", { hasText: rule });
  await nearest.locator(".fork-button", { hasText: "What if loggedIn = true?" }).click();
  const dialog = page.getByRole("dialog", { name: "What if" });
  await dialog.waitFor();

  const program = await reticle.compile([
    {
      name: "discounts.rules",
      text: await readFile(`${examples}discounts/discounts.rules`, "utf8"),
    },
  ]);
  const fired = async (loggedIn) => {
    const engine = await reticle.open(program, { start: Date.parse("2024-04-11T12:00:00Z") });
    const [bob] = inputs.map((input) => engine.submit(input).fact);
    if (loggedIn) engine.update(bob, { loggedIn: true });
    const report = await engine.settle();
    engine.close();
    return report.fired.map((each) => each.rule);
  };
  const shown = (at) => dialog.locator(".what-if-column").nth(at).locator("li").allTextContents();
  assert.deepEqual(await shown(0), await fired(false), "as it is");
  assert.deepEqual(await shown(1), await fired(true), "with the change");
  assert.match(
    await dialog.locator(".what-if-lead").textContent(),
    /part at firing 1; fires in addition: 20% for a logged-in customer/,
  );
  assert.ok(
    (await dialog.locator('.what-if-facts [data-side="then"]').allTextContents()).some((line) =>
      line.includes("Discount"),
    ),
    "the discount is a difference",
  );
  await dialog.getByRole("button", { name: "Close" }).click();
  assert.equal(await record(page), before, "nothing was done to the session");
  assert.equal(await agendaRows(page).count(), (await fired(false)).length ? 1 : 0);

  // The same by the form of a fact, and this time it is done.
  await tab(page, "facts").click();
  await page.locator(".facts-row", { hasText: "bob" }).first().click();
  await page.getByRole("button", { name: "Change it, or what if" }).click();
  await page.getByLabel("loggedIn", { exact: true }).selectOption("true");
  await page.getByRole("button", { name: "What if …", exact: true }).click();
  await dialog.waitFor();
  await andThen(page, () => dialog.getByRole("button", { name: "Do it here" }).click());
  await rest(page);
  await tab(page, "agenda").click();
  assert.ok((await agendaRows(page).allTextContents()).some((text) => text.includes(rule)));
  program.close();
}
