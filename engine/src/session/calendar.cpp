// A session's time: when rules have their moments, and what dates do to their activations.

#include "session/calendar.h"

#include "model/cron.h"

namespace reticle {

using model::Trigger;

void Calendar::begin(Time start, Time now) {
  start_ = start;
  now_ = now;
  begun_ = true;
  for (const model::Rule& rule : program_.rules) scheduleRule(rule.id);
}

// --- rules with a plan

// Moments of `every` count from the start of the session, so that they do not depend on when the
// rule came.
void Calendar::scheduleRule(RuleId id) {
  const model::Rule& rule = program_.rules[index(id)];
  if (rule.disabled) return;
  if (rule.trigger.kind == Trigger::Kind::Every) {
    timers_.schedule({start_ + ((now_ - start_) / rule.trigger.every + 1) * rule.trigger.every,
                      Timer::Kind::Moment, index(id)});
  }
  if (rule.trigger.kind == Trigger::Kind::Cron) {
    if (const std::optional<Time> next = model::nextMoment(rule.trigger.plan, now_)) {
      timers_.schedule({*next, Timer::Kind::Moment, index(id)});
    }
  }
}

void Calendar::unpark(const Activation& activation, ActivationSlot slot) {
  const auto parked = parked_.find(activation.rule);
  if (parked != parked_.end()) parked->second.erase({index(activation.id), slot});
}

// --- rules with dates

void Calendar::addDated(const Activation& activation, ActivationSlot slot) {
  dated_[activation.rule].emplace(index(activation.id), slot);
}

void Calendar::removeDated(const Activation& activation, ActivationSlot slot) {
  dated_[activation.rule].erase({index(activation.id), slot});
}

void Calendar::applyDates(Time before, Agenda& agenda) const {
  for (const auto& [id, activations] : dated_) {
    const model::Rule& rule = program_.rules[index(id)];
    const bool is = isEffective(rule);
    if (isEffective(rule, before) == is) continue;
    std::vector<ActivationSlot> slots;
    for (const auto& [number, slot] : activations) slots.push_back(slot);
    if (is) {
      agenda.release(std::move(slots), kHeldByDate);
    } else {
      for (const ActivationSlot slot : slots) agenda.hold(slot, kHeldByDate);
    }
  }
}

// A rule without anything to fire or hold has no date worth stopping for.
std::optional<Time> Calendar::nextDate() const {
  std::optional<Time> next;
  for (const auto& [id, activations] : dated_) {
    if (activations.empty()) continue;
    const model::Rule& rule = program_.rules[index(id)];
    for (const std::optional<Time>& date : {rule.effectiveFrom, rule.effectiveTo}) {
      if (date && *date > now_ && (!next || *date < *next)) next = date;
    }
  }
  return next;
}

}  // namespace reticle
