// How long the page takes: cold load, networks of 200, 1,000 and 5,000 nodes, and a trace of a
// million records. `npm run bench`, or some of it: ONLY=load,networks,trace; or with the folder of
// another build of the page: `npm run bench -- FOLDER`. Prints one line of figures a measurement,
// the median of several runs.
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { serve } from "../../../tools/serve.mjs";
import { openBrowser, patience } from "./browser.mjs";
import { bigAddress } from "./nets.mjs";

const folder = process.argv[2] ?? new URL("../../dist", import.meta.url).pathname;
const runs = Number(process.env.RUNS ?? 3);
const site = await serve(resolve(folder), 0);
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const say = (what, figures) =>
  console.log(
    `${what.padEnd(12)} ` +
      Object.entries(figures)
        .map(([name, value]) => `${name} ${Math.round(value).toLocaleString("en")}`)
        .join(" · "),
  );

/** Medians of what several runs measured, name by name. */
async function measured(run) {
  const all = [];
  for (let i = 0; i < runs; i++) all.push(await run());
  return Object.fromEntries(
    Object.keys(all[0]).map((name) => [name, median(all.map((one) => one[name]))]),
  );
}

async function withPage(run) {
  const browser = await openBrowser(site.url);
  try {
    return await run(browser.page);
  } finally {
    await browser.close();
  }
}

/** From the beginning of the navigation, in milliseconds; what was sent, in kB. */
async function coldLoad() {
  return withPage(async (page) => {
    let sent = 0;
    const client = await page.context().newCDPSession(page);
    await client.send("Network.enable");
    client.on("Network.loadingFinished", ({ encodedDataLength }) => {
      sent += encodedDataLength;
    });
    await page.goto(site.url);
    const engine = await page.evaluate(async () => {
      await window.reticle.ready;
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
      return performance.now();
    });
    await page.locator('[data-pane="rules"][data-ready="monaco"] .view-line').first().waitFor();
    const figures = await page.evaluate(() => {
      const paint = performance.getEntriesByName("first-contentful-paint")[0];
      const monaco = performance
        .getEntriesByType("resource")
        .find(({ name }) => /monaco-[^/]*\.js/.test(name));
      return {
        paint: paint?.startTime ?? 0,
        asked: monaco?.startTime ?? 0,
        all: performance.now(),
      };
    });
    return {
      "first paint": figures.paint,
      "engine and net": engine,
      "Monaco asked for": figures.asked,
      "Monaco ready": figures.all,
      "kB sent": sent / 1000,
    };
  });
}

/** The picture after the program is there, choosing a rule, a frame while panning. */
async function network(nodes) {
  return withPage(async (page) => {
    await page.goto(site.url);
    await page.evaluate(() => window.reticle.ready);
    await page.locator('[data-pane="rules"][data-ready="monaco"]').waitFor({ state: "attached" });
    const opened = await page.evaluate(
      async ([hash, limit]) => {
        const began = performance.now();
        let longest = 0;
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
        }).observe({ entryTypes: ["longtask"] });
        location.hash = hash;
        await new Promise((shown, never) => {
          setTimeout(() => never(new Error("no picture")), limit);
          const look = () =>
            / nodes · /.test(document.querySelector(".net-says").textContent) &&
            !document.querySelector(".net-says").textContent.startsWith("19 ") &&
            !document.querySelector(".net-says").textContent.startsWith("20 ")
              ? requestAnimationFrame(() => setTimeout(shown))
              : setTimeout(look, 5);
          look();
        });
        const compiled = performance.getEntriesByName("reticle compiled").at(-1)?.startTime;
        const now = performance.now();
        return { opened: now - began, picture: now - (compiled ?? Number.NaN), longest };
      },
      [bigAddress(nodes), patience],
    );
    const select = await page.evaluate(async () => {
      const began = performance.now();
      document.querySelectorAll(".near-miss-rule, .near-misses .link")[0]?.click();
      await new Promise((drawn) =>
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn))),
      );
      return performance.now() - began;
    });
    const pan = await panning(page);
    return {
      "opened, compiled, drawn": opened.opened,
      "drawn after compiling": opened.picture,
      "longest task": opened.longest,
      "select a rule": select,
      "frame while panning": pan,
    };
  });
}

/** Milliseconds between frames while a pointer drags the picture. */
async function panning(page) {
  const box = await page.locator(".net-canvas").boundingBox();
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  await page.mouse.down();
  const frames = page.evaluate(
    () =>
      new Promise((done) => {
        const times = [];
        const frame = (now) => {
          times.push(now);
          if (times.length < 61) requestAnimationFrame(frame);
          else done(times);
        };
        requestAnimationFrame(frame);
      }),
  );
  let isDone = false;
  void frames.then(() => {
    isDone = true;
  });
  for (let i = 0; !isDone; i++)
    await page.mouse.move(middle.x + 80 * Math.sin(i / 6), middle.y + 40 * Math.cos(i / 9));
  await page.mouse.up();
  const times = await frames;
  return median(times.slice(1).map((time, index) => time - times[index]));
}

/** A trace file of a million records: until all are shown, and then a jump into the middle. */
async function longTrace(records) {
  const { compile, open } = await import("reticle");
  const text = await readFile(
    new URL("../../../examples/discounts/discounts.rules", import.meta.url),
  );
  const program = await compile([{ name: "discounts.rules", text: String(text) }]);
  const engine = await open(program, { trace: true });
  const folder = await mkdtemp(join(tmpdir(), "reticle-bench-"));
  const path = join(folder, "long.jsonl");
  let written = 0;
  for (let i = 0; written < records; i++) {
    const thing = engine.insert("Thing", { name: `thing ${i}`, color: i % 3 ? "red" : "blue" });
    await engine.settle();
    engine.retract(thing);
    if (i % 2_000) continue;
    const lines = engine.takeTrace().map((record) => `${JSON.stringify(record)}\n`);
    written += lines.length;
    await appendFile(path, lines.join(""));
  }
  engine.close();
  try {
    return await withPage(async (page) => {
      await page.goto(`${site.url}#example=discounts`);
      await page.evaluate(() => window.reticle.ready);
      await page.locator('[data-pane="rules"][data-ready="monaco"]').waitFor({ state: "attached" });
      await page.evaluate(() => {
        window.longest = 0;
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries())
            window.longest = Math.max(window.longest, duration);
        }).observe({ entryTypes: ["longtask"] });
      });
      const began = performance.now();
      await page.locator('.inputs-head input[type="file"]').setInputFiles(path);
      await page.locator(".banner", { hasText: "of a run elsewhere, read-only" }).waitFor();
      await page.waitForFunction((all) => window.reticle.record() === all, written);
      const read = performance.now() - began;
      const longest = await page.evaluate(() => window.longest);
      const jump = await page.evaluate(async () => {
        const slider = document.querySelector(".timeline-slider");
        const from = performance.now();
        slider.value = String(Number(slider.max) / 2);
        slider.dispatchEvent(new Event("input"));
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
        return performance.now() - from;
      });
      const memory = await page.evaluate(() => performance.memory?.usedJSHeapSize ?? 0);
      return {
        records: written,
        "read and shown": read,
        "longest task": longest,
        "jump to the middle": jump,
        "MB of heap": memory / 1e6,
      };
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const wanted = process.env.ONLY?.split(",") ?? ["load", "networks", "trace"];
if (wanted.includes("trace")) say("long trace", await longTrace(1_000_000));
if (wanted.includes("load")) say("cold load", await measured(coldLoad));
for (const nodes of wanted.includes("networks") ? [200, 1_000, 5_000] : [])
  say(`${nodes} nodes`, await measured(() => network(nodes)));
await site.close();
