// How far one fact has come in the network, and which nodes stopped it.

import type { FactPath as EnginePath, FactId, NodeId, NodeSchema } from "reticle";
import type { Holdings } from "../derive/near.ts";
import type { DrawnGraph, DrawnNode } from "./graph.ts";
import { isAlpha } from "./graph.ts";

export interface FactPath {
  /** The nodes that hold it, alone or in matches. */
  nodes: Set<NodeId>;
  /** Edges at whose end it was stopped. */
  stops: { from: NodeId; to: NodeId }[];
}

/** The same from the engine's own answer, which knows the present only. */
export function pathFromEngine(
  graph: DrawnGraph,
  drawn: (node: NodeId) => NodeId,
  found: EnginePath,
): FactPath {
  const path: FactPath = { nodes: new Set(), stops: [] };
  for (const { node, how } of found.nodes) if (how === "held") path.nodes.add(drawn(node));
  const inputs = new Map(graph.nodes.map((each) => [each.id, each.inputs]));
  for (const { node, how } of found.nodes) {
    const to = drawn(node);
    if (how !== "stopped" || path.nodes.has(to)) continue;
    const from = inputs.get(to)?.find((input) => path.nodes.has(input.from))?.from;
    if (from !== undefined) path.stops.push({ from, to });
  }
  return path;
}

const passesThrough = ({ kind }: NodeSchema) => kind === "filter" || kind === "let";

/**
 * The nodes whose matches the engine counts only behind the test that follows them: what they
 * hold cannot be told from what that test lets through.
 */
export function countedBehind(nodes: NodeSchema[]): Set<NodeId> {
  const first = new Map<NodeId, NodeSchema>();
  const branches = new Set<NodeId>();
  for (const { id, left } of branchHeads(nodes)) if (left !== undefined) branches.add(id);
  for (const node of nodes)
    if (node.left !== undefined && !branches.has(node.id) && !first.has(node.left))
      first.set(node.left, node);
  return new Set([...first].filter(([, child]) => passesThrough(child)).map(([id]) => id));
}

/** The first nodes of branches: they hang from an owner and are no followers of it. */
function branchHeads(nodes: NodeSchema[]): NodeSchema[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const heads: NodeSchema[] = [];
  for (const end of nodes) {
    if (end.owner === undefined) continue;
    let at: NodeSchema | undefined = end;
    while (at?.left !== undefined && at.left !== end.owner) at = byId.get(at.left);
    if (at && at !== end) heads.push(at);
  }
  return heads;
}

/**
 * From what the trace says each node holds. A fact that a negation looks at, or that a group has
 * found, goes no further and is not stopped: that is what it came for.
 */
export function pathOfFact(
  graph: DrawnGraph,
  behind: Set<NodeId>,
  held: Holdings,
  fact: FactId,
): FactPath {
  const path: FactPath = { nodes: new Set(), stops: [] };
  const inside = new Set(graph.groups.flatMap(({ members }) => [...members]));
  const owners = new Map(graph.groups.map((group) => [group.owner, group.members]));
  const holds = (id: NodeId) =>
    [...(held.get(id)?.values() ?? [])].some((facts) => facts.includes(fact));
  const inOrder = [...graph.nodes].sort((a, b) => a.column - b.column);
  for (const each of inOrder) {
    if (holds(each.id)) {
      path.nodes.add(each.id);
      continue;
    }
    const from = each.inputs.find((input) => path.nodes.has(input.from))?.from;
    if (from === undefined) continue;
    // An accumulation has a result for every match: only the test behind it can have stopped it.
    if (each.node.kind === "accumulate" && behind.has(each.id) && isLeft(each, from))
      path.nodes.add(each.id);
    else if (stops(each, from, inside, owners)) path.stops.push({ from, to: each.id });
  }
  return path;
}

const isLeft = ({ inputs }: DrawnNode, from: NodeId) =>
  inputs.find((input) => input.from === from)?.side !== "right";

function stops(
  each: DrawnNode,
  from: NodeId,
  inside: Set<NodeId>,
  owners: Map<NodeId, Set<NodeId>>,
): boolean {
  if (isAlpha(each.node)) return true;
  const left = isLeft(each, from);
  // That a group finds nothing for a match is a finding, too.
  if (left && inside.has(each.id) && !inside.has(from)) return false;
  if (left || each.node.kind === "join") return true;
  return !owners.has(each.id) && each.node.kind !== "not" && each.node.kind !== "exists";
}
