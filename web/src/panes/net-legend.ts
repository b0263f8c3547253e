// What the signs in the network mean.

import type { ProgramSchema } from "reticle";
import { findingsOf } from "../derive/findings.ts";
import { countOf, kindWordsOf } from "../derive/words.ts";
import type { Pane } from "../dom.ts";
import { h } from "../dom.ts";
import { drawnOf, mostActivations } from "../net/picture.ts";
import { signOf } from "../net/shapes.ts";
import { currentAnswers } from "../state/questions.ts";
import { recall, remember } from "../state/storage.ts";
import type { View } from "../state/view.ts";

export interface Legend extends Pane<View> {
  toggle(): void;
  isShown(): boolean;
}

/** One line below the picture; only the kinds that this network has. */
export function netLegend(): Legend {
  const dom = h("ul", { class: "net-legend", aria: { label: "What the signs mean" } });
  // On a small screen the picture needs the room.
  dom.hidden = recall("legend") === false || (recall("legend") === null && innerWidth < 600);
  let drawn: unknown[] = [];
  return {
    dom,
    isShown: () => !dom.hidden,
    toggle() {
      dom.hidden = !dom.hidden;
      remember("legend", !dom.hidden);
    },
    update({ schema, state }) {
      const { diagnostics } = state.program;
      const counters = state.counting && state.live ? currentAnswers(state).counters : null;
      const now = [schema, diagnostics, counters];
      if (drawn.length && now.every((each, at) => each === drawn[at])) return;
      drawn = now;
      const hasFindings = schema !== null && findingsOf(schema, diagnostics).size > 0;
      dom.replaceChildren(...(schema ? [...kinds(schema), ...marks(schema)] : []));
      if (schema && counters) dom.append(heatEntry(mostActivations(schema, counters)));
      if (hasFindings) dom.append(entry("!", "finding", "The compiler has found something out"));
    },
  };
}

function entry(sign: HTMLElement | string, words: string, title: string): HTMLElement {
  const shown =
    typeof sign === "string"
      ? h("span", { class: "net-legend-sign", aria: { hidden: "true" } }, sign)
      : sign;
  return h("li", { title }, shown, words);
}

/** The colours of what nodes have done, from none to the most. */
function heatEntry(most: number): HTMLElement {
  const step = (at: number) => {
    const made = h("span", { class: "net-heat-step" });
    made.style.background = `var(--heat-${at})`;
    return made;
  };
  const scale = h("span", { class: "net-heat", aria: { hidden: "true" } });
  scale.append(...[0, 1, 2, 3, 4].map(step));
  const says = "How often something came to the node, by the logarithm; its words say what came";
  return entry(scale, `0 to ${countOf(most, "activation")}`, says);
}

function kinds(schema: ProgramSchema): HTMLElement[] {
  const seen = new Map<string, HTMLElement>();
  for (const { node } of [...drawnOf(schema).graph.nodes].sort((a, b) => a.column - b.column)) {
    const words = kindWordsOf(node);
    if (seen.has(words)) continue;
    const item = entry(signOf(node), shortWords[words] ?? words, says[words] ?? words);
    item.querySelector("span")?.classList.add(`kind-${node.kind.replace(" group", "")}`);
    seen.set(words, item);
  }
  return [...seen.values()];
}

const shortWords: { [words: string]: string } = {
  "fact type": "type",
  "first pattern": "first",
  negation: "not",
  accumulation: "accumulate",
  existence: "exists",
};
const says: { [words: string]: string } = {
  "fact type": "All facts of a type",
  test: "Keeps the facts of which a test on their own fields is true",
  "first pattern": "Makes a match of each fact that comes: a join with one input joins nothing",
  join: "Pairs each match from the left with each fact from the right where its test holds",
  negation: "Lets a match through while nothing on the right fits it",
  accumulation: "Makes one value of all that its group finds for a match",
  filter: "Lets a match through while its test holds",
  rule: "A match that arrives here makes the rule ready to fire",
};

function marks(schema: ProgramSchema): HTMLElement[] {
  const { graph } = drawnOf(schema);
  const mark = (name: string) =>
    h("span", { class: `net-legend-mark net-mark-${name}`, aria: { hidden: "true" } });
  const has = (side: string) =>
    graph.nodes.some(({ inputs }) => inputs.some((i) => i.side === side));
  return [
    has("left") ? entry(mark("left"), "left input", "Matches so far come in here") : null,
    has("right")
      ? entry(mark("right"), "right input", "Facts come in here, or what a group has found")
      : null,
    entry(mark("count"), "holds", "How many facts or matches it holds; the bar compares nodes"),
    graph.nodes.some(({ node }) => node.rules.length > 1 && node.kind !== "production")
      ? entry(mark("shared"), "shared", "Several rules share the node: its tests are made once")
      : null,
    graph.groups.length
      ? entry(mark("group"), "group", "The inside of an accumulate, a not or an exists")
      : null,
    entry(mark("touched"), "changed", "Changed by what is shown"),
  ].filter((item) => item !== null);
}
