// Words are coloured by their meaning.

import { assert, rest } from "../parts.mjs";

export const number = 5;
export const title = "colours by meaning: a word is coloured by what it is, not by how it looks";

export async function run({ open }) {
  const { page } = await open();
  await rest(page);
  await page.locator(".monaco-editor .overflow-guard").click({ position: { x: 160, y: 30 } });
  await page.keyboard.press("Control+A");
  // `group` and `key` are words of the language, and names of fields here.
  await page.keyboard.insertText(
    "fact Item { key id: string  group: string  key: int }\nrule sorted\ngroup first\n" +
      'when { i: Item(group == "a", key > 3) }\nthen { log info i.group }\n',
  );
  await page.locator(".view-line", { hasText: "log info" }).waitFor();

  // Asked of the page until the engine has answered: the same word in two places, in two colours.
  const colours = await page
    .waitForFunction(() => {
      const tokens = [...document.querySelectorAll(".view-line")].flatMap((line) =>
        [...line.querySelectorAll("span > span")].map((span) => ({
          line: line.textContent,
          text: span.textContent.trim(),
          colour: getComputedStyle(span).color,
        })),
      );
      const of = (text, where) =>
        tokens.find(
          (token) => token.text === text && token.line.replaceAll("\u00A0", " ").includes(where),
        )?.colour;
      const clause = of("group", "group first"),
        field = of("group", "group:");
      return clause && field && clause !== field ? { clause, field } : null;
    })
    .then((handle) => handle.jsonValue());
  assert.notEqual(colours.clause, colours.field);

  // The other places of the name under the cursor are marked; and Monaco's own worker is alive.
  await page.keyboard.press("Control+Home");
  for (let i = 0; i < "fact It".length; i++) await page.keyboard.press("ArrowRight");
  await page.locator(".wordHighlight, .wordHighlightText, .wordHighlightStrong").first().waitFor();
  const workers = page.workers().map((worker) => worker.url());
  assert.ok(
    workers.some((url) => /editor/.test(url)),
    `the editor's worker runs (${workers.join(", ")})`,
  );
}
