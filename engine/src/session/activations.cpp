#include "session/activations.h"

namespace reticle {

namespace {

SeenActivation seen(const Activation& activation) {
  return {activation.id, activation.rule, activation.token, activation.facts, activation.salience, activation.recency, activation.fired, false};
}

}  // namespace

std::vector<SeenActivation> readyOnes(const Session::State& state) {
  std::vector<SeenActivation> out;
  for (const Activation* activation : state.agenda.inOrder()) out.push_back(seen(*activation));
  return out;
}

std::vector<SeenActivation> activationsOf(const Session::State& state, RuleId rule) {
  std::vector<SeenActivation> out;
  for (const Activation* activation : state.agenda.all())
    if (activation->rule == rule) out.push_back(seen(*activation));
  return out;
}

std::optional<SeenActivation> activationNamed(const Session::State& state, ActivationId id) {
  const Activation* found = state.agenda.find(id);
  if (!found) return std::nullopt;
  return seen(*found);
}

std::vector<Value> localsOf(const Session::State& state, const SeenActivation& activation) {
  std::vector<Row> rows;
  std::vector<Value> locals;
  state.matcher.rowsOf(activation.token, rows, locals);
  return locals;
}

Fields bindingsOf(const model::Rule& rule, const std::vector<Value>& values) {
  Fields out;
  for (std::uint32_t local = 0; local < rule.conditionLocals && local < rule.localNames.size() && local < values.size(); ++local)
    if (!rule.localNames[local].first.empty()) out.emplace_back(rule.localNames[local].first, values[local]);
  return out;
}

}  // namespace reticle
