// The whole network, small, with a frame around the part that the pane shows.

import { h } from "../dom.ts";
import type { Camera } from "./camera.ts";
import type { NetLayout } from "./layout.ts";
import type { Palette } from "./palette.ts";
import type { NetPicture } from "./picture.ts";

const width = 168,
  height = 104,
  inset = 5;

export interface Minimap {
  dom: HTMLElement;
  draw(scene: {
    layout: NetLayout;
    picture: NetPicture;
    palette: Palette;
    camera: Camera;
    pane: { width: number; height: number };
  }): void;
}

/** `go` is called with the point of the layout that is to come into the middle. */
export function minimap(go: (x: number, y: number) => void): Minimap {
  const canvas = h("canvas", { class: "net-map-canvas" });
  // The list of nodes and the arrow keys are the way without a pointer.
  const dom = h("div", { class: "net-map", aria: { hidden: "true" }, hidden: true }, canvas);
  let scale = 1,
    offset = { x: 0, y: 0 };
  const point = (event: PointerEvent) => {
    const area = canvas.getBoundingClientRect();
    go(
      (event.clientX - area.left - offset.x) / scale,
      (event.clientY - area.top - offset.y) / scale,
    );
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    point(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) point(event);
  });
  return {
    dom,
    draw({ layout, picture, palette, camera, pane }) {
      const whole = {
        width: layout.width * camera.k,
        height: (layout.bottom - layout.top) * camera.k,
      };
      const isWhole =
        camera.x >= -1 &&
        camera.x + whole.width <= pane.width + 1 &&
        camera.y + layout.top * camera.k >= -1 &&
        camera.y + layout.bottom * camera.k <= pane.height + 1;
      dom.hidden = isWhole || pane.width < 420 || pane.height < 220;
      if (dom.hidden) return;
      const context = canvas.getContext("2d");
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
      for (const box of layout.boxes.values()) {
        const node = picture.nodes.get(box.node);
        if (!node) continue;
        context.globalAlpha = node.dimmed ? 0.25 : node.everActive ? 0.85 : 0.35;
        context.fillStyle = node.selected
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
