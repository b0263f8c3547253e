// The keyboard: what leads into the text does not write there, and there is a way out.

import { andThen, assert, currentAddress, rest, unpack, until } from "../parts.mjs";

export const number = 24;
export const title =
  "keyboard: a link to a rule shows it and leaves the keys alone; " +
  "Escape twice leaves the text, F6 goes on";

const focusedArea = (page) =>
  page.evaluate(() => document.activeElement?.closest("[data-area]")?.dataset.area ?? "none");

export async function run({ open }) {
  const { page } = await open();
  await rest(page);
  const text = (await unpack(await currentAddress(page))).files[0].text;
  // A rule's name in the explanation leads to its place in the text.
  await page.locator(".near-miss .link").first().click();
  await page.locator(".explanation-lead[data-role=why-not]").waitFor();
  await page.getByRole("button", { name: "show in the editor" }).click();
  await andThen(page, () => page.keyboard.press("f"));
  assert.equal(
    (await unpack(await currentAddress(page))).files[0].text,
    text,
    "f fired a rule and wrote nothing",
  );

  await page.locator(".monaco-editor .overflow-guard").click({ position: { x: 160, y: 30 } });
  await page.locator(".editor-way", { hasText: "Esc Esc leaves the text" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await until(
    page,
    "the text has lost the focus",
    () => !document.activeElement?.closest(".monaco-host"),
  );
  assert.equal(await focusedArea(page), "editor", "the pane has it");
  await page.keyboard.press("F6");
  assert.equal(await focusedArea(page), "net");
  await page.keyboard.press("Shift+F6");
  assert.equal(await focusedArea(page), "editor");
}
