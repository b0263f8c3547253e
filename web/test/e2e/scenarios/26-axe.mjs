// The rules of axe-core over the page's states, light and dark.

import { readFile } from "node:fs/promises";
import { assert, rest, tab } from "../parts.mjs";

export const number = 26;
export const title =
  "axe: nothing serious on the first screen, a node, a search, slow motion, a lesson and panes";

const axe = await readFile(
  new URL("../../../node_modules/axe-core/axe.min.js", import.meta.url),
  "utf8",
);

const states = {
  "first screen": async () => {},
  "a node's table": async (page) => {
    await page.locator(".net-canvas").focus();
    await page.keyboard.press("/");
    await page.keyboard.type("n > 2");
    await page.keyboard.press("Enter");
    await page.locator(".node-tokens-table").first().waitFor();
  },
  search: async (page) => {
    await page.locator(".net-canvas").focus();
    await page.keyboard.press("/");
    await page.locator(".net-found li").first().waitFor();
  },
  "slow motion": async (page) => {
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "The last input in slow motion" }).click();
    await page.getByRole("button", { name: "Pause" }).click();
  },
};

/** Panes of a session with a flow, and of one with subjects and events. */
async function panes(open, colorScheme) {
  const visit = async (address, names) => {
    const { page, close } = await open({ colorScheme, address, reducedMotion: "reduce" });
    await rest(page);
    for (const name of names) {
      await tab(page, name).click();
      assert.deepEqual(await serious(page), [], `${name} of ${address}, ${colorScheme}`);
    }
    await close();
  };
  await visit("#example=order-saga", ["runs", "charts"]);
  await visit("#example=device-temperature", ["subjects", "events"]);
  await visit("", ["queries", "inputs"]);
}

export async function run({ open }) {
  for (const colorScheme of ["light", "dark"]) {
    const { page, close } = await open({ colorScheme, reducedMotion: "reduce" });
    await rest(page);
    for (const [state, reach] of Object.entries(states)) {
      await reach(page);
      assert.deepEqual(await serious(page), [], `${state}, ${colorScheme}`);
    }
    await close();
    const lesson = await open({ colorScheme, address: "#example=tutorial/05-counting" });
    await rest(lesson.page);
    assert.deepEqual(await serious(lesson.page), [], `a lesson, ${colorScheme}`);
    await lesson.close();
    await panes(open, colorScheme);
  }
}

/** Monaco's own parts are left to Monaco. */
async function serious(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    window.axe.run({ exclude: [[".monaco-host"], [".monaco-editor"]] }),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}
