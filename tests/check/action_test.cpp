// What actions, steps and doings become: each construct of the language in the checked program,
// whether or not this engine carries it out.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "check/check.h"
#include "model/text.h"
#include "syntax/parser.h"

namespace check_action_test {

namespace {

using namespace reticle;
using Kind = model::Action::Kind;

struct Outcome {
  std::optional<model::Program> program;
  std::vector<Diagnostic> diagnostics;
  std::string text;
};

Outcome checked(const std::string& text) {
  Outcome outcome;
  const std::vector<Source> sources = {{"test.rules", text}};
  std::vector<tree::Module> modules;
  modules.push_back(parseModule(sources[0], 0, outcome.diagnostics));
  outcome.program = checkProgram(std::move(modules), outcome.diagnostics);
  for (const Diagnostic& d : outcome.diagnostics) outcome.text += render(d, sources) + "\n";
  return outcome;
}

// The program, about which nothing must be said; an empty one after a failed check.
model::Program program(const std::string& text) {
  Outcome outcome = checked(text);
  CHECK_MESSAGE(outcome.diagnostics.empty(), outcome.text);
  REQUIRE(outcome.program.has_value());
  return std::move(*outcome.program);
}

const std::string kShop = R"(
fact Order {
  key id: string
  total: int
  note: string?
  labels: map<string, string>
}
subject Device as "device|{id}" open {
  key id: string
  tempc: double?
  limits: map<string, map<string, int>>
}
event Paid { orderId: string }
host function charge(id: string, amount: int = 1) -> string
host function refund(charge: string)
)";

// The actions of a rule over an order `o` and a device `d`, of a shop in which everything declared
// is used.
std::vector<model::Action> actions(const std::string& text) {
  const model::Program p = program(kShop + R"(
rule user on Paid when { o: Order } then { start Used(order: o) }
flow Used(order: Order) key order.id timeout 1d { wait Paid step c = call charge(id: order.id) undo call refund(charge: c) }
rule g group later when { o: Order } then { log o.id }
rule r when { o: Order d: Device(id == o.id) } then { log t"{o.id}{d.id}" )" +
                                   text + " }");
  std::vector<model::Action> out = p.rules.back().actions;
  out.erase(out.begin());
  return out;
}

// The steps of a flow over an order.
std::vector<model::Action> steps(const std::string& text) {
  return program(kShop + R"(
rule user on Paid when { d: Device } then { log d.id }
flow Used(order: Order) -> string key order.id timeout 1d { step c = call charge(id: order.id) undo call refund(charge: c) return c }
flow F(order: Order) key order.id timeout 1d { )" +
                 text + " }")
      .flows.back()
      .steps;
}

bool stands(const model::Expression& e, const std::string& text) { return toText(e.tree) == text; }

}  // namespace

TEST_SUITE("model: actions") {
  TEST_CASE("upsert holds the fields of the fact, whose type has a key") {
    const auto a = actions("upsert Order{id: \"a\", total: 3, labels: {}}");
    REQUIRE(a.size() == 1);
    CHECK(a[0].kind == Kind::Upsert);
    CHECK(a[0].fields.size() == 3);
    CHECK(a[0].fields[1].name == "total");
  }

  TEST_CASE("unset takes away optional fields, undeclared properties and entries of maps") {
    const auto a = actions(
        "unset o.note unset d.tempc unset d.wind unset o.labels.color unset d.limits.day.low unset "
        "d.wind.north");
    REQUIRE(a.size() == 6);
    for (const model::Action& action : a) {
      CHECK(action.kind == Kind::Unset);
      CHECK(action.fields.size() == 1);
      CHECK_FALSE(action.fields[0].value.present());
    }
    CHECK(a[0].part.empty());
    CHECK(a[2].fields[0].name == "wind");
    CHECK(a[3].part == std::vector<std::string>{"color"});
    CHECK(a[4].part == std::vector<std::string>{"day", "low"});
    CHECK(a[5].part == std::vector<std::string>{"north"});
  }

  TEST_CASE("a part of a property is set by the names of its entries") {
    const auto a = actions(
        "set o.labels.color = \"red\" set d.limits.day.low = 3 set d.wind.north.gust = 4.5");
    REQUIRE(a.size() == 3);
    CHECK(a[0].fields[0].name == "labels");
    CHECK(a[0].part == std::vector<std::string>{"color"});
    CHECK(a[1].part == std::vector<std::string>{"day", "low"});
    CHECK(a[2].part == std::vector<std::string>{"north", "gust"});
    CHECK(stands(a[1].fields[0].value, "3"));
  }

  TEST_CASE("a change can be muted; `muted` stays a name") {
    const auto a = actions("set muted d.tempc = 3 set d.muted = 4");
    CHECK(a[0].muted);
    CHECK(a[0].fields[0].name == "tempc");
    CHECK_FALSE(a[1].muted);
    CHECK(a[1].fields[0].name == "muted");
    const model::Program p = program(
        "subject S as \"s\" open { n: int = 0 }\nrule r when { muted: S(n > 3) } then { set "
        "muted.n = 1 }");
    CHECK_FALSE(p.rules[0].actions[0].muted);
    CHECK(p.rules[0].actions[0].text == "set muted.n = 1");
    CHECK(a[0].text == "set muted d.tempc = 3");
  }

  TEST_CASE("emit says to whom, when, instead of what, and how far") {
    const auto a = actions(
        "emit Paid{orderId: o.id} to d after 10s replacing o.id deliver local emit Paid{orderId: "
        "\"x\"} at timestamp(\"2024-01-01T00:00:00Z\") deliver both emit Paid{orderId: \"x\"}");
    REQUIRE(a.size() == 3);
    CHECK(a[0].target.present());
    CHECK(stands(a[0].after, "10s"));
    CHECK(stands(a[0].replacing, "o.id"));
    CHECK(a[0].deliver == Delivery::Local);
    CHECK(a[0].text == "emit Paid{orderId: o.id} to d after 10s replacing o.id deliver local");
    CHECK(a[1].at.present());
    CHECK(a[1].deliver == Delivery::Both);
    CHECK(a[2].deliver == Delivery::Both);
    CHECK_FALSE(a[2].after.present());
  }

  TEST_CASE("a rule calls with arguments in their order, defaults filled in") {
    const auto a = actions("call charge(id: o.id)");
    CHECK(a[0].kind == Kind::Start);  // of the flow that makes the call
    CHECK(a[0].name == "call charge");
    CHECK(a[0].arguments.size() == 2);
    CHECK(stands(a[0].arguments[1].value, "1"));
  }

  TEST_CASE("runs are started, signalled and cancelled by their keys") {
    const auto a = actions(
        "start Used(order: o) key o.id as run signal Used key run with Paid{orderId: o.id} cancel "
        "Used key run");
    REQUIRE(a.size() == 3);
    CHECK(a[0].local.has_value());
    CHECK(a[1].kind == Kind::Signal);
    CHECK(a[1].name == "Used");
    CHECK(a[1].fields[0].name == "orderId");
    CHECK(a[1].key.tree.ref.row == *a[0].local);
    CHECK(a[2].kind == Kind::Cancel);
    CHECK(a[2].key.tree.ref.row == *a[0].local);
  }

  TEST_CASE("focus names a group that some rule is in") {
    const auto a = actions("focus later");
    CHECK(a[0].kind == Kind::Focus);
    CHECK(a[0].name == "later");
  }

  TEST_CASE("what both ways through an `if` bind is there after it, in one place") {
    const auto a = actions("if o.total > 3 { let x = 1 } else { let x = 2 } log t\"{x}\"");
    REQUIRE(a.size() == 2);
    REQUIRE(a[0].body[0].local.has_value());
    CHECK(a[0].body[0].local == a[0].otherwise[0].local);
    CHECK(a[1].value.tree.args.size() > 0);
  }
}

TEST_SUITE("model: steps") {
  TEST_CASE("a way that leaves binds nothing, the other one all") {
    const auto s = steps(
        "if order.total > 3 { fail \"much\" } else { step a = call charge(id: order.id) } log a "
        "try { step b = call charge(id: a) } catch why { log why.reason return null } log b");
    REQUIRE(s.size() == 4);
    CHECK(s[1].value.tree.ref.row == *s[0].otherwise[0].local);
    CHECK(s[2].kind == Kind::Try);
    CHECK(s[2].local.has_value());
    CHECK(s[2].body[0].name == "b");
    CHECK(s[2].otherwise.size() == 2);
    CHECK(s[3].value.tree.ref.row == *s[2].body[0].local);
  }

  TEST_CASE("wait until asks conditions of its own, whose facts go on as locals") {
    const auto s = steps(
        "wait until { d: Device(id == order.id, tempc != null) if d.tempc > 3 } log d.tempc + 1 "
        "let came = wait until { accumulate Order into n = count() if n > 3 } for 2d if came && n "
        "!= null { log n + 1 } "
        "wait until order.note != null log order.note.size()");
    REQUIRE(s.size() == 6);
    CHECK(s[0].kind == Kind::WaitUntil);
    CHECK(s[0].conditions.size() == 2);
    CHECK(s[0].rows == 1);
    REQUIRE(s[0].kept.size() == 1);
    CHECK(s[0].kept[0].row == 0);
    CHECK(s[1].value.tree.args[0].args[0].ref.kind == Ref::Kind::Local);
    CHECK(s[1].value.tree.args[0].args[0].ref.row == s[0].kept[0].local);
    CHECK(s[2].duration == Span64{2} * 86'400'000'000);
    CHECK(s[2].local.has_value());
    CHECK(s[4].value.present());
    CHECK(s[4].conditions.empty());
  }

  TEST_CASE("parallel holds its parts; branches bind for those after the block") {
    const auto s = steps(
        "parallel { step a = call charge(id: \"a\") branch deep { step b = call charge(id: \"b\") "
        "log b } sleep 5s step c after a, deep = call charge(id: a + b) } log a + b + c");
    REQUIRE(s.size() == 2);
    REQUIRE(s[0].body.size() == 4);
    CHECK(s[0].body[1].kind == Kind::Branch);
    CHECK(s[0].body[1].name == "deep");
    CHECK(s[0].body[1].body.size() == 2);
    CHECK(s[0].body[2].kind == Kind::Sleep);
    CHECK(s[0].body[3].afterParts == std::vector<std::string>{"a", "deep"});
    CHECK_FALSE(s[0].first);
  }

  TEST_CASE("what a `parallel first` binds may be null") {
    const auto s = steps(
        "parallel first { step a = call charge(id: \"a\") branch late { sleep 5s let slow = 3 } } "
        "if a != null { log a } log t\"{slow ?? 0}\"");
    CHECK(s[0].first);
    CHECK(s[0].body.size() == 2);
  }

  TEST_CASE("elements are taken at once, so many at a time") {
    const auto s = steps(
        "for o in Order(total > 3) parallel max 4 { log o.id } for i in [1, 2] parallel { log i }");
    CHECK(s[0].kind == Kind::ForFacts);
    CHECK(s[0].atOnce);
    CHECK(s[0].count == 4);
    CHECK(s[1].atOnce);
    CHECK(s[1].count == -1);
  }

  TEST_CASE("a step can be a run of another flow, with its result") {
    const auto s = steps(
        "step a = run Used(order: order) timeout 1h retry 3 times undo call refund(charge: a) step "
        "b = call charge(id: a) step c = run Used(order: order) ignore errors log c ?? \"none\"");
    REQUIRE(s.size() == 4);
    CHECK(s[0].runsFlow);
    CHECK(s[0].arguments.size() == 1);
    CHECK(s[0].undoFunction.has_value());
    CHECK(s[0].retry->times == 3);
    CHECK(s[2].ignoreErrors);
  }

  TEST_CASE("an undo may always run, and knows its step has a result only when it does not") {
    const auto s = steps(
        "step a = call charge(id: order.id) undo always call refund(charge: a ?? \"none\") step b "
        "= call charge(id: order.id) ignore errors undo call refund(charge: b)");
    CHECK(s[0].undoAlways);
    CHECK_FALSE(s[1].undoAlways);
    CHECK(s[1].undoArguments.size() == 1);
  }

  TEST_CASE("a flow has a version, handlers and what it allows") {
    const model::Program p = program(R"(
event Paid { id: string }
flow F(n: int) key n version 3 allow RL6009, RL6001 { wait Paid(id == "x") if 1 > 2 { log n } }
on failure err { log err.reason }
on cancel { log "cancelled" }
on timeout late { log late.reason })");
    const model::Flow& flow = p.flows[0];
    CHECK(flow.version == 3);
    REQUIRE(flow.handlers.size() == 3);
    CHECK(flow.handlers[1].on == "cancel");
    CHECK_FALSE(flow.handlers[1].error.has_value());
    CHECK(flow.handlers[2].error.has_value());
  }

  TEST_CASE("all steps and the locals they bind have room in a run") {
    const model::Program p = program(kShop + R"(
rule user on Paid when { d: Device } then { log d.id }
flow F(order: Order) key order.id timeout 1d {
  wait until { accumulate o: Order into a = count(), b = sum(o.total) let c = a + b either { x: Device(id == "x") } or { x: Device(id == "y") } }
  step p = call charge(id: t"{a}{b}{c}{x.id}") retry 3 times if err.attempt < 3
  undo call refund(charge: p)
})");
    const model::Flow& flow = p.flows[0];
    const Expr& condition = flow.steps[1].retry->condition.tree;
    CHECK(condition.args[0].args[0].ref.row == flow.locals - 1);
    CHECK(*flow.steps[1].local < flow.locals - 1);
    for (const model::Action::Kept& kept : flow.steps[0].kept) CHECK(kept.local < flow.locals - 1);
  }

  TEST_CASE("the dump shows parts, conditions and handlers of a flow") {
    const std::string text = model::dump(program(R"(
fact A { key id: string n: int = 0 }
host function f(x: string) -> string
flow F(a: A) key a.id timeout 1d version 2 retry 3 times backoff constant 1s {
  wait until { b: A(n > a.n) } for 1h
  parallel first { step x = call f(x: "1") branch y { sleep 5s } }
  try { log "a" } catch why { log why.reason }
  if b != null && x != null { log b.id + x }
}
on timeout { log "late" })"));
    CHECK(text.substr(text.find("flow 0")) == R"(flow 0 F(a: A) key a.id timeout 1d version 2
  retry 3 times backoff constant 1s
  wait until { b: A(n > a.n) } for 1h
    $0 = b: A(n > a.n)
      where $0.n > %0.n
    #1 = $0
  parallel first
    #2 = step x = call f(x: "1")
    branch y
      sleep 5s
  try
    log info "a"
    catch #3
    log info why.reason
  if b != null && x != null
    log info b.id + x
on timeout
  log info "late"
)");
  }
}

}  // namespace check_action_test
