// The activations of a session as explanations see them.

#include "session/activations.h"

namespace reticle {

namespace {

SeenActivation seen(const Session::State& state, ActivationSlot slot) {
  const Activation& activation = state.agenda.at(slot);
  return {activation.id,
          activation.rule,
          activation.token,
          state.matcher.factsOf(activation.token),
          activation.salience,
          activation.recency,
          activation.fired,
          !activation.fired && (activation.held || !state.agenda.isOpen(slot)),
          activation.fired ? std::string() : state.control.waitsFor(slot)};
}

}  // namespace

std::vector<SeenActivation> readyOnes(const Session::State& state) {
  std::vector<SeenActivation> out;
  for (const ActivationSlot slot : state.agenda.inOrder()) {
    if (state.agenda.isOpen(slot)) out.push_back(seen(state, slot));
  }
  return out;
}

std::vector<SeenActivation> activationsOf(const Session::State& state, RuleId rule) {
  std::vector<SeenActivation> out;
  for (const ActivationSlot slot : state.agenda.all()) {
    if (state.agenda.at(slot).rule == rule) out.push_back(seen(state, slot));
  }
  return out;
}

std::optional<SeenActivation> activationNamed(const Session::State& state, ActivationId id) {
  const ActivationSlot slot = state.agenda.find(id);
  if (slot == kNoActivation) return std::nullopt;
  return seen(state, slot);
}

std::vector<Value> localsOf(const Session::State& state, const SeenActivation& activation) {
  std::vector<Row> rows;
  std::vector<Value> locals;
  state.matcher.rowsOf(activation.token, rows, locals);
  return locals;
}

// Locals of actions come after those of conditions and are not shown.
Fields bindingsOf(const model::Rule& rule, const std::vector<Value>& values) {
  Fields out;
  for (std::uint32_t local = 0;
       local < rule.conditionLocals && local < rule.localNames.size() && local < values.size();
       ++local) {
    if (!rule.localNames[local].first.empty()) {
      out.emplace_back(rule.localNames[local].first, values[local]);
    }
  }
  return out;
}

}  // namespace reticle
