// The surroundings of a session, with the matcher's clock: `passed` notes which moments it is asked
// for, and facts that are read through references are noted, too.
#pragma once

#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "expression/code.h"

namespace reticle {

class Clocked final : public Surroundings {
 public:
  explicit Clocked(const Surroundings& around) : around_(around) {}

  Time now = std::numeric_limits<Time>::min();
  // The first moment after now that was asked for since it was last taken. The matcher takes it
  // before and after an evaluation, to learn what that one waits for.
  std::optional<Time> takeAsked() { return std::exchange(asked_, std::nullopt); }

  // The facts that were read through references since they were last taken, some of them twice.
  std::vector<FactId>& read() { return read_; }

  Value fieldOf(FactId fact, FieldId field) const override {
    read_.push_back(fact);
    return around_.fieldOf(fact, field);
  }
  Value callHost(FunctionId function, const Value* args, std::size_t count) const override {
    return around_.callHost(function, args, count);
  }
  Value query(QueryId query, const Value* args, std::size_t count,
              const Surroundings& asker) const override {
    return around_.query(query, args, count, asker);
  }
  std::optional<std::int32_t> zoneOffset(std::string_view zone,
                                         std::int64_t seconds) const override {
    return around_.zoneOffset(zone, seconds);
  }
  bool passed(Time time) const override {
    if (time <= now) return true;
    if (!asked_ || time < *asked_) asked_ = time;
    return false;
  }

 private:
  const Surroundings& around_;
  mutable std::optional<Time> asked_;
  mutable std::vector<FactId> read_;
};

}  // namespace reticle
