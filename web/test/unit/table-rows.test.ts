// Rows of files as facts.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TypeSchema } from "reticle";
import { readTable } from "../../src/derive/table-rows.ts";

const item: TypeSchema = {
  id: 0,
  name: "Item",
  kind: "fact",
  fields: [
    { name: "id", type: "string", key: true },
    { name: "qty", type: "int", default: 1 },
    { name: "price", type: "double?" },
    { name: "open", type: "bool" },
  ],
};

describe("facts from a file", () => {
  test("a header row names the fields, values are read by their declared types", () => {
    const rows = readTable(
      "items.csv",
      'id,qty,price,open\n"tea, green",3,2.5,true\n007,,,false\n',
    ).rowsAs(item);
    assert.deepEqual(
      rows.map((row) => (row.ok ? row.fields : row.message)),
      [
        { id: "tea, green", qty: 3, price: 2.5, open: true },
        { id: "007", open: false },
      ],
    );
  });
  test("a wrong row is reported with its line and what would be right; good ones stay", () => {
    const rows = readTable("items.csv", "id,qty\na,1\nb,many\nc,2\n").rowsAs(item);
    assert.deepEqual(
      rows.map(({ ok, line }) => [ok, line]),
      [
        [true, 2],
        [false, 3],
        [true, 4],
      ],
    );
    assert.match(rows[1]?.ok === false ? rows[1].message : "", /qty.*int.*many/);
  });
  test("a file about something else is reported once", () => {
    const rows = readTable("x.csv", "colour,shape\nred,round\nblue,flat\n").rowsAs(item);
    assert.equal(rows.length, 1);
    assert.match(rows[0]?.ok === false ? rows[0].message : "", /it has id, qty, price, open/);
  });
  test("JSON comes as a list, as one object, or as an object a line", () => {
    for (const text of ['[{"id":"a"},{"id":"b"}]', '{"id":"a"}\n{"id":"b"}\n']) {
      assert.deepEqual(
        readTable("items.json", text)
          .rowsAs(item)
          .map((row) => (row.ok ? row.fields : null)),
        [{ id: "a" }, { id: "b" }],
      );
    }
    assert.equal(readTable("items.json", '{"id":"a"}').rowsAs(item).length, 1);
  });
  test("an unknown field and a line that is not JSON are reported with their lines", () => {
    const table = readTable("items.json", '{"id":"a","size":3}\nnothing\n');
    assert.match(
      table.rowsAs(item)[0]?.ok === false ? JSON.stringify(table.rowsAs(item)[0]) : "",
      /no field `size`/,
    );
    assert.deepEqual(
      table.problems.map(({ line }) => line),
      [2],
    );
  });
});
