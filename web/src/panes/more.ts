// What a list leaves out is said where it ends.

import "./more.css";
import { countOf, grouped } from "../derive/words.ts";
import { button, h } from "../dom.ts";

/** Where a list begins in the middle. */
export function olderLine(left: number): HTMLElement | null {
  return left > 0
    ? h("p", { class: "more" }, `${countOf(left, "older one is", "older ones are")} left out`)
    : null;
}

/** "and 12 more", or nothing where nothing is left out; with `press` a button that shows more. */
export function moreLine(left: number, press?: () => void): HTMLElement | null {
  if (left <= 0) return null;
  const words = `and ${grouped(left)} more`;
  return h("p", { class: "more" }, press ? button(words, press, { class: "link" }) : words);
}
