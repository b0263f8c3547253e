// The network, drawn and in words, with its tools.

import "./net-pane.css";
import type { Counters, ProgramSchema } from "reticle";
import { holdings } from "../derive/near.ts";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import type { NetImages, NetView } from "../net/net-view.ts";
import { netView } from "../net/net-view.ts";
import type { NetPicture } from "../net/picture.ts";
import { drawnOf, pictureOf } from "../net/picture.ts";
import { twin } from "../net/twin.ts";
import type { Commands } from "../state/commands.ts";
import { currentAnswers } from "../state/questions.ts";
import type { View } from "../state/view.ts";
import { flowsBeside } from "./flow-view.ts";
import type { IconName } from "./icons.ts";
import { icon } from "./icons.ts";
import { netLegend } from "./net-legend.ts";
import { netSearch } from "./net-search.ts";
import { slowMotion } from "./net-slow.ts";

interface NetPane extends Pane<View> {
  search(): void;
  applyTheme(): void;
  /** The picture, to be taken away. */
  images: NetImages;
  /** For the pane's head: what is shown, and the tools to move in it. */
  head: HTMLElement;
}

const staleWords = "These rules do not compile: this is the network of the last ones that did.";
const emptyWords = "Write a rule and its network is drawn here.";

/** The network twice: drawn, and as a list that says the same. */
export function netPane(commands: Commands): NetPane {
  let view: View | null = null;
  const pick = (node: number | null) => {
    if (node === null) return commands.select(null);
    const found = view?.schema?.network.nodes[node];
    const rule = found?.kind === "production" ? found.rules[0] : undefined;
    commands.select(rule === undefined ? { kind: "node", node } : { kind: "rule", rule });
  };
  const drawing = netView(pick);
  const list = twin(pick);
  const legend = netLegend();
  const slow = slowMotion(commands, drawing);
  const find = netSearch(pick, () => drawing.focus());
  const stale = h("p", { class: "net-stale", role: "note", hidden: true }, staleWords);
  const empty = h("p", { class: "net-empty", hidden: true }, emptyWords);
  const title = h("span", { class: "net-says" });
  const toggle = listTool(() => dom);
  const counts = "Show what each node has done: by colour, and in words what came and was made";
  const count = tool("count", counts, () => {
    if (view) commands.count(!view.state.counting);
  });
  const slowly = tool("slow", "The last input in slow motion", () => slow.toggle());
  const signs = tool("legend", "Show what the signs mean", () => {
    legend.toggle();
    signs.setAttribute("aria-pressed", String(legend.isShown()));
  });
  signs.setAttribute("aria-pressed", String(legend.isShown()));
  const flowTool = tool("flow", "Show the flows beside the network", () => flows.toggle());
  const flows = flowsBeside(commands, flowTool, (isShown) =>
    dom.toggleAttribute("data-flows", isShown),
  );
  const searches = tool("search", "Search the network (/)", () => find.open());
  const head = headOf(title, [flowTool, slowly, searches, toggle, count, signs], drawing);
  const shown = [drawing.dom, flows.dom, list.dom, stale, empty, find.dom];
  const picture = h("div", { class: "net-picture" }, ...shown);
  const parts = [picture, slow.dom, legend.dom];
  const dom = h("div", { class: "net", data: { pane: "net" } }, ...parts);
  searchOnSlash(dom, () => find.open());
  let generation = -1,
    revision = -1,
    position = -1;
  let drawn = "";
  function update(next: View): void {
    view = next;
    const { state, schema } = next;
    flows.update(next);
    slow.update(next);
    legend.update(next);
    slowly.setAttribute("aria-pressed", String(slow.isOpen()));
    count.setAttribute("aria-pressed", String(state.counting));
    stale.hidden = !state.program.stale || schema === null;
    empty.hidden = schema !== null && schema.network.nodes.length > 0;
    dom.toggleAttribute("data-stale", state.program.stale);
    setText(title, schema ? sizeWords(schema) : "");
    const counters = state.counting && state.live ? currentAnswers(state).counters : null;
    const now =
      `${counters ? state.answers.at : state.counting} ${state.program.generation} ` +
      `${state.revision} ${state.position} ${state.from} ${JSON.stringify(state.selection)} ` +
      `${currentAnswers(state).paths.size} ${state.program.diagnostics.length}`;
    if (!schema || now === drawn) return;
    drawn = now;
    const picture = pictureNow(next, schema, counters);
    if (state.program.generation !== generation) {
      generation = state.program.generation;
      drawing.setProgram(schema);
      list.setProgram(drawnOf(schema).graph.nodes.map(({ node }) => node));
      revision = -1;
    }
    drawing.setPicture(picture);
    list.setPicture(picture);
    find.setPicture(picture);
    if (state.revision !== revision || state.position !== position) {
      const isNewer = state.position > position || state.revision !== revision;
      if (isNewer && !slow.isOpen())
        drawing.play(state.timeline.records, Math.min(state.from, state.position), state.position);
      revision = state.revision;
      position = state.position;
    }
  }
  return {
    dom,
    head,
    search: () => find.open(),
    applyTheme: () => drawing.repaint(),
    images: drawing,
    update,
    dispose: () => drawing.dispose(),
  };
}

function searchOnSlash(dom: HTMLElement, open: () => void): void {
  dom.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    event.stopPropagation();
    open();
  });
}

function listTool(net: () => HTMLElement): HTMLButtonElement {
  const made = tool("list", "Show the nodes as a list", () => {
    net().toggleAttribute("data-list");
    made.setAttribute("aria-pressed", String(net().hasAttribute("data-list")));
  });
  made.setAttribute("aria-pressed", "false");
  return made;
}

function headOf(title: HTMLElement, shows: HTMLElement[], drawing: NetView): HTMLElement {
  return h(
    "div",
    { class: "net-head" },
    title,
    h(
      "div",
      { class: "net-tools", role: "group", aria: { label: "Network view" } },
      ...shows,
      tool("minus", "Smaller", () => drawing.zoomBy(0.8)),
      tool("plus", "Larger", () => drawing.zoomBy(1.25)),
      tool("fit", "Fit the whole network (0)", () => drawing.fit()),
    ),
  );
}

function sizeWords(schema: ProgramSchema): string {
  const nodes = drawnOf(schema).graph.nodes.length;
  return `${nodes} nodes · ${schema.rules.length} ${schema.rules.length === 1 ? "rule" : "rules"}`;
}

/** What the nodes show. Changed now is what changed since the last firing or input. */
function pictureNow(view: View, schema: ProgramSchema, counters: Counters | null): NetPicture {
  const { state, moment } = view;
  const begin = Math.max(state.from, state.timeline.previousBoundary(state.position));
  const firing = lastFiring(view, state.live ? begin : state.position - 1);
  const since = Math.max(begin, (firing?.position ?? 0) - 1);
  const firedRule = firing?.rule ?? null;
  const held = () => holdings(state.timeline.records, state.position);
  const { selection } = state;
  const diagnostics = state.program.stale ? [] : state.program.diagnostics;
  const isFact = state.live && selection?.kind === "fact";
  const found = isFact ? currentAnswers(state).paths.get(selection.fact) : undefined;
  return pictureOf({
    schema,
    moment,
    selection,
    since,
    firedRule,
    found,
    held,
    counters,
    diagnostics,
  });
}

/**
 * The last firing after a position, up to the one shown: its path is lit, and what changed since
 * counts as changed now.
 */
function lastFiring({ state }: View, after: number): { rule: number; position: number } | null {
  for (let index = state.position - 1; index >= after; index--) {
    const record = state.timeline.records[index];
    if (record?.kind === "fire") return { rule: record.rule, position: index + 1 };
  }
  return null;
}

function tool(name: IconName, label: string, press: () => void): HTMLButtonElement {
  const made = button("", press, { class: "icon-button", title: label, aria: { label } });
  made.append(icon(name));
  return made;
}
