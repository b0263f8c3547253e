// `test` blocks: what they say when something is not as expected.
#include <string>
#include <vector>

#include "reticle/test.h"
#include "support/harness.h"

namespace testing_test_runner_test {

using namespace reticle;
using namespace reticle::test;

namespace {

std::vector<std::string> failuresOf(const std::string& test) {
  const auto program = compiled(
      "t.rules",
      "module t\n"
      "fact Thing { key id: string n: int = 0 }\n"
      "event Seen { id: string }\n"
      "host function f.ask(id: string) -> string\n"
      "host function f.tell(id: string)\n"
      "rule \"see\" when { t: Thing(n > 0) } then { emit Seen{id: t.id} }\n"
      "flow Ask(id: string) key id { step a = call f.ask(id: id) step b = call f.tell(id: a) }\n"
      "test \"x\" { " +
          test + " }\n");
  std::vector<std::string> messages;
  if (!program) return messages;
  const std::vector<TestOutcome> outcomes = runTests(program);
  for (const TestFailure& failure : outcomes.at(0).failures) messages.push_back(failure.message);
  CHECK(outcomes[0].passed == messages.empty());
  CHECK(outcomes[0].digest.size() == 16);
  return messages;
}

using Messages = std::vector<std::string>;

// Rules and flows that fail; each test is the only one of its program.
constexpr const char* kFailing =
    "module t\n"
    "fact Thing { key id: string n: int = 0 }\n"
    "fact Share { key id: string n: int where n > 0 }\n"
    "fact Twin { key id: string n: int }\n"
    "host function f.ask(id: string) -> string\n"
    "host function f.undo(id: string)\n"
    "rule \"split\" when { t: Thing(n < 10) } then { insert Share{id: t.id, n: 100 / t.n} }\n"
    "rule \"twin\" when { t: Thing(n > 10) }\n"
    "then {\n  log \"before\"\n  insert Twin{id: \"x\", n: t.n}\n}\n"
    "rule \"grow\" repeat when { t: Thing(n == 10) s: Share(id == t.id, n > 0) }\n"
    "then { set s.n = s.n + 1 }\n"
    "flow Ask(id: string) key id { step a = call f.ask(id: id) undo call f.undo(id: id) }\n"
    "flow Twice(id: string) key id { step a = call f.ask(id: id) undo call f.undo(id: id) fail "
    "\"no\" }\n"
    "flow Mild(id: string) key id { step a = call f.ask(id: id) }\n"
    "on failure err { log err.reason }\n"
    "flow Worse(id: string) key id { step a = call f.ask(id: id) }\n"
    "on failure err { insert Share{id: id, n: 0} }\n";

// The messages of a test, each with the text that it points at.
Messages failingOf(const std::string& test) {
  const std::string text = std::string(kFailing) + "test \"x\" { " + test + " }\n";
  const auto program = compiled("t.rules", text);
  Messages messages;
  if (!program) return messages;
  const TestOutcome outcome = runTests(program).at(0);
  for (const TestFailure& failure : outcome.failures) {
    messages.push_back(failure.message + " @ " +
                       text.substr(failure.span.begin, failure.span.end - failure.span.begin));
  }
  CHECK(outcome.passed == messages.empty());
  return messages;
}

}  // namespace

TEST_SUITE("tests in rules") {
  TEST_CASE("what is as expected passes") {
    CHECK(failuresOf("given { insert Thing{id: \"a\", n: 1} as a host f.ask returns \"yes\" } when "
                     "{ settle start Ask(id: \"q\") settle } "
                     "expect { count Thing == 1 exists Thing(n == 1) not Thing(n == 2) emitted "
                     "Seen(id == \"a\") 1 times fired \"see\" "
                     "called f.tell(id == \"yes\") 1 times not called f.ask(id == \"r\") flow Ask "
                     "key \"q\" completed check a.n == 1 }")
              .empty());
  }

  TEST_CASE("messages say what was expected and what was found") {
    const std::string given =
        "given { insert Thing{id: \"a\", n: 1} as a insert Thing{id: \"b\"} } when { settle } ";
    CHECK(failuresOf(given + "expect { count Thing == 3 }") ==
          Messages{
              "expected 3 Thing facts, found 2: Thing{id: \"a\", n: 1}, Thing{id: \"b\", n: 0}"});
    CHECK(failuresOf(given + "expect { exists Thing(n == 5) }") ==
          Messages{"expected Thing(n == 5), found none; there are 2 Thing: Thing{id: \"a\", n: 1}, "
                   "Thing{id: \"b\", n: 0}"});
    CHECK(failuresOf(given + "expect { not Thing(n == 0) }") ==
          Messages{"expected no Thing(n == 0), found 1: Thing{id: \"b\", n: 0}"});
    CHECK(failuresOf(given + "expect { fired \"see\" 2 times }") ==
          Messages{"expected rule \"see\" to fire 2 times; it fired 1 time"});
    CHECK(failuresOf(given + "expect { emitted Seen(id == \"b\") }") ==
          Messages{"expected Seen(id == \"b\") to be emitted at least once; it was emitted 0 "
                   "times; others: Seen{id: \"a\"}"});
    CHECK(failuresOf(given + "expect { check a.n == 2 }") ==
          Messages{"expected a.n == 2; it is 1 against 2"});
    CHECK(failuresOf(given + "expect { flow Ask key \"q\" completed }") ==
          Messages{"expected flow Ask key \"q\" completed; there is no such run"});
  }

  TEST_CASE("a function that must return something and has no script is a failure") {
    const Messages messages =
        failuresOf("when { start Ask(id: \"q\") settle } expect { flow Ask key \"q\" completed }");
    REQUIRE(messages.size() == 2);
    CHECK(messages[0] == "expected flow Ask key \"q\" completed; it is failed: unscripted");
    CHECK(messages[1] == "`f.ask` was called 1 time, but the test says no more what it answers");
  }

  TEST_CASE("a firing that fails makes a test fail, with its reason and its place") {
    CHECK(failingOf("given { insert Thing{id: \"a\"} } when { settle } expect { not Share }") ==
          Messages{"rule \"split\" failed: 100 / 0: division by zero (RL9001); a test that means "
                   "it expects "
                   "`failed \"split\"` @ insert Share{id: t.id, n: 100 / t.n}"});
    CHECK(
        failingOf("given { insert Thing{id: \"a\", n: 200} } when { settle } expect { exists Thing "
                  "}")
            .empty());
  }

  TEST_CASE("what is refused points at the action that wants it, and like failures are one") {
    const Messages twins = failingOf(
        "given { insert Twin{id: \"x\", n: 1} insert Thing{id: \"a\", n: 11} insert Thing{id: "
        "\"b\", n: 11} } when { settle } expect { not fired \"twin\" }");
    REQUIRE(twins.size() == 1);
    CHECK(twins[0].rfind("rule \"twin\" failed 2 times: there is a Twin with this key already: ",
                         0) == 0);
    CHECK(twins[0].find(" (DuplicateKey); ") != std::string::npos);
    CHECK(twins[0].find(" @ insert Twin{id: \"x\", n: t.n}") != std::string::npos);
  }

  TEST_CASE("a failure that is expected is none: with a code, a number, or without") {
    const std::string one = "given { insert Thing{id: \"a\"} } when { settle } ";
    for (const char* met :
         {"failed \"split\"", "failed split RL9001", "failed \"split\" 1 times",
          "failed \"split\" RL9001 1 times", "failed split not failed split DuplicateKey",
          "failed split not failed \"twin\" not fired \"split\"",
          "failed split fired split 0 times"}) {
      CAPTURE(met);
      CHECK(failingOf(one + "expect { " + met + " }").empty());
    }
    CHECK(
        failingOf(one + "expect { failed \"split\" 2 times }") ==
        Messages{
            "expected rule \"split\" to fail 2 times; it failed 1 time: 100 / 0: division by zero "
            "(RL9001) @ failed \"split\" 2 times"});
    CHECK(failingOf(one + "expect { failed \"twin\" }").size() == 2);
    const Messages other = failingOf(one + "expect { failed \"split\" DuplicateKey }");
    REQUIRE(other.size() == 2);
    CHECK(other[0].rfind("rule \"split\" failed: 100 / 0: division by zero (RL9001); ", 0) == 0);
    CHECK(
        other[1].rfind("expected rule \"split\" to fail with DuplicateKey at least once; it did so "
                       "0 times: 100 / 0: division by zero (RL9001) @ ",
                       0) == 0);
    CHECK(failingOf(one + "expect { not failed split }") ==
          Messages{"expected rule \"split\" to fail not at all; it failed 1 time: 100 / 0: "
                   "division by zero "
                   "(RL9001) @ not failed split"});
  }

  TEST_CASE("what fails after it was expected is expected no more") {
    const std::string one =
        "given { insert Thing{id: \"a\"} } when { settle } expect { failed split } ";
    CHECK(failingOf(one).empty());
    CHECK(failingOf(one + "when { insert Thing{id: \"b\"} settle }").size() == 1);
    CHECK(failingOf(one + "when { insert Thing{id: \"b\"} settle } expect { failed split 2 times }")
              .empty());
    CHECK(failingOf(one + "when { crash settle } expect { failed split 1 times }").empty());
  }

  TEST_CASE("a settling that is stopped is expected with `runaway`, and the test goes on") {
    const std::string circle =
        "given { insert Thing{id: \"a\", n: 10} insert Share{id: \"a\", n: 1} } when { settle } ";
    CHECK(failingOf(circle + "expect { runaway \"grow\" not runaway split exists Share(n > 1000) }")
              .empty());
    const Messages messages = failingOf(circle + "expect { exists Share }");
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].find("\"grow\" fire again and again") != std::string::npos);
    CHECK(failingOf(circle + "expect { runaway split }").size() == 1);
    CHECK(
        failingOf("when { settle } expect { runaway grow }") ==
        Messages{"expected rule \"grow\" to fire again and again until the limit; everything came "
                 "to rest @ runaway grow"});
    CHECK(failingOf(circle + "expect { runaway grow } when { settle }").size() == 1);
  }

  TEST_CASE("a run that fails, and nothing handles it, is expected by its state") {
    const std::string busy =
        "given { host f.ask fails \"busy\" } when { start Ask(id: \"q\") settle } ";
    CHECK(
        failingOf(busy + "expect { called f.ask }") ==
        Messages{"flow Ask \"q\" fails: busy (RL9005); a test that means it expects `flow Ask key "
                 "\"q\" failed` @ step a = call f.ask(id: id) undo call f.undo(id: id)"});
    CHECK(failingOf(busy + "expect { flow Ask key \"q\" failed }").empty());
    CHECK(failingOf(busy + "expect { flow Ask failed }").empty());
    CHECK(failingOf(busy + "expect { flow Ask key \"q\" completed }") ==
          Messages{"expected flow Ask key \"q\" completed; it is failed: busy @ flow Ask key \"q\" "
                   "completed"});
  }

  TEST_CASE("a run whose handler takes the failure is none; a handler that fails is") {
    CHECK(failingOf(
              "given { host f.ask fails \"busy\" } when { start Mild(id: \"q\") settle } expect "
              "{ called f.ask }")
              .empty());
    const Messages worse = failingOf(
        "given { host f.ask fails \"busy\" } when { start Worse(id: \"q\") settle } expect { "
        "called "
        "f.ask }");
    REQUIRE(worse.size() == 1);
    CHECK(worse[0].rfind("flow Worse \"q\" fails while it handles a failure: the field \"n\"", 0) ==
          0);
    CHECK(worse[0].find(" @ insert Share{id: id, n: 0}") != std::string::npos);
  }

  TEST_CASE("an undo that fails is seen, and part of the failure that is expected") {
    const std::string undo =
        "given { host f.ask returns \"ok\" host f.undo fails \"down\" } when { start Twice(id: "
        "\"q\") "
        "settle } ";
    const Messages messages = failingOf(undo + "expect { called f.undo }");
    REQUIRE(messages.size() == 2);
    CHECK(messages[0].rfind("flow Twice \"q\" fails: no (RL9005); ", 0) == 0);
    CHECK(messages[0].find(" @ fail \"no\"") != std::string::npos);
    CHECK(messages[1].rfind("flow Twice \"q\": undo a fails: down (RL9005); ", 0) == 0);
    CHECK(failingOf(undo + "expect { flow Twice failed }").empty());
  }

  TEST_CASE("a rule that does not fire says what of its conditions has no value") {
    const auto program =
        compiled("t.rules",
                 "module t\nfact Thing { key id: string n: int }\n"
                 "rule \"share\" when { t: Thing(10 / n > 1) } then { log t.id }\n"
                 "test \"x\" { given { insert Thing{id: \"a\", n: 0} } when { settle } "
                 "expect { fired \"share\" } }\n");
    REQUIRE(program);
    CHECK(
        runTests(program).at(0).failures.at(0).message ==
        "expected rule \"share\" to fire at least once; it fired 0 times; `10 / n > 1` is unknown: "
        "10 / 0: division by zero");
  }

  TEST_CASE("counts survive a crash, and calls under way are made again") {
    CHECK(failuresOf("given { host f.ask returns \"yes\" } when { insert Thing{id: \"a\", n: 1} "
                     "settle crash insert Thing{id: \"b\", n: 1} settle 0 start Ask(id: \"q\") "
                     "settle crash settle } "
                     "expect { fired \"see\" 2 times emitted Seen 2 times called f.ask 1 times "
                     "flow Ask completed count Thing == 2 }")
              .empty());
  }
}

}  // namespace testing_test_runner_test
