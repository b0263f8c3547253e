// Small pictures of numbers and values over the records of a session.

import "./plots.css";
import type { Plot, Point } from "../derive/charts.ts";
import { stepLine } from "../derive/charts.ts";
import { printValue } from "../derive/moment.ts";

const space = "http://www.w3.org/2000/svg";
const size = { width: 300, height: 34 };

function svg(label: string, height: number): SVGSVGElement {
  const made = document.createElementNS(space, "svg");
  made.setAttribute("viewBox", `-2 -3 ${size.width + 4} ${height + 6}`);
  made.setAttribute("preserveAspectRatio", "none");
  made.setAttribute("class", "plot");
  made.setAttribute("role", "img");
  made.setAttribute("aria-label", label);
  return made;
}

function part(name: string, attributes: { [name: string]: string | number }): SVGElement {
  const made = document.createElementNS(space, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

const across = (position: number, end: number): number =>
  (position / Math.max(1, end)) * size.width;

/** The moment that is shown. */
function cursor(position: number, end: number, height: number): SVGElement {
  const x = across(position, end);
  return part("line", { x1: x, x2: x, y1: -3, y2: height + 3, class: "plot-cursor" });
}

/** A line in steps, over all records; what is shown now is marked. */
export function linePlot(
  label: string,
  points: Point[],
  scale: { least: number; most: number; end: number; shown: number },
  height = size.height,
): SVGSVGElement {
  const made = svg(label, height);
  const box = { ...size, height, ...scale };
  made.append(
    part("line", { x1: 0, x2: size.width, y1: height, y2: height, class: "plot-base" }),
    part("path", { d: stepLine(points, box), class: "plot-line" }),
    cursor(scale.shown, scale.end, height),
  );
  return made;
}

/** How a property went: a line where it is a number, else a bar for each value it kept. */
export function propertyPlot(name: string, plot: Plot, end: number, shown: number): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "plot-frame";
  const say = (words: string, className: string) => {
    const made = document.createElement("span");
    made.className = className;
    made.textContent = words;
    return made;
  };
  if (plot.kind === "numbers") {
    const { points, least, most } = plot;
    const now = points.at(-1)?.value ?? 0;
    const label = `${name} over time: from ${least} to ${most}, last ${now}`;
    dom.append(linePlot(label, points, { least, most, end, shown }));
    dom.append(
      say(String(most), "plot-most"),
      say(least === most ? "" : String(least), "plot-least"),
    );
    return dom;
  }
  const words = plot.stretches.map(({ value }) => printValue(value));
  const made = svg(`${name} over time: ${words.slice(-8).join(", then ")}`, 14);
  const kinds = [...new Set(words)];
  for (const [index, { from, to }] of plot.stretches.entries()) {
    const x = across(from, end);
    const width = Math.max(1.5, across(to, end) - x - 0.5);
    const tone = kinds.indexOf(words[index] ?? "") % 4;
    const bar = part("rect", {
      x,
      y: 0,
      width,
      height: 14,
      class: `plot-value plot-value-${tone}`,
    });
    const title = document.createElementNS(space, "title");
    title.textContent = words[index] ?? "";
    bar.append(title);
    made.append(bar);
  }
  made.append(cursor(shown, end, 14));
  dom.append(made, say(words.at(-1) ?? "", "plot-most"));
  return dom;
}
