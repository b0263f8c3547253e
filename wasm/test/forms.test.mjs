// Rules as text and JSON: converting, laying out, checking, importing.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import { check, compile, convert, format, importJsonRules, moduleSchema } from "reticle";

const text =
  "// why\nfact Thing { key name: string color: string }\n\nrule red\n" +
  'when { t: Thing(color == "red") }\nthen { halt }\n';

describe("forms", () => {
  test("text becomes JSON and text again, and both compile to the same program", async () => {
    const json = await convert(text, "json");
    assert.equal(json.ok, true);
    assert.equal(JSON.parse(json.text).declarations[1].when[0].match, "Thing");
    const back = await convert({ name: "rules.json", text: json.text }, "text");
    assert.equal(
      back.text,
      "fact Thing {\n  key name: string\n  color: string\n}\n\nrule red\n" +
        'when {\n  t: Thing(color == "red")\n}\nthen {\n  halt\n}\n',
    );
    const [one, other] = [
      await compile(text),
      await compile([{ name: "rules.json", text: json.text }]),
    ];
    assert.equal(other.dump("model"), one.dump("model"));
    one.close();
    other.close();
    await assert.rejects(convert(text, "xml"), { code: "BadInput" });
  });

  test("the layout is one, keeps comments, and leaves mistakes alone", async () => {
    const crooked = text
      .replace("rule red\nwhen", "rule   red when")
      .replace("{ halt }", "{halt;}");
    assert.equal((await format(crooked)).text, text);
    assert.equal((await format(text)).text, text);
    const broken = await format("rule r when {");
    assert.equal(broken.ok, false);
    assert.equal(broken.text, "");
    assert.equal(broken.diagnostics[0].code, "RL0012");
  });

  test("checking reads every form", async () => {
    assert.deepEqual(
      (await check([{ name: "a.json", text: "{}" }])).map(({ code }) => code),
      ["RL8012"],
    );
  });

  test("the schema is a file of the package, too", async () => {
    const schema = await moduleSchema();
    assert.equal(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
    assert.deepEqual(
      JSON.parse(
        readFileSync(
          createRequire(import.meta.url).resolve("reticle/rule-module.schema.json"),
          "utf8",
        ),
      ),
      schema,
    );
  });

  test("rules of json-rules-engine become a module, with notes on what has no match", async () => {
    const rule = {
      conditions: { all: [{ fact: "age", operator: "greaterThanInclusive", value: 18 }] },
      event: { type: "adult" },
      onSuccess: "f",
    };
    const imported = await importJsonRules([rule], "people.json");
    assert.equal(imported.ok, true);
    assert.deepEqual(
      (await check(imported.text)).filter(({ level }) => level === "error"),
      [],
    );
    assert.equal(imported.notes[0].pointer, "/0/onSuccess");
    assert.equal((await importJsonRules("nonsense")).ok, false);
  });
});
