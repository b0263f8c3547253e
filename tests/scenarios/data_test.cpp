// Scenarios A1: rules as data. The programs hold their own tests, which examples_test.cpp runs;
// here is what a test block cannot say: what a run returned, why a firing failed, how a settle
// ended.

#include "program/program_state.h"
#include "support/harness.h"

namespace scenarios_data_test {

using namespace reticle;
using namespace reticle::test;

namespace {

Value entry(const std::string& key) { return Value::string(key); }

Value user(std::int64_t income, bool hasScore) {
  Value::Map data{{entry("age"), number(35)},
                  {entry("income"), number(income)},
                  {entry("vip_code"), text("X123")}};
  if (hasScore) data.emplace_back(entry("score"), number(0));
  return Value::map(std::move(data));
}

// The value of a field of the only fact of a type.
Value fieldOf(Engine& engine, const std::string& type, const std::string& field) {
  const std::vector<FactView> facts = engine.facts(type);
  CHECK(facts.size() == 1);
  for (const FactView& fact : facts) {
    for (const auto& [name, value] : fact.fields) {
      if (name == field) return value;
    }
  }
  return Value();
}

}  // namespace

TEST_SUITE("scenarios") {
  TEST_CASE("A1-2 typed rules: what is logged is filled in") {
    Watched w(compiledFile("tests/scenarios/A1-02-typed-rules.rules"));
    w.insert("User", {{"id", text("u")}, {"data", user(150000, true)}});
    CHECK(w.engine.settle().reason == SettleReport::Reason::Quiescent);
    CHECK(w.watch.log == std::vector<std::string>{"User evaluated with age=35 and income=150000"});
    CHECK(w.watch.failures.empty());
    leaveDigest("A1-2", w.engine.traceDigest());
  }

  TEST_CASE(
      "A1-2 typed rules: without a score the error names the variable and the rule, and the other "
      "rules still have their say") {
    const auto program = compiledFile("tests/scenarios/A1-02-typed-rules.rules");
    REQUIRE(program);
    Watched w(program);
    w.insert("User", {{"id", text("u")}, {"data", user(150000, false)}});
    w.engine.settle();
    REQUIRE(w.watch.failures.size() == 1);
    CHECK(w.watch.failures[0].find("`score`") != std::string::npos);
    for (const TraceRecord& record : w.watch.records) {
      if (record.as<trace::Failure>()) {
        CHECK(program->model.rules[static_cast<std::size_t>(record.rule)].name == "score_age");
      }
    }
    CHECK(fieldOf(w.engine, "User", "score").isNull());
    CHECK(fieldOf(w.engine, "User", "tax") == number(45000));
    leaveDigest("A1-2 without score", w.engine.traceDigest());
  }

  TEST_CASE("A1-2 typed rules: a negative income halts the session with the message") {
    Watched w(compiledFile("tests/scenarios/A1-02-typed-rules.rules"));
    w.insert("User", {{"id", text("u")}, {"data", user(-1, true)}});
    const SettleReport report = w.engine.settle();
    CHECK(report.reason == SettleReport::Reason::Halted);
    CHECK(report.firings == 1);
    CHECK(w.watch.log == std::vector<std::string>{"Income cannot be negative"});
    leaveDigest("A1-2 abort", w.engine.traceDigest());
  }

  TEST_CASE("A1-4 first match: each response ends with its value or its reason") {
    // the result: a list as text, or the reason of the failure
    struct Expected {
      std::int64_t status;
      const char* url;
      const char* answer;
    };
    const Expected all[] = {
        {204, "https://example.org/", "[]"},
        {403, "https://example.org/", "access error"},
        {404, "https://api.github.com/repos/a/b", "[]"},
        {404, "https://example.org/", "status 404"},
        {200, "https://example.org/", "[body]"},
        {401, "https://api.github.com/repos/a/b", "access error"},
    };
    for (const Expected& expected : all) {
      CAPTURE(expected.status);
      CAPTURE(expected.url);
      Watched w(compiledFile("tests/scenarios/A1-04-first-match.rules"));
      w.submit(start("Respond", {{"id", text("r")},
                                 {"status", number(expected.status)},
                                 {"url", text(expected.url)},
                                 {"body", Value::list({text("body")})}}));
      w.settle();
      const std::vector<RunView> runs = w.engine.runs();
      REQUIRE(runs.size() == 1);
      if (expected.answer[0] != '[') {
        CHECK(runs[0].status == "failed");
        CHECK(runs[0].error == expected.answer);
        continue;
      }
      CHECK(runs[0].status == "completed");
      REQUIRE(runs[0].result.has_value());
      CHECK(*runs[0].result ==
            (std::string(expected.answer) == "[]" ? Value::list({}) : Value::list({text("body")})));
    }
  }
}

}  // namespace scenarios_data_test
