// Firings that were refused because a fact stood in the place of what they insert: when that fact
// gives the place up, the match is ready again.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "agenda/agenda.h"
#include "base/flat_map.h"

namespace reticle {

class Refusals {
 public:
  using Refused = std::pair<ActivationId, ActivationSlot>;  // slots are used again, ids are not

  void add(FactId inTheWay, ActivationId activation, ActivationSlot slot) {
    byFact_[index(inTheWay)].emplace(activation, slot);
    factOf_[activation] = inTheWay;
  }
  // The fact goes, or gives its key up.
  void free(FactId fact) {
    const std::map<ActivationId, ActivationSlot>* refused = byFact_.find(index(fact));
    if (!refused) return;
    for (const auto& [activation, slot] : *refused) {
      freed_.emplace_back(activation, slot);
      factOf_.erase(activation);
    }
    byFact_.erase(index(fact));
  }
  // The match of an activation has ended.
  void drop(ActivationId activation) {
    const auto found = factOf_.find(activation);
    if (found == factOf_.end()) return;
    std::map<ActivationId, ActivationSlot>& refused = *byFact_.find(index(found->second));
    refused.erase(activation);
    if (refused.empty()) byFact_.erase(index(found->second));
    factOf_.erase(found);
  }
  bool empty() const { return factOf_.empty(); }
  bool hasFreed() const { return !freed_.empty(); }
  // Whose place is free; their matches may have ended meanwhile.
  std::vector<Refused> takeFreed() { return std::exchange(freed_, {}); }
  bool isRefused(ActivationId activation) const { return factOf_.count(activation) != 0; }

 private:
  FlatMap<std::uint32_t, std::map<ActivationId, ActivationSlot>> byFact_;
  std::map<ActivationId, FactId> factOf_;
  std::vector<Refused> freed_;
};

}  // namespace reticle
