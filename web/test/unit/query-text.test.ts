// Queries as they are typed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { example, readQuery, signature } from "../../src/derive/query-text.ts";
import { played } from "./played.ts";

const text = `
fact A { key id: int  n: int = 0 }
query big(least: int) { a: A(n > least) }
query most() { accumulate a: A into n = max(a.n) }
`;

describe("queries", () => {
  test("are read with their arguments; what is wrong is said", async () => {
    const { session } = await played(text, [
      { kind: "insert", type: "A", fields: { id: 1, n: 7 } },
    ]);
    const { queries } = session.schema();
    const read = (typed: string) => {
      const result = readQuery(typed, queries);
      return result.ok ? session.query(result.query) : result.message;
    };
    const fact = session.views().facts.find(({ type }) => type === "A");
    assert.deepEqual(read("big(3)"), { ok: true, rows: [{ a: { $fact: fact?.id } }] });
    assert.deepEqual(read(" most "), { ok: true, rows: [{ n: 7 }] });
    assert.deepEqual(read("big(7)"), { ok: true, rows: [] });
    assert.match(String(read("big")), /takes 1, these are 0/);
    assert.match(String(read("big('x')")), /not JSON/);
    assert.match(String(read("small(1)")), /These rules have: big, most/);
    assert.match(String(read("big(1")), /in parentheses/);
    assert.deepEqual(read('big("x")'), {
      ok: false,
      message: 'the argument "least" of big needs an int, this is "x"',
    });
    assert.deepEqual(queries.map(signature), ["big(least: int)", "most()"]);
    assert.deepEqual(queries.map(example), ["big(0)", "most()"]);
  });
});
