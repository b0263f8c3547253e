// The outlines and letters of nodes.

import type { NodeKind, NodeSchema } from "reticle";
import { beginsMatches } from "./graph.ts";
import type { Box } from "./layout.ts";

/** Each kind has its letter and its outline, so that colour is never the only sign. */
export const letters: Record<NodeKind, string> = {
  type: "T",
  test: "?",
  newest: "n",
  join: "⋈",
  not: "¬",
  exists: "∃",
  "not group": "¬",
  "exists group": "∃",
  either: "∨",
  accumulate: "Σ",
  each: "∈",
  let: "=",
  filter: "if",
  wait: "t",
  since: "t=",
  end: "}",
  production: "R",
};

/** A join with one input has a sign of its own. */
export const signOf = (node: NodeSchema): string =>
  beginsMatches(node) ? "→" : letters[node.kind];

/**
 * The outline of a node: pills for types, cut corners for tests, plain for joins, a notch for
 * negations, an arrow for rules.
 */
export function outline(
  kind: NodeKind,
  { x, y, width, height }: Pick<Box, "x" | "y" | "width" | "height">,
  grow = 0,
): Path2D {
  const path = new Path2D();
  trace(path, kind, { x, y, width, height }, grow);
  return path;
}

/** What an outline is drawn with: a path of the canvas, or one that is written down. */
export type Pen = Pick<Path2D, "moveTo" | "lineTo" | "arcTo" | "closePath" | "roundRect">;

export function trace(
  path: Pen,
  kind: NodeKind,
  { x, y, width, height }: Pick<Box, "x" | "y" | "width" | "height">,
  grow = 0,
): void {
  const left = x - grow,
    top = y - height / 2 - grow,
    right = x + width + grow,
    bottom = y + height / 2 + grow;
  switch (kind) {
    case "type":
      path.roundRect(left, top, right - left, bottom - top, (bottom - top) / 2);
      break;
    case "test":
    case "newest":
      polygon(path, [
        [left + 9, top],
        [right - 9, top],
        [right, top + 9],
        [right, bottom - 9],
        [right - 9, bottom],
        [left + 9, bottom],
        [left, bottom - 9],
        [left, top + 9],
      ]);
      break;
    case "filter":
    case "let":
    case "each":
    case "wait":
    case "since":
      polygon(path, [
        [left + 10, top],
        [right, top],
        [right - 10, bottom],
        [left, bottom],
      ]);
      break;
    case "not":
    case "not group":
      polygon(path, [
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
        [left + 7, (top + bottom) / 2],
      ]);
      break;
    case "production": {
      const tip = 14;
      path.moveTo(left + 8, top);
      path.lineTo(right - tip, top);
      path.lineTo(right, (top + bottom) / 2);
      path.lineTo(right - tip, bottom);
      path.lineTo(left + 8, bottom);
      path.arcTo(left, bottom, left, bottom - 8, 8);
      path.lineTo(left, top + 8);
      path.arcTo(left, top, left + 8, top, 8);
      path.closePath();
      break;
    }
    case "join":
    case "exists":
    case "exists group":
    case "either":
    case "accumulate":
    case "end":
      path.roundRect(left, top, right - left, bottom - top, 8);
      break;
  }
}

function polygon(path: Pen, points: [number, number][]): void {
  for (const [index, [x, y]] of points.entries())
    if (index) path.lineTo(x, y);
    else path.moveTo(x, y);
  path.closePath();
}
