// Where the states of a flow stand: one below the other, what happens at once side by side.

import type { FlowEdge, FlowGraph, Piece } from "../derive/flow-graph.ts";

export const flowBox = { width: 196, height: 36 };
const gap = { x: 26, y: 26 },
  indent = 34,
  rail = 14,
  margin = 20;

interface FlowPlace {
  x: number;
  y: number;
}
export interface FlowLayout {
  places: Map<number, FlowPlace>;
  ways: { edge: FlowEdge; path: string; label: FlowPlace }[];
  width: number;
  height: number;
}

export function layoutFlow({ pieces, handlers, edges }: FlowGraph): FlowLayout {
  const places = new Map<number, FlowPlace>();
  const main = place(pieces, margin, margin, places);
  let { bottom, right } = main;
  for (const handler of handlers) {
    const placed = place([handler], margin, bottom + gap.y, places);
    bottom = placed.bottom;
    right = Math.max(right, placed.right);
  }
  const ways = edges.flatMap((edge) => {
    const from = places.get(edge.from);
    const to = places.get(edge.to);
    return from && to ? [wayOf(edge, from, to, rightOf(edge, places))] : [];
  });
  return { places, ways, width: right + margin + rail, height: bottom + margin - gap.y };
}

interface Extent {
  bottom: number;
  right: number;
}

function place(pieces: Piece[], x: number, y: number, places: Map<number, FlowPlace>): Extent {
  let bottom = y;
  let right = x + flowBox.width;
  for (const { node, bodies } of pieces) {
    places.set(node.id, { x, y: bottom });
    bottom += flowBox.height + gap.y;
    // One body stands below its head and is moved in; several stand beside each other.
    let left = bodies.length === 1 ? x + indent : x;
    let lowest = bottom;
    for (const body of bodies) {
      if (!body.pieces.length) continue;
      const inside = place(body.pieces, left, bottom, places);
      lowest = Math.max(lowest, inside.bottom);
      right = Math.max(right, inside.right);
      left = inside.right + gap.x;
    }
    bottom = lowest;
  }
  return { bottom, right };
}

/** The right edge of everything between the two ends of an edge: a way back goes round it. */
function rightOf({ from, to }: FlowEdge, places: Map<number, FlowPlace>): number {
  let right = 0;
  for (let id = Math.min(from, to); id <= Math.max(from, to); id++)
    right = Math.max(right, (places.get(id)?.x ?? 0) + flowBox.width);
  return right;
}

function wayOf(edge: FlowEdge, from: FlowPlace, to: FlowPlace, right: number) {
  const middle = flowBox.height / 2;
  if (edge.kind === "back") {
    const side = right + rail;
    const path = rounded([
      { x: from.x + flowBox.width, y: from.y + middle },
      { x: side, y: from.y + middle },
      { x: side, y: to.y + middle },
      { x: to.x + flowBox.width, y: to.y + middle },
    ]);
    return { edge, path, label: { x: side, y: to.y + middle } };
  }
  if (edge.kind === "skip") {
    const side = Math.min(from.x, to.x) - rail;
    const path = rounded([
      { x: from.x, y: from.y + middle },
      { x: side, y: from.y + middle },
      { x: side, y: to.y + middle },
      { x: to.x, y: to.y + middle },
    ]);
    return { edge, path, label: { x: side + 5, y: from.y + flowBox.height + 12 } };
  }
  const start = { x: from.x + 24, y: from.y + flowBox.height };
  const end = { x: to.x + 24, y: to.y };
  // The turn is right above what is next, where nothing else stands.
  const turn = end.y - gap.y / 2;
  const straight = start.x === end.x;
  const path = straight
    ? `M${start.x} ${start.y}L${end.x} ${end.y}`
    : rounded([start, { x: start.x, y: turn }, { x: end.x, y: turn }, end]);
  return { edge, path, label: { x: end.x + 6, y: end.y - 8 } };
}

/** A line through the points, its corners rounded off. */
function rounded(points: FlowPlace[]): string {
  const parts: string[] = [];
  for (const [index, at] of points.entries()) {
    const before = points[index - 1];
    const next = points[index + 1];
    if (!before) parts.push(`M${at.x} ${at.y}`);
    else if (!next) parts.push(`L${at.x} ${at.y}`);
    else {
      const into = towards(at, before);
      const out = towards(at, next);
      parts.push(`L${into.x} ${into.y}Q${at.x} ${at.y} ${out.x} ${out.y}`);
    }
  }
  return parts.join("");
}

function towards(from: FlowPlace, to: FlowPlace): FlowPlace {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length ? Math.min(8, length / 2) / length : 0;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
