// What decides beside the agenda whether a match may fire: `once`, the dates between which a rule
// is effective, and what one settling asks for.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "agenda/agenda.h"
#include "base/flat_map.h"
#include "reticle/value.h"

namespace reticle {

// Activations in order of their ids.
using ActivationSet = std::set<std::pair<std::uint32_t, ActivationSlot>>;

// `once`, `once per e`: for which values (null without `per`) a rule has fired, and which
// activations wait for one. What has fired is never forgotten.
class OnceBook {
 public:
  // Notes an activation that has not fired. Answers whether the rule has fired for the value
  // already.
  bool wait(RuleId rule, const Value& value, ActivationId id, ActivationSlot slot);
  // it has fired, or its match has ended
  void leave(ActivationId id, ActivationSlot slot);
  // The rule has fired for the value of this activation: answers the others that wait for it, in
  // order of id. Requires: it waits.
  std::vector<ActivationSlot> fire(ActivationId id, ActivationSlot slot);
  void remember(RuleId rule, const Value& value);  // the same, read back
  const std::vector<std::pair<RuleId, Value>>& fired() const { return fired_; }  // oldest first
  std::uint64_t digest() const { return digest_; }

 private:
  struct Entry {
    RuleId rule{};
    Value value;
    bool fired = false;
    ActivationSet waiting;
  };
  static std::uint64_t hashOf(RuleId rule, const Value& value);
  Entry& entry(RuleId rule, const Value& value);
  void setFired(Entry& entry);

  // by hash of rule and value; those that nothing waits for and that have not fired go
  FlatMap<std::uint64_t, std::vector<Entry>> entries_;
  FlatMap<ActivationSlot, std::uint64_t> hashOf_;  // of those that wait
  std::vector<std::pair<RuleId, Value>> fired_;
  std::uint64_t digest_ = 0;
};

// The pass of SettleOptions::Mode::SinglePass through the rules.
struct RulePass {
  std::vector<std::uint32_t> rankOf;  // by rule
  // by rank; what has gone meanwhile is still listed
  std::vector<std::vector<std::pair<ActivationId, ActivationSlot>>> waiting;
  std::size_t rank = 0;  // the next to be reached
  // of the rule that has been reached, the next one last
  std::vector<std::pair<ActivationId, ActivationSlot>> turn;
};

}  // namespace reticle
