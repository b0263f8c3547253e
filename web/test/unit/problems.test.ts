// The rows of the list of problems.

import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "reticle";
import { keyed } from "../../src/derive/problems.ts";

const keysOf = async (text: string) =>
  keyed(await check([{ name: "a.rules", text }])).map(({ key }) => key);

test("a problem with another text, place or fix is another row; the same one stays", async () => {
  const first = await keysOf("module m\nrule a when { t: Thing } then { log info 1 }\n");
  assert.ok(first.length > 0);
  assert.deepEqual(
    first,
    await keysOf("module m\nrule a when { t: Thing } then { log info 1 }\n"),
    "checked again it is the same row",
  );
  const other = await keysOf("module m\nrule a when { t: Other } then { log info 1 }\n");
  assert.equal(
    other.some((key) => first.includes(key)),
    false,
    "no row of the problem before is left",
  );
});

test("two that say the same are two rows", async () => {
  const [one] = await check([{ name: "a.rules", text: "module m\nrule when" }]);
  assert.ok(one);
  const keys = keyed([one, one]).map(({ key }) => key);
  assert.equal(new Set(keys).size, 2);
});
