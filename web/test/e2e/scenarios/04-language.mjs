// What the editor offers while one reads and writes rules.

import { readFile } from "node:fs/promises";
import { assert, rest, until } from "../parts.mjs";

export const number = 4;
export const title =
  "completion, hover, definition and back, rename, formatting, " +
  "JSON: by keys, from the engine's language service";

export async function run({ open, examples }) {
  const text = await readFile(`${examples}discounts/discounts.rules`, "utf8");
  const { page } = await open({ address: "#example=discounts" });
  await rest(page);
  const line = (wanted) => page.locator(".view-line", { hasText: wanted });

  // Completion after the opening parenthesis offers the pattern's fields.
  await putCursorAfter(page, text, "i: CartItem(");
  // The widget may have been asked for before the language service was there, and then stays empty.
  const offered = page
    .locator(".suggest-widget .monaco-list-row", { hasText: "customerId" })
    .first();
  for (let asked = 0; asked < 20 && !(await offered.isVisible()); ++asked) {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+Space");
    await offered.waitFor({ timeout: 10_000 }).catch(() => {});
  }
  await offered.waitFor();
  await page.keyboard.press("Escape");

  // Hover over a type says how it is declared, with its comment.
  await putCursorAfter(page, text, "t: Thi");
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Control+I");
  await page.locator(".monaco-hover", { hasText: "Anything that has a colour." }).first().waitFor();
  await page.keyboard.press("Escape");

  // To the definition: the line of the declaration is the current one.
  await putCursorAfter(page, text, "c: Cust");
  await page.keyboard.press("F12");
  const declared = String(text.slice(0, text.indexOf("fact Customer")).split("\n").length);
  await until(
    page,
    "the cursor is at the declaration",
    (wanted) => document.querySelector(".active-line-number")?.textContent === wanted,
    declared,
  );

  // Rename changes the declaration and every use.
  await page.keyboard.press("F2");
  const input = page.locator(".rename-box input");
  await input.waitFor();
  await input.fill("Client");
  await page.keyboard.press("Enter");
  await line("fact Client").first().waitFor();
  await rest(page);

  // The same rules as JSON, with the new name in all its places.
  await page.getByRole("tab", { name: "JSON" }).click();
  await page.locator(".json-text", { hasText: '"Client"' }).waitFor();
  const shown = async () => JSON.parse(await page.locator(".json-text").textContent());
  const uses = (name) => (value) => JSON.stringify(value).split(`"${name}"`).length - 1;
  const wanted = text.split(/\bCustomer\b/).length - 1;
  assert.equal(uses("Client")(await shown()), wanted, "declaration and uses");
  assert.equal(uses("Customer")(await shown()), 0, "no use of the old name is left");

  // The one layout, by the button.
  await page.getByRole("tab", { name: "Rules" }).click();
  await page.locator(".monaco-editor .overflow-guard").click({ position: { x: 160, y: 30 } });
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("rule   crooked when{t:Thing}then{halt}");
  await line("rule   crooked").first().waitFor();
  await page.getByRole("button", { name: "Format" }).click();
  await line("rule crooked").first().waitFor();
  await page.getByRole("tab", { name: "JSON" }).click();
  await page.locator(".json-text", { hasText: '"crooked"' }).waitFor();
  assert.equal((await shown()).declarations.at(-1).name, "crooked");
}

/** By keys alone: the editor's own "go to line". */
async function putCursorAfter(page, text, words) {
  const before = text.slice(0, text.indexOf(words) + words.length).split("\n");
  await page.locator(".monaco-editor .overflow-guard").click({ position: { x: 160, y: 30 } });
  await page.keyboard.press("Control+G");
  const input = page.locator(".quick-input-widget input[type=text]");
  await input.waitFor();
  await input.fill(`:${before.length}:${before.at(-1).length + 1}`);
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}
