// What a node of the network holds, as rows of a table, and what it has turned away.

import type {
  ConditionReport,
  FactId,
  Fields,
  NearMiss,
  NodeId,
  NodeSchema,
  ProgramSchema,
  RuleMatches,
  RuleSchema,
  Value,
  WhyNot,
} from "reticle";
import type { Holdings } from "./near.ts";

interface TokenRow {
  facts: FactId[];
  /** Values bound so far; empty where only the facts are known. */
  bindings: Fields;
  /** Of a rule's own node: what has become of the match. */
  state?: "fired" | "ready";
}
export interface TokenTable {
  /** What its columns are called: names of patterns, or else types. */
  names: string[];
  rows: TokenRow[];
  total: number;
  /** Counting stopped early: there are more than `total`. */
  more: boolean;
}

/** The rule whose condition the node stands for, or the first that shares it. */
export function ruleOfNode(schema: ProgramSchema, id: NodeId): RuleSchema | undefined {
  const node = schema.network.nodes[id];
  if (!node) return undefined;
  const rules = node.rules.map((rule) => schema.rules[rule]).filter((rule) => rule !== undefined);
  return rules.find(({ conditions }) => conditions.some((each) => each.node === id)) ?? rules[0];
}

/**
 * The matches at a node: with their values where the engine has told the partial matches of the
 * node's rule, else those the trace tells of.
 */
export function tokensAt(
  schema: ProgramSchema,
  id: NodeId,
  held: Holdings,
  matches: RuleMatches | undefined,
): TokenTable {
  const rule = ruleOfNode(schema, id);
  const names = (rule?.bindings ?? []).map((name) => name ?? "");
  const told = matches && rule ? stageOf(rule, id, schema.network.nodes[id], matches) : undefined;
  if (told) return { names, ...told };
  const rows = [...(held.get(id)?.values() ?? [])].map((facts) => ({ facts, bindings: {} }));
  return { names, rows, total: rows.length, more: false };
}

function stageOf(
  rule: RuleSchema,
  id: NodeId,
  node: NodeSchema | undefined,
  { conditions, complete }: RuleMatches,
): Omit<TokenTable, "names"> | undefined {
  if (node?.kind === "production") {
    const rows = complete.map(({ facts, bindings, fired }) => ({
      facts,
      bindings,
      state: fired ? ("fired" as const) : ("ready" as const),
    }));
    return { rows, total: rows.length, more: false };
  }
  const stage = conditions[rule.conditions.findIndex((each) => each.node === id)];
  if (!stage) return undefined;
  const rows = stage.matches.map(({ facts, bindings }) => ({ facts, bindings }));
  return { rows, total: Math.max(stage.count, rows.length), more: stage.more === true };
}

/** What the engine says of a condition, also of one inside of a group. */
function reportOf(whyNot: WhyNot | undefined, node: NodeId): ConditionReport | undefined {
  const open = [...(whyNot?.conditions ?? [])];
  for (let report = open.shift(); report; report = open.shift()) {
    if (report.node === node) return report;
    for (const group of report.groups ?? []) open.push(...group);
  }
  return undefined;
}

export interface Failure {
  facts: FactId[];
  test: string;
  left: Value;
  right: Value;
  error?: string;
}

/** The partial matches that came nearest and ended at this node. */
export function failuresAt(whyNot: WhyNot | undefined, node: NodeId): Failure[] {
  return (reportOf(whyNot, node)?.nearest ?? []).map((miss: NearMiss) => ({ ...miss }));
}

/** The facts that a test has seen and not let through. */
export function turnedAway(schema: ProgramSchema, id: NodeId, held: Holdings): FactId[] {
  const node = schema.network.nodes[id];
  if (node?.kind !== "test" || node.right === undefined) return [];
  const passed = new Set([...(held.get(id)?.values() ?? [])].flat());
  return [...(held.get(node.right)?.values() ?? [])].flat().filter((fact) => !passed.has(fact));
}
