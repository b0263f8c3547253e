// The activations of a session as explanations see them.
#pragma once

#include <optional>
#include <vector>

#include "session/state.h"

namespace reticle {

struct SeenActivation {
  ActivationId id{};
  RuleId rule{};
  TokenId token{};
  std::vector<FactId> facts;
  std::int64_t salience = 0;
  std::uint64_t recency = 0;
  bool fired = false;
  bool held = false;  // something keeps it off the agenda …
  std::string waits;  // … namely this
};

// Those that are ready, best first.
std::vector<SeenActivation> readyOnes(const Session::State& state);
// Of one rule: fired ones, too; in order of id.
std::vector<SeenActivation> activationsOf(const Session::State& state, RuleId rule);
std::optional<SeenActivation> activationNamed(const Session::State& state, ActivationId id);

std::vector<Value> localsOf(const Session::State& state, const SeenActivation& activation);
// Values bound by the conditions of a rule, by name.
Fields bindingsOf(const model::Rule& rule, const std::vector<Value>& values);

}  // namespace reticle
