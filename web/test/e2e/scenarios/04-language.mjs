import { assert, rest, until } from "../parts.mjs";

export const number = 4;
export const title = "completion, hover, definition and back, rename, formatting, JSON: by keys, from the engine's language service";

const program = `/// Somebody who buys.
fact Customer { key id: string   loggedIn: bool = false }
fact Order { key id: string   customerId: string }
fact Seen { key id: string }

rule "an order of somebody known"
when {
  c: Customer(loggedIn)
  o: Order(customerId == c.id)
}
then {
  insert logical Seen{id: o.id}
}
`;

export async function run({ open }) {
  const { page } = await open();
  await rest(page);
  const area = page.locator(".monaco-editor .overflow-guard");
  await area.click({ position: { x: 160, y: 30 } });
  const text = () => page.evaluate(() => document.querySelector(".monaco-editor").textContent);
  const line = (wanted) => page.locator(".view-line", { hasText: wanted });
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(program);
  await line("an order of somebody known").first().waitFor();
  await rest(page);

  // Completion behind the opening parenthesis offers the pattern's fields.
  await putCursor(page, 9, "  o: Order(".length + 1);
  await page.keyboard.press("Control+Space");
  const suggestions = page.locator(".suggest-widget .monaco-list-row");
  await suggestions.filter({ hasText: "customerId" }).first().waitFor();
  await page.keyboard.press("Escape");

  // Hover over the type says how it is declared, with its comment.
  await putCursor(page, 8, "  c: Cus".length + 1);
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Control+I");
  await page.locator(".monaco-hover", { hasText: "Somebody who buys" }).first().waitFor();
  await page.keyboard.press("Escape");

  // To the definition and back.
  const position = () => page.evaluate(() => document.querySelector(".monaco-editor .cursor")?.getBoundingClientRect().top ?? 0);
  await putCursor(page, 8, "  c: Cus".length + 1);
  const before = await position();
  await page.keyboard.press("F12");
  await until(page, "the cursor is at the definition", (top) => (document.querySelector(".monaco-editor .cursor")?.getBoundingClientRect().top ?? top) < top - 40, before);

  // Rename changes the declaration and every use.
  await putCursor(page, 8, "  c: Cus".length + 1);
  await page.keyboard.press("F2");
  const input = page.locator(".rename-box input");
  await input.waitFor();
  await input.fill("Client");
  await page.keyboard.press("Enter");
  await line("c: Client(loggedIn)").first().waitFor();
  await line("fact Client").first().waitFor();
  assert.ok(!(await text()).includes("Customer("), "no use of the old name is left");
  await rest(page);

  // The one layout, by the button; three spaces between fields become what the formatter writes.
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText("rule   crooked when{s:Seen}then{halt}");
  await line("crooked").first().waitFor();
  await page.getByRole("button", { name: "Format" }).click();
  await line("rule crooked").first().waitFor();

  // The same rules as JSON.
  await page.getByRole("tab", { name: "JSON" }).click();
  await page.locator(".json-text", { hasText: "\"crooked\"" }).waitFor();
  const json = JSON.parse(await page.locator(".json-text").textContent());
  assert.deepEqual(json.declarations.map(({ name }) => name), ["Client", "Order", "Seen", "an order of somebody known", "crooked"]);
}

/** By keys alone: the editor's own "go to line". */
async function putCursor(page, line, column) {
  await page.locator(".monaco-editor .overflow-guard").click({ position: { x: 160, y: 30 } });
  await page.keyboard.press("Control+G");
  const input = page.locator(".quick-input-widget input[type=text]");
  await input.waitFor();
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}
