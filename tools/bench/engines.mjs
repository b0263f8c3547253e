// The engines that `versus` knows. Each can be asked
//   missing()                       what keeps it from running here, or nothing
//   can(name)                       whether it can carry a workload out
//   prepare(folder, run)            to make what it needs of the files of a workload
//   command({folder, name, size})   for the command line of a timed run
//   read(stdout)                    for {firings?, compile, load, run} of it, in CPU seconds
//   end({folder, name, size})       for {firings, facts?} of a run that is not timed: what is there
//                                   at its end, one canonical line a fact
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { run } from "./processes.mjs";
import { clips } from "./rivals/clips.mjs";
import { javascript } from "./rivals/js.mjs";

const top = fileURLToPath(new URL("../..", import.meta.url));

export function engines(options = {}) {
  const native = reticle(
    resolve(options.reticle ?? process.env.RETICLE ?? join(top, "build/native/reticle")),
  );
  return {
    native,
    wasm: wasm(resolve(options.dist ?? join(top, "wasm/dist"))),
    clips: clips(options.clips ?? "clips"),
    nools: javascript("nools"),
    "json-rules-engine": javascript("json-rules-engine"),
    durable: javascript("durable"),
  };
}

/** The facts of `reticle bench --end`, with their fields in order of name. */
function canonical(line) {
  const space = line.indexOf(" ");
  const fields = Object.entries(JSON.parse(line.slice(space))).sort(([a], [b]) => (a < b ? -1 : 1));
  return `${line.slice(0, space)} ${JSON.stringify(fields)}`;
}

function secondsOf({ firings, compileSeconds, loadSeconds, runSeconds }) {
  return { firings, compile: compileSeconds, load: loadSeconds, run: runSeconds };
}

function reticle(command) {
  return {
    name: "native",
    missing: () =>
      existsSync(command) ? undefined : `${command} is not there; build it, or say --reticle PATH`,
    can: () => true,
    workloads: () =>
      [
        ...run([command, "bench", "--help"]).stdout.matchAll(
          /^ *([a-z][\w-]*) {2,}.*\(\d+ [\w ]+\)$/gm,
        ),
      ].map(([, name]) => name),
    /**
     * Writes a workload into a folder; returns its run.json and how many facts are given.
     */
    write(name, size, folder) {
      run([
        command,
        "bench",
        name,
        "--write",
        folder,
        ...(size === undefined ? [] : ["--size", String(size)]),
      ]);
      const blocks = JSON.parse(readFileSync(join(folder, "facts.json"), "utf8"));
      const written = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
      return { ...written, blocks, given: blocks.reduce((sum, { rows }) => sum + rows.length, 0) };
    },
    prepare() {},
    command: ({ name, size }) => [command, "bench", name, "--size", String(size), "--json"],
    read: (stdout) => secondsOf(JSON.parse(stdout)),
    end({ folder, name, size }) {
      const { firings } = JSON.parse(run(this.command({ name, size })).stdout);
      const file = join(folder, "end.native");
      run([command, "bench", name, "--size", String(size), "--end", file]);
      return {
        firings,
        facts: readFileSync(file, "utf8").split("\n").filter(Boolean).map(canonical),
      };
    },
  };
}

function wasm(dist) {
  const script = fileURLToPath(new URL("wasm.mjs", import.meta.url));
  const command = (folder, ...words) => [
    process.execPath,
    script,
    folder,
    "--dist",
    dist,
    ...words,
  ];
  return {
    name: "wasm",
    missing: () =>
      existsSync(join(dist, "index.js"))
        ? undefined
        : `${dist} is not built; tools/build package, or say --dist PATH`,
    can: () => true,
    prepare() {},
    command: ({ folder }) => command(folder),
    read: (stdout) => secondsOf(JSON.parse(stdout)),
    end({ folder }) {
      const file = join(folder, "end.wasm");
      const { firings } = JSON.parse(run(command(folder, "--end", file)).stdout);
      return {
        firings,
        facts: readFileSync(file, "utf8").split("\n").filter(Boolean).map(canonical),
      };
    },
  };
}
