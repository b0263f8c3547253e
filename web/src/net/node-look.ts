// How a node looks, on the canvas and in a saved picture alike: its colours, and where its words
// stand.

import { grouped } from "../derive/words.ts";
import type { Box } from "./layout.ts";
import type { Measure, NodeText } from "./measure.ts";
import { countFont, headHeight, labelFont, lineHeight, noteFont, padding } from "./measure.ts";
import type { Palette } from "./palette.ts";
import type { NodePicture } from "./picture.ts";

interface NodeLook {
  /** The colour of its kind, of what is ready, or of what was never reached. */
  tone: string;
  fill: string;
  stroke: string;
  width: number;
  /** Nothing ever came here. */
  isDashed: boolean;
  ink: string;
  /** Of the words in its head: on a ground of heat only ink can be read. */
  headInk: string;
}

export function lookOf(node: NodePicture, palette: Palette): NodeLook {
  const { ready, everActive } = node;
  const tone = ready ? palette.ready : everActive ? palette.kinds[node.kind] : palette.faint;
  const hot = heatOf(node, palette);
  return {
    tone,
    headInk: hot ? palette.ink : tone,
    fill: hot ?? (ready ? palette.readySoft : everActive ? palette.fill : palette.dead),
    stroke: ready || everActive ? tone : palette.line,
    width: ready ? 2 : 1.4,
    isDashed: !everActive,
    ink: everActive || ready ? palette.ink : palette.soft,
  };
}

/** The ground of what a node has done, where that is shown. */
export function heatOf({ heat }: NodePicture, { heat: steps }: Palette): string | null {
  if (heat === null) return null;
  return steps[Math.min(steps.length - 1, Math.round(heat * (steps.length - 1)))] ?? null;
}

/** Words at a place; of those in the head it is their middle, of the others their base line. */
export interface Word {
  words: string;
  x: number;
  y: number;
  font: string;
  colour: string;
  align: "left" | "right";
}

interface NodeWords {
  sign: Word;
  /** Null where it has none, or no room for it. */
  note: Word | null;
  /** What it holds, or of a rule how it stands; `ground`: the colour of a pill behind it. */
  count: (Word & { width: number; ground: string | null }) | null;
  lines: Word[];
}

export function wordsOf(
  box: Box,
  node: NodePicture,
  text: NodeText | undefined,
  palette: Palette,
  widthOf: Measure,
): NodeWords {
  const { headInk, ink } = lookOf(node, palette);
  const isName = node.kind === "type" || node.kind === "production";
  const inset = node.kind === "type" ? 4 : 0;
  const left = box.x + padding.x + inset;
  const right = box.x + box.width - padding.x - (node.kind === "production" ? 10 : inset);
  const top = box.y - (text?.height ?? box.height) / 2 + padding.top;
  const middle = top + headHeight / 2;
  const signFont = countFont(palette);
  const sign: Word = {
    words: node.sign,
    x: left,
    y: middle,
    font: signFont,
    colour: headInk,
    ...atLeft,
  };
  const count = countOf(node, right, middle, palette, widthOf);
  const first = top + headHeight + 11;
  return {
    sign,
    note: noteOf(node, { sign, end: count ? right - count.width - 4 : right, palette, widthOf }),
    count,
    lines: (text?.lines ?? [node.label]).map((words, index) => ({
      ...{ words, x: left, y: first + index * lineHeight, colour: ink },
      ...{ font: labelFont(isName, palette), align: "left" },
    })),
  };
}
const atLeft = { align: "left" as const };

/** Between the sign and the count. A rule's state is told where others have their count. */
function noteOf(
  node: NodePicture,
  at: { sign: Word; end: number; palette: Palette; widthOf: Measure },
): Word | null {
  const words = node.kind === "production" ? "" : node.note;
  const { sign, palette, widthOf } = at;
  const x = sign.x + widthOf(sign.words, sign.font) + 5;
  const font = noteFont(palette);
  if (!words || x + widthOf(words, font) > at.end - 6) return null;
  const colour = node.heat === null ? palette.soft : palette.ink;
  return { words, x, y: sign.y, font, colour, align: "left" };
}

/** At the right: how much it holds; of a rule how many are ready, or how often it fired. */
function countOf(
  node: NodePicture,
  right: number,
  middle: number,
  palette: Palette,
  widthOf: Measure,
): NodeWords["count"] {
  const words = countWords(node);
  if (!words) return null;
  const font = countFont(palette);
  const isLit = node.touched && (node.count ?? 0) > 0;
  const ground = node.ready ? palette.ready : isLit ? palette.glow : null;
  const colour = node.ready
    ? palette.fill
    : isLit
      ? palette.glowInk
      : lookOf(node, palette).headInk;
  const width = widthOf(words, font);
  return { words, x: right, y: middle + 0.5, font, colour, align: "right", width, ground };
}

function countWords({ kind, ready, fired, count }: NodePicture): string {
  if (kind !== "production") return count === null ? "" : grouped(count);
  return ready ? `${ready} ready` : fired ? `fired ${fired}×` : "";
}
