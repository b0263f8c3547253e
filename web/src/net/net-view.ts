// The network on a canvas.

import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";
import type { NodeId, ProgramSchema, TraceRecord } from "reticle";
import { h } from "../dom.ts";
import type { Arrangement } from "./arrange.ts";
import { arrange, boundsOfLayout } from "./arrange.ts";
import type { Bounds, Camera, Room } from "./camera.ts";
import {
  between,
  fitted,
  isInPane,
  isInView,
  largest,
  opening,
  readableScale,
  showing,
  smallest,
} from "./camera.ts";
import { cellLayout, mostBoxes } from "./cells.ts";
import { boundsOf, drawScene, headingHeight, wordsAt } from "./draw.ts";
import type { Flow } from "./flow.ts";
import { flowOf, slowFlow } from "./flow.ts";
import type { DrawnGraph } from "./graph.ts";
import { drawnId } from "./graph.ts";
import type { Box, NetLayout } from "./layout.ts";
import type { NodeText } from "./measure.ts";
import { measureWith, nodeText } from "./measure.ts";
import { mapFrom, mapHeight, minimap } from "./minimap.ts";
import { readPalette } from "./palette.ts";
import { edgePaths } from "./paths.ts";
import type { NetPicture } from "./picture.ts";
import { drawnOf, emptyPicture } from "./picture.ts";
import { svgOf } from "./svg.ts";

/** The longest side of a saved picture: browsers refuse larger ones. */
const mostPixels = 12_000;
const morphTime = 320,
  glideTime = 380;

interface ZoomEvent {
  transform: { k: number; x: number; y: number };
  /** Null when the page itself moved the picture. */
  sourceEvent: unknown;
}

/** The whole of what is shown, as pictures; null where there is nothing. */
export interface NetImages {
  svg(): string | null;
  /** Rejects when the browser makes no picture of that size. */
  png(): Promise<Blob | null>;
}

export interface NetView extends NetImages {
  dom: HTMLElement;
  /** Another program: laid out anew, with what stays in its place. */
  setProgram(schema: ProgramSchema): void;
  /** What is selected and not on the screen is brought there. */
  setPicture(picture: NetPicture): void;
  /** Lets what happened between two positions run through the picture. */
  play(records: TraceRecord[], from: number, position: number): void;
  /** Lets the record at a position run through it alone, slowly; `begin`: where its input began. */
  playSlowly(records: TraceRecord[], begin: number, position: number, backwards: boolean): void;
  repaint(): void;
  fit(): void;
  zoomBy(factor: number): void;
  focus(): void;
  dispose(): void;
}

const label =
  "The network of the rules. Arrow keys walk along its edges, 0 fits it into the pane, " +
  "slash searches; the list of nodes says the same in words.";

export function netView(pick: (node: NodeId | null) => void): NetView {
  return new NetCanvas(pick);
}

/**
 * The canvas: pan and zoom, hovering, picking by pointer and keys. What is drawn is in `draw.ts`,
 * where it stands in `arrange.ts`, what of it the pane shows in `camera.ts`.
 *
 * Invariant: `shown` and `edges` are those of the arrangement, or of a moment on the way to it
 * (`morph`).
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
  private readonly map = minimap({
    go: (x, y) => this.centre(x, y),
    pick: (node) => this.pick(node),
  });
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private readonly sizes = new ResizeObserver(() => this.resize());
  private readonly zoomer = zoom<HTMLCanvasElement, unknown>();
  private readonly zoomed = select(this.canvas);
  private measure: ReturnType<typeof measureWith>;
  private palette = readPalette(document.documentElement);
  private schema: ProgramSchema | null = null;
  private graph: DrawnGraph = { nodes: [], groups: [] };
  private arrangement: Arrangement | null = null;
  private shown: NetLayout | null = null;
  private edges: ReturnType<typeof edgePaths> = [];
  private allEdges = new Path2D();
  private morph: { from: Map<string, Box>; start: number } | null = null;
  private glide: { from: Camera; to: Camera; start: number } | null = null;
  private picture = emptyPicture;
  private flow: { flow: Flow; start: number } | null = null;
  private hovered: NodeId | null = null;
  private camera: Camera = { k: 1, x: 0, y: 0 };
  private room: Room = { width: 0, height: 0, above: headingHeight, below: 0 };
  /** The person has moved the picture: it is not fitted into the pane again unasked. */
  private userMoved = false;
  /** No picture of this program has been shown yet. */
  private isNew = false;
  /** All of a large network is to be seen, and not only the part that matters. */
  private wantsAll = false;
  private partShown = "";
  private frame = 0;

  constructor(private readonly pick: (node: NodeId | null) => void) {
    const context = this.canvas.getContext("2d");
    if (!context) throw new Error("this browser has no 2D canvas");
    this.context = context;
    this.measure = measureWith(context);
    this.dom = h("div", { class: "net-stage" }, this.canvas, this.map.dom);
    this.listenToZoom();
    this.listenToPointer();
    this.listenToKeys();
    this.sizes.observe(this.dom);
    // Words measured in a face that came later have other widths.
    void document.fonts.ready.then(() => {
      this.measure = measureWith(context);
      if (this.schema) this.relayout();
    });
  }

  setProgram(schema: ProgramSchema): void {
    this.schema = schema;
    this.graph = drawnOf(schema).graph;
    this.picture = emptyPicture;
    this.flow = null;
    this.userMoved = false;
    this.wantsAll = false;
    this.isNew = true;
    this.map.setProgram(this.isLarge() ? cellLayout(this.graph, 1.6) : null);
    this.relayout();
  }

  setPicture(picture: NetPicture): void {
    const before = this.picture;
    this.picture = picture;
    this.canvas.title = this.tipOf(this.hovered);
    if (this.isNew && this.room.width) {
      this.isNew = false;
      if (this.isLarge()) this.relayout();
      else this.jump(this.home());
    } else if (this.isLarge() && partKey(this.part()) !== this.partShown) this.relayout();
    else if (keyOf(before) !== keyOf(picture)) this.selectionChanged(before);
    this.schedule();
  }

  play(records: TraceRecord[], from: number, position: number): void {
    if (!this.arrangement || this.still.matches) return;
    this.start(flowOf(records, from, position, this.arrangement.layout, this.drawn));
  }

  playSlowly(records: TraceRecord[], begin: number, position: number, backwards: boolean): void {
    if (this.still.matches) return;
    this.start(slowFlow(records, begin, position, backwards, this.drawn));
  }

  svg(): string | null {
    const { arrangement, edges, picture, palette, measure: widthOf } = this;
    return arrangement ? svgOf({ arrangement, edges, picture, palette, widthOf }) : null;
  }

  /** By the painter of the screen, at twice its size: on a canvas of its own. */
  async png(): Promise<Blob | null> {
    const { arrangement, edges, allEdges, picture, palette } = this;
    if (!arrangement) return null;
    const { layout, texts } = arrangement;
    const margin = 24;
    const width = layout.width + 2 * margin;
    const height = layout.bottom - layout.top + 2 * margin + headingHeight;
    const canvas = document.createElement("canvas");
    const scale = Math.min(2, mostPixels / Math.max(width, height));
    canvas.width = Math.ceil(width * scale);
    canvas.height = Math.ceil(height * scale);
    const context = canvas.getContext("2d");
    const refused = new Error(`the browser makes no picture of ${canvas.width} × ${canvas.height}`);
    if (!context) throw refused;
    context.scale(scale, scale);
    context.fillStyle = palette.fill;
    context.fillRect(0, 0, width, height);
    const view = { k: 1, x: margin, y: margin + headingHeight - layout.top, width, height };
    const still = { flow: null, elapsed: 0, hovered: null };
    const widthOf = this.measure;
    const scene = { layout, edges, allEdges, texts, widthOf, picture, palette, view };
    drawScene(context, { ...scene, ...still });
    return new Promise((done, refuse) => {
      canvas.toBlob((image) => (image ? done(image) : refuse(refused)));
    });
  }

  repaint(): void {
    this.palette = readPalette(document.documentElement);
    this.schedule();
  }

  fit(): void {
    this.userMoved = false;
    if (this.isLarge() && !this.wantsAll) {
      this.wantsAll = true;
      this.relayout();
    }
    const { arrangement, room } = this;
    if (arrangement && room.width) this.move(fitted(boundsOfLayout(arrangement.layout), room));
  }

  zoomBy(factor: number): void {
    this.userMoved = true;
    this.glide = null;
    this.zoomed.call(this.zoomer.scaleBy, factor);
  }

  focus(): void {
    this.canvas.focus();
  }

  dispose(): void {
    this.sizes.disconnect();
    cancelAnimationFrame(this.frame);
  }

  private readonly drawn = (node: NodeId): NodeId =>
    this.schema ? drawnId(this.schema.network.nodes, node) : node;

  private start(flow: Flow): void {
    if (flow.pulses.length || flow.fired.length) this.flow = { flow, start: performance.now() };
    this.schedule();
  }

  /** Where nothing is selected, what is ready to fire is what matters. */
  private selectionChanged(before: NetPicture): void {
    const { arrangement, picture, room } = this;
    if (!arrangement || !room.width) return;
    if (this.isLarge()) {
      this.wantsAll = false;
      return this.relayout();
    }
    const bounds = this.boundsOf(picture.shown);
    if (!bounds) {
      if (before.path.size && !this.userMoved) this.move(this.home());
      return;
    }
    if (isInView(bounds, this.camera, room)) return;
    const whole = fitted(boundsOfLayout(arrangement.layout), room);
    const part = showing(bounds, this.boundsOf(picture.heart) ?? bounds, room);
    this.move(whole.k >= readableScale ? whole : part);
  }

  private isLarge(): boolean {
    return this.graph.nodes.length > mostBoxes;
  }

  /** Of a large network: what belongs to the selection, or else to what is about to fire. */
  private part(): Set<NodeId> {
    if (this.wantsAll) return new Set();
    return this.picture.path.size ? this.picture.shown : this.feeding(this.ready());
  }

  private home(): Camera {
    const { arrangement, picture, room } = this;
    if (!arrangement) return this.camera;
    const whole = boundsOfLayout(arrangement.layout);
    if (arrangement.isCells) return fitted(whole, room);
    // The overview in the corner must not cover what the part is about.
    if (this.isLarge() && room.height > mapFrom)
      return opening(whole, null, null, { ...room, below: mapHeight });
    const hearts = picture.heart.size ? picture.heart : this.ready();
    const slice = picture.path.size ? picture.shown : this.feeding(hearts);
    return opening(whole, this.boundsOf(slice), this.boundsOf(hearts), room);
  }

  /** The rule that is ready to fire and stands uppermost. */
  private ready(): Set<NodeId> {
    const found = [...this.picture.nodes.values()].find(({ ready }) => ready > 0);
    return new Set(found ? [found.id] : []);
  }

  private feeding(hearts: Set<NodeId>): Set<NodeId> {
    const inputs = new Map(this.graph.nodes.map((node) => [node.id, node.inputs]));
    const found = new Set<NodeId>();
    const open = [...hearts];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      open.push(...(inputs.get(id) ?? []).map(({ from }) => from));
    }
    return found;
  }

  private boundsOf(nodes: Set<NodeId>): Bounds | null {
    const boxes = [...nodes].map((id) => this.arrangement?.layout.boxes.get(id));
    return boundsOf(boxes.filter((box) => box !== undefined));
  }

  private centre(x: number, y: number): void {
    const { k } = this.camera;
    this.userMoved = true;
    this.jump({ k, x: this.room.width / 2 - x * k, y: this.room.height / 2 - y * k });
  }

  /** Glides to what is to be shown; at once where motion is not wanted. */
  private move(to: Camera): void {
    if (this.still.matches || !this.arrangement || !this.frameWasPainted) return this.jump(to);
    this.glide = { from: { ...this.camera }, to, start: performance.now() };
    this.schedule();
  }
  private frameWasPainted = false;

  /** There at once: a glide that is under way goes on to nowhere else. */
  private jump(to: Camera): void {
    this.glide = null;
    this.place(to);
  }

  private place({ k, x, y }: Camera): void {
    this.zoomed.call(this.zoomer.transform, zoomIdentity.translate(x, y).scale(k));
  }

  private listenToZoom(): void {
    this.zoomer
      .scaleExtent([smallest, largest])
      .filter(
        (event: Event) => !("button" in event && event.button !== 0 && event.type === "mousedown"),
      )
      .on("zoom", ({ transform, sourceEvent }: ZoomEvent) => {
        this.camera = { k: transform.k, x: transform.x, y: transform.y };
        if (sourceEvent) {
          this.userMoved = true;
          this.glide = null;
        }
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
    const { graph, arrangement } = this;
    if (!["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(key) || !arrangement)
      return null;
    const { boxes } = arrangement.layout;
    const first = boxes.keys().next().value ?? null;
    const current = [...this.picture.nodes.values()].find((node) => node.selected)?.id;
    const node = graph.nodes.find(({ id }) => id === current);
    if (current === undefined || !node) return first;
    const box = boxes.get(current);
    if (!box) return first;
    if (key === "ArrowLeft") return node.inputs[0]?.from ?? current;
    if (key === "ArrowRight")
      return (
        graph.nodes.find(({ inputs }) => inputs.some(({ from }) => from === current))?.id ?? current
      );
    const column = [...boxes.values()]
      .filter((other) => other.column === box.column)
      .sort((a, b) => a.y - b.y);
    return column[column.indexOf(box) + (key === "ArrowUp" ? -1 : 1)]?.node ?? current;
  }

  private relayout(): void {
    const previous = this.arrangement;
    const { room } = this;
    const labels = this.schema ? drawnOf(this.schema).labels : new Map<NodeId, string>();
    const textOf = (node: { id: NodeId; kind: string; label: string }, most: number): NodeText => {
      const isName = node.kind === "type" || node.kind === "production";
      const words = labels.get(node.id) ?? node.label;
      const text = nodeText(this.measure, words, isName, most, this.palette);
      return node.kind === "production" ? { ...text, width: Math.max(104, text.width + 12) } : text;
    };
    const part = this.isLarge() ? this.part() : new Set<NodeId>();
    this.partShown = partKey(part);
    const next = arrange(
      this.graph,
      part,
      room.width ? room : { ...room, width: 860, height: 340 },
      textOf,
      previous && !previous.isCells ? previous.layout : undefined,
    );
    this.arrangement = next;
    this.morph = null;
    if (previous && !previous.isCells && !next.isCells && !this.still.matches) {
      const from = new Map([...previous.layout.boxes.values()].map((box) => [box.key, box]));
      this.morph = { from, start: performance.now() };
    }
    this.setEdges(next.layout);
    if (!this.userMoved || !previous || this.isLarge()) if (room.width) this.jump(this.home());
    this.schedule();
  }

  private setEdges(layout: NetLayout): void {
    this.shown = layout;
    this.edges = edgePaths(layout);
    this.allEdges = new Path2D();
    for (const { path } of this.edges) this.allEdges.addPath(path);
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.dom;
    const scale = devicePixelRatio || 1;
    if (!width || !height) return;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.room = { ...this.room, width, height };
    this.glide = null;
    if (this.schema) this.relayout();
    this.morph = null;
    if (this.arrangement) this.setEdges(this.arrangement.layout);
    // A canvas that was resized is empty: waiting for the next frame would flicker.
    if (this.frame) cancelAnimationFrame(this.frame);
    this.paint(performance.now());
  }

  private schedule(): void {
    if (this.frame) return;
    this.dom.dataset.still = "false";
    this.frame = requestAnimationFrame((now) => this.paint(now));
  }

  private paint(now: number): void {
    this.frame = 0;
    const { context, arrangement, picture, palette, hovered, room } = this;
    if (!arrangement || !room.width) return;
    const isGliding = this.gliding(now);
    const isMoving = this.morphing(now);
    const { camera, edges, allEdges } = this;
    const scale = devicePixelRatio || 1;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const elapsed = this.flow ? now - this.flow.start : Infinity;
    const flow = this.flow?.flow ?? null;
    const layout = this.shown ?? arrangement.layout;
    const view = { ...camera, width: room.width, height: room.height };
    const { texts } = arrangement;
    drawScene(context, {
      ...{ layout, edges, allEdges, texts, picture, palette, flow, elapsed, hovered, view },
      widthOf: this.measure,
    });
    const isPart = this.isLarge() && !arrangement.isCells;
    this.map.draw({
      ...{ layout: arrangement.layout, isPart, picture, palette, camera, pane: room },
    });
    this.frameWasPainted = picture.nodes.size > 0;
    this.tell(arrangement);
    if (flow && elapsed > flow.ends) this.flow = null;
    if (this.flow || isMoving || isGliding) this.schedule();
    else this.dom.dataset.still = "true";
  }

  /**
   * For the browser tests, who cannot read pixels: how much is shown, and how large its words;
   * `still` says whether it has come to rest.
   */
  private tell({ layout }: Arrangement): void {
    const { dataset } = this.dom;
    dataset.shown = String(layout.boxes.size);
    dataset.words = wordsAt(this.camera.k).toFixed(1);
    dataset.whole = String(isInPane(boundsOfLayout(layout), this.camera, this.room));
  }

  private gliding(now: number): boolean {
    const { glide } = this;
    if (!glide) return false;
    const share = Math.max(0, Math.min(1, (now - glide.start) / glideTime));
    this.place(between(glide.from, glide.to, share));
    if (share === 1) this.glide = null;
    return share < 1;
  }

  /** Between two layouts the boxes glide from their old places to their new ones. */
  private morphing(now: number): boolean {
    const { morph, arrangement } = this;
    if (!morph || !arrangement) return false;
    const { layout } = arrangement;
    const share = Math.min(1, (now - morph.start) / morphTime);
    const eased = 1 - (1 - share) ** 3;
    const onTheWay = (box: Box, old: Box): Box => ({
      ...box,
      x: old.x + (box.x - old.x) * eased,
      y: old.y + (box.y - old.y) * eased,
    });
    const boxes = new Map(
      [...layout.boxes].map(([id, box]) => {
        const old = morph.from.get(box.key);
        return [id, old ? onTheWay(box, old) : box];
      }),
    );
    this.setEdges(share < 1 ? { ...layout, boxes } : layout);
    if (share === 1) this.morph = null;
    return share < 1;
  }

  private boxAt(event: MouseEvent): Box | null {
    const area = this.canvas.getBoundingClientRect();
    const x = (event.clientX - area.left - this.camera.x) / this.camera.k;
    const y = (event.clientY - area.top - this.camera.y) / this.camera.k;
    for (const box of this.arrangement?.layout.boxes.values() ?? [])
      if (x >= box.x && x <= box.x + box.width && Math.abs(y - box.y) <= box.height / 2) return box;
    return null;
  }

  private tipOf(node: NodeId | null): string {
    const shown = node === null ? undefined : this.picture.nodes.get(node);
    if (!shown) return "";
    const holds = shown.holds && `holds ${shown.holds}`;
    const note = [shown.note, holds].filter((part) => part).join(" · ");
    return [shown.label, note, shown.did, ...shown.findings.map((each) => `! ${each}`)]
      .filter((line) => line)
      .join("\n");
  }
}

const partKey = (part: Set<NodeId>): string => [...part].join();
/** Of the selection alone: what a node holds changes without it. */
const keyOf = ({ heart, path }: NetPicture): string => `${[...heart].join()}/${path.size}`;
