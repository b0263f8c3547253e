// The worker is ended at two moments of a flow, and the flow comes to the same end.

import { andThen, assert, playInputs, rest, tab, until } from "../parts.mjs";

export const number = 14;
export const title =
  "durable flow with crash: between steps and inside a step; " +
  "finished steps are not run again; the result is the same";

const inputs = [
  {
    kind: "insert",
    type: "Order",
    fields: {
      id: "o1",
      customerId: "ada",
      email: "ada@example.org",
      total: 4200,
      lines: [{ sku: "tea", qty: 3 }],
    },
  },
  { kind: "emit", type: "OrderPlaced", data: { orderId: "o1" } },
  { settle: true },
];

export async function run({ open }) {
  const calm = await outcome(await open({ address: "#example=order-saga" }), async () => {});
  const crashed = await outcome(
    await open({ address: "#example=order-saga" }),
    async (session, step) => {
      // Both parallel calls answered, the worker dies before the next step begins; then it dies
      // while that step's call is open.
      if (step === 1)
        await crash(session, () =>
          session.page
            .locator(".call")
            .first()
            .getByRole("button", { name: "Return, then crash" })
            .click(),
        );
      if (step === 2)
        await crash(session, () =>
          session.page.locator(".call").first().getByRole("button", { name: "Crash now" }).click(),
        );
      return step === 1;
    },
  );
  assert.deepEqual(crashed.facts, calm.facts, "the facts are the same");
  assert.deepEqual(crashed.runs, calm.runs, "the run ended alike");
  assert.equal(crashed.terminated, 2, "two workers were really ended");
  const [first, second, inside] = crashed.order;
  for (const finished of [first, second])
    assert.equal(
      crashed.executed[finished],
      calm.executed[finished],
      `${finished} had finished and was not executed again`,
    );
  assert.equal(
    crashed.executed[inside],
    calm.executed[inside] + 1,
    `${inside} was open and was executed once more`,
  );
  for (const account of crashed.readBack)
    assert.match(
      account,
      /Read back, not executed again: .*reservation.*charge/,
      "the account names what was read back",
    );
  assert.ok(crashed.grey >= 2, "read-back steps are grey");
}

/**
 * Plays the order by hand to its end; `disturb` may crash and says whether that has answered the
 * call.
 */
async function outcome({ page }, disturb) {
  const ended = [];
  page.on("worker", (worker) => worker.on("close", () => ended.push(worker.url())));
  for (const worker of page.workers()) worker.on("close", () => ended.push(worker.url()));
  await tab(page, "runs").click();
  await page.getByRole("button", { name: "by hand" }).click();
  await playInputs(page, inputs);
  await tab(page, "runs").click();
  const order = [],
    readBack = [];
  for (let step = 0; (await callCount(page)) > 0; step++) {
    const name = await page.locator(".call").first().getAttribute("data-function");
    order.push(name);
    const isAnswered = await disturb({ page, readBack }, step);
    if (!isAnswered) await answer(page);
    await settled(page);
  }
  await andThen(page, () => page.getByRole("button", { name: "+1h" }).click());
  while ((await callCount(page)) > 0) {
    await answer(page);
    await settled(page);
  }
  await playMore(page, { kind: "emit", type: "Delivered", data: { orderId: "o1" } });
  while ((await callCount(page)) > 0) {
    await answer(page);
    await settled(page);
  }
  const executed = Object.fromEntries(
    await page
      .locator(".runs-count")
      .evaluateAll((counts) =>
        counts.map((each) => [each.dataset.function, Number(each.dataset.count)]),
      ),
  );
  const runs = await page
    .locator(".run")
    .evaluateAll((all) =>
      all.map((run) => [
        run.dataset.status,
        ...[...run.querySelectorAll(".run-step")].map(
          (step) => `${step.dataset.step} ${step.dataset.status}`,
        ),
      ]),
    );
  const grey = await page.locator('.run-step[data-recorded="true"]').count();
  await tab(page, "facts").click();
  const facts = await page
    .locator(".facts-row")
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll("td:not(.facts-act)")].map(({ textContent }) => textContent),
      ),
    );
  return {
    facts,
    runs,
    executed,
    order: [...new Set(order)],
    readBack,
    grey,
    terminated: ended.filter((url) => /worker-/.test(url) && !/editor/.test(url)).length,
  };
}

async function crash({ page, readBack }, act) {
  const title = page.locator(".runs-account-title");
  const crashes = (await title.count())
    ? Number((await title.textContent()).replace(/\D/g, ""))
    : 0;
  await act();
  await page.locator(".runs-account-title", { hasText: `After crash ${crashes + 1}` }).waitFor();
  await settled(page);
  readBack.push(await page.locator('[data-role="read-back"]').textContent());
}

async function answer(page) {
  const call = page.locator(".call").first(),
    id = await call.getAttribute("data-call");
  await call.getByRole("button", { name: "Return", exact: true }).click();
  await until(
    page,
    "the call was answered",
    (known) => !document.querySelector(`.call[data-call="${known}"]`),
    id,
  );
}

async function settled(page) {
  await rest(page);
}

async function callCount(page) {
  return page.locator(".call").count();
}

/** One more input to the session as it is. */
async function playMore(page, input) {
  await tab(page, "inputs").click();
  const field = page.getByLabel("One more input as JSON");
  await field.fill(JSON.stringify(input));
  await andThen(page, () => field.press("Enter"));
  await andThen(page, () => page.getByRole("button", { name: "Run", exact: true }).click());
}
