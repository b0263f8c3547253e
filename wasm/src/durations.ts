// Spans of time as the rule language writes them.

import { ReticleError } from "./errors.js";

const unitMillis: { [unit: string]: number } = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 0.001,
  µs: 0.001,
  ns: 0.000_001,
};

/**
 * Reads a span of time as the rule language writes it: "10m", "1h30m", "1.5s", "500ms".
 *
 * @returns milliseconds.
 * @throws ReticleError "Duration" when the text is not one.
 */
export function durationMillis(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|d|h|m|s)/gy)];
  const read = parts.reduce((length, [all]) => length + all.length, 0);
  const units = new Set(parts.map(([, , unit]) => unit));
  if (parts.length === 0 || read !== text.length || units.size !== parts.length) {
    throw new ReticleError(
      "Duration",
      `\`${text}\` is not a duration; write for example 10m, 1h30m or 500ms`,
    );
  }
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (unitMillis[unit ?? ""] ?? 0),
    0,
  );
}
