// The one list of commands.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compile } from "reticle";
import { fileName, mermaidOf } from "../../src/derive/export.ts";
import { findCommands, registry, shortcuts } from "../../src/state/registry.ts";

describe("commands", () => {
  test("names and keys belong to one command each", () => {
    const ids = registry.map(({ id }) => id),
      keys = shortcuts.map((each) => each.keys);
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(new Set(keys).size, keys.length);
    assert.ok(keys.length >= 9, "single keys are kept");
  });

  test("they are found by the beginnings of words, in any order", () => {
    const titles = (typed: string) => findCommands(registry, typed).map(({ title }) => title);
    assert.deepEqual(titles("date"), ["Advance the clock to a date …"]);
    assert.deepEqual(titles("clock 1d"), ["Advance the clock by 1d"]);
    assert.deepEqual(titles("1d clo"), ["Advance the clock by 1d"]);
    assert.equal(titles("run")[0], "Run: settle until nothing is ready");
    assert.equal(titles("").length, registry.length);
    assert.deepEqual(titles("xyz"), []);
    const rules = [{ title: "Rule 30% for more" }, { title: "Rule (late)" }];
    assert.deepEqual(findCommands(rules, "30%"), [rules[0]]);
    assert.deepEqual(findCommands(rules, "late"), [rules[1]]);
  });
});

describe("export", () => {
  test("a file is named after what it holds", () => {
    assert.equal(
      fileName("Red things & discounts (edited)", "mmd"),
      "red-things-discounts-edited.mmd",
    );
    assert.equal(fileName("世界", "json"), "rules.json");
  });

  test("the network as Mermaid has all nodes and edges, and no quote ends a label", async () => {
    const program = await compile(
      "module m\nfact A { key s: string }\n" +
        'rule "a \\"b\\" <c>" when { a: A(s == "x") } then { log info a.s }',
    );
    const chart = mermaidOf(program.schema);
    assert.match(chart, /^flowchart LR\n/);
    assert.equal(chart.match(/-->/g)?.length, 3, chart);
    for (const line of chart.split("\n").filter((each) => /^ {2}n\d+[^ ]/.test(each)))
      assert.match(line, /^ {2}n\d+(\(\[|\{\{|\[|>)"[^"]*"(\]\)|\}\}|\])$/, line);
    program.close();
  });
});
