// The edges of a layout as curves.

import type { NodeId } from "reticle";
import type { Box, Edge, NetLayout, Point } from "./layout.ts";

/** An edge as a curve to stroke and as points to travel along. */
export interface EdgePath {
  edge: Edge;
  path: Path2D;
  points: Point[];
  length: number;
}

export function edgePaths(layout: NetLayout): EdgePath[] {
  const paths: EdgePath[] = [];
  const into = new Map<NodeId, Edge[]>();
  for (const edge of layout.edges) into.set(edge.to, [...(into.get(edge.to) ?? []), edge]);
  for (const edge of layout.edges) {
    const from = layout.boxes.get(edge.from),
      to = layout.boxes.get(edge.to);
    if (!from || !to) continue;
    paths.push(edgePath(edge, from, to, portOf(edge, into.get(edge.to) ?? [], layout, to)));
  }
  return paths;
}

/**
 * Of several edges into one node the upper one enters above the other, so that they do not cross
 * at the last moment.
 */
function portOf(edge: Edge, all: Edge[], layout: NetLayout, to: Box): number {
  if (all.length < 2) return 0;
  const height = (each: Edge) => each.via.at(-1)?.y ?? layout.boxes.get(each.from)?.y ?? 0;
  const order = [...all].sort(
    (a, b) => height(a) - height(b) || Number(a.side !== "left") - Number(b.side !== "left"),
  );
  const gap = Math.min(22, (to.height - 16) / (all.length - 1));
  return (order.indexOf(edge) - (all.length - 1) / 2) * gap;
}

function edgePath(edge: Edge, from: Box, to: Box, port: number): EdgePath {
  const stops: Point[] = [{ x: from.x + from.width, y: from.y }];
  for (const lane of edge.via)
    stops.push(
      { x: lane.x - lane.width / 2, y: lane.y },
      { x: lane.x + lane.width / 2, y: lane.y },
    );
  stops.push({ x: to.x, y: to.y + port });
  const path = new Path2D();
  const points: Point[] = [];
  for (const [index, stop] of stops.entries()) {
    const next = stops[index + 1];
    if (index === 0) path.moveTo(stop.x, stop.y);
    if (!next) {
      points.push(stop);
      break;
    }
    const bend = (next.x - stop.x) * 0.5;
    path.bezierCurveTo(stop.x + bend, stop.y, next.x - bend, next.y, next.x, next.y);
    for (let t = 0; t < 1; t += 1 / 14) points.push(onCurve(stop, next, bend, t));
  }
  let length = 0;
  for (const [index, point] of points.entries()) {
    const next = points[index + 1];
    if (next) length += Math.hypot(next.x - point.x, next.y - point.y);
  }
  return { edge, path, points, length };
}

function onCurve(a: Point, b: Point, bend: number, t: number): Point {
  const u = 1 - t;
  const w0 = u * u * u,
    w1 = 3 * u * u * t,
    w2 = 3 * u * t * t,
    w3 = t * t * t;
  return {
    x: w0 * a.x + w1 * (a.x + bend) + w2 * (b.x - bend) + w3 * b.x,
    y: (w0 + w1) * a.y + (w2 + w3) * b.y,
  };
}

/** Where a share of the way along is. */
export function along({ points }: EdgePath, share: number): Point {
  const at = Math.max(0, Math.min(1, share)) * (points.length - 1);
  const before = points[Math.floor(at)] ?? { x: 0, y: 0 },
    after = points[Math.ceil(at)] ?? before;
  const rest = at - Math.floor(at);
  return { x: before.x + (after.x - before.x) * rest, y: before.y + (after.y - before.y) * rest };
}
