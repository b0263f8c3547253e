// Paints the network: nodes, edges, and what moves along them.

import type { NodeId } from "reticle";
import type { Flow } from "./flow.ts";
import { shine, travelled } from "./flow.ts";
import type { Box, NetLayout } from "./layout.ts";
import type { Palette } from "./palette.ts";
import type { EdgePath } from "./paths.ts";
import { along } from "./paths.ts";
import type { NetPicture, NodePicture } from "./picture.ts";
import { fit, letters, outline, twoLines } from "./shapes.ts";

export interface Scene {
  layout: NetLayout;
  edges: EdgePath[];
  picture: NetPicture;
  palette: Palette;
  flow: Flow | null;
  /** Milliseconds since the flow began; past its end nothing moves. */
  elapsed: number;
  hovered: NodeId | null;
  view: { k: number; x: number; y: number; width: number; height: number };
}

/** Paints one frame. Screen pixels are already scaled for the device. */
export function drawScene(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, palette, layout } = scene;
  context.clearRect(0, 0, view.width, view.height);
  drawGrid(context, scene);
  context.save();
  // With any letter spacing the face leaves out its ligatures: `==` stays two signs, as in the
  // text.
  context.letterSpacing = "0.02px";
  context.translate(view.x, view.y);
  context.scale(view.k, view.k);
  drawEdges(context, scene);
  if (scene.flow) drawPulses(context, scene, scene.flow);
  const left = -view.x / view.k,
    right = (view.width - view.x) / view.k,
    top = -view.y / view.k,
    bottom = (view.height - view.y) / view.k;
  for (const box of layout.boxes.values()) {
    const node = scene.picture.nodes.get(box.node);
    if (
      !node ||
      box.x > right ||
      box.x + box.width < left ||
      box.y - box.height > bottom ||
      box.y + box.height < top
    )
      continue;
    context.globalAlpha = node.dimmed ? 0.32 : 1;
    drawNode(context, box, node, scene, palette);
  }
  context.restore();
  context.globalAlpha = 1;
}

/**
 * A faint raster that moves with the picture: it gives the eye a hold while panning and zooming.
 */
function drawGrid(context: CanvasRenderingContext2D, { view, palette }: Scene): void {
  const step = 28 * (view.k < 0.5 ? 2 * view.k : view.k);
  if (step < 9) return;
  context.fillStyle = palette.dot;
  const size = Math.max(1, 1.4 * Math.min(1, view.k));
  for (let x = ((view.x % step) + step) % step; x < view.width; x += step) {
    for (let y = ((view.y % step) + step) % step; y < view.height; y += step)
      context.fillRect(x, y, size, size);
  }
}

function drawEdges(context: CanvasRenderingContext2D, { edges, picture, palette }: Scene): void {
  context.lineCap = "round";
  for (const pass of ["plain", "path"] as const) {
    for (const { edge, path } of edges) {
      const onPath = picture.path.has(edge.from) && picture.path.has(edge.to);
      const firing = picture.firing.has(edge.from) && picture.firing.has(edge.to);
      if ((onPath || firing) !== (pass === "path")) continue;
      const carried = picture.nodes.get(edge.from)?.count ?? 0;
      context.globalAlpha = picture.path.size > 0 && !onPath ? 0.35 : 1;
      context.strokeStyle = onPath ? palette.accent : firing ? palette.glow : palette.edge;
      context.lineWidth =
        (carried ? 1.4 + Math.min(2, Math.log2(1 + carried) * 0.35) : 1.1) +
        (onPath || firing ? 0.5 : 0);
      context.setLineDash(carried ? [] : [4, 4]);
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
    const share = travelled(pulse, elapsed);
    if (share <= 0 || share >= 1) continue;
    for (const edge of byTarget.get(pulse.node) ?? []) {
      const radius = 3.2 + Math.min(2.6, Math.log2(pulse.weight + 1) * 0.6);
      for (const [trail, alpha] of [
        [0.1, 0.18],
        [0.05, 0.4],
        [0, 1],
      ] as const) {
        const at = along(edge, ease(share) - trail);
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

function drawNode(
  context: CanvasRenderingContext2D,
  box: Box,
  node: NodePicture,
  scene: Scene,
  palette: Palette,
): void {
  const colour = palette.kinds[node.kind];
  const shape = outline(node.kind, box);
  const light = scene.flow
    ? Math.max(
        0,
        ...scene.flow.pulses
          .filter((pulse) => pulse.node === node.id)
          .map((pulse) => shine(pulse, scene.elapsed)),
      )
    : 0;
  if (node.shared > 1 && node.kind !== "production") {
    context.save();
    context.translate(3.5, 3.5);
    paint(context, shape, palette.fill, palette.line, 1);
    context.restore();
  }
  if (light > 0) {
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
  const isReady = node.ready > 0;
  context.setLineDash(node.everActive ? [] : [5, 4]);
  paint(
    context,
    shape,
    isReady ? palette.readySoft : node.everActive ? palette.fill : palette.dead,
    isReady ? palette.ready : node.everActive ? colour : palette.line,
    isReady ? 1.8 : 1.3,
  );
  context.setLineDash([]);
  if (node.touched && !node.selected) ring(context, outline(node.kind, box, 3), palette.glow, 1.6);
  if (node.selected) ring(context, outline(node.kind, box, 3.5), palette.accent, 2.6);
  else if (scene.hovered === node.id)
    ring(context, outline(node.kind, box, 3), palette.accent, 1.4);
  if (scene.view.k < 0.3) return;
  drawChip(
    context,
    box,
    node,
    isReady ? palette.ready : node.everActive ? colour : palette.faint,
    palette,
  );
  drawWords(context, box, node, palette, scene.view.k);
}

function paint(
  context: CanvasRenderingContext2D,
  shape: Path2D,
  fill: string,
  stroke: string,
  width: number,
): void {
  context.lineJoin = "round";
  context.fillStyle = fill;
  context.fill(shape);
  context.strokeStyle = stroke;
  context.lineWidth = width;
  context.stroke(shape);
}

function ring(
  context: CanvasRenderingContext2D,
  shape: Path2D,
  colour: string,
  width: number,
): void {
  context.lineJoin = "round";
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke(shape);
}

const chipSize = 24;
const chipLeft = 9;
const textLeft = chipLeft + chipSize + 8;
const textMost = { production: 138, other: 122 };

/** How wide a node must be for its words, broken into two lines when they are long. */
export function nodeWidth(
  context: CanvasRenderingContext2D,
  kind: NodePicture["kind"],
  label: string,
  palette: Palette,
): number {
  context.font = labelFont(kind, palette);
  const most = kind === "production" ? textMost.production : textMost.other;
  const widest = Math.max(
    ...twoLines(context, label, most).map((line) => context.measureText(line).width),
  );
  return Math.round(
    textLeft +
      Math.max(kind === "type" ? 44 : 62, widest) +
      (kind === "production" ? 24 : kind === "filter" || kind === "let" ? 20 : 15),
  );
}

function drawChip(
  context: CanvasRenderingContext2D,
  box: Box,
  node: NodePicture,
  colour: string,
  palette: Palette,
): void {
  const x = box.x + chipLeft + chipSize / 2,
    y = box.y;
  context.beginPath();
  if (node.kind === "type") context.arc(x, y, chipSize / 2, 0, 2 * Math.PI);
  else if (node.kind === "test") {
    const r = chipSize / 2 + 1;
    context.moveTo(x, y - r);
    context.lineTo(x + r, y);
    context.lineTo(x, y + r);
    context.lineTo(x - r, y);
    context.closePath();
  } else context.roundRect(x - chipSize / 2, y - chipSize / 2, chipSize, chipSize, 6);
  const solid = node.kind === "production";
  const alpha = context.globalAlpha;
  context.globalAlpha = alpha * (solid ? 1 : 0.14);
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = alpha;
  context.fillStyle = solid ? palette.fill : colour;
  context.font = `700 ${letters[node.kind].length > 1 ? 11 : 13}px ${palette.sans}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(letters[node.kind], x, y + 0.5);
}

function drawWords(
  context: CanvasRenderingContext2D,
  box: Box,
  node: NodePicture,
  palette: Palette,
  k: number,
): void {
  drawBadge(context, box, node, palette);
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillStyle = node.everActive ? palette.ink : palette.soft;
  context.font = labelFont(node.kind, palette);
  const [first, second] = twoLines(
    context,
    node.label,
    box.width - textLeft - (node.kind === "production" ? 22 : 12),
  );
  const left = box.x + textLeft;
  if (second !== undefined) {
    context.fillText(first, left, box.y - 0.5);
    context.fillText(second, left, box.y + 14.5);
  } else if (k < 0.5) context.fillText(first, left, box.y + 4.5);
  else {
    context.fillText(first, left, box.y - 0.5);
    context.fillStyle = node.ready ? palette.ready : palette.soft;
    context.font = noteFont(palette);
    context.fillText(fit(context, node.note, box.width - textLeft - 12), left, box.y + 14.5);
  }
}

/**
 * The count sits on the upper right corner; a rule's says how many are ready or how often it fired.
 */
function drawBadge(
  context: CanvasRenderingContext2D,
  box: Box,
  node: NodePicture,
  palette: Palette,
): void {
  const isRule = node.kind === "production";
  if (isRule && !node.ready && !node.fired) return;
  const text = isRule
    ? node.ready
      ? `${node.ready} ready`
      : `${node.fired}× fired`
    : node.count.toLocaleString("en");
  context.font = `650 11px ${palette.sans}`;
  const width = Math.max(20, context.measureText(text).width + 11);
  const right = box.x + box.width - (isRule ? 16 : node.kind === "type" ? 12 : 7),
    y = box.y - box.height / 2 - 1;
  const isLit = node.touched && node.count > 0;
  context.beginPath();
  context.roundRect(right - width, y - 9, width, 18, 9);
  context.fillStyle = node.ready ? palette.ready : isLit ? palette.glow : palette.fill;
  context.fill();
  context.strokeStyle = node.ready
    ? palette.ready
    : isLit
      ? palette.glow
      : node.count || isRule
        ? palette.kinds[node.kind]
        : palette.line;
  context.lineWidth = 1.2;
  context.stroke();
  context.fillStyle = node.ready
    ? palette.fill
    : isLit
      ? palette.glowInk
      : node.count || isRule
        ? palette.kinds[node.kind]
        : palette.soft;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, right - width / 2, y + 0.5);
}

/** Fonts of the first line: names in the page's face, conditions in the editor's. */
function labelFont(kind: NodePicture["kind"], palette: Pick<Palette, "sans" | "mono">): string {
  return kind === "type" || kind === "production"
    ? `600 13px ${palette.sans}`
    : `500 12px ${palette.mono}`;
}
function noteFont(palette: Pick<Palette, "sans">): string {
  return `450 11px ${palette.sans}`;
}
