// What checked programs look like: the contract between the checker and all who read its result.
#include <cstdio>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/suggest.h"
#include "check/check.h"
#include "model/text.h"
#include "support/folder.h"
#include "syntax/parser.h"

namespace check_test {

namespace {

using namespace reticle;

struct Outcome {
  std::optional<model::Program> program;
  std::vector<Diagnostic> diagnostics;
  std::string text;
};

Outcome checked(const std::vector<std::string>& texts) {
  Outcome outcome;
  std::vector<Source> sources;
  std::vector<tree::Module> modules;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    sources.push_back({"f" + std::to_string(i) + ".rules", texts[i]});
  }
  for (std::uint32_t i = 0; i < sources.size(); ++i) {
    modules.push_back(parseModule(sources[i], i, outcome.diagnostics));
  }
  outcome.program = checkProgram(std::move(modules), outcome.diagnostics);
  for (const Diagnostic& d : outcome.diagnostics) outcome.text += render(d, sources) + "\n";
  return outcome;
}

// The program, which must have neither errors nor warnings; an empty one after a failed check.
model::Program program(const std::string& text) {
  Outcome outcome = checked({text});
  CHECK_MESSAGE(outcome.diagnostics.empty(), outcome.text);
  CHECK(outcome.program.has_value());
  return outcome.program ? std::move(*outcome.program) : model::Program{};
}

std::string readFile(const std::string& path) {
  std::string text;
  std::FILE* file = std::fopen(test::pathOf(path).c_str(), "rb");
  CHECK_MESSAGE(file != nullptr, path);
  if (!file) return text;
  char buffer[4096];
  for (std::size_t got; (got = std::fread(buffer, 1, sizeof buffer, file)) > 0;) {
    text.append(buffer, got);
  }
  std::fclose(file);
  return text;
}

// Without the part from `from` up to `to`, which must both be there.
std::string without(std::string text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from), end = text.find(to, begin);
  CHECK(begin != std::string::npos);
  CHECK(end != std::string::npos);
  if (begin != std::string::npos && end != std::string::npos) text.erase(begin, end - begin);
  return text;
}

Value valueOf(const model::Expression& expression) { return evaluate(expression.code, Frame{}); }

const std::string kDevice = R"(
enum Band { COLD, WARM }
subject Device as "device|{id}" open {
  key id: string
  limit: double = 30
  tempc: double?
  band: Band?
}
)";

const std::string kSeen = kDevice + "event Seen as \"seen\" { tempc: double }\n";

}  // namespace

TEST_SUITE("model") {
  TEST_CASE("what is copied stands first") {
    const Outcome outcome =
        checked({"fact A { key id: string  n: int }\n"
                 "rule \"late\" when { a: A } then { insert A{id: \"x\", ...a} }\n"});
    REQUIRE(outcome.diagnostics.size() == 1);
    CHECK(outcome.diagnostics[0].code == "RL2006");
    CHECK(outcome.diagnostics[0].message == "what is copied stands first");
  }

  TEST_CASE(
      "the programs of the design check without a word, as far as this engine carries them out") {
    const std::string folder = "tests/scripts/programs/";
    for (const char* name : {"discounts", "manners"}) {
      CAPTURE(name);
      program(readFile(folder + name + ".rules"));
    }
    std::string devices = readFile(folder + "device-temperature.rules");
    devices = without(devices, " held 10m", "\n}");
    program(without(devices, "rule \"silent device\"", "test \"cold"));
    program(without(readFile(folder + "order-saga.rules"), "rule \"big spender\"", "flow Fulfil"));
    program(
        without(readFile(folder + "sudoku.rules"), "rule \"hidden single\"", "rule \"solved\""));
  }

  TEST_CASE("all programs of the design are right, whatever this engine carries out of them") {
    for (const char* name :
         {"discounts", "manners", "device-temperature", "order-saga", "sudoku", "finops-sync"}) {
      CAPTURE(name);
      const Outcome outcome =
          checked({readFile(std::string("tests/scripts/programs/") + name + ".rules")});
      CHECK_MESSAGE(outcome.program.has_value(), outcome.text);
      // One of them declares what it leaves to others.
      std::vector<std::string> said;
      for (const Diagnostic& d : outcome.diagnostics) said.push_back(d.message);
      const bool finops = std::string(name) == "finops-sync";
      CHECK(said ==
            (finops
                 ? std::vector<
                       std::string>{"nothing emits `GenerateRequested`, and nothing waits for it",
                                    "`tracker.comment` is declared and never used",
                                    "`changes` may be tried for ever"}
                 : std::vector<std::string>{}));
    }
  }

  TEST_CASE("the clock is type 0, and hidden fields follow the declared ones") {
    const model::Program p = program(kSeen);
    CHECK(p.types[0].name == "Clock");
    CHECK(p.types[0].kind == model::FactKind::Subject);
    CHECK(p.types[0].builtin);
    const auto names = [](const model::FactType& type) {
      std::string text;
      for (const model::Field& field : type.fields) text += (text.empty() ? "" : " ") + field.name;
      return text;
    };
    CHECK(names(p.types[0]) == "weekday date hour minute zone meta.name");
    CHECK(names(*p.findType("Device")) == "id limit tempc band meta.name …");
    CHECK(p.findType("Device")->declared == 4);
    CHECK(names(*p.findType("Seen")) ==
          "tempc meta.id meta.subject meta.time meta.type meta.source meta.cause meta.origin "
          "meta.ext");
    CHECK(p.findType("Seen")->wireName == "seen");
  }

  TEST_CASE("a whole number stands where a real one is needed, as a real one") {
    const model::Program p = program(
        kDevice +
        R"(rule r when { d: Device(limit > 3, limit * 2 > 7.5, limit in 1..9) } then { set d.tempc = -1 })");
    CHECK(toText(valueOf(p.findType("Device")->fields[1].initial)) == "30.0");
    const std::vector<model::Constraint>& tests = p.rules[0].conditions[0].pattern.constraints;
    CHECK(canonicalText(tests[0].test.tree) == "$0.limit > 3.0");
    CHECK(canonicalText(tests[1].test.tree) == "$0.limit * 2.0 > 7.5");
    CHECK(canonicalText(tests[2].test.tree) == "$0.limit in 1.0..9.0");
    CHECK(toText(valueOf(p.rules[0].actions[0].fields[0].value)) == "-1.0");
  }

  TEST_CASE("a subject's name is computed from its fields") {
    const model::Program p = program(kDevice);
    const Value fields[] = {
        Value::string("a7"), Value::real(1), Value{}, Value{}, Value{}, Value{}};
    const Row row{fields, FactId{1}};
    CHECK(evaluate(p.findType("Device")->subjectName.code, Frame{&row, nullptr, nullptr}) ==
          Value::string("device|a7"));
    CHECK(p.findType("Device")->nameTemplate == "device|{id}");
  }

  TEST_CASE("an event rule begins with the event, then its subject joined by name") {
    const model::Program p = program(
        kSeen + R"(rule r on e: Seen at d: Device(limit > 1) then { set d.tempc = e.tempc })");
    const model::Rule& rule = p.rules[0];
    CHECK(rule.rows == 2);
    CHECK(rule.conditions[0].origin == model::Condition::Origin::Event);
    CHECK(rule.conditions[1].origin == model::Condition::Origin::At);
    CHECK(canonicalText(rule.conditions[1].pattern.constraints[0].test.tree) ==
          "$0.meta.subject == $1.meta.name");
    CHECK(rule.conditions[1].pattern.constraints.size() == 2);
    CHECK(rule.bindings == std::vector<std::string>{"e", "d"});
  }

  TEST_CASE("a change is an event type of its own, followed by the subject") {
    const model::Program p = program(kDevice + R"(
rule a on change d: Device.tempc (new != null, old != null, new > old, new > limit) then { set d.limit = new }
rule b on change Device.tempc then { log "changed" }
rule c on change Device.band (old == null) then { log "changed" })");
    CHECK(p.changeTypes.size() == 2);
    const model::FactType& change = p.type(p.rules[0].conditions[0].pattern.type);
    CHECK(change.name == "change Device.tempc");
    CHECK(change.changeOf.has_value());
    CHECK(p.rules[1].conditions[0].pattern.type == change.id);
    const model::Rule& rule = p.rules[0];
    CHECK(rule.conditions[0].pattern.constraints.empty());
    CHECK(rule.conditions[0].origin == model::Condition::Origin::Change);
    CHECK(canonicalText(rule.conditions[1].pattern.constraints[0].test.tree) ==
          "$0.meta.subject == $1.meta.name");
    CHECK(canonicalText(rule.conditions[1].pattern.constraints[4].test.tree) ==
          "$0.new > $1.limit");
    CHECK(canonicalText(rule.actions[0].fields[0].value.tree) == "$0.new");
  }

  TEST_CASE("rows are counted over positive patterns, locals over values") {
    const model::Program p = program(R"(
fact A { key id: string n: int = 0 }
rule r salience 5
when {
  a: A
  not A(id != a.id)
  exists A(n > a.n)
  accumulate x: A(id != a.id) into total = sum(x.n), c = count()
  b: A(n == a.n)
  let twice = total * 2
  if twice > c
}
then {
  let z = twice + b.n
  insert A{id: "new", n: z} as made
  set made.n = 3
})");
    const model::Rule& rule = p.rules[0];
    CHECK(rule.rows == 2);
    CHECK(rule.conditions[1].pattern.row == 1);
    CHECK(rule.conditions[3].pattern.row == 1);
    CHECK(rule.conditions[4].pattern.row == 1);
    CHECK(rule.conditionLocals == 3);
    CHECK(rule.locals == 5);
    CHECK(rule.conditions[3].functions[1].local == 1);
    CHECK(rule.actions[1].local == 4u);
    CHECK(rule.localNames[3].first == "z");
    CHECK(rule.localNames[4].first == "made");
    CHECK(rule.fixedSalience == 5);
    CHECK(rule.actions[2].target.tree.ref.kind == Ref::Kind::Local);
  }

  TEST_CASE("salience may depend on the match") {
    const model::Program p = program(R"(
const BASE = 4
fact A { key id: string n: int = 0 }
rule r salience BASE * 2 when { a: A } then { log a.id }
rule s salience a.n + BASE when { a: A } then { log a.id })");
    CHECK(p.rules[0].fixedSalience == 8);
    CHECK_FALSE(p.rules[1].fixedSalience.has_value());
    CHECK(p.rules[1].salience.present());
  }

  TEST_CASE("tables are functions that try their rows in order") {
    const model::Program p = program(R"(
enum Band { COLD, NORMAL, WARM }
table bandOf(t: double, lo: double) -> Band by t hit first {
  | < lo          => Band.COLD
  | lo..<20, 25   => Band.NORMAL
  | if t > lo * 3 => Band.WARM
}
table price(kind: string, n: int) -> (each: double, free: bool) hit first {
  | "a", "b" | < 10 => 3, false
  | _        | _    => 0, true
}
const A = bandOf(1, 10)
const B = bandOf(10, 10)
const C = bandOf(25, 10)
const D = bandOf(31, 10)
const E = price("b", 3).each
const F = price("c", 3).free
rule r when { Clock } then { log t"{A} {B} {C} {D} {E} {F}" })");
    const Value text = valueOf(p.rules[0].actions[0].value);
    CHECK(toText(text) == "\"COLD NORMAL NORMAL WARM 3 true\"");
    const Outcome none = checked({R"(
table f(n: int) -> int { | < 3 => 1 }
const A = f(9))"});
    CHECK(none.text.find("no row of the table `f` matches") != std::string::npos);
  }

  TEST_CASE("a query of results has one result, others a list of them") {
    const model::Program p = program(R"(
fact A { key id: string n: int = 0 }
query best() { accumulate a: A into most = max(a.n) }
query all(low: int = 1) { a: A(n > low) let twice = a.n * 2 }
test "t" { expect { check best().most == null check all().size() == 0 check all(low: 3).all(x, x.a.n > 3 && x.twice > 6) } })");
    CHECK(p.queries[0].single);
    CHECK_FALSE(p.queries[1].single);
    CHECK(p.queries[1].rows == 1);
    CHECK(p.queries[1].locals == 2);
    CHECK(p.queries[1].localNames[1].first == "twice");
    // A parameter that is left out is filled in.
    CHECK(canonicalText(p.tests[0].sections[0].expects[1].value.tree) == "all(1).size() == 0");
  }

  TEST_CASE("the last local of a flow is `err` of its retry conditions") {
    const model::Program p = program(R"(
fact Order { key id: string }
host function pay(id: string) -> string
flow Pay(order: Order) -> string key order.id retry 3 times if err.reason != "no" backoff constant 1s {
  step a = call pay(id: order.id) timeout 1h retry forever if err.attempt < 3
  let b = a + "x"
  return b
}
on failure why { log t"{why.reason} {order.id}" })");
    const model::Flow& flow = p.flows[0];
    const auto local = [](const Expr& e) { return e.args[0].args[0].ref; };
    CHECK(local(flow.retry->condition.tree).kind == Ref::Kind::Local);
    CHECK(local(flow.retry->condition.tree).row == flow.locals - 1);
    CHECK(local(flow.steps[0].retry->condition.tree).row == flow.locals - 1);
    CHECK(flow.handlers[0].error.has_value());
    CHECK(*flow.handlers[0].error < flow.locals - 1);
    CHECK(flow.steps[0].retry->forever);
    CHECK(flow.retry->times == 3);
  }

  TEST_CASE("steps of a parallel know which of its parts they come after") {
    const model::Program p = program(R"(
host function f(x: string) -> string
flow F() key "k" {
  parallel {
    step c after a, b = call f(x: a + b)
    step a = call f(x: "1")
    step b = call f(x: "2")
  }
  step d after c = call f(x: c)
})");
    const std::vector<model::Action>& steps = p.flows[0].steps;
    CHECK(steps.size() == 2);
    CHECK(steps[0].kind == model::Action::Kind::Parallel);
    CHECK(steps[0].body.size() == 3);
    CHECK(steps[0].body[0].name == "c");
    CHECK(steps[0].body[0].afterParts == std::vector<std::string>{"a", "b"});
    CHECK(steps[0].body[1].afterParts.empty());
    CHECK(steps[1].afterParts.empty());
  }

  TEST_CASE("arguments of steps stand in the order of the parameters, defaults filled in") {
    const model::Program p = program(R"(
host function f(a: string, b: int = 7, c: string?)
flow F() key "k" { step x = call f(a: "1") step y = call f(b: 2, a: "z") })");
    const std::vector<model::NamedExpression>& first = p.flows[0].steps[0].arguments;
    CHECK(first.size() == 3);
    CHECK(valueOf(first[1].value) == Value::integer(7));
    CHECK(valueOf(first[2].value).isNull());
    CHECK(p.flows[0].steps[1].arguments[0].name == "a");
    CHECK(valueOf(p.flows[0].steps[1].arguments[1].value) == Value::integer(2));
  }

  TEST_CASE("arguments of a call that a test expects are locals after its own") {
    const model::Program p = program(R"(
fact A { key id: string }
host function f(a: string, n: int)
test "t" {
  given { insert A{id: "x"} as first }
  expect { called f(a == first.id, n > 2) 1 times }
})");
    const model::Test& test = p.tests[0];
    const model::Expect& expect = test.sections[1].expects[0];
    CHECK(expect.argumentLocals == 2);
    CHECK(expect.constraints[0].tree.args[0].ref.row == test.locals);
    CHECK(expect.constraints[1].tree.args[0].ref.row == test.locals + 1);
    CHECK(expect.constraints[0].tree.args[1].args[0].ref.row == 0);
  }

  TEST_CASE("undeclared properties of open subjects are members of their map") {
    const model::Program p = program(
        kDevice +
        R"(rule r when { d: Device(humidity > 3, limit < d.wind) } then { set d.gust = d.humidity })");
    const model::Rule& rule = p.rules[0];
    const FieldId open = *p.findType("Device")->find("…");
    const Expr& humidity = rule.conditions[0].pattern.constraints[0].test.tree.args[0];
    CHECK(humidity.ref.kind == Ref::Kind::Member);
    CHECK(humidity.args[0].ref.kind == Ref::Kind::Field);
    CHECK(humidity.args[0].ref.field == open);
    CHECK(rule.actions[0].fields[0].field == open);
    CHECK(rule.actions[0].fields[0].name == "gust");
  }

  TEST_CASE("what a condition rules out need not be asked again") {
    program(kSeen + R"(
function hot(t: double) -> bool = t > 30
rule a when { d: Device(tempc != null, tempc > 1) if hot(d.tempc) } then { set d.limit = d.tempc }
rule b when { d: Device(tempc == null || tempc > 1, !(tempc == null) && tempc > 2 || id == "x") } then { log d.id }
rule c when { d: Device((tempc ?? 0) > 1, tempc != null ? tempc > 1 : true, has(this.tempc), tempc < 4, band in [Band.WARM]) } then { insert Copy{band: d.band} }
rule e when { d: Device if d.tempc != null && d.tempc > 3 } then { if d.band != null { insert Copy{band: d.band} } }
fact Copy { band: Band }
flow F(d: Device) key d.id {
  let seen = wait Seen for 5m
  if seen == null { fail "nothing" }
  log seen.tempc
  for x in Device(tempc != null) { log x.tempc + 1 }
  let other = find Device(id == "b")
  if other != null && other.tempc != null { log other.tempc * 2 } else { log "none" }
})");
  }

  TEST_CASE("names of another module are reached by import, alias and in full") {
    const std::string orders =
        "module shop.orders\nfact Order { key id: string }\nenum State { NEW, OLD }\nconst LIMIT = "
        "3\nfunction twice(n: int) -> int = n * 2\n";
    const Outcome outcome =
        checked({"module shop.main\nimport shop.orders\nimport shop.orders as o\n"
                 "rule r when { a: Order(id != \"x\") b: o.Order(id == a.id) c: "
                 "shop.orders.Order(id == b.id) d: orders.Order(id == c.id) }\n"
                 "then { log t\"{d.id} {LIMIT} {o.LIMIT} {twice(2)} {o.twice(3)} {State.NEW} "
                 "{o.State.OLD} {shop.orders.LIMIT}\" }\n",
                 orders});
    CHECK_MESSAGE(outcome.diagnostics.empty(), outcome.text);
    const Outcome unnamed =
        checked({"rule r when { a: A } then { log a.id }", "fact A { key id: string }"});
    CHECK_MESSAGE(unnamed.program.has_value(), unnamed.text);
  }

  TEST_CASE("one name from two imports is refused, and can be told apart in full") {
    const std::string a = "module a\nfact X { key id: string }\n",
                      b = "module b\nfact X { key id: string }\n";
    const Outcome unclear =
        checked({"module m\nimport a\nimport b\nrule r when { x: X } then { log x.id }\n", a, b});
    CHECK(unclear.diagnostics.size() == 1);
    CHECK(unclear.text.find("error[RL1008]: `X` comes from two imports") == 0);
    const Outcome clear =
        checked({"module m\nimport a\nimport b\nrule r when { x: a.X y: b.X(id == x.id) } then { "
                 "log y.id }\n",
                 a, b});
    CHECK_MESSAGE(clear.diagnostics.empty(), clear.text);
    if (clear.program) CHECK(clear.program->findType("b.X") != nullptr);
  }

  TEST_CASE("an import that nobody uses is reported") {
    const Outcome outcome = checked({"module m\nimport a\nrule r when { Clock } then { halt }\n",
                                     "module a\nfact X { key id: string }\n"});
    CHECK(outcome.program.has_value());
    CHECK(outcome.text.find("warning[RL3002]: `a` is imported and never used") == 0);
  }

  TEST_CASE("the dump shows rows, locals and canonical constraints") {
    const model::Program p = program(R"(module m
fact A { key id: string n: int = 1 where n > 0 }
rule r salience 3
when {
  a: A(3 < n)
  not A(id == a.id, n > a.n)
}
then {
  set a.n = a.n - 1
})");
    const std::string text = model::dump(p);
    CHECK(text.substr(text.find("fact 1")) == R"(fact 1 A
  key id: string
  n: int = 1 where n > 0
rule 0 "r" salience 3
  $0 = a: A(3 < n)
    where $0.n > 3
  not A(id == a.id, n > a.n) as $1
    where $0.id == $1.id
    where $0.n < $1.n
  then
    set a.n = a.n - 1
)");
  }

  TEST_CASE("suggestions are near, and the first of the nearest") {
    CHECK(model::nearest("logedIn", {"loggedOut", "loggedIn", "id"}) == "loggedIn");
    CHECK(model::nearest("String", {"int", "string"}) == "string");
    CHECK(model::nearest("ab", {"ba"}) == "ba");
    CHECK(model::nearest("color", {"flavour", "weight"}).empty());
    CHECK(model::nearest("c", {"d"}).empty());
    CHECK(model::editDistance("abcd", "abdc", 10) == 2);
    CHECK(model::editDistance("abc", "ABC", 10) == 3);
    CHECK(model::editDistance("short", "a very long one", 4) == 5);
  }

  TEST_CASE("durations are written with their units") {
    CHECK(model::durationText(0) == "0s");
    CHECK(model::durationText(90'000'000) == "1m30s");
    CHECK(model::durationText(-86'400'000'000) == "-1d");
    CHECK(model::durationText(1'001) == "1ms1us");
  }
}

}  // namespace check_test
