// The palette: every command, example, rule and type by a few letters.

import "./palette.css";
import { h } from "../dom.ts";
import { findCommands } from "../state/registry.ts";
import { openDialog } from "./dialogs.ts";

export interface PaletteItem {
  title: string;
  group: string;
  keys?: string;
  run(): void;
}

const mostShown = 60;

/** Opens it. Arrow keys choose, Enter does it, Escape leaves; the focus goes back where it was. */
export function openPalette(items: PaletteItem[]): void {
  const input = h("input", {
    class: "palette-input",
    role: "combobox",
    aria: {
      label: "Command",
      controls: "palette-list",
      expanded: "true",
      autocomplete: "list",
    },
    set: { spellcheck: "false", placeholder: "What do you want to do?", autocomplete: "off" },
  });
  const list = h("ul", {
    class: "palette-list",
    role: "listbox",
    aria: { label: "Commands" },
    set: { id: "palette-list" },
  });
  let found: PaletteItem[] = [];
  let chosen = 0;
  const accept = (item: PaletteItem | undefined) => {
    if (!item) return;
    close();
    item.run();
  };
  const mark = () => {
    for (const [at, row] of [...list.children].entries()) {
      row.setAttribute("aria-selected", String(at === chosen));
      if (at === chosen) row.scrollIntoView({ block: "nearest" });
    }
    const row = list.children[chosen];
    input.setAttribute("aria-activedescendant", row?.id ?? "");
  };
  const show = () => {
    found = findCommands(items, input.value).slice(0, mostShown);
    chosen = 0;
    list.replaceChildren(
      ...found.map((item, at) =>
        h(
          "li",
          {
            class: "palette-item",
            role: "option",
            set: { id: `palette-${at}` },
            on: { click: () => accept(item) },
          },
          h("span", {}, item.title),
          item.keys ? h("kbd", {}, item.keys) : null,
          h("span", { class: "palette-group" }, item.group),
        ),
      ),
      ...(found.length ? [] : [h("li", { class: "palette-none" }, "Nothing is called that.")]),
    );
    mark();
  };
  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (event.key === "Enter") {
      event.preventDefault();
      accept(found[chosen]);
    }
    if (!by || !found.length) return;
    event.preventDefault();
    chosen = (chosen + by + found.length) % found.length;
    mark();
  });
  const close = openDialog("Commands", [input, list]);
  show();
  input.focus();
}
