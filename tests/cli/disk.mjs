// A disk between a server and the system, for tests of what is flushed when, and who waits for it.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, unlinkSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { top } from "./support.mjs";

/**
 * Built into the folder. `environment(name, file)` loads it into a command: `logOf(name)` is what
 * that command asked of it, and its flushes of files that end with `file` stop at `gate(name)`.
 */
export function disk(path) {
  const library = path("disk.so");
  const build = () => {
    if (existsSync(library)) return;
    const source = join(top, "tests/cli/disk.cpp");
    execFileSync("c++", ["-std=c++20", "-shared", "-fPIC", "-o", library, source, "-ldl"]);
  };
  return {
    environment(name, file = "") {
      build();
      return {
        LD_PRELOAD: library,
        ASAN_OPTIONS: "verify_asan_link_order=0",
        DISK_LOG: path(`${name}.log`),
        DISK_GATE: path(`${name}.gate`),
        DISK_FILE: file,
      };
    },
    logOf: (name) =>
      readFileSync(path(`${name}.log`), "utf8")
        .trimEnd()
        .split("\n"),
    /** Closes the gate. The next flush of that file waits: `reached` says when it does. */
    gate(name) {
      const pipe = path(`${name}.gate`);
      execFileSync("mkfifo", [pipe]);
      const opened = open(pipe, "w");
      return {
        reached: opened,
        async open() {
          const handle = await opened;
          unlinkSync(pipe);
          await handle.close();
        },
      };
    },
  };
}
