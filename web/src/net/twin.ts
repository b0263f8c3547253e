// The network as a list in words: its text twin.

import type { NodeId, NodeSchema } from "reticle";
import { childrenOf, parentsOf } from "../derive/slices.ts";
import { grouped, kindWordsOf } from "../derive/words.ts";
import { h, keyedList } from "../dom.ts";
import type { NetPicture, NodePicture } from "./picture.ts";
import { emptyPicture } from "./picture.ts";

interface Twin {
  dom: HTMLElement;
  setProgram(nodes: NodeSchema[]): void;
  setPicture(picture: NetPicture): void;
}

/** More rows than this take longer to make than anybody would read them. */
const mostRows = 200;

/**
 * The network in words: the same nodes, counts and marks as the canvas. Up and down walk the list,
 * left and right walk along the edges, Home and End go to its ends, letters find a label.
 */
export function twin(pick: (node: NodeId) => void): Twin {
  const tree = h("ul", {
    class: "twin-tree",
    role: "tree",
    aria: { label: "Nodes of the network" },
  });
  const rest = h("p", { class: "twin-rest", hidden: true });
  const dom = h("div", { class: "twin", data: { pane: "twin" } }, tree, rest);
  let all: NodeSchema[] = [];
  let nodes: NodeSchema[] = [];
  let picture = emptyPicture;
  let current: NodeId | null = null;
  /** What each row shows: as long as it is the same there is nothing to write. */
  const written = new WeakMap<HTMLLIElement, { shown: NodePicture | undefined; firing: boolean }>();

  const render = keyedList<NodeSchema, HTMLLIElement>(
    tree,
    ({ id }) => id,
    makeRow,
    (row, node) => {
      const shown = picture.nodes.get(node.id);
      const firing = picture.firing.has(node.id);
      const before = written.get(row);
      if (before?.shown !== shown || before?.firing !== firing) drawRow(row, node, picture);
      written.set(row, { shown, firing });
      row.tabIndex = (current ?? nodes[0]?.id) === node.id ? 0 : -1;
    },
  );

  tree.addEventListener("click", (event) => {
    const item =
      event.target instanceof Element ? event.target.closest<HTMLElement>("[data-node]") : null;
    if (item) go(Number(item.dataset.node));
  });
  tree.addEventListener("focusin", (event) => {
    const item = event.target instanceof HTMLElement ? event.target.dataset.node : undefined;
    if (item !== undefined) current = Number(item);
  });
  tree.addEventListener("keydown", (event) => {
    const next = nodeByKey(event, nodes, current, picture);
    if (!next) return;
    event.preventDefault();
    go(next.id);
  });

  function go(id: NodeId): void {
    current = id;
    for (const item of tree.querySelectorAll<HTMLElement>("[data-node]"))
      item.tabIndex = Number(item.dataset.node) === id ? 0 : -1;
    tree.querySelector<HTMLElement>(`[data-node="${id}"]`)?.focus();
    pick(id);
  }

  return {
    dom,
    setProgram(next) {
      all = [...next].sort((a, b) => a.layer - b.layer || a.id - b.id);
      nodes = all;
      if (!nodes.some(({ id }) => id === current)) current = null;
    },
    setPicture(next) {
      picture = next;
      nodes = rowsOf(all, picture);
      rest.hidden = nodes.length === all.length;
      rest.textContent =
        `${nodes.length} of ${grouped(all.length)} nodes. ` +
        "Select a rule, or search with /, to list its part of the network.";
      render(nodes);
    },
  };
}

/** All of them; of very many those that belong to the selection, or else the first. */
function rowsOf(all: NodeSchema[], { path }: NetPicture): NodeSchema[] {
  if (all.length <= mostRows) return all;
  const chosen = path.size ? all.filter(({ id }) => path.has(id)) : all;
  return chosen.slice(0, mostRows);
}

function makeRow({ id }: NodeSchema): HTMLLIElement {
  return h(
    "li",
    { class: "twin-node", role: "treeitem", tabIndex: -1, data: { node: String(id) } },
    h("span", { class: "twin-letter", aria: { hidden: "true" } }),
    h("span", { class: "twin-words" }),
    h("span", { class: "twin-count" }),
    h("span", { class: "twin-did" }),
  );
}

function drawRow(row: HTMLLIElement, node: NodeSchema, picture: NetPicture): void {
  const shown = picture.nodes.get(node.id);
  if (!shown) return;
  const [letter, words, count, did] = row.children;
  if (letter) {
    letter.textContent = shown.sign;
    letter.className = `twin-letter kind-${node.kind.replace(" group", "")}`;
  }
  if (words) words.textContent = `${shown.label} — ${shown.note}`;
  if (did) did.textContent = shown.did;
  if (count) count.textContent = shown.count === null ? "" : String(shown.count);
  row.setAttribute("aria-level", String(node.layer + 1));
  row.style.setProperty("--level", String(Math.min(8, node.layer)));
  row.setAttribute("aria-selected", String(shown.selected));
  row.setAttribute("aria-label", spoken(node, shown, picture));
  row.toggleAttribute("data-touched", shown.touched);
  row.toggleAttribute("data-path", shown.onPath || picture.firing.has(node.id));
  row.toggleAttribute("data-finding", shown.findings.length > 0);
  row.toggleAttribute("data-idle", !shown.everActive);
}

/** All that the row and the drawing show by colour and place. */
function spoken(node: NodeSchema, shown: NodePicture, picture: NetPicture): string {
  const from = parentsOf(node)
    .map((id) => picture.nodes.get(id)?.label)
    .filter((label) => label !== undefined);
  return [
    `${kindWordsOf(node)} ${shown.label}`,
    shown.holds && `holds ${shown.holds}`,
    shown.shared > 1 ? `shared by ${shown.shared} rules` : "",
    shown.ready ? `${shown.ready} ready to fire` : "",
    shown.fired ? `fired ${shown.fired} times` : "",
    shown.did,
    shown.stopsFact ? "here the selected fact was stopped" : "",
    shown.findings.length ? `found: ${shown.findings.join("; ")}` : "",
    shown.touched ? "changed now" : "",
    shown.everActive ? "" : "never reached",
    from.length ? `reads ${from.join(" and ")}` : "",
  ]
    .filter((part) => part)
    .join(", ");
}

/** Where a key leads from the current node; undefined for keys that lead nowhere. */
function nodeByKey(
  { key, ctrlKey, metaKey }: KeyboardEvent,
  nodes: NodeSchema[],
  current: NodeId | null,
  picture: NetPicture,
): NodeSchema | undefined {
  const byId = (id: NodeId | undefined) => nodes.find((node) => node.id === id);
  const index = nodes.findIndex(({ id }) => id === current);
  const node = nodes[index];
  switch (key) {
    case "ArrowDown":
      return nodes[index + 1];
    case "ArrowUp":
      return nodes[index - 1];
    case "Home":
      return nodes[0];
    case "End":
      return nodes.at(-1);
    case "ArrowRight":
      return node && byId(childrenOf(nodes).get(node.id)?.[0]);
    case "ArrowLeft":
      return node && byId(parentsOf(node)[0]);
    case "Enter":
    case " ":
      return node;
  }
  if (key.length !== 1 || ctrlKey || metaKey) return undefined;
  const turned = [...nodes.slice(index + 1), ...nodes.slice(0, index + 1)];
  return turned.find(({ id }) =>
    picture.nodes.get(id)?.label.toLowerCase().startsWith(key.toLowerCase()),
  );
}
