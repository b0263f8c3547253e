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

/** A property's value from a position on; null: it has none. */
export interface MaybePoint {
  position: number;
  value: number | null;
}
interface Stretch {
  from: number;
  to: number;
  value: Value;
}

/**
 * A property over time: as numbers where all its values are, else as the stretches it kept one.
 * While it has none it is a gap: a point or a stretch with null.
 */
export type Plot =
  | { kind: "numbers"; points: MaybePoint[]; least: number; most: number }
  | { kind: "values"; stretches: Stretch[] };

export function plotOf({ changes }: PropertyLane, end: number): Plot {
  const points: MaybePoint[] = [];
  let least = Infinity,
    most = -Infinity;
  for (const { position, new: value } of changes) {
    if (value !== null && typeof value !== "number") break;
    points.push({ position, value });
    least = Math.min(least, value ?? least);
    most = Math.max(most, value ?? most);
  }
  if (points.length === changes.length && least <= most)
    return { kind: "numbers", points, least, most };
  const stretches = changes.map(({ position, new: value }, index) => ({
    from: position,
    to: changes[index + 1]?.position ?? end,
    value,
  }));
  return { kind: "values", stretches };
}

/** Where a position stands in a picture of all `end` of them, to half a pixel. */
const across = (position: number, end: number, width: number): number =>
  Math.round((position / Math.max(1, end)) * width * 2) / 2;

/**
 * The `d` of a line in steps through the points, in a box of a width and height; of more points
 * than there are pixels the highest of each pixel. `most` stands at the top, `least` at the bottom.
 * Where there is no value there is no line.
 */
export function stepLine(
  points: MaybePoint[],
  box: { width: number; height: number; end: number; least: number; most: number },
): string {
  const range = box.most - box.least || 1;
  const y = (value: number) =>
    Math.round((box.height - ((value - box.least) / range) * box.height) * 10) / 10;
  const columns: { x: number; high: number | null; end: number | null }[] = [];
  for (const { position, value } of points) {
    const x = across(position, box.end, box.width);
    const before = columns.at(-1);
    if (before?.x === x) {
      if (value !== null) before.high = Math.max(before.high ?? value, value);
      before.end = value;
    } else columns.push({ x, high: value, end: value });
  }
  let line = "";
  let isOpen = false;
  for (const { x, high, end } of columns) {
    if (isOpen) line += high === null ? `H${x}` : `H${x}V${y(high)}`;
    else if (high !== null) line += `M${x} ${y(high)}`;
    // What came and went within half a pixel is still seen.
    if (!isOpen && high !== null && end === null) line += "h0.5";
    isOpen = end !== null;
    if (end !== null && end !== high) line += `V${y(end)}`;
  }
  return isOpen ? `${line}H${box.width}` : line;
}

/** The `d` of bars of one tone, and which values they are. */
interface Bars {
  d: string;
  values: Value[];
}

/**
 * Bars for the stretches with a value, those of one value in one of so many tones. Of more
 * stretches than there are half pixels the last that begins in each is drawn.
 */
export function barsOf(
  stretches: Stretch[],
  box: { width: number; height: number; end: number },
  tones: number,
): Bars[] {
  const bars: Bars[] = Array.from({ length: tones }, () => ({ d: "", values: [] }));
  const known = new Map<string, Bars>();
  for (const [index, { from, to, value }] of stretches.entries()) {
    if (value === null) continue;
    const key = JSON.stringify(value);
    const found = known.get(key) ?? bars[known.size % tones];
    if (!found) continue;
    if (!known.has(key)) {
      known.set(key, found);
      found.values.push(value);
    }
    const x = across(from, box.end, box.width);
    const next = stretches[index + 1];
    if (next && next.value !== null && across(next.from, box.end, box.width) === x) continue;
    const width = Math.max(1.5, across(to, box.end, box.width) - x - 0.5);
    found.d += `M${x} 0h${width}v${box.height}h${-width}z`;
  }
  return bars.filter(({ d }) => d);
}
