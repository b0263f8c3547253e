// Facts from a large file: read and inserted in the worker while the page goes on.

import { assert, rest, tab, until, writeRules } from "../parts.mjs";

const ORDERS =
  "fact Order { key id: int  total: int }\n" +
  'rule "big" when { o: Order(total > 998) } then { log info o.id }';

export const number = 36;
export const title =
  "100,000 rows: a preview first, then a bar that moves while the page draws; rows that do not " +
  "fit are named; Stop leaves nothing of it";

const many = 100_000;

const file = (rows, name = "orders.csv") => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(
    `id,total\n${Array.from({ length: rows }, (_, id) => `${id},${id % 1000}`).join("\n")}\n`,
  ),
});

export async function run({ open }) {
  const { page } = await open({ address: "#new" });
  await writeRules(page, ORDERS);
  await tab(page, "inputs").click();
  const chosen = page.locator('.inputs-head input[type="file"]');
  const dialog = page.getByRole("dialog", { name: /^Facts from/ });

  await chosen.setInputFiles(file(many));
  await dialog.locator(".import-says", { hasText: "100,000 rows can be inserted" }).waitFor();
  assert.equal(await dialog.locator(".import-preview tbody tr").count(), 8);
  await page.evaluate(() => {
    window.drawn = 0;
    window.seen = new Set();
    const count = () => {
      window.drawn++;
      const bar = document.querySelector(".import-progress");
      if (bar && !bar.hidden) window.seen.add(bar.value);
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  await dialog.getByRole("button", { name: "Insert" }).click();
  await dialog.waitFor({ state: "detached" });
  await rest(page);
  const { drawn, steps } = await page.evaluate(() => ({
    drawn: window.drawn,
    steps: window.seen.size,
  }));
  assert.ok(steps >= 5, `the bar was seen at ${steps} places`);
  assert.ok(drawn >= 20, `the page drew ${drawn} times meanwhile`);
  await until(
    page,
    "all rows are facts",
    (count) =>
      document.querySelector('[data-tab="facts"] .tab-count')?.textContent === String(count),
    many,
  );
  assert.equal(
    await page.locator(".inputs-text").inputValue(),
    '{"csv":"orders.csv","type":"Order"}\n',
    "one input stands for all of them",
  );

  // Rows that do not fit are named, the others stay.
  await chosen.setInputFiles({
    name: "more.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("id,total\n200000,1\nx,2\n200001,3\n5,4\n"),
  });
  await dialog
    .locator(".import-says", { hasText: "3 rows can be inserted, 1 row cannot:" })
    .waitFor();
  await dialog.getByRole("button", { name: "Insert" }).click();
  await dialog.locator(".import-says", { hasText: "2 rows inserted, 2 rows not:" }).waitFor();
  assert.deepEqual(await dialog.locator(".import-problems b").allTextContents(), [
    "line 3",
    "line 5",
  ]);
  await dialog.getByRole("button", { name: "Close" }).click();

  const other = await open({ address: "#new" });
  await writeRules(other.page, ORDERS);
  await tab(other.page, "inputs").click();
  await other.page.locator('.inputs-head input[type="file"]').setInputFiles(file(many));
  const again = other.page.getByRole("dialog", { name: /^Facts from/ });
  await again.locator(".import-says", { hasText: "can be inserted" }).waitFor();
  await again.getByRole("button", { name: "Insert" }).click();
  await again.locator(".import-says", { hasText: /of 100,000$/ }).waitFor();
  await again.getByRole("button", { name: "Stop" }).click();
  await other.page.locator(".banner", { hasText: "Stopped." }).waitFor();
  await rest(other.page);
  await until(
    other.page,
    "nothing of it stays",
    () => document.querySelector('[data-tab="facts"] .tab-count')?.textContent === "0",
  );
}
