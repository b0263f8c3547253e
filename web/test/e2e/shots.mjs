// Pictures of the first screen, light and dark, at three sizes: `npm run shots`, then look at
// web/test/shots.
import { mkdir } from "node:fs/promises";
import { openBrowser, openPage, servePage } from "./browser.mjs";

const folder = new URL("../shots/", import.meta.url).pathname;
const sizes = [
  [1440, 900],
  [1024, 768],
  [390, 844],
];
const addresses = process.argv.slice(2);

await mkdir(folder, { recursive: true });
const site = await servePage();
let failed = 0;
for (const colorScheme of ["light", "dark"])
  for (const [width, height] of sizes)
    for (const address of ["", ...addresses]) {
      const browser = await openBrowser(site.url, {
        viewport: { width, height },
        colorScheme,
        reducedMotion: "reduce",
      });
      await openPage(browser.page, site.url + address);
      await browser.page.evaluate(() => document.fonts.ready);
      await browser.page
        .locator(".near-miss-why", { hasText: "looking" })
        .first()
        .waitFor({ state: "detached" });
      const subject = address.replace(/[^a-z0-9-]/gi, "") || "first";
      const name = `${subject}-${width}x${height}-${colorScheme}.png`;
      await browser.page.screenshot({ path: folder + name });
      console.log(name);
      for (const complaint of browser.complaints) {
        failed++;
        console.log(`  ${complaint}`);
      }
      await browser.close();
    }
await site.close();
process.exitCode = failed ? 1 : 0;
