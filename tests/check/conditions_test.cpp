// Groups, time, triggers and attributes: that they are read without a word, and where they stand in
// the model.
#include <cstdio>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "check/check.h"
#include "syntax/parser.h"

namespace check_conditions_test {

namespace {

using namespace reticle;
using model::Condition;

struct Outcome {
  std::optional<model::Program> program;
  std::vector<Diagnostic> diagnostics;
  std::string text;
};

Outcome checked(const std::string& text) {
  Outcome outcome;
  const std::vector<Source> sources = {{"f.rules", text}};
  std::vector<tree::Module> modules;
  modules.push_back(parseModule(sources[0], 0, outcome.diagnostics));
  outcome.program = checkProgram(std::move(modules), outcome.diagnostics);
  for (const Diagnostic& d : outcome.diagnostics) outcome.text += render(d, sources) + "\n";
  return outcome;
}

// The program, which must have neither errors nor warnings; an empty one after a failed check.
model::Program program(const std::string& text) {
  Outcome outcome = checked(text);
  CHECK_MESSAGE(outcome.diagnostics.empty(), outcome.text);
  CHECK(outcome.program.has_value());
  return outcome.program ? std::move(*outcome.program) : model::Program{};
}

// The dump from the first rule on.
std::string rulesOf(const model::Program& p) {
  const std::string text = model::dump(p);
  return text.substr(text.find("rule 0"));
}

Value constantOf(const model::Program& p, std::size_t argument) {
  return evaluate(p.rules[0].actions[argument].value.code, Frame{});
}

const std::string kOrders = R"(
fact Order {
  key id: string
  total: int = 0
  due: timestamp?
  lines: list<string> = []
}
fact Item { key order: string key sku: string qty: int = 1 }
)";

const std::string kEvents = R"(
event Sent expires 1h { order: string }
event Paid { order: string amount: int }
)";

}  // namespace

TEST_SUITE("conditions") {
  TEST_CASE("candidates of a group are rows after those before it, and end with it") {
    const model::Program p = program(kOrders + R"(
rule r
when {
  a: Order
  not {
    b: Order(total > a.total)
    i: Item(order == b.id)
    let most = i.qty * 2
    not { Item(order == a.id, qty > most) exists Item(order == i.sku) }
    if most > 3
  }
  c: Order(id != a.id)
  let sum = a.total + c.total
}
then { log t"{c.id} {sum}" })");
    CHECK(rulesOf(p) == R"(rule 0 "r"
  $0 = a: Order
  not { b: Order(total > a.total); i: Item(order == b.id); let most = i.qty * 2; not { Item(order == a.id, qty > most); exists Item(order == i.sku) }; if most > 3 }
    group
      $1 = b: Order(total > a.total)
        where $0.total < $1.total
      $2 = i: Item(order == b.id)
        where $1.id == $2.order
      #0 = let most = i.qty * 2: int
      not { Item(order == a.id, qty > most); exists Item(order == i.sku) }
        group
          $3 = Item(order == a.id, qty > most)
            where $0.id == $3.order
            where $3.qty > %0
          exists Item(order == i.sku) as $4
            where $2.sku == $4.order
      if %0 > 3
  $1 = c: Order(id != a.id)
    where $0.id != $1.id
  #1 = let sum = a.total + c.total: int
  then
    log info t"{c.id} {sum}"
)");
    CHECK(p.rules[0].rows == 2);
    CHECK(p.rules[0].frameRows == 5);
    CHECK(p.rules[0].conditionLocals == 2);
    CHECK(p.rules[0].localNames[1].first == "sum");
    CHECK_FALSE(p.rules[0].conditions[1].hasPattern());
    CHECK(p.rules[0].conditions[2].hasPattern());
  }

  TEST_CASE("forall holds a test of its candidates, or a group") {
    const model::Program p = program(kOrders + R"(
rule r
when {
  forall o: Order(total > 3) satisfies (o.total < 10 || o.id == "x")
  forall o: Order satisfies { i: Item(order == o.id) not Item(order == i.sku) }
}
then { halt })");
    const std::vector<Condition>& conditions = p.rules[0].conditions;
    CHECK(conditions[0].kind == Condition::Kind::Forall);
    CHECK(canonicalText(conditions[0].expr.tree) == "$0.id == \"x\" || $0.total < 10");
    CHECK(conditions[0].groups.empty());
    CHECK(conditions[1].groups[0].size() == 2);
    CHECK(conditions[1].groups[0][0].pattern.row == 1);
    CHECK(conditions[1].groups[0][1].pattern.row == 2);
    CHECK(p.rules[0].rows == 0);
  }

  TEST_CASE("what all branches of an either bind alike is known after it") {
    const model::Program p = program(kOrders + R"(
rule r
when {
  o: Order
  either { i: Item(order == o.id) let n = i.qty }
  or { x: Item(order == "all") i: Item(sku == x.sku) let n = i.qty + 1 }
  last: Item(order == i.order, qty > n)
}
then { log t"{o.id} {i.sku} {n} {last.sku}" })");
    const Condition& either = p.rules[0].conditions[1];
    CHECK(either.groups.size() == 2);
    CHECK(either.exports.size() == 2);
    CHECK(either.exports[0].name == "i");
    CHECK(either.exports[0].fact);
    CHECK(either.exports[0].to == 1);
    CHECK(either.exports[0].from == std::vector<std::uint32_t>{1, 2});
    CHECK(either.exports[1].name == "n");
    CHECK_FALSE(either.exports[1].fact);
    CHECK(either.exports[1].from == std::vector<std::uint32_t>{0, 1});
    CHECK(either.exports[1].to == 2);
    CHECK(p.rules[0].rows == 3);
    CHECK(p.rules[0].bindings == std::vector<std::string>{"o", "i", "last"});
    CHECK(canonicalText(p.rules[0].conditions[2].pattern.constraints[0].test.tree) ==
          "$1.order == $2.order");
    CHECK(canonicalText(p.rules[0].conditions[2].pattern.constraints[1].test.tree) ==
          "$2.qty > %2");
    CHECK(p.rules[0].localNames[2].first == "n");
  }

  TEST_CASE("group by gives keys, and results that are never of nothing") {
    const model::Program p = program(kOrders + R"(
rule r
when {
  accumulate skip errors { o: Order i: Item(order == o.id) } group by who = o.id, big = o.total > 10
    into most = max(i.qty), n = count(), firstSku = first(i.sku)
  if most > 3 && n > 1
  accumulate i: Item into top = max(i.qty)
  if top != null && top > 3
}
then { log t"{who} {big} {most} {firstSku} {top}" })");
    const Condition& grouped = p.rules[0].conditions[0];
    CHECK(grouped.skipErrors);
    CHECK(grouped.groupBy.size() == 2);
    CHECK(grouped.groupBy[0].local == 0);
    CHECK(grouped.groupBy[1].local == 1);
    CHECK(grouped.functions[0].local == 2);
    CHECK(toText(grouped.functions[0].result) == "int");
    CHECK(toText(p.rules[0].conditions[2].functions[0].result) == "int?");
    CHECK(p.rules[0].rows == 0);
    CHECK(p.rules[0].frameRows == 2);
  }

  TEST_CASE("each walks lists, the keys of maps, and what is known only when it runs") {
    const model::Program p = program(kOrders + R"(
fact Bag { key id: string counts: map<string, int> rest: any nested: list<list<int>> = [] }
rule r
when {
  o: Order
  each line in o.lines where line.size() > 2 && line != o.id
  b: Bag(id == line)
  each key in b.counts where b.counts[key] > 1
  each thing in b.rest
  each row in b.nested
  each number in row where number > 3
}
then { log t"{key} {thing.name} {number + 1}" })");
    const std::vector<Condition>& conditions = p.rules[0].conditions;
    CHECK(conditions[1].kind == Condition::Kind::Each);
    CHECK(conditions[1].where.present());
    CHECK(toText(p.rules[0].localNames[1].second) == "string");
    CHECK(toText(p.rules[0].localNames[2].second) == "any");
    CHECK(toText(p.rules[0].localNames[3].second) == "list<int>");
    CHECK(toText(p.rules[0].localNames[4].second) == "int");
    CHECK(conditions[5].local == 3);
  }

  TEST_CASE("windows, stretches and distances stand with their pattern") {
    const model::Program p = program(kOrders + kEvents + R"(
subject Device as "device|{id}" { key id: string tempc: double? }
rule r
when {
  s: Sent
  p: Paid(order == s.order) after s within 5m
  not Paid(order == p.order) before p within 1h after s within 1h
  exists Sent(order == p.order) over last 20 events within 10s of p
  d: Device(tempc != null, tempc > 30) held 10m
  not { q: Paid(order == d.id) over last 1h Sent(order == q.order) after q within 1s }
}
then { log d.id })");
    const std::vector<Condition>& conditions = p.rules[0].conditions;
    using Kind = model::Suffix::Kind;
    CHECK(conditions[1].pattern.suffixes[0].kind == Kind::After);
    CHECK(conditions[1].pattern.suffixes[0].row == 0);
    CHECK(conditions[1].pattern.suffixes[0].duration == 300'000'000);
    CHECK(conditions[2].pattern.suffixes[0].row == 1);
    CHECK(conditions[2].pattern.suffixes[1].row == 0);
    CHECK(conditions[3].pattern.suffixes[0].kind == Kind::OverLastCount);
    CHECK(conditions[3].pattern.suffixes[0].count == 20);
    CHECK(conditions[3].pattern.suffixes[1].kind == Kind::WithinOf);
    CHECK(conditions[4].pattern.suffixes[0].kind == Kind::Held);
    CHECK(conditions[5].groups[0][1].pattern.suffixes[0].row == 3);
    const std::string text = model::dump(p);
    CHECK(text.find("    after $0 within 5m\n") != std::string::npos);
    CHECK(text.find("    within 10s of $1\n") != std::string::npos);
    CHECK(text.find("event 3 Sent expires 1h\n") != std::string::npos);
  }

  TEST_CASE("a rule says what sets it off") {
    const model::Program p = program(kOrders + R"(
subject Device as "device|{id}" open { key id: string }
rule a on insert o: Order(total > 3) then { log o.id }
rule b on retract o: Order when { not Item(order == o.id) } then { log o.total }
rule c on every 90s then { log "again" }
rule d on cron "30 8 * * mon-fri" when { o: Order } then { log o.id }
rule e on change d: Device.wind (new != null, new > 3) then { log t"{d.id} {old}" }
rule f on change Device.wind then { log "wind" })");
    using Kind = model::Trigger::Kind;
    CHECK(p.rules[0].trigger.kind == Kind::Insert);
    CHECK(p.rules[0].conditions[0].origin == Condition::Origin::Insert);
    CHECK(p.rules[1].trigger.kind == Kind::Retract);
    CHECK(p.rules[1].conditions[0].origin == Condition::Origin::Retract);
    CHECK(p.rules[2].trigger.kind == Kind::Every);
    CHECK(p.rules[2].trigger.every == 90'000'000);
    CHECK(p.rules[2].conditions.empty());
    CHECK(p.rules[3].trigger.kind == Kind::Cron);
    CHECK(p.rules[3].trigger.plan.hours == 1u << 8);
    CHECK(p.rules[3].trigger.plan.weekdays == 0b111110u);
    CHECK(p.rules[4].trigger.kind == Kind::Change);
    CHECK(p.openChangeTypes.size() == 1);
    const model::FactType& change = p.type(p.rules[4].conditions[0].pattern.type);
    CHECK(change.name == "change Device.wind");
    CHECK(toText(change.fields[1].type) == "any");
    CHECK(p.rules[5].conditions[0].pattern.type == change.id);
    const std::string text = rulesOf(p);
    CHECK(text.find("  $0 = on retract o: Order\n") != std::string::npos);
    CHECK(text.find("  on every 1m30s\n") != std::string::npos);
    CHECK(text.find("  on cron \"30 8 * * mon-fri\"\n") != std::string::npos);
  }

  TEST_CASE("attributes stand with their rule, a last day counting whole") {
    const model::Program p = program(kOrders + R"(
rule a exclusive prices once tags("x", "y", "x") effective from "2024-01-01" to "2024-01-31" when { Order } then { halt }
rule b once per o.id + "!" effective to "2024-01-31T06:00:00+01:00" when { o: Order } then { halt }
rule c group late no-loop salience 3 when { Order } then { halt })");
    CHECK(p.rules[0].exclusive == "prices");
    CHECK(p.rules[0].once);
    CHECK_FALSE(p.rules[0].oncePer.present());
    CHECK(p.rules[0].tags == std::vector<std::string>{"x", "y"});
    CHECK(p.rules[0].effectiveFrom == 1704067200'000'000);
    CHECK(p.rules[0].effectiveTo == 1706745600'000'000);
    CHECK_FALSE(p.rules[1].effectiveFrom.has_value());
    CHECK(p.rules[1].effectiveTo == 1706677200'000'000);
    CHECK(canonicalText(p.rules[1].oncePer.tree) == "$0.id + \"!\"");
    CHECK(rulesOf(p).starts_with("rule 0 \"a\" exclusive prices once from "));
    CHECK(p.rules[2].group == "late");
  }

  TEST_CASE("passed asks for a moment, also one that was made sure of") {
    const model::Program p = program(kOrders + R"(
rule r when { o: Order(due != null, passed(due)) if passed(o.due + 1d) not Order(id != o.id, passed(o.due)) } then { log o.id })");
    CHECK(p.rules[0].conditions[0].pattern.constraints[1].test.tree.type.kind == TypeKind::Bool);
  }

  TEST_CASE(
      "what is known of null above a group holds inside, and what is found inside ends with it") {
    program(kOrders + R"(
rule r
when {
  o: Order(due != null)
  not { p: Order(due != null, due > o.due) if p.due - o.due > 1h }
  either { if o.due > timestamp("2024-01-01T00:00:00Z") } or { q: Order(due != null) if q.due < o.due }
}
then { log o.due })");
    const Outcome leaked = checked(kOrders + R"(
rule r
when {
  o: Order
  exists { Order(id != o.id) if o.due != null }
  if o.due > timestamp("2024-01-01T00:00:00Z")
}
then { log o.id })");
    CHECK(leaked.diagnostics.size() == 1);
    CHECK(leaked.text.starts_with("error[RL2007]: `o.due` may be null here"));
  }

  TEST_CASE("patterns that only a group, an element or a key connects are not told apart") {
    program(kOrders + R"(
rule a when { o: Order i: Item not { Item(order == o.id, sku == i.sku) Order(total > 3) } } then { log t"{o.id} {i.sku}" }
rule b when { o: Order each line in o.lines i: Item(sku == line) } then { log i.sku }
rule c when { o: Order accumulate i: Item(order == o.id) group by part = i.sku into n = count() x: Item(sku == trimmed(part)) if n > 1 } then { log x.order }
function trimmed(s: string) -> string = s.trim()
)");
    const Outcome apart = checked(kOrders +
                                  "rule r when { o: Order i: Item not { Item(order == o.id) "
                                  "Order(total > 3) } } then { log t\"{o.id} {i.sku}\" }");
    CHECK(apart.text.find("RL3005") != std::string::npos);
  }

  TEST_CASE("tables that collect give all results of the rows that match") {
    const model::Program p = program(R"(
table labels(n: int, kind: string) -> list<string> by n hit collect {
  | > 1          => "more than one"
  | > 5          => kind
  | > 1, if n < 0 => "odd"
}
table spare(n: int) -> list<string> hit collect { | > 1 => "a"  default => ["none"] }
table sum(n: int) -> double hit collect sum { | > 1 => 1 | > 2 => 2.5 | > 3 => double(n) }
table least(n: int) -> int? hit collect min { | > 1 => n * 2 | > 2 => 3 | > 3 => n }
table most(n: int) -> string hit collect max { | > 1 => "b" | > 2 => "c" | > 3 => "a" default => "" }
table hits(n: int) -> int hit collect count { | > 1 => "x" | > 2 => "y" | > 2 => "y" }
table both(n: int) -> (price: int, days: duration) hit collect sum { | > 1 => 2, 1d | > 2 => 3, 12h }
table rows(n: int) -> (price: int, name: string) hit collect { | > 1 => 2, "a" | > 2 => 3, "b" }
table peak(n: int) -> (price: int?, name: string?) hit collect max { | > 1 => 4, "a" | > 2 => 3, "b" }
rule r when { Clock } then {
  log labels(0, "k")  log labels(7, "k")  log labels(-1, "k")
  log spare(0)  log spare(2)
  log sum(0)  log sum(4)
  log least(0)  log least(2)  log least(4)
  log most(0)  log most(4)
  log hits(0)  log hits(3)
  log both(1)  log both(3)
  log rows(3)  log peak(0)  log peak(3)
  log (least(2) ?? 0) + rows(3)[1].price + hits(3)
  log [1, 2, 3].map(best, least(best + 1))
})");
    const char* const expected[] = {"[]",
                                    R"(["more than one", "k", "odd"])",
                                    R"(["odd"])",
                                    R"(["none"])",
                                    R"(["a"])",
                                    "0.0",
                                    "7.5",
                                    "null",
                                    "4",
                                    "3",
                                    R"("")",
                                    R"("c")",
                                    "0",
                                    "3",
                                    R"({"price": 0, "days": 0s})",
                                    R"({"price": 5, "days": 1d12h})",
                                    R"([{"price": 2, "name": "a"}, {"price": 3, "name": "b"}])",
                                    R"({"price": null, "name": null})",
                                    R"({"price": 4, "name": "b"})",
                                    "10",
                                    "[4, 3, 3]"};
    for (std::size_t i = 0; i < p.rules[0].actions.size(); ++i) {
      CAPTURE(i);
      CHECK(toText(constantOf(p, i)) == expected[i]);
    }
  }

  TEST_CASE("queries are asked in conditions and functions by the types of their results") {
    const model::Program p = program(kOrders + R"(
query most() { accumulate o: Order into total = max(o.total) }
query of(which: string) { either { i: Item(order == which) } or { i: Item(sku == which) } let n = i.qty }
function many(order: string) -> bool = of(order).size() > 3
rule r when { o: Order(total == most().total) if many(o.id) && of(o.id).exists(x, x.n > x.i.qty) } then { log o.id })");
    CHECK(p.queries[1].rows == 1);
    CHECK(p.queries[1].bindings == std::vector<std::string>{"i"});
    CHECK(p.queries[1].localNames.back().first == "n");
  }

  TEST_CASE("nothing is reported of a library for what it does not use itself") {
    const std::string library =
        "module shop.prices\nconst LIMIT = 3\nfunction twice(n: int) -> int = n * 2\nevent Priced "
        "{ n: int }\n";
    CHECK(checked(library).text.empty());
    std::vector<Diagnostic> diagnostics;
    std::vector<tree::Module> modules;
    const std::string withRule = library + "rule r when { Clock } then { halt }\n";
    const std::vector<Source> sources = {
        {"a.rules", withRule},
        {"b.rules",
         "module shop.main\nimport shop.prices\nrule s when { Clock } then { log LIMIT }\n"}};
    for (std::uint32_t i = 0; i < sources.size(); ++i) {
      modules.push_back(parseModule(sources[i], i, diagnostics));
    }
    CHECK(checkProgram(std::move(modules), diagnostics, {}).has_value());
    CHECK(diagnostics.empty());
    CHECK(checked(withRule).diagnostics.size() == 3);
  }
}

}  // namespace check_conditions_test
