// Words and look-ups that explanations share.

#include "inquiry/wording.h"

namespace reticle {

std::string counted(std::size_t number, const std::string& noun, const std::string& plural) {
  return std::to_string(number) + " " + (number == 1 ? noun : plural.empty() ? noun + "s" : plural);
}

std::string assertedBy(const Session::State& state, FactId fact) {
  const auto nameOf = [&](RuleId rule) { return state.program.rules[index(rule)].name; };
  if (const std::optional<Reasons::Derivation> made = state.reasons.find(fact)) {
    return nameOf(made->rule);
  }
  const StoredFact* stored = state.memory.find(fact);
  if (const auto* keepers = stored && stored->logical ? state.truths.supportsOf(fact) : nullptr) {
    for (const ActivationSlot keeper : *keepers) return nameOf(state.agenda.at(keeper).rule);
  }
  return {};
}

Result<const model::Rule*> ruleNamed(const Session::State& state, std::string_view name) {
  for (const model::Rule& rule : state.program.rules) {
    if (rule.name == name) return &rule;
  }
  return Error{ErrorCode::BadInput, "there is no rule \"" + std::string(name) + "\"", "rule", {}};
}

std::string textOf(const NearMiss& miss) {
  if (!miss.error.empty()) return "`" + miss.test + "` is unknown: " + miss.error;
  return "`" + miss.test + "` is false (" + toText(miss.left) + " against " + toText(miss.right) +
         ")";
}

}  // namespace reticle
