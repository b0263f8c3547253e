// The network on a canvas.

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

interface ZoomEvent {
  transform: { k: number; x: number; y: number };
  /** Null when the page itself moved the picture. */
  sourceEvent: unknown;
}

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

const label =
  "The network of the rules. Arrow keys walk along its edges, " +
  "0 fits it into the pane; the list of nodes says the same in words.";

export function netView(pick: (node: NodeId | null) => void): NetView {
  return new NetCanvas(pick);
}

/**
 * The canvas: pan and zoom, hovering, picking by pointer and keys. What is drawn is in `draw.ts`.
 *
 * Invariant: `shown` and `edges` are those of `layout`, or of a moment on the way to it (`morph`).
 */
class NetCanvas implements NetView {
  readonly dom: HTMLElement;
  private readonly canvas = h("canvas", {
    class: "net-canvas",
    tabIndex: 0,
    role: "img",
    aria: { label },
  });
  private readonly context: CanvasRenderingContext2D;
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private readonly sizes = new ResizeObserver(() => this.resize());
  private readonly zoomer = zoom<HTMLCanvasElement, unknown>();
  private readonly zoomed = select(this.canvas);
  private palette = readPalette(document.documentElement);
  private nodes: NodeSchema[] = [];
  private schema: ProgramSchema | null = null;
  private layout: NetLayout | null = null;
  private shown: NetLayout | null = null;
  private morph: { from: Map<string, Box>; start: number } | null = null;
  private edges: ReturnType<typeof edgePaths> = [];
  private picture: NetPicture = { nodes: new Map(), path: new Set(), firing: new Set() };
  private flow: { flow: Flow; start: number } | null = null;
  private hovered: NodeId | null = null;
  private view = { k: 1, x: 0, y: 0, width: 0, height: 0 };
  /** The person has moved the picture: it is not fitted into the pane again unasked. */
  private userMoved = false;
  private frame = 0;

  constructor(private readonly pick: (node: NodeId | null) => void) {
    const context = this.canvas.getContext("2d");
    if (!context) throw new Error("this browser has no 2D canvas");
    this.context = context;
    this.dom = h("div", { class: "net-stage" }, this.canvas);
    this.listenToZoom();
    this.listenToPointer();
    this.listenToKeys();
    this.sizes.observe(this.dom);
  }

  setProgram(schema: ProgramSchema): void {
    this.schema = schema;
    this.nodes = shownNodes(schema);
    this.flow = null;
    this.relayout();
  }

  setPicture(picture: NetPicture): void {
    this.picture = picture;
    this.canvas.title = this.tipOf(this.hovered);
    this.schedule();
  }

  play(records: TraceRecord[], from: number, position: number): void {
    if (!this.layout || this.still.matches) return;
    const flow = flowOf(records, from, position, this.layout);
    if (flow.pulses.length || flow.fired.length) this.flow = { flow, start: performance.now() };
    this.schedule();
  }

  repaint(): void {
    this.palette = readPalette(document.documentElement);
    if (this.nodes.length) this.edges = this.layout ? edgePaths(this.layout) : [];
    this.schedule();
  }

  fit(): void {
    this.userMoved = false;
    const { layout, view } = this;
    if (!layout || !view.width) return;
    const padding = { x: 20, top: 20, bottom: 14 };
    const height = layout.bottom - layout.top;
    const whole = Math.min(
      (view.width - 2 * padding.x) / Math.max(1, layout.width),
      (view.height - padding.top - padding.bottom) / Math.max(1, height),
    );
    // Never so small that nothing can be read: then the picture begins at its upper left.
    const k = Math.min(1.12, Math.max(view.width < 600 ? 0.6 : 0.45, whole));
    const isWide = layout.width * k + 2 * padding.x > view.width;
    const isHigh = height * k + padding.top > view.height;
    const x = isWide ? padding.x : (view.width - layout.width * k) / 2;
    const top = isHigh ? padding.top : (view.height - height * k) / 2;
    const transform = zoomIdentity.translate(x, top - layout.top * k).scale(k);
    this.zoomed.call(this.zoomer.transform, transform);
  }

  zoomBy(factor: number): void {
    this.userMoved = true;
    this.zoomed.call(this.zoomer.scaleBy, factor);
  }

  dispose(): void {
    this.sizes.disconnect();
    cancelAnimationFrame(this.frame);
  }

  private listenToZoom(): void {
    this.zoomer
      .scaleExtent([smallest, largest])
      .filter(
        (event: Event) => !("button" in event && event.button !== 0 && event.type === "mousedown"),
      )
      .on("zoom", ({ transform, sourceEvent }: ZoomEvent) => {
        this.view = { ...this.view, k: transform.k, x: transform.x, y: transform.y };
        if (sourceEvent) this.userMoved = true;
        this.schedule();
      });
    this.zoomed.call(this.zoomer).on("dblclick.zoom", null);
  }

  private listenToPointer(): void {
    const { canvas } = this;
    canvas.addEventListener("click", (event) => this.pick(this.boxAt(event)?.node ?? null));
    canvas.addEventListener("dblclick", () => this.fit());
    canvas.addEventListener("mousemove", (event) => {
      const node = this.boxAt(event)?.node ?? null;
      if (node === this.hovered) return;
      this.hovered = node;
      canvas.style.cursor = node === null ? "grab" : "pointer";
      canvas.title = this.tipOf(node);
      this.schedule();
    });
  }

  private listenToKeys(): void {
    this.canvas.addEventListener("keydown", (event) => {
      const step = this.walk(event.key);
      if (step !== null) this.pick(step);
      else if (event.key === "0") this.fit();
      else if (event.key === "+" || event.key === "=") this.zoomBy(1.25);
      else if (event.key === "-") this.zoomBy(0.8);
      else return;
      event.preventDefault();
    });
  }

  /** Left and right along the edges, up and down in the column. */
  private walk(key: string): NodeId | null {
    const { layout, nodes } = this;
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(key) || !layout) return null;
    const first = layout.boxes.keys().next().value ?? null;
    const current = [...this.picture.nodes.values()].find((node) => node.selected)?.id;
    if (current === undefined) return first;
    const node = nodes.find(({ id }) => id === current);
    const box = layout.boxes.get(current);
    if (!node || !box) return first;
    if (key === "ArrowLeft") return parentsOf(node)[0] ?? current;
    if (key === "ArrowRight") return childrenOf(nodes).get(current)?.[0] ?? current;
    const column = [...layout.boxes.values()]
      .filter((other) => other.column === box.column)
      .sort((a, b) => a.y - b.y);
    return column[column.indexOf(box) + (key === "ArrowUp" ? -1 : 1)]?.node ?? current;
  }

  private widthOf(node: NodeSchema): number {
    const words = this.schema ? nodeLabel(node, this.schema) : node.label;
    return nodeWidth(this.context, node.kind, words, this.palette);
  }

  /** Tall columns stand closer, so that the whole can be shown larger. */
  private rowGap(): number {
    const rows = new Map<number, number>();
    for (const { layer, kind } of this.nodes) {
      const column = kind === "production" ? -1 : layer;
      rows.set(column, (rows.get(column) ?? 0) + 1);
    }
    const most = Math.max(0, ...rows.values());
    return most > 6 ? 14 : most > 4 ? 17 : 26;
  }

  private relayout(): void {
    const previous = this.layout;
    this.layout = layoutNet(this.nodes, {
      widthOf: (node) => this.widthOf(node),
      nodeHeight,
      rowGap: this.rowGap(),
      columnGap: 40,
      previous: previous ?? undefined,
    });
    this.morph = null;
    if (previous && !this.still.matches) {
      const from = new Map([...previous.boxes.values()].map((box) => [box.key, box]));
      this.morph = { from, start: performance.now() };
    }
    this.shown = this.layout;
    this.edges = edgePaths(this.layout);
    if (!this.userMoved || !previous) this.fit();
    this.schedule();
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.dom;
    const scale = devicePixelRatio || 1;
    if (!width || !height) return;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.view = { ...this.view, width, height };
    if (!this.userMoved) this.fit();
    // A canvas that was resized is empty: waiting for the next frame would flicker.
    if (this.frame) cancelAnimationFrame(this.frame);
    this.paint(performance.now());
  }

  private schedule(): void {
    if (!this.frame) this.frame = requestAnimationFrame((now) => this.paint(now));
  }

  private paint(now: number): void {
    this.frame = 0;
    const { context, layout, edges, picture, palette, hovered, view } = this;
    if (!layout || !view.width) return;
    const scale = devicePixelRatio || 1;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const isMoving = this.morphing(now);
    const elapsed = this.flow ? now - this.flow.start : Infinity;
    const flow = this.flow?.flow ?? null;
    const shown = this.shown ?? layout;
    drawScene(context, { layout: shown, edges, picture, palette, flow, elapsed, hovered, view });
    if (flow && elapsed > flow.ends) this.flow = null;
    if (this.flow || isMoving) this.schedule();
  }

  /** Between two layouts the boxes glide from their old places to their new ones. */
  private morphing(now: number): boolean {
    const { morph, layout } = this;
    if (!morph || !layout) return false;
    const share = Math.min(1, (now - morph.start) / morphTime);
    const eased = 1 - (1 - share) ** 3;
    const between = (box: Box, old: Box): Box => ({
      ...box,
      x: old.x + (box.x - old.x) * eased,
      y: old.y + (box.y - old.y) * eased,
    });
    const boxes = new Map(
      [...layout.boxes].map(([id, box]) => {
        const old = morph.from.get(box.key);
        return [id, old ? between(box, old) : box];
      }),
    );
    this.shown = share < 1 ? { ...layout, boxes } : layout;
    this.edges = edgePaths(this.shown);
    if (share === 1) this.morph = null;
    return share < 1;
  }

  private boxAt(event: MouseEvent): Box | null {
    const area = this.canvas.getBoundingClientRect();
    const x = (event.clientX - area.left - this.view.x) / this.view.k;
    const y = (event.clientY - area.top - this.view.y) / this.view.k;
    for (const box of this.layout?.boxes.values() ?? [])
      if (x >= box.x && x <= box.x + box.width && Math.abs(y - box.y) <= box.height / 2) return box;
    return null;
  }

  private tipOf(node: NodeId | null): string {
    const shown = node === null ? undefined : this.picture.nodes.get(node);
    return shown ? [shown.label, shown.did].filter((line) => line).join("\n") : "";
  }
}
