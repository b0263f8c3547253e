// The package's interface in Node: compile, submit, settle, listen, look inside, close.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compile, memory, open, ReticleError } from "reticle";
import { deviceRules, discounts } from "./support.mjs";

const thursday = Date.parse("2024-04-11T12:00:00Z");

describe("compiling", () => {
  test("sound rules have a schema whose ids are positions", async () => {
    const program = await compile([{ name: "discounts.rules", text: discounts() }]);
    assert.equal(program.ok, true);
    const { types, rules, network, tests } = program.schema;
    assert.ok(types.every(({ id }, i) => id === i));
    assert.ok(rules.every(({ id }, i) => id === i));
    assert.ok(network.nodes.every(({ id }, i) => id === i));
    assert.equal(rules[0].name, "something is red");
    assert.deepEqual(rules[0].bindings, ["t"]);
    assert.equal(network.nodes[rules[0].node].kind, "production");
    assert.deepEqual(
      types
        .find(({ name }) => name === "Thing")
        .fields.map(({ name, type, key }) => [name, type, key ?? false]),
      [
        ["name", "string", true],
        ["color", "string", false],
      ],
    );
    assert.equal(tests.length, program.runTests().length);
    for (const stage of ["tree", "model", "network"])
      assert.ok(program.dump(stage).length > 100, stage);
    program.close();
    program.close();
    assert.throws(() => program.runTests(), { code: "Closed" });
  });

  test("bad rules are diagnostics with places in UTF-16 units, not exceptions", async () => {
    const text =
      'module m\n// 😀\nfact A { x: int }\nrule r when { A(xx == 1) } then { log info "" }\n';
    const program = await compile(text);
    assert.equal(program.ok, false);
    const [first] = program.diagnostics;
    assert.equal(first.level, "error");
    assert.equal(text.slice(first.span.start, first.span.end), "xx");
    assert.equal(first.span.line, 4);
    assert.match(first.text, /rules:4/);
    assert.throws(() => program.schema, { name: "ReticleError", code: "Compile" });
    assert.ok(program.dump("tree").length > 0);
    program.close();
    await assert.rejects(
      open(text),
      (error) =>
        error instanceof ReticleError && error.code === "Compile" && error.diagnostics.length > 0,
    );
  });
});

describe("many facts at once", () => {
  const rules =
    'module m\nfact Order { key id: int total: double note: string = "" }\nfact Big { id: int }\n' +
    "rule big when { o: Order(total > 1.0) } then { insert Big{id: o.id} }\n";

  test("columns cross as they are, and defaults fill the rest", async () => {
    const engine = await open(rules);
    const ids = engine.insertAll("Order", {
      id: Int32Array.of(1, 2, 3),
      total: Float64Array.of(0.5, 1.5, 2),
    });
    assert.deepEqual(
      [...ids],
      engine.facts("Order").map(({ id }) => id),
    );
    assert.deepEqual(
      engine.facts("Order").map(({ fields }) => [fields.id, fields.total, fields.note]),
      [
        [1, 0.5, ""],
        [2, 1.5, ""],
        [3, 2, ""],
      ],
    );
    assert.equal((await engine.settle()).firings, 2);
    engine.insertAll("Order", { note: ["x", "y"], total: [1, 2], id: [4n, 5] });
    assert.deepEqual(
      engine
        .facts("Order")
        .slice(3)
        .map(({ fields }) => fields),
      [
        { id: 4, total: 1, note: "x" },
        { id: 5, total: 2, note: "y" },
      ],
    );
    engine.close();
  });

  test("all or nothing", async () => {
    const engine = await open(rules);
    assert.throws(() => engine.insertAll("Order", { id: [1, 2], total: [1, "x"] }), {
      code: "WrongType",
      message: /in row 1/,
    });
    assert.throws(() => engine.insertAll("Order", { id: Int32Array.of(1, 2), total: [1] }), {
      code: "BadInput",
      message: /column `total` has 1/,
    });
    assert.equal(engine.facts("Order").length, 0);
    engine.close();
  });
});

describe("control", () => {
  const items = "fact Item { key id: int n: int = 0 }\n";

  test("modes and tags of a settling, and the strategy, say what fires", async () => {
    const rules =
      items +
      'rule best salience 1 tags("x") when { i: Item } then { log t"best {i.id}" }\n' +
      'rule any when { i: Item } then { log t"any {i.id}" }\n';
    const fired = async (options, how) => {
      const engine = await open(rules, options);
      engine.insert("Item", { id: 1 });
      engine.insert("Item", { id: 2 });
      const report = await engine.settle(how);
      const names = report.fired.map(({ rule, facts }) => `${rule} ${facts[0]}`);
      engine.close();
      return names;
    };
    assert.deepEqual(await fired({}, {}), ["best 2", "best 1", "any 2", "any 1"]);
    assert.deepEqual(await fired({ strategy: "breadth" }, {}), [
      "best 1",
      "best 2",
      "any 1",
      "any 2",
    ]);
    assert.deepEqual(await fired({}, { mode: "first-match" }), ["best 2"]);
    assert.deepEqual(await fired({}, { tags: ["x"] }), ["best 2", "best 1"]);
    await assert.rejects(open(rules, { strategy: "deep" }), { code: "BadInput" });
  });

  test("a group without the focus says so; a circle names its rules and its feeds", async () => {
    const engine = await open(
      items +
        "rule go when { Item(id == 9) } then { focus late }\n" +
        "rule r group late when { i: Item } then { set i.n = i.n + 1 }\n" +
        "rule circle repeat when { i: Item(id == 5, n >= 0) } then { set i.n = i.n + 1 }\n",
    );
    engine.insert("Item", { id: 1 });
    assert.match(engine.agenda()[0].waits, /late/);
    engine.insert("Item", { id: 5 });
    const report = await engine.settle({ maxFirings: 200 });
    assert.deepEqual(
      [report.reason, report.cycle, report.feeds],
      ["limit", ["circle"], ["Item.n"]],
    );
    engine.close();
  });

  test("rules are replaced under present facts; the journal opens with the new ones", async () => {
    const first =
      items +
      'rule same when { i: Item } then { log "same" }\n' +
      'rule gone when { Item } then { log "gone" }\n';
    const second =
      items +
      'rule late when { i: Item } then { log "late" }\n' +
      'rule same when { i: Item } then { log "same" }\n';
    const store = memory();
    const engine = await open(first, { store });
    engine.insert("Item", { id: 1 });
    await engine.settle();
    const replaced = await engine.replaceProgram(second);
    assert.deepEqual(replaced.rules, [
      { rule: "late", fate: "added", gained: 1, lost: 0 },
      { rule: "same", fate: "same", gained: 0, lost: 0 },
      { rule: "gone", fate: "removed", gained: 0, lost: 0 },
    ]);
    assert.deepEqual(
      engine.program.schema.rules.map(({ name }) => name),
      ["late", "same"],
    );
    assert.deepEqual(
      (await engine.settle()).fired.map(({ rule }) => rule),
      ["late"],
    );
    await assert.rejects(engine.replaceProgram("fact Item { key id: string }\n"), {
      code: "BadInput",
    });
    await assert.rejects(engine.replaceProgram("fact Item {"), { code: "Compile" });
    const digest = engine.digest();
    await engine.flush();
    engine.close();
    await assert.rejects(open(first, { store: memory(await store.read()) }), { code: "Mismatch" });
    const back = await open(second, { store: memory(await store.read()) });
    assert.equal(back.digest(), digest);
    back.close();
  });
});

describe("discounts", () => {
  test("insert, settle, look inside, explain, ask", async () => {
    const engine = await open(discounts(), { start: thursday });
    const ada = engine.insert("Customer", { id: "ada", loggedIn: true });
    assert.deepEqual(
      engine.agenda().map(({ rule, facts }) => [rule, facts]),
      [["20% for a logged-in customer", [ada]]],
    );
    const fired = [];
    const stop = engine.on("fired", ({ rule }) => fired.push(rule));
    const report = await engine.settle();
    assert.equal(report.firings, 1);
    assert.equal(report.reason, "quiescent");
    assert.deepEqual(fired, ["20% for a logged-in customer"]);

    const [discount] = engine.facts("Discount");
    assert.equal(discount.logical, true);
    assert.deepEqual(discount.fields, { customerId: "ada", reason: "logged-in", percent: 20 });
    assert.deepEqual(engine.fact(discount.id), discount);
    const why = engine.explain(discount.id);
    assert.equal(why.origin, "logical");
    assert.equal(why.by[0].rule, "20% for a logged-in customer");
    assert.equal(why.by[0].facts[0].fact, ada);
    assert.ok(why.text.length > 0);

    const whyNot = engine.whyNot("30% for more than two products");
    assert.equal(whyNot.fires, false);
    assert.ok(whyNot.conditions.some(({ holds }) => !holds));
    assert.ok(whyNot.summary.length > 0);
    assert.equal(whyNot.state, "noMatch");
    assert.equal(engine.whyNot("20% for a logged-in customer", { "c.id": "bob" }).state, "noMatch");
    assert.equal(engine.whyNot("20% for a logged-in customer", { c: ada }).state, "fired");
    assert.throws(() => engine.whyNot("20% for a logged-in customer", { nobody: 1 }), {
      code: "BadInput",
    });

    const path = engine.pathOf(ada);
    assert.equal(path.fact, ada);
    assert.equal(path.nodes[0].how, "held");
    assert.ok(path.nodes.some(({ how, text }) => how !== "held" && text.length > 0));
    assert.throws(() => engine.pathOf(9_999), { code: "UnknownFact" });

    const {
      complete: [match],
      conditions,
    } = engine.matches("20% for a logged-in customer");
    assert.equal(match.fired, true);
    assert.equal(conditions.at(-1).count, 1);
    const activation = engine.explainActivation(match.activation);
    assert.equal(activation.state, "fired");
    assert.deepEqual(activation.keeps, [discount.id]);
    assert.equal(activation.facts[0].fact, ada);
    assert.throws(() => engine.explainActivation(9999), { code: "UnknownActivation" });

    const counters = engine.counters();
    assert.equal(counters.nodes.length, engine.program.schema.network.nodes.length);
    assert.deepEqual(
      counters.nodes.map(({ memory }) => memory),
      [...engine.memoryCounts()],
    );
    const counted = counters.rules.find(({ rule }) => rule === "20% for a logged-in customer");
    assert.equal(counted.firings, 1);
    assert.equal(counted.millis, undefined);

    engine.insert("CartItem", { customerId: "ada", sku: "tea", qty: 3 });
    await engine.settle();
    assert.equal(engine.query("best", "ada")[0].percent, 30);
    assert.equal(engine.memoryCounts().length, engine.program.schema.network.nodes.length);

    engine.update(ada, { loggedIn: false });
    assert.equal(engine.facts("Discount").length, 1);
    engine.retract(ada);
    assert.equal(engine.facts("Discount").length, 0);
    stop();
    engine.close();
    engine.close();
  });

  test("one activation can be fired out of its turn, and a budget stops", async () => {
    const engine = await open(discounts(), { start: thursday });
    for (const name of ["a", "b", "c"]) engine.insert("Thing", { name, color: "red" });
    const last = engine.agenda().at(-1);
    const report = await engine.settle({ activation: last.id });
    assert.deepEqual(
      report.fired.map(({ activation }) => activation),
      [last.id],
    );
    const limited = await engine.settle({ maxFirings: 1 });
    assert.equal(limited.firings, 1);
    assert.equal(limited.reason, "limit");
    assert.equal(engine.agenda().length, 1);
    engine.close();
  });
});

test("the time of actions is taken when it is asked for", async () => {
  const engine = await open(discounts(), { start: thursday, timed: true });
  for (let n = 0; n < 200; ++n) engine.insert("Thing", { name: `t${n}`, color: "red" });
  const { firings } = await engine.settle();
  const { rules } = engine.counters();
  assert.equal(
    rules.reduce((sum, rule) => sum + rule.firings, 0),
    firings,
  );
  assert.ok(rules.some(({ millis }) => millis > 0));
  engine.close();
});

describe("errors", () => {
  test("a refused input changes nothing and says what would be right", async () => {
    const engine = await open(discounts(), { start: thursday });
    engine.insert("Customer", { id: "ada" });
    const before = engine.digest();
    const refusals = [
      [() => engine.insert("Custmer", { id: "x" }), "UnknownType"],
      [() => engine.insert("Customer", { id: "x", loged: true }), "UnknownField"],
      [() => engine.insert("Customer", { id: 7 }), "WrongType"],
      [() => engine.insert("Customer", {}), "MissingField"],
      [() => engine.insert("Customer", { id: "ada" }), "DuplicateKey"],
      [
        () => engine.insert("CartItem", { customerId: "ada", sku: "x", qty: 0 }),
        "ConstraintViolated",
      ],
      [() => engine.retract(99), "UnknownFact"],
      [() => engine.submit({ kind: "insert", typ: "Customer", fields: {} }), "BadInput"],
      [() => engine.submit({ kind: "nothing" }), "BadInput"],
      [() => engine.submit(null), "BadInput"],
      [() => engine.query("worst"), "UnknownQuery"],
      [() => engine.explain(99), "UnknownFact"],
      [() => engine.settleOnce({ maxFirings: -1 }), "BadInput"],
    ];
    for (const [work, code] of refusals) {
      assert.throws(work, (error) => {
        assert.ok(error instanceof ReticleError, String(error));
        assert.equal(error.code, code, error.message);
        assert.ok(error.message.length > 10);
        return true;
      });
    }
    assert.equal(engine.digest(), before);
    const cycle = {};
    cycle.self = cycle;
    assert.throws(() => engine.insert("Customer", cycle), { code: "BadInput" });
    assert.equal(engine.insert("Customer", { id: "bob" }) > 0, true);
    engine.close();
    for (const work of [
      () => engine.facts(),
      () => engine.insert("Customer", { id: "x" }),
      () => engine.digest(),
    ]) {
      assert.throws(work, { code: "Closed" });
    }
    await assert.rejects(engine.settle(), { code: "Closed" });
  });

  test("options are looked at before anything runs", async () => {
    await assert.rejects(open(discounts(), { functions: { "no.such": () => 1 } }), {
      code: "UnknownFunction",
    });
    await assert.rejects(open(discounts(), { cascade: "sideways" }), { code: "BadInput" });
    const engine = await open(discounts());
    assert.throws(() => engine.on("fire", () => {}), { code: "NoTrace" });
    await assert.rejects(engine.advance("soon"), { code: "Duration" });
    await assert.rejects(engine.advance(-1), { code: "BadInput" });
    const system = await open(discounts(), { clock: "system" });
    await assert.rejects(system.advance(1), { code: "BadInput" });
    system.close();
    engine.close();
  });
});

describe("subjects and events", () => {
  test("a change of a property is heard, raised and sent out", async () => {
    const engine = await open(deviceRules, { start: thursday, source: "my-ruleset" });
    const changes = [],
      events = [];
    engine.on("change", ({ subject, property, old, new: now }) =>
      changes.push([subject, property, old, now]),
    );
    engine.on("event", (event) => events.push(event));
    const device = engine.subject("device|00000A");
    assert.equal(device.get(), undefined);
    device.set({ tempc: 18 });
    await engine.settle();
    engine.emit("measured", { tempc: 32 }, { subject: "device|00000A" });
    await engine.settle();
    assert.equal(device.get().hot, true);
    assert.deepEqual(
      changes.filter(([, property]) => property === "tempc"),
      [
        ["device|00000A", "tempc", null, 18],
        ["device|00000A", "tempc", 18, 32],
      ],
    );
    const [first] = events;
    assert.equal(first.specversion, "1.0");
    assert.equal(first.type, "subject-property-changed");
    assert.equal(first.source, "my-ruleset");
    assert.equal(first.subject, "device|00000A");
    assert.equal(first.originid, first.id);
    engine.close();
  });
});

describe("engines", () => {
  test("are isolated from each other, also on one program", async () => {
    const program = await compile(discounts());
    const [a, b] = await Promise.all([
      open(program, { start: thursday }),
      open(program, { start: thursday }),
    ]);
    a.insert("Customer", { id: "ada", loggedIn: true });
    await a.settle();
    assert.equal(a.facts("Discount").length, 1);
    assert.equal(b.facts("Discount").length, 0);
    assert.notEqual(a.digest(), b.digest());
    b.insert("Customer", { id: "ada", loggedIn: true });
    await b.settle();
    assert.equal(a.digest(), b.digest());
    a.close();
    assert.equal(b.facts("Discount").length, 1);
    b.close();
    program.close();
  });

  test("the trace says when a rule begins and ends to be effective", async () => {
    const engine = await open(
      `fact A { key id: string }
      rule "summer" effective from "1970-01-02" to "1970-01-04" when { a: A } then { log a.id }`,
      { trace: true },
    );
    const day = 86_400_000;
    const heard = [];
    engine.on("trace", (record) => {
      if (record.kind === "effective") heard.push([record.rule, record.on]);
    });
    engine.insert("A", { id: "a" });
    for (const by of [day / 2, day, 3 * day]) await engine.advance(by);
    assert.deepEqual(heard, [
      [0, true],
      [0, false],
    ]);
    engine.close();
  });

  test("the trace is heard and taken, and its digest does not depend on that", async () => {
    const digests = [];
    for (const listen of [false, true]) {
      const engine = await open(discounts(), { start: thursday, trace: true });
      const heard = [];
      if (listen) {
        engine.on("fire", (record) => heard.push(record.kind));
        engine.on("trace", (record) => heard.push(record.seq));
      }
      engine.insert("Customer", { id: "ada", loggedIn: true });
      await engine.settle();
      const records = engine.takeTrace();
      assert.ok(records.every(({ seq }, i) => seq === i + 1));
      assert.ok(records.some(({ kind }) => kind === "activation"));
      assert.deepEqual(engine.takeTrace(), []);
      assert.equal(
        heard.filter((each) => typeof each === "number").length,
        listen ? records.length : 0,
      );
      assert.equal(heard.includes("fire"), listen);
      digests.push(engine.traceDigest());
      engine.close();
    }
    assert.equal(digests[0], digests[1]);
  });

  test("a session can be followed step by step without any promise", async () => {
    const store = memory();
    const engine = await open(deviceRules, { store });
    engine.subject("device|1").set({ tempc: 40 });
    engine.settleOnce();
    assert.deepEqual(engine.takeOutputs(), []); // nothing leaves before it is durable
    await engine.flush();
    assert.ok(engine.takeOutputs().length > 0);
    assert.ok(store.bytes().length > 0);
    engine.close();
  });
});
