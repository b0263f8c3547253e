// Parts of the network: what feeds a node, what it feeds, what belongs to a rule.

import type { NodeId, NodeSchema, RuleId } from "reticle";

/** The nodes whose output this node reads, left before right. */
export function parentsOf(node: NodeSchema): NodeId[] {
  const parents: NodeId[] = [];
  if (node.left !== undefined) parents.push(node.left);
  if (node.right !== undefined && node.right !== node.left) parents.push(node.right);
  return parents;
}

export function childrenOf(nodes: NodeSchema[]): Map<NodeId, NodeId[]> {
  const children = new Map<NodeId, NodeId[]>(nodes.map(({ id }) => [id, []]));
  for (const node of nodes)
    for (const parent of parentsOf(node)) children.get(parent)?.push(node.id);
  return children;
}

/**
 * The node and everything that feeds it, branches that hang from it too: for a production node, the
 * path of its rule's firings.
 */
export function ancestorsOf(nodes: NodeSchema[], from: NodeId): Set<NodeId> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const ends = new Map<NodeId, NodeId[]>();
  for (const { id, owner } of nodes)
    if (owner !== undefined) ends.set(owner, [...(ends.get(owner) ?? []), id]);
  const found = new Set<NodeId>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = byId.get(id);
    if (!node || found.has(id)) continue;
    found.add(id);
    open.push(...parentsOf(node), ...(ends.get(id) ?? []));
  }
  return found;
}

/**
 * The node and everything it feeds; the end of a branch feeds the node that the branch hangs from.
 */
export function descendantsOf(nodes: NodeSchema[], from: NodeId): Set<NodeId> {
  const children = childrenOf(nodes);
  for (const { id, owner } of nodes) if (owner !== undefined) children.get(id)?.push(owner);
  const found = new Set<NodeId>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(children.get(id) ?? []));
  }
  return found;
}

export function productionOf(nodes: NodeSchema[], rule: RuleId): NodeId | undefined {
  return nodes.find((node) => node.kind === "production" && node.rules.includes(rule))?.id;
}
