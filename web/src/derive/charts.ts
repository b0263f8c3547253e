// A session in numbers over its records: for pictures of what happened.

import type { ProgramSchema, TraceRecord, Value } from "reticle";
import type { PropertyLane } from "./lanes.ts";
import type { Moment } from "./moment.ts";

/** From this position on the value is this. */
export interface Point {
  position: number;
  value: number;
}

let last: { records: TraceRecord[]; end: number; points: Point[] } | null = null;

/** How many activations were ready, at each record that changed that; read on from where it was. */
export function agendaSizes(records: TraceRecord[]): Point[] {
  if (last?.records !== records || last.end > records.length)
    last = { records, end: 0, points: [{ position: 0, value: 0 }] };
  const { points } = last;
  let value = points.at(-1)?.value ?? 0;
  for (let at = last.end; at < records.length; at++) {
    const before = value;
    switch (records[at]?.kind) {
      case "activation":
        value++;
        break;
      case "deactivation":
      case "fire":
        value--;
        break;
      // What is ready then is recorded anew.
      case "recover":
      case "replace":
        value = 0;
        break;
    }
    if (value !== before) points.push({ position: at + 1, value });
  }
  last.end = records.length;
  return points;
}

/** The rules that have fired, most often first. */
export function firingsByRule(
  { firings }: Moment,
  schema: ProgramSchema,
): { rule: number; name: string; count: number }[] {
  return [...firings]
    .map(([rule, count]) => ({ rule, name: schema.rules[rule]?.name ?? `rule ${rule}`, count }))
    .sort((a, b) => b.count - a.count || a.rule - b.rule);
}

/** A property over time: as numbers where all its values are, else as the stretches it kept one. */
export type Plot =
  | { kind: "numbers"; points: Point[]; least: number; most: number }
  | { kind: "values"; stretches: { from: number; to: number; value: Value }[] };

export function plotOf({ changes }: PropertyLane, end: number): Plot {
  const numbers = changes.flatMap(({ position, new: now }) =>
    typeof now === "number" ? [{ position, value: now }] : [],
  );
  if (numbers.length && changes.every(({ new: now }) => now === null || typeof now === "number")) {
    const values = numbers.map(({ value }) => value);
    const least = values.reduce((a, b) => Math.min(a, b));
    return {
      kind: "numbers",
      points: numbers,
      least,
      most: values.reduce((a, b) => Math.max(a, b)),
    };
  }
  const stretches = changes.map(({ position, new: value }, index) => ({
    from: position,
    to: changes[index + 1]?.position ?? end,
    value,
  }));
  return { kind: "values", stretches: stretches.filter(({ value }) => value !== null) };
}

/**
 * The `d` of a line in steps through the points, in a box of a width and height; of more points
 * than there are pixels the highest of each pixel. `most` stands at the top, `least` at the bottom.
 */
export function stepLine(
  points: Point[],
  box: { width: number; height: number; end: number; least: number; most: number },
): string {
  const range = box.most - box.least || 1;
  const x = (position: number) => Math.round((position / Math.max(1, box.end)) * box.width * 2) / 2;
  const y = (value: number) =>
    Math.round((box.height - ((value - box.least) / range) * box.height) * 10) / 10;
  const columns: { x: number; high: number; end: number }[] = [];
  for (const { position, value } of points) {
    const at = x(position);
    const before = columns.at(-1);
    if (before?.x === at) {
      before.high = Math.max(before.high, value);
      before.end = value;
    } else columns.push({ x: at, high: value, end: value });
  }
  const parts = columns.map(({ x: at, high, end }, index) => {
    const top = index ? `H${at}V${y(high)}` : `M${at} ${y(high)}`;
    return high === end ? top : `${top}V${y(end)}`;
  });
  return parts.length ? `${parts.join("")}H${box.width}` : "";
}
