// What is written is kept, and nothing replaces it without a word.

import { agendaRows, andThen, assert, rest, tab, typeAtEnd, until, writeRules } from "../parts.mjs";

export const number = 20;
export const title =
  "nothing is lost: drafts survive a reload, also within the pause; two tabs do not write over " +
  "each other; #new; without storage the page works and says so";

const kept = (page) => page.locator('.bar-button[data-kept="saved"]').waitFor();
const textOf = async (page) => {
  await page.locator(".monaco-editor .view-line").first().waitFor();
  return page.evaluate(() => document.querySelector(".monaco-editor").textContent);
};
const shows = (page, word) =>
  page.locator(".monaco-editor .view-line", { hasText: word }).first().waitFor();
const end = async (page) => {
  await page.locator(".monaco-editor .overflow-guard").click({ position: { x: 160, y: 30 } });
  await page.keyboard.press("Control+End");
};
const reload = async (page) => {
  await page.reload();
  await page.evaluate(() => window.reticle.ready);
  await page.locator('[data-pane="rules"][data-ready="monaco"] .view-line').first().waitFor();
};

export async function run({ open, site }) {
  const { page, context } = await open();
  await typeAtEnd(page, "// mine one");
  await kept(page);
  assert.match(page.url(), /#draft=/, "the address is that of the draft");
  await reload(page);
  await end(page);
  await shows(page, "// mine one");

  // Gone within the pause after typing.
  await page.keyboard.type(" and two");
  await reload(page);
  await end(page);
  await shows(page, "// mine one and two");

  // An input of one's own is work, too.
  await tab(page, "inputs").click();
  const more = page.getByLabel("One more input as JSON");
  await more.fill('{"kind":"insert","type":"Thing","fields":{"name":"kite","color":"red"}}');
  await andThen(page, () => page.getByRole("button", { name: "Do it now" }).click());
  await kept(page);

  // An example is opened: the draft waits, and says so.
  await page.getByLabel("Example").selectOption("order-saga");
  await page.locator(".banner", { hasText: "is kept as a draft" }).waitFor();
  assert.ok(!(await textOf(page)).includes("mine one"));
  await page.getByRole("button", { name: "Open it again" }).click();
  await tab(page, "rules").click();
  await end(page);
  await shows(page, "// mine one and two");
  await tab(page, "inputs").click();
  await until(page, "its inputs are there", () =>
    document.querySelector(".inputs-text").value.includes("kite"),
  );

  // The same draft in another tab is a copy there.
  const other = await context.newPage();
  await other.goto(page.url());
  await other.evaluate(() => window.reticle.ready);
  await other.locator('[data-pane="rules"][data-ready="monaco"] .view-line').first().waitFor();
  await other.locator(".banner", { hasText: "Here it is a copy" }).waitFor();
  await typeAtEnd(other, "// in the copy");
  await kept(other);
  assert.notEqual(other.url(), page.url());
  await other.close();
  await reload(page);
  await end(page);
  await shows(page, "// mine one and two");
  assert.ok(!(await textOf(page)).includes("in the copy"), "the first tab has its own text");

  // The list, and a blank page.
  await page.getByRole("button", { name: "Drafts" }).click();
  const dialog = page.getByRole("dialog", { name: "Drafts" });
  assert.equal(await dialog.locator(".draft").count(), 2);
  await dialog.getByRole("button", { name: "New, blank page" }).click();
  await until(page, "the page is blank", () => location.hash === "#new");
  await page.locator(".banner", { hasText: "is kept as a draft" }).waitFor();
  await rest(page);
  assert.equal(await agendaRows(page).count(), 0);

  await withoutStorage(open, site);
}

async function withoutStorage(open, site) {
  const { page } = await open({
    address: "#new",
    before: (fresh) =>
      fresh.addInitScript(() => {
        const refuse = () => {
          throw new DOMException("storage is switched off", "SecurityError");
        };
        for (const name of ["localStorage", "sessionStorage", "indexedDB"])
          Object.defineProperty(window, name, { get: refuse });
      }),
  });
  const rules = 'fact Thing { key name: string }\nrule "r" when { t: Thing } then { log info "x" }';
  await writeRules(page, rules);
  await page.locator('.bar-button[data-kept="off"]').waitFor();
  await page.getByLabel("Example").selectOption("order-saga");
  const dialog = page.getByRole("dialog", { name: "Your work is not kept" });
  await dialog.getByRole("button", { name: "Stay here" }).click();
  await shows(page, 'rule "r"');
  assert.equal(page.url(), `${site.url}#new`);
  await page.getByLabel("Example").selectOption("order-saga");
  await dialog.getByRole("button", { name: "Replace it" }).click();
  await until(page, "the example is open", () => location.hash === "#example=order-saga");
}
