// `reticle run` with a world around the rules: events, the clock, answers, results as data, files
// of facts at the end, and running again when a file is saved.
import assert from "node:assert/strict";
import { renameSync } from "node:fs";
import { describe, test } from "node:test";
import { workshop } from "./support.mjs";

const { path, read, write, reticle, start } = workshop();

const parcels = `module demo.parcels
fact Parcel { key id: string  state: string = "packed"  since: timestamp? }
event Scanned as "com.example.scanned" { parcel: string  place: string?  traceparent: string? }
event Late { parcel: string }
event Note { data: any }
rule "scan"
on s: Scanned
when { p: Parcel(id == s.parcel) }
then { update p with {"state": "on its way", "since": s.meta.time} }
rule "late"
when { p: Parcel(state == "packed") held 2h }
then { emit Late{parcel: p.id} }
rule "note"
on n: Note
then { log t"note {n.data}, {n.meta.id} of {n.meta.source} about {n.meta.subject}" }
`;
const two = { Parcel: [{ id: "a" }, { id: "b" }] };
const envelope = (more) => ({
  specversion: "1.0",
  id: "1",
  source: "/scanner",
  type: "com.example.scanned",
  ...more,
});

describe("run: events", () => {
  const run = (events, ...more) => {
    write("parcels.rules", parcels);
    const name = typeof events === "string" ? "e.jsonl" : "e.json";
    return reticle(
      ...["run", "parcels.rules", "--facts", write("two.json", two)],
      ...["--events", write(name, events), ...more],
    );
  };

  test("plain ones and envelopes, as lines and as a list, each dealt with before the next", () => {
    const events = [
      { event: "Scanned", data: { parcel: "a" } },
      envelope({ data: { parcel: "b", place: "Ulm" } }),
      { kind: "emit", type: "Note", data: { data: 7 } },
    ];
    for (const form of [events, events.map((each) => JSON.stringify(each)).join("\n\n")]) {
      const { status, out, err } = run(form, "--json");
      assert.equal(status, 0, err);
      assert.equal(err, "");
      const result = JSON.parse(out);
      assert.deepEqual(result.fired, [
        { rule: "scan", times: 2 },
        { rule: "note", times: 1 },
      ]);
      assert.deepEqual(
        result.facts.map(({ fields }) => fields.state),
        ["on its way", "on its way"],
      );
    }
    write("e.yaml", "- event: Scanned\n  data: {parcel: a}\n");
    assert.match(
      reticle("run", "parcels.rules", "--facts", "two.json", "--events", "e.yaml").out,
      /^1 firing, quiescent$/m,
    );
  });

  test("a later `time` moves the clock there first; an older one is taken at the clock's", () => {
    const { status, out, err } = run(
      [
        envelope({ time: "2024-05-01T10:00:00Z", data: { parcel: "a" } }),
        envelope({ id: "2", time: "2024-05-01T13:00:00+01:00", data: { parcel: "b" } }),
        { event: "Scanned", time: 0, data: { parcel: "a" } },
      ],
      "--start",
      "2024-05-01T09:30:00Z",
      "--json",
    );
    assert.equal(status, 0);
    assert.equal(err, "e.json: note: 1 event is older than the clock, and taken at its time\n");
    const { events, facts, now } = JSON.parse(out);
    assert.deepEqual(
      events.map(({ type, data, time }) => [type, data, time]),
      [["Late", { parcel: "b" }, "2024-05-01T11:30:00Z"]],
    );
    assert.equal(now, "2024-05-01T12:00:00Z");
    assert.deepEqual(
      facts.map(({ fields }) => fields.since),
      ["2024-05-01T12:00:00Z", "2024-05-01T12:00:00Z"],
    );
  });

  test("data of any kind, base64, extensions with a field of their name, and without", () => {
    const { status, out, err } = run([
      envelope({ traceparent: "00-1", partitionkey: "k", data: { parcel: "a" } }),
      envelope({ id: "1n", type: "Note", subject: "door", data: "hello" }),
      envelope({ type: "Note", id: "2", data_base64: "aGk=", datacontenttype: "text/plain" }),
      envelope({
        type: "Note",
        id: "3",
        data_base64: Buffer.from('{"data": [1, 2]}').toString("base64"),
        datacontenttype: "application/vnd.acme+json; charset=utf-8",
      }),
      { event: "Note", id: "4", data: null },
    ]);
    assert.equal(status, 1);
    assert.match(out, /^note hello, 1n of \/scanner about door$/m);
    assert.match(out, /^note aGk=, 2 of/m);
    assert.match(out, /^note \[1, 2\], 3 of/m);
    assert.match(err, /^e\.json: note: no field is for the extension `partitionkey` of 1 event$/m);
    assert.match(err, /^e\.json:item 4: the field "data" of Note is missing/m);
    assert.doesNotMatch(err, /traceparent/);
  });

  test("a repeated id is the same event, and another content under it is refused", () => {
    const twice = envelope({ type: "Note", data: 1 });
    assert.match(run([twice, twice]).out, /^1 firing/m);
    const { status, err } = run([twice, envelope({ type: "Note", data: 2 })]);
    assert.equal(status, 1);
    assert.match(err, /was taken before.*\(Duplicate\)/);
  });

  test("what cannot be read is named with its place, all unknown names at once", () => {
    const { status, err } = run(
      [
        7,
        { type: "Scanned" },
        { event: "Scanned", date: {}, subjekt: "x" },
        { event: "Scanned", data: { parcel: "a", palce: "Ulm", weight: 2 } },
        envelope({ specversion: "0.3" }),
        envelope({ id: "" }),
        envelope({ time: "noon" }),
        envelope({ data: {}, data_base64: "" }),
        { event: "Nothing" },
        { kind: "emmit" },
      ]
        .map((each) => JSON.stringify(each))
        .join("\n"),
    );
    assert.equal(status, 1);
    for (const said of [
      /^e\.jsonl:1: an event is \{"event": "Type", "data": \{…\}\} or a CloudEvents envelope/m,
      /^e\.jsonl:2: an event is/m,
      /^e\.jsonl:3: .* and no `date` \(did you mean `data`\?\), `subjekt` \(did you mean `sub/m,
      /^e\.jsonl:4: Scanned has no fields "palce", "weight"; did you mean place for "palce"\?/m,
      /^e\.jsonl:5: envelopes of CloudEvents 1\.0 are read, this is version "0\.3"/m,
      /^e\.jsonl:6: an event needs a string as `id`/m,
      /^e\.jsonl:7: `time` is a time such as/m,
      /^e\.jsonl:8: an envelope has either `data` or `data_base64`/m,
      /^e\.jsonl:9: there is no event type "Nothing"/m,
      /^e\.jsonl:10: there is no input of kind `emmit`/m,
      /^10 refused$/m,
    ])
      assert.match(err, said);
    const ignored = run(
      [{ event: "Scanned", data: { parcel: "a", weight: 2 } }],
      "--ignore-unknown",
    );
    assert.equal(ignored.status, 0, ignored.err);
    assert.match(ignored.out, /^1 firing/m);
  });
});

describe("run: the clock and the host", () => {
  test("--advance and --events in the order written", () => {
    write("parcels.rules", parcels);
    write("two.json", two);
    write("scan.jsonl", '{"event": "Scanned", "data": {"parcel": "a"}}\n');
    const run = (...words) => reticle("run", "parcels.rules", "--facts", "two.json", ...words);
    const scanned = run("--events", "scan.jsonl", "--advance", "90m", "--advance", "1h");
    assert.equal(scanned.status, 0, scanned.err);
    assert.match(scanned.out, /^emitted Late\{parcel: "b"\}\n2 firings, quiescent$/m);
    const late = run("--advance", "3h", "--events", "scan.jsonl");
    assert.match(late.out, /^3 firings, quiescent$/m);
    const wrong = run("--advance", "soon");
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /--advance needs a duration such as 1h30m, this is `soon`/);
  });

  const calls = `module demo.calls
fact Go { key n: int }
fact Pong { key n: int  answer: int? }
host function ping(n: int) -> int
host function pong(n: int) -> int
host pure function weight(n: int) -> int
rule "go" when { g: Go } then { start F(n: g.n) key string(g.n) }
rule "heavy" when { p: Pong(weight(n) > 3) } then { log t"{p.n} is heavy" }
flow F(n: int)
  retry 5 times backoff constant 1m
{ step a = call ping(n: n)  insert Pong{n: n, answer: a}  step b = call pong(n: n) }
`;

  test("--answers gives what host functions return; one that is forgotten is named", () => {
    write("calls.rules", calls);
    write("go.json", { Go: [{ n: 1 }] });
    const run = (answers, ...more) =>
      reticle(
        ...["run", "calls.rules", "--facts", "go.json"],
        ...["--answers", write("host.json", answers), ...more],
      );
    const full = run(
      {
        ping: [{ fails: "busy", times: 2 }, { returns: 8 }],
        pong: [{ returns: 1 }],
        weight: [{ returns: 4 }],
      },
      ...["--advance", "10m", "--json"],
    );
    assert.equal(full.status, 0, full.err);
    const result = JSON.parse(full.out);
    assert.deepEqual(
      [result.runs[0].status, result.facts[1].fields, result.calls, result.missing],
      ["completed", { n: 1, answer: 8 }, [], {}],
    );
    assert.deepEqual(result.logs, [{ level: "info", text: "1 is heavy" }]);

    const some = run({ ping: [{ returns: 8 }] });
    assert.equal(some.status, 1);
    assert.match(
      some.err,
      /^reticle: the host function `pong` is not given, and was asked 1 time; /m,
    );
    assert.match(
      some.err,
      /^reticle: the host function `weight` is not given, and was asked 1 time; /m,
    );
    assert.match(some.out, /open calls:\n {2}\S+ pong\(n: 1\)/);

    for (const [answers, said] of [
      [[], /scripts are an object/],
      [{ pin: [] }, /the rules declare no host function `pin` \(did you mean `ping`\?\)/],
      [{ ping: {} }, /a script is a list of answers \(ping\)/],
      [
        { ping: [{ return: 1, time: 2 }] },
        /no `return` \(did you mean `returns`\?\), `time` \(did/,
      ],
      [{ ping: [{}] }, /either `returns` or `fails`/],
      [{ ping: [{ returns: 1, times: -1 }] }, /`times` is a whole number/],
    ]) {
      const { status, err } = run(answers);
      assert.equal(status, 1);
      assert.match(err, said);
    }
  });
});

describe("run: results as data", () => {
  const bills = `module demo.bills
fact Order { key id: int  total: double  note: string?  at: timestamp?  tags: list<string> = [] }
fact Bill { key order: int  cents: int }
event Billed { order: int }
rule "bill" when { o: Order(total > 0.0) }
then { insert logical Bill{order: o.id, cents: int(o.total * 100.0)}  emit Billed{order: o.id} }
rule "broken" when { o: Order(id == 2) } then { log t"{1 / (o.id - 2)}" }
`;
  const orders = {
    Order: [
      { id: 1, total: 1.5, note: 'a "b"', at: "2024-03-01T09:30:00Z", tags: ["x", "y"] },
      { id: 3, total: 0 },
    ],
  };
  const run = (...words) => {
    write("bills.rules", bills);
    write("orders.json", orders);
    return reticle("run", "bills.rules", "--facts", "orders.json", ...words);
  };

  test("--json is one object: facts, events, firings, failures, runs", () => {
    const { status, out } = run("--json");
    assert.equal(status, 0);
    const result = JSON.parse(out);
    assert.deepEqual(Object.keys(result), [
      ...["firings", "reason", "refused", "now", "facts", "events", "fired", "logs", "failures"],
      ...["runs", "calls", "missing"],
    ]);
    assert.deepEqual([result.firings, result.reason, result.refused], [1, "quiescent", 0]);
    assert.deepEqual(
      result.events.map(({ specversion, type, data }) => ({ specversion, type, data })),
      [{ specversion: "1.0", type: "Billed", data: { order: 1 } }],
    );
    assert.deepEqual(
      result.facts.map(({ type, logical }) => [type, logical]),
      [
        ["Order", false],
        ["Order", false],
        ["Bill", true],
      ],
    );
    write("more.json", {
      Order: [
        { id: 2, total: 0 },
        { id: 2, total: 0 },
      ],
    });
    const bad = run("--facts", "more.json", "--json");
    assert.equal(bad.status, 1);
    const { failures, fired, refused } = JSON.parse(bad.out);
    assert.equal(refused, 1);
    assert.deepEqual(failures, [
      {
        code: "RL9001",
        message: "1 / 0: division by zero",
        rule: "broken",
        place: "bills.rules:7:49",
      },
    ]);
    assert.deepEqual(fired.at(-1), { rule: "broken", times: 0, failed: 1 });
    assert.equal(run("--json", "--trace").status, 2);
    assert.equal(run("--json", "--counters").status, 2);
  });

  test("--out writes the facts in the form of the file's end, and they can be read again", () => {
    const { status, err } = run(
      ...["--out", "all.json", "--out", "all.jsonl", "--out", "all.yaml"],
      ...["--out", "orders.csv", "--type", "Order"],
      ...["--out", "o.tsv", "--type", "Order", "--decimal", ",", "--null", "-"],
    );
    assert.equal(status, 0, err);
    assert.equal(
      read("all.json"),
      `{
  "Order": [
    {"id": 1, "total": 1.5, "note": "a \\"b\\"", "at": "2024-03-01T09:30:00Z", "tags": ["x","y"]},
    {"id": 3, "total": 0, "tags": []}
  ],
  "Bill": [
    {"order": 1, "cents": 150}
  ]
}
`,
    );
    assert.equal(
      read("orders.csv"),
      `id,total,note,at,tags
1,1.5,"a ""b""",2024-03-01T09:30:00Z,"[""x"",""y""]"
3,0,,,[]
`,
    );
    assert.equal(read("o.tsv").split("\n")[2], "3\t0\t-\t-\t[]");
    const facts = (...words) =>
      JSON.parse(reticle("run", "bills.rules", ...words, "--json").out).facts.map(
        ({ type, fields }) => ({ type, fields }),
      );
    const wanted = facts("--facts", "orders.json");
    const key = ({ type, fields }) => `${type} ${fields.id ?? fields.order}`;
    const sorted = (all) => [...all].sort((a, b) => key(a).localeCompare(key(b)));
    for (const name of ["all.json", "all.jsonl", "all.yaml"])
      assert.deepEqual(sorted(facts("--facts", name)), sorted(wanted), name);
    assert.deepEqual(facts("--facts", "orders.csv"), wanted);
    assert.deepEqual(
      facts("--facts", "o.tsv", "--type", "Order", "--decimal", ",", "--null", "-"),
      wanted,
    );
  });

  test("--out that cannot be written says why", () => {
    for (const [words, status, said] of [
      [["--out", "x.txt"], 2, /the form of `x\.txt` is not known; its end is \.json/],
      [
        ["--out", "x.csv"],
        1,
        /x\.csv: a table holds facts of one type, and there are Order, Bill;/,
      ],
      [["--out", "x.csv", "--type", "Odrer"], 1, /there is no type Odrer of facts/],
      [["--out", "no/such/x.json"], 1, /no\/such\/x\.json: it cannot be written/],
      [["--out", "x.csv", "--map", "a=b"], 2, /--map stands behind the --facts it is about/],
    ]) {
      const result = run(...words);
      assert.equal(result.status, status, words.join(" "));
      assert.match(result.err, said);
    }
    const none = reticle("run", "bills.rules", "--out", "none.csv");
    assert.equal(none.status, 1);
    assert.match(none.err, /none\.csv: there are no facts, so it has no columns/);
    assert.equal(reticle("run", "bills.rules", "--out", "b.csv", "--type", "Bill").status, 0);
    assert.equal(read("b.csv"), "order,cents\n");
  });
});

describe("run: facts from outside", () => {
  test("more than is declared is refused with all names, or passed over by choice", () => {
    write(
      "items.rules",
      "module m\nfact Item { key id: int  price: double? }\n" +
        'subject Box as "box|{id}" open { key id: string }\n',
    );
    write("items.json", {
      Item: [{ id: 1, prize: 2, colour: "red" }, { id: 2 }],
      Box: [{ id: "b", anything: 1 }],
    });
    const { status, out, err } = reticle("run", "items.rules", "--facts", "items.json");
    assert.equal(status, 1);
    assert.match(
      err,
      /^items\.json:Item 0: Item has no fields "prize", "colour"; did you mean price for "prize"/m,
    );
    assert.match(out, /^facts: 1 Item, 1 Box$/m);
    const ignored = reticle("run", "items.rules", "--facts", "items.json", "--ignore-unknown");
    assert.equal(ignored.status, 0, ignored.err);
    assert.match(ignored.out, /^facts: 2 Item, 1 Box$/m);
  });

  test("--table says how a table is read, once for all", () => {
    write("m.rules", "module m\nfact Meter { key id: string  kwh: double?  day: timestamp? }\n");
    write(
      "export.txt.csv",
      "Nr|Verbrauch (kWh)|Tag|Bemerkung\nA|1,5|2024-03-01 09:30|x\nB|k.A.||\n",
    );
    const table = {
      type: "Meter",
      delimiter: "|",
      decimal: ",",
      fields: { Nr: "id", "Verbrauch (kWh)": "kwh", Tag: "day" },
      nulls: ["k.A."],
      ignoreUnknown: true,
    };
    const run = (described) =>
      reticle(
        ...["run", "m.rules", "--facts", "export.txt.csv"],
        ...["--table", write("meters.json", described), "--json"],
      );
    const { status, out, err } = run(table);
    assert.equal(status, 0, err);
    assert.deepEqual(
      JSON.parse(out).facts.map(({ fields }) => fields),
      [
        { id: "A", kwh: 1.5, day: "2024-03-01T09:30:00Z" },
        { id: "B", kwh: null, day: null },
      ],
    );
    const bare = reticle(
      ...["run", "m.rules", "--facts", write("bare.csv", "A,1.5\n")],
      ...["--table", write("bare.json", { type: "Meter", columns: ["id", "kwh"] })],
    );
    assert.match(bare.out, /^facts: 1 Meter$/m);
    for (const [described, said] of [
      [[], /a table is described by an object/],
      [{ typ: "Meter", nul: [] }, /not described by `typ` \(did you mean `type`\?\), `nul`/],
      [{ delimiter: "ab" }, /`delimiter` is one character/],
      [{ fields: ["a"] }, /`fields` is an object/],
      [{ nulls: "NA" }, /`nulls` is a list of texts/],
      [{ ignoreUnknown: 1 }, /`ignoreUnknown` is true or false/],
      [{ skipLines: -1 }, /`skipLines` is a whole number/],
      [{ comment: "" }, /`comment` is what such lines begin with/],
      [{ shortRows: 1 }, /`shortRows` is true or false/],
    ]) {
      const wrong = run(described);
      assert.equal(wrong.status, 2);
      assert.match(wrong.err, said);
    }
  });
});

describe("run: what JSON of other people looks like", () => {
  const rules = () => write("films.rules", "module m\nfact Film { title: string?  gross: int? }\n");
  const films = [
    { Title: "a", "US Gross": 3 },
    { Title: "b", "US Gross": null },
  ];
  const read = (...options) => {
    const { status, out, err } = reticle("run", rules(), ...options, "--json");
    return { status, err, fields: JSON.parse(out || "{}").facts?.map(({ fields }) => fields) };
  };

  test("--map gives members the names of fields, and misses none in silence", () => {
    const mapped = ["--map", "Title=title", "--map", "US Gross=gross"];
    for (const file of [
      write("films.json", films),
      write("films.jsonl", films.map((film) => `${JSON.stringify(film)}\n`).join("")),
      write("films.yaml", "- {Title: a, US Gross: 3}\n- {Title: b, US Gross: null}\n"),
    ]) {
      const { status, fields, err } = read("--facts", file, "--type", "Film", ...mapped);
      assert.equal(status, 0, err);
      assert.deepEqual(fields, [
        { title: "a", gross: 3 },
        { title: "b", gross: null },
      ]);
    }
    const file = write("films.json", films);
    const missing = read(
      ...["--facts", file, "--type", "Film", "--ignore-unknown"],
      ...["--map", "Titel=title", "--map", "US Gross=gross"],
    );
    assert.equal(missing.status, 1);
    assert.match(missing.err, /films\.json: there is no member "Titel" for the field title/);
    const twice = read(
      ...["--facts", write("twice.json", [{ Title: "a", title: "b" }])],
      ...["--type", "Film", "--map", "Title=title"],
    );
    assert.match(twice.err, /twice\.json:item 0: two members are for the field title/);
  });

  test("a list may stand in an object of its own, under any name", () => {
    const file = write("around.json", { 4217: [{ title: "a" }] });
    assert.deepEqual(read("--facts", file, "--type", "Film").fields, [{ title: "a", gross: null }]);
    const unnamed = read("--facts", write("bare.json", [{ title: "a" }]));
    assert.match(unnamed.err, /--type says which type objects of fields alone are/);
    const more = write("more.json", { data: [{ title: "a" }], total: 1 });
    assert.equal(read("--facts", more, "--type", "Film").status, 1);
  });

  test("what only tables have makes a table of a file, or is a mistake", () => {
    const file = write("films.txt", "# kept by hand\ntitle|gross\na|1\nb\n");
    const table = ["--delimiter", "|", "--comment", "#", "--short-rows"];
    assert.deepEqual(read("--facts", file, "--type", "Film", ...table).fields, [
      { title: "a", gross: 1 },
      { title: "b", gross: null },
    ]);
    assert.match(read("--facts", file, "--type", "Film").err, /for a table give --delimiter/);
    const wrong = read("--facts", write("films.json", films), "--type", "Film", "--null", "NA");
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /--null is about tables, and films\.json is none/);
  });
});

describe("run --watch", () => {
  const rules = (limit) => `module m
fact Order { key id: int  total: int }
fact Big { key id: int }
event Seen { id: int }
rule "big" when { o: Order(total > ${limit}) }
then { insert logical Big{id: o.id}  emit Seen{id: o.id} }
`;

  test("runs again when a file is saved, and prints what is different", async () => {
    write("w.rules", rules(10));
    write("w.json", { Order: [{ id: 1, total: 20 }] });
    const run = start("run", "w.rules", "--facts", "w.json", "--watch");
    assert.equal(
      await run.until("^watching 2 files\n"),
      "emitted Seen{id: 1}\n1 firing, quiescent\nfacts: 1 Order, 1 Big\nwatching 2 files\n",
    );
    write("w.json", {
      Order: [
        { id: 1, total: 5 },
        { id: 2, total: 30 },
        { id: 3, total: 30 },
      ],
    });
    assert.equal(
      await run.until("^watching 2 files\n"),
      `--- saved: w.json
- Big{id: 1}
+ Order{id: 2}
+ Order{id: 3}
+ Big{id: 3}
+ Big{id: 2}
~ Order{id: 1} total: 20 → 5
- event Seen{id: 1}
+ event Seen{id: 3}
+ event Seen{id: 2}
~ rule "big" fired 1 → 2 times
watching 2 files
`,
    );
    // As editors save: a new file in the place of the old one.
    write("w.rules.new", `${rules(40)}// end\n`);
    renameSync(path("w.rules.new"), path("w.rules"));
    assert.match(await run.until("^watching 2 files\n"), /^- Big\{id: 2\}\n- Big\{id: 3\}\n/m);
    write("w.rules", "module m\nrule");
    assert.match(await run.until("^watching 2 files\n"), /^nothing ran\n/m);
    await run.untilError(/^error\[RL/);
    write("w.rules", rules(40));
    assert.match(await run.until("^watching 2 files\n"), /^no difference\n/m);
    run.child.kill("SIGINT");
    assert.deepEqual(await run.ended, { status: 0, signal: null });
  });

  test("an example is watched with its rules and data, and SIGTERM ends it", async () => {
    write("w.rules", rules(10));
    write("orders.csv", "id,total\n1,20\n");
    write("w-example.json", {
      rules: "w.rules",
      inputs: [{ csv: "orders.csv", type: "Order" }, { settle: true }],
    });
    const run = start("run", "w-example.json", "--watch");
    await run.until("^watching 3 files\n");
    write("orders.csv", "id,total\n1,20\n2,30\n");
    assert.match(await run.until("^watching 3 files\n"), /^\+ Big\{id: 2\}$/m);
    run.child.kill("SIGTERM");
    assert.deepEqual(await run.ended, { status: 0, signal: null });
  });

  test("goes with nothing that wants the output or keeps a session", () => {
    write("w.rules", rules(10));
    for (const other of [["--json"], ["--trace"], ["--journal", "j"]]) {
      const { status, err } = reticle("run", "w.rules", "--watch", ...other);
      assert.equal(status, 2);
      assert.match(err, /do not go together|keeps no `--journal`/);
    }
  });
});
