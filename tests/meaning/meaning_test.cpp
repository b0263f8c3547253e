// What the language means, point by point: the test blocks of the files beside this one, named after
// the points they show.
#include "support/test_blocks.h"

namespace meaning_test {

using namespace reticle::test;

TEST_SUITE("meaning") {
  TEST_CASE("derived facts follow their reasons") {
    runTestBlocks("tests/meaning/derived.rules", 16);
  }
  TEST_CASE("actions that change facts") { runTestBlocks("tests/meaning/actions.rules", 8); }
  TEST_CASE("time, numbers and texts in expressions") {
    runTestBlocks("tests/meaning/expressions.rules", 10);
  }
  TEST_CASE("signals, cancelling, calls that fail") {
    runTestBlocks("tests/meaning/runs.rules", 15);
  }
  TEST_CASE("plans in zones, and moments that are missed") {
    runTestBlocks("tests/meaning/plans.rules", 6);
  }
  TEST_CASE("a zone that the host does not know is a failure of the rule") {
    runTestBlocksOf("unknown-zone.rules", R"(
      fact Tick { name: string }
      rule "elsewhere" on cron "0 8 * * *" zone "Mars/Olympus" then { insert Tick{name: "a"} }
      rule "never" effective from "2024-01-01" zone "Mars/Olympus" when { Tick } then { log "b" }
      test "it has no moments" {
        when { advance 3d }
        expect { failed "elsewhere" RL9001  failed "never" RL9001  not Tick }
      })",
                    1);
  }
  TEST_CASE("copies, sets, open types and groups") {
    runTestBlocks("tests/meaning/facts.rules", 9);
  }
  TEST_CASE("meta of every trigger") { runTestBlocks("tests/meaning/meta.rules", 4); }
  TEST_CASE("rules replaced inside of a test") {
    runTestBlocks("tests/meaning/replace.rules", 3);
    // What the test names only after the replacement is not left over before it.
    const reticle::Compiled checked =
        reticle::check({{"replace.rules", readFile("tests/meaning/replace.rules")},
                        {"replaced.rules", readFile("tests/meaning/replaced.rules")}});
    CHECK_MESSAGE(checked.diagnostics.empty(), checked.text());
  }
  TEST_CASE("words for rules and tests") { runTestBlocks("tests/meaning/words.rules", 27); }
  TEST_CASE("queries in conditions and functions") {
    runTestBlocks("tests/meaning/queries.rules", 7);
  }
  TEST_CASE("several triggers, and spans of time by name") {
    runTestBlocks("tests/meaning/several.rules", 5);
  }
  TEST_CASE("sums, averages and spreads") { runTestBlocks("tests/meaning/numbers.rules", 5); }
  TEST_CASE("windows and distances") { runTestBlocks("tests/meaning/windows.rules", 8); }
  TEST_CASE("what no other program shows of the grammar") {
    runTestBlocks("tests/meaning/grammar.rules", 11);
  }
  TEST_CASE("a rule with a trigger fires once") {
    runTestBlocks("tests/meaning/triggers.rules", 7);
  }
}

}  // namespace meaning_test
