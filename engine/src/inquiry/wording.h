// Words and look-ups that explanations share.
#pragma once

#include <string>
#include <string_view>

#include "session/state.h"

namespace reticle {

// "1 fact", "3 facts", "0 matches".
std::string counted(std::size_t number, const std::string& noun, const std::string& plural = {});

// The rule that inserted a fact, by name; empty when none did.
std::string assertedBy(const Session::State& state, FactId fact);

// Near misses that one condition shows, at most.
constexpr std::size_t kMostNear = 3;
std::string textOf(const NearMiss& miss);

Result<const model::Rule*> ruleNamed(const Session::State& state, std::string_view name);

}  // namespace reticle
