// What makes a match of a rule the same one again, after it has ended.
#pragma once

#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

struct MatchIdentity {
  RuleId rule = kNoRule;
  std::vector<FactId> facts;
  std::vector<Value> places;  // Matcher::placesOf

  bool operator==(const MatchIdentity& other) const {
    return rule == other.rule && facts == other.facts && places == other.places;
  }
  std::uint64_t hash() const {
    std::uint64_t hash = mix64(index(rule));
    for (const FactId fact : facts) hash = hashCombine(hash, index(fact));
    for (const Value& place : places) hash = hashCombine(hash, place.hash());
    return hash;
  }
};

}  // namespace reticle
