// Matches that one operation has ended although they support conclusions, and those that took their
// place: matches of the same rule with the same facts, made by the same operation. What the old one
// derived, the new one keeps true before anything fires (State::settleTruths).
//
// Invariants:
//   (1) Between operations it is empty.
//   (2) A conclusion is under one match at most: an ended one, or the one that took its place.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "agenda/agenda.h"
#include "base/flat_map.h"
#include "reticle/ids.h"
#include "session/match_identity.h"

namespace reticle {

class Renewals {
 public:
  // A match that took the place of another, and what that one derived.
  struct Renewed {
    ActivationId activation{};
    ActivationSlot slot = kNoActivation;
    MatchIdentity identity;
    std::vector<FactId> conclusions;
    // Instead of a match that ended: a stated fact that stood in the place of a conclusion, and is
    // gone. What is derived in its place is new.
    std::optional<std::pair<TypeId, std::vector<Value>>> uncovered;
  };

  // A match that supported these facts has ended.
  void ended(MatchIdentity identity, std::vector<FactId> conclusions) {
    addEnded({{}, kNoActivation, std::move(identity), std::move(conclusions), {}});
  }
  // The same of one that took another's place and has not been looked at since.
  void endedAgain(ActivationId activation) {
    const auto found = renewed_.find(activation);
    if (found == renewed_.end()) return;
    addEnded(std::move(found->second));
    renewed_.erase(found);
  }
  bool empty() const { return !hasEnded() && renewed_.empty() && revisions_.empty(); }
  bool hasEnded() const { return endedCount_ > 0; }
  bool hasRenewed() const { return !renewed_.empty(); }
  // A match has come. Returns whether it takes the place of one that ended.
  bool came(const MatchIdentity& identity, ActivationId activation, ActivationSlot slot) {
    std::vector<Renewed>* const alike = ended_.find(identity.hash());
    if (!alike) return false;
    const auto found = std::find_if(alike->begin(), alike->end(),
                                    [&](const Renewed& each) { return each.identity == identity; });
    if (found == alike->end()) return false;
    renewed_.emplace(activation,
                     Renewed{activation, slot, identity, std::move(found->conclusions), {}});
    alike->erase(found);
    --endedCount_;
    return true;
  }
  // The place of a conclusion is free again.
  void uncovered(MatchIdentity identity, ActivationId activation, ActivationSlot slot, TypeId type,
                 std::vector<Value> stated) {
    renewed_.emplace(
        activation,
        Renewed{activation, slot, std::move(identity), {}, std::pair(type, std::move(stated))});
  }
  // In the order in which their matches came. Requires: hasRenewed()
  Renewed takeRenewed() {
    Renewed first = std::move(renewed_.begin()->second);
    renewed_.erase(renewed_.begin());
    return first;
  }

  // Whether a conclusion may be given other values once more in this operation. Rules that feed
  // each other's conclusions would do so for ever; what they leave undone comes with their firings,
  // which the runaway guard counts.
  bool mayRevise(FactId conclusion) { return ++revisions_[conclusion] <= kMostRevisions; }

  // The end of the operation.
  void clear() {
    ended_ = {};
    endedCount_ = 0;
    renewed_.clear();
    revisions_.clear();
  }

 private:
  static constexpr std::uint32_t kMostRevisions = 16;

  void addEnded(Renewed ended) {
    ++endedCount_;
    ended_[ended.identity.hash()].push_back(std::move(ended));
  }

  // One change may renew as many matches as there are, so none is searched for among all.
  FlatMap<std::uint64_t, std::vector<Renewed>> ended_;  // by what they are; without an activation
  std::size_t endedCount_ = 0;
  std::multimap<ActivationId, Renewed> renewed_;
  std::map<FactId, std::uint32_t> revisions_;
};

}  // namespace reticle
