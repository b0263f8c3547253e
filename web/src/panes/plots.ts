// Small pictures of numbers and values over the records of a session.

import "./plots.css";
import type { Value } from "reticle";
import type { MaybePoint, Plot } from "../derive/charts.ts";
import { barsOf, stepLine } from "../derive/charts.ts";
import { printValue } from "../derive/moment.ts";
import { drawn, h } from "../dom.ts";

const size = { width: 300, height: 34 };
const barHeight = 14,
  tones = 4;

function frameOf(label: string, height: number, ...parts: SVGElement[]): SVGSVGElement {
  const attributes = {
    viewBox: `-2 -3 ${size.width + 4} ${height + 6}`,
    preserveAspectRatio: "none",
    class: "plot",
    role: "img",
    "aria-label": label,
  };
  return drawn("svg", attributes, ...parts);
}

/** The moment that is shown. */
function cursor(position: number, end: number, height: number): SVGElement {
  const x = placeOf(position, end);
  return drawn("line", { x1: x, x2: x, y1: -3, y2: height + 3, class: "plot-cursor" });
}

const placeOf = (position: number, end: number): number =>
  (position / Math.max(1, end)) * size.width;

/** Another moment is shown in plots that stay as they are. */
export function moveCursors(inside: HTMLElement, position: number, end: number): void {
  const x = String(placeOf(position, end));
  for (const each of inside.querySelectorAll(".plot-cursor"))
    for (const name of ["x1", "x2"]) each.setAttribute(name, x);
}

/** A line in steps, over all records; what is shown now is marked. */
export function linePlot(
  label: string,
  points: MaybePoint[],
  scale: { least: number; most: number; end: number; shown: number },
  height = size.height,
): SVGSVGElement {
  return frameOf(
    label,
    height,
    drawn("line", { x1: 0, x2: size.width, y1: height, y2: height, class: "plot-base" }),
    drawn("path", { d: stepLine(points, { ...size, height, ...scale }), class: "plot-line" }),
    cursor(scale.shown, scale.end, height),
  );
}

/** How a property went: a line where it is a number, else a bar for each value it kept. */
export function propertyPlot(name: string, plot: Plot, end: number, shown: number): HTMLElement {
  const say = (words: string, className: string) => h("span", { class: className }, words);
  if (plot.kind === "numbers") {
    const { points, least, most } = plot;
    const now = points.at(-1)?.value ?? "none";
    const label = `${name} over time: from ${least} to ${most}, last ${now}`;
    return h(
      "div",
      { class: "plot-frame" },
      linePlot(label, points, { least, most, end, shown }),
      say(String(most), "plot-most"),
      say(least === most ? "" : String(least), "plot-least"),
    );
  }
  const words = plot.stretches.slice(-8).map(({ value }) => valueWords(value));
  const bars = barsOf(plot.stretches, { width: size.width, height: barHeight, end }, tones);
  const made = frameOf(
    `${name} over time: ${words.join(", then ")}`,
    barHeight,
    ...bars.map(({ d, values }, tone) =>
      drawn(
        "path",
        { d, class: `plot-value plot-value-${tone}` },
        drawn("title", {}, values.slice(0, 20).map(valueWords).join(", ")),
      ),
    ),
    cursor(shown, end, barHeight),
  );
  return h("div", { class: "plot-frame" }, made, say(words.at(-1) ?? "", "plot-most"));
}

const valueWords = (value: Value): string => (value === null ? "none" : printValue(value));
