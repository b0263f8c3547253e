// The enumerator, which queries and explanations ask, against the matcher: the same complete
// matches after every few steps of random stories.

#include <algorithm>

#include "differential/story.h"
#include "support/harness.h"

namespace differential_enumerator_test {

using namespace reticle;
using namespace reticle::test;

namespace {

using reticle::test::Step;

constexpr std::uint64_t kPrograms = 250;
constexpr int kSteps = 30;
constexpr std::size_t kMost = 100'000;

std::vector<std::string> linesOf(const std::vector<MatchView>& matches) {
  std::vector<std::string> out;
  for (const MatchView& match : matches) {
    std::string line;
    for (FactId fact : match.facts) line += std::to_string(index(fact)) + " ";
    for (const auto& [name, value] : match.bindings) line += name + "=" + toText(value) + " ";
    out.push_back(std::move(line));
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Applies steps to one engine; what a step means that is not there any more does nothing.
class Session {
 public:
  explicit Session(std::shared_ptr<const Program> program) : engine(std::move(program)) {}

  void take(const Step& step) {
    switch (step.kind) {
      case Step::Insert: {
        Fields fields;
        for (std::size_t i = 0; i < step.fields.size(); ++i) {
          fields.emplace_back(fieldsOf(step.type)[i].name, step.fields[i]);
        }
        const auto accepted = engine.submit(insert(typeNameOf(step.type), std::move(fields)));
        facts_.push_back({accepted.ok() ? accepted->fact : kNoFact, step.type});
        return;
      }
      case Step::Update: {
        if (!isThere(step.target)) return;
        Fields fields;
        // of derived types fewer
        const std::vector<FieldDeclaration>& declared = fieldsOf(facts_[at(step)].second);
        for (const auto& [field, value] : step.cells) {
          if (static_cast<std::size_t>(field) < declared.size()) {
            fields.emplace_back(declared[static_cast<std::size_t>(field)].name, value);
          }
        }
        (void)engine.submit(update(facts_[at(step)].first, std::move(fields)));
        return;
      }
      case Step::Retract:
        if (isThere(step.target)) (void)engine.submit(retract(facts_[at(step)].first));
        return;
      case Step::Fire:
      case Step::FireOther: engine.settle({.maxFirings = 1}); return;
    }
  }

  Engine engine;

 private:
  static std::size_t at(const Step& step) { return static_cast<std::size_t>(step.target); }
  bool isThere(int target) const {
    return target >= 0 && static_cast<std::size_t>(target) < facts_.size() &&
           engine.fact(facts_[static_cast<std::size_t>(target)].first).has_value();
  }

  std::vector<std::pair<FactId, int>> facts_;
};

}  // namespace

TEST_SUITE("differential") {
  TEST_CASE(
      "the enumerator finds the matches that the matcher keeps, on 250 random programs; why not "
      "agrees with both") {
    std::uint64_t programs = 0, compared = 0, matched = 0, partial = 0;
    for (std::uint64_t seed = 1; programs < kPrograms; ++seed) {
      Random random(seed);
      const RuleProgram rules = randomProgram(random);
      const Compiled compiled = compile("random.rules", rules.text());
      if (!compiled.ok()) continue;
      ++programs;
      Session session(compiled.program);
      const Story story = randomStory(random, kSteps);
      for (std::size_t i = 0; i < story.size(); ++i) {
        session.take(story[i]);
        if (i % 5 != 4) continue;
        for (const Rule& rule : rules.rules) {
          const auto found = session.engine.matches(rule.label, kMost);
          REQUIRE(found.ok());
          if (found->conditions.empty() || found->conditions.back().more) continue;
          const std::vector<std::string> here = linesOf(found->conditions.back().matches),
                                         there = linesOf(found->complete);
          ++compared;
          matched += there.size();
          for (const RuleMatches::Stage& stage : found->conditions) partial += stage.count;
          const auto why = session.engine.whyNot(rule.label);
          REQUIRE(why.ok());
          const bool holds =
              std::all_of(why->conditions.begin(), why->conditions.end(),
                          [](const ConditionReport& report) { return report.holds; });
          const bool agrees = here == there && holds == !there.empty() &&
                              (why->state == WhyNot::State::NoMatch) == there.empty();
          std::string lists;
          for (const std::string& line : here) lists += "enumerated " + line + "\n";
          for (const std::string& line : there) lists += "matched    " + line + "\n";
          CHECK_MESSAGE(agrees, "seed ", seed, ", step ", i, ", rule ", rule.label, "\n",
                        rules.text(), "\n", lists, why->summary);
          if (!agrees) return;
        }
      }
    }
    // Nothing compared with nothing would agree, too.
    CHECK(compared > 4 * programs);
    CHECK(matched > 10 * programs);
    CHECK(partial > matched);
  }
}

}  // namespace differential_enumerator_test
