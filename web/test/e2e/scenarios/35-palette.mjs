// Every command by name, time by the day and to a date, and files to take away.

import { readFile } from "node:fs/promises";
import { andThen, assert, rest, until } from "../parts.mjs";

export const number = 35;
export const title =
  "palette: commands, rules and examples by a few letters; a day and a date ahead; saved files " +
  "hold what they say";

export async function run({ open }) {
  const { page } = await open({ acceptDownloads: true });
  await rest(page);
  const palette = page.getByRole("dialog", { name: "Commands" });
  const pick = async (letters) => {
    await page.locator("body").press("Control+k");
    await palette.getByRole("combobox").fill(letters);
    await page.keyboard.press("Enter");
  };
  await andThen(page, () => pick("clock by 1d"));
  await page.locator(".bar-clock", { hasText: "2024-04-12" }).waitFor();
  await pick("to a date");
  const date = page.getByLabel("Date and time");
  await date.fill("2024-04-11T00:00:00");
  await date.press("Enter");
  await page.locator(".fact-problem", { hasText: "It goes forward only" }).waitFor();
  await date.fill("2024-05-01T06:30:00");
  await andThen(page, () => date.press("Enter"));
  await page.locator(".bar-clock", { hasText: "2024-05-01" }).waitFor();

  await pick("rule something is red");
  await page.getByRole("heading", { name: /something is red/ }).waitFor();

  const saved = async (letters) => {
    const waiting = page.waitForEvent("download");
    await pick(letters);
    const download = await waiting;
    return {
      name: download.suggestedFilename(),
      text: await readFile(await download.path(), "utf8"),
      bytes: await readFile(await download.path()),
    };
  };
  const rules = await saved("save the rules");
  assert.equal(rules.name, "discounts.rules");
  assert.match(rules.text, /^module demo\.discounts/);
  const all = JSON.parse((await saved("save everything")).text);
  assert.equal(all.files[0].text, rules.text);
  assert.ok(
    all.inputs.some(({ advance }) => advance === "1d"),
    "what was done is in it",
  );
  assert.match((await saved("mermaid")).text, /^flowchart LR\n/);

  await pictures(page, pick, saved);
  const npm = await saved("npm");
  assert.equal(npm.name, "red-things-and-discounts.zip");
  assert.match(npm.text, /^PK/);
  assert.ok(npm.text.includes("await runExample(program, example, files)"));

  await pick("example order");
  await until(page, "the example is open", () => location.hash === "#example=order-saga");
}

/** The whole network as pictures that other programs read. */
async function pictures(page, pick, saved) {
  const svg = await saved("picture svg");
  assert.equal(svg.name, "red-things-and-discounts.svg");
  const read = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    const titles = [...parsed.querySelectorAll("title")].map((title) => title.textContent);
    return { wrong: parsed.querySelector("parsererror")?.textContent ?? "", titles };
  }, svg.text);
  assert.equal(read.wrong, "");
  assert.equal(read.titles.length, await page.locator(".twin-node").count(), "each node is in it");
  assert.ok(read.titles.some((title) => title.startsWith("something is red, ")));
  const png = await saved("picture png");
  assert.equal(png.name, "red-things-and-discounts.png");
  const [width, height] = [png.bytes.readUInt32BE(16), png.bytes.readUInt32BE(20)];
  assert.ok(png.bytes.subarray(1, 4).toString() === "PNG" && width > 600 && height > 200);
  // As where memory is short: the browser has no picture to give.
  await page.evaluate(() => {
    HTMLCanvasElement.prototype.toBlob = (done) => done(null);
  });
  await pick("picture png");
  const told = page.locator(".banner", {
    hasText: "Nothing was saved: the browser makes no picture",
  });
  await told.waitFor();
}
