// Time as hosts see it: what is there, what comes next, and what becomes of it when the rules are
// replaced.
#include "support/harness.h"
#include "trace/json.h"

namespace temporal_hosts_test {

using namespace reticle;
using namespace reticle::test;

namespace {

constexpr Time kMinute = 60'000'000;

void emit(Watched& w, const std::string& type, Fields data) {
  w.submit(input::Emit{type, std::move(data), {}, {}, {}});
}
void advance(Watched& w, Time by) { w.submit(input::Advance{w.engine.now() + by}); }

}  // namespace

TEST_SUITE("temporal") {
  TEST_CASE("an event is a fact as long as somebody sees it, and the next timer says how long") {
    Watched w(compiled("f.rules", R"(
event E { x: int }
fact F { key x: int }
rule r when { f: F  e: E(x == f.x) over last 10m } then { log e.x }
rule s on e: E(x > 100) then { log e.x }
)"));
    emit(w, "E", {{"x", number(1)}});
    w.settle();
    CHECK(w.engine.facts("E").size() == 1);
    CHECK(w.engine.nextTimer() == 10 * kMinute + 1);  // it is seen through its last moment
    advance(w, 10 * kMinute);
    w.settle();
    CHECK(w.engine.facts("E").size() == 1);
    advance(w, 1);
    w.settle();
    CHECK(w.engine.facts("E").empty());
    CHECK(!w.engine.nextTimer());
  }

  TEST_CASE("what has come and gone leaves nothing behind") {
    Watched w(compiledFile("tests/temporal/waiting.rules"));
    w.settle();
    const std::vector<std::uint32_t> before = w.engine.memoryCounts();
    for (int i = 0; i < 200; ++i) {
      const Value key = text(std::to_string(i % 7));
      emit(w, "Sent", {{"order", key}});
      if (i % 2 == 0) emit(w, "Paid", {{"order", key}});
      emit(w, i % 3 == 0 ? "Start" : "Stop", {{"id", key}});
      w.submit(insert("Invoice", {{"id", text("i" + std::to_string(i))},
                                  {"dueAt", Value::timestamp(w.engine.now() + kMinute)}}));
      advance(w, kMinute / 4);
      w.settle();
    }
    for (const FactView& fact : w.engine.facts("Invoice")) w.submit(retract(fact.id));
    advance(w, 60 * kMinute);
    w.settle();
    for (const FactView& fact : w.engine.facts("Note")) {
      if (!fact.logical) w.submit(retract(fact.id));
    }
    w.settle();
    CHECK(w.engine.memoryCounts() == before);
    CHECK(!w.engine.nextTimer());
  }

  TEST_CASE("an event that nothing looks back at is gone after its turn") {
    Watched w(compiled("f.rules", "event E { x: int }\nrule r on e: E then { log e.x }"));
    emit(w, "E", {{"x", number(1)}});
    w.settle();
    CHECK(w.engine.facts("E").empty());
    CHECK(!w.engine.nextTimer());
  }

  TEST_CASE("internal fields are shown to nobody") {
    Watched w(compiled("f.rules", R"(
event E { x: int }
fact F { key x: int  on: bool = true }
rule a when { e: E over last 1m } then { log e.x }
rule b when { f: F(on) held 1m  e: E(x == f.x) } then { log e.x }
rule c on insert f: F then { log f.x }
rule d on retract f: F then { log f.x }
)"));
    const FactId fact = w.insert("F", {{"x", number(1)}});
    emit(w, "E", {{"x", number(1)}});
    w.settle();
    w.submit(update(fact, {{"on", Value::boolean(false)}}));
    advance(w, 2 * kMinute);
    w.settle();
    w.submit(retract(fact));
    w.settle();
    CHECK(w.watch.log == std::vector<std::string>{"1", "1", "1"});
    for (const TraceRecord& record : w.watch.records) {
      CHECK(toJson(record).find("…") == std::string::npos);
    }
  }

  TEST_CASE("a fact that has gone is gone for hosts, though a rule still speaks of it") {
    Watched w(
        compiled("f.rules", "fact F { key x: int }\nrule d on retract f: F then { log f.x }"));
    const FactId fact = w.insert("F", {{"x", number(7)}});
    w.submit(retract(fact));
    CHECK(w.engine.facts("F").empty());
    CHECK(!w.engine.fact(fact));
    CHECK(!w.engine.submit(retract(fact)).ok());
    CHECK(!w.engine.submit(update(fact, {{"x", number(8)}})).ok());
    const FactId again = w.insert("F", {{"x", number(7)}});
    CHECK(w.settle() == 1);
    CHECK(w.watch.log == std::vector<std::string>{"7"});
    CHECK(w.engine.facts("F").size() == 1);
    CHECK(w.engine.fact(again).has_value());
  }

  TEST_CASE("a subject that begins with a property comes with it") {
    Watched w(compiled("f.rules",
                       "subject D as \"d|{id}\" { id: string  on: bool = false  watt: int = 0 "
                       "}\nrule c on insert d: D(on, watt > 3) then { log d.id }"));
    w.submit(setProperties("d|1", {{"on", Value::boolean(true)}, {"watt", number(5)}}));
    w.submit(setProperties("d|2", {{"on", Value::boolean(true)}}));
    w.submit(setProperties("d|2", {{"watt", number(5)}}));  // comes to satisfy it later
    w.settle();
    CHECK(w.watch.log == std::vector<std::string>{"1"});
  }

  TEST_CASE("other rules: events stay, and stretches that both measure go on") {
    const std::string types = "event E { x: int }\nfact F { key x: int  on: bool = true }\n";
    const std::string held = "rule held when { f: F(on) held 10m } then { log t\"held {f.x}\" }\n";
    Watched w(compiled("f.rules", types + held +
                                      "rule r when { e: E over last 5m  F(x == e.x) } then { log "
                                      "e.x }\nrule own when { e: E } then { log e.x }\n"));
    w.insert("F", {{"x", number(1)}});
    emit(w, "E", {{"x", number(2)}});
    w.settle();
    advance(w, 4 * kMinute);
    w.settle();
    CHECK(w.watch.log == std::vector<std::string>{"2"});
    REQUIRE(w.engine
                .replaceProgram(compiled(
                    "f.rules", types +
                                   "rule wide when { e: E over last 8m  F(x == e.x) } then { log "
                                   "t\"wide {e.x}\" }\nrule own when { e: E } then { log e.x }\n" +
                                   "rule gone on retract f: F then { log \"gone\" }\n" + held))
                .ok());
    w.settle();
    // no rule sees the event in its own turn any more
    CHECK(w.watch.log.size() == 1);
    w.insert("F", {{"x", number(2)}});
    w.settle();
    CHECK(w.watch.log.back() == "wide 2");
    advance(w, 4 * kMinute);
    w.settle();
    CHECK(w.engine.facts("E").size() == 1);
    advance(w, 1);
    w.settle();
    CHECK(w.engine.facts("E").empty());
    advance(w, 2 * kMinute - 1);
    w.settle();
    CHECK(w.watch.log.back() == "held 1");  // ten minutes after it came
    auto recovered = Engine::recover(
        compiled("f.rules", types +
                                "rule wide when { e: E over last 8m  F(x == e.x) } then { log "
                                "t\"wide {e.x}\" }\nrule own when { e: E } then { log e.x }\n" +
                                "rule gone on retract f: F then { log \"gone\" }\n" + held),
        w.engine.takeJournal());
    REQUIRE_MESSAGE(recovered.ok(), (recovered.ok() ? "" : recovered.error().message));
    CHECK(recovered->digest() == w.engine.digest());
    CHECK(recovered->nextTimer() == w.engine.nextTimer());
  }
}

}  // namespace temporal_hosts_test
