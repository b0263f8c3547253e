// Pictures of pages, to be looked at: node docs/shots.mjs FOLDER PAGE…
import { join } from "node:path";
import { serve } from "../tools/serve.mjs";
import { openBrowser } from "../web/test/e2e/browser.mjs";

const [folder, ...pages] = process.argv.slice(2);
const top = new URL("..", import.meta.url).pathname;
const { url, close } = await serve(join(top, "web/dist"), 0, join(top, "docs/dist"));
for (const colorScheme of ["light", "dark"]) {
  const { page, complaints, close: end } = await openBrowser(url, { colorScheme });
  for (const width of [390, 1280, 1920]) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    for (const name of pages) {
      await page.goto(`${url}docs/${name}`);
      await page.evaluate(() => document.fonts.ready);
      const file = `${name.replaceAll("/", "-") || "index"}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: join(folder, file) });
    }
  }
  for (const complaint of complaints) console.error(complaint);
  await end();
}
await close();
