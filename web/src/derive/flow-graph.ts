// A flow as a graph of its states: what is done after what, and where its runs are.

import type { FlowSchema, Span } from "reticle";
import type { Moment, RunNow } from "./moment.ts";
import type { Form } from "./sentences.ts";
import { actionWords, forms, isForm } from "./sentences.ts";

type FlowNodeKind =
  | "start"
  | "call"
  | "wait"
  | "choice"
  | "loop"
  | "parallel"
  | "try"
  | "action"
  | "end"
  | "failed"
  | "handler";

export interface FlowNode {
  id: number;
  kind: FlowNodeKind;
  /** The step's name in records; empty where the node is none that a run can be seen at. */
  step: string;
  title: string;
  /** What it does, in full. */
  words: string;
  span?: Span | undefined;
}
export interface FlowEdge {
  from: number;
  to: number;
  /** skip: past what stands inside · back: to the head of a loop · failure: after one */
  kind: "next" | "skip" | "back" | "failure";
  label: string;
}
/** What stands where: pieces one after the other, or side by side inside of a head. */
export interface Piece {
  node: FlowNode;
  /** Bodies inside, each with its label; side by side where there are several. */
  bodies: { label: string; pieces: Piece[] }[];
}
export interface FlowGraph {
  flow: FlowSchema;
  pieces: Piece[];
  handlers: Piece[];
  nodes: FlowNode[];
  edges: FlowEdge[];
}

/** `form`: the flow in the JSON form; its actions are those of the schema, in order. */
export function flowGraph(flow: FlowSchema, form: Form): FlowGraph {
  const nodes: FlowNode[] = [];
  const add = (node: Omit<FlowNode, "id">): FlowNode => {
    const made = { ...node, id: nodes.length };
    nodes.push(made);
    return made;
  };
  let at = 0;
  const total = countOf(form.do);
  /** The schema lists what stands in the flow itself, and nothing of its handlers. */
  const said = (isHandler: boolean) =>
    isHandler || total !== flow.steps.length ? undefined : flow.steps[at++];
  const pieceOf = (action: Form, isHandler: boolean): Piece => {
    const step = said(isHandler);
    const node = add({
      ...faceOf(action),
      words: step?.text ?? actionWords(action),
      span: step?.span,
    });
    const body = (label: string, actions: unknown) => ({
      label,
      pieces: forms(actions).map((each) => pieceOf(each, isHandler)),
    });
    const bodies: Piece["bodies"] = [];
    if (action.if) {
      bodies.push(body("yes", action.do));
      if (action.else) bodies.push(body("no", action.else));
    } else if (isLoop(action)) bodies.push(body("each", action.do));
    else if (Array.isArray(action.parallel))
      for (const branch of forms(action.parallel)) {
        if (branch.branch) said(isHandler);
        bodies.push(body(textOf(branch.branch), branch.branch ? branch.do : [branch]));
      }
    else if (action.try) bodies.push(body("", action.try), body("on failure", action.catch));
    return { node, bodies };
  };
  const params = flow.params.map(({ name }) => name).join(", ");
  const begin = add({ kind: "start", step: "", title: "start", words: `${flow.name}(${params})` });
  const pieces = forms(form.do).map((action) => pieceOf(action, false));
  const end = add({ kind: "end", step: "", title: "completed", words: "The run is completed." });
  const handlers = Object.entries(isForm(form.handlers) ? form.handlers : {}).map(
    ([why, handler]): Piece => {
      const node = add({ kind: "handler", step: "", title: `on ${why}`, words: `on ${why}` });
      const actions = isForm(handler) ? forms(handler.do) : [];
      return { node, bodies: [{ label: "", pieces: actions.map((each) => pieceOf(each, true)) }] };
    },
  );
  const whole = [{ node: begin, bodies: [] }, ...pieces, { node: end, bodies: [] }];
  const edges: FlowEdge[] = [];
  connect(whole, [], edges);
  for (const handler of handlers) connect([handler], [], edges);
  return { flow, pieces: whole, handlers, nodes, edges };
}

/** A wait has a `for`, too: how long at most. */
const isLoop = (action: Form): boolean => action.in !== undefined;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** How many actions there are, with those inside. */
function countOf(actions: unknown): number {
  return forms(actions).reduce((sum, action) => {
    const inside = [action.do, action.else, action.parallel, action.try, action.catch];
    return sum + 1 + inside.reduce((count: number, each) => count + countOf(each), 0);
  }, 0);
}

function faceOf(action: Form): Pick<FlowNode, "kind" | "step" | "title"> {
  if (action.step) {
    const title = `${textOf(action.step)} · ${textOf(action.call) || textOf(action.run)}`;
    return { kind: "call", step: textOf(action.step), title };
  }
  if (isForm(action.wait)) {
    const title = `wait ${textOf(action.wait.match)}`;
    const most = action.for ? ` for ${textOf(action.for)}` : "";
    return { kind: "wait", step: title, title: `${title}${most}` };
  }
  const plain = { step: "", title: actionWords(action) };
  if (action.waitUntil) return { ...plain, kind: "wait", step: "wait until" };
  if (action.sleep || action.sleepUntil) return { ...plain, kind: "wait", step: "sleep" };
  if (action.if) return { kind: "choice", step: "", title: `if ${textOf(action.if)}` };
  if (isLoop(action)) return { kind: "loop", step: "", title: `for each ${textOf(action.for)}` };
  if (action.parallel) return { kind: "parallel", step: "", title: "at the same time" };
  if (action.try) return { kind: "try", step: "", title: "try" };
  if ("fail" in action) return { ...plain, kind: "failed" };
  if ("return" in action) return { ...plain, kind: "end" };
  return { ...plain, kind: "action" };
}

/** What leads on to whatever comes next. */
type Exit = Omit<FlowEdge, "to">;

function connect(pieces: Piece[], entries: Exit[], edges: FlowEdge[]): Exit[] {
  let open = entries;
  for (const { node, bodies } of pieces) {
    for (const exit of open) edges.push({ ...exit, to: node.id });
    const on = { from: node.id, kind: "next" as const, label: "" };
    const leaves = (node.kind === "end" || node.kind === "failed") && !bodies.length;
    open = leaves ? [] : [on];
    if (!bodies.length) continue;
    const after = bodies.flatMap(({ label, pieces: inside }) => {
      const kind = label === "on failure" ? ("failure" as const) : ("next" as const);
      return connect(inside, [{ ...on, kind, label }], edges);
    });
    if (node.kind === "loop") {
      for (const exit of after) edges.push({ ...exit, kind: "back", to: node.id });
      open = [{ ...on, kind: "skip", label: "done" }];
    } else if (node.kind === "choice" && bodies.length === 1)
      open = [...after, { ...on, kind: "skip", label: "no" }];
    else open = after;
  }
  return open;
}

type Standing = "untouched" | "now" | "waits" | "retries" | "done" | "failed";

/** How a step of a flow stands for one run, or for all of them together. */
export interface NodeNow {
  standing: Standing;
  /** Runs that are here now. */
  here: RunNow[];
  done: number;
  failed: number;
}

/** Where the runs of a flow are; of `only` one of them when it is named. */
export function flowNow(
  graph: FlowGraph,
  moment: Moment,
  only: number | null,
): Map<number, NodeNow> {
  const runs = [...moment.runs.values()].filter(
    ({ id, flow }) => flow === graph.flow.name && (only === null || id === only),
  );
  const now = new Map<number, NodeNow>();
  for (const node of graph.nodes) {
    const at: NodeNow = { standing: "untouched", here: [], done: 0, failed: 0 };
    for (const run of runs) stand(at, node, run);
    if (at.here.length && at.standing === "untouched") at.standing = "now";
    else if (at.standing === "untouched")
      at.standing = at.failed ? "failed" : at.done ? "done" : "untouched";
    now.set(node.id, at);
  }
  return now;
}

function stand(at: NodeNow, node: FlowNode, run: RunNow): void {
  if (node.kind === "start") at.done++;
  if (node.kind === "end" && node.title === "completed" && run.status === "completed") at.done++;
  if (!node.step) return;
  // In a loop and where it comes again a step has its turn behind its name: `charge#2+3`.
  const steps = run.steps.filter(({ name }) => name.replace(/(#\d+)*(\+\d+)?$/, "") === node.step);
  for (const step of steps) {
    if (step.status === "completed") at.done++;
    else if (step.status === "failed") at.failed++;
    else if (run.status === "running") {
      if (!at.here.includes(run)) at.here.push(run);
      at.standing = step.status === "retrying" ? "retries" : step.kind === "call" ? "now" : "waits";
    }
  }
}
