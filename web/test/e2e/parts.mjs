// Where things are on the page, by the names the page gives them; and small checks with sentences.
import assert from "node:assert/strict";
import { patience } from "./browser.mjs";

export const agendaRows = (page) => page.locator(".agenda-row");
export const logLines = (page) => page.locator('[data-area="bottom"] .log-text');
export const twinNodes = (page) => page.locator(".twin-node");
export const tab = (page, name) => page.locator(`[data-tab="${name}"]:visible`).first();
export const record = (page) => page.evaluate(() => window.reticle.record());
export const mode = (page) => page.evaluate(() => window.reticle.mode());
export const announcement = (page) => page.locator('[data-role="announcements"]');

/** Waits until a condition in the page holds; says what was waited for when it never does. */
export async function until(page, what, condition, argument) {
  await page.waitForFunction(condition, argument, { timeout: patience }).catch((error) => {
    throw new Error(`never happened: ${what} (${error.message.split("\n")[0]})`);
  });
}

/**
 * Does something and waits for what follows: the session says it has come to rest after more
 * records.
 */
export async function andThen(page, act) {
  const before = await announcement(page).textContent();
  const records = await record(page);
  await act();
  await until(
    page,
    "the session did something and came to rest",
    ([text, count]) =>
      window.reticle.record() !== count ||
      document.querySelector('[data-role="announcements"]').textContent !== text,
    [before, records],
  );
  await rest(page);
}

export async function rest(page) {
  await until(
    page,
    "the engine is at rest",
    () =>
      !document.querySelector(".bar-primary").disabled &&
      document.querySelector(".page").dataset.phase === "ready",
  );
}

/** Nothing moves any more: the network's picture, and what style sheets move. */
export async function stillness(page) {
  await page.evaluate(() => document.fonts.ready);
  await until(
    page,
    "the page is at rest",
    () =>
      !document.querySelector('.net-stage[data-still="false"]') &&
      document.getAnimations().every((each) => {
        const { iterations } = each.effect?.getComputedTiming() ?? {};
        return iterations === Infinity || each.playState !== "running";
      }),
  );
  // What was changed in the last frame is on the screen after the next.
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
}

/** Replaces the inputs, one object a line, and waits until they have been played. */
export async function playInputs(page, steps) {
  await tab(page, "inputs").click();
  const area = page.getByLabel("Inputs, one JSON object a line");
  await andThen(page, () => area.fill(steps.map((step) => JSON.stringify(step)).join("\n")));
  await rest(page);
}

/** The rules as Monaco shows them, whole: through the model the share link is made of. */
export async function currentAddress(page) {
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog", { name: "Share" });
  const address = await dialog.getByLabel("Link").inputValue();
  await dialog.getByRole("button", { name: "Close" }).click();
  await dialog.waitFor({ state: "detached" });
  return address;
}

/** Unpacks a shared address without the page's own code. */
export async function unpack(address) {
  const { inflateRawSync } = await import("node:zlib");
  const packed = address.slice(address.indexOf("#v1=") + 4);
  return JSON.parse(inflateRawSync(Buffer.from(packed, "base64url")).toString("utf8"));
}

/** Puts the cursor at the end of the rules and types there, by keyboard only. */
export async function typeAtEnd(page, text) {
  await page.locator(".monaco-editor .overflow-guard").click({ position: { x: 160, y: 30 } });
  await page.keyboard.press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.type(text);
}

/** Types rules on a blank page and waits until they run. */
export async function writeRules(page, text) {
  await typeAtEnd(page, "");
  // At once: typed key by key the editor's suggestions would take part.
  await page.keyboard.insertText(text);
  await until(
    page,
    "the rules run",
    () =>
      document.querySelectorAll(".twin-node").length > 0 &&
      !document.body.hasAttribute("data-errors"),
  );
  await rest(page);
}

export function same(actual, expected, what) {
  assert.deepEqual(actual, expected, what);
}
export { assert };
