// Flows as state graphs beside the network of the rules, with their runs moving through them.

import "./flow-view.css";
import type { FlowGraph, FlowNode, NodeNow } from "../derive/flow-graph.ts";
import { flowGraph, flowNow } from "../derive/flow-graph.ts";
import type { Form } from "../derive/sentences.ts";
import { countOf } from "../derive/words.ts";
import { button, drawn, h, keyedList, setText } from "../dom.ts";
import type { FlowLayout } from "../net/flow-layout.ts";
import { flowBox, layoutFlow } from "../net/flow-layout.ts";
import type { Commands } from "../state/commands.ts";
import type { View } from "../state/view.ts";

interface FlowView {
  dom: HTMLElement;
  update(view: View): void;
}

/** The flows beside the network: shown where there are some, until the person says otherwise. */
export function flowsBeside(
  commands: Commands,
  tool: HTMLButtonElement,
  show: (isShown: boolean) => void,
): FlowView & { toggle(): void } {
  const flows = flowView(commands);
  let isWanted = true;
  let view: View | null = null;
  function update(next: View): void {
    view = next;
    const hasFlows = (next.schema?.flows.length ?? 0) > 0;
    tool.hidden = !hasFlows;
    tool.setAttribute("aria-pressed", String(hasFlows && isWanted));
    show(hasFlows && isWanted);
    if (hasFlows && isWanted) flows.update(next);
  }
  return {
    dom: flows.dom,
    update,
    toggle() {
      isWanted = !isWanted;
      if (view) update(view);
    },
  };
}

/** More runs at once are counted, and do not each have a dot. */
const mostDots = 24;

/**
 * The flows of the program. Each state is a button, so that the picture is its own text twin: its
 * name says what it does, how many runs are there and how it went.
 */
function flowView(commands: Commands): FlowView {
  const choice = h("select", { class: "flow-choice", aria: { label: "Flow shown" } });
  const says = h("p", { class: "flow-says", role: "status" });
  const stage = h("div", { class: "flow-stage" });
  const scroll = h("div", { class: "flow-scroll", tabIndex: -1 }, stage);
  const head = h("div", { class: "flow-head" }, choice, says);
  const label = "States of the flow";
  const dom = h(
    "section",
    { class: "flow", data: { pane: "flow" }, aria: { label } },
    head,
    scroll,
  );
  let view: View | null = null;
  let made: { form: Form[]; graph: FlowGraph; drawn: Drawn } | null = null;
  let chosen = "";
  let followed = "";
  choice.addEventListener("change", () => {
    chosen = choice.value;
    if (view) update(view);
  });

  function take(node: FlowNode): void {
    if (!view || !made) return;
    const { selection } = view.state;
    const { here } = now(view, made.graph).get(node.id) ?? { here: [] };
    const known = selection?.kind === "run" ? view.moment.runs.get(selection.run) : undefined;
    const run = known?.flow === made.graph.flow.name ? known : here[0];
    const isStep = run?.steps.some(({ name }) => name === node.step);
    if (run) commands.select({ kind: "run", run: run.id, ...(isStep ? { step: node.step } : {}) });
    if (node.span) commands.reveal(node.span);
  }

  function update(next: View): void {
    view = next;
    const { schema, state } = next;
    const { form } = state.program;
    const { selection } = state;
    // A run that is selected brings its flow; after that the choice is the person's.
    const run = selection?.kind === "run" ? next.moment.runs.get(selection.run) : undefined;
    if (run && followed !== `${run.id}`) chosen = run.flow;
    followed = run ? `${run.id}` : "";
    const flow = schema?.flows.find(({ name }) => name === chosen) ?? schema?.flows[0];
    const declared = form?.find(({ kind, name }) => kind === "flow" && name === flow?.name);
    if (!schema || !form || !flow || !declared) return;
    if (made?.form !== form || made.graph.flow !== flow) {
      const graph = flowGraph(flow, declared);
      const drawn = drawGraph(graph, take);
      made = { form, graph, drawn };
      stage.replaceChildren(drawn.dom);
      choice.replaceChildren(
        ...schema.flows.map(({ name }) => h("option", { set: { value: name } }, name)),
      );
      choice.value = flow.name;
    }
    const runs = [...next.moment.runs.values()].filter((each) => each.flow === flow.name);
    const running = runs.filter(({ status }) => status === "running").length;
    setText(
      says,
      runs.length ? `${countOf(runs.length, "run")}, ${running} going on` : "no run yet",
    );
    made.drawn.show(now(next, made.graph), selection?.kind === "run" ? selection.step : undefined);
  }
  return { dom, update };
}

/** Of all runs of the flow, or of the selected one alone. */
function now({ state, moment }: View, graph: FlowGraph): Map<number, NodeNow> {
  const { selection } = state;
  const run = selection?.kind === "run" ? moment.runs.get(selection.run) : undefined;
  return flowNow(graph, moment, run?.flow === graph.flow.name ? run.id : null);
}

interface Drawn {
  dom: HTMLElement;
  show(now: Map<number, NodeNow>, step: string | undefined): void;
}

function drawGraph(graph: FlowGraph, take: (node: FlowNode) => void): Drawn {
  const layout = layoutFlow(graph);
  const dom = h("div", { class: "flow-graph" });
  dom.style.width = `${layout.width}px`;
  dom.style.height = `${layout.height}px`;
  const rows = new Map(graph.nodes.map((node) => [node.id, nodeButton(node, layout, take)]));
  const dots = h("div", { class: "flow-dots", aria: { hidden: "true" } });
  dom.append(waysOf(layout), ...rows.values(), dots);
  const renderDots = keyedList<{ key: string; node: number; at: number }, HTMLElement>(
    dots,
    ({ key }) => key,
    ({ key }) => h("span", { class: "flow-dot", title: `run ${key.split("/")[0]}` }),
    (dot, { node, at }) => {
      const place = layout.places.get(node) ?? { x: 0, y: 0 };
      const x = place.x + flowBox.width - 16 - 9 * at;
      dot.style.transform = `translate(${x}px, ${place.y + flowBox.height - 11}px)`;
    },
  );
  let seen: number | undefined;
  return {
    dom,
    show(now, step) {
      const all: { key: string; node: number; at: number }[] = [];
      const perRun = new Map<number, number>();
      for (const node of graph.nodes) {
        const at = now.get(node.id);
        const row = rows.get(node.id);
        if (!at || !row) continue;
        row.dataset.standing = at.standing;
        row.toggleAttribute("data-selected", step !== undefined && step === node.step);
        row.setAttribute("aria-label", spoken(node, at));
        const count = row.querySelector(".flow-count");
        if (count) count.textContent = countWords(node, at);
        for (const [index, { id }] of at.here.entries()) {
          // The first dot of a run is the same one all the way: it moves from state to state.
          const nth = perRun.get(id) ?? 0;
          perRun.set(id, nth + 1);
          all.push({ key: `${id}/${nth}`, node: node.id, at: index });
        }
      }
      const first = all[0]?.node;
      if (first !== undefined && first !== seen)
        bringIntoView(dom.closest(".flow-scroll"), rows.get(first));
      seen = first;
      renderDots(all.length > mostDots ? [] : all);
    },
  };
}

/** Within the flow's own pane: the page stays where it is. */
function bringIntoView(scroll: Element | null, row: HTMLElement | undefined): void {
  if (!scroll || !row) return;
  const above = row.offsetTop - 40;
  const below = row.offsetTop + row.offsetHeight + 40 - scroll.clientHeight;
  if (scroll.scrollTop > above || scroll.scrollTop < below)
    scroll.scrollTo({ top: Math.min(above, Math.max(below, row.offsetTop / 2)) });
}

const signs: Record<FlowNode["kind"], string> = {
  start: "▸",
  call: "↗",
  wait: "…",
  choice: "?",
  loop: "↻",
  parallel: "∥",
  try: "±",
  action: "·",
  end: "✓",
  failed: "✗",
  handler: "!",
};

function nodeButton(
  node: FlowNode,
  { places }: FlowLayout,
  take: (node: FlowNode) => void,
): HTMLButtonElement {
  const row = button("", () => take(node), {
    class: "flow-node",
    title: node.words,
    data: { kind: node.kind, step: node.step },
  });
  row.append(
    h("span", { class: "flow-sign", aria: { hidden: "true" } }, signs[node.kind]),
    h("span", { class: "flow-title" }, node.title),
    h("span", { class: "flow-count" }),
  );
  const place = places.get(node.id) ?? { x: 0, y: 0 };
  row.style.left = `${place.x}px`;
  row.style.top = `${place.y}px`;
  row.style.width = `${flowBox.width}px`;
  row.style.height = `${flowBox.height}px`;
  return row;
}

function countWords(node: FlowNode, { here, done, failed }: NodeNow): string {
  if (here.length) return here.length > 1 ? `${here.length} here` : "here";
  if (!node.step && node.title !== "completed") return "";
  return failed ? `✗${failed > 1 ? failed : ""}` : done ? `✓${done > 1 ? done : ""}` : "";
}

const standings: Record<NodeNow["standing"], string> = {
  untouched: "not reached",
  now: "is being done",
  waits: "waits here",
  retries: "will be tried again",
  done: "done",
  failed: "failed",
};

/** All that the picture shows by place, colour and sign. */
function spoken(node: FlowNode, at: NodeNow): string {
  const where = at.here.map(({ key, id }) => key || `run ${id}`).slice(0, 5);
  return [
    node.title === node.words ? node.words : `${node.title}: ${node.words}`,
    node.step ? standings[at.standing] : "",
    where.length ? `here: ${where.join(", ")}` : "",
    at.done > 1 ? `${at.done} times done` : "",
  ]
    .filter((part) => part)
    .join(", ");
}

function waysOf({ ways, width, height }: FlowLayout): SVGElement {
  const parts = ways.flatMap(({ edge, path, label }) => [
    drawn("path", { d: path, class: `flow-way flow-way-${edge.kind}` }),
    arrowOf(path),
    ...(edge.label
      ? [drawn("text", { x: label.x, y: label.y, class: "flow-label" }, edge.label)]
      : []),
  ]);
  return drawn("svg", { class: "flow-ways", width, height, "aria-hidden": "true" }, ...parts);
}

/** Where the last two points of a way lead. */
function arrowOf(path: string): SVGElement {
  const numbers = [...path.matchAll(/-?\d+(\.\d+)?/g)].map(([each]) => Number(each));
  const [fromX = 0, fromY = 0, x = 0, y = 0] = numbers.slice(-4);
  const turn = (Math.atan2(y - fromY, x - fromX) * 180) / Math.PI;
  return drawn("path", {
    d: "M-7 -4L0 0L-7 4Z",
    transform: `translate(${x} ${y}) rotate(${turn})`,
    class: "flow-arrow",
  });
}
