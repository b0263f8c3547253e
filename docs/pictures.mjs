#!/usr/bin/env node
// Pictures of the networks of examples, engine/docs/images/NAME.svg: as the playground draws them
// when an example has run. web/dist must have been built.
//
//   node docs/pictures.mjs NAME…
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serve } from "../tools/serve.mjs";
import { openBrowser } from "../web/test/e2e/browser.mjs";
import { rest } from "../web/test/e2e/parts.mjs";
import { top } from "./site.mjs";

const folder = join(top, "engine/docs/images");

/** The picture in the names of the page's colours would need its styles: they are written out. */
const inline = (svg) => svg.replaceAll(/ style="font: [^"]*?([\d.]+px)[^"]*"/g, ' font-size="$1"');

mkdirSync(folder, { recursive: true });
const { url, close } = await serve(join(top, "web/dist"), 0);
for (const name of process.argv.slice(2)) {
  const options = { acceptDownloads: true, colorScheme: "light" };
  const { page, close: end } = await openBrowser(url, options);
  await page.goto(`${url}#example=${name}`);
  await page.evaluate(() => window.reticle.ready);
  await rest(page);
  await page.locator(".bar-primary").click();
  await rest(page);
  const waiting = page.waitForEvent("download");
  await page.locator("body").press("Control+k");
  await page.getByRole("dialog", { name: "Commands" }).getByRole("combobox").fill("picture svg");
  await page.keyboard.press("Enter");
  const download = await waiting;
  const svg = readFileSync(await download.path(), "utf8");
  const font = 'font-family="Inter, system-ui, sans-serif"';
  const file = `${name.replaceAll("/", "-")}.svg`;
  writeFileSync(join(folder, file), inline(svg).replace("<svg ", `<svg ${font} `));
  await end();
}
await close();
