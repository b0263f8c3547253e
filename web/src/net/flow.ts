// What moves through the network between two positions, and when.

import type { NodeId, RuleId, TraceRecord } from "reticle";
import type { NetLayout } from "./layout.ts";

/**
 * One match on its way into a node: it travels the edges that lead there, then the node lights up.
 */
interface Pulse {
  node: NodeId;
  added: boolean;
  start: number;
  weight: number;
}
export interface Flow {
  pulses: Pulse[];
  fired: { rule: RuleId; start: number }[];
  ends: number;
  /** Nodes that changed on the way: what comes into a node comes from these. */
  sources: Set<NodeId>;
  /** How long a pulse is on its way. */
  travel: number;
  /** Shown from its end to its beginning: what was taken in goes back out. */
  backwards: boolean;
}

const travel = 300;
const wave = 170;
const slowTravel = 900;
const mostPulses = 220;

/**
 * What moved between two positions, as a wave from left to right: each column a little later
 * than the one before.
 */
export function flowOf(
  records: TraceRecord[],
  from: number,
  position: number,
  layout: NetLayout,
  drawn: (node: NodeId) => NodeId,
): Flow {
  const pulses = new Map<string, Pulse>();
  const sources = new Set<NodeId>();
  const fired: Flow["fired"] = [];
  const lastColumn = layout.columns.length;
  for (let index = Math.max(0, from); index < position; index++) {
    const record = records[index];
    if (record?.kind === "fire")
      fired.push({ rule: record.rule, start: (lastColumn - 1) * wave + travel });
    if (record?.kind !== "memory") continue;
    const node = drawn(record.node);
    const key = `${node}${record.added}`;
    sources.add(record.node);
    const known = pulses.get(key);
    if (known) {
      known.weight++;
      continue;
    }
    if (pulses.size >= mostPulses) continue;
    pulses.set(key, {
      node,
      added: record.added,
      weight: 1,
      start: Math.max(0, (layout.boxes.get(node)?.column ?? 0) - 1) * wave,
    });
  }
  const ends = lastColumn * wave + travel + 700;
  return { pulses: [...pulses.values()], fired, sources, ends, travel, backwards: false };
}

/**
 * The record at a position by itself, slowly; `backwards` when it is being undone. What it brings
 * comes from the nodes that changed since `begin`.
 */
export function slowFlow(
  records: TraceRecord[],
  begin: number,
  position: number,
  backwards: boolean,
  drawn: (node: NodeId) => NodeId,
): Flow {
  const record = records[position - 1];
  const sources = new Set<NodeId>();
  for (let index = begin; index < position - 1; index++) {
    const before = records[index];
    if (before?.kind === "memory") sources.add(before.node);
  }
  const pulses: Pulse[] =
    record?.kind === "memory"
      ? [{ node: drawn(record.node), added: record.added, weight: 1, start: 0 }]
      : [];
  const fired = record?.kind === "fire" ? [{ rule: record.rule, start: 0 }] : [];
  return { pulses, fired, sources, ends: slowTravel + 700, travel: slowTravel, backwards };
}

/** How far along its edges a pulse is, from 0 to 1; outside of that it is not on the way. */
export function travelled(pulse: Pulse, elapsed: number, flow: Pick<Flow, "travel">): number {
  return (elapsed - pulse.start) / flow.travel;
}

/** How strongly a node still shines from what reached it, from 1 down to 0. */
export function shine(
  pulse: Pulse,
  elapsed: number,
  { travel, backwards }: Pick<Flow, "travel" | "backwards">,
): number {
  // Undone, it shines first, and then what it gave up is on its way back.
  const since = elapsed - pulse.start - (backwards ? 0 : travel);
  return since < 0 ? 0 : Math.max(0, 1 - since / 700);
}
