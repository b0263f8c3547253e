// The first screen says what this is; a lesson is read, checked, solved and followed by the next.

import { assert, rest, until } from "../parts.mjs";

export const number = 42;
export const title =
  "the first minute: what this is, an example, a rule about to fire; a lesson checked and solved";

export async function run({ open }) {
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 1280, height: 720 },
  ])
    await firstScreen(await open({ viewport }), viewport);
  await lesson(await open({ address: "#example=tutorial/01-first-rule" }));
}

/** All of it without scrolling, the network whole and its words readable. */
async function firstScreen({ page }, { height }) {
  await rest(page);
  const see = async (what, locator) => {
    await locator.first().waitFor();
    const box = await locator.first().boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= height, `${what} is above the fold at ${height}`);
  };
  await see("one line that says what this is", page.locator(".about-what"));
  await see("the example's paragraph", page.locator(".about-example"));
  await see("the rule about to fire", page.getByRole("button", { name: "Fire it" }));
  await see("a near miss", page.locator(".near-miss-why", { hasNotText: "looking" }));
  await see("the legend", page.locator(".net-legend"));
  await until(page, "the whole network, readable", () => {
    const { whole, words } = document.querySelector(".net-stage").dataset;
    return whole === "true" && Number(words) >= 11;
  });
}

async function lesson({ page }) {
  await rest(page);
  const pane = page.locator('[data-pane="lesson"]');
  await pane.getByRole("heading", { name: "Facts and rules" }).waitFor();
  const says = pane.locator(".lesson-says");
  await pane.getByRole("button", { name: "Check" }).click();
  await says.filter({ hasText: "Not yet" }).waitFor();
  await pane.getByRole("button", { name: "Solve" }).click();
  await page.locator(".view-line", { hasText: "daysDry >= 3" }).waitFor();
  await rest(page);
  await pane.getByRole("button", { name: "Check" }).click();
  await says.filter({ hasText: "Done" }).waitFor();
  assert.match(await pane.locator(".lesson-place").textContent(), /Lesson 1 of 10 · done/);
  await pane.getByRole("button", { name: "Back to mine" }).click();
  await page.locator(".view-line", { hasText: "p: Plant(daysDry > 3)" }).first().waitFor();
  await pane.getByRole("button", { name: "Next lesson →" }).click();
  await pane.getByRole("heading", { name: "Joining facts" }).waitFor();
}
