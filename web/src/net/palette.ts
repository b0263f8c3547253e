// The colours of the drawing.

import type { NodeKind } from "reticle";

/** The drawing's colours, read from the style sheet so that there is one place for them. */
export interface Palette {
  fill: string;
  dead: string;
  edge: string;
  dot: string;
  ink: string;
  soft: string;
  faint: string;
  line: string;
  accent: string;
  accentSoft: string;
  accentInk: string;
  glow: string;
  glowInk: string;
  ready: string;
  readySoft: string;
  pane: string;
  kinds: Record<NodeKind, string>;
  sans: string;
  mono: string;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const filter = read("--kind-filter"),
    negation = read("--kind-not");
  return {
    fill: read("--node-fill"),
    dead: read("--node-dead"),
    edge: read("--edge"),
    dot: read("--dot"),
    ink: read("--ink"),
    soft: read("--ink-soft"),
    faint: read("--ink-faint"),
    line: read("--line-strong"),
    accent: read("--accent"),
    accentSoft: read("--accent-soft"),
    accentInk: read("--accent-ink"),
    glow: read("--glow"),
    glowInk: read("--glow-ink"),
    ready: read("--ready"),
    readySoft: read("--ready-soft"),
    pane: read("--pane-soft"),
    sans: read("--sans"),
    mono: read("--mono"),
    kinds: {
      type: read("--kind-type"),
      test: read("--kind-test"),
      newest: read("--kind-test"),
      join: read("--kind-join"),
      not: negation,
      exists: read("--kind-join"),
      "not group": negation,
      "exists group": read("--kind-join"),
      either: read("--kind-join"),
      accumulate: read("--kind-accumulate"),
      each: filter,
      let: filter,
      filter,
      wait: filter,
      since: filter,
      end: read("--kind-join"),
      production: read("--kind-production"),
    },
  };
}
