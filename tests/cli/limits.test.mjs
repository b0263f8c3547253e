// The pages with limits: each number that names its constant is the one in the sources.
//
// A number on the page is followed by `<!-- kName -->`, the constant it is a copy of.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

// The values of constants of a name, wherever they stand.
function constants() {
  const found = new Map();
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      if (!/\.(cpp|h)$/.test(entry.name)) continue;
      for (const [, name, digits] of readFileSync(path, "utf8").matchAll(
        /constexpr [\w:]+ (k[A-Z]\w*) = (\d[\d']*)u?;/g,
      )) {
        if (!found.has(name)) found.set(name, new Set());
        found.get(name).add(Number(digits.replaceAll("'", "")));
      }
    }
  };
  walk(join(top, "engine/src"));
  walk(join(top, "engine/include"));
  walk(join(top, "tools/serve"));
  return found;
}

describe("the numbers on the page of the limits", () => {
  const known = constants();
  const page = readFileSync(join(top, "engine/docs/limits.md"), "utf8");
  const serving = readFileSync(join(top, "engine/docs/serving.md"), "utf8");
  const copies = [...(page + serving).matchAll(/(\d[\d,]*)[^|<\d]*<!-- (k\w+) -->/g)];
  for (const [, digits, name] of copies) {
    test(name, () => {
      const number = Number(digits.replaceAll(",", ""));
      assert.ok(known.has(name), `there is no constant ${name}`);
      assert.ok(known.get(name).has(number), `${name} is ${[...known.get(name)]}, not ${number}`);
    });
  }
  test("there are some", () => assert.ok(copies.length >= 20, `${copies.length}`));
  test("the settling stops where the options say", () => {
    const options = readFileSync(join(top, "engine/include/reticle/options.h"), "utf8");
    assert.match(options, /maxFirings = 100'000;/);
    assert.match(page, /firings of one settling \| 100,000/);
  });
});
