// One line that says what this page is, and what the example shows.

import "./about-pane.css";
import type { Pane } from "../dom.ts";
import { button, h, setText } from "../dom.ts";
import { recall, remember } from "../state/storage.ts";
import type { View } from "../state/view.ts";

const saysWhat =
  "Reticle is a rule engine you can look inside. The rules become a network; facts run through " +
  "it from left to right, and a match that arrives at its right edge fires its rule.";

/** Stands below the bar. Once read it can be made one line high; that is remembered. */
export function aboutPane(): Pane<View> {
  const example = h("p", { class: "about-example" });
  const toggle = button("Less", () => shorten(!dom.hasAttribute("data-short")), {
    class: "link about-toggle",
  });
  const dom = h(
    "section",
    { class: "about", aria: { label: "What this is" }, data: { pane: "about" } },
    h("p", { class: "about-what" }, saysWhat),
    example,
    toggle,
  );
  function shorten(isShort: boolean): void {
    dom.toggleAttribute("data-short", isShort);
    toggle.textContent = isShort ? "More" : "Less";
    toggle.setAttribute("aria-expanded", String(!isShort));
    remember("about", isShort ? "short" : "long");
  }
  const known = recall("about");
  // A small screen has no room for what can be asked for.
  shorten(known === "short" || (known === null && innerWidth < 900));
  return {
    dom,
    update({ state }) {
      const { title, paragraph } = state.project;
      setText(example, paragraph ? `${title}. ${paragraph}` : "");
      example.hidden = !paragraph;
    },
  };
}
