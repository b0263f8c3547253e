// Which nodes the findings of the compiler are about.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Diagnostic } from "reticle";
import { compile } from "reticle";
import { findingsOf } from "../../src/derive/findings.ts";
import { emptyMoment } from "../../src/derive/moment.ts";
import { pictureOf } from "../../src/net/picture.ts";

const text = `module m
fact A { key id: int  n: int = 0 }
rule "quiet" when { A(n > 1) } then { log info "x" }
rule "loud" when { a: A(n > 1) } then { log info "y" }
`;

describe("findings", () => {
  test("stand at the rule and at the condition that they are about, and nowhere else", async () => {
    const { schema, diagnostics } = await compile([{ name: "a.rules", text }]);
    const found = findingsOf(schema, diagnostics);
    const loud = schema.rules.find(({ name }) => name === "loud");
    assert.ok(loud);
    const nodes = [loud.node, ...loud.conditions.map(({ node }) => node)].sort((a, b) => a - b);
    assert.deepEqual(
      [...found.keys()].sort((a, b) => a - b),
      nodes,
    );
    assert.deepEqual(
      found.get(loud.node)?.map(({ code }) => code),
      ["RL3002"],
    );
    const picture = pictureOf({
      ...{ schema, diagnostics, moment: emptyMoment(0), selection: null, since: 0 },
      firedRule: null,
    });
    assert.deepEqual(picture.nodes.get(loud.node)?.findings, ["`a` is bound and never used"]);
    const quiet = schema.rules.find(({ name }) => name === "quiet");
    assert.deepEqual(picture.nodes.get(quiet?.node ?? -1)?.findings, []);
  });

  test("about two rules stands at both; an error at none", async () => {
    const { schema } = await compile([{ name: "a.rules", text }]);
    const [quiet, loud] = schema.rules;
    assert.ok(quiet && loud);
    const made = (level: Diagnostic["level"]): Diagnostic => ({
      ...{ code: "RL4005", level, message: "both write n", span: quiet.nameSpan, fixes: [] },
      ...{ related: [{ span: loud.nameSpan, message: "here" }], help: [], notes: [], text: "" },
    });
    const nodes = [quiet.node, loud.node].sort((a, b) => a - b);
    assert.deepEqual(
      [...findingsOf(schema, [made("warning")]).keys()].sort((a, b) => a - b),
      nodes,
    );
    assert.equal(findingsOf(schema, [made("error")]).size, 0);
  });
});
