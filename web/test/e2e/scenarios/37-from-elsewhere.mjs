// A trace of a run elsewhere, read-only; and the fewest inputs a firing takes.

import { agendaRows, andThen, assert, rest, tab, until } from "../parts.mjs";

export const number = 37;
export const title =
  "attach: a trace file is shown read-only, its moments and all, and the session comes back; " +
  "shrink: the fewest inputs after which a rule still fires";

export async function run({ open, package: reticle, examples }) {
  const { readFile } = await import("node:fs/promises");
  const { page } = await open();
  await rest(page);
  const text = await readFile(`${examples}discounts/discounts.rules`, "utf8");
  const program = await reticle.compile([{ name: "discounts.rules", text }]);
  const engine = await reticle.open(program, { trace: true });
  for (let i = 0; i < 30; i++) engine.insert("Thing", { name: `thing ${i}`, color: "red" });
  const records = engine.takeTrace();
  const lines = records.map((record) => JSON.stringify(record)).join("\n");
  await tab(page, "inputs").click();
  const chosen = page.locator('.inputs-head input[type="file"]');
  const trace = (content) => ({
    name: "run.jsonl",
    mimeType: "application/json",
    buffer: Buffer.from(content),
  });
  await chosen.setInputFiles(trace(`${lines}\n0 firings\n`));
  await page.locator(".banner", { hasText: "read-only" }).waitFor();
  await tab(page, "agenda").click();
  assert.equal(await agendaRows(page).count(), 30, "what was ready there");
  assert.equal(await page.getByRole("button", { name: "Run", exact: true }).isDisabled(), true);
  await page.getByRole("button", { name: "Back to the end of the input before" }).click();
  await until(page, "its past is shown", () => window.reticle.mode().startsWith("past"));
  await page.getByRole("button", { name: "Back to the session" }).click();
  await rest(page);
  await until(
    page,
    "the session is back",
    () => document.querySelectorAll(".agenda-row").length === 1,
  );

  await tab(page, "inputs").click();
  await chosen.setInputFiles(trace(lines.replaceAll('"type":"Thing"', '"type":"Nothing"')));
  await page.locator(".banner", { hasText: "is not a trace of these rules" }).waitFor();
  await rest(page);

  await andThen(page, () => page.getByRole("button", { name: "Run", exact: true }).click());
  const inputs = page.locator(".inputs-text");
  const before = (await inputs.inputValue()).trim().split("\n").length;
  await page
    .getByRole("tree", { name: "Nodes of the network" })
    .locator("li", { hasText: "something is red" })
    .first()
    .focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Which inputs does it take?" }).click();
  await page.locator(".banner", { hasText: "none of them can go" }).waitFor();
  const after = (await inputs.inputValue()).trim().split("\n");
  assert.ok(after.length < before && after.length <= 2, after.join(" | "));
  assert.ok(after.some((line) => line.includes("red")));
  engine.close();
  program.close();
}
