import type { NodeId, NodeSchema } from "reticle";
import { childrenOf, parentsOf } from "../derive/slices.ts";
import { countOf, kindWords } from "../derive/words.ts";
import { h, keyedList } from "../dom.ts";
import type { NetPicture, NodePicture } from "./picture.ts";
import { letters } from "./shapes.ts";

export interface Twin {
  dom: HTMLElement;
  setProgram(nodes: NodeSchema[]): void;
  setPicture(picture: NetPicture): void;
}

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
  const dom = h("div", { class: "twin", data: { pane: "twin" } }, tree);
  let nodes: NodeSchema[] = [];
  let picture: NetPicture = { nodes: new Map(), path: new Set(), firing: new Set() };
  let current: NodeId | null = null;

  const render = keyedList<NodeSchema, HTMLLIElement>(
    tree,
    ({ id }) => id,
    ({ id }) =>
      h(
        "li",
        { class: "twin-node", role: "treeitem", tabIndex: -1, data: { node: String(id) } },
        h("span", { class: "twin-letter", aria: { hidden: "true" } }),
        h("span", { class: "twin-words" }),
        h("span", { class: "twin-count" }),
        h("span", { class: "twin-did" }),
      ),
    (element, node) => {
      const shown = picture.nodes.get(node.id);
      if (!shown) return;
      const [letter, words, count, did] = element.children;
      if (letter) {
        letter.textContent = letters[node.kind];
        letter.className = `twin-letter kind-${node.kind.replace(" group", "")}`;
      }
      if (words) words.textContent = wordsOf(shown);
      if (did) did.textContent = shown.did;
      if (count) count.textContent = String(shown.count);
      element.setAttribute("aria-level", String(node.layer + 1));
      element.style.setProperty("--level", String(Math.min(8, node.layer)));
      element.setAttribute("aria-selected", String(shown.selected));
      element.setAttribute("aria-label", spoken(node, shown));
      element.toggleAttribute("data-touched", shown.touched);
      element.toggleAttribute("data-path", shown.onPath || picture.firing.has(node.id));
      element.toggleAttribute("data-idle", !shown.everActive);
      element.tabIndex = (current ?? nodes[0]?.id) === node.id ? 0 : -1;
    },
  );

  function spoken(node: NodeSchema, shown: NodePicture): string {
    const from = parentsOf(node)
      .map((id) => picture.nodes.get(id)?.label)
      .filter((label) => label !== undefined);
    return [
      `${kindWords[node.kind]} ${shown.label}`,
      `holds ${countOf(shown.count, "match", "matches")}`,
      shown.shared > 1 ? `shared by ${shown.shared} rules` : "",
      shown.ready ? `${shown.ready} ready to fire` : "",
      shown.fired ? `fired ${shown.fired} times` : "",
      shown.did,
      shown.touched ? "changed now" : "",
      shown.everActive ? "" : "never reached",
      from.length ? `reads ${from.join(" and ")}` : "",
    ]
      .filter((part) => part)
      .join(", ");
  }

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
    const index = nodes.findIndex(({ id }) => id === current),
      node = nodes[index];
    const next =
      event.key === "ArrowDown"
        ? nodes[index + 1]
        : event.key === "ArrowUp"
          ? nodes[index - 1]
          : event.key === "Home"
            ? nodes[0]
            : event.key === "End"
              ? nodes.at(-1)
              : event.key === "ArrowRight" && node
                ? byId(childrenOf(nodes).get(node.id)?.[0])
                : event.key === "ArrowLeft" && node
                  ? byId(parentsOf(node)[0])
                  : event.key === "Enter" || event.key === " "
                    ? node
                    : event.key.length === 1 && !event.ctrlKey && !event.metaKey
                      ? startingWith(event.key, index)
                      : undefined;
    if (!next) return;
    event.preventDefault();
    go(next.id);
  });

  function byId(id: NodeId | undefined): NodeSchema | undefined {
    return nodes.find((node) => node.id === id);
  }
  function startingWith(letter: string, after: number): NodeSchema | undefined {
    const turned = [...nodes.slice(after + 1), ...nodes.slice(0, after + 1)];
    return turned.find(({ id }) =>
      picture.nodes.get(id)?.label.toLowerCase().startsWith(letter.toLowerCase()),
    );
  }
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
      nodes = [...next].sort((a, b) => a.layer - b.layer || a.id - b.id);
      if (!byId(current ?? -1)) current = null;
    },
    setPicture(next) {
      picture = next;
      render(nodes);
    },
  };
}

function wordsOf(node: NodePicture): string {
  return `${node.label} — ${node.note}`;
}
