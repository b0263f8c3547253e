// Why a fact is there, why a rule does not fire, where its partial matches stand.

#include <algorithm>

#include "program/program_state.h"
#include "session/reasons.h"
#include "support/harness.h"

namespace inquiry_explain_test {

using namespace reticle;
using namespace reticle::test;

namespace {

Value fieldOf(const Explanation& explanation, const std::string& name) {
  for (const auto& [field, value] : explanation.fields) {
    if (field == name) return value;
  }
  return Value::error("RL0000", "no such field");
}

Explanation explained(const Engine& engine, FactId fact) {
  auto out = engine.explain(fact);
  REQUIRE(out.ok());
  return *out;
}

WhyNot whyNot(const Engine& engine, const std::string& rule, const Fields& bindings = {}) {
  auto out = engine.whyNot(rule, bindings);
  CHECK_MESSAGE(out.ok(), (out.ok() ? "" : out.error().message));
  return out.ok() ? *out : WhyNot{};
}

const char* const kShop = R"(
fact Customer { key id: string  level: string = "plain" }
fact Order { key id: int  customer: string  total: any = 0 }
fact Stop { key customer: string }
fact Bill { key id: int  amount: int }
fact Seen { key id: int }
rule blocks allow RL3002 when { o: Order(total == "stop") } then { insert Stop{customer: o.customer} }
rule "big orders" salience 3
when {
  o: Order(total > 100)
  c: Customer(id == o.customer, level == "gold")
  not Stop(customer == c.id)
}
then { insert Bill{id: o.id, amount: 1} }
)";

}  // namespace

TEST_SUITE("explanation") {
  TEST_CASE(
      "a derived fact shows what it came from with the values of then, also when that has changed "
      "or gone") {
    auto program = compiled("then.rules", R"(
fact Order { key id: int  total: int }
fact Bill { key id: int  amount: int }
fact Paid { key id: int }
rule bill when { o: Order(total > 10) } then { insert Bill{id: o.id, amount: o.total} }
rule pay when { b: Bill } then { retract b  insert Paid{id: b.id} }
)");
    REQUIRE(program);
    Watched w(program);
    FactId order = w.insert("Order", {{"id", number(1)}, {"total", number(50)}});
    w.settle(1);
    FactId bill = w.engine.facts("Bill")[0].id;
    CHECK_FALSE(explained(w.engine, bill).by.at(0).facts.at(0).changed);
    w.submit(update(order, {{"total", number(7)}}));
    const Explanation why = explained(w.engine, bill);
    CHECK(why.origin == Explanation::Origin::Derived);
    REQUIRE(why.by.size() == 1);
    CHECK(why.by[0].rule == "bill");
    REQUIRE(why.by[0].facts.size() == 1);
    CHECK(why.by[0].facts[0].fact == order);
    CHECK(fieldOf(why.by[0].facts[0], "total") == number(50));
    CHECK(why.by[0].facts[0].changed);
    CHECK_FALSE(why.by[0].facts[0].gone);

    w.settle();
    FactId paid = w.engine.facts("Paid").at(0).id;
    const Explanation then = explained(w.engine, paid);
    REQUIRE(then.by.at(0).facts.size() == 1);
    CHECK(then.by[0].facts[0].gone);
    CHECK(then.by[0].facts[0].type == "Bill");
    CHECK(fieldOf(then.by[0].facts[0], "amount") == number(50));
  }

  TEST_CASE(
      "values of then are kept only as long as a fact rests on them, and a chain of facts that "
      "replace each other stays short") {
    auto program = compiled("chain.rules",
                            "fact Count { n: int }\nrule next when { c: Count(n < 50) } then { "
                            "retract c  insert Count{n: c.n + 1} }\n");
    REQUIRE(program);
    Watched w(program);
    w.insert("Count", {{"n", number(0)}});
    CHECK(w.settle() == 50);
    Explanation why = explained(w.engine, w.engine.facts("Count").at(0).id);
    REQUIRE(why.by.at(0).facts.size() == 1);
    CHECK(fieldOf(why.by[0].facts[0], "n") == number(49));
    CHECK(why.by[0].facts[0].by.empty());  // what 49 came from is forgotten with it
  }

  TEST_CASE(
      "values of then are kept from the change of a reason to the end of what rests on it, once "
      "for all that does") {
    auto program = compiled(
        "kept.rules", "fact A { x: int }\nrule r when { a: A } then { log info t\"{a.x}\" }\n");
    REQUIRE(program);
    const TypeId type = program->model.findType("A")->id;
    WorkingMemory memory(program->model);
    Reasons reasons(program->model, memory);
    const FactId reason = memory.add(type, {number(1)}, false, 1);
    const FactId first = memory.add(type, {number(10)}, false, 2),
                 second = memory.add(type, {number(20)}, false, 3);
    reasons.add(first, RuleId{0}, {reason}, 2);
    reasons.add(second, RuleId{0}, {reason, first}, 3);
    const auto change = [&](FactId fact, std::int64_t value, std::uint64_t at) {
      reasons.leaving(fact);
      memory.assign(fact, {{FieldId{0}, number(value)}}, at);
    };
    CHECK(reasons.kept() == 0);
    change(second, 21, 4);  // nothing rests on it
    CHECK(reasons.kept() == 0);
    change(reason, 2, 5);
    change(reason, 3, 6);  // nothing rests on the version between
    CHECK(reasons.kept() == 1);
    REQUIRE(reasons.past({reason, 1}) != nullptr);
    CHECK(reasons.past({reason, 1})->fields.at(0) == number(1));
    CHECK(reasons.past({reason, 6}) == nullptr);  // the present one
    reasons.remove(first);
    CHECK(reasons.kept() == 1);
    reasons.leaving(first);
    memory.remove(first);
    CHECK(reasons.kept() == 2);
    reasons.remove(second);
    CHECK(reasons.kept() == 0);
  }

  TEST_CASE("the same after recovery") {
    auto program = compiled("again.rules", R"(
fact Order { key id: int  total: int }
fact Paid { key id: int }
rule pay when { o: Order(total > 0) } then { retract o  insert Paid{id: o.id} }
)");
    REQUIRE(program);
    Engine first(program);
    std::string journal = first.takeJournal();
    CHECK(first.submit(insert("Order", {{"id", number(1)}, {"total", number(5)}})).ok());
    first.settle();
    journal += first.takeJournal();
    auto second = Engine::recover(program, journal);
    REQUIRE(second.ok());
    const Explanation why = explained(*second, second->facts("Paid").at(0).id);
    REQUIRE(why.by.size() == 1);
    CHECK(fieldOf(why.by[0].facts.at(0), "total") == number(5));
  }

  TEST_CASE(
      "a logical fact shows every support with its facts and bindings; facts that hold each other "
      "up are told once") {
    auto program = compiled("holds.rules", R"(
fact Sign { key name: string  n: int = 1 }
fact Alarm { key place: string }
fact Siren { key place: string }
rule smoke when { s: Sign(name == "smoke")  let twice = s.n * 2 } then { insert logical Alarm{place: "hall"}  log info t"{twice}" }
rule heat when { Sign(name == "heat") } then { insert logical Alarm{place: "hall"} }
rule loud allow RL4002 when { a: Alarm } then { insert logical Siren{place: a.place} }
rule echo allow RL4002 when { s: Siren } then { insert logical Alarm{place: s.place} }
)");
    REQUIRE(program);
    Watched w(program);
    FactId smoke = w.insert("Sign", {{"name", text("smoke")}});
    w.insert("Sign", {{"name", text("heat")}});
    w.settle();
    const Explanation why = explained(w.engine, w.engine.facts("Alarm").at(0).id);
    CHECK(why.origin == Explanation::Origin::Logical);
    REQUIRE(why.by.size() == 3);
    std::size_t repeated = 0;
    for (const Explanation::By& by : why.by) {
      CHECK(by.activation != ActivationId{});
      if (by.rule == "smoke") {
        CHECK(by.facts.at(0).fact == smoke);
        CHECK(by.bindings == Fields{{"twice", number(2)}});
      }
      if (by.rule == "echo") {
        CHECK(by.facts.at(0).type == "Siren");
        repeated += by.facts.at(0).by.at(0).facts.at(0).repeated;
      }
    }
    CHECK(repeated == 1);
  }

  TEST_CASE("an activation shows what it rests on, why it waits, and what stands on it") {
    auto program = compiled("waits.rules", R"(
fact Sign { key name: string }
fact Alarm { key place: string }
rule early salience 5 when { Sign } then { log info "first" }
rule smoke when { s: Sign  let place = "hall" } then { insert logical Alarm{place: place} }
)");
    REQUIRE(program);
    Watched w(program);
    FactId sign = w.insert("Sign", {{"name", text("smoke")}});
    const auto agenda = w.engine.agenda();
    REQUIRE(agenda.size() == 2);
    const ActivationId smoke = agenda[1].id;
    auto waiting = w.engine.explain(smoke);
    REQUIRE(waiting.ok());
    CHECK(waiting->state == ActivationExplanation::State::Ready);
    CHECK(waiting->before == 1);
    CHECK(waiting->facts.at(0).fact == sign);
    CHECK(waiting->bindings == Fields{{"place", text("hall")}});
    CHECK(waiting->keeps.empty());
    const std::uint64_t change = waiting->change;
    w.settle();
    auto fired = w.engine.explain(smoke);
    REQUIRE(fired.ok());
    CHECK(fired->state == ActivationExplanation::State::Fired);
    CHECK(fired->change == change);
    CHECK(fired->keeps == std::vector<FactId>{w.engine.facts("Alarm").at(0).id});
    w.submit(retract(sign));
    CHECK(w.engine.explain(smoke).error().code == ErrorCode::UnknownActivation);
  }

  TEST_CASE(
      "why not, condition by condition: how many facts fit, how many partial matches arrive and go "
      "on, and the nearest with both values") {
    auto program = compiled("shop.rules", kShop);
    REQUIRE(program);
    Watched w(program);
    WhyNot nothing = whyNot(w.engine, "big orders");
    CHECK(nothing.state == WhyNot::State::NoMatch);
    CHECK(nothing.conditions.at(0).note == "there is no Order");
    CHECK(nothing.conditions.at(1).note == "not reached");

    w.insert("Order", {{"id", number(1)}, {"customer", text("ada")}, {"total", number(500)}});
    w.insert("Order", {{"id", number(2)}, {"customer", text("bob")}, {"total", number(99)}});
    FactId ada = w.insert("Customer", {{"id", text("ada")}});
    w.insert("Customer", {{"id", text("bob")}, {"level", text("gold")}});
    WhyNot why = whyNot(w.engine, "big orders");
    REQUIRE(why.conditions.size() == 3);
    const ConditionReport& orders = why.conditions[0];
    CHECK(orders.ofType == 2);
    CHECK(orders.facts == 1);
    CHECK(orders.reached == 1);
    CHECK(orders.partial == 1);
    CHECK(orders.holds);
    const ConditionReport& customers = why.conditions[1];
    CHECK(customers.ofType == 2);
    CHECK(customers.facts == 1);  // bob alone is gold
    CHECK(customers.reached == 1);
    CHECK(customers.partial == 0);
    // Ada fits the order and is not gold; bob is gold and fits no order: ada is nearer.
    REQUIRE_FALSE(customers.nearest.empty());
    CHECK(customers.nearest[0].facts.back() == ada);
    CHECK(customers.nearest[0].test == "level == \"gold\"");
    CHECK(customers.nearest[0].left == text("plain"));
    CHECK(customers.nearest[0].right == text("gold"));
    CHECK(why.summary ==
          "\"big orders\" does not fire: condition 2 of 3, `c: Customer(id == o.customer, level == "
          "\"gold\")`, holds for nothing; none of 2 facts of type "
          "Customer fits; nearest: Customer{id: \"ada\", level: \"plain\"}, where `level == "
          "\"gold\"` is false (\"plain\" against \"gold\")");
    CHECK(why.conditions[2].reached == 0);
  }

  TEST_CASE("why not: the fact that blocks a negation, and who made it") {
    auto program = compiled("shop.rules", kShop);
    REQUIRE(program);
    Watched w(program);
    w.insert("Customer", {{"id", text("ada")}, {"level", text("gold")}});
    w.insert("Customer", {{"id", text("bob")}, {"level", text("gold")}});
    w.insert("Order", {{"id", number(9)}, {"customer", text("ada")}, {"total", text("stop")}});
    FactId byHand = w.insert("Stop", {{"customer", text("bob")}});
    w.settle();
    w.insert("Order", {{"id", number(1)}, {"customer", text("ada")}, {"total", number(500)}});
    w.insert("Order", {{"id", number(2)}, {"customer", text("bob")}, {"total", number(500)}});
    const WhyNot why = whyNot(w.engine, "big orders");
    const ConditionReport& stops = why.conditions.at(2);
    CHECK(stops.reached == 2);
    REQUIRE(stops.blockers.size() == 2);
    CHECK(stops.blockers[0].by == "blocks");
    CHECK(stops.blockers[1].facts == std::vector<FactId>{byHand});
    CHECK(stops.blockers[1].by.empty());
    CHECK(stops.note.find("which \"blocks\" inserted") != std::string::npos);
    // Narrowed down to bob, only his stop counts.
    const WhyNot bob = whyNot(w.engine, "big orders", {{"c.id", text("bob")}});
    CHECK(bob.conditions.at(1).partial == 1);
    CHECK(bob.conditions.at(2).blockedBy == std::vector<FactId>{byHand});
  }

  TEST_CASE(
      "why not, narrowed down to a fact or a value, tells of nothing else; what is not bound is "
      "refused") {
    auto program = compiled("shop.rules", kShop);
    REQUIRE(program);
    Watched w(program);
    FactId small =
        w.insert("Order", {{"id", number(1)}, {"customer", text("ada")}, {"total", number(40)}});
    w.insert("Order", {{"id", number(2)}, {"customer", text("ada")}, {"total", number(90)}});
    const WhyNot why = whyNot(w.engine, "big orders", {{"o", number(index(small))}});
    REQUIRE(why.conditions.at(0).nearest.size() == 1);
    CHECK(why.conditions[0].nearest[0].facts == std::vector<FactId>{small});
    CHECK(why.conditions[0].nearest[0].left == number(40));
    CHECK(whyNot(w.engine, "big orders", {{"o.id", number(7)}}).conditions.at(0).note ==
          "there is no such Order");
    CHECK(w.engine.whyNot("big orders", {{"x", number(1)}}).error().message ==
          "the conditions of \"big orders\" bind no `x`; they bind `o`, `c`");
    CHECK(w.engine.whyNot("big orders", {{"o.size", number(1)}}).error().code ==
          ErrorCode::UnknownField);
    CHECK(w.engine.whyNot("big orders", {{"c.id", number(1)}}).error().code ==
          ErrorCode::WrongType);
  }

  TEST_CASE("why not: an unknown test says its error") {
    auto program = compiled("shop.rules", kShop);
    REQUIRE(program);
    Watched w(program);
    w.insert("Order", {{"id", number(1)}, {"customer", text("ada")}, {"total", text("much")}});
    const WhyNot why = whyNot(w.engine, "big orders");
    REQUIRE(why.conditions.at(0).nearest.size() == 1);
    CHECK_FALSE(why.conditions[0].nearest[0].error.empty());
    CHECK(why.summary.find("`total > 100` is unknown: ") != std::string::npos);
  }

  TEST_CASE("why not: an accumulate shows its results, and the guard after it what it compared") {
    auto program = compiled("guard.rules", R"(
fact Line { price: any }
rule enough when { accumulate l: Line(price != 0) into n = count(), total = sum(l.price)  if n > 2 && total > 10 } then { log info t"{total}" }
)");
    REQUIRE(program);
    Watched w(program);
    w.insert("Line", {{"price", number(4)}});
    w.insert("Line", {{"price", number(5)}});
    WhyNot why = whyNot(w.engine, "enough");
    CHECK(why.conditions.at(0).results == Fields{{"n", number(2)}, {"total", number(9)}});
    REQUIRE(why.conditions.at(1).nearest.size() == 1);
    CHECK(why.conditions[1].nearest[0].test == "n > 2");
    CHECK(why.conditions[1].nearest[0].left == number(2));
    w.insert("Line", {{"price", text("?")}});
    why = whyNot(w.engine, "enough");
    CHECK(why.conditions.at(0).note.find("its result is unknown: ") == 0);
  }

  TEST_CASE(
      "why not, inside of groups: where they come to nothing, and what they find where that is in "
      "the way") {
    auto program = compiled("groups.rules", R"(
fact Order { key id: int  tags: list<string> = [] }
fact Line { order: int  sku: string  count: int = 1 }
fact Stop { sku: string  level: any = 1 }
rule free when { o: Order  not { l: Line(order == o.id)  Stop(sku == l.sku) } } then { log info t"{o.id}" }
rule stopped when { o: Order  exists { l: Line(order == o.id)  Stop(sku == l.sku, level > 1) } } then { log info t"{o.id}" }
rule small when { o: Order  forall l: Line(order == o.id) satisfies (l.count < 5) } then { log info t"{o.id}" }
rule known when { o: Order  forall l: Line(order == o.id) satisfies { Stop(sku == l.sku, level == 9) } } then { log info t"{o.id}" }
rule one when { o: Order  either { Line(order == o.id, sku == "x") } or { Stop(sku == "y", level == o.id) } } then { log info t"{o.id}" }
rule totals when { accumulate { o: Order  l: Line(order == o.id, count > 9) } group by id = o.id into n = sum(l.count) } then { log info t"{id} {n}" }
rule tags when { o: Order  each t in o.tags where t == "q" } then { log info t"{o.id} {t}" }
)");
    REQUIRE(program);
    Watched w(program);
    FactId order = w.insert("Order", {{"id", number(1)}});
    FactId line =
        w.insert("Line", {{"order", number(1)}, {"sku", text("a")}, {"count", number(7)}});
    FactId stop = w.insert("Stop", {{"sku", text("a")}});
    w.settle();

    const ConditionReport free = whyNot(w.engine, "free").conditions.at(1);
    CHECK(free.reached == 1);
    CHECK(free.partial == 0);
    REQUIRE(free.blockers.size() == 1);
    CHECK(free.blockers[0].facts == std::vector<FactId>{line, stop});
    CHECK(free.blockedBy == std::vector<FactId>{line, stop});
    REQUIRE(free.groups.size() == 1);
    CHECK(free.groups[0].at(1).partial == 1);

    const ConditionReport stopped = whyNot(w.engine, "stopped").conditions.at(1);
    REQUIRE(stopped.groups.size() == 1);
    CHECK(stopped.groups[0].at(0).partial == 1);
    CHECK(stopped.groups[0].at(1).partial == 0);
    REQUIRE_FALSE(stopped.groups[0][1].nearest.empty());
    CHECK(stopped.groups[0][1].nearest[0].facts == std::vector<FactId>{order, line, stop});
    CHECK(stopped.groups[0][1].nearest[0].left == number(1));
    CHECK(stopped.note.find("its group holds for nothing: `Stop(sku == l.sku, level > 1)`") == 0);

    const ConditionReport small = whyNot(w.engine, "small").conditions.at(1);
    CHECK(small.blockedBy == std::vector<FactId>{line});
    REQUIRE(small.nearest.size() == 1);
    CHECK(small.nearest[0].test == "l.count < 5");
    CHECK(small.nearest[0].left == number(7));

    const ConditionReport known = whyNot(w.engine, "known").conditions.at(1);
    CHECK(known.blockedBy == std::vector<FactId>{line});
    REQUIRE(known.groups.size() == 1);
    CHECK(known.groups[0].at(0).nearest.at(0).left == number(1));

    const ConditionReport one = whyNot(w.engine, "one").conditions.at(1);
    REQUIRE(one.groups.size() == 2);
    CHECK(one.groups[0].at(0).nearest.at(0).test == "sku == \"x\"");
    CHECK(one.groups[1].at(0).nearest.at(0).right == text("y"));

    const ConditionReport totals = whyNot(w.engine, "totals").conditions.at(0);
    CHECK(totals.note.find("there is no group: `l: Line(order == o.id, count > 9)`") == 0);
    CHECK(totals.groups.at(0).at(1).nearest.at(0).left == number(7));

    CHECK(whyNot(w.engine, "tags").conditions.at(1).note == "the list is empty");
    w.submit(update(order, {{"tags", Value::list({text("p")})}}));
    CHECK(whyNot(w.engine, "tags").conditions.at(1).note ==
          "`where` is true for no element of [\"p\"]");

    // What the level is, nobody knows: it may be in the way.
    w.submit(update(stop, {{"level", text("?")}}));
    CHECK(
        whyNot(w.engine, "stopped").conditions.at(1).groups.at(0).at(1).nearest.at(0).error.size() >
        0);
  }

  TEST_CASE("why not of a rule whose not is unknown says that it may be blocked") {
    auto program =
        compiled("perhaps.rules",
                 "fact A { x: any }\nrule r when { not A(x > 1) } then { log info \"\" }\n");
    REQUIRE(program);
    Watched w(program);
    FactId a = w.insert("A", {{"x", text("?")}});
    const ConditionReport report = whyNot(w.engine, "r").conditions.at(0);
    REQUIRE(report.blockers.size() == 1);
    CHECK(report.blockers[0].unsure);
    CHECK(report.blockers[0].facts == std::vector<FactId>{a});
    CHECK(report.note == "blocked by A{x: \"?\"}, which was handed in (a test of it is unknown)");
  }

  TEST_CASE("why not, of rules that match: fired, ready behind others, halted, disabled") {
    auto program = compiled("states.rules", R"(
fact A { key id: int }
rule first salience 2 when { A } then { log info "first" }
rule second allow RL4006 when { A(id > 0) } then { log info "second" }
rule stop salience 1 when { A(id == 9) } then { halt }
rule never disabled when { A } then { log info "never" }
)");
    REQUIRE(program);
    Watched w(program);
    w.insert("A", {{"id", number(1)}});
    WhyNot second = whyNot(w.engine, "second");
    CHECK(second.state == WhyNot::State::Ready);
    CHECK(second.fires);
    CHECK(second.aheadCount == 1);
    REQUIRE(second.ahead.size() == 1);
    CHECK(second.ahead[0].rule == "first");
    CHECK(second.ahead[0].salience == 2);
    CHECK(second.summary ==
          "\"second\" is ready (1 activation); \"first\" comes before it, with salience 2 over 0");
    CHECK(whyNot(w.engine, "first").summary == "\"first\" is ready and fires next");
    const ActivationId id = second.ready.at(0);
    w.settle();
    second = whyNot(w.engine, "second");
    CHECK(second.state == WhyNot::State::Fired);
    CHECK_FALSE(second.fires);
    CHECK(second.fired == std::vector<ActivationId>{id});
    CHECK(whyNot(w.engine, "never").state == WhyNot::State::Disabled);
    w.insert("A", {{"id", number(9)}});
    w.settle();
    CHECK(whyNot(w.engine, "second").state == WhyNot::State::Halted);
  }

  TEST_CASE("why not, of rules that match and may not fire: dates, groups, once, exclusive, tags") {
    auto program = compiled("control.rules", R"(
fact A { key id: int }
rule late effective from "2030-01-01" when { A } then { log info "late" }
rule turn group later when { A } then { log info "turn" }
rule give when { A(id == 99) } then { focus later }
rule single once when { A } then { log info "single" }
rule each once per a.id when { a: A } then { log info t"{a.id}" }
rule first salience 2 exclusive side when { A(id == 1) } then { log info "first" }
rule second exclusive side when { A(id > 0) } then { log info "second" }
)");
    REQUIRE(program);
    Watched w(program);
    w.insert("A", {{"id", number(1)}});
    w.settle();
    const auto why = [&](const std::string& rule, WhyNot::State state, const std::string& words) {
      const WhyNot out = whyNot(w.engine, rule);
      CAPTURE(out.summary);
      CHECK(out.state == state);
      CHECK_FALSE(out.fires);
      CHECK(out.summary.find(words) != std::string::npos);
      for (const ConditionReport& condition : out.conditions) CHECK(condition.holds);
    };
    why("late", WhyNot::State::NotEffective, "but the rule is effective from ");
    why("turn", WhyNot::State::NotFocused, "the group `later` does not have the focus");
    why("each", WhyNot::State::Spent, "fires once per `a.id`, and has");
    why("single", WhyNot::State::Spent, "fires once, and has");
    why("second", WhyNot::State::Fired, "of the rules that are `exclusive side` only one fires");
    w.insert("A", {{"id", number(2)}});
    why("single", WhyNot::State::Spent, "fires once, and has");
    CHECK(whyNot(w.engine, "each").state == WhyNot::State::Ready);
    CHECK(w.engine.explain(w.engine.agenda().back().id)->state ==
          ActivationExplanation::State::Held);
  }

  TEST_CASE(
      "partial matches by condition, counted, with what they bind; complete ones with their "
      "activations") {
    auto program = compiled("matches.rules", R"(
fact A { key id: int }
fact B { key id: int  of: int }
rule pairs when { a: A  b: B(of == a.id)  let sum = a.id + b.id  if sum > 12 } then { log info t"{sum}" }
)");
    REQUIRE(program);
    Watched w(program);
    for (int i = 1; i <= 3; ++i) w.insert("A", {{"id", number(i)}});
    FactId b = w.insert("B", {{"id", number(10)}, {"of", number(2)}});
    FactId c = w.insert("B", {{"id", number(11)}, {"of", number(2)}});
    auto matches = w.engine.matches("pairs");
    REQUIRE(matches.ok());
    REQUIRE(matches->conditions.size() == 4);
    std::vector<std::uint64_t> counts;
    for (const auto& stage : matches->conditions) counts.push_back(stage.count);
    CHECK(counts == std::vector<std::uint64_t>{3, 2, 2, 1});
    CHECK(matches->conditions[1].matches.at(0).facts == std::vector<FactId>{FactId{2}, b});
    CHECK(matches->conditions[1].matches[0].bindings.empty());
    CHECK(matches->conditions[2].matches.at(1).bindings == Fields{{"sum", number(13)}});
    REQUIRE(matches->complete.size() == 1);
    CHECK(matches->complete[0].facts == std::vector<FactId>{FactId{2}, c});
    CHECK(matches->complete[0].activation == w.engine.agenda().at(0).id);
    CHECK_FALSE(matches->complete[0].fired);
    w.settle();
    CHECK(w.engine.matches("pairs")->complete.at(0).fired);
    auto few = w.engine.matches("pairs", 1);
    CHECK(few->conditions[0].count == 3);
    CHECK(few->conditions[0].matches.size() == 1);
    CHECK(w.engine.matches("none").error().code == ErrorCode::BadInput);
  }

  TEST_CASE("counting stops before it takes for ever, and says so") {
    auto program = compiled("many.rules",
                            "fact A { id: int }\nrule cross disabled when { a: A  b: A(id != a.id) "
                            " c: A(id > a.id + b.id + 1000000) } then { log info t\"{c.id}\" }\n");
    REQUIRE(program);
    Engine engine(program);
    for (int i = 0; i < 300; ++i) CHECK(engine.submit(insert("A", {{"id", number(i)}})).ok());
    auto matches = engine.matches("cross", 5);
    REQUIRE(matches.ok());
    CHECK(matches->conditions[2].more);
    CHECK(matches->conditions[2].count == 0);
  }

  TEST_CASE("rules count their matches, firings and failures; time only with a stopwatch") {
    auto program = compiled("counted.rules", R"(
fact A { key id: int }
fact B { key id: int where id < 3 }
rule copy when { a: A } then { insert B{id: a.id} }
rule other when { B(id == 0) } then { log info "" }
)");
    REQUIRE(program);
    std::uint64_t ticks = 0;
    EngineOptions options;
    options.stopwatch = [&ticks] { return ticks += 7; };
    Watched w(program, options);
    for (int i = 1; i <= 4; ++i) w.insert("A", {{"id", number(i)}});
    w.settle();
    const Counters counters = w.engine.counters();
    REQUIRE(counters.rules.size() == 2);
    CHECK(counters.rules[0].name == "copy");
    CHECK(counters.rules[0].matches == 4);
    CHECK(counters.rules[0].firings == 4);
    CHECK(counters.rules[0].failures == 2);
    CHECK(counters.rules[0].nanoseconds == 28);
    CHECK(counters.rules[1].firings == 0);
    CHECK(ticks == 56);
    std::uint64_t facts = 0;
    for (const Counters::Node& node : counters.nodes) facts = std::max(facts, node.memory);
    CHECK(facts == 4);
  }
}

}  // namespace inquiry_explain_test
