// The colours of the drawing.

import type { NodeKind } from "reticle";
import type { Band } from "./graph.ts";

/** The drawing's colours, read from the style sheet so that there is one place for them. */
export interface Palette {
  fill: string;
  dead: string;
  edge: string;
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
  danger: string;
  warning: string;
  /** From what did nothing to what did most; all the same where the system imposes its colours. */
  heat: string[];
  group: string;
  groupLine: string;
  bands: Record<Band, string>;
  kinds: Record<NodeKind, string>;
  sans: string;
  mono: string;
}

const isForced = (): boolean => matchMedia("(forced-colors: active)").matches;

/**
 * Colours as the canvas can paint them: those the system imposes come as names, and only an
 * element knows which colours these are.
 */
function colourReader(element: Element): (name: string) => string {
  const style = getComputedStyle(element);
  const plain = (name: string) => style.getPropertyValue(name).trim();
  if (!isForced()) return plain;
  const probe = document.createElement("span");
  element.append(probe);
  queueMicrotask(() => probe.remove());
  return (name) => {
    if (name === "--sans" || name === "--mono") return plain(name);
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
}

export function readPalette(element: Element): Palette {
  const read = colourReader(element);
  const filter = read("--kind-filter"),
    negation = read("--kind-not");
  return {
    fill: read("--node-fill"),
    dead: read("--node-dead"),
    edge: read("--edge"),
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
    danger: read("--danger"),
    warning: read("--warning"),
    heat: [0, 1, 2, 3, 4].map((step) => read(isForced() ? "--node-fill" : `--heat-${step}`)),
    group: read("--net-group"),
    groupLine: read("--net-group-line"),
    bands: {
      types: read("--band-types"),
      tests: read("--band-tests"),
      joins: read("--band-joins"),
      rules: read("--band-rules"),
    },
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
