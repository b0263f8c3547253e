// The network teaches: what a node holds, where a fact was stopped, one insert in slow motion, and
// a large network that is seen whole and in parts.

import { bigAddress } from "../nets.mjs";
import { assert, record, rest, tab, twinNodes, until } from "../parts.mjs";

export const number = 40;
export const title =
  "the network: tables of nodes, a fact's path and its ends, slow motion, search, large and whole";

const marked = (page, attribute) =>
  twinNodes(page).evaluateAll(
    (nodes, name) =>
      nodes
        .filter((node) => node.hasAttribute(name))
        .map((node) => node.querySelector(".twin-words").textContent.split(" — ")[0]),
    attribute,
  );
const why = (page) => page.locator('[data-pane="explanation"]');

export async function run({ open }) {
  const { page } = await open();
  await rest(page);
  await tables(page);
  await factsPath(page);
  await slowMotion(page);
  await maximised(page);
  await large(await open({ address: bigAddress(199) }));
}

/** A click on a node gives the table of its matches, with values and what came nearest. */
async function tables(page) {
  await pickByName(page, "n = sum");
  const rows = why(page).locator(".node-tokens-table").first().locator("tbody tr");
  await until(page, "both matches of the sum are listed", () => {
    const table = document.querySelector(".node-tokens-table");
    const heads = [...(table?.querySelectorAll("thead th") ?? [])].map((head) => head.textContent);
    return table?.querySelectorAll("tbody tr").length === 2 && heads.join() === "c,n";
  });
  assert.deepEqual(await rows.allTextContents(), ["Customer bob2", "Customer ada3"]);
  await pickByName(page, "n > 2");
  const failed = why(page).locator('tr[data-passes="false"]');
  await failed.first().waitFor();
  const cells = await failed.first().locator("td").allTextContents();
  assert.deepEqual(cells.slice(1), ["Customer bob", "n > 2", "2", "2"]);
  await pickByName(page, 'color == "red"');
  await why(page).locator('tr[data-passes="false"]', { hasText: "sky" }).waitFor();
  await why(page).locator('tr[data-passes="true"]', { hasText: "ball" }).waitFor();
}

/** By the search of the network: slash, words, Enter. */
async function pickByName(page, words) {
  await page.locator(".net-canvas").focus();
  await page.keyboard.press("/");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await page.locator(".net-search").waitFor({ state: "hidden" });
}

async function factsPath(page) {
  await tab(page, "facts").click();
  await page.locator(".table button", { hasText: /^2$/ }).first().click();
  await why(page).getByRole("heading", { name: "Thing sky" }).waitFor();
  assert.deepEqual(await marked(page, "data-path"), ["Thing"], "the blue thing went no further");
  const stopped = twinNodes(page).filter({ hasText: 'color == "red"' });
  assert.match(await stopped.getAttribute("aria-label"), /here the selected fact was stopped/);
}

async function slowMotion(page) {
  const end = await record(page);
  await page.getByRole("button", { name: "The last input in slow motion" }).click();
  await page.getByRole("button", { name: "Pause" }).click();
  const says = page.locator(".net-slow-says");
  const strip = page.getByRole("group", { name: "Slow motion" });
  const beginning = strip.getByRole("button", { name: "Back to the beginning" });
  if (await beginning.isEnabled()) await beginning.click();
  const seen = [];
  for (;;) {
    seen.push(await says.textContent());
    const forward = strip.getByRole("button", { name: "One step forward" });
    if (await forward.isDisabled()) break;
    const before = await record(page);
    await forward.click();
    await until(page, "the next moment is shown", (at) => window.reticle.record() > at, before);
  }
  assert.match(seen[0], /^From outside comes Thing/);
  assert.ok(seen.some((words) => /^“color == "red"” is true for Thing ball/.test(words)));
  assert.match(seen.at(-1), /ready/);
  assert.deepEqual(
    await marked(page, "data-path"),
    ["Thing", 'color == "red"', "t: Thing", "something is red"],
    "at the end the whole path of the fact is lit",
  );
  const last = await record(page);
  await strip.getByRole("button", { name: "One step back" }).click();
  await until(page, "one step back", (at) => window.reticle.record() < at, last);
  await strip.getByRole("button", { name: "End slow motion" }).click();
  await until(page, "the present again", (at) => window.reticle.record() === at, end);
}

/** The large network leaves the time line and the explanation on the screen. */
async function maximised(page) {
  const net = page.locator('[data-area="net"]');
  const before = await net.boundingBox();
  await net.getByRole("button", { name: "Maximise" }).click();
  await until(
    page,
    "the network is large",
    (width) => {
      const area = document.querySelector('[data-area="net"]').getBoundingClientRect();
      return area.width > width + 50;
    },
    before.width,
  );
  for (const pane of ['[data-pane="timeline"]', '[data-area="explanation"]']) {
    const box = await page.locator(pane).boundingBox();
    const hit = await page.evaluate(
      ([x, y, name]) => document.elementFromPoint(x, y)?.closest(name) !== null,
      [box.x + box.width / 2, box.y + box.height / 2, pane],
    );
    assert.ok(hit, `${pane} is not covered`);
  }
  await net.getByRole("button", { name: "Restore" }).click();
}

const partInView = () => {
  const { shown, whole, words } = document.querySelector(".net-stage").dataset;
  return Number(shown) < 20 && whole === "true" && Number(words) >= 11;
};

/** 199 nodes: the part that matters, all of them, then the part of a rule that is looked up. */
async function large({ page }) {
  await rest(page);
  await page.locator(".net-says", { hasText: "199 nodes" }).waitFor();
  const net = page.locator(".net-stage");
  await until(page, "the part of the ready rule", () => {
    const { shown, words } = document.querySelector(".net-stage").dataset;
    return Number(shown) < 20 && Number(words) >= 11;
  });
  await page.getByRole("button", { name: "Fit the whole network (0)" }).click();
  await until(page, "all of it, inside of the pane", () => {
    const { shown, whole } = document.querySelector(".net-stage").dataset;
    return shown === "199" && whole === "true";
  });
  await pickByName(page, "rule 17");
  await why(page).getByRole("heading", { name: "rule 17" }).waitFor();
  await until(page, "the part of the rule, in view", partInView);
  // Chosen while the picture is on its way to the whole: the way there ends.
  const other = await twinNodes(page).filter({ hasText: "rule 18" }).first().elementHandle();
  await page.evaluate((rule) => {
    document.querySelector('[aria-label="Fit the whole network (0)"]').click();
    rule.click();
  }, other);
  await why(page).getByRole("heading", { name: "rule 18" }).waitFor();
  await until(page, "the part of the other rule, in view", partInView);
  assert.ok(await net.isVisible());
}
