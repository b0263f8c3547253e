// What the compiler says of rules that run all the same, and which nodes of the network that is
// about.

import type { Diagnostic, NodeId, ProgramSchema, Span } from "reticle";

type Findings = ReadonlyMap<NodeId, Diagnostic[]>;

/**
 * Warnings and notes by node: those of a rule stand at the rule, and at the condition that they are
 * about where it has a node; those about two rules stand at both. Errors have no network.
 */
export function findingsOf(schema: ProgramSchema, diagnostics: Diagnostic[]): Findings {
  const before = known.get(diagnostics);
  if (before?.schema === schema) return before.found;
  const found = new Map<NodeId, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    if (diagnostic.level === "error") continue;
    const places = [diagnostic.span, ...diagnostic.related.map(({ span }) => span)];
    for (const node of new Set(places.flatMap((span) => nodesAt(schema, span))))
      found.set(node, [...(found.get(node) ?? []), diagnostic]);
  }
  known.set(diagnostics, { schema, found });
  return found;
}
const known = new WeakMap<Diagnostic[], { schema: ProgramSchema; found: Findings }>();

function nodesAt({ rules, types, network }: ProgramSchema, span: Span): NodeId[] {
  const rule = rules.find((each) => contains(each.span, span));
  if (!rule) {
    const type = types.find((each) => each.span && contains(each.span, span));
    const node = network.nodes.find(({ kind, type: id }) => kind === "type" && id === type?.id);
    return type && node ? [node.id] : [];
  }
  const condition = rule.conditions.find((each) => contains(each.span, span));
  const nodes = [rule.node, ...(condition ? [condition.node] : [])];
  return nodes.filter((id) => network.nodes[id] !== undefined);
}

const contains = (outer: Span, inner: Span): boolean =>
  outer.file === inner.file && outer.start <= inner.start && inner.end <= outer.end;
