// What the tests of the command share: the command itself, in a folder of its own.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";

export const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const command = process.env.RETICLE ?? join(top, "build/native/reticle");

/** A folder that is there while the tests of a file run, and the command started in it. */
export function workshop() {
  let folder;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "reticle-cli-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    path: (name) => join(folder, name),
    read: (name) => readFileSync(join(folder, name), "utf8"),
    /** Objects are written as JSON. */
    write(name, content) {
      const text = typeof content === "string" ? content : JSON.stringify(content);
      writeFileSync(join(folder, name), text);
      return name;
    },
    reticle(...words) {
      const result = spawnSync(command, words, { encoding: "utf8", cwd: folder });
      assert.equal(result.error, undefined);
      assert.equal(result.signal, null, result.stderr);
      return { status: result.status, out: result.stdout, err: result.stderr };
    },
    /**
     * A command that goes on. `until` reads its output to the end of what matches, `untilError` its
     * error stream: two pipes, so the order between them means nothing.
     */
    start: (...words) => startIn({}, ...words),
    /** The same with further variables in its environment. */
    startIn,
  };

  function startIn(environment, ...words) {
    const env = { ...process.env, ...environment };
    const child = spawn(command, words, { cwd: folder, env });
    const reader = (stream) => {
      let text = "";
      let wake = () => {};
      stream.setEncoding("utf8");
      stream.on("data", (chunk) => {
        text += chunk;
        wake();
      });
      stream.on("close", () => wake());
      return async (pattern) => {
        for (;;) {
          const found = new RegExp(pattern, "m").exec(text);
          if (found) {
            const end = found.index + found[0].length;
            const read = text.slice(0, end);
            text = text.slice(end);
            return read;
          }
          assert.equal(stream.closed, false, `ended before ${pattern}: ${text}`);
          await new Promise((next) => {
            wake = next;
          });
        }
      };
    };
    const until = reader(child.stdout);
    const untilError = reader(child.stderr);
    const ended = new Promise((done) => {
      child.on("close", (status, signal) => done({ status, signal }));
    });
    return { child, ended, until, untilError };
  }
}
