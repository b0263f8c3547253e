// The network as it is drawn: which nodes, in which columns, fed by which on which side.

import type { NodeId, NodeSchema } from "reticle";

/** The four parts of a Rete network, from left to right. */
export type Band = "types" | "tests" | "joins" | "rules";

/**
 * `only`: the node has one input. A join or a negation reads matches on its left and facts on its
 * right; what a group finds comes to the node that owns the group on its right.
 */
export interface DrawnInput {
  from: NodeId;
  side: "left" | "right" | "only";
}
export interface DrawnNode {
  id: NodeId;
  node: NodeSchema;
  band: Band;
  column: number;
  inputs: DrawnInput[];
}
/** What stands inside of a `not {…}`, `exists {…}`, `either` or `accumulate`: a box around it. */
export interface Group {
  owner: NodeId;
  members: Set<NodeId>;
}
export interface DrawnGraph {
  nodes: DrawnNode[];
  groups: Group[];
}

const alpha: ReadonlySet<string> = new Set(["type", "test", "newest"]);

export const isAlpha = ({ kind }: NodeSchema): boolean => alpha.has(kind);

/** A join without a left input joins nothing: it makes a match of each fact that comes. */
export const beginsMatches = ({ kind, left }: NodeSchema): boolean =>
  kind === "join" && left === undefined;

/**
 * The engine hangs a branch from the node it belongs to and closes it with an `end` that leads
 * back there. Drawn from left to right the branch begins where its owner's left input does and
 * leads into the owner's right input, so that an end needs no box of its own and nothing points
 * backwards.
 *
 * Requires: `nodes` in the order of their ids; parents may be left out.
 */
export function drawnGraph(nodes: NodeSchema[]): DrawnGraph {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const groups = groupsOf(nodes, byId);
  const groupOf = new Map(groups.map((group) => [group.owner, group]));
  const endsOf = new Map<NodeId, NodeSchema[]>();
  for (const node of nodes)
    if (node.owner !== undefined) endsOf.set(node.owner, [...(endsOf.get(node.owner) ?? []), node]);
  /** Where matches come from: not from the owner of a branch, but from what feeds the owner. */
  const leftOf = (node: NodeSchema): NodeId | undefined => {
    let at = node;
    while (at.left !== undefined && groupOf.get(at.left)?.members.has(node.id)) {
      const owner = byId.get(at.left);
      if (!owner) return undefined;
      at = owner;
    }
    return at.left;
  };
  const inputs = new Map<NodeId, DrawnInput[]>();
  for (const node of nodes) {
    const left = leftOf(node);
    const from = (endsOf.get(node.id) ?? []).flatMap((end) => {
      const last = end.left === node.id ? leftOf(node) : end.left;
      return last === undefined || last === left ? [] : [last];
    });
    const right = node.right !== undefined && node.right !== left ? [node.right, ...from] : from;
    const isOnly = !hasSides(node) || beginsMatches(node);
    inputs.set(
      node.id,
      [
        ...(left === undefined ? [] : [{ from: left, side: "left" as const }]),
        ...right.map((each) => ({ from: each, side: "right" as const })),
      ]
        .filter((each) => byId.has(each.from))
        .map((each) => (isOnly ? { ...each, side: "only" as const } : each)),
    );
  }
  const shown = nodes.filter(({ kind }) => kind !== "end");
  const columns = columnsOf(shown, inputs);
  return {
    groups: groups.filter(({ members }) => members.size > 0),
    nodes: shown.map((node) => ({
      id: node.id,
      node,
      band: bandOf(node),
      column: columns.get(node.id) ?? 0,
      inputs: inputs.get(node.id) ?? [],
    })),
  };
}

/** What an end stands for in the picture: the node to which it passes what its branch finds. */
export function drawnId(nodes: NodeSchema[], id: NodeId): NodeId {
  const node = nodes[id]?.id === id ? nodes[id] : nodes.find((each) => each.id === id);
  return node?.owner ?? id;
}

function bandOf(node: NodeSchema): Band {
  if (node.kind === "type") return "types";
  if (node.kind === "production") return "rules";
  return isAlpha(node) ? "tests" : "joins";
}

function hasSides({ kind }: NodeSchema): boolean {
  switch (kind) {
    case "join":
    case "not":
    case "exists":
    case "not group":
    case "exists group":
    case "either":
    case "accumulate":
      return true;
    case "type":
    case "test":
    case "newest":
    case "each":
    case "let":
    case "filter":
    case "wait":
    case "since":
    case "end":
    case "production":
      return false;
  }
}

/** From each end back to the owner; a group inside brings its own members with it. */
function groupsOf(nodes: NodeSchema[], byId: Map<NodeId, NodeSchema>): Group[] {
  const groups = new Map<NodeId, Group>();
  // Outer ends have larger ids than the inner ones, so what they pass through is known already.
  for (const end of nodes) {
    if (end.owner === undefined) continue;
    const group = groups.get(end.owner) ?? { owner: end.owner, members: new Set<NodeId>() };
    groups.set(end.owner, group);
    for (let at = end.left; at !== undefined && at !== end.owner; at = byId.get(at)?.left) {
      group.members.add(at);
      for (const inner of groups.get(at)?.members ?? []) group.members.add(inner);
    }
  }
  return [...groups.values()];
}

/** Each kind of node in its own part of the picture, and there as far left as its inputs allow. */
function columnsOf(nodes: NodeSchema[], inputs: Map<NodeId, DrawnInput[]>): Map<NodeId, number> {
  const columns = new Map<NodeId, number>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const after = (node: NodeSchema, least: number, part: (of: NodeSchema) => boolean) => {
    // Chains may be long, and owners have smaller ids than what feeds them: no recursion, no order.
    const open = [node];
    for (let at = open.at(-1); at; at = open.at(-1)) {
      const before = (inputs.get(at.id) ?? [])
        .map(({ from }) => byId.get(from))
        .filter((from) => from !== undefined && part(from));
      const unknown = before.find((from) => from && !columns.has(from.id) && !open.includes(from));
      if (unknown) {
        open.push(unknown);
        continue;
      }
      const deepest = Math.max(
        least - 1,
        ...before.map((from) => columns.get(from?.id ?? -1) ?? 0),
      );
      columns.set(at.id, deepest + 1);
      open.pop();
    }
  };
  const isTest = (node: NodeSchema) => isAlpha(node) && node.kind !== "type";
  const isBeta = (node: NodeSchema) => !isAlpha(node) && node.kind !== "production";
  let next = 0;
  for (const part of [({ kind }: NodeSchema) => kind === "type", isTest, isBeta]) {
    const members = nodes.filter(part);
    for (const node of members) if (!columns.has(node.id)) after(node, next, part);
    if (members.length)
      next = 1 + members.reduce((most, { id }) => Math.max(most, columns.get(id) ?? 0), 0);
  }
  for (const node of nodes) if (node.kind === "production") columns.set(node.id, next);
  return columns;
}
