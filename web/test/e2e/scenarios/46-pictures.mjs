// The session in pictures, and its events with what each set off.

import { andThen, assert, playInputs, record, rest, tab, until, writeRules } from "../parts.mjs";

export const number = 46;
export const title = "charts of agenda and firings; events with their cascade by origin";

const device = "device|000001";

export async function run({ open }) {
  const { page } = await open({ address: "#example=device-temperature" });
  await playInputs(page, [
    { kind: "set", subject: device, properties: { tempc: 25 } },
    { settle: true },
    { kind: "emit", type: "DataReceived", data: { tempc: 32 }, subject: device },
    { settle: true },
  ]);
  await rest(page);
  await events(page);
  await charts(page);
  await waiting(await open({ address: "#new" }));
}

async function events(page) {
  await tab(page, "events").click();
  const pane = page.locator('[data-pane="events"]');
  const event = pane.locator(".event", { hasText: "data-received" }).first();
  await event.getByRole("button", { name: "data-received" }).click();
  await event.locator(".cascade-line").first().waitFor();
  const lines = await event.locator(".cascade-line").allTextContents();
  assert.match(lines[0], /^input: /);
  assert.ok(
    lines.some((line) => /^fired /.test(line)),
    lines.join("\n"),
  );
  assert.ok(
    lines.some((line) => /tempc 25 → 32/.test(line)),
    "the change that it made is in it",
  );
  await stays(page, '[data-pane="events"] .event:last-child .event-line');
  const change = `${device}: tempc 25 → 32`;
  await event.getByRole("button", { name: change }).click();
  const title = page.locator('[data-pane="explanation"] h2');
  await title.filter({ hasText: "tempc 25 → 32" }).waitFor();
}

/** What waits and what was taken back are events, too; a long cascade says what it leaves out. */
async function waiting({ page }) {
  await writeRules(
    page,
    `event Order { id: string }
event Paid { id: string }
event Remind { id: string }
fact Line { n: int }
rule "later" on o: Order then {
  emit Remind{id: o.id} after 1d replacing o.id
  for i in lists.range(200) { insert Line{n: i} }
}
rule "no need" on p: Paid then { cancel event p.id }
`,
  );
  const emit = (type, id) => ({ kind: "emit", type, data: { id } });
  await playInputs(page, [
    ...[emit("Order", "a"), { settle: true }],
    ...[emit("Order", "b"), { settle: true }],
  ]);
  await tab(page, "events").click();
  const pane = page.locator('[data-pane="events"]');
  const waits = pane.getByRole("list", { name: "Events that wait" }).locator(".event");
  await waits.nth(1).waitFor();
  assert.match(await waits.first().textContent(), /Remind.*id: a.*waits until 1970-01-02 00:00/);
  const order = pane.locator(".event[data-state=came]", { hasText: "id: a" });
  await order.getByRole("button", { name: "Order" }).click();
  await order.locator(".cascade-line").nth(119).waitFor();
  assert.equal(await order.locator(".cascade-line").count(), 120);
  const more = order.getByRole("button", { name: /^and \d+ more$/ });
  const left = Number(/\d+/.exec(await more.textContent())[0]);
  assert.ok(left > 80, `${left} are left out`);
  await more.click();
  await order
    .locator(".cascade-line")
    .nth(120 + Math.min(left, 120) - 1)
    .waitFor();

  await playInputs(page, [emit("Order", "a"), emit("Paid", "a"), { settle: true }]);
  const dropped = pane.locator(".event[data-state=dropped]");
  await tab(page, "events").click();
  await dropped.waitFor();
  assert.match(await dropped.textContent(), /Remind.*taken back, was due at 1970-01-02 00:00/);
  assert.equal(await waits.count(), 0);
}

/** A step of the time line leaves in a pane what it does not change. */
async function stays(page, selector) {
  await page.evaluate((chosen) => {
    window.before = document.querySelector(chosen);
  }, selector);
  const shown = await record(page);
  await page.getByRole("button", { name: "One record back" }).click();
  await until(page, "one record back", (was) => window.reticle.record() === was - 1, shown);
  assert.ok(
    await page.evaluate((chosen) => window.before === document.querySelector(chosen), selector),
  );
  await page.getByRole("button", { name: "Live", exact: true }).click();
  await until(page, "the present", (was) => window.reticle.record() === was, shown);
}

async function charts(page) {
  await tab(page, "charts").click();
  const pane = page.locator('[data-pane="charts"]');
  await pane.locator(".plot-line").waitFor();
  await stays(page, '[data-pane="charts"] .plot-line');
  await tab(page, "subjects").click();
  await stays(page, '[data-pane="subjects"] .subject-name');
  await tab(page, "charts").click();
  const row = pane.locator(".chart-row").first();
  await row.waitFor();
  const count = async () => Number(await row.locator(".chart-count").textContent());
  const before = await count();
  assert.ok(before >= 1);
  await pane.getByRole("img", { name: /^Ready activations over time: 0 now, [1-9]/ }).waitFor();
  await andThen(page, async () => {
    await tab(page, "inputs").click();
    const one = page.getByLabel("One more input as JSON");
    await one.fill(
      `{"kind":"emit","type":"DataReceived","data":{"tempc":35},"subject":"${device}"}\n`,
    );
    await one.press("Enter");
  });
  await andThen(page, () => page.locator(".bar-primary").click());
  await until(
    page,
    "one more firing is counted",
    (was) => Number(document.querySelector(".chart-row .chart-count").textContent) > was,
    before,
  );
  await row.locator(".chart-name").click();
  await page.locator('[data-pane="explanation"][data-about="rule"]').waitFor();
}
