// What the rules of a session have done, counted since it began; and which of their firings failed.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "model/model.h"
#include "reticle/explanation.h"
#include "reticle/result.h"

namespace reticle {

class RuleCounters {
 public:
  explicit RuleCounters(const model::Program& program) : byRule_(program.rules.size()) {}

  void matched(RuleId rule) { ++byRule_[index(rule)].matches; }
  // `nanoseconds`: 0 when nobody measures.
  void fired(RuleId rule, std::uint64_t nanoseconds) {
    byRule_[index(rule)].nanoseconds += nanoseconds;
    ++byRule_[index(rule)].firings;
  }
  // The firing that was counted last has failed.
  void failed(RuleId rule, ActivationId activation, Error error) {
    ++byRule_[index(rule)].failures;
    std::map<ActivationId, Error>& kept = failures_[rule];
    kept.insert_or_assign(activation, std::move(error));
    if (kept.size() > kKept) kept.erase(kept.begin());
  }
  // Ids and names are not filled in.
  const Counters::Rule& of(RuleId rule) const { return byRule_[index(rule)]; }
  // Why a firing failed; null when it did not, when it was long ago, or before a recovery.
  const Error* failureOf(RuleId rule, ActivationId activation) const {
    const auto of = failures_.find(rule);
    if (of == failures_.end()) return nullptr;
    const auto found = of->second.find(activation);
    return found == of->second.end() ? nullptr : &found->second;
  }

 private:
  static constexpr std::size_t kKept = 64;  // failures of one rule, the newest

  std::vector<Counters::Rule> byRule_;
  std::map<RuleId, std::map<ActivationId, Error>> failures_;
};

}  // namespace reticle
