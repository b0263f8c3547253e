// Reports on conditions, one after the other: how many partial matches come to each and go on, and
// what ends those that end there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inquiry/enumerate.h"
#include "inquiry/narrowed.h"
#include "reticle/explanation.h"
#include "session/state.h"

namespace reticle {

// The first conjunct of a test that is not true beside a match, with both its values.
std::optional<NearMiss> missOf(const Session::State& state, const Expr& tree,
                               const PartialMatch& match);

class ConditionReports {
 public:
  // What it borrows outlives it.
  ConditionReports(const Session::State& state, const model::Rule& rule, const Narrowed& narrowed)
      : s_(state),
        rule_(rule),
        narrowed_(narrowed),
        enumerator_(state.program, state.memory, state.session) {}

  // Of conditions of the rule, or of a group in one of them (`loose`: what is unknown goes on,
  // too), from partial matches. `own`: they are the rule's own, to which the question is narrowed
  // down.
  std::vector<ConditionReport> of(const std::vector<model::Condition>& conditions,
                                  const std::vector<PartialMatch>& starts, bool loose, bool own);

 private:
  // A conjunct of a pattern's constraints; own: it reads nothing bound before.
  struct Test {
    Expr tree;
    Code code;
    bool own = false;
  };
  // A fact that might have matched, beside a partial match.
  struct Candidate {
    std::size_t unfitting = 0, failing = 0;  // tests that fail: those of what is bound, all
    const PartialMatch* match = nullptr;
    FactId fact = kNoFact;
  };

  // --- the facts of a pattern
  std::vector<Test> testsOf(const model::Pattern& pattern) const;
  void countFacts(const model::Pattern& pattern, ConditionReport& report) const;
  std::vector<Candidate> failingFacts(const model::Pattern& pattern, const std::vector<Test>& tests,
                                      const std::vector<PartialMatch>& stuck, bool own) const;
  void nearMisses(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                  bool own, ConditionReport& report) const;

  // --- what ends partial matches
  void explainEnd(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                  bool loose, bool own, ConditionReport& report);
  Blocker blockerOf(const PartialMatch& match, std::uint32_t from) const;
  void noteBlockers(const char* how, ConditionReport& report) const;
  void blockers(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                ConditionReport& report) const;
  void forallEnds(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                  ConditionReport& report);
  void accumulateEnds(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                      ConditionReport& report);
  void eachEnds(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
                ConditionReport& report) const;
  void ifEnds(const model::Condition& condition, const std::vector<PartialMatch>& stuck,
              ConditionReport& report) const;

  const Session::State& s_;
  const model::Rule& rule_;
  const Narrowed& narrowed_;
  Enumerator enumerator_;
};

}  // namespace reticle
