// A run that has failed goes on with what failed, one that waits is ended, both from their rows.

import { andThen, assert, tab, writeRules } from "../parts.mjs";

export const number = 50;
export const title =
  "a failed run goes on with what failed and repeats nothing, a run that waits is cancelled, and " +
  "what cannot go on says why";

const rules = `fact Order { key id: string }
host function bank.hold(id: string) -> string
host function bank.charge(id: string) -> string
host function bank.release(id: string)
event Approved {}
rule "begin" when { o: Order } then { start Pay(id: o.id) }
flow Pay(id: string) key id allow RL6009 {
  step hold = call bank.hold(id: id)
  step charge = call bank.charge(id: id)
  wait Approved
}
flow Undone(id: string) key id {
  step hold = call bank.hold(id: id) undo call bank.release(id: id)
  fail "no"
}
`;

export async function run({ open }) {
  const { page } = await open({ address: "#new" });
  await writeRules(page, rules);
  await tab(page, "inputs").click();
  const one = page.getByLabel("One more input as JSON");
  await one.fill(JSON.stringify({ kind: "insert", type: "Order", fields: { id: "o1" } }));
  await one.press("Enter");
  await tab(page, "runs").click();
  await page.getByRole("button", { name: "by hand" }).click();
  await andThen(page, () => page.getByRole("button", { name: "Run", exact: true }).click());

  await answer(page, "bank.hold", "Return");
  await answer(page, "bank.charge", "Fail");
  const row = page.locator('[data-pane="runs"] .run');
  await row.locator('.run-status[data-status="failed"]').waitFor();
  await andThen(page, () => row.getByRole("button", { name: "go on" }).click());
  await row.locator('.run-status[data-status="running"]').waitFor();
  // What had a result is not asked again.
  assert.equal(await page.locator('.call[data-function="bank.hold"]').count(), 0);
  await answer(page, "bank.charge", "Return");
  await row.locator('.run-step[data-step="charge"][data-status="completed"]').waitFor();
  assert.equal(await row.locator(".run-step").count(), 3);

  await andThen(page, () => row.getByRole("button", { name: "cancel" }).click());
  await row.locator('.run-status[data-status="cancelled"]').waitFor();
  assert.equal(await row.getByRole("button", { name: "go on" }).count(), 0);

  // What was undone does not go on, and the row says why.
  await tab(page, "inputs").click();
  await one.fill(JSON.stringify({ kind: "start", flow: "Undone", args: { id: "o2" } }));
  await one.press("Enter");
  await andThen(page, () => page.getByRole("button", { name: "Run", exact: true }).click());
  await tab(page, "runs").click();
  await answer(page, "bank.hold", "Return");
  await answer(page, "bank.release", "Return");
  const undone = row.filter({ hasText: "Undone" });
  await undone.getByRole("button", { name: "go on" }).click();
  await undone.getByText("what it did was undone", { exact: false }).waitFor();
}

async function answer(page, name, how) {
  const call = page.locator(`.call[data-function="${name}"]`);
  await call.waitFor();
  await andThen(page, () => call.getByRole("button", { name: how, exact: true }).click());
}
