// Flows beside the rules: their states, a run that moves through them, and rules in plain words.

import { andThen, assert, rest, tab, until } from "../parts.mjs";

export const number = 43;
export const title = "flows as state graphs with their runs, and a rule in plain words";

const standing = (page, step) =>
  page.locator(`.flow-node[data-step="${step}"]`).first().getAttribute("data-standing");

export async function run({ open }) {
  const { page } = await open({ address: "#example=order-saga" });
  await rest(page);
  await page.locator('[data-pane="flow"] .flow-node').first().waitFor();
  const choices = await page.getByLabel("Flow shown").locator("option").allTextContents();
  assert.deepEqual(choices, ["Fulfil"]);
  await moves(page);
  await selected(page);
  await inWords(page);
  await page.getByRole("button", { name: "Show the flows beside the network" }).click();
  await page.locator('[data-pane="flow"]').waitFor({ state: "hidden" });
}

/** By hand: the run stands at the calls that are open, and goes on when they are answered. */
async function moves(page) {
  await tab(page, "runs").click();
  await page.getByRole("button", { name: "by hand" }).click();
  await andThen(page, () => page.getByRole("button", { name: "Reset" }).click());
  await andThen(page, () => page.locator(".bar-primary").click());
  await until(page, "the run stands at both calls", () => {
    const at = (step) => document.querySelector(`.flow-node[data-step="${step}"]`).dataset.standing;
    return at("reservation") === "now" && at("charge") === "now";
  });
  assert.equal(await page.locator(".flow-dot").count(), 2, "a dot at each of the two");
  const spoken = await page.locator('.flow-node[data-step="charge"]').getAttribute("aria-label");
  assert.match(spoken, /is being done, here: /);
  const answer = (name) =>
    andThen(page, () =>
      page
        .locator(`.call[data-function="${name}"]`)
        .getByRole("button", { name: "Return" })
        .first()
        .click(),
    );
  await answer("stock.reserve");
  assert.equal(await standing(page, "reservation"), "done");
  await answer("pay.charge");
  await until(
    page,
    "the run has gone on",
    () => document.querySelector('.flow-node[data-step="parcel"]').dataset.standing === "now",
  );
}

/** A click on a state selects the run's step there; the past shows where it was then. */
async function selected(page) {
  await page.locator('.flow-node[data-step="parcel"]').click();
  await page.locator('[data-pane="explanation"]').getByText("parcel of Fulfil").waitFor();
  assert.ok(await page.locator('.flow-node[data-step="parcel"][data-selected]').isVisible());
  await page.getByRole("button", { name: /Back to the end of the input before/ }).click();
  await until(
    page,
    "before its answer the charge was still open",
    () => document.querySelector('.flow-node[data-step="charge"]').dataset.standing === "now",
  );
  await page.getByRole("button", { name: "Live", exact: true }).click();
}

async function inWords(page) {
  await page.locator(".net-canvas").focus();
  await page.keyboard.press("/");
  await page.keyboard.type("a placed order");
  await page.keyboard.press("Enter");
  const words = page.locator('[data-role="in-words"]');
  await words.waitFor();
  const text = await words.textContent();
  assert.match(text, /When an event comes: an OrderPlaced e, and:/);
  assert.match(text, /There is an Order o whose id is e.orderId and status is "NEW"\./);
  assert.match(text, /Start a run of Fulfil, for o.id\./);
}
