// Runs processes and measures what they take.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const gnuTime = "/usr/bin/time";
const limits = { encoding: "utf8", maxBuffer: 1 << 30 };

/** Runs a command to its end. @throws Error when it fails. */
export function run([command, ...words], options = {}) {
  const done = spawnSync(command, words, { ...limits, ...options });
  if (done.error) throw done.error;
  if (done.status !== 0)
    throw new Error(
      `${command} ${words.join(" ")}: status ${done.status}\n${done.stderr || done.stdout}`,
    );
  return done;
}

/**
 * Runs a command; `cpu`: its seconds, user and system; `peak`: the bytes it had at most
 * (NaN without GNU time).
 */
export function measured(command) {
  const inner = existsSync(gnuTime) ? [gnuTime, "-f", "@peak %M", ...command] : command;
  const { stdout, stderr } = run([
    "bash",
    "-c",
    'TIMEFORMAT="@cpu %3U %3S"; time "$@"',
    "bash",
    ...inner,
  ]);
  const cpu = /@cpu ([\d.]+) ([\d.]+)/.exec(stderr),
    peak = /@peak (\d+)/.exec(stderr);
  return {
    stdout,
    cpu: Number(cpu[1]) + Number(cpu[2]),
    peak: peak ? Number(peak[1]) * 1024 : NaN,
  };
}
