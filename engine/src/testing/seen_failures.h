// What failed while a test ran, and what of it the test expects.
//
// Invariant: every failure that nothing handles is here once, in the order of its coming. The test
// marks those it expects; the others make it fail.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/model.h"
#include "reticle/test.h"
#include "reticle/trace.h"

namespace reticle {

class SeenFailures {
 public:
  explicit SeenFailures(const model::Program& model) : model_(&model) {}

  // Goes on with other rules: ids that come from here on are theirs.
  void replace(const model::Program& model) { model_ = &model; }

  // Takes in a record of the trace. Refused inputs are no failures: whoever hands one in is told.
  void note(const TraceRecord& record);

  // How often the rules of a name have failed, and the calls that they have sent; an empty code:
  // with any.
  std::uint64_t count(std::string_view rule, std::string_view code) const;
  // The first of these, in words: "division by zero (RL9001)". Empty when there is none.
  std::string first(std::string_view rule, std::string_view code) const;

  // The test expects what has failed until now: of a rule; of the runs of a flow, those of a key
  // when one is given; of one run. `parts`: only what failed of runs that went on.
  void expectRule(std::string_view rule, std::string_view code);
  void expectRuns(std::string_view flow, const std::string* key, bool parts);
  void expectRun(RunId run);

  // What the test does not expect, like ones as one.
  std::vector<TestFailure> unexpected() const;

 private:
  struct Failed {
    bool ofRule = false;
    std::string rule;  // its name; of a run that is the `call` of a rule: that rule's
    Span ruleSpan;
    RunId run = kNoRun;
    trace::Failure what;
    bool expected = false;
  };
  struct RunName {
    std::string flow, key;
    std::string caller;  // of the `call` of a rule: its name
  };

  bool isOf(const Failed& failed, std::string_view rule, std::string_view code) const;
  std::string textOf(const Failed& failed, std::size_t times) const;
  Span placeOf(const Failed& failed) const;

  const model::Program* model_;
  std::uint32_t firing_ = 0;  // the last record of a firing, and its rule
  RuleId firingRule_ = kNoRule;
  std::vector<Failed> failures_;
  std::map<RunId, RunName> runs_;
};

}  // namespace reticle
