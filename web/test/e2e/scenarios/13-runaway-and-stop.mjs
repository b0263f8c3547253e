// Rules that feed themselves are named; what takes too long can be stopped.

import { andThen, assert, playInputs, rest, tab, until, writeRules } from "../parts.mjs";

export const number = 13;
export const title =
  "runaway and stuck: the page stays alive, the cycle and what feeds it are named, stopping on " +
  "purpose is no alarm, Stop ends whatever is under way";

const endless = `fact Count { key id: string  n: int = 0 }
rule "counts up" allow RL3001, RL3002 when { c: Count(n >= 0) } then { update c { n: c.n + 1 } }`;
const slow = `fact N { key v: int }
rule "slow"
when { a: N  b: N  c: N  d: N  if a.v + b.v + c.v + d.v == -1 }
then { log info "never" }`;

export async function run({ open, site }) {
  const { page } = await open({ address: "#new" });
  await writeRules(page, endless);
  await playInputs(page, [{ kind: "insert", type: "Count", fields: { id: "a" } }]);
  await andThen(page, () => page.getByRole("button", { name: "Fire one" }).click());
  assert.equal(await page.locator(".explanation-limit").count(), 0, "one firing was asked for");
  await andThen(page, () => page.getByRole("button", { name: "Run", exact: true }).click());
  const note = await page.locator(".explanation-limit").textContent();
  assert.match(note, /counts up makes itself ready again and again.*Count\.n/);

  for (const lesson of ["02-joining", "03-missing", "04-deriving", "05-counting", "07-tables"]) {
    await page.goto(`${site.url}#example=tutorial/${lesson}`);
    await until(page, "the lesson is open", (name) => location.hash.includes(name), lesson);
    await rest(page);
    assert.equal(await page.locator(".explanation-limit").count(), 0, `${lesson} says no alarm`);
  }

  const stuck = await open({ address: "#new" });
  await writeRules(stuck.page, slow);
  await playInputs(stuck.page, [{ kind: "insert", type: "N", fields: { v: 1 } }]);
  const many = Array.from({ length: 400 }, (_, v) => ({
    kind: "insert",
    type: "N",
    fields: { v: v + 2 },
  }));
  await stuck.page.getByLabel("One more input as JSON").fill(
    JSON.stringify({
      kind: "insertAll",
      type: "N",
      fields: ["v"],
      rows: many.map(({ fields }) => [fields.v]),
    }),
  );
  await stuck.page.getByRole("button", { name: "Do it now" }).click();
  await stuck.page.locator(".bar-mode", { hasText: "at work: Stop ends it" }).waitFor();
  await stuck.page.getByRole("button", { name: "Stop" }).click();
  await stuck.page.locator(".banner", { hasText: "Stopped." }).waitFor();
  await rest(stuck.page);
  await tab(stuck.page, "facts").click();
  assert.equal(await stuck.page.locator(".facts-row").count(), 1, "what was there before");
}
