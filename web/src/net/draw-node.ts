// Paints one node: its outline, its sign and words, how much it holds.

import type { Box } from "./layout.ts";
import type { Measure, NodeText } from "./measure.ts";
import type { Word } from "./node-look.ts";
import { heatOf, lookOf, wordsOf } from "./node-look.ts";
import type { Palette } from "./palette.ts";
import type { NodePicture } from "./picture.ts";
import { outline } from "./shapes.ts";

interface NodePaint {
  palette: Palette;
  text: NodeText | undefined;
  /** How wide words are, kept: it is asked for every node of every frame. */
  widthOf: Measure;
  /** How strongly it shines from what has just reached it, 0 to 1. */
  light: number;
  isHovered: boolean;
  /** words: all of it · signs: its sign alone · cells: a patch of colour. */
  detail: "words" | "signs" | "cells";
}

export function paintNode(
  context: CanvasRenderingContext2D,
  box: Box,
  node: NodePicture,
  paint: NodePaint,
): void {
  const { palette, detail } = paint;
  const { tone, fill, stroke, width, isDashed } = lookOf(node, palette);
  if (detail === "cells") return paintCell(context, box, node, tone, paint);
  const shape = outline(node.kind, box);
  if (node.shared > 1 && node.kind !== "production") paintSheet(context, shape, palette);
  if (paint.light > 0) paintLight(context, shape, paint);
  context.setLineDash(isDashed ? [5, 4] : []);
  context.lineJoin = "round";
  context.fillStyle = fill;
  context.fill(shape);
  if (node.fill > 0) paintFill(context, shape, box, node, tone);
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.stroke(shape);
  context.setLineDash([]);
  paintRing(context, box, node, paint);
  if (detail === "signs") paintSign(context, box, node, tone, palette);
  else paintWords(context, box, node, paint);
  if (node.findings.length) paintFinding(context, box, palette);
}

function paintCell(
  context: CanvasRenderingContext2D,
  box: Box,
  node: NodePicture,
  tone: string,
  { palette, light, isHovered }: NodePaint,
): void {
  const alpha = context.globalAlpha;
  const y = box.y - box.height / 2;
  const hot = heatOf(node, palette);
  context.fillStyle = hot ?? tone;
  context.globalAlpha =
    alpha * (node.ready || hot ? 1 : node.everActive ? 0.3 + 0.6 * node.fill : 0.14);
  context.fillRect(box.x, y, box.width, box.height);
  context.globalAlpha = alpha;
  if (node.findings.length) {
    context.fillStyle = palette.warning;
    context.fillRect(box.x, y, box.width, Math.max(2, box.height / 5));
  }
  if (node.touched || light > 0 || node.selected || isHovered) {
    context.strokeStyle = node.selected || isHovered ? palette.accent : palette.glow;
    context.lineWidth = box.width < 30 ? 2.5 : 8;
    context.strokeRect(box.x, y, box.width, box.height);
  }
}

/** A second sheet behind the first: several rules share the node. */
function paintSheet(context: CanvasRenderingContext2D, shape: Path2D, palette: Palette): void {
  context.save();
  for (const by of [6, 3]) {
    context.save();
    context.translate(by, by);
    context.fillStyle = palette.fill;
    context.fill(shape);
    context.strokeStyle = palette.line;
    context.lineWidth = 1.2;
    context.stroke(shape);
    context.restore();
  }
  context.restore();
}

function paintLight(
  context: CanvasRenderingContext2D,
  shape: Path2D,
  { palette, light }: NodePaint,
): void {
  context.save();
  context.globalAlpha *= light * 0.5;
  context.strokeStyle = palette.glow;
  context.lineJoin = "round";
  for (const width of [14, 9, 5]) {
    context.lineWidth = width;
    context.globalAlpha *= 0.75;
    context.stroke(shape);
  }
  context.restore();
}

/** A bar along the lower edge: how full it is beside the fullest node. */
function paintFill(
  context: CanvasRenderingContext2D,
  shape: Path2D,
  box: Box,
  node: NodePicture,
  tone: string,
): void {
  context.save();
  context.clip(shape);
  context.globalAlpha *= 0.55;
  context.fillStyle = tone;
  context.fillRect(box.x, box.y + box.height / 2 - 3.5, box.width * node.fill, 3.5);
  context.restore();
}

function paintRing(
  context: CanvasRenderingContext2D,
  box: Box,
  node: NodePicture,
  { palette, isHovered }: NodePaint,
): void {
  const [colour, width, grow] = node.selected
    ? [palette.accent, 2.8, 3.5]
    : isHovered
      ? [palette.accent, 1.6, 3]
      : node.touched
        ? [palette.glow, 1.8, 3]
        : ["", 0, 0];
  if (!width) return;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(outline(node.kind, box, grow));
}

/** A triangle on the upper edge: the compiler has found something out about the node. */
function paintFinding(context: CanvasRenderingContext2D, box: Box, palette: Palette): void {
  const x = box.x + 20,
    y = box.y - box.height / 2;
  context.beginPath();
  context.moveTo(x, y - 9);
  context.lineTo(x + 8.5, y + 5.5);
  context.lineTo(x - 8.5, y + 5.5);
  context.closePath();
  context.fillStyle = palette.warning;
  context.strokeStyle = palette.fill;
  context.lineWidth = 2;
  context.lineJoin = "round";
  context.stroke();
  context.fill();
  context.fillStyle = palette.fill;
  context.font = `800 10px ${palette.sans}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText("!", x, y + 0.5);
}

function paintSign(
  context: CanvasRenderingContext2D,
  box: Box,
  node: NodePicture,
  tone: string,
  palette: Palette,
): void {
  context.fillStyle = tone;
  context.font = `700 26px ${palette.sans}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(node.sign, box.x + box.width / 2, box.y + 1);
}

function paintWords(
  context: CanvasRenderingContext2D,
  box: Box,
  node: NodePicture,
  { palette, text, widthOf }: NodePaint,
): void {
  const { sign, note, count, lines } = wordsOf(box, node, text, palette, widthOf);
  const write = ({ words, x, y, font, colour, align }: Word) => {
    context.font = font;
    context.fillStyle = colour;
    context.textAlign = align;
    context.fillText(words, x, y);
  };
  context.textBaseline = "middle";
  write(sign);
  if (count?.ground) {
    context.fillStyle = count.ground;
    context.beginPath();
    context.roundRect(count.x - count.width - 6, count.y - 9, count.width + 12, 16, 8);
    context.fill();
  }
  if (count) write(count);
  if (note) write(note);
  context.textBaseline = "alphabetic";
  for (const line of lines) write(line);
}
