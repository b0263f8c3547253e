// How large a node must be for its words.

import type { Palette } from "./palette.ts";

/** Everything in a node has this size; at the usual scale it stays above 11 pixels. */
export const textSize = 12.5;
export const lineHeight = 15;
export const padding = { x: 10, top: 5, bottom: 6 };
export const headHeight = 15;
const mostLines = 3;

export interface NodeText {
  lines: string[];
  width: number;
  height: number;
}

export type Measure = (text: string, font: string) => number;

export function measureWith(context: CanvasRenderingContext2D): Measure {
  const known = new Map<string, number>();
  return (text, font) => {
    const key = `${font} ${text}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    context.font = font;
    const { width } = context.measureText(text);
    known.set(key, width);
    return width;
  };
}

/** Names in the page's face, conditions in the editor's. */
export function labelFont(isName: boolean, palette: Pick<Palette, "sans" | "mono">): string {
  return isName ? `600 ${textSize}px ${palette.sans}` : `500 ${textSize}px ${palette.mono}`;
}
export const noteFont = (palette: Pick<Palette, "sans">) => `450 ${textSize}px ${palette.sans}`;
export const countFont = (palette: Pick<Palette, "sans">) => `650 ${textSize}px ${palette.sans}`;

/** The words of a node in at most three lines, none wider than `most` where that is possible. */
export function nodeText(
  measure: Measure,
  label: string,
  isName: boolean,
  most: number,
  palette: Pick<Palette, "sans" | "mono">,
): NodeText {
  const font = labelFont(isName, palette);
  const lines = wrap(label, most, (text) => measure(text, font));
  const widest = Math.max(...lines.map((line) => measure(line, font)));
  return {
    lines,
    width: Math.round(Math.max(isName ? 62 : 58, widest) + 2 * padding.x),
    height: padding.top + headHeight + lines.length * lineHeight + padding.bottom,
  };
}

/** Broken between words, and within a word only where it alone is too wide, behind a sign. */
export function wrap(text: string, most: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of partsOf(text, most, widthOf)) {
    if (!line || widthOf((line + part).trimEnd()) <= most) {
      line += part;
      continue;
    }
    lines.push(line.trimEnd());
    line = part.trimStart();
  }
  lines.push(line.trimEnd());
  if (lines.length <= mostLines) return lines.map((each) => cut(each, most, widthOf));
  const rest = lines.slice(mostLines - 1).join(" ");
  return [...lines.slice(0, mostLines - 1), rest].map((each) => cut(each, most, widthOf));
}

function partsOf(text: string, most: number, widthOf: (text: string) => number): string[] {
  return text
    .split(/(?<= )/)
    .flatMap((word) =>
      widthOf(word.trimEnd()) <= most ? [word] : word.split(/(?<=[.,(_/-])|(?<=[a-z])(?=[A-Z])/),
    );
}

/** The text, cut where it must be; what is cut is shown by an ellipsis. */
export function cut(text: string, most: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= most) return text;
  let low = 0,
    high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(`${text.slice(0, middle).trimEnd()}…`) <= most) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low).trimEnd()}…`;
}
