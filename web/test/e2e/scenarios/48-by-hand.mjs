// An event by form, facts by a dropped JSON file, and what the page says at moments at which it
// once said something wrong.

import { agendaRows, andThen, assert, logLines, rest, tab, until, writeRules } from "../parts.mjs";

export const number = 48;
export const title =
  "an event by form, JSON by drop; nothing has fired before something has, a refusal goes with " +
  "the next good input, a crash is told wherever one is";

const rules = `fact Order { key id: int  total: int = 0 }
event Ping { text: string }
rule "big" when { o: Order(total > 10) } then { log info o.id }
rule "answer" on p: Ping then { log info p.text }
`;

export async function run({ open }) {
  const { page } = await open({ address: "#new" });
  await writeRules(page, rules);
  const why = page.locator('[data-pane="explanation"]');
  await why.getByText("No rule has matched yet.").waitFor();
  await eventByForm(page);
  await refusals(page);
  await droppedJson(page);
  await andThen(page, () => page.getByRole("button", { name: "Run", exact: true }).click());
  await why.getByText("All that was ready has fired: 3 firings so far.").waitFor();
  await crash(page);
}

async function eventByForm(page) {
  await tab(page, "facts").click();
  await page.getByRole("button", { name: "Insert a fact …" }).click();
  const dialog = page.getByRole("dialog", { name: "Insert a fact, raise an event" });
  await dialog.getByLabel("Of type").selectOption({ label: "Ping (event)" });
  await dialog.getByLabel("text").fill("hello");
  await andThen(page, () => dialog.getByRole("button", { name: "Raise it" }).click());
  await dialog.waitFor({ state: "detached" });
  await andThen(page, () => page.getByRole("button", { name: "Run", exact: true }).click());
  await tab(page, "events").click();
  await page.locator('[data-pane="events"] .event', { hasText: "hello" }).waitFor();
  await tab(page, "log").click();
  await logLines(page)
    .filter({ hasText: /^hello$/ })
    .waitFor();
}

async function refusals(page) {
  await tab(page, "inputs").click();
  const one = page.getByLabel("One more input as JSON");
  const shown = page.locator(".inputs-refusals li");
  const enter = async (input) => {
    await one.fill(JSON.stringify(input));
    await one.press("Enter");
  };
  await enter({ kind: "insert", type: "Nothing", fields: {} });
  await shown.filter({ hasText: "Nothing" }).waitFor();
  assert.equal(await shown.count(), 1);
  await enter({ kind: "insert", type: "Order", fields: { id: 1, total: 50 } });
  await until(
    page,
    "the old refusal is gone",
    () => document.querySelectorAll(".inputs-refusals li").length === 0,
  );
  await rest(page);
  await tab(page, "agenda").click();
  await agendaRows(page).filter({ hasText: "Order" }).waitFor();
  assert.equal(await agendaRows(page).count(), 1, "and the good one was taken");
}

async function droppedJson(page) {
  const facts = [
    { id: 2, total: 20 },
    { id: 3, total: 5 },
  ];
  await page.evaluate((text) => {
    const file = new File([text], "orders.json", { type: "application/json" });
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(file);
    for (const kind of ["dragover", "drop"])
      dispatchEvent(new DragEvent(kind, { dataTransfer, cancelable: true, bubbles: true }));
  }, JSON.stringify(facts));
  const dialog = page.getByRole("dialog", { name: /^Facts from orders\.json/ });
  await dialog.locator(".import-says", { hasText: "2 rows can be inserted" }).waitFor();
  await andThen(page, () => dialog.getByRole("button", { name: "Insert" }).click());
  await dialog.waitFor({ state: "detached" });
  await tab(page, "agenda").click();
  await until(
    page,
    "two of the three orders are big",
    () => document.querySelectorAll(".agenda-row").length === 2,
  );
  assert.equal(await agendaRows(page).count(), 2);
}

async function crash(page) {
  await tab(page, "facts").click();
  const facts = page.locator('[data-pane="facts"]');
  const before = await facts.locator("td").allTextContents();
  assert.ok(before.includes("50") && before.includes("20"), before.join(" "));
  const digest = await page.evaluate(() => window.reticle.digest());
  await page.getByRole("button", { name: "Crash" }).click();
  const banner = page.locator(".banner", { hasText: "The engine's worker was ended." });
  await banner.waitFor();
  // Four inputs at least: an event and three orders.
  const [, entries] = /A new worker read (\d+) journal entries/.exec(await banner.textContent());
  assert.ok(Number(entries) >= 4, `${entries} entries`);
  assert.match(await banner.textContent(), /The session is the same as before\./);
  await rest(page);
  assert.equal(await page.evaluate(() => window.reticle.digest()), digest);
  assert.deepEqual(await facts.locator("td").allTextContents(), before);
}
