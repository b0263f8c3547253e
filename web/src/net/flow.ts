// What moves through the network between two positions, and when.

import type { NodeId, RuleId, TraceRecord } from "reticle";
import type { NetLayout } from "./layout.ts";

/**
 * One match on its way into a node: it travels the edges that lead there, then the node lights up.
 */
export interface Pulse {
  node: NodeId;
  added: boolean;
  start: number;
  weight: number;
}
export interface Flow {
  pulses: Pulse[];
  fired: { rule: RuleId; start: number }[];
  ends: number;
}

const travel = 300;
const wave = 170;
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
): Flow {
  const pulses = new Map<string, Pulse>();
  const fired: Flow["fired"] = [];
  const lastColumn = layout.columns.length;
  for (let index = Math.max(0, from); index < position; index++) {
    const record = records[index];
    if (record?.kind === "fire")
      fired.push({ rule: record.rule, start: (lastColumn - 1) * wave + travel });
    if (record?.kind !== "memory") continue;
    const key = `${record.node}${record.added}`;
    const known = pulses.get(key);
    if (known) {
      known.weight++;
      continue;
    }
    if (pulses.size >= mostPulses) continue;
    pulses.set(key, {
      node: record.node,
      added: record.added,
      weight: 1,
      start: Math.max(0, (layout.boxes.get(record.node)?.column ?? 0) - 1) * wave,
    });
  }
  return { pulses: [...pulses.values()], fired, ends: lastColumn * wave + travel + 700 };
}

/** How far along its edges a pulse is, from 0 to 1; outside of that it is not on the way. */
export function travelled(pulse: Pulse, elapsed: number): number {
  return (elapsed - pulse.start) / travel;
}

/** How strongly a node still shines from what reached it, from 1 down to 0. */
export function shine(pulse: Pulse, elapsed: number): number {
  const since = elapsed - pulse.start - travel;
  return since < 0 ? 0 : Math.max(0, 1 - since / 700);
}
