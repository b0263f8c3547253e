// The order of matches that every build and every filling of the network agrees on.

#include "session/match_place.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/value_codec.h"

namespace reticle {

bool operator<(const MatchPlace& a, const MatchPlace& b) {
  if (a.rule != b.rule) return a.rule < b.rule;
  if (a.facts != b.facts) return b.facts < a.facts;
  return a.values < b.values;
}

// Locals that actions bind are not of the match.
MatchPlace placeOf(const Session::State& state, RuleId rule, TokenId token) {
  std::vector<Row> rows;
  std::vector<Value> locals;
  state.matcher.rowsOf(token, rows, locals);
  locals.resize(state.program.rules[index(rule)].conditionLocals);
  ByteWriter bytes;
  encodeValues(bytes, locals);
  return {rule, state.matcher.factsOf(token), bytes.take()};
}

std::vector<ActivationSlot> inPlaceOrder(const Session::State& state) {
  std::vector<std::pair<MatchPlace, ActivationSlot>> placed;
  for (const ActivationSlot slot : state.agenda.all()) {
    const Activation& activation = state.agenda.at(slot);
    placed.emplace_back(placeOf(state, activation.rule, activation.token), slot);
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<ActivationSlot> out;
  for (const auto& [place, slot] : placed) out.push_back(slot);
  return out;
}

}  // namespace reticle
