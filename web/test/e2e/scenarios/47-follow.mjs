// A stream of trace records followed read-only, taken up again where it broke; a long trace file
// during which the page goes on drawing.

import { agendaRows, assert, rest, tab, until } from "../parts.mjs";

export const number = 47;
export const title =
  "follow: a stream of records, broken and taken up again; a file of 60,000 without a pause";

export async function run({ open, package: reticle, examples }) {
  const { readFile } = await import("node:fs/promises");
  const { page } = await open({ address: "#example=discounts" });
  await rest(page);
  const text = await readFile(`${examples}discounts/discounts.rules`, "utf8");
  const program = await reticle.compile([{ name: "discounts.rules", text }]);
  const engine = await reticle.open(program, { trace: true });
  for (let i = 0; i < 8; i++) engine.insert("Thing", { name: `thing ${i}`, color: "red" });
  await stream(page, engine.takeTrace());
  for (let i = 0; i < 12_000; i++) engine.insert("Thing", { name: `more ${i}`, color: "red" });
  await file(page, engine.takeTrace());
  engine.close();
  program.close();
}

async function stream(page, records) {
  const events = records.map(
    (record) => `id: ${record.seq}\nevent: record\ndata: ${JSON.stringify(record)}\n\n`,
  );
  const half = Math.floor(events.length / 2);
  const asked = [];
  await page.route("**/trace?from=start", async (route) => {
    const last = (await route.request().allHeaders())["last-event-id"];
    asked.push(last ?? "start");
    const from = last === undefined ? 0 : records.findIndex(({ seq }) => String(seq) === last) + 1;
    const to = last === undefined ? half : events.length;
    await route.fulfill({
      contentType: "text/event-stream",
      body: events.slice(from, to).join(""),
    });
  });
  await breakFirst(page);
  await tab(page, "inputs").click();
  await page.getByRole("button", { name: "Follow a trace …" }).click();
  const dialog = page.getByRole("dialog", { name: "Follow the trace of a run elsewhere" });
  await dialog.getByLabel("Address").fill("/trace?from=start");
  await page.keyboard.press("Enter");
  await page.locator(".banner", { hasText: "followed, read-only" }).waitFor();
  await until(
    page,
    "the whole stream is shown, the second half from where the first one ended",
    (count) => window.reticle.record() === count,
    records.length,
  );
  assert.deepEqual(asked.slice(0, 2), ["start", String(records[half - 1].seq)]);
  assert.equal(await page.evaluate(() => window.isBroken), true, "its connection broke");
  await testsRun(page);
  await tab(page, "agenda").click();
  assert.equal(await agendaRows(page).count(), 8);
  assert.equal(await page.getByRole("button", { name: "Run", exact: true }).isDisabled(), true);
  await page.getByRole("button", { name: "Back to the session" }).click();
  await rest(page);
  await until(
    page,
    "the session is back, though the stream would go on",
    () => document.querySelectorAll(".agenda-row").length === 1,
  );
}

/** The first connection for a trace breaks in the middle of an event. */
async function breakFirst(page) {
  await page.evaluate(() => {
    const { fetch } = window;
    window.fetch = async (address, options) => {
      const answer = await fetch(address, options);
      if (window.isBroken || !String(address).includes("/trace")) return answer;
      window.isBroken = true;
      const text = `${await answer.text()}id: 1000000\ndata: {"ki`;
      let isSent = false;
      const body = new ReadableStream({
        pull(on) {
          if (isSent) return on.error(new TypeError("network error"));
          isSent = true;
          on.enqueue(new TextEncoder().encode(text));
        },
      });
      return new Response(body);
    };
  });
}

/** A stream goes on for ever: whatever else is asked of the engine does not wait for its end. */
async function testsRun(page) {
  const mode = page.locator(".bar-mode");
  assert.equal(await mode.textContent(), "trace stream, read-only");
  await tab(page, "tests").click();
  await page.getByRole("button", { name: "Run the tests" }).first().click();
  await page.locator('.test[data-outcome="passed"]:visible').first().waitFor();
  assert.equal(await mode.textContent(), "trace stream, read-only");
  assert.equal(await page.getByRole("button", { name: "Stop", exact: true }).isDisabled(), true);
}

async function file(page, records) {
  await page.evaluate(() => {
    window.seen = new Set();
    const look = () => {
      window.seen.add(window.reticle.record());
      window.looking = requestAnimationFrame(look);
    };
    look();
  });
  await tab(page, "inputs").click();
  const lines = records.map((record) => JSON.stringify(record)).join("\n");
  await page.locator('.inputs-head input[type="file"]').setInputFiles({
    name: "long.jsonl",
    mimeType: "application/json",
    buffer: Buffer.from(lines),
  });
  await page.locator(".banner", { hasText: "of a run elsewhere, read-only" }).waitFor();
  assert.ok(records.length > 60_000, `${records.length} records`);
  await until(page, "a frame has all", (all) => window.seen.has(all), records.length);
  const seen = await page.evaluate(() => {
    cancelAnimationFrame(window.looking);
    return [...window.seen];
  });
  assert.ok(seen.length > 5, `frames came while it was read: ${seen}`);
}
