// A query typed, and its rows kept in step with the session.

import { andThen, assert, rest, tab, until } from "../parts.mjs";

export const number = 45;
export const title = "a query is typed, its rows follow the session, and what is wrong is said";

export async function run({ open }) {
  const { page } = await open();
  await rest(page);
  await tab(page, "queries").click();
  const pane = page.locator('[data-pane="queries"]');
  await pane.getByRole("button", { name: "best(cid: string)" }).click();
  const box = pane.getByLabel("Query");
  assert.equal(await box.inputValue(), 'best("")');
  await box.fill("best(ada)");
  await box.press("Enter");
  await pane.locator(".query-says[data-wrong]", { hasText: "not JSON" }).waitFor();
  await box.fill('best("ada")');
  await box.press("Enter");
  const shows = (what, wanted) =>
    until(
      page,
      what,
      (text) => {
        const rows = [...document.querySelectorAll(".query-rows tbody tr")];
        return rows.map((row) => row.textContent).join() === text;
      },
      wanted,
    );
  await shows("the best discount", "30");
  await andThen(page, () => page.getByRole("button", { name: "+1d" }).click());
  await shows("on Friday there is none", "null");
  await andThen(page, () => page.getByRole("button", { name: "+1d" }).click());
  await shows("on Saturday it is back", "30");
  await page.getByRole("button", { name: "One record back" }).click();
  await pane.getByText("The engine answers for the present only.").waitFor();
}
