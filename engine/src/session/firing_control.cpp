// What decides beside the agenda whether a match may fire.

#include "session/firing_control.h"

#include <algorithm>

#include "reticle/value.h"

namespace reticle {

// --- activations

void FiringControl::enterSettling(const model::Rule& rule, ActivationSlot slot) {
  const Activation& activation = agenda_.at(slot);
  if (activation.held & (kHeldByTag | kHeldByTurn)) {
    passedOver_.emplace_back(activation.id, slot);
  } else if (pass_) {
    pass_->waiting[pass_->rankOf[index(rule.id)]].emplace_back(activation.id, slot);
  }
}

// By `exclusive`, and by `once` for the same value; each once.
std::vector<ActivationSlot> FiringControl::takeRivals(ActivationSlot slot) {
  std::vector<ActivationSlot> rivals = agenda_.rivals(slot);
  if (program_.rules[index(agenda_.at(slot).rule)].once) {
    for (const ActivationSlot other : once_.fire(agenda_.at(slot).id, slot)) {
      if (std::find(rivals.begin(), rivals.end(), other) == rivals.end()) rivals.push_back(other);
    }
  }
  return rivals;
}

// The reason that lasts longest, when there are several.
std::string FiringControl::waitsFor(ActivationSlot slot) const {
  const Activation& activation = agenda_.at(slot);
  const model::Rule& rule = program_.rules[index(activation.rule)];
  if (activation.held & kHeldByDate) {
    return rule.effectiveFrom && calendar_.now() < *rule.effectiveFrom
               ? "the rule is effective from " + toText(Value::timestamp(*rule.effectiveFrom))
               : "the rule is not effective any more";
  }
  if (activation.held & kHeldByError) return "what `once per` asks for has no value";
  if (activation.held & kHeldByMoment) {
    return rule.trigger.kind == model::Trigger::Kind::Every
               ? "the rule waits for its next moment"
               : "the rule waits for the next moment of its plan";
  }
  if (!agenda_.isOpen(slot)) return "the group `" + rule.group + "` does not have the focus";
  return activation.held ? "passed over in this settling" : "";
}

// --- one settling

void FiringControl::beginSettling(const SettleOptions& options) {
  mode_ = options.mode;
  if (!options.tags.empty()) mute(options.tags);
  beginTurn();
}

// With tags a settling fires the rules that carry one of them, and no others.
void FiringControl::mute(const std::vector<std::string>& tags) {
  muted_.assign(program_.rules.size(), 1);
  for (const model::Rule& rule : program_.rules) {
    for (const std::string& tag : rule.tags) {
      if (std::find(tags.begin(), tags.end(), tag) != tags.end()) muted_[index(rule.id)] = 0;
    }
  }
  for (const ActivationSlot slot : agenda_.inOrder()) {
    if (isMuted(agenda_.at(slot).rule)) passOver(slot, kHeldByTag);
  }
}

// A pass begins anew with each turn, over what is ready then; what comes while it is under way
// joins the turn of its rule, unless that has been reached.
void FiringControl::beginTurn() {
  turnSpent_ = false;
  if (mode_ != SettleOptions::Mode::SinglePass) return;
  pass_ = Pass();
  std::vector<RuleId> order;
  for (const model::Rule& rule : program_.rules) order.push_back(rule.id);
  std::stable_sort(order.begin(), order.end(), [&](RuleId a, RuleId b) {
    return program_.rules[index(a)].fixedSalience.value_or(0) >
           program_.rules[index(b)].fixedSalience.value_or(0);
  });
  pass_->rankOf.resize(order.size());
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    pass_->rankOf[index(order[rank])] = static_cast<std::uint32_t>(rank);
  }
  pass_->waiting.resize(order.size());
  for (const ActivationSlot slot : agenda_.inOrder()) {
    const Activation& activation = agenda_.at(slot);
    pass_->waiting[pass_->rankOf[index(activation.rule)]].emplace_back(activation.id, slot);
  }
}

// Slots may have gone to other activations meanwhile; ids tell.
void FiringControl::endSettling() {
  mode_ = SettleOptions::Mode::All;
  turnSpent_ = false;
  pass_.reset();
  muted_.clear();
  std::vector<ActivationSlot> waiting;
  for (const auto& [id, slot] : passedOver_) {
    if (agenda_.at(slot).id == id) waiting.push_back(slot);
  }
  passedOver_.clear();
  std::sort(waiting.begin(), waiting.end());
  waiting.erase(std::unique(waiting.begin(), waiting.end()), waiting.end());
  agenda_.release(waiting, kHeldByTag);
  agenda_.release(std::move(waiting), kHeldByTurn);
}

void FiringControl::passOver(ActivationSlot slot, Held why) {
  passedOver_.emplace_back(agenda_.at(slot).id, slot);
  agenda_.hold(slot, why);
}

void FiringControl::spendTurn() {
  turnSpent_ = true;
  for (const ActivationSlot slot : agenda_.inOrder()) passOver(slot, kHeldByTurn);
}

void FiringControl::hasFired() {
  if (mode_ == SettleOptions::Mode::FirstMatch) spendTurn();
}

// Single pass: on to the next rule that has something to fire.
void FiringControl::advancePass() {
  const auto canFire = [&](const Named& each) {
    return agenda_.at(each.second).id == each.first && agenda_.at(each.second).ready() &&
           agenda_.isOpen(each.second);
  };
  std::vector<Named>& turn = pass_->turn;
  while (!turnSpent_) {
    while (!turn.empty() && !canFire(turn.back())) turn.pop_back();
    if (!turn.empty()) return;
    if (pass_->rank == pass_->waiting.size()) {
      spendTurn();
      return;
    }
    turn = std::move(pass_->waiting[pass_->rank++]);
    turn.erase(
        std::remove_if(turn.begin(), turn.end(), [&](const Named& each) { return !canFire(each); }),
        turn.end());
    std::sort(turn.begin(), turn.end(), [&](const Named& a, const Named& b) {
      return agenda_.firesBefore(b.second, a.second);
    });
  }
}

bool FiringControl::ready() {
  if (!pass_) return agenda_.ready();
  advancePass();
  return !turnSpent_;
}

ActivationSlot FiringControl::next() const {
  return pass_ ? pass_->turn.back().second : agenda_.best();
}

}  // namespace reticle
