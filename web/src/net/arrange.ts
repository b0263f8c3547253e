// Chooses how a network is laid out for the room there is.

import type { NodeId, NodeSchema } from "reticle";
import type { Bounds, Room } from "./camera.ts";
import { fitted, readableScale } from "./camera.ts";
import { cellLayout, mostBoxes } from "./cells.ts";
import type { DrawnGraph } from "./graph.ts";
import type { NetLayout } from "./layout.ts";
import { layoutNet } from "./layout.ts";
import type { NodeText } from "./measure.ts";

export interface Arrangement {
  layout: NetLayout;
  texts: Map<NodeId, NodeText>;
  /** Each node is a cell: there are too many for boxes. */
  isCells: boolean;
}

/** How wide words may be, and how far columns and rows stand apart: from roomy to tight. */
const styles = [
  { wrap: 180, columnGap: 60, rowGap: 28 },
  { wrap: 136, columnGap: 48, rowGap: 22 },
  { wrap: 108, columnGap: 38, rowGap: 16 },
  { wrap: 84, columnGap: 30, rowGap: 9 },
  { wrap: 78, columnGap: 26, rowGap: 6 },
] as const;
/** Above this the whole cannot be read in any style, and laying out several times would be felt. */
const mostTried = 90;

export function boundsOfLayout({ top, bottom, width }: NetLayout): Bounds {
  return { left: 0, right: width, top, bottom };
}

/**
 * The roomiest style in which the whole can be read at once; where there is none, a middle one. Of
 * too many nodes only `slice` gets boxes; without one, all are cells.
 */
export function arrange(
  graph: DrawnGraph,
  slice: ReadonlySet<NodeId>,
  room: Room,
  textOf: (node: NodeSchema, most: number) => NodeText,
  previous: NetLayout | undefined,
): Arrangement {
  const isMany = graph.nodes.length > mostBoxes;
  if (isMany && (slice.size === 0 || slice.size > mostBoxes)) {
    const layout = cellLayout(graph, room.width / Math.max(1, room.height));
    return { layout, texts: new Map(), isCells: true };
  }
  const shown = isMany ? only(graph, slice) : graph;
  const make = ({ wrap, columnGap, rowGap }: (typeof styles)[number]): Arrangement => {
    const texts = new Map(shown.nodes.map(({ id, node }) => [id, textOf(node, wrap)]));
    const layout = layoutNet(shown, {
      widthOf: ({ id }) => texts.get(id)?.width ?? 0,
      heightOf: ({ id }) => texts.get(id)?.height ?? 0,
      columnGap,
      rowGap,
      previous,
    });
    return { layout, texts, isCells: false };
  };
  if (shown.nodes.length <= mostTried)
    for (const style of styles) {
      const made = make(style);
      if (fitted(boundsOfLayout(made.layout), room).k >= readableScale) return made;
    }
  return make(styles[2]);
}

function only(graph: DrawnGraph, slice: ReadonlySet<NodeId>): DrawnGraph {
  return {
    nodes: compact(
      graph.nodes
        .filter(({ id }) => slice.has(id))
        .map((each) => ({
          ...each,
          inputs: each.inputs.filter(({ from }) => slice.has(from)),
        })),
    ),
    groups: graph.groups
      .filter(({ owner }) => slice.has(owner))
      .map(({ owner, members }) => ({
        owner,
        members: new Set([...members].filter((id) => slice.has(id))),
      })),
  };
}

/** Columns that have lost all of their nodes are closed up. */
function compact(nodes: DrawnGraph["nodes"]): DrawnGraph["nodes"] {
  const used = [...new Set(nodes.map(({ column }) => column))].sort((a, b) => a - b);
  const at = new Map(used.map((column, index) => [column, index]));
  return nodes.map((each) => ({ ...each, column: at.get(each.column) ?? each.column }));
}
