// Tests in the page, and a test made of the moment that is shown.

import { andThen, assert, rest, tab, until } from "../parts.mjs";

export const number = 18;
export const title =
  "tests: they run, a failing one leads to its place, and a test made of a moment passes";

export async function run({ open }) {
  const { page } = await open();
  await rest(page);
  await andThen(page, () => page.getByRole("button", { name: "Run", exact: true }).click());
  await tab(page, "tests").click();
  const declared = await page.locator('[data-area="editor"] .test').count();
  await page.getByRole("button", { name: "Make a test of this moment" }).first().click();
  await page.locator(".banner", { hasText: "It passes." }).waitFor();
  await until(
    page,
    "the new test is listed",
    (count) => document.querySelectorAll('[data-area="editor"] .test').length === count,
    declared + 1,
  );
  const made = page.locator('[data-area="editor"] .test', { hasText: "as it was at" });
  assert.equal(await made.getAttribute("data-outcome"), "passed");
}
