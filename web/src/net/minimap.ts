// The whole network, small, with a frame around the part that the pane shows.

import type { NodeId } from "reticle";
import { h } from "../dom.ts";
import type { Camera } from "./camera.ts";
import type { NetLayout } from "./layout.ts";
import type { Palette } from "./palette.ts";
import type { NetPicture } from "./picture.ts";

const width = 168,
  height = 104,
  inset = 5;
/** What it takes of the pane's height, and from which height on it stands beside a part. */
export const mapHeight = height + 20,
  mapFrom = 400;

interface Minimap {
  dom: HTMLElement;
  /** Of a large network: all of it as cells; the pane shows a part laid out by itself. */
  setProgram(all: NetLayout | null): void;
  draw(scene: MapScene): void;
}
interface MapScene {
  layout: NetLayout;
  /** The layout is a part of the network: there is no frame to move. */
  isPart: boolean;
  picture: NetPicture;
  palette: Palette;
  camera: Camera;
  pane: { width: number; height: number };
}
interface MapEvents {
  /** A point of the layout is to come into the middle. */
  go(x: number, y: number): void;
  pick(node: NodeId): void;
}

export function minimap({ go, pick }: MapEvents): Minimap {
  const canvas = h("canvas", { class: "net-map-canvas" });
  // The list of nodes, the search and the arrow keys are the ways without a pointer.
  const dom = h("div", { class: "net-map", aria: { hidden: "true" }, hidden: true }, canvas);
  let all: NetLayout | null = null;
  let shown: { layout: NetLayout; isPart: boolean } | null = null;
  let scale = 1,
    offset = { x: 0, y: 0 };
  const point = (event: PointerEvent) => {
    const area = canvas.getBoundingClientRect();
    const x = (event.clientX - area.left - offset.x) / scale,
      y = (event.clientY - area.top - offset.y) / scale;
    if (!shown?.isPart) return go(x, y);
    let nearest: { node: NodeId; away: number } | null = null;
    for (const box of shown.layout.boxes.values()) {
      const away = Math.hypot(box.x + box.width / 2 - x, box.y - y);
      if (!nearest || away < nearest.away) nearest = { node: box.node, away };
    }
    if (nearest) pick(nearest.node);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    point(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId) && !shown?.isPart) point(event);
  });
  return {
    dom,
    setProgram(next) {
      all = next;
    },
    draw(scene) {
      const { camera, pane, palette } = scene;
      const layout = scene.isPart ? (all ?? scene.layout) : scene.layout;
      shown = { layout, isPart: scene.isPart };
      dom.hidden = !scene.isPart && isWholeShown(scene);
      if (pane.width < 420 || pane.height < (scene.isPart ? mapFrom : 300)) dom.hidden = true;
      const context = dom.hidden ? null : canvas.getContext("2d");
      if (!context) return;
      const ratio = devicePixelRatio || 1;
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      scale = Math.min(
        (width - 2 * inset) / Math.max(1, layout.width),
        (height - 2 * inset) / Math.max(1, layout.bottom - layout.top),
      );
      offset = {
        x: (width - layout.width * scale) / 2,
        y: (height - (layout.bottom - layout.top) * scale) / 2 - layout.top * scale,
      };
      drawBoxes(context, layout, scene, offset, scale);
      if (scene.isPart) return;
      context.strokeStyle = palette.accent;
      context.lineWidth = 1.5;
      context.strokeRect(
        offset.x + (-camera.x / camera.k) * scale,
        offset.y + (-camera.y / camera.k) * scale,
        (pane.width / camera.k) * scale,
        (pane.height / camera.k) * scale,
      );
    },
  };
}

function isWholeShown({ layout, camera: { k, x, y }, pane }: MapScene): boolean {
  return (
    x >= -1 &&
    x + layout.width * k <= pane.width + 1 &&
    y + layout.top * k >= -1 &&
    y + layout.bottom * k <= pane.height + 1
  );
}

function drawBoxes(
  context: CanvasRenderingContext2D,
  { boxes }: NetLayout,
  { isPart, layout, picture, palette }: MapScene,
  offset: { x: number; y: number },
  scale: number,
): void {
  for (const box of boxes.values()) {
    const node = picture.nodes.get(box.node);
    if (!node) continue;
    const isAside = isPart && !layout.boxes.has(box.node);
    context.globalAlpha = isAside || node.dimmed ? 0.25 : node.everActive || isPart ? 0.9 : 0.35;
    context.fillStyle =
      node.selected || (isPart && !isAside)
        ? palette.accent
        : node.ready
          ? palette.ready
          : node.touched
            ? palette.glow
            : palette.kinds[node.kind];
    context.fillRect(
      offset.x + box.x * scale,
      offset.y + (box.y - box.height / 2) * scale,
      Math.max(1.5, box.width * scale),
      Math.max(1.5, box.height * scale),
    );
  }
  context.globalAlpha = 1;
}
