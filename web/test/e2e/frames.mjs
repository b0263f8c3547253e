// One insert moving through the network, as a small animated picture for the README:
// `npm run frames` writes web/insert.webp.
import { writeFile } from "node:fs/promises";
import { openBrowser, openPage, servePage } from "./browser.mjs";
import { stillness } from "./parts.mjs";

const target = new URL("../../insert.webp", import.meta.url).pathname;
const width = 860;
const still = 1_100,
  moving = 160;

const site = await servePage();
const browser = await openBrowser(site.url, { viewport: { width: 1440, height: 900 } });
const { page } = browser;
await openPage(page, site.url);
await page.evaluate(() => document.fonts.ready);
const net = page.locator('[data-area="net"]');
const view = net.locator(".net-stage");
await page.getByRole("button", { name: "The last input in slow motion" }).click();
await page.getByRole("button", { name: "Pause" }).click();
const strip = page.getByRole("group", { name: "Slow motion" });
const beginning = strip.getByRole("button", { name: "Back to the beginning" });
if (await beginning.isEnabled()) await beginning.click();
await page.mouse.move(0, 0);
await stillness(page);
// From here on time passes in the page only where it is let pass: every run makes the same frames.
await page.clock.install();
await page.clock.pauseAt(Date.now() + 1_000);

const pictures = [];
const take = async (time) =>
  pictures.push({ time, png: (await net.screenshot()).toString("base64") });
await take(still);
const forward = strip.getByRole("button", { name: "One step forward" });
while (await forward.isEnabled()) {
  await forward.click();
  for (const pause of [200, 300, 300]) {
    await page.clock.runFor(pause);
    await take(moving);
  }
  while (await view.evaluate((each) => each.dataset.still === "false"))
    await page.clock.runFor(moving);
  await take(still);
}
// What does not differ from the picture before it is shown longer, and not twice.
const frames = pictures.filter(({ png }, at) => png !== pictures[at - 1]?.png);
const encoded = await page.evaluate(encode, { frames, width });
await browser.close();
await site.close();

const { height } = encoded[0];
const bytes = animation(encoded, width, height);
await writeFile(target, bytes);
console.log(`${target}: ${frames.length} frames, ${Math.round(bytes.length / 1000)} kB`);

/** In the page: Chromium writes WebP, one picture at a time. */
async function encode({ frames, width }) {
  const made = [];
  for (const { png, time } of frames) {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const height = Math.round((image.height * width) / image.width / 2) * 2;
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width, height);
    made.push({ time, height, webp: canvas.toDataURL("image/webp", 0.72).split(",")[1] });
  }
  return made;
}

/**
 * The container of an animated WebP around still ones:
 *
 *     RIFF size WEBP | VP8X flags, size of the canvas | ANIM colour, loops | ANMF a frame each
 */
function animation(frames, width, height) {
  const three = (value) => [value & 255, (value >> 8) & 255, (value >> 16) & 255];
  const size = [...three(width - 1), ...three(height - 1)];
  const canvas = chunk("VP8X", Buffer.from([0b10, 0, 0, 0, ...size]));
  const loops = chunk("ANIM", Buffer.from([255, 255, 255, 255, 0, 0]));
  const parts = frames.map(({ webp, time }) => {
    const head = Buffer.from([0, 0, 0, 0, 0, 0, ...size, ...three(time), 0b10]);
    return chunk("ANMF", Buffer.concat([head, imageOf(Buffer.from(webp, "base64"))]));
  });
  return riff(Buffer.concat([Buffer.from("WEBP"), canvas, loops, ...parts]));
}

function chunk(name, content) {
  const head = Buffer.alloc(8);
  head.write(name, 0);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

function riff(content) {
  return chunk("RIFF", content);
}

/** The chunk with the pixels, of a file with one picture. */
function imageOf(file) {
  for (let at = 12; at < file.length; ) {
    const size = file.readUInt32LE(at + 4);
    const whole = 8 + size + (size % 2);
    const name = file.toString("latin1", at, at + 4);
    if (name === "VP8 " || name === "VP8L") return file.subarray(at, at + whole);
    at += whole;
  }
  throw new Error("no picture in it");
}
