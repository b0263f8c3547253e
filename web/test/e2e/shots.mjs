// Pictures of every pane in five sizes, light and dark, to be looked at: `npm run shots`, or
// some of them, by width, scheme or pane: `npm run shots -- 390 dark facts`. They come to
// web/test/shots.
import { mkdir } from "node:fs/promises";
import { openBrowser, openPage, servePage } from "./browser.mjs";
import { bigAddress } from "./nets.mjs";
import { stillness } from "./parts.mjs";

const folder = new URL("../shots/", import.meta.url).pathname;
const sizes = [
  [390, 844],
  [820, 1180],
  [1280, 720],
  [1440, 900],
  [2560, 1440],
];
const asked = process.argv.slice(2);
const wants = (all) => {
  const some = asked.filter((each) => all.includes(each));
  return (each) => !some.length || some.includes(each);
};

/** On a narrow screen a pane is behind the tab of its area first. */
async function show(page, area, name) {
  const narrow = page.locator(`.narrow-tabs [data-tab="${area}"]`);
  if (await narrow.isVisible()) await narrow.click();
  if (name)
    await page.locator(`[data-area="${area}"] [data-tab="${name}"]:visible`).first().click();
}
const table = (name) => (page) => show(page, "tables", name);
const editor = (name) => (page) => show(page, "editor", name);
const command = (words) => async (page) => {
  await page.locator("body").press("Control+k");
  await page.getByRole("dialog", { name: "Commands" }).getByRole("combobox").fill(words);
  await page.keyboard.press("Enter");
};

/** By the address that is opened: what is done, one after the other, each with its picture. */
const panes = {
  "": {
    first: () => {},
    facts: table("facts"),
    events: table("events"),
    queries: async (page) => {
      await show(page, "tables", "queries");
      await page.getByLabel("Query").fill('best("ada")');
      await page.getByLabel("Query").press("Enter");
      await page.locator(".query-rows tr").first().waitFor();
    },
    charts: table("charts"),
    rules: editor("rules"),
    json: editor("json"),
    inputs: editor("inputs"),
    tests: async (page) => {
      await show(page, "editor", "tests");
      await command("run the tests")(page);
    },
    log: (page) => show(page, "bottom", "log"),
    rule: async (page) => {
      await command("rule 30%")(page);
      await show(page, "explanation");
      await page.locator('[data-role="in-words"]').waitFor();
    },
    help: async (page) => {
      await page.locator("body").press("Escape");
      await page.locator(".net-canvas").press("?");
    },
  },
  "#example=order-saga": { runs: table("runs"), flows: (page) => show(page, "explanation") },
  "#example=device-temperature": { subjects: table("subjects") },
  "#example=sudoku": { sudoku: table("charts") },
  "#example=tutorial/01-first-rule": { lesson: (page) => show(page, "lesson") },
  [bigAddress(5_000)]: {
    slice: () => {},
    overview: (page) => page.locator(".net-canvas").press("0"),
  },
};

const widths = sizes.map(([width]) => String(width));
const names = Object.values(panes).flatMap((each) => Object.keys(each));
const isSize = wants(widths);
const isScheme = wants(["light", "dark"]);
const isPane = wants(names);

await mkdir(folder, { recursive: true });
const site = await servePage();
let failed = 0;
for (const colorScheme of ["light", "dark"].filter(isScheme))
  for (const [width, height] of sizes.filter(([each]) => isSize(String(each))))
    for (const [address, steps] of Object.entries(panes)) {
      const wanted = Object.entries(steps).filter(([name]) => isPane(name));
      if (!wanted.length) continue;
      const viewport = { width, height };
      const options = { viewport, colorScheme, reducedMotion: "reduce" };
      const browser = await openBrowser(site.url, options);
      const { page } = browser;
      await openPage(page, site.url + address);
      await page.evaluate(() => document.fonts.ready);
      for (const [name, step] of wanted) {
        const file = `${name}-${width}-${colorScheme}.png`;
        try {
          await step(page);
          await stillness(page);
          await page.screenshot({ path: folder + file });
          console.log(file);
        } catch (error) {
          failed++;
          console.log(`${file}: ${error.message.split("\n")[0]}`);
        }
      }
      for (const complaint of browser.complaints) {
        failed++;
        console.log(`  ${complaint}`);
      }
      await browser.close();
    }
await site.close();
process.exitCode = failed ? 1 : 0;
