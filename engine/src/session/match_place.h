// Where a match stands among all others, whatever network found it and in which order. By it the
// activations of one session are recognised among the matches of another.
#pragma once

#include <string>
#include <vector>

#include "session/state.h"

namespace reticle {

// Ordered by rule, then by facts (row by row, the newer first), then by the values that the
// conditions bind. Matches that have one place are alike in all that counts.
struct MatchPlace {
  RuleId rule{};
  std::vector<FactId> facts;
  std::string values;  // encoded

  friend bool operator<(const MatchPlace& a, const MatchPlace& b);
};

MatchPlace placeOf(const Session::State& state, RuleId rule, TokenId token);
// All activations in the order of their places; of equal ones the older one first.
std::vector<ActivationSlot> inPlaceOrder(const Session::State& state);

}  // namespace reticle
