// What the rules of a session have done, counted since it began.
#pragma once

#include <cstdint>
#include <vector>

#include "model/model.h"
#include "reticle/explanation.h"

namespace reticle {

class RuleCounters {
 public:
  explicit RuleCounters(const model::Program& program) : byRule_(program.rules.size()) {}

  void matched(RuleId rule) { ++byRule_[index(rule)].matches; }
  // `nanoseconds`: 0 when nobody measures.
  void fired(RuleId rule, bool failed, std::uint64_t nanoseconds) {
    Counters::Rule& counted = byRule_[index(rule)];
    counted.nanoseconds += nanoseconds;
    ++counted.firings;
    counted.failures += failed;
  }
  // Ids and names are not filled in.
  const Counters::Rule& of(RuleId rule) const { return byRule_[index(rule)]; }

 private:
  std::vector<Counters::Rule> byRule_;
};

}  // namespace reticle
