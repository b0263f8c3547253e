// What rules ask of time: the test blocks of the files beside this one, and what they cannot say.
#include <algorithm>

#include "support/harness.h"
#include "support/test_blocks.h"

namespace temporal_test {

using namespace reticle;
using namespace reticle::test;

namespace {

void runFile(const std::string& name, std::size_t count) {
  runTestBlocks("tests/temporal/" + name + ".rules", count);
}

}  // namespace

TEST_SUITE("temporal") {
  TEST_CASE("every and cron") { runFile("moments", 9); }
  TEST_CASE("the trace says when a rule begins and ends to be effective") {
    Watched w(compiled("dates.rules",
                       "fact A { key id: string }\n"
                       "rule \"summer\" effective from \"1970-01-02\" to \"1970-01-04\" "
                       "when { a: A } then { log a.id }\n"));
    w.insert("A", {{"id", text("a")}});
    w.settle();
    constexpr Time day = 24 * 3600 * Time{1'000'000};
    std::string told;
    for (const Time at : {day / 2, day + 1, 2 * day, 4 * day}) {
      w.submit(advanceTo(at));
      w.settle();
      for (const TraceRecord& record : w.watch.records) {
        const auto* effective = record.as<trace::Effective>();
        if (!effective) continue;
        CHECK(record.rule == RuleId{0});
        told += std::to_string(at / day) + (effective->on ? " on, " : " off, ");
      }
      w.watch.records.clear();
    }
    CHECK(told == "1 on, 4 off, ");
  }
  TEST_CASE("windows of time, and events that expire") { runFile("windows", 9); }
  TEST_CASE("distances between events") { runFile("distances", 10); }
  TEST_CASE("facts that come and go") { runFile("comings", 11); }
  TEST_CASE("passed, and a not that waits") { runFile("waiting", 14); }
  TEST_CASE("what has held") { runFile("held", 10); }
  TEST_CASE("windows of a number") { runFile("newest", 9); }

  TEST_CASE("an event that nothing sees any more is not kept") {
    Watched w(compiledFile("tests/temporal/newest.rules"));
    for (int i = 0; i < 50; ++i) {
      w.submit(input::Emit{"Reading", {{"value", number(i)}}, {}, {}, {}});
      w.submit(input::Emit{"Beep", {{"id", text("b")}}, {}, {}, {}});
      w.settle();
    }
    // the newest three, and the newest three of at most 10
    CHECK(w.engine.facts("Reading").size() == 6);
    CHECK(w.engine.facts("Beep").size() == 50);
    w.submit(input::Advance{Time{60'000'001}});
    w.settle();
    CHECK(w.engine.facts("Beep").empty());
    CHECK(!w.engine.nextTimer());
  }

  TEST_CASE("the clock waits for what is ready, then the events go") {
    Watched w(compiledFile("tests/temporal/windows.rules"));
    w.submit(input::Emit{"Ping", {{"id", text("x")}}, {}, {}, {}});
    w.settle();
    w.insert("Probe", {{"id", text("x")}});
    CHECK(w.engine.agenda().size() == 2);
    w.submit(input::Advance{Time{600'000'000}});
    CHECK(w.engine.settle({.maxFirings = 0}).reason == SettleReport::Reason::Limit);
    CHECK(w.engine.agenda().size() == 2);
    CHECK(w.settle() == 2);
    CHECK(w.engine.facts("Ping").empty());
  }

  TEST_CASE("a crash between a moment and what fires then loses nothing") {
    const auto program = compiledFile("tests/temporal/moments.rules");
    Watched w(program);
    w.insert("Job", {{"id", text("a")}});
    w.insert("Job", {{"id", text("b")}});
    w.submit(input::Advance{Time{3'600'000'000}});
    CHECK(w.settle(6) == 6);  // the sixth of "beat" is one of three that are ready now
    const auto ready = [](const Engine& engine) {
      const auto agenda = engine.agenda();
      return std::count_if(agenda.begin(), agenda.end(),
                           [](const ActivationView& each) { return each.waits.empty(); });
    };
    CHECK(ready(w.engine) == 2);
    auto recovered = Engine::recover(program, w.engine.takeJournal());
    REQUIRE(recovered.ok());
    CHECK(recovered->digest() == w.engine.digest());
    CHECK(ready(*recovered) == 2);
    CHECK(recovered->settle().firings == 2);
    CHECK(recovered->nextTimer() == Time{4'200'000'000});
  }
}

}  // namespace temporal_test
