// Writes the pages that are made into their folder, or, with `--check`, says which are out of date
// and ends with 1.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What differs between a folder and the pages that it should hold. */
export function staleIn(folder, pages) {
  const there = existsSync(folder) ? readdirSync(folder) : [];
  const stale = there.filter((name) => !pages.has(name));
  for (const [name, text] of pages) {
    if (!there.includes(name) || readFileSync(join(folder, name), "utf8") !== text)
      stale.push(name);
  }
  return stale.sort();
}

export function keep(folder, pages) {
  const stale = staleIn(folder, pages);
  if (process.argv.includes("--check")) {
    for (const name of stale) console.log(`${name} is out of date`);
    if (stale.length > 0) process.exit(1);
    return;
  }
  mkdirSync(folder, { recursive: true });
  for (const name of stale) {
    if (pages.has(name)) writeFileSync(join(folder, name), pages.get(name));
    else rmSync(join(folder, name));
  }
}
