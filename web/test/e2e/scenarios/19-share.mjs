// A link holds what the page shows; broken links say so.

import {
  andThen,
  assert,
  currentAddress,
  mode,
  record,
  tab,
  typeAtEnd,
  unpack,
} from "../parts.mjs";

export const number = 19;
export const title =
  "share: a link opened elsewhere holds the same files, " +
  "inputs, selection and record; broken links say so";

export async function run({ open, site }) {
  const { page } = await open();
  await andThen(page, () =>
    typeAtEnd(page, 'rule "mine <b>" when { t: Thing(color == "blue") } then { log info "blue" }'),
  );
  await page
    .getByRole("tree", { name: "Nodes of the network" })
    .locator("li", { hasText: "mine <b>" })
    .first()
    .focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /mine <b>/ }).waitFor();
  for (let i = 0; i < 5; i++) await page.getByRole("button", { name: "One record back" }).click();
  const shown = await record(page),
    words = await mode(page);
  assert.match(words, /^past: record/);
  const address = await currentAddress(page);
  const here = await unpack(address);
  assert.equal(here.view.record, shown);

  const other = await open({ address: address.slice(site.url.length) });
  assert.equal(await record(other.page), shown, "the same record is shown");
  assert.equal(await mode(other.page), words, "and the bar says so");
  await other.page.getByRole("heading", { name: /mine <b>/ }).waitFor();
  await other.page.locator(".banner", { hasText: "Opened from a link, as a copy" }).waitFor();
  assert.deepEqual(
    await unpack(await currentAddress(other.page)),
    here,
    "sharing it again gives the same thing",
  );
  await tab(other.page, "inputs").click();
  assert.equal(
    await other.page.getByLabel("Inputs, one JSON object a line").inputValue(),
    here.inputs.map((step) => `${JSON.stringify(step)}\n`).join(""),
  );

  await brokenRules(open, here);

  const hash = address.slice(address.indexOf("#"));
  for (const [broken, says] of [
    [hash.slice(0, hash.length / 2), /cut short or damaged/],
    [`${hash}%3Cscript%3E`, /characters no shared link has/],
    ["#v7=AAAA", /another version/],
  ]) {
    const third = await open({ address: broken });
    await third.page.locator(".banner", { hasText: says }).waitFor();
    await third.page.locator(".agenda-row").first().waitFor();
    await third.close();
  }
}

/** A link whose rules do not compile: what is wrong is what there is to see. */
async function brokenRules(open, here) {
  const { deflateRawSync } = await import("node:zlib");
  const broken = {
    ...here,
    files: [{ name: "a.rules", text: "module m\nrule x when { t: Thing }" }],
  };
  const packed = deflateRawSync(Buffer.from(JSON.stringify(broken))).toString("base64url");
  const { page } = await open({ address: `#v1=${packed}` });
  await page.locator('[data-pane="problems"] .problem').first().waitFor();
  await page.getByRole("heading", { name: "These rules do not compile" }).waitFor();
  assert.equal(await mode(page), "no rules run");
}
