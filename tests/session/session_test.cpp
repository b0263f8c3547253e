// Firing, truth maintenance, subjects and events, as a host sees them.

#include "support/harness.h"

namespace session_test {

using namespace reticle;
using namespace reticle::test;

TEST_SUITE("session") {
  TEST_CASE("a firing that fails changes nothing, and says why") {
    auto program = compiled("atomic.rules", R"(
fact Order { key id: string total: int }
fact Bill { key id: string total: int where total > 0 }
rule bill when { o: Order } then { log info "billing" insert Bill{id: o.id, total: o.total} }
)");
    REQUIRE(program);
    Watched w(program);
    w.insert("Order", {{"id", text("o1")}, {"total", number(0)}});
    CHECK(w.settle() == 1);
    CHECK(w.engine.facts("Bill").empty());
    CHECK(w.watch.log.empty());  // not even the line before it
    REQUIRE(w.watch.failures.size() == 1);
    CHECK(w.watch.failures[0] == "the field \"total\" of Bill must satisfy `total > 0`, this is 0");
    // and it is not tried again for the same match
    CHECK(w.settle() == 0);
  }

  TEST_CASE("a firing whose changes do not go together changes nothing") {
    const std::string types =
        "fact Go { key id: int }\nfact A { key id: int n: int = 0 where n < 100 }\n";
    const char* const actions[] = {
        "set a.id = 12 set b.id = 12",            // two facts, one key
        "insert A{id: 7} insert A{id: 7, n: 1}",  // twice the same key
        "insert logical A{id: 7} insert logical A{id: 7, n: 1}",
        "insert A{id: 7} set a.id = 7",
        "insert A{id: 2}",                     // b has it
        "insert A{id: 7} as x set x.n = 100",  // refused by `where`
        "set a.n = 1 insert A{id: 2}",
    };
    for (const char* action : actions) {
      CAPTURE(action);
      auto program = compiled("together.rules", types +
                                                    "rule r allow RL3005, RL3002, RL4001 when { Go "
                                                    "a: A(id == 1) b: A(id == 2) } then { " +
                                                    action + " }\n");
      REQUIRE(program);
      Watched w(program);
      w.insert("A", {{"id", number(1)}});
      w.insert("A", {{"id", number(2)}});
      w.insert("Go", {{"id", number(1)}});
      CHECK(w.settle() == 1);
      CHECK(w.watch.failures.size() == 1);
      auto facts = w.engine.facts("A");
      REQUIRE(facts.size() == 2);
      for (std::size_t i = 0; i < 2; ++i) {
        CHECK(facts[i].fields[0].second == number(static_cast<std::int64_t>(i) + 1));
        CHECK(facts[i].fields[1].second == number(0));
      }
    }
  }

  TEST_CASE("a fact inserted by a firing can be set and retracted by it, under its name") {
    auto program = compiled("named.rules", R"(
fact Go { key id: int }
fact A { key id: int n: int = 0 }
rule r allow RL3005 when { g: Go } then { insert A{id: g.id} as a set a.n = 5 insert A{id: 9} as b retract b }
)");
    REQUIRE(program);
    Watched w(program);
    w.insert("Go", {{"id", number(1)}});
    w.settle();
    CHECK(w.watch.failures.empty());
    auto facts = w.engine.facts("A");
    REQUIRE(facts.size() == 1);
    CHECK(facts[0].fields[1].second == number(5));
  }

  TEST_CASE("a journal with ids chosen by the host opens again") {
    auto program = compiled(
        "ids.rules", "event Ping { n: int }\nrule r on e: Ping then { log info t\"{e.n}\" }\n");
    REQUIRE(program);
    Engine first(program);
    std::string journal = first.takeJournal();
    for (const char* id : {"e1", "", "e2", ""}) {
      CHECK(first.submit(input::Emit{"Ping", {{"n", number(1)}}, "", id, ""}).ok());
      first.settle();
    }
    journal += first.takeJournal();
    auto second = Engine::recover(program, journal);
    REQUIRE(second.ok());
    CHECK(second->digest() == first.digest());
  }

  TEST_CASE("a logical fact with two reasons stays until the last one goes") {
    auto program = compiled("reasons.rules", R"(
fact Sign { key name: string }
fact Alarm { key place: string }
rule smoke when { Sign(name == "smoke") } then { insert logical Alarm{place: "hall"} }
rule heat when { Sign(name == "heat") } then { insert logical Alarm{place: "hall"} }
)");
    REQUIRE(program);
    Watched w(program);
    FactId smoke = w.insert("Sign", {{"name", text("smoke")}});
    FactId heat = w.insert("Sign", {{"name", text("heat")}});
    w.settle();
    REQUIRE(w.engine.facts("Alarm").size() == 1);
    auto why = w.engine.explain(w.engine.facts("Alarm")[0].id);
    REQUIRE(why.ok());
    CHECK(why->origin == Explanation::Origin::Logical);
    CHECK(why->by.size() == 2);
    w.submit(retract(smoke));
    CHECK(w.engine.facts("Alarm").size() == 1);
    w.submit(retract(heat));
    CHECK(w.engine.facts("Alarm").empty());
  }

  TEST_CASE("a stated fact wins over a derived one of the same key") {
    auto program = compiled("stated.rules", R"(
fact Sign { key name: string }
fact Alarm { key place: string }
rule smoke when { Sign(name == "smoke") } then { insert logical Alarm{place: "hall"} }
)");
    REQUIRE(program);
    Watched w(program);
    FactId smoke = w.insert("Sign", {{"name", text("smoke")}});
    w.settle();
    w.insert("Alarm", {{"place", text("hall")}});
    w.submit(retract(smoke));
    CHECK(w.engine.facts("Alarm").size() == 1);  // somebody said so
  }

  TEST_CASE("a derived fact cannot be changed by hand") {
    auto program = compiled("derived.rules", R"(
fact Sign { key name: string }
fact Alarm { key place: string loud: bool = false }
rule smoke when { Sign } then { insert logical Alarm{place: "hall"} }
)");
    REQUIRE(program);
    Watched w(program);
    w.insert("Sign", {{"name", text("smoke")}});
    w.settle();
    FactId alarm = w.engine.facts("Alarm")[0].id;
    for (const Input& input : {update(alarm, {{"loud", Value::boolean(true)}}), retract(alarm)}) {
      auto refused = w.engine.submit(input);
      REQUIRE(!refused.ok());
      CHECK(refused.error().code == ErrorCode::Derived);
    }
  }

  TEST_CASE("no-loop: a rule's own change does not fire it again, a change from outside does") {
    auto program = compiled("loop.rules", R"(
fact Item { key id: string qty: int }
rule more no-loop when { i: Item(qty > 0) } then { set i.qty = i.qty + 1 }
)");
    REQUIRE(program);
    Watched w(program);
    FactId item = w.insert("Item", {{"id", text("a")}, {"qty", number(1)}});
    CHECK(w.settle(50) == 1);
    w.submit(update(item, {{"qty", number(10)}}));
    CHECK(w.settle(50) == 1);
    CHECK(w.engine.fact(item)->fields[1].second == number(11));
  }

  TEST_CASE("the runaway guard stops at the limit and names the cycle") {
    auto program = compiledFile("tests/scenarios/A0-04-light.rules");
    REQUIRE(program);
    Watched w(program);
    w.insert("Light", {{"id", text("l")}, {"color", text("red")}});
    auto report = w.engine.settle({.maxFirings = 100});
    CHECK(report.reason == SettleReport::Reason::Limit);
    CHECK(report.firings == 100);
    CHECK(report.cycle.size() == 2);
  }

  TEST_CASE(
      "property changes of one firing are one update, and raise one event for each property that "
      "differs") {
    auto program = compiled("sets.rules", R"(
fact Go { key id: string }
subject Lamp as "lamp:{id}" { key id: string color: string? level: int = 0 }
rule go when { Go l: Lamp } then { set l.color = "red" set l.level = 0 set l.color = "blue" }
)");
    REQUIRE(program);
    Watched w(program);
    w.submit(setProperties("lamp:1", {}));
    w.insert("Go", {{"id", text("x")}});
    std::size_t from = w.watch.records.size();
    w.settle();
    CHECK(w.watch.count<trace::Update>(from) == 1);
    CHECK(w.watch.count<trace::Property>(from) == 1);
    auto lamp = w.engine.subject("lamp:1");
    REQUIRE(lamp.has_value());
    CHECK(lamp->fields[1].second == text("blue"));
  }

  TEST_CASE(
      "an event is gone at the end of its turn, and events raised meanwhile follow in order") {
    auto program = compiled("events.rules", R"(
event First { n: int }
event Second { n: int }
rule one on e: First then { log info t"first {e.n}" emit Second{n: e.n} }
rule two on e: Second then { log info t"second {e.n}" }
)");
    REQUIRE(program);
    Watched w(program);
    w.submit(emit("First", {{"n", number(1)}}));
    w.submit(emit("First", {{"n", number(2)}}));
    CHECK(w.settle() == 4);
    CHECK(w.watch.log == std::vector<std::string>{"first 1", "first 2", "second 1", "second 2"});
    CHECK(w.engine.facts().empty());
  }

  TEST_CASE("wrong inputs are refused with what was found and what would be right") {
    auto program = compiled(
        "wrong.rules",
        "fact Item { key id: string qty: int = 1 where qty > 0 }\nevent Seen { id: string }\n");
    REQUIRE(program);
    Watched w(program);
    auto said = [&](const Input& input) {
      auto answer = w.engine.submit(input);
      return answer.ok() ? std::string("accepted") : answer.error().message;
    };
    CHECK(said(insert("Itme", {})) == "there is no fact or subject type \"Itme\"");
    CHECK(said(insert("Item", {{"id", text("a")}, {"qyt", number(1)}})) ==
          "Item has no field \"qyt\"; it has id, qty");
    CHECK(said(insert("Item", {})) ==
          "the field \"id\" of Item is missing; it has no default, so it must be given");
    CHECK(said(insert("Item", {{"id", text("a")}, {"qty", text("three")}}))
              .find("the field \"qty\" of Item needs an int") == 0);
    CHECK(said(insert("Item", {{"id", text("a")}, {"qty", number(0)}})) ==
          "the field \"qty\" of Item must satisfy `qty > 0`, this is 0");
    CHECK(said(insert("Seen", {{"id", text("a")}})) ==
          "Seen is an event: it happens and goes, so it is emitted, not inserted");
    CHECK(said(update(FactId{99}, {})) == "there is no fact 99 (any more)");
    CHECK(w.engine.facts().empty());
  }

  TEST_CASE("who does not want the whole trace is spared the records of memories, and no others") {
    const auto program =
        compiled("few.rules", "fact A { x: int }\nrule r when { a: A } then { log t\"{a.x}\" }\n");
    REQUIRE(program);
    struct Few final : TraceObserver {
      std::size_t memories = 0, others = 0;
      void record(const TraceRecord& record, std::string_view) override {
        ++(record.as<trace::Memory>() ? memories : others);
      }
      bool wantsAll() const override { return false; }
    } few;
    Watched whole(program);
    Engine spared(program, {.trace = &few});
    whole.insert("A", {{"x", number(1)}});
    whole.settle();
    REQUIRE(spared.submit(insert("A", {{"x", number(1)}})).ok());
    spared.settle();
    CHECK(few.memories == 0);
    CHECK(few.others == whole.watch.records.size() - whole.watch.count<trace::Memory>());
    CHECK(whole.watch.count<trace::Memory>() > 0);
    CHECK(spared.digest() == whole.engine.digest());
  }

  TEST_CASE("the clock changes by itself, only where a rule can tell") {
    auto program = compiledFile("examples/discounts/discounts.rules");
    REQUIRE(program);
    Watched w(program, {.start = 1712836800'000000});  // Thursday 2024-04-11T12:00:00Z
    w.insert("Customer", {{"id", text("ada")}, {"loggedIn", Value::boolean(true)}});
    w.settle();
    CHECK(w.engine.facts("Discount").size() == 1);
    auto next = w.engine.nextTimer();
    REQUIRE(next.has_value());
    CHECK(*next == 1712880000'000000);  // midnight
    w.submit(advanceTo(*next));
    w.settle();
    CHECK(w.engine.facts("Discount").empty());
  }
}

}  // namespace session_test
