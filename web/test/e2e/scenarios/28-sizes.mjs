// From a phone to a large screen: nothing scrolls sideways, no button is cut off by its pane.

import { assert, rest, tab } from "../parts.mjs";

export const number = 28;
export const title = "phone, tablet, small and large screens: nothing is cut off";

const sizes = [
  [390, 844],
  [820, 1180],
  [1280, 720],
  [1440, 900],
  [1600, 900],
  [2560, 1440],
];

/** Buttons that reach out of their pane; tables may be moved sideways. */
const cutOff = () => {
  const found = [];
  for (const button of document.querySelectorAll(
    ".pane button, .bar button, .narrow-tabs button",
  )) {
    const pane = button.closest(".pane, .bar, .narrow-tabs").getBoundingClientRect();
    const box = button.getBoundingClientRect();
    if (!box.width || button.closest("[hidden], .flow-scroll, .scroll, .table")) continue;
    // A row of tabs that scrolls shows no more of it than its own box.
    const row = button.closest(".tabs")?.getBoundingClientRect();
    if (
      row &&
      (box.left < row.left - 1 || box.right > row.right + 1 || box.bottom > row.bottom + 1)
    )
      found.push(`${button.textContent} out of its row`);
    if (box.bottom <= pane.top || box.top >= pane.bottom) continue;
    if (box.left < pane.left - 1 || box.right > pane.right + 1)
      found.push(button.textContent || button.ariaLabel);
  }
  return found;
};

export async function run({ open }) {
  for (const [width, height] of sizes) {
    const { page, close } = await open({
      viewport: { width, height },
      address: "#example=order-saga",
    });
    await rest(page);
    for (const name of ["rules", "inputs", "facts", "runs", "events", "charts"]) {
      const area = ["rules", "inputs"].includes(name) ? "editor" : "tables";
      const narrow = page.locator(`.narrow-tabs [data-tab="${area}"]`);
      if (await narrow.isVisible()) await narrow.click();
      await tab(page, name).click();
      assert.deepEqual(await page.evaluate(cutOff), [], `${name} at ${width}`);
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${wide} pixels at ${width}`);
    await close();
  }
}
