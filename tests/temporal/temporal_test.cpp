// What rules ask of time: the test blocks of the files beside this one, and what they cannot say.
#include "reticle/program.h"
#include "support/harness.h"

using namespace reticle;
using namespace reticle::test;

namespace {

void runBlocks(const std::string& name, const std::string& text, std::size_t count) {
  const auto program = compiled(name, text);
  if (!program) return;
  const std::vector<TestOutcome> outcomes = runTests(program);
  CHECK(outcomes.size() == count);
  for (const TestOutcome& outcome : outcomes) {
    std::string told;
    for (const auto& failure : outcome.failures) told += "\n  " + failure.message;
    CHECK_MESSAGE(outcome.passed, name, ": ", outcome.name, told);
    leaveDigest(name + ": " + outcome.name, outcome.digest);
  }
}

// Once as they stand, and once with a crash in front of everything that is expected.
void runFile(const std::string& name, std::size_t count) {
  std::string text = readFile("tests/temporal/" + name + ".rules");
  runBlocks(name, text, count);
  const std::string end = "}\n  expect";
  for (std::size_t at = 0; (at = text.find(end, at)) != std::string::npos; at += end.size() + 6) text.insert(at, "crash ");
  runBlocks(name + " with crashes", text, count);
}

}  // namespace

TEST_SUITE("temporal") {
  TEST_CASE("every and cron") { runFile("moments", 9); }
  TEST_CASE("windows of time, and events that expire") { runFile("windows", 9); }
  TEST_CASE("distances between events") { runFile("distances", 10); }
  TEST_CASE("facts that come and go") { runFile("comings", 11); }

  TEST_CASE("a crash between a moment and what fires then loses nothing") {
    const auto program = compiledFile("tests/temporal/moments.rules");
    Watched w(program);
    w.insert("Job", {{"id", text("a")}});
    w.insert("Job", {{"id", text("b")}});
    w.submit(input::Advance{Time{3'600'000'000}});
    CHECK(w.settle(6) == 6);   // the sixth of "beat" is one of three that are ready now
    CHECK(w.engine.agenda().size() == 2);
    auto recovered = Engine::recover(program, w.engine.takeJournal());
    REQUIRE(recovered.ok());
    CHECK(recovered->digest() == w.engine.digest());
    CHECK(recovered->agenda().size() == 2);
    CHECK(recovered->settle().firings == 2);
    CHECK(recovered->nextTimer() == Time{4'200'000'000});
  }
}
