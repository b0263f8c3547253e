// The JSON Schema of rules as JSON, held against the programs and against the reader: what one
// refuses, the other refuses.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import Ajv2020 from "ajv/dist/2020.js";
import { native, top } from "./support.mjs";

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "reticle-schema-"));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function reticle(...words) {
  const { status, stdout, stderr } = spawnSync(native, words, { encoding: "utf8" });
  return { status, out: stdout, err: stderr };
}

const validate = new Ajv2020.default({
  strict: true,
  strictRequired: false,
  strictTypes: false,
}).compile(JSON.parse(reticle("schema").out));
const asJson = (file) => JSON.parse(reticle("convert", "--to", "json", join(top, file)).out);

/** What the reader says about a module: its status and the codes of its complaints. */
function read(module) {
  const file = join(folder, "module.json");
  writeFileSync(file, JSON.stringify(module));
  const { status, err } = reticle("convert", "--to", "text", file);
  return { status, codes: [...err.matchAll(/^error\[(\w+)\]/gm)].map(([, code]) => code) };
}

const programs = ["programs", "forms"].flatMap((name) =>
  readdirSync(join(top, "tests/scripts", name))
    .filter((file) => file.endsWith(".rules"))
    .map((file) => `tests/scripts/${name}/${file}`),
);

describe("the schema of rules as JSON", () => {
  for (const file of programs) {
    test(`accepts ${file}`, () => {
      const module = asJson(file);
      assert.ok(validate(module), JSON.stringify(validate.errors?.[0]));
      assert.deepEqual(read(module), { status: 0, codes: [] });
    });
  }

  const ruleOf = (module) =>
    module.declarations.find(
      ({ kind, when }) => kind === "rule" && when?.some(({ accumulate }) => accumulate),
    );
  const damages = {
    "a misspelt member": [
      (module) => {
        module.declarations[0].feilds = [];
      },
      "RL8011",
    ],
    "a missing then": [
      (module) => {
        delete ruleOf(module).then;
      },
      "RL8012",
    ],
    "an unknown attribute": [
      (module) => {
        ruleOf(module).attributes = { saliense: 10 };
      },
      "RL8011",
    ],
    "a bad type name": [
      (module) => {
        module.declarations[0].fields[0].type = "strin g";
      },
      "RL0030",
    ],
    "an unknown action": [
      (module) => {
        ruleOf(module).then.push({ inzert: "x" });
      },
      "RL8013",
    ],
    "an empty into": [
      (module) => {
        ruleOf(module).when.find(({ accumulate }) => accumulate).into = {};
      },
      "RL8016",
    ],
    "a text for a list": [
      (module) => {
        ruleOf(module).then = "halt";
      },
      "RL8010",
    ],
    "an unknown kind": [
      (module) => {
        module.declarations.push({ kind: "rull", name: "x", then: [] });
      },
      "RL8014",
    ],
    "a type with a small letter": [
      (module) => {
        module.declarations[0].name = "thing";
      },
      "RL0021",
    ],
    "a condition that is no text": [
      (module) => {
        ruleOf(module).when.push({ if: true });
      },
      "RL8010",
    ],
    "an update by two ways": [
      (module) => {
        ruleOf(module).then.push({ update: "c", fields: {}, with: "d" });
      },
      "RL8018",
    ],
  };
  for (const [name, [damage, code]] of Object.entries(damages)) {
    test(`refuses ${name}, and so does the reader`, () => {
      const module = asJson("tests/scripts/programs/discounts.rules");
      damage(module);
      assert.equal(validate(module), false);
      const { status, codes } = read(module);
      assert.equal(status, 1);
      assert.deepEqual(codes, [code]);
    });
  }
});

describe("the schema of example.json", () => {
  const validateExample = new Ajv2020.default({ strict: true, strictRequired: false }).compile(
    JSON.parse(reticle("schema", "example").out),
  );
  const examples = [
    ...readdirSync(join(top, "examples")).map((name) => `examples/${name}/example.json`),
    "tests/scenarios/A1-07-invoices.json",
  ].filter((file) => existsSync(join(top, file)));

  for (const file of examples) {
    test(`accepts ${file}`, () => {
      const example = JSON.parse(readFileSync(join(top, file), "utf8"));
      assert.ok(validateExample(example), JSON.stringify(validateExample.errors?.[0]));
    });
  }

  // What is refused here is refused by the command as well, and the other way round.
  const rules = "module m\nfact F { n: int }\nrule r when { F } then { halt }\n";
  const inputs = [{ kind: "insert", type: "F", fields: { n: 1 } }, { settle: true }];
  const good = {
    bare: { rules: "r.rules", inputs: [] },
    all: {
      $schema: "x",
      title: "t",
      paragraph: "p",
      rules: ["r.rules"],
      start: "2024-01-01T00:00:00Z",
      inputs: [...inputs, { settle: 3, max: 2 }, { advance: "1m" }, { kind: "advance", by: 5 }],
      host: {},
      leave: 1,
    },
  };
  const bad = {
    "no object": [],
    "no rules": { inputs },
    "no inputs": { rules: "r.rules" },
    "a misspelt member": { rules: "r.rules", inputs, hosts: {} },
    "a misspelt step": { rules: "r.rules", inputs: [{ setle: true }] },
    "a member too many": { rules: "r.rules", inputs: [{ settle: true, most: 1 }] },
    "a misspelt input": { rules: "r.rules", inputs: [{ kind: "insrt", type: "F", fields: {} }] },
    "an input without its type": { rules: "r.rules", inputs: [{ kind: "insert", fields: {} }] },
    "an answer that is both": {
      rules: "r.rules",
      inputs,
      host: { f: [{ returns: 1, fails: "x" }] },
    },
    "an answer that is no list": { rules: "r.rules", inputs, host: { f: { returns: 1 } } },
  };
  const run = (example) => {
    writeFileSync(join(folder, "r.rules"), rules);
    writeFileSync(join(folder, "example.json"), JSON.stringify(example));
    return reticle("run", join(folder, "example.json"));
  };
  for (const [name, example] of Object.entries(good)) {
    test(`takes what the command takes: ${name}`, () => {
      assert.ok(validateExample(example), JSON.stringify(validateExample.errors?.[0]));
      const { status, err } = run(example);
      assert.equal(status, 0, err);
    });
  }
  for (const [name, example] of Object.entries(bad)) {
    test(`refuses what the command refuses: ${name}`, () => {
      assert.equal(validateExample(example), false);
      assert.equal(run(example).status, 1);
    });
  }
});
