// The browser scenarios against the built page: `npm run e2e`, or with numbers only those. Ends
// with `N passed, N failed`.
import { readdir } from "node:fs/promises";
import { openBrowser, openPage, servePage } from "./browser.mjs";

const here = new URL("./scenarios/", import.meta.url);
const top = new URL("../../../", import.meta.url).pathname;
const wanted = process.argv.slice(2).map(Number);
/** Ends a scenario that hangs; a slow machine must not come near it. */
const mostMinutes = 20;

const site = await servePage();
const means = {
  site,
  examples: `${top}examples/`,
  native: process.env.RETICLE ?? `${top}build/native/reticle`,
  package: await import("reticle"),
  packageCsv: await import("reticle/example"),
};
let passed = 0,
  failed = 0;
for (const file of (await readdir(here)).sort()) {
  const scenario = await import(new URL(file, here));
  if (wanted.length && !wanted.includes(scenario.number)) continue;
  const opened = [];
  /** A browser with an empty profile, at an address of the page; `origin`: where else it is. */
  const open = async ({ address = "", origin = site.url, before, ...options } = {}) => {
    const browser = await openBrowser(origin, options);
    opened.push(browser);
    await before?.(browser.page);
    await openPage(browser.page, origin + address);
    return { page: browser.page, context: browser.context, close: () => browser.close() };
  };
  const began = Date.now();
  let problem = await within(mostMinutes, scenario.run({ ...means, open })).then(
    () => null,
    (error) => error,
  );
  const complaints = opened.flatMap((browser) => browser.complaints);
  if (!problem && complaints.length)
    problem = new Error(`the browser complained:\n${complaints.join("\n")}`);
  if (problem) await keepPicture(opened, scenario.number);
  for (const browser of opened) await browser.close().catch(() => {});
  console.log(
    `${problem ? "FAILED" : "ok"}  ${scenario.number}. ${scenario.title} ` +
      `(${((Date.now() - began) / 1000).toFixed(1)} s)`,
  );
  if (problem) {
    failed++;
    console.log(String(problem.stack ?? problem).replaceAll(/^/gm, "    "));
    if (complaints.length) console.log(`    browser: ${complaints.join("\n    browser: ")}`);
  } else passed++;
}
await site.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);

function within(minutes, work) {
  let timer;
  const late = new Promise((_, refuse) => {
    const end = () => refuse(new Error(`hung for ${minutes} minutes`));
    timer = setTimeout(end, minutes * 60_000);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What the page looked like when it went wrong. */
async function keepPicture(opened, number) {
  const page = opened.at(-1)?.page;
  const folder = new URL("../shots/", import.meta.url).pathname;
  if (page && !page.isClosed())
    await page.screenshot({ path: `${folder}failed-${number}.png` }).catch(() => {});
}
