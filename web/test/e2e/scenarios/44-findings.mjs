// What the compiler finds out is marked in the network; a click shows it.

import { assert, rest, tab, twinNodes, until, writeRules } from "../parts.mjs";

export const number = 44;
export const title = "findings are marked on the network and explained at a click";

const rules = `fact A { key id: int  n: int = 0 }
rule "loud" when { a: A(n > 1) } then { log info "y" }
rule "quiet" when {
  A(n > 2)
} then { log info "a line that is longer than the editor's pane is wide, and goes on and on" }
`;

export async function run({ open }) {
  const { page } = await open({ address: "#new" });
  await writeRules(page, rules);
  await rest(page);
  const marked = page.locator(".twin-node[data-finding]");
  await until(
    page,
    "a node is marked",
    () => document.querySelectorAll(".twin-node[data-finding]").length > 0,
  );
  const found = await marked.evaluateAll((nodes) => nodes.map((node) => node.ariaLabel));
  assert.deepEqual(found, [
    "first pattern a: A, holds 0 matches, found: `a` is bound and never used, " +
      "never reached, reads n > 1",
    "rule loud, holds 0 matches, found: `a` is bound and never used, never reached, reads a: A",
  ]);
  const legend = page.locator(".net-legend li", { hasText: /^!finding$/ });
  await legend.waitFor();
  await twinNodes(page)
    .filter({ hasText: "loud" })
    .first()
    .evaluate((node) => node.click());
  const why = page.locator('[data-pane="explanation"]');
  await why.getByRole("heading", { name: "Found by the compiler" }).waitFor();
  const line = page.locator(".monaco-editor .line-numbers.active-line-number").first();
  // A blank page begins with two lines of its own.
  assert.notEqual(await line.textContent(), "4", "the cursor is not where it is to go");
  await why.locator('.finding[data-code="RL3002"] .link').click();
  await line.filter({ hasText: /^4$/ }).waitFor();
  await twinNodes(page)
    .filter({ hasText: "quiet" })
    .last()
    .evaluate((node) => node.click());
  await why.getByRole("heading", { name: /quiet/ }).waitFor();
  await why.getByRole("button", { name: "show in the editor" }).click();
  const lines = page.locator(".monaco-editor .lines-content").first();
  assert.equal(await lines.evaluate((each) => each.style.left), "0px", "from their beginning");
  await tab(page, "problems").click();
  await page.locator('.problem[data-code="RL3002"] .problem-fix').click();
  await until(
    page,
    "what is put right is marked no more",
    () => document.querySelectorAll(".twin-node[data-finding]").length === 0,
  );
  assert.ok((await twinNodes(page).count()) > 2, "and the network is still there");
  assert.equal(await legend.count(), 0);
}
