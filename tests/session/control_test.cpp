// What decides which matches fire, and when: groups and focus, exclusive, once, dates, tags, modes
// of settling, strategies, the runaway guard.

#include "agenda/plan.h"
#include "program/program_state.h"
#include "support/harness.h"

namespace session_control_test {

using namespace reticle;
using namespace reticle::test;

namespace {

constexpr Time kSecond = 1'000'000;
constexpr Time kDay = 86'400 * kSecond;

using Lines = std::vector<std::string>;

// A session whose journal is kept, so that whatever happened can be read back.
struct Kept {
  explicit Kept(const std::string& text, EngineOptions given = {})
      : program(compiled("control.rules", text)), options(std::move(given)), w(program, options) {}
  // What the rules have logged since the last call.
  Lines log() { return std::exchange(w.watch.log, {}); }
  Lines settle(const SettleOptions& how = {}) {
    w.engine.settle(how);
    return log();
  }
  // The journal gives the same state, with the same rules ready.
  void checkRecovered() {
    journal += w.engine.takeJournal();
    EngineOptions plain = options;
    Result<Engine> back = Engine::recover(program, journal, plain);
    REQUIRE_MESSAGE(back.ok(), (back.ok() ? "" : back.error().message));
    CHECK(back->digest() == w.engine.digest());
    const std::vector<ActivationView> here = w.engine.agenda(), there = back->agenda();
    REQUIRE(here.size() == there.size());
    for (std::size_t i = 0; i < here.size(); ++i) {
      CHECK(here[i].id == there[i].id);
      CHECK(here[i].waits == there[i].waits);
    }
  }

  std::shared_ptr<const Program> program;
  EngineOptions options;
  Watched w;
  std::string journal;
};

const std::string kItem = "fact Item { key id: int n: int = 0 kind: string = \"\" }\n";

void insertItems(Kept& k, std::initializer_list<std::int64_t> ids) {
  for (const std::int64_t id : ids) k.w.insert("Item", {{"id", number(id)}});
}

}  // namespace

TEST_SUITE("control") {
  TEST_CASE("rules of a group fire only while it has the focus; rules of no group always may") {
    Kept k(kItem + R"(
rule late group late when { i: Item } then { log t"late {i.id}" }
rule begin salience 5 when { Item(id == 2) } then { log "begin" focus late }
rule main when { i: Item } then { log t"main {i.id}" }
)");
    insertItems(k, {1});
    CHECK(k.settle() == Lines{"main 1"});
    CHECK(k.w.engine.agenda().at(0).waits == "the group `late` does not have the focus");
    k.checkRecovered();
    insertItems(k, {2});
    CHECK(k.settle() == Lines{"begin", "late 2", "late 1", "main 2"});
    k.checkRecovered();
    insertItems(k, {3});
    CHECK(k.settle() == Lines{"main 3"});
  }

  TEST_CASE("the group that got the focus last fires first, and gives it back to the one below") {
    Kept k(kItem + R"(
rule go when { Item(id == 1) } then { focus a focus b }
rule a1 group a when { i: Item } then { log "a" }
rule b1 group b when { Item(id == 1) } then { log "b" focus c }
rule b2 group b salience -1 when { Item } then { log "b again" }
rule c1 group c when { Item } then { log "c" }
)");
    insertItems(k, {1});
    CHECK(k.settle({.maxFirings = 2}) == Lines{"b"});
    k.checkRecovered();
    CHECK(k.settle() == Lines{"c", "b again", "a"});
    k.checkRecovered();
  }

  TEST_CASE("a group that nothing gives the focus is only a name") {
    Kept k(kItem + "rule r group pricing when { i: Item } then { log \"fired\" }\n");
    insertItems(k, {1});
    CHECK(k.settle() == Lines{"fired"});
  }

  TEST_CASE("auto-focus: a rule that can fire brings its group to the front") {
    Kept k(kItem + R"(
rule alarm group alarms auto-focus when { i: Item(n > 5) } then { log t"alarm {i.id}" }
rule log_it group alarms when { i: Item(n > 5) } then { log t"noted {i.id}" }
rule work salience 10 when { i: Item } then { log t"work {i.id}" set i.n = i.id * 4 }
)");
    insertItems(k, {1});
    CHECK(k.settle() == Lines{"work 1"});
    insertItems(k, {2, 3});
    CHECK(k.settle() == Lines{"work 3", "alarm 3", "noted 3", "work 2", "alarm 2", "noted 2"});
    k.checkRecovered();
  }

  TEST_CASE("exclusive: when one fires, the others of its name that are ready do not") {
    Kept k(kItem + R"(
rule dear exclusive price salience 2 when { i: Item(n > 5) } then { log "dear" }
rule cheap exclusive price when { i: Item } then { log "cheap" }
rule apart exclusive other when { i: Item } then { log "apart" }
)");
    k.w.insert("Item", {{"id", number(1)}, {"n", number(9)}});
    CHECK(k.settle() == Lines{"dear", "apart"});
    k.checkRecovered();
    CHECK(k.settle() == Lines{});
    insertItems(k, {2});  // what becomes ready later is not concerned
    CHECK(k.settle() == Lines{"cheap", "apart"});
    k.checkRecovered();
  }

  TEST_CASE("once: a rule fires a single time in the session, also when its match comes anew") {
    Kept k(kItem + "rule r once when { i: Item(n >= 0) } then { log t\"{i.id}\" }\n");
    insertItems(k, {1, 2});
    CHECK(k.settle() == Lines{"2"});
    CHECK(k.w.engine.agenda().empty());
    k.checkRecovered();
    k.w.submit(update(FactId{1}, {{"n", number(7)}}));
    insertItems(k, {3});
    CHECK(k.settle() == Lines{});
    k.checkRecovered();
  }

  TEST_CASE(
      "once per e: once for each value, whatever becomes of the facts; a value that cannot be told "
      "fires nothing") {
    Kept k(kItem + "rule r once per 12 / i.n when { i: Item } then { log t\"{i.id}\" }\n");
    const auto insert = [&](std::int64_t id, std::int64_t n) {
      k.w.insert("Item", {{"id", number(id)}, {"n", number(n)}});
    };
    insert(1, 3);
    insert(2, 3);
    insert(3, 4);
    insert(4, 0);
    CHECK(k.settle() == Lines{"3", "2"});
    REQUIRE(k.w.engine.agenda().size() == 1);
    CHECK(k.w.engine.agenda()[0].waits == "what `once per` asks for has no value");
    k.checkRecovered();
    k.w.submit(retract(FactId{2}));
    insert(5, 3);
    k.w.submit(update(FactId{4}, {{"n", number(6)}}));
    // the value is part of what the rule reads: its match came anew
    CHECK(k.settle() == Lines{"4"});
    k.w.submit(update(FactId{3}, {{"n", number(1)}}));
    k.w.submit(update(FactId{3}, {{"n", number(4)}}));
    CHECK(k.settle() == Lines{});
    k.checkRecovered();
  }

  TEST_CASE(
      "effective: the first day counts, and the last one whole; matches wait for it in their "
      "place") {
    Kept k(kItem + R"(
rule year effective from "1970-01-03" to "1970-01-04" when { i: Item } then { log t"in {i.id}" }
rule always when { i: Item } then { log t"{i.id}" }
)");
    insertItems(k, {1});
    CHECK(k.settle() == Lines{"1"});
    REQUIRE(k.w.engine.agenda().size() == 1);
    CHECK(k.w.engine.agenda()[0].waits == "the rule is effective from 1970-01-03T00:00:00Z");
    CHECK(k.w.engine.nextTimer() == 2 * kDay);
    k.checkRecovered();
    k.w.submit(advanceTo(2 * kDay - 1));
    CHECK(k.settle() == Lines{});
    k.w.submit(advanceTo(2 * kDay));
    CHECK(k.settle() == Lines{"in 1"});
    k.checkRecovered();
    k.w.submit(advanceTo(4 * kDay - 1));
    insertItems(k, {2});
    CHECK(k.settle() == Lines{"in 2", "2"});
    insertItems(k, {3});
    k.w.submit(advanceTo(4 * kDay));
    CHECK(k.settle() == Lines{"in 3", "3"});  // it was ready before the clock moved
    insertItems(k, {4});
    CHECK(k.settle() == Lines{"4"});
    CHECK(k.w.engine.agenda().at(0).waits == "the rule is not effective any more");
    CHECK(k.w.engine.nextTimer() == std::nullopt);
    k.checkRecovered();
  }

  TEST_CASE(
      "effective: a match that came before and one that came after the first day fire newest "
      "first") {
    Kept k(kItem + R"(
rule r effective from "1970-01-02" when { i: Item } then { log t"{i.id}" }
rule tick when { c: Clock(hour == 0) } then { log "tick" }
)");
    insertItems(k, {1, 2});
    k.settle();
    k.w.submit(advanceTo(kDay));
    CHECK(k.settle() == Lines{"tick", "2", "1"});
  }

  TEST_CASE("no-loop: its own change does not fire a rule again, that of another does") {
    Kept k(kItem + R"(
rule up no-loop when { i: Item(n < 10) } then { log t"up {i.n}" set i.n = i.n + 1 }
rule again salience 1 when { i: Item(n == 3) } then { log "again" set i.n = 5 }
)");
    insertItems(k, {1});
    CHECK(k.settle() == Lines{"up 0"});
    k.w.submit(update(FactId{1}, {{"n", number(2)}}));
    CHECK(k.settle() == Lines{"up 2", "again", "up 5"});
    k.checkRecovered();
  }

  TEST_CASE("a settling can ask for tags: rules with others wait, and fire in the next one") {
    Kept k(kItem + R"(
rule a tags("night", "x") when { i: Item } then { log t"a{i.id}" }
rule b tags("day") when { i: Item } then { log t"b{i.id}" insert Item{id: i.id + 10} }
rule c when { i: Item } then { log t"c{i.id}" }
)");
    insertItems(k, {1, 2});
    CHECK(k.settle({.tags = {"night", "dusk"}}) == Lines{"a2", "a1"});
    k.checkRecovered();
    CHECK(k.settle({.maxFirings = 1, .tags = {"day"}}) == Lines{"b2"});
    CHECK(k.settle({.maxFirings = 5}) == Lines{"a12", "b12", "a22", "b22", "a32"});
    k.checkRecovered();
  }

  TEST_CASE(
      "first match: the best activation fires and the others are left; each event has a turn of "
      "its own") {
    Kept k(kItem + R"(
event Ask { id: int }
rule best salience 2 when { i: Item(n > 5) } then { log "best" set i.n = 100 emit Ask{id: i.id} }
rule good salience 1 when { i: Item(n > 2) } then { log t"good {i.n}" }
rule any when { i: Item } then { log "any" }
rule answer on a: Ask then { log t"answer {a.id}" }
rule answer_too salience 1 on a: Ask(id < 9) then { log t"well {a.id}" }
)");
    k.w.insert("Item", {{"id", number(1)}, {"n", number(9)}});
    CHECK(k.settle({.mode = SettleOptions::Mode::FirstMatch}) == Lines{"best", "well 1"});
    k.checkRecovered();
    CHECK(k.w.engine.agenda().size() == 3);  // good and any, and best again
    k.w.submit(retract(FactId{1}));
    k.w.insert("Item", {{"id", number(2)}, {"n", number(3)}});
    const SettleReport report = k.w.engine.settle({.mode = SettleOptions::Mode::FirstMatch});
    CHECK(report.reason == SettleReport::Reason::Quiescent);
    CHECK(k.log() == Lines{"good 3"});
    CHECK(k.settle() == Lines{"any"});
    k.checkRecovered();
  }

  TEST_CASE(
      "single pass: each rule is reached once, in order; later rules see what earlier ones did, "
      "earlier ones not") {
    Kept k(kItem + R"(
rule third salience -1 when { i: Item(n < 100) } then { log t"third {i.id}" }
rule first when { i: Item(n == 51) } then { log t"first {i.id}" }
rule second when { i: Item(n == 0) } then { log t"second {i.id}" set i.n = 50 }
rule looped when { i: Item(n >= 50, n < 60) } then { log t"looped {i.n}" set i.n = i.n + 1 }
)");
    insertItems(k, {1, 2});
    CHECK(k.settle({.mode = SettleOptions::Mode::SinglePass}) ==
          Lines{"second 2", "second 1", "looped 50", "looped 50", "third 2", "third 1"});
    k.checkRecovered();
    CHECK(k.settle({.mode = SettleOptions::Mode::SinglePass}) ==
          Lines{"first 2", "first 1", "looped 51", "looped 51", "third 1", "third 2"});
    k.checkRecovered();
  }

  TEST_CASE("one chosen activation fires out of its turn, but not before its date") {
    Kept k(kItem + R"(
rule a salience 1 when { i: Item } then { log t"a{i.id}" }
rule b effective from "1990-01-01" when { i: Item } then { log t"b{i.id}" }
)");
    insertItems(k, {1, 2});
    const std::vector<ActivationView> agenda = k.w.engine.agenda();
    REQUIRE(agenda.size() == 4);
    CHECK(k.settle({.activation = agenda[1].id}) == Lines{"a1"});
    CHECK(k.settle({.activation = agenda[1].id}) == Lines{});
    CHECK(k.settle({.activation = agenda[2].id}) == Lines{});
    CHECK(k.settle() == Lines{"a2"});
  }

  TEST_CASE("strategies order what one salience leaves open") {
    const std::string rules =
        "fact A { key id: int } fact B { key id: int }\n"
        "rule plain when { a: A } then { log t\"plain {a.id}\" }\n"
        "rule pair allow RL3005 when { a: A b: B(id > 0, id < 9) } then { log t\"pair {a.id} "
        "{b.id}\" }\n";
    const auto run = [&](Strategy strategy) {
      Kept k(rules, {.strategy = strategy, .seed = 3});
      k.w.insert("A", {{"id", number(1)}});
      k.w.insert("B", {{"id", number(2)}});
      k.w.insert("A", {{"id", number(3)}});
      Lines lines = k.settle();
      k.checkRecovered();
      return lines;
    };
    CHECK(run(Strategy::Depth) == Lines{"plain 3", "pair 3 2", "pair 1 2", "plain 1"});
    CHECK(run(Strategy::Breadth) == Lines{"plain 1", "pair 1 2", "plain 3", "pair 3 2"});
    CHECK(run(Strategy::Lex) == Lines{"pair 3 2", "plain 3", "pair 1 2", "plain 1"});
    CHECK(run(Strategy::Mea) == Lines{"pair 3 2", "plain 3", "pair 1 2", "plain 1"});
    CHECK(run(Strategy::Simplicity) == Lines{"plain 3", "plain 1", "pair 3 2", "pair 1 2"});
    CHECK(run(Strategy::Complexity) == Lines{"pair 3 2", "pair 1 2", "plain 3", "plain 1"});
    CHECK(run(Strategy::Random) == run(Strategy::Random));
  }

  TEST_CASE("complexity counts patterns, comparisons and calls, as CLIPS does") {
    auto program = compiled("complexity.rules", kItem + R"(
rule r when {
  a: Item(n > 0 && (kind == "x" || !(kind.startsWith("y"))))
  b: Item(id == a.id + 1)
  not Item(n == 5)
  if a.n < b.n
} then { log "r" }
)");
    REQUIRE(program);
    CHECK(complexityOf(program->model.rules[0]) == 9);
  }

  TEST_CASE("the runaway guard names the circle of rules, and what keeps it going") {
    Kept k(kItem + R"(
rule up allow RL4001, RL4002 when { i: Item(n < 5, kind != "x") } then { set i.n = 7 }
rule down allow RL4001, RL4002 when { i: Item(n > 5) } then { set i.n = 3 set i.kind = "y" }
)");
    insertItems(k, {1});
    const SettleReport report = k.w.engine.settle({.maxFirings = 500});
    CHECK(report.reason == SettleReport::Reason::Limit);
    CHECK(report.cycle == Lines{"up", "down"});
    CHECK(report.feeds == Lines{"Item.n"});
  }

  TEST_CASE("the runaway guard: facts that come and go feed a circle, too") {
    Kept k(kItem +
           "rule grow allow RL4001, RL4002 when { i: Item } then { insert Item{id: i.id + 1} }\n");
    insertItems(k, {1});
    const SettleReport report = k.w.engine.settle({.maxFirings = 300});
    CHECK(report.cycle == Lines{"grow"});
    CHECK(report.feeds == Lines{"Item"});
  }
}

}  // namespace session_control_test
