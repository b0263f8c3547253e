// 5,000 nodes: the picture before anything that can wait, a rule chosen, the search.

import { bigAddress } from "../nets.mjs";
import { assert, rest, twinNodes, until } from "../parts.mjs";

export const number = 22;
export const title = "5,000 nodes: the picture first, a rule chosen, a node found";

/** What the page asks of its worker, in order. */
const listen = () => {
  const post = Worker.prototype.postMessage;
  window.asked = [];
  Worker.prototype.postMessage = function (message, ...more) {
    if (message?.kind) window.asked.push(message.kind);
    return post.call(this, message, ...more);
  };
};

const partInView = (rule) => {
  const { shown, words } = document.querySelector(".net-stage").dataset;
  const title = document.querySelector(".explanation-title").textContent;
  return title.includes(rule) && Number(shown) < 20 && Number(words) >= 11;
};

export async function run({ open }) {
  const { page } = await open({
    before: (fresh) => fresh.addInitScript(listen),
    address: bigAddress(5_000),
  });
  await rest(page);
  await page.locator(".net-says", { hasText: /^[45]\d{3} nodes/ }).waitFor();
  await pictureFirst(page);
  await page.locator(".near-misses .link").first().click();
  await until(page, "the part of the rule is in view", partInView, "rule");
  const rows = await twinNodes(page).count();
  assert.ok(rows > 5 && rows < 30, `the list has the part of the rule alone, not ${rows} rows`);
  await page.locator(".net-canvas").focus();
  await page.keyboard.press("/");
  await page.keyboard.type("rule 700");
  await page.keyboard.press("Enter");
  await until(page, "the part of the rule that was searched for", partInView, "rule 700");
}

/**
 * The language service reads the same rules in the same worker. After an edit it waits until they
 * are compiled and the session has begun.
 */
async function pictureFirst(page) {
  await page.evaluate(() => {
    window.asked.length = 0;
  });
  await page.locator(".monaco-editor .overflow-guard").click({ position: { x: 160, y: 30 } });
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText('\nrule "one more" when { Seen() } then { }\n');
  await until(page, "the new rules run", () => window.asked.includes("play"));
  const asked = await page.evaluate(() => window.asked);
  const begun = asked.slice(asked.indexOf("compile"), asked.indexOf("play"));
  assert.deepEqual(
    begun.filter((kind) => kind === "language"),
    [],
    `between compiling and playing nothing else is asked: ${begun}`,
  );
}
