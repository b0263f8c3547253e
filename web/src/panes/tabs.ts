// Tabs.

import { h } from "../dom.ts";
import type { View } from "../state/view.ts";

export interface Tab<Name extends string> {
  name: Name;
  title: string;
  content: HTMLElement;
  /** How much there is, beside the title; empty where there is nothing to say. */
  badge?(view: View): string;
  /** Whether there is a use for it; the tab that is open stays. */
  when?(view: View): boolean;
}
export interface Tabs<Name extends string> {
  list: HTMLElement;
  panels: HTMLElement;
  update(current: Name, view: View): void;
}

/** For a badge that says nothing of none. */
export function countOrNone(count: number): string {
  return count ? String(count) : "";
}

interface Part<Name extends string> {
  tab: Tab<Name>;
  head: HTMLElement;
  panel: HTMLElement;
  count: HTMLElement;
}

/**
 * A row of tabs and their panels: arrow keys walk the row, only the current tab is in the tab
 * order.
 */
export function tabs<Name extends string>(
  label: string,
  all: Tab<Name>[],
  choose: (name: Name) => void,
): Tabs<Name> {
  const list = h("div", { class: "tabs", role: "tablist", aria: { label } });
  const panels = h("div", { class: "tab-panels" });
  /** The next tab in that direction that is shown; round the end. */
  const beside = (index: number, by: number): Tab<Name> | undefined => {
    const { length } = all;
    const order = all.map((_, step) => (((index + by * (step + 1)) % length) + length) % length);
    return order.map((at) => parts[at]).find((part) => part && !part.head.hidden)?.tab;
  };
  const parts: Part<Name>[] = all.map((tab, index) => {
    const id = `${label.replaceAll(" ", "-")}-${tab.name}`;
    const count = h("span", { class: "tab-count" });
    const head = h(
      "button",
      {
        class: "tab",
        role: "tab",
        set: { id: `tab-${id}`, type: "button" },
        aria: { controls: `panel-${id}` },
        data: { tab: tab.name },
      },
      tab.title,
      count,
    );
    const panel = h(
      "div",
      {
        class: "tab-panel",
        role: "tabpanel",
        set: { id: `panel-${id}` },
        aria: { labelledby: `tab-${id}` },
      },
      tab.content,
    );
    head.addEventListener("click", () => choose(tab.name));
    head.addEventListener("keydown", (event) => {
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      const next = by ? beside(index, by) : undefined;
      if (!next) return;
      event.preventDefault();
      choose(next.name);
      list.querySelector<HTMLElement>(`[data-tab="${next.name}"]`)?.focus();
    });
    list.append(head);
    panels.append(panel);
    return { tab, head, panel, count };
  });
  return {
    list,
    panels,
    update(current, view) {
      for (const { tab, head, panel, count } of parts) {
        const isCurrent = tab.name === current;
        head.hidden = !isCurrent && tab.when?.(view) === false;
        head.setAttribute("aria-selected", String(isCurrent));
        head.tabIndex = isCurrent ? 0 : -1;
        panel.hidden = !isCurrent;
        const text = tab.badge?.(view) ?? "";
        if (count.textContent !== text) count.textContent = text;
      }
    },
  };
}
