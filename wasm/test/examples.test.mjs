// Every example comes to the digests of the command, and CSV is read as the types say.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { compile, memory } from "reticle";
import {
  csvFields,
  csvType,
  isExample,
  parseCsv,
  runExample,
  scriptedAnswer,
} from "reticle/example";
import { examples, native, orderRules, sourcesOf, top } from "./support.mjs";

const made = {
  title: "orders",
  paragraph: "charged twice in vain",
  rules: "orders.rules",
  start: "2024-01-01T00:00:00Z",
  leave: 0,
  inputs: [
    { csv: "orders.csv", type: "Order" },
    { kind: "emit", type: "order.placed", data: { orderId: "a" } },
    { settle: 1 },
    { settle: true },
    { kind: "insert", type: "Order", fields: { id: "a", total: 1 } },
    { advance: "1m" },
    { advance: "1h30m" },
    { kind: "update", fact: 2, fields: { total: 7.0 } },
    { settle: true },
  ],
  host: {
    "pay.charge": [{ fails: "503", times: 2 }, { returns: "ch-1" }],
    "mail.send": [{ returns: null }],
  },
};
const csv = 'total,id\r\n150,a\r\n"20","b ""x"""\r\n\r\nmany,c\r\n1,d,e\r\n';

describe("examples", () => {
  for (const each of examples()) {
    test(`${each.name} runs alike here and natively`, async () => {
      assert.ok(isExample(each.example));
      const program = await compile(sourcesOf(each));
      assert.ok(program.ok, program.diagnostics.map(({ text }) => text).join("\n"));
      const store = memory();
      const run = await runExample(program, each.example, each.files, { store });
      assert.deepEqual(run.refusals, []);
      assert.match(run.digest, /^[0-9a-f]{16}$/);
      compareWithNative(each.path, run, store.bytes());
      run.engine.close();
      const first = await runExample(program, each.example, each.files, { firstScreen: true });
      if (each.example.leave) assert.equal(first.engine.agenda().length, each.example.leave);
      first.engine.close();
      program.close();
    });
  }

  test("scenario A1-7: invoices from CSV run alike here and natively", async () => {
    const folder = join(top, "tests/scenarios");
    const files = Object.fromEntries(
      ["rules", "csv", "json"].map((kind) => [
        `A1-07-invoices.${kind}`,
        readFileSync(join(folder, `A1-07-invoices.${kind}`), "utf8"),
      ]),
    );
    const example = JSON.parse(files["A1-07-invoices.json"]);
    const program = await compile([
      { name: "A1-07-invoices.rules", text: files["A1-07-invoices.rules"] },
    ]);
    const store = memory();
    const run = await runExample(program, example, files, { store });
    assert.deepEqual(run.refusals, []);
    const invoices = run.engine.facts("Invoice").map(({ fields }) => fields);
    assert.equal(invoices.length, 11);
    assert.equal(invoices[6].number, '""');
    assert.equal(invoices[1].amount, "1500.00");
    assert.deepEqual(
      invoices.filter(({ paid_status: status }) => status === "Valid").map(({ row }) => row),
      ["2", "5", "8"],
    );
    compareWithNative(join(folder, "A1-07-invoices.json"), run, store.bytes());
    run.engine.close();
    program.close();
  });

  test("rows, refusals, retries and settling by number come out as they do natively", async () => {
    const folder = mkdtempSync(join(tmpdir(), "reticle-"));
    writeFileSync(join(folder, "example.json"), JSON.stringify(made));
    writeFileSync(join(folder, "orders.rules"), orderRules);
    writeFileSync(join(folder, "orders.csv"), csv);
    const program = await compile([{ name: "orders.rules", text: orderRules }]);
    const store = memory();
    const run = await runExample(program, made, { "orders.csv": csv }, { store });
    assert.deepEqual(
      run.refusals.map(({ input, line }) => [input, line]),
      [
        [0, 5],
        [0, 6],
        [4, undefined],
      ],
    );
    assert.equal(run.engine.runs()[0].status, "completed");
    assert.deepEqual(
      run.engine.facts("Order").map(({ fields }) => fields.id),
      ["a", 'b "x"'],
    );
    compareWithNative(join(folder, "example.json"), run, store.bytes(), 1);
    run.engine.close();
    program.close();
    rmSync(folder, { recursive: true });
  });
});

function compareWithNative(path, run, bytes, status = 0) {
  const folder = mkdtempSync(join(tmpdir(), "reticle-"));
  const journal = join(folder, "journal");
  const result = spawnSync(native, ["run", path, "--digest", "--journal", journal], {
    encoding: "utf8",
    cwd: top,
  });
  assert.equal(result.status, status, result.stderr);
  assert.equal(result.stdout, `digest ${run.digest}\ntrace ${run.trace}\n`);
  assert.deepEqual(bytes, new Uint8Array(readFileSync(journal)), "the journals differ");
  rmSync(folder, { recursive: true });
}

describe("CSV", () => {
  const cells = (text) => {
    const result = parseCsv(text);
    assert.ok(result.ok, result.message);
    return result.rows.map((row) => row.cells);
  };

  test("is read as RFC 4180 has it", () => {
    assert.deepEqual(cells("a,b\r\n1,2\r\n"), [
      ["a", "b"],
      ["1", "2"],
    ]);
    assert.deepEqual(cells('a\n\n"x,""y""\nz"\r\rq'), [["a"], ['x,"y"\nz'], ["q"]]);
    assert.deepEqual(cells("\uFEFFa,\n,"), [
      ["a", ""],
      ["", ""],
    ]);
    assert.deepEqual(cells(""), []);
    assert.deepEqual(
      parseCsv('a\n"b\nc"\nd').rows.map(({ line }) => line),
      [1, 2, 4],
    );
    assert.deepEqual(parseCsv('a\n"b'), {
      ok: false,
      line: 2,
      message: "a quoted cell is not closed",
    });
    assert.equal(parseCsv('"a"b').ok, false);
  });

  test("cells are read by the declared type, row by row", async () => {
    const program = await compile(`module m
fact Row {
  key id: int big: int = 5 d: double? flag: bool? tags: list<string>? at: timestamp? name: string
}
fact Other { key id: int }
rule r when { Row } then { log info "" }
`);
    assert.ok(program.ok, program.diagnostics[0]?.text);
    const row = program.schema.types.find(({ name }) => name === "Row");
    const columns = ["id", "big", "d", "flag", "tags", "at", "name", "unknown"];
    const results = csvFields(
      row,
      columns,
      parseCsv(
        [
          '1,9007199254740993,1.50,true,"[""x""]",2024-01-01T00:00:00Z,n,?',
          "2,,,,,,,",
          "1.5,,,,,,,",
          "3,,x,,,,,",
          "4,,,yes,,,,",
          "5,,,,{},,,",
          "6",
        ].join("\n"),
      ).rows,
    );
    assert.deepEqual(results[0].fields, {
      id: 1,
      big: { $int: "9007199254740993" },
      d: 1.5,
      flag: true,
      tags: ["x"],
      at: "2024-01-01T00:00:00Z",
      name: "n",
    });
    assert.deepEqual(results[1].fields, { id: 2, name: "" });
    assert.deepEqual(
      results.map(({ ok }) => ok),
      [true, true, false, false, false, false, false],
    );
    assert.match(results[2].message, /column id needs an int, this is "1.5"/);
    assert.equal(csvType(program.schema, "data/others.csv", ["x"])?.name, "Other");
    assert.equal(csvType(program.schema, "data.csv", ["id", "flag"])?.name, "Row");
    assert.equal(csvType(program.schema, "data.csv", ["id"]), undefined);
    program.close();
  });
});

test("a script's last line stays, counted failures end", () => {
  const script = [{ fails: "a" }, { fails: "b", times: 2 }, { returns: 1 }];
  assert.deepEqual(
    [0, 1, 2, 3, 9].map((n) => scriptedAnswer(script, n)),
    [script[0], script[1], script[1], script[2], script[2]],
  );
  assert.deepEqual(scriptedAnswer([{ fails: "a", times: 1 }], 1), { returns: null });
  assert.deepEqual(scriptedAnswer([{ fails: "a" }], 7), { fails: "a" });
  assert.deepEqual(scriptedAnswer([], 0), { returns: null });
});
