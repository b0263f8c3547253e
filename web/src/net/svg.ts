// The network's picture as SVG: the same boxes, words and lines as on the canvas.

import { escaped } from "../derive/words.ts";
import type { Arrangement } from "./arrange.ts";
import type { Box } from "./layout.ts";
import type { Measure, NodeText } from "./measure.ts";
import type { Word } from "./node-look.ts";
import { lookOf, wordsOf } from "./node-look.ts";
import type { Palette } from "./palette.ts";
import type { EdgePath } from "./paths.ts";
import type { NetPicture, NodePicture } from "./picture.ts";
import { stopKey } from "./picture.ts";
import type { Pen } from "./shapes.ts";
import { trace } from "./shapes.ts";

/** What the pane shows, whole: what of it is in view does not matter. */
export interface Shown {
  arrangement: Arrangement;
  edges: Pick<EdgePath, "edge" | "points">[];
  picture: NetPicture;
  palette: Palette;
  widthOf: Measure;
}

const margin = 24;

export function svgOf({ arrangement, edges, picture, palette, widthOf }: Shown): string {
  const { layout, texts } = arrangement;
  const { top, bottom, width } = layout;
  const box = [-margin, top - margin, width + 2 * margin, bottom - top + 2 * margin].map(round);
  const parts = layout.bands.map(
    ({ band, x, width: wide }) =>
      `<rect x="${round(x)}" y="${box[1]}" width="${round(wide)}" height="${box[3]}" ` +
      `fill="${palette.bands[band]}"/>`,
  );
  for (const { edge, points } of edges) {
    const isStop = picture.stops.has(stopKey(edge.from, edge.to));
    const onPath = picture.path.has(edge.from) && picture.path.has(edge.to);
    const carried = picture.nodes.get(edge.from)?.count ?? 0;
    const colour = isStop ? palette.danger : onPath ? palette.accent : palette.edge;
    const dashes = carried || isStop ? "" : ' stroke-dasharray="4 4"';
    const line = points.map(({ x, y }) => `${round(x)} ${round(y)}`).join("L");
    parts.push(
      `<path d="M${line}" fill="none" stroke="${colour}" ` +
        `stroke-width="${onPath ? 2.2 : 1.4}"${dashes}/>`,
    );
  }
  for (const place of layout.boxes.values()) {
    const node = picture.nodes.get(place.node);
    if (node) parts.push(nodeOf(place, node, texts.get(place.node), { palette, widthOf }));
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.join(" ")}" ` +
    `width="${box[2]}" height="${box[3]}" role="img">\n` +
    `<rect x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" ` +
    `fill="${palette.fill}"/>\n${parts.join("\n")}\n</svg>\n`
  );
}

function nodeOf(
  box: Box,
  node: NodePicture,
  text: NodeText | undefined,
  { palette, widthOf }: Pick<Shown, "palette" | "widthOf">,
): string {
  const pen = new WrittenPath();
  trace(pen, node.kind, box);
  const { fill, stroke, width, isDashed } = lookOf(node, palette);
  const { sign, note, count, lines } = wordsOf(box, node, text, palette, widthOf);
  const dashes = isDashed ? ' stroke-dasharray="5 4"' : "";
  const head = [sign, note, count].filter((word) => word !== null);
  const words = [
    ...(count?.ground ? [pillOf(count, count.ground)] : []),
    ...head.map((word) => wordOf(word, word.y + aboveMiddle)),
    ...lines.map((word) => wordOf(word, word.y)),
  ];
  const title = [node.label, node.note, node.holds && `holds ${node.holds}`]
    .filter((part) => part)
    .join(", ");
  return (
    `<g opacity="${node.dimmed ? 0.32 : 1}"><title>${escaped(title)}</title>` +
    `<path d="${pen.words}" fill="${fill}" stroke="${node.selected ? palette.accent : stroke}" ` +
    `stroke-width="${node.selected ? 2.8 : width}"${dashes}/>${words.join("")}</g>`
  );
}

/** From the middle of a word down to its base line. */
const aboveMiddle = 4;

function pillOf({ x, y, width }: { x: number; y: number; width: number }, colour: string): string {
  const [left, top] = [x - width - 6, y - 9].map(round);
  const wide = round(width + 12);
  return `<rect x="${left}" y="${top}" width="${wide}" height="16" rx="8" fill="${colour}"/>`;
}

function wordOf({ words, x, font, colour, align }: Word, y: number): string {
  return words
    ? `<text x="${round(x)}" y="${round(y)}" style="font: ${escaped(font)}" fill="${colour}" ` +
        `text-anchor="${align === "right" ? "end" : "start"}">${escaped(words)}</text>`
    : "";
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Writes down what is drawn with it, as the `d` of a path. */
class WrittenPath implements Pen {
  words = "";
  moveTo(x: number, y: number): void {
    this.words += `M${round(x)} ${round(y)}`;
  }
  lineTo(x: number, y: number): void {
    this.words += `L${round(x)} ${round(y)}`;
  }
  /** Between lines at right angles the corner's tangents end where the arc does. */
  arcTo(x: number, y: number, toX: number, toY: number): void {
    this.words += `Q${round(x)} ${round(y)} ${round(toX)} ${round(toY)}`;
  }
  closePath(): void {
    this.words += "Z";
  }
  roundRect(x: number, y: number, width: number, height: number, radius: number): void {
    const r = Math.min(radius, width / 2, height / 2);
    this.moveTo(x + r, y);
    this.lineTo(x + width - r, y);
    this.arcTo(x + width, y, x + width, y + r);
    this.lineTo(x + width, y + height - r);
    this.arcTo(x + width, y + height, x + width - r, y + height);
    this.lineTo(x + r, y + height);
    this.arcTo(x, y + height, x, y + height - r);
    this.lineTo(x, y + r);
    this.arcTo(x, y, x + r, y);
    this.closePath();
  }
}
