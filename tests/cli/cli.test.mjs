// The command `reticle`, from outside: what it prints, where, and its exit status. Run with
// `node --test tests/cli/*.test.mjs` after building.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const top = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const command = process.env.RETICLE ?? join(top, "build/native/reticle");
let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "reticle-cli-"));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function reticle(...words) {
  const result = spawnSync(command, words, { encoding: "utf8", cwd: folder });
  assert.equal(result.error, undefined);
  assert.equal(result.signal, null, result.stderr);
  return { status: result.status, out: result.stdout, err: result.stderr };
}

function write(name, text) {
  writeFileSync(join(folder, name), text);
  return name;
}

const thing =
  "fact Thing { key name: string color: string weight: double = 1.0 " +
  "tags: list<string>? seen: timestamp? }";
const red = `module demo.red
${thing}
fact Note { key name: string }
rule "red" salience 1
when { t: Thing(color == "red") }
then { log info t"I found something red: {t.name}" }
rule "heavy"
when { t: Thing(weight > 10.0) }
then { log warn t"{t.name} weighs {t.weight}" insert Note{name: t.name} }
test "red is noticed" {
  given { insert Thing{name: "bike", color: "red"} }
  when { settle }
  expect { fired "red" 1 times }
}
`;

describe("help and mistakes", () => {
  test("every command says how it is used", () => {
    const { status, out } = reticle("--help");
    assert.equal(status, 0);
    for (const name of ["check", "test", "run", "dump", "import", "conformance"]) {
      assert.ok(out.includes(`  ${name} `), name);
      const help = reticle(name, "--help");
      assert.equal(help.status, 0);
      assert.match(help.out, new RegExp(`^usage: reticle ${name} `));
    }
    assert.equal(reticle().status, 2);
  });

  test("what is unknown is refused with status 2 and the nearest word", () => {
    for (const [words, said] of [
      [["rum"], /there is no command `rum`; did you mean `run`\?/],
      [["check", "--jsn", "x"], /there is no option `--jsn`; did you mean `--json`\?/],
      [["run", "--facts"], /`--facts` needs FILE/],
      [["run"], /needs a file/],
      [["check"], /needs a file/],
      [["test"], /needs a file/],
      [["dump", "tree"], /needs a stage/],
      [["dump", "nettwork", "x"], /did you mean `network`/],
      [["run", "a.rules", "--type", "T"], /behind the --facts/],
      [["run", "a.rules", "--max-firings", "many"], /whole number/],
      [["check", "--json=yes", "x"], /takes no value/],
    ]) {
      const { status, out, err } = reticle(...words);
      assert.equal(status, 2, words.join(" "));
      assert.match(err, said);
      assert.equal(out, "");
    }
    const { status, err } = reticle("check", "no-such.rules");
    assert.equal(status, 1);
    assert.match(err, /cannot read no-such.rules/);
  });
});

describe("check", () => {
  test("is content with sound rules and renders what is wrong with others", () => {
    assert.deepEqual(reticle("check", write("red.rules", red)), {
      status: 0,
      out: "0 errors, 0 warnings\n",
      err: "",
    });
    const bad = write("bad.rules", red.replace("color == ", "colour == "));
    const { status, out } = reticle("check", "red.rules", bad);
    assert.equal(status, 1);
    assert.match(out, /^error\[RL\d{4}\]/);
    assert.match(out, /bad\.rules:5:/);
    assert.match(out, /1 error, 0 warnings\n$/);
  });

  test("--json gives the diagnostics of the package's types", () => {
    const [good, bad] = JSON.parse(
      reticle("check", "--json", write("red.rules", red), write("bad.rules", "module m rule")).out,
    );
    assert.deepEqual(good, { ok: true, diagnostics: [] });
    assert.equal(bad.ok, false);
    assert.equal(bad.diagnostics[0].span.file, "bad.rules");
  });

  test("hostile bytes are diagnostics too", () => {
    for (const bytes of [
      Buffer.from([0, 255, 254, 10]),
      Buffer.alloc(100_000, "("),
      Buffer.alloc(50_000, "{"),
    ]) {
      writeFileSync(join(folder, "hostile.rules"), bytes);
      assert.equal(reticle("check", "hostile.rules").status, 1);
    }
  });
});

describe("test", () => {
  test("one line a test, failures with their place, the sum at the end", () => {
    assert.deepEqual(reticle("test", write("red.rules", red)), {
      status: 0,
      out: "passed  red is noticed\n1 passed, 0 failed\n",
      err: "",
    });
    const { status, out } = reticle(
      "test",
      "red.rules",
      write("wrong.rules", red.replace("1 times", "2 times")),
      write("bad.rules", "module"),
    );
    assert.equal(status, 1);
    assert.match(out, /failed {2}red is noticed\n {4}.*\n {4} +--> wrong\.rules:13:/);
    assert.match(out, /failed {2}bad\.rules does not compile/);
    assert.match(out, /\n1 passed, 2 failed\n$/);
    const covered = reticle("test", "--coverage", "red.rules");
    assert.equal(covered.status, 0);
    assert.match(
      covered.out,
      /warning\[RL7003\]: no test makes this rule fire\n --> red\.rules:7:6\n/,
    );
    assert.match(covered.out, /\n1 of 2 rules fired in tests\n1 passed, 0 failed\n$/);
    const meant = reticle(
      "test",
      "--coverage",
      write("meant.rules", red.replace('rule "heavy"', 'rule "heavy" allow RL7003')),
    );
    assert.equal(
      meant.out,
      "passed  red is noticed\n1 of 2 rules fired in tests\n1 passed, 0 failed\n",
    );
    const [, digest] = reticle("test", "--digest", "red.rules").out.match(
      /red is noticed {2}([0-9a-f]{16})\n/,
    );
    assert.equal(reticle("test", "--digest", "red.rules").out.includes(digest), true);
  });
});

describe("run", () => {
  test("facts from JSON, in both forms, logged as rules fire", () => {
    write("red.rules", red);
    write(
      "list.json",
      JSON.stringify([
        { type: "Thing", fields: { name: "bike", color: "red" } },
        { type: "Thing", fields: { name: "car", color: "blue", weight: 900 } },
      ]),
    );
    write(
      "map.json",
      JSON.stringify({ Thing: [{ name: "hat", color: "red" }], Note: [{ name: "n" }] }),
    );
    const { status, out, err } = reticle(
      "run",
      "red.rules",
      "--facts",
      "list.json",
      "--facts",
      "map.json",
    );
    assert.equal(status, 0, err);
    assert.equal(
      out,
      "I found something red: hat\nI found something red: bike\n" +
        "warn: car weighs 900\n3 firings, quiescent\nfacts: 3 Thing, 2 Note\n",
    );
  });

  test("CSV: header, quotes, types; bad rows with their lines, good ones kept", () => {
    write("red.rules", red);
    write(
      "things.csv",
      "name,color,weight,tags,seen\r\n" +
        '"big, bike",red,12.5,"[""a""]",2024-01-01T00:00:00Z\r\nx,blue,heavy,,\r\n' +
        '\r\ny,blue\r\n"two\nlines",red,,,\r\nz,red,,,yesterday\r\n',
    );
    const { status, out, err } = reticle("run", "red.rules", "--facts", "things.csv");
    assert.equal(status, 1);
    assert.match(err, /things\.csv:3: column weight needs a number, this is "heavy"/);
    assert.match(err, /things\.csv:5: this row has 2 cells, the header 5/);
    assert.match(err, /things\.csv:8: .*seen/);
    assert.match(err, /3 refused/);
    assert.match(out, /I found something red: big, bike\n/);
    assert.match(out, /I found something red: two\nlines\n/);
    assert.match(out, /facts: 2 Thing, 1 Note/);
    write("data.csv", "name\nq\n");
    assert.match(
      reticle("run", "red.rules", "--facts", "data.csv").err,
      /no type fits these columns; name one with --type/,
    );
    assert.match(
      reticle("run", "red.rules", "--facts", "data.csv", "--type", "Note").out,
      /facts: 1 Note/,
    );
    assert.match(
      reticle("run", "red.rules", "--facts", write("d2.csv", "name,color\nq,red\n")).out,
      /facts: 1 Thing/,
    );
  });

  test("tables: unknown columns, other delimiters, names and nulls, no header", () => {
    write("red.rules", red);
    const run = (file, text, ...options) =>
      reticle("run", "red.rules", "--facts", write(file, text), ...options);
    const wrong = run("things.csv", "Name,colour\nhat,red\n");
    assert.equal(wrong.status, 1);
    assert.match(
      wrong.err,
      /things\.csv:1: Thing has no fields "Name", "colour"; did you mean name for "Name", color/,
    );
    assert.match(
      run("things.csv", "name,color,shop\nhat,red,x\n", "--ignore-unknown").out,
      /facts: 1 Thing/,
    );
    assert.match(
      run("things.csv", "Ding;color;weight\nhat;red;1,5\n", "--map", "Ding=name").out,
      /I found something red: hat/,
    );
    assert.match(run("things.tsv", "name\tcolor\nhat\tred\n").out, /I found something red: hat/);
    assert.match(
      run("things.csv", "hat|red\n", "--no-header", "name, color", "--delimiter", "|").out,
      /I found something red: hat/,
    );
    assert.match(
      run("things.csv", "name,color,seen\nhat,red,NA\n", "--null", "NA").out,
      /I found something red: hat/,
    );
    assert.match(
      run("things.csv", "name,color,seen\nhat,red,2024-03-01\n").out,
      /I found something red: hat/,
    );
    const many = run("things.csv", `name,color,weight\n${"hat,red,heavy\n".repeat(50)}`);
    assert.match(many.err, /things\.csv:11: column weight needs a number/);
    assert.doesNotMatch(many.err, /things\.csv:12:/);
    assert.match(many.err, /things\.csv: and 40 more: column weight needs a number/);
    assert.match(many.err, /50 refused/);
    assert.equal(run("things.csv", "name\nx\n", "--delimiter", "ab").status, 2);
    const lines = run(
      "things.jsonl",
      '{"type": "Thing", "fields": {"name": "hat", "color": "red"}}\n\n{"name": "bike"}\n{\n',
      "--type",
      "Thing",
    );
    assert.match(lines.out, /I found something red: hat/);
    assert.match(lines.err, /things\.jsonl:4: /);
  });

  test("at the end it says why: why not, partial matches, ancestry, counters", () => {
    write(
      "shop.rules",
      `module demo.shop
fact Order { key id: int customer: string total: int }
fact Customer { key id: string level: string = "plain" }
fact Bill { key id: int }
rule "bill"
when { o: Order(total > 100) c: Customer(id == o.customer, level == "gold") }
then { insert Bill{id: o.id} }
`,
    );
    write(
      "shop.json",
      JSON.stringify({
        Order: [
          { id: 1, customer: "ada", total: 500 },
          { id: 2, customer: "bob", total: 500 },
        ],
        Customer: [{ id: "ada", level: "gold" }, { id: "bob" }],
      }),
    );
    const { status, out, err } = reticle(
      "run",
      "shop.rules",
      "--facts",
      "shop.json",
      "--why-not",
      "bill",
      "--with",
      "c.id=bob",
      "--matches",
      "bill",
      "--explain",
      "Bill",
      "--counters",
    );
    assert.equal(status, 0, err);
    const ended =
      '"bill" does not fire: condition 2 of 2, ' +
      '`c: Customer(id == o.customer, level == "gold")`, holds for nothing';
    assert.ok(out.includes(ended), out);
    assert.match(out, /1 fact fits of 2; 2 matches come, 0 go on/);
    assert.match(out, /near: #2 \+ #4: `level == "gold"` is false \("plain" against "gold"\)/);
    assert.match(out, /complete:\n {4}#1 \+ #3 {2}activation 1, fired/);
    const ancestry =
      '#5 Bill{id: 1} was inserted by the rule "bill"\n' +
      '  by "bill" at change 5, from\n    #1 Order';
    assert.ok(out.includes(ancestry), out);
    assert.match(out, /matches +firings +failures +ms +rule\n +1 +1 +0 +\d+\.\d{3} +bill\n/);
    assert.match(out, /left +right +tests +tokens +memory +node\n/);

    const none = reticle("run", "shop.rules", "--why-not", "bil");
    assert.equal(none.status, 1);
    assert.match(none.err, /there is no rule "bil"/);
    assert.equal(reticle("run", "shop.rules", "--explain", "7").status, 1);
    for (const words of [
      ["--with", "c.id=bob"],
      ["--why-not", "bill", "--with", "bob"],
    ])
      assert.equal(reticle("run", "shop.rules", ...words).status, 2, words.join(" "));
  });

  test("refused facts are said with their place", () => {
    write("red.rules", red);
    write(
      "bad.json",
      JSON.stringify({
        Thing: [{ name: "a", color: "red" }, { name: "a", color: "red" }, { name: 7 }],
        Nothing: [{}],
        Note: 5,
      }),
    );
    const { status, err, out } = reticle("run", "red.rules", "--facts", "bad.json");
    assert.equal(status, 1);
    for (const place of ["Thing 1", "Thing 2", "Nothing 0", "Note"])
      assert.ok(err.includes(`bad.json:${place}:`), place);
    assert.match(out, /facts: 1 Thing/);
    for (const text of ["", "[", "7", "[".repeat(100_000), '"\xff"']) {
      assert.equal(reticle("run", "red.rules", "--facts", write("bad.json", text)).status, 1);
    }
  });

  test("a circle of rules is stopped and named", () => {
    write(
      "light.rules",
      "module m\nfact Light { color: string }\n" +
        'rule "to green" when { l: Light(color == "red") } then { set l.color = "green" }\n' +
        'rule "to red" when { l: Light(color == "green") } then { set l.color = "red" }\n',
    );
    write("light.json", '{"Light":[{"color":"red"}]}');
    const few = reticle("run", "light.rules", "--facts", "light.json", "--max-firings", "5");
    assert.match(few.out, /^5 firings, limit\n/);
    assert.equal(few.status, 1);
    const { out, err, status } = reticle("run", "light.rules", "--facts", "light.json");
    assert.equal(status, 1);
    assert.match(err, /^100000 firings, and still something is ready: .* \(RL9004\)\n/m);
    assert.match(out, /100000 firings, limit/);
    assert.match(out, /repeating: .*to green/);
  });

  test("what fails with nobody to handle it is said with its place, and ends with 1", () => {
    write(
      "share.rules",
      "module m\nfact Order { key id: string total: int parts: int }\n" +
        "fact Share { key id: string cents: int }\n" +
        'rule "share"\nwhen { o: Order }\n' +
        "then { insert Share{id: o.id, cents: o.total / o.parts} }\n",
    );
    const orders = (...parts) =>
      write(
        "orders.json",
        JSON.stringify({ Order: parts.map((n, i) => ({ id: `o${i}`, total: 7, parts: n })) }),
      );
    const good = reticle("run", "share.rules", "--facts", orders(1, 2));
    assert.equal(good.status, 0, good.err);
    assert.equal(good.err, "");
    const { status, out, err } = reticle(
      ...["run", "share.rules", "--facts", orders(0, 2), "--why-not", "share"],
    );
    assert.equal(status, 1);
    assert.equal(err, 'rule "share": 7 / 0: division by zero (RL9001) at share.rules:6:8\n');
    assert.match(
      out,
      /"share" has had its turn for each of its 2 matches, and failed for 1 of them: 7 \/ 0: /,
    );
    const alone = reticle("run", "share.rules", "--facts", orders(0), "--why-not", "share");
    assert.match(alone.out, /"share" failed for its one match: 7 \/ 0: .* \(RL9001\)\n/);
    const many = reticle("run", "share.rules", "--facts", orders(...Array(25).fill(0)));
    assert.equal(many.err.match(/division by zero/g).length, 10);
    assert.match(many.err, /rule "share": 25 failures in all\n$/);
    const digest = reticle("run", "share.rules", "--facts", "orders.json", "--digest");
    assert.equal(digest.status, 1);
    assert.match(digest.out, /^digest [0-9a-f]{16}\ntrace [0-9a-f]{16}\n$/);
  });

  test("a run that nothing handles ends with 1, one that is handled does not", () => {
    const flow =
      "module m\nhost function ping(n: int) -> int\nfact Go { n: int }\n" +
      'rule go when { g: Go } then { start F(n: g.n) key "k" }\n' +
      "flow F(n: int) {\n  step a = call ping(n: n)\n}\n";
    const example = JSON.stringify({
      title: "t",
      rules: "flow.rules",
      host: { ping: [{ fails: "busy" }] },
      inputs: [{ kind: "insert", type: "Go", fields: { n: 1 } }, { settle: true }],
    });
    write("flow.rules", flow);
    const bare = reticle("run", write("flow.json", example));
    assert.equal(bare.status, 1, bare.out);
    assert.match(bare.err, /^flow F "k" fails: busy \(RL9005\) at flow\.rules:6:3\n$/);
    write("flow.rules", `${flow}on failure err { log err.reason }\n`);
    const handled = reticle("run", "flow.json");
    assert.equal(handled.status, 0, handled.err);
    assert.match(handled.out, /^busy\n/);
  });

  test("conditions without a value, absent subjects and functions, and events are said", () => {
    write(
      "words.rules",
      "module m\nsubject Door as '{id}' { key id: string open: bool = false }\n" +
        "event Pushed as 'pushed' { strength: int }\n" +
        "fact Push { key n: int door: string strength: int }\n" +
        "host pure function weight(n: int) -> int\n" +
        "rule 'push' when { p: Push(strength > 0) }\n" +
        "then { emit Pushed{strength: p.strength} to p.door }\n" +
        "rule 'hard' when { p: Push(8 / strength == 1) } then { log p.door }\n" +
        "rule 'heavy' when { p: Push(strength > 0)  if weight(n: p.strength) > 3 }\n" +
        "then { log p.door }\n",
    );
    write("words.rules", readFileSync(join(folder, "words.rules"), "utf8").replaceAll("'", '"'));
    write(
      "pushes.json",
      JSON.stringify({
        Door: [{ id: "a" }],
        Push: [
          { n: 1, door: "b", strength: 2 },
          { n: 2, door: "a", strength: 0 },
          { n: 3, door: "a", strength: 0 },
        ],
      }),
    );
    const { status, out, err } = reticle("run", "words.rules", "--facts", "pushes.json");
    assert.equal(status, 1);
    assert.match(out, /^warn: emit Pushed: there is no subject "b"\n/m);
    assert.match(out, /^emitted pushed\{strength: 2\} to b\n/m);
    assert.match(err, /^rule "hard": `8 \/ strength == 1` is unknown: 8 \/ 0: .*, 2 times\n/m);
    assert.match(err, /^rule "heavy": `weight\(p.strength\) > 3` is unknown: .*, 1 time\n/m);
    assert.match(err, /: the host function `weight` is not given \(RL9001\)/);
    assert.match(err, /^reticle: the host function `weight` is not given, and was asked 1 time; /m);
  });

  test("what the engine adds to patterns is told in words", () => {
    write(
      "added.rules",
      "module m\nfact Sensor { key id: string }\nevent Reading { sensor: string }\n" +
        'rule "new" on insert s: Sensor then { log s.id }\n' +
        'rule "gone" on retract s: Sensor then { log s.id }\n' +
        'rule "quiet" when { s: Sensor  not Reading(sensor == s.id) over last 5m }\n' +
        "then { log s.id }\n" +
        'rule "old" when { s: Sensor  Reading(sensor == s.id) over last 1h } then { log s.id }\n' +
        'rule "pair" when { a: Reading  Reading(sensor == a.sensor) after a within 5m }\n' +
        "then { log a.sensor }\n" +
        'rule "held" when { s: Sensor(id != "x") held 3m } then { log s.id }\n',
    );
    write("sensors.json", JSON.stringify({ Sensor: [{ id: "s" }] }));
    const words = ["new", "gone", "quiet", "old", "pair", "held"].flatMap((rule) => [
      "--why-not",
      rule,
      "--matches",
      rule,
    ]);
    const { status, out, err } = reticle(
      ...["run", "added.rules", "--facts", "sensors.json"],
      ...["--counters", "--explain", "1"],
      ...words,
    );
    assert.equal(status, 0, err);
    assert.doesNotMatch(out, /…/);
    assert.match(out, /test just inserted\n/);
    assert.match(out, /`just retracted` is false/);
    for (const stage of ["model", "network"])
      assert.doesNotMatch(reticle("dump", stage, "added.rules").out, /…/);
  });

  test("--trace prints records, the journal is kept, gone on with and printed", () => {
    write("red.rules", red);
    write("map.json", JSON.stringify({ Thing: [{ name: "hat", color: "red" }] }));
    const records = reticle("run", "red.rules", "--facts", "map.json", "--trace")
      .out.split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line));
    assert.ok(records.every(({ seq }, i) => seq === i + 1));
    assert.ok(
      records.some(({ kind, text }) => kind === "log" && text === "I found something red: hat"),
    );

    assert.equal(reticle("run", "red.rules", "--facts", "map.json", "--journal", "j").status, 0);
    const dump = reticle("dump", "journal", "j", "--rules", "red.rules");
    assert.match(dump.out, /insert Thing\{name: "hat"/);
    const again = reticle("run", "red.rules", "--journal", "j");
    assert.match(again.err, /recovered \d+ entries\n/);
    assert.match(again.out, /^0 firings, quiescent\nfacts: 1 Thing\n/);
    truncateSync(join(folder, "j"), readFileSync(join(folder, "j")).length - 3);
    assert.match(reticle("run", "red.rules", "--journal", "j").err, /torn bytes cut/);
    write(
      "other.rules",
      'module other\nfact A { x: int }\nrule r when { A } then { log info "" }\n',
    );
    const other = reticle("run", "other.rules", "--journal", "j");
    assert.equal(other.status, 1);
  });

  test("calls without a result are listed", () => {
    write(
      "call.rules",
      "module m\nhost function ping(n: int) -> int\nfact Go { n: int }\n" +
        'rule go when { g: Go } then { start F(n: g.n) key "k" }\n' +
        "flow F(n: int) { step a = call ping(n: n) }\n",
    );
    write("go.json", '{"Go":[{"n":3}]}');
    const { out } = reticle("run", "call.rules", "--facts", "go.json");
    assert.match(
      out,
      /runs:\n {2}F k running\nopen calls:\n {2}\S+ ping\(n: 3\) attempt 1, key \S+\n/,
    );
  });

  test("an example brings its own world", () => {
    write(
      "call.rules",
      "module m\nhost function ping(n: int) -> int\nfact Go { n: int }\n" +
        'fact Pong { n: int }\nrule go when { g: Go } then { start F(n: g.n) key "k" }\n' +
        "flow F(n: int)\n  retry 5 times backoff constant 1m\n" +
        "{ step a = call ping(n: n) insert Pong{n: a} }\n",
    );
    const example = {
      title: "ping",
      rules: "call.rules",
      start: "2024-01-01T00:00:00Z",
      inputs: [{ csv: "go.csv" }, { settle: true }, { advance: "10m" }],
      host: { ping: [{ fails: "busy", times: 2 }, { returns: 8 }] },
    };
    write("go.csv", "n\n3\n");
    write("example.json", JSON.stringify(example));
    const { status, out, err } = reticle("run", "example.json");
    assert.equal(status, 0, err);
    assert.match(out, /facts: 1 Go, 1 Pong\nruns:\n {2}F k completed/);
    const digests = reticle("run", "example.json", "--digest").out;
    assert.match(digests, /^digest [0-9a-f]{16}\ntrace [0-9a-f]{16}\n$/);
    assert.equal(reticle("run", "example.json", "--digest").out, digests);
    // What a budget stops is no circle.
    write("some.json", JSON.stringify({ ...example, inputs: [{ csv: "go.csv" }, { settle: 0 }] }));
    assert.match(reticle("run", "some.json").out, /^0 firings, limit\nfacts: 1 Go\n/);
    for (const text of [
      "[]",
      "{}",
      '{"rules":"call.rules"}',
      '{"rules":"call.rules","inputs":[],"start":"noon"}',
      '{"rules":"none.rules","inputs":[]}',
    ]) {
      write("broken.json", text);
      assert.equal(reticle("run", "broken.json").status, 1, text);
    }
    assert.equal(reticle("run", "example.json", "--facts", "x").status, 2);
    write(
      "broken.json",
      '{"rules":"call.rules","rule":1,"hosts":{},"inputs":[{"settle":true,"most":1}]}',
    );
    const { err: refused } = reticle("run", "broken.json");
    assert.match(
      refused,
      /no `rule` \(did you mean `rules`\?\), `hosts` \(did you mean `host`\?\), `most` in input 0;/,
    );
    const schema = JSON.parse(reticle("schema", "example").out);
    assert.deepEqual(schema.required, ["rules", "inputs"]);
    assert.equal(reticle("schema", "exmple").status, 2);
  });
});

describe("dump", () => {
  test("every stage prints itself, the tree of broken rules too", () => {
    write("red.rules", red);
    for (const stage of ["tree", "model", "network"]) {
      const { status, out } = reticle("dump", stage, "red.rules");
      assert.equal(status, 0);
      assert.ok(out.length > 100, stage);
      assert.equal(reticle("dump", stage, "red.rules").out, out);
    }
    const broken = reticle("dump", "tree", write("broken.rules", `${red}rule "x" when {`));
    assert.equal(broken.status, 1);
    assert.ok(broken.out.length > 100);
    assert.match(broken.err, /error/);
    assert.equal(reticle("dump", "journal", write("none", "not a journal at all")).status, 0);
  });
});

describe("import", () => {
  const rules = [
    {
      name: "adult",
      priority: 3,
      conditions: { all: [{ fact: "age", operator: "greaterThanInclusive", value: 18 }] },
      event: { type: "adult", params: { age: { fact: "age" } } },
      onFailure: "f",
    },
  ];

  test("rules of json-rules-engine become a module that checks and runs", () => {
    const { status, out, err } = reticle(
      "import",
      "--from",
      "json-rules-engine",
      write("people.json", JSON.stringify(rules)),
    );
    assert.equal(status, 0);
    assert.match(out, /^\/\/ Imported from people\.json, rules of json-rules-engine\.\n/);
    assert.match(
      out,
      /rule "adult" salience 3\nwhen \{\n {2}input: Input\(number\(age\) >= 18\)\n\}/,
    );
    const warning =
      "\nwarning: `onFailure` is a function of the old host, and is left out\n" +
      "  --> people.json at /0/onFailure\n  = help: ";
    assert.ok(`\n${err}`.includes(warning), err);
    assert.deepEqual(
      reticle("import", "--from=json-rules-engine", "people.json", "-o", "people.rules"),
      { status: 0, out: "", err },
    );
    assert.equal(readFileSync(join(folder, "people.rules"), "utf8"), out);
    assert.equal(reticle("check", "people.rules").out, "0 errors, 0 warnings\n");
    const run = reticle(
      "run",
      "people.rules",
      "--facts",
      write("ages.json", JSON.stringify({ Input: [{ age: 17 }, { age: 18 }, {}] })),
    );
    assert.match(run.out, /^emitted .*\n1 firing, quiescent\n/);
  });

  test("a file that is none is refused with its place, and nothing is written", () => {
    const bad = write(
      "bad-import.json",
      JSON.stringify([{ conditions: { all: [{ fact: "age", operator: "equal" }] } }]),
    );
    const { status, out, err } = reticle(
      "import",
      "--from",
      "json-rules-engine",
      bad,
      "-o",
      "none.rules",
    );
    assert.equal(status, 1);
    assert.equal(out, "");
    assert.match(
      err,
      /error: this condition has no `value`\n {2}--> bad-import\.json at \/0\/conditions\/all\/0\n/,
    );
    assert.equal(existsSync(join(folder, "none.rules")), false);
    for (const [words, said] of [
      [["import", bad], /needs `--from json-rules-engine`/],
      [["import", "--from", "drools", bad], /cannot be imported/],
      [["import", "--from", "json-rules-engine"], /needs a file/],
    ]) {
      const refused = reticle(...words);
      assert.equal(refused.status, 2);
      assert.match(refused.err, said);
    }
    assert.equal(
      reticle("import", "--from", "json-rules-engine", "people.json", "-o", "no/such/folder.rules")
        .status,
      1,
    );
  });
});

describe("conformance", () => {
  const line = (expr, value, more = {}) =>
    JSON.stringify({ file: "f", section: "s", name: expr, profile: "core", expr, value, ...more });

  test("prints what fails and the sums; only --strict makes that an end with 1", () => {
    write(
      "cases.jsonl",
      [
        line("1 + 1", { int: "2" }),
        line("1 + 2", { int: "4" }),
        line("[1].first().value()", { int: "1" }, { profile: "optional" }),
      ].join("\n"),
    );
    const { status, out } = reticle("conformance", "cases.jsonl");
    assert.equal(status, 0);
    assert.match(
      out,
      /^cases.jsonl:2: f\/s\/1 \+ 2\n {4}1 \+ 2\n {4}wanted int 4\n {4}got int 3\n/,
    );
    assert.match(out, /core: 1 of 2 passed\noptional: 1 of 1 passed\n$/);
    assert.equal(reticle("conformance", "cases.jsonl", "--strict").status, 1);
  });

  test("--json is one object for each case", () => {
    write("one.jsonl", line("1 / 0", undefined, { error: "division" }));
    const { status, out } = reticle("conformance", "one.jsonl", "--json", "--strict");
    assert.equal(status, 0);
    assert.deepEqual(JSON.parse(out), {
      file: "f",
      section: "s",
      name: "1 / 0",
      profile: "core",
      passed: true,
      got: "RL9001: 1 / 0: division by zero",
    });
  });

  test("time zones are the system's", () => {
    write(
      "zones.jsonl",
      [
        line("timestamp('2009-02-13T23:31:30Z').getHours('Asia/Kathmandu')", { int: "5" }),
        line("timestamp('2024-07-01T12:00:00Z').getHours('Europe/Berlin')", { int: "14" }),
      ].join("\n"),
    );
    assert.equal(reticle("conformance", "zones.jsonl", "--strict").status, 0);
    write(
      "sydney.rules",
      `module m
fact At { key at: timestamp }
rule r when { a: At } then { log info t"{a.at.getHours('Australia/Sydney')} o'clock" }
`,
    );
    write("at.json", JSON.stringify({ At: [{ at: "2009-02-13T23:31:30Z" }] }));
    const { status, out, err } = reticle("run", "sydney.rules", "--facts", "at.json");
    assert.equal(status, 0, err);
    assert.match(out + err, /10 o'clock/);
  });

  test("a file that cannot be read as cases is refused with its line", () => {
    write("bad.jsonl", `${line("1", { int: "1" })}\nnonsense\n`);
    const { status, err } = reticle("conformance", "bad.jsonl");
    assert.equal(status, 1);
    assert.match(err, /^bad.jsonl: line 2 is no JSON/);
    assert.equal(reticle("conformance").status, 2);
    assert.equal(reticle("conformance", "nowhere.jsonl").status, 1);
  });
});

describe("the forms of rules", () => {
  const messy =
    'rule   r when{t:Thing( color=="red" )}then{ halt;}  // why\n' +
    "fact Thing { key name: string color: string }\n";
  const neat =
    'rule r\nwhen { t: Thing(color == "red") }\nthen { halt }  // why\n' +
    "\nfact Thing { key name: string color: string }\n";

  test("fmt rewrites files, names those that change, and leaves mistakes alone", () => {
    write("messy.rules", messy);
    assert.deepEqual(reticle("fmt", "--check", "messy.rules"), {
      status: 1,
      out: "messy.rules\n",
      err: "",
    });
    assert.equal(readFileSync(join(folder, "messy.rules"), "utf8"), messy);
    assert.deepEqual(reticle("fmt", "--stdout", "messy.rules"), { status: 0, out: neat, err: "" });
    assert.deepEqual(reticle("fmt", "messy.rules"), { status: 0, out: "messy.rules\n", err: "" });
    assert.equal(readFileSync(join(folder, "messy.rules"), "utf8"), neat);
    assert.deepEqual(reticle("fmt", "messy.rules"), { status: 0, out: "", err: "" });
    write("broken.rules", "rule r when {");
    const broken = reticle("fmt", "broken.rules");
    assert.equal(broken.status, 1);
    assert.match(broken.err, /error\[RL0009\]/);
    assert.equal(readFileSync(join(folder, "broken.rules"), "utf8"), "rule r when {");
  });

  test("convert writes JSON and text, and every command reads them", () => {
    write("red.rules", red);
    const json = reticle("convert", "red.rules", "--to", "json");
    assert.deepEqual([json.status, json.err], [0, ""]);
    write("red.json", json.out);
    write("red.yaml", json.out);
    const text = reticle("convert", "red.json", "--to", "text");
    assert.deepEqual(reticle("fmt", "--stdout", write("again.rules", text.out)).out, text.out);
    for (const name of ["red.json", "red.yaml", "again.rules"]) {
      assert.deepEqual(reticle("convert", name, "--to", "json").out, json.out);
      assert.equal(reticle("test", name).status, reticle("test", "red.rules").status, name);
      assert.equal(reticle("check", name).out, "0 errors, 0 warnings\n");
    }
    assert.equal(reticle("convert", "red.rules").status, 2);
    assert.equal(reticle("convert", "red.rules", "--to", "xml").status, 2);
  });

  test("a mistake in JSON is reported with its pointer", () => {
    write(
      "wrong.json",
      `{"declarations": [{"kind": "rule", "name": "r", "when": [{"match": "Thing"}], "then": []}]}`,
    );
    const place = /error\[RL1002\]: .*\n --> wrong\.json at (.*)\n/;
    assert.equal(
      place.exec(reticle("check", "wrong.json").out)?.[1],
      "/declarations/0/when/0/match, characters 1-5",
    );
  });
});
