// The session in pictures, and its events with what each set off.

import { andThen, assert, playInputs, rest, tab, until } from "../parts.mjs";

export const number = 46;
export const title = "charts of agenda and firings; events with their cascade by origin";

const device = "device|000001";

export async function run({ open }) {
  const { page } = await open({ address: "#example=device-temperature" });
  await playInputs(page, [
    { kind: "set", subject: device, properties: { tempc: 25 } },
    { settle: true },
    { kind: "emit", type: "DataReceived", data: { tempc: 32 }, subject: device },
    { settle: true },
  ]);
  await rest(page);
  await events(page);
  await charts(page);
}

async function events(page) {
  await tab(page, "events").click();
  const pane = page.locator('[data-pane="events"]');
  const event = pane.locator(".event", { hasText: "data-received" }).first();
  await event.getByRole("button", { name: "data-received" }).click();
  await event.locator(".cascade-line").first().waitFor();
  const lines = await event.locator(".cascade-line").allTextContents();
  assert.match(lines[0], /^input: /);
  assert.ok(
    lines.some((line) => /^fired /.test(line)),
    lines.join("\n"),
  );
  assert.ok(
    lines.some((line) => /tempc 25 → 32/.test(line)),
    "the change that it made is in it",
  );
  const change = `${device}: tempc 25 → 32`;
  await event.getByRole("button", { name: change }).click();
  const title = page.locator('[data-pane="explanation"] h2');
  await title.filter({ hasText: "tempc 25 → 32" }).waitFor();
}

async function charts(page) {
  await tab(page, "charts").click();
  const pane = page.locator('[data-pane="charts"]');
  const row = pane.locator(".chart-row").first();
  await row.waitFor();
  const count = async () => Number(await row.locator(".chart-count").textContent());
  const before = await count();
  assert.ok(before >= 1);
  await pane.getByRole("img", { name: /^Ready activations over time: 0 now, [1-9]/ }).waitFor();
  await andThen(page, async () => {
    await tab(page, "inputs").click();
    const one = page.getByLabel("One more input as JSON");
    await one.fill(
      `{"kind":"emit","type":"DataReceived","data":{"tempc":35},"subject":"${device}"}\n`,
    );
    await one.press("Enter");
  });
  await andThen(page, () => page.locator(".bar-primary").click());
  await until(
    page,
    "one more firing is counted",
    (was) => Number(document.querySelector(".chart-row .chart-count").textContent) > was,
    before,
  );
  await row.locator(".chart-name").click();
  await page.locator('[data-pane="explanation"][data-about="rule"]').waitFor();
}
