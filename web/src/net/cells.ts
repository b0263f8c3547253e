// Thousands of nodes at once: a cell each, band by band, those of one rule together.

import type { NodeId, NodeSchema } from "reticle";
import type { Band, DrawnGraph } from "./graph.ts";
import { nodeKeys } from "./identity.ts";
import type { BandPlace, Box, NetLayout } from "./layout.ts";

/** More boxes than this are no picture any more: a part of them is shown, or all as cells. */
export const mostBoxes = 120;

const size = 16,
  step = 20,
  gap = 60;

/**
 * One block of cells for each band, all of about the same height, so that the whole is as wide
 * beside its height as `shape` says. No edges: they would be a blur.
 */
export function cellLayout({ nodes }: DrawnGraph, shape: number): NetLayout {
  const keys = nodeKeys(nodes.map(({ node }) => node));
  const bands: Band[] = ["types", "tests", "joins", "rules"];
  const rows = Math.max(4, Math.round(Math.sqrt(nodes.length / Math.max(0.5, shape))));
  const boxes = new Map<NodeId, Box>();
  const places: BandPlace[] = [];
  let x = gap / 2;
  for (const [index, band] of bands.entries()) {
    const members = nodes.filter((each) => each.band === band).sort(byRule);
    if (!members.length) continue;
    const columns = Math.max(3, Math.ceil(members.length / rows));
    for (const [at, { id }] of members.entries())
      boxes.set(id, {
        node: id,
        key: keys.get(id) ?? "",
        column: index,
        x: x + Math.floor(at / rows) * step,
        y: (at % rows) * step,
        width: size,
        height: size,
      });
    places.push({ band, x: x - gap / 2, width: columns * step + gap });
    x += columns * step + gap;
  }
  return {
    boxes,
    edges: [],
    columns: places.map(({ x, width }) => ({ x, width })),
    bands: places,
    groups: [],
    lanes: new Map(),
    top: -size,
    bottom: Math.min(rows, nodes.length) * step,
    width: x,
  };
}

function byRule(a: { node: NodeSchema }, b: { node: NodeSchema }): number {
  return (a.node.rules[0] ?? -1) - (b.node.rules[0] ?? -1) || a.node.id - b.node.id;
}
