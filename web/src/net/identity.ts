// Names of nodes that stay through an edit.

import type { NodeSchema } from "reticle";
import { parentsOf } from "../derive/slices.ts";

/**
 * A name for each node that survives an edit elsewhere: what it is, what it says, what feeds it.
 * Node ids are positions and move when a rule is inserted above; the names do not, so a picture
 * can keep its places.
 */
export function nodeKeys(nodes: NodeSchema[]): Map<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const keys = new Map<number, string>();
  const taken = new Map<string, number>();
  const keyOf = (node: NodeSchema, depth: number): string => {
    const known = keys.get(node.id);
    if (known !== undefined || depth > 400) return known ?? "";
    const parents = parentsOf(node)
      .map((id) => byId.get(id))
      .filter((parent) => parent !== undefined);
    const plain =
      `${node.kind} ${node.label} ` +
      `(${hash(parents.map((parent) => keyOf(parent, depth + 1)).join("|"))})`;
    const copies = taken.get(plain) ?? 0;
    taken.set(plain, copies + 1);
    const key = copies ? `${plain} #${copies}` : plain;
    keys.set(node.id, key);
    return key;
  };
  for (const node of nodes) keyOf(node, 0);
  return keys;
}

function hash(text: string): string {
  let sum = 2166136261;
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 16777619);
  return (sum >>> 0).toString(36);
}
