// What `reticle run` prints while rules fire: what they log and emit, and what fails; and what it
// keeps of that for the end.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reticle/diagnostic.h"
#include "reticle/fields.h"
#include "reticle/schema.h"
#include "reticle/trace.h"

namespace reticle::cli {

// to: "ada", amount: 12
std::string fieldsText(const Fields& fields);
// (to: "ada", amount: 12)
std::string argumentsText(const Fields& fields);
// pushed{strength: 2} to a
std::string eventText(const CloudEvent& event);

// What stands on the output meanwhile.
//   Words     what is logged and emitted
//   Records   every record of the trace, as JSON
//   Nothing   the output is for something else
enum class Show { Words, Records, Nothing };

// What happened during a run, in order. Of failures and logs everything, of rules how often.
struct Happened {
  struct Rule {
    std::uint64_t fired = 0, failed = 0;
  };
  struct Failure {
    std::string rule, flow;  // whose; one of them, or none
    std::string code, message, part, place;
  };
  std::map<RuleId, Rule> rules;
  std::vector<CloudEvent> events;  // emitted ones; no changes of properties
  std::vector<trace::Log> logs;
  std::vector<Failure> failures;
};

class RunPrinter final : public TraceObserver {
 public:
  // Failures go to the error stream in any case. `keeps`: also what is logged and emitted, and not
  // only how often it failed. Borrows schema and sources.
  RunPrinter(const Schema& schema, const std::vector<Source>& sources, Show show, bool keeps)
      : schema_(schema), sources_(sources), show_(show), keeps_(keeps) {}

  void record(const TraceRecord& record, std::string_view json) override;
  // For the records themselves, and for their digest.
  bool wantsAll() const override {
    return show_ == Show::Records || (show_ == Show::Nothing && !keeps_);
  }

  // How many firings and runs have failed with nobody to handle it, and settlings were stopped.
  std::uint64_t failures() const { return failures_; }
  const Happened& happened() const { return happened_; }
  // How often rules have failed of which not every failure was printed.
  void printTotals() const;

 private:
  void printFailure(const TraceRecord& record, const trace::Failure& failure);
  std::string placeText(Span place) const;
  void keep(const TraceRecord& record);

  const Schema& schema_;
  const std::vector<Source>& sources_;
  Show show_;
  bool keeps_;
  std::uint64_t failures_ = 0;
  std::map<RuleId, std::uint64_t> byRule_;
  std::map<RunId, std::string> flows_;  // of runs that were seen
  Happened happened_;
};

}  // namespace reticle::cli
