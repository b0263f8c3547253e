// Lines between panes that can be moved.

import { h } from "../dom.ts";

interface SplitterOptions {
  label: string;
  orientation: "vertical" | "horizontal";
  /** Where the line stands, 0 to 100. */
  get(): number;
  set(value: number): void;
  /** The share of the surroundings a pointer's place stands for, 0 to 100. */
  measure(event: PointerEvent): number;
}

export interface Splitter extends HTMLElement {
  /** Says to readers where the line stands now. */
  sync(): void;
}

const step = 2;

/** A line between two panes that is moved by pointer or by arrow keys. */
export function splitter({ label, orientation, get, set, measure }: SplitterOptions): Splitter {
  const dom = h("div", {
    class: `splitter splitter-${orientation}`,
    role: "separator",
    tabIndex: 0,
    aria: { label, orientation, valuemin: "15", valuemax: "85" },
  });
  const move = (value: number) => {
    set(Math.max(15, Math.min(85, value)));
  };
  dom.addEventListener("pointerdown", (event) => {
    dom.setPointerCapture(event.pointerId);
    dom.dataset.moving = "";
    event.preventDefault();
  });
  dom.addEventListener("pointermove", (event) => {
    if (dom.hasPointerCapture(event.pointerId)) move(measure(event));
  });
  dom.addEventListener("pointerup", () => delete dom.dataset.moving);
  dom.addEventListener("keydown", (event) => {
    const by =
      event.key === "ArrowLeft" || event.key === "ArrowUp"
        ? -step
        : event.key === "ArrowRight" || event.key === "ArrowDown"
          ? step
          : 0;
    const end = event.key === "Home" ? 15 : event.key === "End" ? 85 : null;
    if (!by && end === null) return;
    event.preventDefault();
    move(end ?? get() + by);
  });
  return Object.assign(dom, {
    sync: () => dom.setAttribute("aria-valuenow", String(Math.round(get()))),
  });
}
