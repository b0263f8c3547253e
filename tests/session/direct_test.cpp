// The short way of a firing against the general one. A body inside of `for` is never carried out
// directly, and means the same when it runs once.

#include "session/direct.h"

#include "base/hash.h"
#include "support/harness.h"

namespace session_direct_test {

using namespace reticle;
using namespace reticle::test;

namespace {

const char* const kTypes = R"(
fact Go { n: int }
fact Plain { n: int = 0 text: string? tags: list<string> = [] x: double = 0.5 kind: enum("a", "b") = "a" other: Plain? }
fact Keyed { key id: int n: int = 0 }
fact Bound { n: int where n < 50  name: string max 4 = "" low: int = 0 where low <= n }
subject Room as "room|{id}" { key id: string n: int = 0 note: string? }
)";

struct Outcome {
  std::string digest, trace, failures;
  std::uint64_t firings = 0;
  std::size_t facts = 0;
};

Outcome outcomeOf(const std::string& conditions, const std::string& body, bool watched) {
  const std::string text = std::string(kTypes) +
                           "rule r allow RL3001, RL3002, RL3005, RL4001 when { " + conditions +
                           " } then { " + body + " }\n";
  const auto program = compiled("direct.rules", text);
  Outcome out;
  if (!program) return out;
  Watcher watch;
  EngineOptions options;
  if (watched) options.trace = &watch;
  Engine engine(program, options);
  for (int i = 1; i <= 6; ++i) {
    const Value n = number(i);
    REQUIRE(
        engine.submit(insert("Plain", {{"n", n}, {"text", i % 2 ? Value::string("odd") : Value()}}))
            .ok());
    REQUIRE(engine.submit(insert("Keyed", {{"id", n}, {"n", number(i * 10)}})).ok());
    REQUIRE(engine.submit(insert("Bound", {{"n", number(i * 8)}})).ok());
    REQUIRE(engine.submit(setProperties("room|" + std::to_string(i), {{"n", n}})).ok());
    if (i < 4) REQUIRE(engine.submit(insert("Go", {{"n", n}})).ok());
  }
  out.firings = engine.settle({.maxFirings = 60}).firings;
  out.digest = engine.digest();
  out.facts = engine.facts().size();
  out.trace = engine.traceDigest();
  for (const std::string& failure : watch.failures) out.failures += failure + "\n";
  return out;
}

}  // namespace

TEST_SUITE("direct firing") {
  TEST_CASE("it does what the general way does, and refuses what that refuses") {
    struct Case {
      const char* conditions;
      const char* body;
    };
    const Case cases[] = {
        {"g: Go p: Plain(n == g.n)", "set p.n = p.n + 100"},
        // nothing new
        {"g: Go p: Plain(n == g.n)", "set p.n = p.n"},
        {"p: Plain(n < 10)", "set p.n = p.n + 1"},
        // one update, the later value
        {"g: Go p: Plain(n == g.n)", "set p.n = 7 set p.text = \"t\" set p.n = 8 + p.n"},
        {"g: Go p: Plain(n == g.n)",
         "set p.x = 2.0 set p.kind = \"b\" set p.tags = [\"x\", \"y\"] set p.other = p"},
        {"g: Go p: Plain(n == g.n)", "set p.text = null"},
        {"g: Go", "insert Plain{n: g.n, text: \"made\"}"},
        {"g: Go", "insert Plain{} insert Plain{n: g.n} insert Keyed{id: g.n + 100}"},
        // there is one
        {"g: Go", "insert Keyed{id: g.n}"},
        // from the second firing on
        {"g: Go", "insert Keyed{id: 77}"},
        {"g: Go", "insert Keyed{id: g.n + 100} insert Keyed{id: g.n + 100, n: 1}"},
        {"g: Go", "insert logical Plain{n: 500} insert logical Plain{n: g.n + 500}"},
        {"g: Go", "insert logical Plain{n: 500} insert logical Plain{n: 500}"},
        {"g: Go", "insert logical Keyed{id: g.n + 100}"},
        {"g: Go", "insert logical Keyed{id: 600} retract g"},
        // the third breaks `where`
        {"g: Go b: Bound(n == g.n * 8)", "set b.n = b.n + 20"},
        // a check of one field with another
        {"g: Go b: Bound(n == g.n * 8)", "set b.low = 12"},
        {"g: Go b: Bound(n == g.n * 8)", "set b.name = \"12345\""},
        {"g: Go", "insert Bound{n: g.n * 20} insert Plain{n: 1}"},
        // an error in the second firing
        {"g: Go p: Plain(n == g.n)", "set p.n = 100 / (p.n - 2) insert Plain{n: 900}"},
        {"g: Go p: Plain(n == g.n)", "insert Plain{n: 901} set p.n = 9223372036854775807 + p.n"},
        {"g: Go p: Plain(n == g.n)", "retract p set p.n = 3"},
        {"g: Go p: Plain(n == g.n)", "retract p retract p retract g"},
        {"g: Go p: Plain(n == g.n)",
         "let twice = p.n * 2 if twice > 3 { insert Plain{n: twice} } else { retract p }"},
        {"g: Go p: Plain(n == g.n)", "if p.text == \"odd\" { set p.n = 70 } log info \"{p.n}\""},
        {"g: Go p: Plain(n == g.n)", "log info \"{1 / (p.n - 1)}\" set p.n = 71"},
        {"g: Go k: Keyed(id == g.n)", "set k.n = k.n + 1 insert Keyed{id: k.id + 50}"},
        // a key: the general way alone
        {"g: Go k: Keyed(id == g.n)", "set k.id = 99"},
        {"g: Go r: Room(n == g.n)", "set r.n = r.n + 100 set r.note = \"x\""},
        {"g: Go r: Room(n == g.n)", "update r { n: 5, note: \"y\" } update r { n: 6 }"},
        {"k: Keyed(n >= 0, n < 100) Plain(n == k.id)",
         "set k.n = k.n + 30 insert Plain{n: k.id + 200}"},
    };
    for (const Case& each : cases) {
      for (const bool watched : {false, true}) {
        CAPTURE(each.conditions);
        CAPTURE(each.body);
        CAPTURE(watched);
        const Outcome direct = outcomeOf(each.conditions, each.body, watched);
        const Outcome general = outcomeOf(
            each.conditions, std::string("for _once in [0] { ") + each.body + " }", watched);
        CHECK(direct.firings > 0);
        CHECK(direct.firings == general.firings);
        CHECK(direct.facts == general.facts);
        CHECK(direct.digest == general.digest);
        CHECK(direct.trace == general.trace);
        CHECK(direct.failures == general.failures);
      }
    }
  }

  TEST_CASE(
      "without a journal a session has the same state, and its outputs can be taken at once") {
    const auto program = compiled("quiet.rules", std::string(kTypes) + R"(
event Told { n: int }
rule count when { p: Plain(n < 5) } then { set p.n = p.n + 1 }
rule derive when { g: Go } then { insert logical Keyed{id: g.n + 300} emit Told{n: g.n} }
rule rooms when { r: Room(n == 3) } then { set r.note = "three" }
)");
    REQUIRE(program);
    Engine kept(program), quiet(program, {.journal = false});
    for (Engine* engine : {&kept, &quiet}) {
      for (int i = 0; i < 4; ++i) {
        REQUIRE(engine->submit(insert("Plain", {{"n", number(i)}})).ok());
        REQUIRE(engine->submit(insert("Go", {{"n", number(i)}})).ok());
        REQUIRE(engine->submit(setProperty("room|" + std::to_string(i), "n", number(i))).ok());
        engine->settle({.maxFirings = 5});
      }
      REQUIRE(engine->submit(retract(engine->facts("Go")[1].id)).ok());
      engine->settle();
    }
    CHECK(quiet.digest() == kept.digest());
    CHECK(quiet.facts().size() == kept.facts().size());
    CHECK(quiet.takeJournal().empty());
    CHECK(quiet.takeOutputs().size() == kept.takeOutputs().size());
    CHECK_FALSE(kept.takeJournal().empty());
    // Asking for the journal does not make its outputs wait for one.
    REQUIRE(quiet.submit(insert("Go", {{"n", number(50)}})).ok());
    quiet.settle();
    CHECK(quiet.takeOutputs().size() == 1);
  }

  TEST_CASE("a session opened on a store or recovered keeps a journal whatever its options say") {
    const auto program =
        compiled("kept.rules",
                 std::string(kTypes) + "rule r when { g: Go } then { insert Plain{n: g.n} }\n");
    REQUIRE(program);
    Engine first(program);
    REQUIRE(first.submit(insert("Go", {{"n", number(1)}})).ok());
    first.settle();
    Result<Engine> again = Engine::recover(program, first.takeJournal(), {.journal = false});
    REQUIRE(again.ok());
    CHECK(again->digest() == first.digest());
    REQUIRE(again->submit(insert("Go", {{"n", number(2)}})).ok());
    CHECK_FALSE(again->takeJournal().empty());
  }
}

}  // namespace session_direct_test
