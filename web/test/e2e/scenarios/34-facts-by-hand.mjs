// Facts and events by forms that the rules' own declarations make, and in the table.

import { andThen, assert, rest, tab } from "../parts.mjs";

export const number = 34;
export const title =
  "facts by hand: a form by the declared types, a refusal in its place, a value changed in the " +
  "table, an event; nothing can be done to the past";

export async function run({ open }) {
  const { page } = await open();
  await rest(page);
  await tab(page, "facts").click();
  const rows = page.locator(".facts-row");
  const before = await rows.count();
  await page.getByRole("button", { name: "Insert a fact …" }).click();
  const dialog = page.getByRole("dialog", { name: "Insert a fact, raise an event" });
  await dialog.getByLabel("Of type").selectOption("CartItem");
  await dialog.getByLabel("customerId").fill("ada");
  await dialog.getByLabel("sku").fill("kite");
  await dialog.getByLabel("qty").fill("many");
  await dialog.getByRole("button", { name: "Insert it" }).click();
  await dialog.locator(".fact-problem", { hasText: "qty is a whole number" }).waitFor();
  await dialog.getByLabel("qty").fill("7");
  await andThen(page, () => dialog.getByRole("button", { name: "Insert it" }).click());
  await dialog.waitFor({ state: "detached" });
  assert.equal(await rows.count(), before + 1);

  // The same keys again: the engine refuses, in the dialog.
  await page.getByRole("button", { name: "Insert one more CartItem" }).click();
  await dialog.getByLabel("customerId").fill("ada");
  await dialog.getByLabel("sku").fill("kite");
  await dialog.getByRole("button", { name: "Insert it" }).click();
  await dialog.locator('.fact-problem[role="alert"]', { hasText: /CartItem/ }).waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();

  const kite = rows.filter({ hasText: "kite" });
  await kite.locator("td", { hasText: /^7$/ }).dblclick();
  const field = page.getByLabel(/^qty of fact/);
  await field.fill("9");
  await andThen(page, () => field.press("Enter"));
  await kite.locator("td", { hasText: /^9$/ }).waitFor();

  await page.getByRole("button", { name: "One record back" }).click();
  const retract = page.getByRole("button", { name: /^Retract fact/ }).first();
  assert.equal(await retract.isDisabled(), true, "the past cannot be changed");
}
