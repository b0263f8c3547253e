// node run.mjs ENGINE FOLDER: carries out a workload that
// `reticle bench NAME --write FOLDER` wrote, and prints what it came to as JSON. The last
// line counts; engines print what they like before it.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [engine, folder] = process.argv.slice(2);
const { name, size, deed } = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
const blocks = JSON.parse(readFileSync(join(folder, "facts.json"), "utf8"));
const { compile } = await import(`./${engine}.mjs`);

const seconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const begin = seconds();
const session = await compile(name, size);
const compiled = seconds();
for (const { type, fields, rows } of blocks) {
  for (const row of rows) {
    const done = session.insert(
      type,
      Object.fromEntries(fields.map((field, i) => [field, row[i]])),
    );
    if (done) await done;
  }
}
const loaded = seconds();
if (deed !== "settle") throw new Error(`${engine}: ${deed} is not carried out`);
await session.settle();
const ran = seconds();
console.log();
console.log(
  JSON.stringify({
    name,
    size,
    firings: session.firings(),
    compileSeconds: compiled - begin,
    loadSeconds: loaded - compiled,
    runSeconds: ran - loaded,
  }),
);
process.exit(0);
