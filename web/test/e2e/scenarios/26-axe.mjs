// The rules of axe-core over the page's states: light, dark, and the system's own colours.

import { readFile } from "node:fs/promises";
import { assert, rest, tab, until } from "../parts.mjs";

export const number = 26;
export const title = "axe: nothing serious in sixteen states and four themes";

const axe = await readFile(
  new URL("../../../node_modules/axe-core/axe.min.js", import.meta.url),
  "utf8",
);

const dialog = async (page, open, name) => {
  await open();
  await page.getByRole("dialog", { name }).waitFor();
};
const close = (page) => page.keyboard.press("Escape");

/** By the address that is opened: what is reached one after the other, each from the one before. */
const states = {
  "": {
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
    queries: (page) => tab(page, "queries").click(),
    inputs: (page) => tab(page, "inputs").click(),
    "the palette": (page) => dialog(page, () => page.keyboard.press("Control+k"), "Commands"),
    "a fact by form": async (page) => {
      await close(page);
      await tab(page, "facts").click();
      const insert = page.getByRole("button", { name: "Insert a fact …" });
      await dialog(page, () => insert.click(), "Insert a fact, raise an event");
    },
    share: async (page) => {
      await close(page);
      await dialog(page, () => page.getByRole("button", { name: "Share" }).click(), "Share");
    },
    "the past": async (page) => {
      await close(page);
      await page.getByRole("button", { name: "Back to the end of the input before" }).click();
      await until(page, "the past", () => window.reticle.mode().startsWith("past"));
    },
    "after a crash": async (page) => {
      await page.getByRole("button", { name: "Crash" }).click();
      await page.locator(".banner").waitFor();
      await rest(page);
    },
  },
  "#example=order-saga": {
    "runs and a flow": (page) => tab(page, "runs").click(),
    charts: (page) => tab(page, "charts").click(),
  },
  "#example=device-temperature": {
    subjects: (page) => tab(page, "subjects").click(),
    events: (page) => tab(page, "events").click(),
  },
  "#example=tutorial/05-counting": { "a lesson": async () => {} },
};
const themes = {
  light: { colorScheme: "light" },
  dark: { colorScheme: "dark" },
  "forced colours": { colorScheme: "light", forcedColors: "active" },
  "forced colours, dark": { colorScheme: "dark", forcedColors: "active" },
};

export async function run({ open }) {
  for (const [theme, looks] of Object.entries(themes))
    for (const [address, reached] of Object.entries(states)) {
      const { page, close } = await open({ ...looks, address, reducedMotion: "reduce" });
      await rest(page);
      for (const [state, reach] of Object.entries(reached)) {
        await reach(page);
        assert.deepEqual(await serious(page), [], `${state}, ${theme}`);
      }
      await close();
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
