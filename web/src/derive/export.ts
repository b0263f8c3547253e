// What can be taken away from the page as text.

import type { NodeKind, ProgramSchema } from "reticle";
import { nodeLabel, shownNodes } from "./labels.ts";
import { parentsOf } from "./slices.ts";
import { escaped } from "./words.ts";

/** Letters, digits and what file names stand everywhere. */
export function fileName(title: string, ending: string): string {
  const name = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
  return `${name || "rules"}.${ending}`;
}

/** The network as a Mermaid flowchart: what comes in stands on the left, rules on the right. */
export function mermaidOf(schema: ProgramSchema): string {
  const nodes = shownNodes(schema);
  const shown = new Set(nodes.map(({ id }) => id));
  const lines = ["flowchart LR"];
  for (const node of nodes) {
    const [open, close] = shapes[node.kind] ?? ["[", "]"];
    lines.push(`  n${node.id}${open}"${labelOf(nodeLabel(node, schema))}"${close}`);
  }
  for (const node of nodes) {
    for (const parent of parentsOf(node))
      if (shown.has(parent)) lines.push(`  n${parent} --> n${node.id}`);
    if (node.owner !== undefined && shown.has(node.owner))
      lines.push(`  n${node.id} -.-> n${node.owner}`);
  }
  return `${lines.join("\n")}\n`;
}

const shapes: { [kind in NodeKind]?: [open: string, close: string] } = {
  type: ["([", "])"],
  test: ["{{", "}}"],
  newest: ["{{", "}}"],
  filter: ["{{", "}}"],
  production: [">", "]"],
};

/** Mermaid reads entities; a quote would end the label. */
const labelOf = (text: string): string => escaped(text, "#quot;").replaceAll("\n", " ");
