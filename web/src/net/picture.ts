// What each node shows at a moment, for the canvas and for the list in words.

import type { Counters, NodeId, NodeKind, ProgramSchema } from "reticle";
import { nodeLabel, shownNodes } from "../derive/labels.ts";
import type { Moment } from "../derive/moment.ts";
import { ancestorsOf, descendantsOf, productionOf } from "../derive/slices.ts";
import { counterWords, kindWords } from "../derive/words.ts";
import type { Selection } from "../state/state.ts";

/**
 * How one node is to be shown at one moment: everything the canvas and the text twin say about it.
 */
export interface NodePicture {
  id: NodeId;
  kind: NodeKind;
  label: string;
  note: string;
  count: number;
  touched: boolean;
  everActive: boolean;
  shared: number;
  ready: number;
  fired: number;
  selected: boolean;
  onPath: boolean;
  dimmed: boolean;
  /** What it did, when that has been asked. */
  did: string;
}
export interface NetPicture {
  nodes: Map<NodeId, NodePicture>;
  path: Set<NodeId>;
  firing: Set<NodeId>;
}

export interface PictureInput {
  schema: ProgramSchema;
  moment: Moment;
  selection: Selection | null;
  /** Records after this position count as "changed now". */
  since: number;
  /** Rule fired by the record shown, if it is a firing. */
  firedRule: number | null;
  /** Null unless they are to be shown. */
  counters?: Counters | null;
}

export function pictureOf({
  schema,
  moment,
  selection,
  since,
  firedRule,
  counters = null,
}: PictureInput): NetPicture {
  const nodes = shownNodes(schema);
  const ready = new Map<number, number>();
  for (const { rule } of moment.agenda.values()) ready.set(rule, (ready.get(rule) ?? 0) + 1);
  const picked = pickedNodes(schema, moment, selection);
  const firing = firedRule === null ? new Set<NodeId>() : pathOf(schema, firedRule);
  const pictures = new Map<NodeId, NodePicture>();
  for (const node of nodes) {
    const rule = node.kind === "production" ? (node.rules[0] ?? -1) : -1;
    const touched = moment.touched.get(node.id);
    const fired = moment.firings.get(rule) ?? 0;
    const counted = counters?.nodes[node.id];
    pictures.set(node.id, {
      id: node.id,
      kind: node.kind,
      count: moment.counts.get(node.id) ?? 0,
      shared: node.rules.length,
      label: nodeLabel(node, schema),
      everActive: touched !== undefined || (moment.counts.get(node.id) ?? 0) > 0 || fired > 0,
      touched: touched !== undefined && touched > since,
      ready: ready.get(rule) ?? 0,
      fired,
      selected: picked.heart.has(node.id),
      onPath: picked.slice.has(node.id),
      dimmed: picked.slice.size > 0 && !picked.slice.has(node.id),
      did: counted ? counterWords(counted) : "",
      note: noteOf(node.kind, node.rules.length, ready.get(rule) ?? 0, fired),
    });
  }
  return { nodes: pictures, path: picked.slice, firing };
}

/** The nodes a firing's match went through: the rule's own node and all that feed it. */
export function pathOf(schema: ProgramSchema, rule: number): Set<NodeId> {
  const node = schema.rules[rule]?.node ?? productionOf(schema.network.nodes, rule);
  return node === undefined ? new Set() : ancestorsOf(schema.network.nodes, node);
}

function noteOf(kind: NodeKind, rules: number, ready: number, fired: number): string {
  if (kind === "production") {
    const parts = [
      ready ? `${ready} ready` : "",
      fired ? `fired ${fired}×` : ready ? "" : "not fired yet",
    ];
    return parts.filter((part) => part).join(" · ");
  }
  return rules > 1 ? `${rules} rules` : kindWords[kind];
}

function pickedNodes(
  schema: ProgramSchema,
  moment: Moment,
  selection: Selection | null,
): { heart: Set<NodeId>; slice: Set<NodeId> } {
  const none = { heart: new Set<NodeId>(), slice: new Set<NodeId>() };
  const rule =
    selection?.kind === "rule"
      ? selection.rule
      : selection?.kind === "activation"
        ? moment.agenda.get(selection.activation)?.rule
        : undefined;
  if (rule !== undefined) {
    const node = schema.rules[rule]?.node;
    return node === undefined ? none : { heart: new Set([node]), slice: pathOf(schema, rule) };
  }
  if (selection?.kind === "node") {
    const nodes = schema.network.nodes;
    return {
      heart: new Set([selection.node]),
      slice: new Set([
        ...ancestorsOf(nodes, selection.node),
        ...descendantsOf(nodes, selection.node),
      ]),
    };
  }
  if (selection?.kind === "fact") {
    const fact = moment.facts.get(selection.fact);
    const type = schema.network.nodes.find(
      (node) =>
        node.kind === "type" &&
        node.type !== undefined &&
        schema.types[node.type]?.name === fact?.type,
    );
    return type
      ? { heart: new Set([type.id]), slice: new Set(descendantsOf(schema.network.nodes, type.id)) }
      : none;
  }
  return none;
}
