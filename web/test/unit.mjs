// Compiles the unit tests and runs them with Node's own runner; ends with the plain line
// `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const web = new URL("..", import.meta.url).pathname;
rmSync(`${web}test/.build`, { recursive: true, force: true });
const compiled = spawnSync(
  process.execPath,
  [`${web}node_modules/typescript/bin/tsc`, "-p", `${web}tsconfig.unit.json`],
  { stdio: "inherit" },
);
if (compiled.status !== 0) process.exit(1);

const folder = `${web}test/.build/test/unit/`;
const files = readdirSync(folder)
  .filter((file) => file.endsWith(".test.js"))
  .map((file) => folder + file);
let passed = 0,
  failed = 0;
const tests = run({ files, concurrency: 1 });
tests.on("test:pass", ({ details }) => {
  if (details.type !== "suite") passed++;
});
tests.on("test:fail", ({ details }) => {
  if (details.type !== "suite") failed++;
});
tests
  .compose(spec)
  .on("end", () => {
    console.log(`${passed} passed, ${failed} failed`);
    process.exitCode = failed || !passed ? 1 : 0;
  })
  .pipe(process.stdout, { end: false });
