// Durations and instants as text.

import type { Millis } from "reticle";

const units: [string, Millis][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/** Reads `10m`, `1h30m`, `1.5s`, `250ms`; undefined for anything else. */
export function parseDuration(text: string): Millis | undefined {
  const part = /(\d+(?:\.\d+)?)(ms|d|h|m|s)/gy;
  let sum = 0;
  let end = 0;
  for (let match = part.exec(text); match; match = part.exec(text)) {
    sum += Number(match[1]) * (units.find(([unit]) => unit === match?.[2])?.[1] ?? 0);
    end = part.lastIndex;
  }
  return text.length > 0 && end === text.length ? Math.round(sum) : undefined;
}

/** The shortest exact spelling: 90,000 ms is `1m30s`. */
export function printDuration(millis: Millis): string {
  let rest = Math.round(millis);
  let text = "";
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text || "0s";
}

/** `2024-04-11 12:00:00`, with milliseconds only where there are some. */
export function printTime(millis: Millis): string {
  if (!Number.isFinite(millis) || Math.abs(millis) > 8.64e15) return "unknown time";
  return new Date(millis)
    .toISOString()
    .replace("T", " ")
    .replace(/(\.000)?Z$/, "");
}

/** The time of day; with its date, unless that is the date of `now`. */
export function printDue(millis: Millis, now: Millis): string {
  const [day, time] = printTime(millis).split(" ");
  return day === printTime(now).split(" ")[0] && time ? time : printTime(millis);
}
