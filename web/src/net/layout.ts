// Where the nodes stand and how their edges run.

import type { NodeId, NodeSchema } from "reticle";
import type { Band, DrawnGraph, DrawnInput, Group } from "./graph.ts";
import { nodeKeys } from "./identity.ts";
import { place } from "./place.ts";

export interface Box {
  node: NodeId;
  key: string;
  column: number;
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface Point {
  x: number;
  y: number;
}
/**
 * From one node to another; `via` are the middles of the lanes it keeps free in the columns
 * between.
 */
export interface Edge {
  from: NodeId;
  to: NodeId;
  side: DrawnInput["side"];
  via: (Point & { width: number })[];
}
/** One of the four parts of the network: where it begins and how wide it is. */
export interface BandPlace {
  band: Band;
  x: number;
  width: number;
}
export interface NetLayout {
  boxes: Map<NodeId, Box>;
  edges: Edge[];
  columns: { x: number; width: number }[];
  bands: BandPlace[];
  groups: Group[];
  /** Heights of the free ways of long edges, by key. */
  lanes: Map<string, number>;
  top: number;
  bottom: number;
  width: number;
}

export interface LayoutOptions {
  widthOf(node: NodeSchema): number;
  heightOf(node: NodeSchema): number;
  rowGap: number;
  columnGap: number;
  /**
   * The picture before an edit: what is still there keeps its place as far as the new things allow.
   */
  previous?: NetLayout | undefined;
}

/** A node's box, or a lane: the free way of a source's long edges through one column. */
interface Vertex {
  id: number;
  node: NodeSchema | null;
  key: string;
  column: number;
  height: number;
  left: Vertex[];
  right: Vertex[];
  y: number;
  rank: number;
}

const laneHeight = 10;
const sweeps = 8;

/**
 * Columns from left to right by layer, rules in the last one; in each column an order with few
 * crossings, straight where possible.
 */
export function layoutNet(graph: DrawnGraph, options: LayoutOptions): NetLayout {
  const { vertices, lanes } = verticesOf(graph, options);
  const columns: Vertex[][] = [];
  for (const vertex of vertices) (columns[vertex.column] ??= []).push(vertex);
  for (let i = 0; i < columns.length; i++) columns[i] ??= [];
  const known = new Map(
    [...(options.previous?.boxes.values() ?? [])].map((box) => [box.key, box.y]),
  );
  for (const [key, y] of options.previous?.lanes ?? []) known.set(key, y);
  // Another program that shares a type or two with the one before is no edit of it.
  const kept = vertices.filter(({ node, key }) => node && known.has(key)).length;
  if (kept * 2 < graph.nodes.length) known.clear();
  if (known.size) orderLikeBefore(columns, known);
  else orderByNeighbours(columns);
  assignHeights(columns, options.rowGap, known);
  return measured(graph, columns, lanes, options);
}

function verticesOf({ nodes }: DrawnGraph, options: LayoutOptions) {
  const keys = nodeKeys(nodes.map(({ node }) => node));
  const vertices: Vertex[] = [];
  const make = (node: NodeSchema | null, key: string, column: number, height: number): Vertex => {
    const vertex = {
      id: vertices.length,
      node,
      key,
      column,
      height,
      left: [],
      right: [],
      y: 0,
      rank: 0,
    };
    vertices.push(vertex);
    return vertex;
  };
  const byNode = new Map(
    nodes.map(({ id, node, column }) => [
      id,
      make(node, keys.get(id) ?? "", column, options.heightOf(node)),
    ]),
  );
  const lanes = new Map<string, Vertex>();
  const join = (left: Vertex, right: Vertex) => {
    if (!left.right.includes(right)) {
      left.right.push(right);
      right.left.push(left);
    }
  };
  for (const { id, inputs } of nodes) {
    const target = byNode.get(id);
    for (const { from } of inputs) {
      let at = byNode.get(from);
      if (!at || !target) continue;
      const key = at.key;
      for (let column = at.column + 1; column < target.column; column++) {
        const name = `${from}/${column}`;
        const lane: Vertex =
          lanes.get(name) ?? make(null, `lane ${column} ${key}`, column, laneHeight);
        lanes.set(name, lane);
        join(at, lane);
        at = lane;
      }
      join(at, target);
    }
  }
  return { vertices, lanes };
}

function orderByNeighbours(columns: Vertex[][]): void {
  rank(columns);
  let best = columns.map((column) => [...column]);
  let fewest = crossings(columns);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const toRight = sweep % 2 === 0;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[toRight ? i : columns.length - 1 - i];
      if (!column) continue;
      const wish = new Map(
        column.map((vertex) => [
          vertex,
          meanRank(toRight ? vertex.left : vertex.right, vertex.rank),
        ]),
      );
      column.sort((a, b) => (wish.get(a) ?? 0) - (wish.get(b) ?? 0) || a.rank - b.rank);
      rank([column]);
    }
    const crossing = crossings(columns);
    if (crossing < fewest || crossing === Infinity) {
      fewest = crossing;
      best = columns.map((column) => [...column]);
    }
  }
  for (const [index, column] of best.entries()) columns[index] = column;
  rank(columns);
}

/** Ranks are shares of the column, so that columns of different sizes can be compared. */
function rank(columns: Vertex[][]): void {
  for (const column of columns)
    for (const [index, vertex] of column.entries()) vertex.rank = (index + 0.5) / column.length;
}

function meanRank(neighbours: Vertex[], otherwise: number): number {
  return neighbours.length
    ? neighbours.reduce((sum, { rank }) => sum + rank, 0) / neighbours.length
    : otherwise;
}

function crossings(columns: Vertex[][]): number {
  let count = 0;
  for (const column of columns) {
    const ends = column.flatMap((vertex) =>
      [...vertex.right].map(({ rank }) => rank).sort((a, b) => a - b),
    );
    // big nets take the last sweep: counting would cost more than it gains
    if (ends.length > 500) return Infinity;
    for (let i = 0; i < ends.length; i++)
      for (let j = i + 1; j < ends.length; j++) if ((ends[i] ?? 0) > (ends[j] ?? 0)) count++;
  }
  return count;
}

/** What was there keeps its order; what is new goes beside its neighbours on the left. */
function orderLikeBefore(columns: Vertex[][], known: Map<string, number>): void {
  for (const column of columns) {
    const wish = (vertex: Vertex): number => {
      const before = known.get(vertex.key);
      if (before !== undefined) return before;
      const left = vertex.left.map(({ y }) => y);
      return left.length ? left.reduce((sum, y) => sum + y, 0) / left.length + 1 : Infinity;
    };
    for (const vertex of column) vertex.y = wish(vertex);
    for (const vertex of column) if (!Number.isFinite(vertex.y)) vertex.y = 1e6;
    column.sort((a, b) => a.y - b.y || a.id - b.id);
  }
}

function assignHeights(columns: Vertex[][], gap: number, known: Map<string, number>): void {
  for (const column of columns) {
    const middles = place(
      column.map((vertex) => ({
        at: known.get(vertex.key) ?? 0,
        weight: 1,
        height: vertex.height,
      })),
      gap,
    );
    for (const [index, vertex] of column.entries()) vertex.y = middles[index] ?? 0;
  }
  for (let pass = 0; pass < 10; pass++) {
    const toRight = pass % 2 === 0;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[toRight ? i : columns.length - 1 - i] ?? [];
      const middles = place(
        column.map((vertex) => wishOf(vertex, known)),
        gap,
      );
      for (const [index, vertex] of column.entries()) vertex.y = middles[index] ?? 0;
    }
  }
}

/**
 * Lanes and what was there before weigh more than the rest: long edges become straight, old places
 * stay.
 */
function wishOf(vertex: Vertex, known: Map<string, number>) {
  const before = known.get(vertex.key);
  if (before !== undefined) return { at: before, weight: 20, height: vertex.height };
  if (!vertex.left.length && !vertex.right.length)
    return { at: vertex.y, weight: 0.1, height: vertex.height };
  let sum = 0,
    weight = 0;
  for (const side of [vertex.left, vertex.right])
    for (const neighbour of side) {
      const pull = vertex.node === null && neighbour.node === null ? 4 : 1;
      sum += neighbour.y * pull;
      weight += pull;
    }
  return { at: sum / weight, weight: vertex.node === null ? 2 : 1, height: vertex.height };
}

function measured(
  graph: DrawnGraph,
  columns: Vertex[][],
  lanes: Map<string, Vertex>,
  options: LayoutOptions,
): NetLayout {
  const boxes = new Map<NodeId, Box>();
  const places: NetLayout["columns"] = [];
  let x = 0,
    top = 0,
    bottom = 0;
  for (const [index, column] of columns.entries()) {
    const width = column.reduce(
      (most, { node }) => Math.max(most, node ? options.widthOf(node) : 0),
      40,
    );
    places.push({ x, width });
    for (const { node, key, y, height } of column) {
      if (!node) continue;
      boxes.set(node.id, { node: node.id, key, column: index, x, y, width, height });
      top = Math.min(top, y - height / 2);
      bottom = Math.max(bottom, y + height / 2);
    }
    x += width + options.columnGap;
  }
  return {
    boxes,
    edges: edgesOf(graph, boxes, places, lanes),
    columns: places,
    bands: bandsOf(graph, places, options.columnGap),
    groups: graph.groups,
    lanes: new Map([...lanes.values()].map(({ key, y }) => [key, y])),
    top,
    bottom,
    width: Math.max(0, x - options.columnGap),
  };
}

function edgesOf(
  { nodes }: DrawnGraph,
  boxes: Map<NodeId, Box>,
  places: NetLayout["columns"],
  lanes: Map<string, Vertex>,
): Edge[] {
  const edges: Edge[] = [];
  for (const { id, inputs } of nodes)
    for (const { from, side } of inputs) {
      const start = boxes.get(from)?.column ?? 0,
        end = boxes.get(id)?.column ?? 0;
      const via = [];
      for (let column = start + 1; column < end; column++) {
        const lane = lanes.get(`${from}/${column}`),
          at = places[column];
        if (lane && at) via.push({ x: at.x + at.width / 2, y: lane.y, width: at.width });
      }
      edges.push({ from, to: id, via, side });
    }
  return edges;
}

/** Each band reaches to the middle of the gap behind its last column. */
function bandsOf({ nodes }: DrawnGraph, places: NetLayout["columns"], gap: number): BandPlace[] {
  const spans = new Map<Band, { first: number; last: number }>();
  for (const { band, column } of nodes) {
    const span = spans.get(band) ?? { first: column, last: column };
    span.first = Math.min(span.first, column);
    span.last = Math.max(span.last, column);
    spans.set(band, span);
  }
  return [...spans]
    .sort(([, a], [, b]) => a.first - b.first)
    .map(([band, { first, last }]) => {
      const x = (places[first]?.x ?? 0) - gap / 2;
      const end = places[last] ?? { x: 0, width: 0 };
      return { band, x, width: end.x + end.width + gap / 2 - x };
    });
}
