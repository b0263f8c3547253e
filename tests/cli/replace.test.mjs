// `reticle replace`: other rules for a session that is kept in a journal.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { workshop } from "./support.mjs";

const { read, write, reticle } = workshop();

const types = `module demo.bills
fact Order { key id: int  total: int }
fact Bill { key id: int }
fact Note { key id: int }
`;
const bill = (limit) =>
  `rule "bill" when { o: Order(total > ${limit}) } then { insert logical Bill{id: o.id} }\n`;
const note = 'rule "note" when { o: Order } then { insert Note{id: o.id} }\n';
const gone = 'rule "gone" when { Order(total > 1000) } then { log "much" }\n';

/** A journal of a session with two orders, settled under the first rules. */
function begun() {
  write("old.rules", types + bill(10) + note + gone);
  write("new.rules", types + bill(25) + note);
  write("more.rules", `${types.split("\n")[0]}\n`);
  write("orders.json", {
    Order: [
      { id: 1, total: 20 },
      { id: 2, total: 30 },
    ],
  });
  write("j", "");
  const run = reticle(...["run", "old.rules", "--facts", "orders.json", "--journal", "j"]);
  assert.equal(run.status, 0, run.err);
  assert.match(run.out, /^facts: 2 Order, 2 Bill, 2 Note$/m);
}

describe("replace", () => {
  test("says what becomes of each rule, and the journal goes on with the new ones", () => {
    begun();
    const { status, out, err } = reticle(
      "replace",
      "j",
      "--rules",
      "old.rules",
      "--with",
      "new.rules",
    );
    assert.equal(status, 0, err);
    assert.match(err, /^recovered \d+ entries\n$/);
    assert.equal(
      out,
      'changed "bill", 1 match ready\nremoved "gone"\n1 rule as before\n' +
        "withdrawn #3 Bill{id: 2}\nwithdrawn #5 Bill{id: 1}\n" +
        "the journal goes on with these rules\n",
    );
    assert.match(reticle("dump", "journal", "j").out, /replace/);
    const old = reticle("run", "old.rules", "--journal", "j");
    assert.equal(old.status, 1);
    assert.match(old.err, /these are not the ones it goes on with .*; open it with the rules/);
    const on = reticle("run", "new.rules", "--journal", "j");
    assert.equal(on.status, 0, on.err);
    assert.match(on.out, /^1 firing, quiescent\nfacts: 2 Order, 1 Bill, 2 Note\n/m);
  });

  test("--dry-run says the same and writes nothing", () => {
    begun();
    const before = read("j");
    const words = ["replace", "j", "--rules", "old.rules", "--with", "new.rules"];
    const dry = reticle(...words, "--dry-run");
    assert.equal(dry.status, 0, dry.err);
    assert.match(dry.out, /nothing is written: this is what would happen\n$/);
    assert.equal(read("j"), before);
    const json = JSON.parse(reticle(...words, "--dry-run", "--json").out);
    assert.deepEqual(
      json.rules.map(({ rule, fate }) => [rule, fate]),
      [
        ["bill", "changed"],
        ["note", "same"],
        ["gone", "removed"],
      ],
    );
    const wet = reticle(...words);
    assert.equal(wet.out.replace(/[^\n]*\n$/, ""), dry.out.replace(/[^\n]*\n$/, ""));
  });

  test("what cannot be replaced is refused, and nothing is changed", () => {
    begun();
    const before = read("j");
    write("other.rules", types.replace("total: int", "total: string") + note);
    const { status, err } = reticle(
      "replace",
      "j",
      "--rules",
      "old.rules",
      "--with",
      "other.rules",
    );
    assert.equal(status, 1);
    assert.match(err, /Order/);
    assert.equal(read("j"), before);
    for (const [words, wanted, said] of [
      [[], 2, /needs a journal/],
      [["j"], 2, /needs --rules FILE/],
      [["j", "--rules", "old.rules"], 2, /needs --with FILE/],
      [["none", "--rules", "old.rules", "--with", "new.rules"], 1, /cannot read none/],
      [["j", "--rules", "new.rules", "--with", "old.rules"], 1, /belongs to another program/],
      [["j", "--rules", "old.rules", "--with", "none.rules"], 1, /cannot read none\.rules/],
    ]) {
      const result = reticle("replace", ...words);
      assert.equal(result.status, wanted, words.join(" "));
      assert.match(result.err, said);
    }
    assert.equal(read("j"), before);
  });
});
