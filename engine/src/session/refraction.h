// Which matches that come anew count as fired all the same:
//   - those of a rule with a trigger that have fired for it: one firing for each event (or fact
//     that came or went) and each combination of the other facts, whatever is changed meanwhile
//   - those that a host's change ended and another one brought back with what they had, before any
//     settling in between: nothing has changed for them
#pragma once

#include <cstdint>
#include <vector>

#include "base/flat_map.h"
#include "session/match_identity.h"

namespace reticle {

// Matches that have fired for a trigger, until its turn is over.
class TriggerBook {
 public:
  void add(MatchIdentity identity);
  bool empty() const { return byHash_.empty(); }
  bool has(const MatchIdentity& identity) const;
  void clear() {
    if (byHash_.size() > 0) byHash_ = {};
  }

 private:
  FlatMap<std::uint64_t, std::vector<MatchIdentity>> byHash_;
};

// Matches that had fired and that changes of hosts have ended since the last settling, with the
// values that their rules read.
class ReturnBook {
 public:
  void add(MatchIdentity identity, std::vector<Value> values);
  bool empty() const { return count_ == 0; }
  // A match comes. Returns whether it was here with these values; it is not any more.
  bool take(const MatchIdentity& identity, const std::vector<Value>& values);
  // A settling begins.
  void clear() {
    if (count_ > 0) byHash_ = {};
    count_ = 0;
  }

 private:
  struct Left {
    MatchIdentity identity;
    std::vector<Value> values;
  };
  FlatMap<std::uint64_t, std::vector<Left>> byHash_;
  std::size_t count_ = 0;
};

}  // namespace reticle
