import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import type { NodeId, NodeSchema, ProgramSchema, TraceRecord } from "reticle";
import { nodeLabel, shownNodes } from "../derive/labels.ts";
import { childrenOf, parentsOf } from "../derive/slices.ts";
import { h } from "../dom.ts";
import { drawScene, nodeWidth } from "./draw.ts";
import type { Flow } from "./flow.ts";
import { flowOf } from "./flow.ts";
import type { Box, NetLayout } from "./layout.ts";
import { layoutNet } from "./layout.ts";
import { readPalette } from "./palette.ts";
import { edgePaths } from "./paths.ts";
import type { NetPicture } from "./picture.ts";

const nodeHeight = 50;
const smallest = 0.08,
  largest = 2.5;
const morphTime = 320;

export interface NetView {
  dom: HTMLElement;
  /** Another program: laid out anew, with what stays in its place. */
  setProgram(schema: ProgramSchema): void;
  setPicture(picture: NetPicture): void;
  /** Lets what happened between two positions run through the picture. */
  play(records: TraceRecord[], from: number, position: number): void;
  repaint(): void;
  fit(): void;
  zoomBy(factor: number): void;
  dispose(): void;
}

/**
 * The canvas: pan and zoom, hovering, picking by pointer and keys. What is drawn is in `draw.ts`.
 */
export function netView(pick: (node: NodeId | null) => void): NetView {
  const canvas = h("canvas", {
    class: "net-canvas",
    tabIndex: 0,
    role: "img",
    aria: {
      label:
        "The network of the rules. Arrow keys walk along its edges, " +
        "0 fits it into the pane; the list of nodes says the same in words.",
    },
  });
  const dom = h("div", { class: "net-stage" }, canvas);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser has no 2D canvas");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let palette = readPalette(document.documentElement);
  let nodes: NodeSchema[] = [];
  let schema: ProgramSchema | null = null;
  let layout: NetLayout | null = null;
  let shown: NetLayout | null = null;
  let morph: { from: Map<string, Box>; start: number } | null = null;
  let edges: ReturnType<typeof edgePaths> = [];
  let picture: NetPicture = { nodes: new Map(), path: new Set(), firing: new Set() };
  let flow: { flow: Flow; start: number } | null = null;
  let hovered: NodeId | null = null;
  let view = { k: 1, x: 0, y: 0, width: 0, height: 0 };
  let userMoved = false;
  let frame = 0;

  const zoomer = zoom<HTMLCanvasElement, unknown>()
    .scaleExtent([smallest, largest])
    .filter(
      (event: Event) => !("button" in event && event.button !== 0 && event.type === "mousedown"),
    )
    .on(
      "zoom",
      ({
        transform,
        sourceEvent,
      }: {
        transform: { k: number; x: number; y: number };
        sourceEvent: unknown;
      }) => {
        view = { ...view, k: transform.k, x: transform.x, y: transform.y };
        if (sourceEvent) userMoved = true;
        schedule();
      },
    );
  const selection = select(canvas).call(zoomer).on("dblclick.zoom", null);

  function widthOf(node: NodeSchema): number {
    if (!context) return 150;
    return nodeWidth(context, node.kind, schema ? nodeLabel(node, schema) : node.label, palette);
  }

  /** Tall columns stand closer, so that the whole can be shown larger. */
  function rowGap(): number {
    const rows = new Map<number, number>();
    for (const { layer, kind } of nodes) {
      const column = kind === "production" ? -1 : layer;
      rows.set(column, (rows.get(column) ?? 0) + 1);
    }
    const most = Math.max(0, ...rows.values());
    return most > 6 ? 14 : most > 4 ? 17 : 26;
  }

  function relayout(): void {
    const previous = layout;
    layout = layoutNet(nodes, {
      widthOf,
      nodeHeight,
      rowGap: rowGap(),
      columnGap: 40,
      previous: previous ?? undefined,
    });
    const before = previous
      ? new Map([...previous.boxes.values()].map((box) => [box.key, box]))
      : null;
    morph = before && !still.matches ? { from: before, start: performance.now() } : null;
    shown = layout;
    edges = edgePaths(layout);
    if (!userMoved || !previous) fit();
    schedule();
  }

  function fit(): void {
    userMoved = false;
    if (!layout || !view.width) return;
    const padding = { x: 20, top: 20, bottom: 14 };
    const height = layout.bottom - layout.top;
    const k = Math.min(
      1.12,
      Math.max(
        view.width < 600 ? 0.6 : 0.45,
        Math.min(
          (view.width - 2 * padding.x) / Math.max(1, layout.width),
          (view.height - padding.top - padding.bottom) / Math.max(1, height),
        ),
      ),
    );
    const x =
      layout.width * k + 2 * padding.x <= view.width
        ? (view.width - layout.width * k) / 2
        : padding.x;
    const y = (view.height - height * k) / 2 - layout.top * k;
    selection.call(
      zoomer.transform,
      zoomIdentity
        .translate(x, height * k + padding.top > view.height ? padding.top - layout.top * k : y)
        .scale(k),
    );
  }

  function schedule(): void {
    if (!frame) frame = requestAnimationFrame(paint);
  }

  function paint(now: number): void {
    frame = 0;
    if (!context || !layout || !view.width) return;
    const scale = devicePixelRatio || 1;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const moving = morphing(now);
    const elapsed = flow ? now - flow.start : Infinity;
    drawScene(context, {
      layout: shown ?? layout,
      edges,
      picture,
      palette,
      flow: flow?.flow ?? null,
      elapsed,
      hovered,
      view,
    });
    if (flow && elapsed > flow.flow.ends) flow = null;
    if (flow || moving) schedule();
  }

  /** Between two layouts the boxes glide from their old places to their new ones. */
  function morphing(now: number): boolean {
    if (!morph || !layout) return false;
    const share = Math.min(1, (now - morph.start) / morphTime),
      eased = 1 - (1 - share) ** 3;
    const from = morph.from;
    const boxes = new Map(
      [...layout.boxes].map(([id, box]) => {
        const old = from.get(box.key);
        return [
          id,
          old
            ? { ...box, x: old.x + (box.x - old.x) * eased, y: old.y + (box.y - old.y) * eased }
            : box,
        ];
      }),
    );
    shown = share < 1 ? { ...layout, boxes, edges: layout.edges } : layout;
    edges = edgePaths(shown);
    if (share === 1) morph = null;
    return share < 1;
  }

  function boxAt(event: MouseEvent): Box | null {
    const area = canvas.getBoundingClientRect();
    const x = (event.clientX - area.left - view.x) / view.k,
      y = (event.clientY - area.top - view.y) / view.k;
    for (const box of layout?.boxes.values() ?? []) {
      if (x >= box.x && x <= box.x + box.width && Math.abs(y - box.y) <= box.height / 2) return box;
    }
    return null;
  }

  function tipOf(node: NodeId | null): string {
    const shown = node === null ? undefined : picture.nodes.get(node);
    return shown ? [shown.label, shown.did].filter((line) => line).join("\n") : "";
  }

  canvas.addEventListener("click", (event) => pick(boxAt(event)?.node ?? null));
  canvas.addEventListener("dblclick", () => fit());
  canvas.addEventListener("mousemove", (event) => {
    const box = boxAt(event);
    const node = box?.node ?? null;
    if (node === hovered) return;
    hovered = node;
    canvas.style.cursor = node === null ? "grab" : "pointer";
    canvas.title = tipOf(node);
    schedule();
  });
  canvas.addEventListener("keydown", (event) => {
    const step = walk(event.key);
    if (step !== null) pick(step);
    else if (event.key === "0") fit();
    else if (event.key === "+" || event.key === "=") zoomBy(1.25);
    else if (event.key === "-") zoomBy(0.8);
    else return;
    event.preventDefault();
  });

  /** Left and right along the edges, up and down in the column. */
  function walk(key: string): NodeId | null {
    const first = layout?.boxes.keys().next().value ?? null;
    const current = [...picture.nodes.values()].find((node) => node.selected)?.id;
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(key) || !layout) return null;
    if (current === undefined) return first;
    const node = nodes.find(({ id }) => id === current),
      box = layout.boxes.get(current);
    if (!node || !box) return first;
    if (key === "ArrowLeft") return parentsOf(node)[0] ?? current;
    if (key === "ArrowRight") return childrenOf(nodes).get(current)?.[0] ?? current;
    const column = [...layout.boxes.values()]
      .filter((other) => other.column === box.column)
      .sort((a, b) => a.y - b.y);
    return column[column.indexOf(box) + (key === "ArrowUp" ? -1 : 1)]?.node ?? current;
  }

  function zoomBy(factor: number): void {
    userMoved = true;
    selection.call(zoomer.scaleBy, factor);
  }

  const sizes = new ResizeObserver(() => {
    const width = dom.clientWidth,
      height = dom.clientHeight,
      scale = devicePixelRatio || 1;
    if (!width || !height) return;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    view = { ...view, width, height };
    if (!userMoved) fit();
    if (frame) cancelAnimationFrame(frame);
    paint(performance.now());
  });
  sizes.observe(dom);

  return {
    dom,
    fit,
    zoomBy,
    setProgram(next) {
      schema = next;
      nodes = shownNodes(next);
      flow = null;
      relayout();
    },
    setPicture(next) {
      picture = next;
      canvas.title = tipOf(hovered);
      schedule();
    },
    play(records, from, position) {
      if (!layout || still.matches) return;
      const next = flowOf(records, from, position, layout);
      if (next.pulses.length || next.fired.length) flow = { flow: next, start: performance.now() };
      schedule();
    },
    repaint() {
      palette = readPalette(document.documentElement);
      if (nodes.length) {
        edges = layout ? edgePaths(layout) : [];
      }
      schedule();
    },
    dispose() {
      sizes.disconnect();
      cancelAnimationFrame(frame);
    },
  };
}
