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
  for (const node of nodes) for (const parent of parentsOf(node)) children.get(parent)?.push(node.id);
  return children;
}

/** The node and everything that feeds it: for a production node, the path of its rule's firings. */
export function ancestorsOf(nodes: NodeSchema[], from: NodeId): Set<NodeId> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const found = new Set<NodeId>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = byId.get(id);
    if (!node || found.has(id)) continue;
    found.add(id);
    open.push(...parentsOf(node));
  }
  return found;
}

export function descendantsOf(nodes: NodeSchema[], from: NodeId): Set<NodeId> {
  const children = childrenOf(nodes);
  const found = new Set<NodeId>();
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...(children.get(id) ?? []));
  }
  return found;
}

/** The nodes through which a rule's matches come. */
export function ruleSlice(nodes: NodeSchema[], productionNode: NodeId | undefined): Set<NodeId> {
  return productionNode === undefined ? new Set() : ancestorsOf(nodes, productionNode);
}

export function productionOf(nodes: NodeSchema[], rule: RuleId): NodeId | undefined {
  return nodes.find((node) => node.kind === "production" && node.rules.includes(rule))?.id;
}
