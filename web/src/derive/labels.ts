// What nodes of the network are called, and which of them are shown.

import type { NodeSchema, ProgramSchema } from "reticle";

/**
 * What a node is called where there is little room: its own test, else the words of the
 * condition it stands for.
 */
export function nodeLabel(node: NodeSchema, schema: ProgramSchema): string {
  if (node.kind === "production") return schema.rules[node.rules[0] ?? -1]?.name ?? node.label;
  const condition =
    node.rules
      .flatMap((rule) => schema.rules[rule]?.conditions ?? [])
      .find((each) => each.node === node.id)?.text ?? "";
  if (node.kind === "accumulate" && condition.includes(" into "))
    return condition.slice(condition.lastIndexOf(" into ") + 6);
  // That an event is about a subject is the join of `at`; the pattern's own words say it better.
  const tests = node.label
    .replaceAll("`", "")
    .split(", ")
    .filter((test) => !/^meta\.name == \w+\.meta\.subject$/.test(test))
    .join(", ");
  // What stands in the parentheses is shown by the tests before it.
  return tests || condition.replace(/\(.*$/s, "").trim() || node.kind;
}

/** The nodes worth showing: types the engine keeps for itself only where a rule reads them. */
export function shownNodes({ types, network }: ProgramSchema): NodeSchema[] {
  return network.nodes.filter(
    (node) =>
      node.kind !== "type" ||
      node.rules.length > 0 ||
      (types[node.type ?? -1]?.builtin !== true && types[node.type ?? -1]?.kind !== "event"),
  );
}
