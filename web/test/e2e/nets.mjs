// Rules whose networks have as many nodes as asked for: for the scenario of big networks and for
// the benchmark of the page.

import { deflateRawSync } from "node:zlib";

/**
 * A program of about `nodes` nodes: groups of rules that share tests, each a chain of joins that
 * ends in a negation. Some facts are there, and one rule is ready.
 */
export function bigProgram(nodes) {
  const rules = Math.max(1, Math.round((nodes - 12) / 6.15));
  const texts = ["module big", ""];
  for (const type of ["Order", "Customer", "Payment", "Hold"])
    texts.push(`fact ${type} {\n  key id: int\n  ref: int\n  value: int\n}\n`);
  texts.push("fact Seen {\n  key rule: int\n  key id: int\n}\n");
  for (let rule = 0; rule < rules; rule++)
    texts.push(
      `rule "rule ${rule}" group g${rule % 20}
when {
  c: Customer(value == ${rule % 7})
  o: Order(ref == c.id, value > ${rule})
  p: Payment(ref == o.id, value > c.value + ${rule})
  not Hold(ref == o.id, value == ${rule})
}
then {
  insert Seen{rule: ${rule}, id: o.id}
}
`,
    );
  const inputs = [];
  for (let id = 1; id <= 6; id++)
    inputs.push(
      { kind: "insert", type: "Customer", fields: { id, ref: 0, value: id % 7 } },
      { kind: "insert", type: "Order", fields: { id, ref: id, value: id * 2 } },
    );
  inputs.push({ settle: true });
  inputs.push({ kind: "insert", type: "Payment", fields: { id: 1, ref: 1, value: 3 } });
  inputs.push({ settle: true, leave: 1 });
  return { text: texts.join("\n"), inputs };
}

/** The part of a page's address that opens such a program. */
export function bigAddress(nodes) {
  const { text, inputs } = bigProgram(nodes);
  const shared = {
    version: 1,
    title: `${nodes} nodes`,
    paragraph: "",
    files: [{ name: "big.rules", text }],
    inputs,
    tables: {},
    host: {},
    start: 0,
    view: { pane: "agenda", selection: null, record: null },
  };
  return `#v1=${deflateRawSync(JSON.stringify(shared)).toString("base64url")}`;
}
