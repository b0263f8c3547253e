// A mistake is made, shown, and fixed in two ways.

import { assert, currentAddress, tab, twinNodes, unpack, until } from "../parts.mjs";

export const number = 3;
export const title =
  "a mistake: marker at the right span, entry in Problems, quick fix, " +
  "clean again; the last good net stays, marked stale";

export async function run({ open }) {
  const { page } = await open();
  const nodes = await twinNodes(page).allTextContents();
  await misspell(page);
  await tab(page, "problems").click();
  // While it is typed, half a word may be a problem of its own.
  const problem = page
    .locator('.problem[data-level="error"]')
    .filter({ has: page.locator(".problem-message", { hasText: "logedIn" }) })
    .first();
  await problem.waitFor();

  const [file] = (await unpack(await currentAddress(page))).files;
  const at = file.text.indexOf("logedIn"),
    lines = file.text.slice(0, at).split("\n");
  const place = await problem.locator(".problem-place").textContent();
  assert.ok(
    place.includes(`${file.name}:${lines.length}:${lines.at(-1).length + 1}`),
    `${place} is where the word stands`,
  );
  const aboutCode = await problem.locator(".problem-place a").getAttribute("href");
  assert.equal(aboutCode, "./docs/diagnostics/RL1001.html", "its code leads to its page");
  const squiggle = await page.locator(".squiggly-error").first().boundingBox(),
    word = await wordBox(page, "logedIn");
  assert.ok(
    Math.abs(squiggle.x - word.x) < 4 &&
      Math.abs(squiggle.width - word.width) < 8 &&
      squiggle.y >= word.y - 4 &&
      squiggle.y <= word.y + word.height + 4,
    `the marker ${JSON.stringify(squiggle)} is under the word ${JSON.stringify(word)}`,
  );

  await page.locator(".net-stale").waitFor();
  assert.deepEqual(
    await twinNodes(page).allTextContents(),
    nodes,
    "the last good net is still there",
  );
  await page.locator(".problem-fix").first().click();
  await clean(page);
  const [fixed] = (await unpack(await currentAddress(page))).files;
  assert.ok(
    !fixed.text.includes("logedIn") && fixed.text.includes("Customer(loggedIn)"),
    "the fix was applied to the text",
  );

  // Once more, and this time with the editor's own quick fix, by keyboard.
  await misspell(page);
  await problem.waitFor();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Control+.");
  await page.locator(".action-widget .action", { hasText: "loggedIn" }).first().waitFor();
  await page.keyboard.press("Enter");
  await clean(page);
  await another(page);
}

/** One mistake after the other: the list says the one that is there now. */
async function another(page) {
  await misspell(page);
  const message = page.locator('.problem[data-level="error"] .problem-message').first();
  await until(
    page,
    "the mistake is listed",
    () => document.querySelector(".problem-message")?.textContent.includes("logedIn") ?? false,
  );
  const before = await message.textContent();
  await page.keyboard.type("  not Nowhere");
  await until(page, "another mistake is listed", () =>
    [...document.querySelectorAll(".problem-message")].some(({ textContent }) =>
      textContent.includes("Nowhere"),
    ),
  );
  for (let i = 0; i < "  not Nowhere".length; i++) await page.keyboard.press("Backspace");
  await until(
    page,
    "only the first is listed again",
    (text) => {
      const rows = [...document.querySelectorAll('.problem[data-level="error"]')];
      return rows.length > 0 && rows.every((row) => row.textContent.includes(text));
    },
    before,
  );
}

/** Types the word anew with a letter missing. */
async function misspell(page) {
  await page.locator(".monaco-editor .overflow-guard").click({ position: { x: 160, y: 30 } });
  await page.keyboard.press("Control+f");
  await page.keyboard.type("Customer(loggedIn)");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.type("Customer(logedIn)");
}

async function clean(page) {
  await until(
    page,
    "no problem is left",
    () => document.querySelectorAll('.problem[data-level="error"]').length === 0,
  );
  await page.locator(".net-stale").waitFor({ state: "hidden" });
  await page.locator(".squiggly-error").first().waitFor({ state: "detached" });
}

/** The box of a word as it is drawn. */
async function wordBox(page, word) {
  return page.evaluate((text) => {
    for (const line of document.querySelectorAll(".view-line")) {
      const at = line.textContent.indexOf(text);
      if (at < 0) continue;
      const range = document.createRange(),
        walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
      let passed = 0;
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const end = passed + node.length;
        if (passed <= at && at < end) range.setStart(node, at - passed);
        if (passed < at + text.length && at + text.length <= end)
          range.setEnd(node, at + text.length - passed);
        passed = end;
      }
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x, y, width, height };
    }
    return null;
  }, word);
}
