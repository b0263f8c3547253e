// Colours of the system's own, and a page magnified until little fits on it.

import { assert, rest, tab } from "../parts.mjs";

export const number = 27;
export const title =
  "forced colours tell the chosen tab and the button to fire; at 400 % every pane has height";

export async function run({ open }) {
  const { page } = await open();
  await rest(page);
  await page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  const look = (locator) =>
    locator.evaluate((element) => {
      const { backgroundColor, borderTopStyle, borderTopWidth } = getComputedStyle(element);
      return { backgroundColor, border: `${borderTopWidth} ${borderTopStyle}` };
    });
  const chosen = await look(tab(page, "agenda")),
    other = await look(tab(page, "facts"));
  assert.notEqual(chosen.backgroundColor, other.backgroundColor, "the chosen tab is told apart");
  const fire = await look(page.locator(".fire-button").first());
  assert.match(fire.border, /^[1-9].* (solid|double)$/, "the button has an edge");

  // 1280 by 1024 at 400 %.
  const small = await open({ viewport: { width: 320, height: 256 } });
  await rest(small.page);
  for (const name of ["explanation", "editor", "tables", "bottom"]) {
    await small.page.locator(`.narrow-tabs [data-tab="${name}"]`).click();
    const box = await small.page.locator(`[data-area="${name}"]`).boundingBox();
    assert.ok(box.height >= 120, `${name} is ${box.height} high`);
  }
  assert.ok((await small.page.locator('[data-area="net"]').boundingBox()).height >= 120);
  // 1280 by 400: wide, and very low.
  const low = await open({ viewport: { width: 1280, height: 400 } });
  await rest(low.page);
  for (const name of ["explanation", "editor", "tables", "net", "bottom"]) {
    const box = await low.page.locator(`[data-area="${name}"]`).boundingBox();
    assert.ok(box.height >= 120, `${name} is ${box.height} high`);
  }
}
