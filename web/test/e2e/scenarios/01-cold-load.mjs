// What a first visit loads, and that it works.

import { agendaRows, assert, record, rest, until } from "../parts.mjs";

export const number = 1;
export const title =
  "cold load: everything comes from here, streams, and is at work when the first screen stands";

const mostBytes = 6_500_000;

export async function run({ open, site }) {
  const { page } = await open({
    before: (page) =>
      page.addInitScript(() => {
        // Inside the page only to watch: which workers are made, from which addresses.
        const Real = Worker;
        window.made = [];
        window.Worker = class extends Real {
          constructor(url, options) {
            super(url, options);
            window.made.push({ url: String(url), name: options?.name });
          }
        };
      }),
  });
  await rest(page);
  assert.equal(await agendaRows(page).count(), 1, "one activation is about to fire");
  assert.ok((await record(page)) > 0, "the example has already been played");
  await page.locator(".near-miss-why", { hasNotText: "looking" }).first().waitFor();

  const editor = page.locator(".monaco-editor .overflow-guard");
  await editor.click({ position: { x: 160, y: 30 } });
  await page.keyboard.press("Control+End");
  await page.keyboard.type("// typed");
  await page.locator(".view-line", { hasText: "// typed" }).waitFor();

  await until(page, "one editor worker and one engine worker", () => window.made.length >= 2);
  const made = await page.evaluate(() => window.made);
  assert.deepEqual(
    made.map(({ name }) => name).sort(),
    ["editor", "engine"],
    "one worker of each kind",
  );
  for (const { url } of made)
    assert.ok(url.startsWith(site.url) && !url.startsWith("data:"), `${url} is a real address`);
  const running = page.workers().map((worker) => worker.url());
  for (const { url } of made) assert.ok(running.includes(url), `${url} is running`);

  const wasm = await page.request.get(site.url + (await findWasm(page)));
  assert.equal(
    wasm.headers()["content-type"],
    "application/wasm",
    "with this type the browser compiles while it loads",
  );
  const sizes = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map(({ name, encodedBodySize }) => ({ name, encodedBodySize })),
  );
  const bytes = sizes.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  assert.ok(bytes < mostBytes, `${bytes} bytes were loaded, the budget is ${mostBytes}`);
}

/** The module is loaded inside the worker, whose requests the page's own list does not hold. */
async function findWasm(page) {
  const engine = page
    .workers()
    .find((worker) => /worker-[^/]*\.js$/.test(worker.url()) && !/editor/.test(worker.url()));
  const names = await engine.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name),
  );
  const found = names.find((name) => name.endsWith(".wasm"));
  assert.ok(found, "the engine's worker loaded a .wasm file");
  return new URL(found).pathname.slice(1);
}
