// How many matches come as far as each condition, for signs beside the text of the rules.

import type { NodeId, ProgramSchema, RuleSchema, Span } from "reticle";
import type { Moment } from "./moment.ts";

interface ConditionCount {
  span: Span;
  /** Matches that go on after the condition, now. */
  count: number;
  /** None has since the session began, as far as the trace tells. */
  never: boolean;
}

/**
 * The nodes whose matches the engine counts only behind the let or filter that follows them: what
 * they let through themselves the trace does not tell.
 */
function countedBehind(network: ProgramSchema["network"]): Set<NodeId> {
  const first = new Map<NodeId, (typeof network.nodes)[number]>();
  const heads = new Set<NodeId>();
  // The first node of a branch hangs from its owner and does not follow it.
  for (const end of network.nodes) {
    if (end.owner === undefined) continue;
    let at = end;
    while (at.left !== undefined && at.left !== end.owner) {
      const left = network.nodes[at.left];
      if (!left) break;
      at = left;
    }
    heads.add(at.id);
  }
  for (const node of network.nodes)
    if (node.left !== undefined && !heads.has(node.id) && !first.has(node.left))
      first.set(node.left, node);
  return new Set(
    [...first].filter(([, { kind }]) => kind === "let" || kind === "filter").map(([id]) => id),
  );
}

/**
 * The rules of which only the engine can tell the counts: one of their conditions is counted behind
 * another, or the network asks them in another order than they are written in.
 */
export function untold(schema: ProgramSchema): RuleSchema[] {
  return schema.rules.filter((rule) => !rule.disabled && !isTold(schema, rule));
}

function isTold({ network }: ProgramSchema, { conditions }: RuleSchema): boolean {
  const behind = behindIn(network);
  let before: NodeId | undefined;
  for (const { node } of conditions) {
    if (behind.has(node) || (before !== undefined && network.nodes[node]?.left !== before))
      return false;
    before = node;
  }
  return true;
}

const known = new WeakMap<ProgramSchema["network"], Set<NodeId>>();

function behindIn(network: ProgramSchema["network"]): Set<NodeId> {
  const behind = known.get(network) ?? countedBehind(network);
  known.set(network, behind);
  return behind;
}

/**
 * The counts that are known: from the trace, and of rules it does not tell of from `asked`, the
 * engine's own by rule. Others are left out.
 */
export function liveCounts(
  schema: ProgramSchema,
  moment: Moment,
  asked: ReadonlyMap<string, number[]>,
): ConditionCount[] {
  const counts: ConditionCount[] = [];
  for (const rule of schema.rules) {
    if (rule.disabled) continue;
    const told = isTold(schema, rule);
    for (const [at, { span, node }] of rule.conditions.entries()) {
      const count = told ? (moment.counts.get(node) ?? 0) : asked.get(rule.name)?.[at];
      if (count === undefined) continue;
      counts.push({ span, count, never: told && count === 0 && !moment.touched.has(node) });
    }
  }
  return counts;
}
