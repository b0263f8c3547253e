// Rules that nearly fire: which matches came how far.

import type {
  FactId,
  NodeId,
  NodeSchema,
  ProgramSchema,
  RuleId,
  RuleSchema,
  TraceRecord,
} from "reticle";

/** A partial match that came as far as a condition and no further. */
export interface NearMiss {
  condition: number;
  facts: FactId[];
}

export type Holdings = Map<NodeId, Map<string, FactId[]>>;

/**
 * The last result: every explanation of one moment asks for the same. Records are only ever
 * appended, so the position is enough to know it by.
 */
let last: { records: TraceRecord[]; position: number; held: Holdings } | null = null;

/** The matches each node holds after the first `position` records. */
export function holdings(records: TraceRecord[], position: number): Holdings {
  const end = Math.min(position, records.length);
  // Forward it goes on from where it was; only back it begins again.
  if (last?.records !== records || last.position > end)
    last = { records, position: 0, held: new Map() };
  take(last.held, records, last.position, end);
  last.position = end;
  return last.held;
}

function take(held: Holdings, records: TraceRecord[], from: number, end: number): void {
  for (let index = from; index < end; index++) {
    const record = records[index];
    if (record?.kind === "recover") held.clear();
    if (record?.kind !== "memory") continue;
    const node = held.get(record.node) ?? new Map<string, FactId[]>();
    held.set(record.node, node);
    if (record.added) node.set(record.facts.join(), record.facts);
    else node.delete(record.facts.join());
  }
}

/**
 * The partial matches of a rule that came furthest without becoming a whole match, furthest first.
 * The network may join conditions in another order.
 */
export function nearMisses(schema: ProgramSchema, rule: RuleSchema, held: Holdings): NearMiss[] {
  const { nodes } = schema.network;
  const misses: NearMiss[] = [];
  const depth = (id: NodeId | undefined): number =>
    id === undefined ? 0 : 1 + depth(nodes[id]?.left);
  const order = rule.conditions
    .map(({ node }, condition) => ({ condition, node, depth: depth(node) }))
    .sort((a, b) => b.depth - a.depth || b.condition - a.condition);
  for (const { condition, node } of order) {
    const before = nodes[node]?.left ?? typeBefore(nodes, nodes[node]);
    const got = [...(held.get(node)?.values() ?? [])];
    for (const facts of held.get(before ?? -1)?.values() ?? []) {
      if (!got.some((match) => facts.every((fact, index) => match[index] === fact)))
        misses.push({ condition, facts });
      if (misses.length >= 20) return misses;
    }
  }
  return misses;
}

/** The type whose facts a first condition chooses from. */
function typeBefore(nodes: NodeSchema[], node: NodeSchema | undefined): NodeId | undefined {
  let at = node;
  while (at && at.kind !== "type") at = at.right === undefined ? undefined : nodes[at.right];
  return at?.id;
}

const mostIdle = 8;

/**
 * The rules worth explaining when they are not ready. Those with a match that came far stand before
 * those with none: the surprise is in what nearly fires.
 */
export function idleRules(
  schema: ProgramSchema,
  ready: ReadonlySet<RuleId>,
  held: Holdings,
): RuleSchema[] {
  const idle = schema.rules.filter(({ id }) => !ready.has(id));
  const reach = new Map(
    idle.map((rule) => [rule, nearMisses(schema, rule, held)[0]?.condition ?? -1]),
  );
  return idle
    .sort((a, b) => (reach.get(b) ?? 0) - (reach.get(a) ?? 0) || a.id - b.id)
    .slice(0, mostIdle);
}
