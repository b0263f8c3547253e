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
