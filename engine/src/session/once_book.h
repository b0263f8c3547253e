// What `once` and `once per e` have to remember: for which values a rule has fired.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "agenda/agenda.h"
#include "base/flat_map.h"
#include "reticle/value.h"

namespace reticle {

// Activations in order of their ids.
using ActivationSet = std::set<std::pair<std::uint32_t, ActivationSlot>>;

// For which values (null without `per`) a rule has fired, and which activations wait for one. What
// has fired is never forgotten.
//
// Invariants:
//   (1) An activation waits here from wait() to leave(), for one value.
//   (2) A value is kept as long as the rule has fired for it or some activation waits for it.
class OnceBook {
 public:
  // Notes an activation that has not fired. Returns whether the rule has fired for the value
  // already.
  bool wait(RuleId rule, const Value& value, ActivationId id, ActivationSlot slot);
  // it has fired, or its match has ended
  void leave(ActivationId id, ActivationSlot slot);
  // The rule has fired for the value of this activation: returns the others that wait for it, in
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

}  // namespace reticle
