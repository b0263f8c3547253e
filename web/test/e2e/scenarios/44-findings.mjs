// What the compiler finds out is marked in the network; a click shows it.

import { assert, rest, twinNodes, until, writeRules } from "../parts.mjs";

export const number = 44;
export const title = "findings are marked on the network and explained at a click";

const rules = `fact A { key id: int  n: int = 0 }
rule "loud" when { a: A(n > 1) } then { log info "y" }
rule "quiet" when { A(n > 2) } then { log info "x" }
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
  const words = await marked.locator(".twin-words").allTextContents();
  assert.ok(
    words.some((each) => each.startsWith("loud")) && !words.some((each) => /quiet/.test(each)),
  );
  assert.match(
    await marked.last().getAttribute("aria-label"),
    /found: `a` is bound and never used/,
  );
  await page.locator(".net-legend").getByText("finding").waitFor();
  await twinNodes(page)
    .filter({ hasText: "loud" })
    .first()
    .evaluate((node) => node.click());
  const why = page.locator('[data-pane="explanation"]');
  await why.getByRole("heading", { name: "Found by the compiler" }).waitFor();
  await why.locator('.finding[data-code="RL3002"] .link').click();
  await page.locator(".monaco-editor.focused, .monaco-editor").first().waitFor();
}
