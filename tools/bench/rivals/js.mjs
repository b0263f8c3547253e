// Engines from npm: what each can carry out stands in js/NAME.mjs. They are installed apart: npm ci
// --prefix tools/bench/rivals/js
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { run } from "../processes.mjs";

const here = fileURLToPath(new URL("js/", import.meta.url));

export function javascript(name) {
  const programs = /^\/\/ Workloads: (.*)$/m.exec(
    existsSync(join(here, `${name}.mjs`)) ? readFileSync(join(here, `${name}.mjs`), "utf8") : "",
  );
  const command = (folder) => [
    process.execPath,
    "--max-old-space-size=8192",
    join(here, "run.mjs"),
    name,
    folder,
  ];
  return {
    name,
    missing: () =>
      existsSync(join(here, "node_modules", name))
        ? undefined
        : `not installed: npm ci --prefix ${here}`,
    can: (workload) => (programs?.[1] ?? "").split(" ").includes(workload),
    prepare() {},
    command: ({ folder }) => command(folder),
    read(stdout) {
      const { firings, compileSeconds, loadSeconds, runSeconds } = JSON.parse(
        stdout.slice(stdout.lastIndexOf("\n{") + 1),
      );
      return { firings, compile: compileSeconds, load: loadSeconds, run: runSeconds };
    },
    end({ folder }) {
      return { firings: this.read(run(command(folder)).stdout).firings };
    },
  };
}
