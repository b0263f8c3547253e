// What `reticle run` prints while rules fire: what they log and emit, and what fails.
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

// (to: "ada", amount: 12)
std::string argumentsText(const Fields& fields);

class RunPrinter final : public TraceObserver {
 public:
  // Quiet: no word on the output; all: every record instead, as JSON. Failures go to the error
  // stream in any case. Borrows schema and sources.
  RunPrinter(const Schema& schema, const std::vector<Source>& sources, bool isQuiet, bool all)
      : schema_(schema), sources_(sources), isQuiet_(isQuiet), all_(all) {}

  void record(const TraceRecord& record, std::string_view json) override;
  bool wantsAll() const override { return all_ || isQuiet_; }

  // How many firings and runs have failed with nobody to handle it, and settlings were stopped.
  std::uint64_t failures() const { return failures_; }
  // How often rules have failed of which not every failure was printed.
  void printTotals() const;

 private:
  void printFailure(const TraceRecord& record, const trace::Failure& failure);
  std::string placeText(Span place) const;

  const Schema& schema_;
  const std::vector<Source>& sources_;
  bool isQuiet_, all_;
  std::uint64_t failures_ = 0;
  std::map<RuleId, std::uint64_t> byRule_;
};

}  // namespace reticle::cli
