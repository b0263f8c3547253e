// The example on the page about serving: what is typed there gives what is printed there.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { serving } from "./serving.mjs";
import { top } from "./support.mjs";

const { serve, write } = serving();
const page = readFileSync(join(top, "engine/docs/serving.md"), "utf8");
const blocks = (info) =>
  [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].filter((each) => each[1] === info);

test("the example of the page", async () => {
  write("orders.rules", blocks("reticle")[0][2]);
  const [start, talk] = blocks("sh").map((each) => each[2]);
  const words = start.trim().split(" ");
  assert.deepEqual(words.slice(0, 4), ["reticle", "serve", "--port", "8080"]);
  const server = await serve(...words.slice(4));
  const steps = [...talk.matchAll(/(curl[\s\S]*?)\n# (.*)\n/g)];
  assert.equal(steps.length, 3);
  for (const [, command, expected] of steps) {
    const here = command.replaceAll("127.0.0.1:8080", `127.0.0.1:${server.port}`);
    const said = execFileSync("bash", ["-c", here], { encoding: "utf8" });
    assert.equal(said.trimEnd(), expected);
  }
});
