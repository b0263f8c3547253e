// Finds nodes of the network by name, kind, property or number; with nothing typed, the fullest.

import type { NodeId } from "reticle";
import { button, h } from "../dom.ts";
import type { NetPicture, NodePicture } from "../net/picture.ts";
import { icon } from "./icons.ts";

interface NetSearch {
  dom: HTMLElement;
  open(): void;
  setPicture(picture: NetPicture): void;
}

const mostFound = 12;

/** Those whose words begin with what is typed come first. */
function findNodes(picture: NetPicture, text: string): NodePicture[] {
  const wanted = text.trim().toLowerCase();
  const all = [...picture.nodes.values()];
  if (!wanted)
    return all
      .filter(({ count }) => count)
      .sort((a, b) => (b.count ?? 0) - (a.count ?? 0) || a.id - b.id)
      .slice(0, mostFound);
  const rank = ({ id, label, note, kind }: NodePicture): number => {
    const name = label.toLowerCase();
    if (wanted === `#${id}` || name === wanted) return 0;
    if (name.startsWith(wanted)) return kind === "production" ? 1 : 2;
    if (name.includes(wanted)) return 3;
    return `${note} ${kind}`.toLowerCase().includes(wanted) ? 4 : -1;
  };
  return all
    .map((node) => ({ node, rank: rank(node) }))
    .filter((each) => each.rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.node.id - b.node.id)
    .slice(0, mostFound)
    .map(({ node }) => node);
}

export function netSearch(pick: (node: NodeId) => void, leave: () => void): NetSearch {
  const field = h("input", {
    class: "net-search-field",
    role: "combobox",
    aria: { label: "Search the network", controls: "net-found", expanded: "true" },
    set: { type: "text", placeholder: "Rule, type, test, #node", autocomplete: "off" },
  });
  field.setAttribute("aria-autocomplete", "list");
  const says = h("p", { class: "net-search-says" });
  const list = h("ul", {
    class: "net-found",
    role: "listbox",
    set: { id: "net-found" },
    aria: { label: "Nodes found" },
  });
  const shut = button("", close, { class: "icon-button", aria: { label: "Close the search" } });
  shut.append(icon("close"));
  const head = h("div", { class: "net-search-head" }, icon("search"), field, shut);
  const dom = h("div", { class: "net-search", role: "search", hidden: true }, head, says, list);
  let picture: NetPicture | null = null;
  let found: NodePicture[] = [];
  let current = 0;

  function close(): void {
    dom.hidden = true;
    leave();
  }
  function take(node: NodePicture | undefined): void {
    if (!node) return;
    dom.hidden = true;
    leave();
    pick(node.id);
  }
  function render(): void {
    found = picture ? findNodes(picture, field.value) : [];
    current = Math.min(current, Math.max(0, found.length - 1));
    says.textContent = field.value.trim()
      ? found.length
        ? ""
        : "No node is called that."
      : "The fullest nodes";
    list.replaceChildren(...found.map(row));
    mark();
  }
  function mark(): void {
    for (const [index, item] of [...list.children].entries())
      item.setAttribute("aria-selected", String(index === current));
    const item = list.children[current];
    if (item) field.setAttribute("aria-activedescendant", item.id);
    else field.removeAttribute("aria-activedescendant");
    item?.scrollIntoView({ block: "nearest" });
  }
  function row(node: NodePicture): HTMLElement {
    const words = [node.note, node.holds && `holds ${node.holds}`];
    return h(
      "li",
      { role: "option", set: { id: `net-found-${node.id}` }, on: { click: () => take(node) } },
      h("span", { class: `twin-letter kind-${node.kind.replace(" group", "")}` }, node.sign),
      h("span", { class: "net-found-label" }, node.label),
      h("span", { class: "net-found-note" }, words.filter((part) => part).join(" · ")),
    );
  }
  field.addEventListener("input", () => {
    current = 0;
    render();
  });
  dom.addEventListener("keydown", (event) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by) {
      current = (current + by + found.length) % Math.max(1, found.length);
      mark();
    } else if (event.key === "Enter" && event.target === field) take(found[current]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return {
    dom,
    open() {
      dom.hidden = false;
      current = 0;
      field.value = "";
      render();
      field.focus();
    },
    setPicture(next) {
      picture = next;
      if (!dom.hidden) render();
    },
  };
}
