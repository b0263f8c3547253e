// Networks for tests, as the engine builds them, and always the same for the same seed.

import type { NodeSchema } from "reticle";
import { numbers } from "./records.ts";

/**
 * A network as the engine builds them: types, tests on them, chains of joins, a rule at each end.
 */
export function randomNet(rules: number, seed: number): NodeSchema[] {
  const random = numbers(seed),
    nodes: NodeSchema[] = [];
  const add = (node: Omit<NodeSchema, "id" | "rules">): number => {
    nodes.push({ ...node, id: nodes.length, rules: [0] });
    return nodes.length - 1;
  };
  const types = Array.from({ length: 2 + random(4) }, (_, index) =>
    add({ kind: "type", label: `Type${index}`, layer: 0 }),
  );
  const tests = Array.from({ length: 3 + random(6) }, (_, index) =>
    add({
      kind: "test",
      label: `test ${index}`,
      layer: 1,
      right: types[random(types.length)] ?? 0,
    }),
  );
  for (let rule = 0; rule < rules; rule++) {
    let left = add({
      kind: "join",
      label: `first ${rule}`,
      layer: 2,
      right: tests[random(tests.length)] ?? 0,
    });
    const joins = random(5);
    for (let i = 0; i < joins; i++)
      left = add({
        kind: random(3) ? "join" : "not",
        label: `j${i} of ${rule}`,
        layer: 3 + i,
        left,
        right: [...types, ...tests][random(types.length + tests.length)] ?? 0,
      });
    nodes.push({
      id: nodes.length,
      kind: "production",
      label: `rule ${rule}`,
      layer: 3 + joins,
      left,
      rules: [rule],
    });
  }
  return nodes;
}
