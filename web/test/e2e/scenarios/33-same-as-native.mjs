// The digests of the page are those of the command.

import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { promisify } from "node:util";
import { assert } from "../parts.mjs";

export const number = 33;
export const title =
  "same as native: every example leaves the same state and " +
  "the same trace in the page as in the native build";

export async function run({ open, examples, native }) {
  const paths = (await readdir(examples, { recursive: true }))
    .filter((path) => path.endsWith(".json"))
    .sort();
  assert.ok(paths.length > 0, "there are examples");
  const differing = [];
  for (const path of paths) {
    const name = path.replace(/(\/example)?\.json$/, "");
    const { stdout } = await promisify(execFile)(native, ["run", `${examples}${path}`, "--digest"]);
    const expected = {
      digest: /^digest (\S+)$/m.exec(stdout)?.[1],
      trace: /^trace (\S+)$/m.exec(stdout)?.[1],
    };
    const { page, close } = await open({ address: `#example=${name}&settled` });
    const shown = await page.evaluate(() => ({
      digest: window.reticle.digest(),
      trace: window.reticle.traceDigest(),
    }));
    if (!expected.trace || shown.trace !== expected.trace || shown.digest !== expected.digest)
      differing.push({ name, shown, expected });
    await close();
  }
  assert.deepEqual(differing, [], "examples that differ");
}
