// Every command by name, time by the day and to a date, and files to take away.

import { readFile } from "node:fs/promises";
import { andThen, assert, rest, until } from "../parts.mjs";

export const number = 35;
export const title =
  "palette: commands, rules and examples by a few letters; a day and a date ahead; saved files " +
  "hold what they say";

export async function run({ open }) {
  const { page } = await open({ acceptDownloads: true });
  await rest(page);
  const palette = page.getByRole("dialog", { name: "Commands" });
  const pick = async (letters) => {
    await page.locator("body").press("Control+k");
    await palette.getByRole("combobox").fill(letters);
    await page.keyboard.press("Enter");
  };
  await andThen(page, () => pick("clock by 1d"));
  await page.locator(".bar-clock", { hasText: "2024-04-12" }).waitFor();
  await pick("to a date");
  const date = page.getByLabel("Date and time");
  await date.fill("2024-04-11T00:00:00");
  await date.press("Enter");
  await page.locator(".fact-problem", { hasText: "It goes forward only" }).waitFor();
  await date.fill("2024-05-01T06:30:00");
  await andThen(page, () => date.press("Enter"));
  await page.locator(".bar-clock", { hasText: "2024-05-01" }).waitFor();

  await pick("rule something is red");
  await page.getByRole("heading", { name: /something is red/ }).waitFor();

  const saved = async (letters) => {
    const waiting = page.waitForEvent("download");
    await pick(letters);
    const download = await waiting;
    return {
      name: download.suggestedFilename(),
      text: await readFile(await download.path(), "utf8"),
    };
  };
  const rules = await saved("save the rules");
  assert.equal(rules.name, "discounts.rules");
  assert.match(rules.text, /^module demo\.discounts/);
  const all = JSON.parse((await saved("save everything")).text);
  assert.equal(all.files[0].text, rules.text);
  assert.ok(
    all.inputs.some(({ advance }) => advance === "1d"),
    "what was done is in it",
  );
  assert.match((await saved("mermaid")).text, /^flowchart LR\n/);

  await pick("example order");
  await until(page, "the example is open", () => location.hash === "#example=order-saga");
}
