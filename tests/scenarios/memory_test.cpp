// Scenarios A0 about what the network holds and what it does: the numbers that the page and
// `reticle run --counters` show.

#include "program/program_state.h"
#include "support/harness.h"

namespace scenarios_memory_test {

using namespace reticle;
using namespace reticle::test;

namespace {

struct Sizes {
  std::vector<std::uint64_t> alpha, beta;
  bool operator==(const Sizes&) const = default;
};

// What the memories of a rule's conditions hold: facts on the right, partial matches after each.
Sizes sizesOf(const Engine& engine, const Program& program, std::size_t rule) {
  const Counters counters = engine.counters();
  Sizes out;
  for (NodeId node : program.network.conditionNodes[rule]) {
    out.alpha.push_back(counters.nodes[index(program.network.node(node).right)].memory);
    out.beta.push_back(counters.nodes[index(node)].memory);
  }
  return out;
}

std::vector<std::uint64_t> partialMatches(const Engine& engine, const std::string& rule) {
  std::vector<std::uint64_t> out;
  const auto matches = engine.matches(rule);
  CHECK(matches.ok());
  if (matches) {
    for (const RuleMatches::Stage& stage : matches->conditions) out.push_back(stage.count);
  }
  return out;
}

std::uint64_t firingsOf(const Engine& engine, const std::string& rule) {
  for (const Counters::Rule& counted : engine.counters().rules) {
    if (counted.name == rule) return counted.firings;
  }
  return 0;
}

// Tests evaluated, activations and tokens of all nodes.
std::uint64_t work(const Engine& engine) {
  std::uint64_t sum = 0;
  for (const Counters::Node& node : engine.counters().nodes) {
    sum += node.left + node.right + node.tests + node.tokens;
  }
  return sum;
}

}  // namespace

TEST_SUITE("scenarios") {
  TEST_CASE(
      "A0-7 memory contents: what the alpha and beta memories hold, before and after a triple "
      "goes") {
    const auto program = compiledFile("tests/scenarios/A0-07-memory.rules");
    REQUIRE(program);
    Watched w(program);
    w.insert("Begin", {});
    w.settle(1);
    const auto red = w.engine.matches("something red");
    REQUIRE(red.ok());
    REQUIRE(red->complete.size() == 1);
    std::vector<std::string> match;
    for (FactId fact : red->complete[0].facts) {
      std::string words;
      const auto view = w.engine.fact(fact);
      for (const auto& field : view->fields) {
        words += (words.empty() ? "" : " ") + std::string(field.second.asString());
      }
      match.push_back(words);
    }
    CHECK(match == std::vector<std::string>{"B1 on B2", "B2 left-of B3", "B3 color red"});
    CHECK(sizesOf(w.engine, *program, 0) == Sizes{{4, 2, 2}, {4, 2, 1}});
    CHECK(partialMatches(w.engine, "something red") == std::vector<std::uint64_t>{4, 2, 1});

    w.submit(retract(red->complete[0].facts[0]));
    CHECK(sizesOf(w.engine, *program, 0) == Sizes{{3, 2, 2}, {3, 1, 0}});
    CHECK(partialMatches(w.engine, "something red") == std::vector<std::uint64_t>{3, 1, 0});
    CHECK(w.engine.agenda().empty());
    leaveDigest("A0-7", w.engine.traceDigest());
  }

  TEST_CASE("A0-13 too slow otherwise: fields equal and fields differ") {
    const auto program = compiledFile("tests/scenarios/A0-13-fields.rules");
    REQUIRE(program);
    for (const int n : {10, 1'000, 10'000}) {
      CAPTURE(n);
      Engine engine(program);
      for (int i = 0; i < n; ++i) {
        CHECK(engine.submit(insert("Pair", {{"i", number(i)}, {"rest", number(i % 10)}})).ok());
      }
      engine.settle();
      CHECK(firingsOf(engine, "fields equal") == 10);
      CHECK(firingsOf(engine, "fields differ") == static_cast<std::uint64_t>(n - 10));
    }
  }

  TEST_CASE("A0-13 too slow otherwise: one update among 10,000 facts touches its own path only") {
    const auto program = compiledFile("tests/scenarios/A0-13-fields.rules");
    REQUIRE(program);
    Engine engine(program);
    for (int rest = 0; rest < 10; ++rest) {
      CHECK(engine.submit(insert("Watched", {{"rest", number(rest)}})).ok());
    }
    FactId last = kNoFact;
    for (int i = 0; i < 10'000; ++i) {
      const auto accepted =
          engine.submit(insert("Pair", {{"i", number(i)}, {"rest", number(i % 10)}}));
      REQUIRE(accepted.ok());
      last = accepted->fact;
    }
    engine.settle();
    const std::uint64_t before = work(engine);
    CHECK(before > 10'000);
    CHECK(engine.submit(update(last, {{"rest", number(3)}})).ok());
    // "fields differ" and "watched" again, for this fact
    CHECK(engine.settle().firings == 2);
    const std::uint64_t did = work(engine) - before;
    CHECK(did > 0);
    CHECK(did <= 50);
  }
}

}  // namespace scenarios_memory_test
