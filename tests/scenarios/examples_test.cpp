// The examples that the playground offers: their own tests pass, and leave the same digests
// everywhere.

#include "reticle/form.h"
#include "reticle/test.h"
#include "support/folder.h"
#include "support/harness.h"

namespace scenarios_examples_test {

using namespace reticle;
using namespace reticle::test;

namespace {

// Compiles without a word; every test of the file passes and leaves its digest. Returns how many
// there are.
std::size_t checkExample(const std::string& path) {
  CAPTURE(path);
  const std::string name = path.substr(0, path.rfind('.'));
  std::vector<Source> sources = {{path, readFile("examples/" + path)}};
  for (const std::string& file : namedFiles(sources)) {
    sources.push_back({file, readFile("examples/" + file)});
  }
  const Compiled result = compile(std::move(sources));
  CHECK_MESSAGE(result.diagnostics.empty(), result.text());
  if (!result.ok()) return 0;
  const std::vector<TestOutcome> outcomes = runTests(result.program);
  for (const TestOutcome& outcome : outcomes) {
    CHECK_MESSAGE(outcome.passed, outcome.name, ": ",
                  (outcome.failures.empty() ? std::string() : outcome.failures[0].message));
    leaveDigest("example " + name + " " + outcome.name, outcome.digest);
  }
  return outcomes.size();
}

}  // namespace

TEST_SUITE("examples") {
  TEST_CASE("every example compiles without a word, and its tests pass") {
    for (const char* name :
         {"discounts/discounts", "device-temperature/device-temperature", "sudoku/sudoku",
          "manners/manners", "finops/finops", "order-saga/order-saga", "insurance/insurance",
          "card-fraud/card-fraud", "device-fleet/device-fleet", "eligibility/eligibility",
          "reconciliation/reconciliation", "service-levels/service-levels",
          "devices/time-in-state"}) {
      checkExample(std::string(name) + ".rules");
    }
  }

  TEST_CASE(
      "the tutorial has ten lessons: each says what to try, is described for the page, and its "
      "tests pass") {
    const std::vector<std::string> lessons = filesOf("examples/tutorial", ".rules");
    CHECK(lessons.size() == 10);
    for (std::size_t i = 0; i < lessons.size(); ++i) {
      CAPTURE(lessons[i]);
      const std::string number = std::to_string(i + 1);
      CHECK(lessons[i].rfind((number.size() == 1 ? "0" : "") + number + "-", 0) == 0);
      CHECK(checkExample("tutorial/" + lessons[i]) > 0);
      const std::string text = readFile("examples/tutorial/" + lessons[i]);
      CHECK(format({lessons[i], text}).text == text);
      CHECK(text.rfind("// Lesson " + number + " of 10: ", 0) == 0);
      CHECK(text.find("\n// To try: ") != std::string::npos);
      const std::string described =
          readFile("examples/tutorial/" + lessons[i].substr(0, lessons[i].rfind('.')) + ".json");
      CHECK(described.find("\"title\": \"" + number + ". ") != std::string::npos);
      CHECK(described.find("\"rules\": \"" + lessons[i] + "\"") != std::string::npos);
    }
  }

  TEST_CASE("the scenario files' own tests pass") {
    std::size_t tests = 0;
    for (const std::string& name : filesOf("tests/scenarios", ".rules")) {
      CAPTURE(name);
      const auto program = compiledFile("tests/scenarios/" + name);
      if (!program) continue;
      for (const TestOutcome& outcome : runTests(program)) {
        ++tests;
        CHECK_MESSAGE(outcome.passed, outcome.name, ": ",
                      (outcome.failures.empty() ? std::string() : outcome.failures[0].message));
        leaveDigest("scenario " + name + " " + outcome.name, outcome.digest);
      }
    }
    CHECK(tests >= 23);
  }
}

TEST_SUITE("scenarios") {
  TEST_CASE("Miss Manners seats eight guests, neighbours of different sex with a hobby in common") {
    auto program = compiledFile("examples/manners/manners.rules");
    REQUIRE(program);
    Watched w(program);
    std::map<std::string, std::pair<std::string, std::string>> guests;  // sex, hobbies
    std::string csv = readFile("examples/manners/guests.csv");
    for (std::size_t at = csv.find('\n') + 1; at < csv.size(); at = csv.find('\n', at) + 1) {
      std::string line = csv.substr(at, csv.find('\n', at) - at);
      std::size_t first = line.find(','), second = line.find(',', first + 1);
      std::string name = line.substr(0, first), sex = line.substr(first + 1, second - first - 1),
                  hobby = line.substr(second + 1);
      guests[name].first = sex;
      guests[name].second += hobby + " ";
      w.insert("Guest", {{"name", text(name)}, {"sex", text(sex)}, {"hobby", text(hobby)}});
    }
    w.insert("LastSeat", {{"seat", number(8)}});
    w.insert("Counter", {{"value", number(1)}});
    w.insert("Context", {{"phase", text("START")}});
    auto report = w.engine.settle();
    CHECK(report.reason == SettleReport::Reason::Halted);
    CHECK(report.firings == 51);  // 1 + 7 x 3 phases + 28 copies of paths + the end
    std::size_t seated = 0;
    for (const FactView& seating : w.engine.facts("Seating")) {
      std::string left(seating.fields[3].second.asString()),
          right(seating.fields[5].second.asString());
      if (left == right) continue;
      ++seated;
      CHECK(guests[left].first != guests[right].first);
      bool shared = false;
      for (std::size_t at = 0; at < guests[left].second.size(); at += 3) {
        shared |= guests[right].second.find(guests[left].second.substr(at, 2)) != std::string::npos;
      }
      CHECK(shared);
    }
    CHECK(seated == 7);
    leaveDigest("manners 8", w.engine.traceDigest());
  }
}

}  // namespace scenarios_examples_test
