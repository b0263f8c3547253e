// A rule is added by typing.

import { agendaRows, andThen, assert, twinNodes, typeAtEnd, until } from "../parts.mjs";

export const number = 2;
export const title =
  "first edit: a rule typed by keyboard changes agenda and net, " +
  "and the text twin says the new node";

export async function run({ open }) {
  const { page } = await open();
  await page.evaluate(() => {
    window.sameDocument = true;
  });
  const agendaBefore = await agendaRows(page).allTextContents();
  const nodesBefore = await twinNodes(page).count();
  const pictureBefore = await page
    .locator("canvas.net-canvas")
    .evaluate((canvas) => canvas.toDataURL());
  await andThen(page, () =>
    typeAtEnd(
      page,
      'rule "a quiet word" salience -10 when { t: Thing(color == "red", ' +
        'name != "sky") } then { log info "quiet" }',
    ),
  );
  await until(page, "the new rule is on the agenda", () =>
    [...document.querySelectorAll(".agenda-rule")].some(
      ({ textContent }) => textContent === "a quiet word",
    ),
  );
  assert.notDeepEqual(await agendaRows(page).allTextContents(), agendaBefore, "the agenda changed");
  assert.ok((await twinNodes(page).count()) > nodesBefore, "the text twin lists more nodes");
  const names = await twinNodes(page).evaluateAll((nodes) =>
    nodes.map((node) => node.getAttribute("aria-label")),
  );
  assert.ok(
    names.some((name) => name.startsWith("rule a quiet word") && name.includes("ready to fire")),
    "the twin says the new rule, and that it is ready",
  );
  assert.ok(
    names.some((name) => name.includes('name != "sky"')),
    "the twin says the new test",
  );
  await until(
    page,
    "the drawing changed",
    (before) => document.querySelector("canvas.net-canvas").toDataURL() !== before,
    pictureBefore,
  );
  assert.equal(
    await page.evaluate(() => window.sameDocument),
    true,
    "the page was not loaded again",
  );
}
