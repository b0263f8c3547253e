// What each node shows at a moment, for the canvas and for the list in words.

import type {
  Counters,
  Diagnostic,
  FactPath as EnginePath,
  NodeId,
  NodeKind,
  ProgramSchema,
} from "reticle";
import { findingsOf } from "../derive/findings.ts";
import { nodeLabel, shownNodes } from "../derive/labels.ts";
import type { Moment } from "../derive/moment.ts";
import type { Holdings } from "../derive/near.ts";
import { ancestorsOf, descendantsOf, productionOf } from "../derive/slices.ts";
import { counterWords, countOf, kindWordsOf } from "../derive/words.ts";
import type { Selection } from "../state/state.ts";
import type { FactPath } from "./fact-path.ts";
import { countedBehind, pathFromEngine, pathOfFact } from "./fact-path.ts";
import type { DrawnGraph } from "./graph.ts";
import { drawnGraph, drawnId, isAlpha } from "./graph.ts";
import { signOf } from "./shapes.ts";

/**
 * How one node is to be shown at one moment: everything the canvas and the text twin say about it.
 */
export interface NodePicture {
  id: NodeId;
  kind: NodeKind;
  /** The letter that stands for its kind. */
  sign: string;
  label: string;
  note: string;
  /** Facts or matches it holds; null where the engine counts them only behind the next test. */
  count: number | null;
  /** "6 facts", "1 match"; empty where `count` is null. */
  holds: string;
  /** How full it is beside the fullest, 0 to 1; it grows with the logarithm. */
  fill: number;
  touched: boolean;
  everActive: boolean;
  shared: number;
  ready: number;
  fired: number;
  selected: boolean;
  onPath: boolean;
  dimmed: boolean;
  /** A selected fact came as far as here and no further. */
  stopsFact: boolean;
  /** What it did, when that has been asked. */
  did: string;
  /**
   * How much of that beside the busiest, 0 to 1: by the logarithm of its activations; null where it
   * has not been asked.
   */
  heat: number | null;
  /** What the compiler found out about it; mostly nothing. */
  findings: string[];
}
export interface NetPicture {
  nodes: Map<NodeId, NodePicture>;
  /** What belongs to the selection; empty when nothing is selected. */
  path: Set<NodeId>;
  /** The path, and the nodes that stopped the selected fact: what is brought into view. */
  shown: Set<NodeId>;
  /** Edges at whose end the selected fact was stopped, as `stopKey` names them. */
  stops: Set<string>;
  firing: Set<NodeId>;
  /** The selected nodes themselves. */
  heart: Set<NodeId>;
}

export const emptyPicture: NetPicture = {
  nodes: new Map(),
  path: new Set(),
  shown: new Set(),
  stops: new Set(),
  firing: new Set(),
  heart: new Set(),
};

interface PictureInput {
  schema: ProgramSchema;
  moment: Moment;
  selection: Selection | null;
  /** Records after this position count as "changed now". */
  since: number;
  /** Rule fired by the record shown, if it is a firing. */
  firedRule: number | null;
  /** Where a selected fact is, by the engine; without it, as in the past, by what nodes hold. */
  found?: EnginePath | undefined;
  held?: () => Holdings;
  /** Null unless they are to be shown. */
  counters?: Counters | null;
  /** What the compiler said of these rules. */
  diagnostics?: Diagnostic[];
}

/** What follows from the program alone, kept while the program stays. */
interface Drawn {
  graph: DrawnGraph;
  behind: Set<NodeId>;
  labels: Map<NodeId, string>;
}
const known = new WeakMap<ProgramSchema, Drawn>();

export function drawnOf(schema: ProgramSchema): Drawn {
  const before = known.get(schema);
  if (before) return before;
  const nodes = shownNodes(schema);
  const drawn = {
    graph: drawnGraph(nodes),
    behind: countedBehind(schema.network.nodes),
    labels: new Map(nodes.map((node) => [node.id, nodeLabel(node, schema)])),
  };
  known.set(schema, drawn);
  return drawn;
}

export function pictureOf(input: PictureInput): NetPicture {
  const { schema, moment, selection, firedRule, found, held = () => new Map() } = input;
  const picked = pickedNodes(schema, moment, selection, held, found);
  const stopped = new Set(picked.stops.map(({ to }) => to));
  return {
    nodes: withSelection(unselected(input), picked, stopped),
    path: picked.slice,
    shown: new Set([...picked.slice, ...stopped]),
    stops: new Set(picked.stops.map(({ from, to }) => stopKey(from, to))),
    firing: firedRule === null ? new Set<NodeId>() : pathOf(schema, firedRule),
    heart: picked.heart,
  };
}

/**
 * A selection changes how nodes look and nothing of what they hold: those that it does not concern
 * stay the same objects, so that what is drawn of them can stay as well.
 */
function withSelection(
  nodes: Map<NodeId, NodePicture>,
  { heart, slice }: Picked,
  stopped: Set<NodeId>,
): Map<NodeId, NodePicture> {
  if (!slice.size && !heart.size && !stopped.size) return nodes;
  const styled = new Map<NodeId, NodePicture>();
  for (const [id, node] of nodes) {
    const onPath = slice.has(id);
    const stopsFact = stopped.has(id);
    const dimmed = slice.size > 0 && !onPath && !stopsFact;
    styled.set(id, { ...node, selected: heart.has(id), onPath, dimmed, stopsFact });
  }
  return styled;
}

/** The last result: one moment is drawn many times, with other things selected. */
let last: { key: unknown[]; nodes: Map<NodeId, NodePicture> } | null = null;

function unselected(input: PictureInput): Map<NodeId, NodePicture> {
  const { schema, moment, since, counters } = input;
  // A moment is changed in place, and its position grows with each change.
  const key = [schema, moment, moment.position, since, counters, input.diagnostics];
  if (!last || key.some((each, at) => each !== last?.key[at]))
    last = { key, nodes: nodesOf(input) };
  return last.nodes;
}

function nodesOf({ schema, moment, since, counters = null, diagnostics = [] }: PictureInput) {
  const findings = findingsOf(schema, diagnostics);
  const { graph, behind, labels } = drawnOf(schema);
  const ready = new Map<number, number>();
  for (const { rule } of moment.agenda.values()) ready.set(rule, (ready.get(rule) ?? 0) + 1);
  const pictures = new Map<NodeId, NodePicture>();
  let fullest = 1;
  for (const { id } of graph.nodes) fullest = Math.max(fullest, moment.counts.get(id) ?? 0);
  const busiest = counters ? mostActivations(schema, counters) : 1;
  for (const { node } of graph.nodes) {
    const rule = node.kind === "production" ? (node.rules[0] ?? -1) : -1;
    const touched = moment.touched.get(node.id);
    const fired = moment.firings.get(rule) ?? 0;
    const counted = counters?.nodes[node.id];
    const count = moment.counts.get(node.id) ?? 0;
    const isSeen = !behind.has(node.id);
    pictures.set(node.id, {
      id: node.id,
      kind: node.kind,
      sign: signOf(node),
      count: isSeen ? count : null,
      holds: isSeen ? holdsWords(count, isAlpha(node)) : "",
      fill: isSeen ? Math.log1p(count) / Math.log1p(fullest) : 0,
      shared: node.rules.length,
      label: labels.get(node.id) ?? node.label,
      everActive: touched !== undefined || count > 0 || fired > 0,
      touched: touched !== undefined && touched > since,
      ready: ready.get(rule) ?? 0,
      fired,
      selected: false,
      onPath: false,
      dimmed: false,
      stopsFact: false,
      did: counted ? counterWords(counted) : "",
      heat: counted ? Math.log1p(activationsOf(counted)) / Math.log1p(busiest) : null,
      findings: findings.get(node.id)?.map(({ message }) => message) ?? noFindings,
      note: noteOf(node.kind, node.rules.length, kindWordsOf(node), ready.get(rule) ?? 0, fired),
    });
  }
  return pictures;
}

/** What came to a node; of types and tests, which have no sides, what they hold. */
const activationsOf = ({ left, right, memory }: Counters["nodes"][number]): number =>
  left + right || memory;

/** Of the busiest node that is drawn, and not less than one. */
export function mostActivations(schema: ProgramSchema, { nodes }: Counters): number {
  let most = 1;
  for (const { id } of drawnOf(schema).graph.nodes) {
    const counted = nodes[id];
    if (counted) most = Math.max(most, activationsOf(counted));
  }
  return most;
}

const noFindings: string[] = [];
const holdsWords = (count: number, isFacts: boolean): string =>
  isFacts ? countOf(count, "fact") : countOf(count, "match", "matches");

export const stopKey = (from: NodeId, to: NodeId): string => `${from}>${to}`;

/** The nodes a firing's match went through: the rule's own node and all that feed it. */
export function pathOf(schema: ProgramSchema, rule: number): Set<NodeId> {
  const { nodes } = schema.network;
  const node = schema.rules[rule]?.node ?? productionOf(nodes, rule);
  if (node === undefined) return new Set();
  return withoutEnds(schema, ancestorsOf(nodes, node));
}

function withoutEnds({ network }: ProgramSchema, ids: Set<NodeId>): Set<NodeId> {
  return new Set([...ids].filter((id) => network.nodes[id]?.kind !== "end"));
}

function noteOf(
  kind: NodeKind,
  rules: number,
  words: string,
  ready: number,
  fired: number,
): string {
  if (kind === "production") {
    const parts = [
      ready ? `${ready} ready` : "",
      fired ? `fired ${fired}×` : ready ? "" : "not fired yet",
    ];
    return parts.filter((part) => part).join(" · ");
  }
  return rules > 1 ? `${rules} rules` : words;
}

interface Picked {
  heart: Set<NodeId>;
  slice: Set<NodeId>;
  stops: FactPath["stops"];
}

function pickedNodes(
  schema: ProgramSchema,
  moment: Moment,
  selection: Selection | null,
  held: () => Holdings,
  found: EnginePath | undefined,
): Picked {
  const none: Picked = { heart: new Set(), slice: new Set(), stops: [] };
  const nodes = schema.network.nodes;
  const rule =
    selection?.kind === "rule"
      ? selection.rule
      : selection?.kind === "activation"
        ? moment.agenda.get(selection.activation)?.rule
        : undefined;
  if (rule !== undefined) {
    const node = schema.rules[rule]?.node;
    return node === undefined || !nodes[node]
      ? none
      : { heart: new Set([node]), slice: pathOf(schema, rule), stops: [] };
  }
  if (selection?.kind === "node") {
    const id = drawnId(nodes, selection.node);
    const around = new Set([...ancestorsOf(nodes, id), ...descendantsOf(nodes, id)]);
    return { heart: new Set([id]), slice: withoutEnds(schema, around), stops: [] };
  }
  if (selection?.kind === "fact" && moment.facts.has(selection.fact)) {
    const { graph, behind } = drawnOf(schema);
    const drawn = (id: NodeId) => drawnId(nodes, id);
    const path =
      found?.fact === selection.fact
        ? pathFromEngine(graph, drawn, found)
        : pathOfFact(graph, behind, held(), selection.fact);
    return { heart: new Set(path.nodes), slice: path.nodes, stops: path.stops };
  }
  return none;
}
