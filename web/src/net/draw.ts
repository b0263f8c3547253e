// Paints the network: bands, groups, nodes, edges, and what moves along them.

import type { NodeId } from "reticle";
import { paintNode } from "./draw-node.ts";
import type { Flow } from "./flow.ts";
import { shine, travelled } from "./flow.ts";
import type { Band } from "./graph.ts";
import type { Box, NetLayout } from "./layout.ts";
import type { Measure, NodeText } from "./measure.ts";
import { textSize } from "./measure.ts";
import type { Palette } from "./palette.ts";
import type { EdgePath } from "./paths.ts";
import { along } from "./paths.ts";
import type { NetPicture } from "./picture.ts";
import { stopKey } from "./picture.ts";

export interface View {
  k: number;
  x: number;
  y: number;
  width: number;
  height: number;
}
interface Scene {
  layout: NetLayout;
  edges: EdgePath[];
  /** All edges as one path, for when they are too small to be told apart. */
  allEdges: Path2D;
  texts: Map<NodeId, NodeText>;
  widthOf: Measure;
  picture: NetPicture;
  palette: Palette;
  flow: Flow | null;
  /** Milliseconds since the flow began; past its end nothing moves. */
  elapsed: number;
  hovered: NodeId | null;
  view: View;
}

/** Below this scale words cannot be read: nodes are cells then. */
const wordsFrom = 0.5;
const cellsBelow = 0.24;
export const headingHeight = 24;

const headings: Record<Band, [wide: string, narrow: string]> = {
  types: ["Types", "Types"],
  tests: ["Tests (alpha)", "Tests"],
  joins: ["Joins (beta)", "Joins"],
  rules: ["Rules", "Rules"],
};

/** Paints one frame. Screen pixels are already scaled for the device. */
export function drawScene(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view } = scene;
  context.clearRect(0, 0, view.width, view.height);
  drawBands(context, scene);
  context.save();
  // With any letter spacing the face leaves out its ligatures: `==` stays two signs, as in the
  // text.
  context.letterSpacing = "0.02px";
  context.translate(view.x, view.y);
  context.scale(view.k, view.k);
  drawGroups(context, scene);
  drawEdges(context, scene);
  if (scene.flow) drawPulses(context, scene, scene.flow);
  drawNodes(context, scene);
  drawMarks(context, scene);
  context.restore();
  context.globalAlpha = 1;
  drawHeadings(context, scene);
}

/** The bands reach from top to bottom, however far the picture is moved. */
function drawBands(context: CanvasRenderingContext2D, { layout, view, palette }: Scene): void {
  for (const { band, x, width } of layout.bands) {
    const left = view.x + x * view.k;
    const isFirst = band === layout.bands[0]?.band,
      isLast = band === layout.bands.at(-1)?.band;
    const from = isFirst ? 0 : left;
    const to = isLast ? view.width : left + width * view.k;
    if (to <= 0 || from >= view.width) continue;
    context.fillStyle = palette.bands[band];
    context.fillRect(from, 0, to - from, view.height);
    if (isFirst) continue;
    context.fillStyle = palette.line;
    context.globalAlpha = band === "joins" ? 0.9 : 0.45;
    context.fillRect(Math.round(left), 0, 1, view.height);
    context.globalAlpha = 1;
  }
}

/** Above everything, so that they stay when the picture is moved. */
function drawHeadings(context: CanvasRenderingContext2D, { layout, view, palette }: Scene): void {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.font = `600 11.5px ${palette.sans}`;
  for (const { band, x, width } of layout.bands) {
    const from = Math.max(0, view.x + x * view.k),
      to = Math.min(view.width, view.x + (x + width) * view.k);
    const [wide, narrow] = headings[band];
    const words = [wide, narrow].find((each) => context.measureText(each).width + 20 < to - from);
    if (words === undefined) continue;
    context.globalAlpha = 0.92;
    context.fillStyle = palette.bands[band];
    context.fillRect(from + 1, 0, to - from - 1, headingHeight);
    context.globalAlpha = 1;
    context.fillStyle = palette.soft;
    context.fillText(words, from + 10, headingHeight / 2 + 2);
  }
}

/** A group is one ground under all of its nodes, and the ways between them. */
function drawGroups(context: CanvasRenderingContext2D, { layout, edges, palette }: Scene): void {
  const outer = [...layout.groups].sort((a, b) => b.members.size - a.members.size);
  for (const { owner, members } of outer) {
    const inside = (id: NodeId) => id === owner || members.has(id);
    const boxes = [...members, owner].map((id) => layout.boxes.get(id));
    const ways = edges.filter(({ edge }) => inside(edge.from) && inside(edge.to));
    context.setLineDash([]);
    for (const [colour, grow] of [
      [palette.groupLine, 1.2],
      [palette.group, 0],
    ] as const) {
      context.fillStyle = context.strokeStyle = colour;
      context.lineCap = "round";
      context.lineWidth = 2 * (9 + grow);
      for (const { path } of ways) context.stroke(path);
      for (const box of boxes) {
        if (!box) continue;
        const room = 9 + grow;
        context.beginPath();
        context.roundRect(
          box.x - room,
          box.y - box.height / 2 - room,
          box.width + 2 * room,
          box.height + 2 * room,
          14,
        );
        context.fill();
      }
    }
  }
}

function drawEdges(context: CanvasRenderingContext2D, scene: Scene): void {
  const { edges, picture, palette, view } = scene;
  context.lineCap = "round";
  const isFar = view.k < cellsBelow;
  if (isFar) {
    context.globalAlpha = 0.5;
    context.strokeStyle = palette.edge;
    context.lineWidth = 1 / view.k / 2;
    context.stroke(scene.allEdges);
    context.globalAlpha = 1;
  }
  for (const pass of ["plain", "path"] as const) {
    if (pass === "plain" && isFar) continue;
    for (const { edge, path } of edges) {
      const isStop = picture.stops.has(stopKey(edge.from, edge.to));
      const onPath = (picture.path.has(edge.from) && picture.path.has(edge.to)) || isStop;
      const firing = picture.firing.has(edge.from) && picture.firing.has(edge.to);
      if ((onPath || firing) !== (pass === "path")) continue;
      const carried = picture.nodes.get(edge.from)?.count ?? 0;
      context.globalAlpha = picture.path.size > 0 && !onPath ? 0.35 : 1;
      context.strokeStyle = isStop
        ? palette.danger
        : onPath
          ? palette.accent
          : firing
            ? palette.glow
            : palette.edge;
      context.lineWidth =
        (carried ? 1.4 + Math.min(2, Math.log2(1 + carried) * 0.35) : 1.2) +
        (onPath || firing ? 0.7 : 0);
      context.setLineDash(carried || isStop ? [] : [4, 4]);
      context.stroke(path);
    }
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function drawPulses(
  context: CanvasRenderingContext2D,
  { edges, palette, elapsed }: Scene,
  flow: Flow,
): void {
  const byTarget = new Map<NodeId, EdgePath[]>();
  for (const edge of edges)
    byTarget.set(edge.edge.to, [...(byTarget.get(edge.edge.to) ?? []), edge]);
  for (const pulse of flow.pulses) {
    const share = travelled(pulse, elapsed, flow);
    if (share <= 0 || share >= 1) continue;
    const into = byTarget.get(pulse.node) ?? [];
    const known = into.filter(({ edge }) => flow.sources.has(edge.from));
    for (const edge of known.length ? known : into) {
      const radius = 3.6 + Math.min(2.6, Math.log2(pulse.weight + 1) * 0.6);
      for (const [trail, alpha] of [
        [0.1, 0.18],
        [0.05, 0.4],
        [0, 1],
      ] as const) {
        const way = ease(share) - trail;
        const at = along(edge, flow.backwards ? 1 - way : way);
        context.globalAlpha = alpha;
        context.beginPath();
        context.arc(at.x, at.y, radius * (1 - trail * 2), 0, 2 * Math.PI);
        context.fillStyle = context.strokeStyle = palette.glow;
        context.lineWidth = 1.6;
        if (pulse.added) context.fill();
        else context.stroke();
      }
    }
  }
  context.globalAlpha = 1;
}

function ease(share: number): number {
  return share < 0.5 ? 2 * share * share : 1 - (2 - 2 * share) ** 2 / 2;
}

function drawNodes(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, layout, picture, palette, flow, elapsed, texts, widthOf } = scene;
  const left = -view.x / view.k,
    right = (view.width - view.x) / view.k,
    top = -view.y / view.k,
    bottom = (view.height - view.y) / view.k;
  const light = new Map<NodeId, number>();
  for (const pulse of flow?.pulses ?? [])
    if (flow)
      light.set(pulse.node, Math.max(light.get(pulse.node) ?? 0, shine(pulse, elapsed, flow)));
  const detail = view.k < cellsBelow ? "cells" : view.k < wordsFrom ? "signs" : "words";
  for (const box of layout.boxes.values()) {
    const node = picture.nodes.get(box.node);
    if (
      !node ||
      box.x > right ||
      box.x + box.width < left ||
      box.y - box.height > bottom ||
      box.y + box.height < top
    )
      continue;
    context.globalAlpha = node.dimmed ? 0.32 : 1;
    paintNode(context, box, node, {
      palette,
      text: texts.get(box.node),
      widthOf,
      light: light.get(box.node) ?? 0,
      isHovered: scene.hovered === box.node,
      detail: box.width < 30 ? "cells" : detail,
    });
  }
  context.globalAlpha = 1;
}

/** What stands on the edges: which input they lead into, and where a fact was stopped. */
function drawMarks(
  context: CanvasRenderingContext2D,
  { edges, picture, palette, view }: Scene,
): void {
  if (view.k < cellsBelow) return;
  for (const path of edges) {
    const { edge } = path;
    const end = path.points.at(-1);
    if (!end) continue;
    const isStop = picture.stops.has(stopKey(edge.from, edge.to));
    const onPath = picture.path.has(edge.from) && picture.path.has(edge.to);
    context.globalAlpha = picture.path.size > 0 && !onPath && !isStop ? 0.35 : 1;
    const colour = onPath ? palette.accent : palette.soft;
    if (edge.side === "left") drawArrow(context, end.x, end.y, colour);
    else if (edge.side === "right") drawRing(context, end.x, end.y, colour, palette);
    if (isStop) {
      context.globalAlpha = 1;
      drawCross(context, end.x - 13, along(path, 0.94).y, palette);
    }
  }
  context.globalAlpha = 1;
}

/** The left input: matches come here. */
function drawArrow(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.beginPath();
  context.moveTo(x - 6.5, y - 5);
  context.lineTo(x + 2, y);
  context.lineTo(x - 6.5, y + 5);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

/** The right input: facts come here, or what a group has found. */
function drawRing(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  colour: string,
  palette: Palette,
): void {
  context.beginPath();
  context.arc(x - 2, y, 4, 0, 2 * Math.PI);
  context.fillStyle = palette.fill;
  context.fill();
  context.strokeStyle = colour;
  context.lineWidth = 1.8;
  context.stroke();
}

function drawCross(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  palette: Palette,
): void {
  context.beginPath();
  context.arc(x, y, 9, 0, 2 * Math.PI);
  context.fillStyle = palette.danger;
  context.fill();
  context.strokeStyle = palette.fill;
  context.lineWidth = 2.2;
  context.beginPath();
  context.moveTo(x - 3.6, y - 3.6);
  context.lineTo(x + 3.6, y + 3.6);
  context.moveTo(x + 3.6, y - 3.6);
  context.lineTo(x - 3.6, y + 3.6);
  context.stroke();
}

/** The size on the screen of a node's words at a scale, in pixels. */
export const wordsAt = (k: number): number => textSize * k;

/** The part of the screen a set of boxes takes, in the layout's own measures. */
export function boundsOf(boxes: Iterable<Box>): {
  left: number;
  right: number;
  top: number;
  bottom: number;
} | null {
  let bounds: { left: number; right: number; top: number; bottom: number } | null = null;
  for (const { x, y, width, height } of boxes) {
    bounds ??= { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
    bounds.left = Math.min(bounds.left, x);
    bounds.right = Math.max(bounds.right, x + width);
    bounds.top = Math.min(bounds.top, y - height / 2);
    bounds.bottom = Math.max(bounds.bottom, y + height / 2);
  }
  return bounds;
}
