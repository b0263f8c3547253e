// Changes of a subject's property, each kind drawn its own way.

import { readFile } from "node:fs/promises";
import { assert, playInputs, tab, until } from "../parts.mjs";

export const number = 12;
export const title =
  "property change: set, muted set and delete make lines old → new, " +
  "hollow and gap; a cascade is complete";

const device = "device|000001";
const inputs = [
  { csv: "devices.csv", type: "Device" },
  { settle: true },
  { kind: "set", subject: device, properties: { tempc: 25 } },
  { settle: true },
  { kind: "emit", type: "DataReceived", data: { tempc: 32 }, subject: device },
  { settle: true },
  { kind: "set", subject: device, properties: { tempc: 40 }, muted: true },
  { settle: true },
  { kind: "set", subject: device, properties: { tempc: null } },
  { settle: true },
];

export async function run({ open, package: reticle, packageCsv, examples }) {
  const { page } = await open({ address: "#example=device-temperature" });
  await playInputs(page, inputs);
  await tab(page, "subjects").click();
  const lane = page.locator(`.subject[data-subject="${device}"]`);
  await lane.waitFor();
  const changes = await lane.locator("dt", { hasText: /^tempc$/ }).evaluate((term) =>
    [...term.nextElementSibling.querySelectorAll(".subject-change")].map((line) => ({
      old: line.querySelector(".subject-old").textContent,
      now: line.querySelector(".subject-new").textContent,
      kind: line.dataset.kind,
      muted: "muted" in line.dataset,
    })),
  );
  assert.deepEqual(changes, [
    { old: "none", now: "25", kind: "set", muted: false },
    { old: "25", now: "32", kind: "changed", muted: false },
    { old: "32", now: "40", kind: "changed", muted: true },
    { old: "40", now: "none", kind: "unset", muted: false },
  ]);
  const plot = lane.getByRole("img", { name: /^tempc over time: from 25 to 40, last none$/ });
  const line = await plot.locator(".plot-line").evaluate((path) => {
    const { x, width } = path.getBBox();
    return { ends: x + width, pane: path.ownerSVGElement.viewBox.baseVal.width };
  });
  assert.ok(line.ends > 0 && line.ends < line.pane - 10, "the line ends where the value went");
  const hollow = await lane
    .locator(".subject-change[data-muted] .subject-dot")
    .first()
    .evaluate((dot) => getComputedStyle(dot).backgroundColor);
  assert.equal(hollow, "rgba(0, 0, 0, 0)", "what was set quietly is hollow");

  const folder = `${examples}device-temperature/`;
  const cascade = cascadeOf(await recordsOf(reticle, packageCsv, folder));
  assert.ok(cascade.length >= 2, "the reading set off a change of its own");

  await lane.locator(".subject-change", { hasText: "32" }).first().click();
  await until(
    page,
    "the cascade is marked",
    (count) => document.querySelectorAll(".subject-change[data-cascade]").length === count,
    cascade.length,
  );
  const marked = await page
    .locator(".subject-change[data-cascade]")
    .evaluateAll((lines) =>
      lines
        .map(
          (line) =>
            `${line.closest("dd").previousElementSibling.textContent} ` +
            `${line.querySelector(".subject-new").textContent}`,
        )
        .sort(),
    );
  assert.deepEqual(marked, cascade, "exactly the changes with the reading's origin");
}

/** The same inputs in an engine of our own: what they did says what the page must show. */
async function recordsOf(reticle, csv, folder) {
  const name = "device-temperature.rules";
  const files = [{ name, text: await readFile(folder + name, "utf8") }];
  const start = Date.parse("2020-06-16T08:00:00Z");
  const engine = await reticle.open(files, { start, trace: true });
  const device = engine.program.schema.types.find(({ name }) => name === "Device");
  const records = [];
  for (const input of inputs) {
    if ("csv" in input) {
      const parsed = csv.parseCsv(await readFile(folder + input.csv, "utf8"));
      const [header, ...rows] = parsed.rows;
      for (const { fields } of csv.csvFields(device, header.cells, rows))
        engine.submit({ kind: "insert", type: "Device", fields });
    } else if ("settle" in input) await engine.settle();
    else engine.submit(input);
    records.push(...engine.takeTrace());
  }
  engine.close();
  return records;
}

/** The changes that the reading of 32 degrees set off, itself among them. */
function cascadeOf(records) {
  const changes = records.filter(({ kind }) => kind === "property");
  const reading = changes.find((each) => each.property === "tempc" && each.new === 32);
  return changes
    .filter(({ origin }) => origin === reading.origin)
    .map((each) => `${each.property} ${each.new}`)
    .sort();
}
