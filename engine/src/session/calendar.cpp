// A session's time: when rules have their moments, and what dates do to their activations.

#include "session/calendar.h"

#include <limits>

#include "base/zone_times.h"
#include "model/cron.h"

namespace reticle {

using model::Trigger;

namespace {

// What clocks of a zone show, as if it were UTC, as a moment. In a zone that nobody knows it never
// comes.
Time momentIn(const std::string& zone, Time shown, const ZoneOffsets& zones) {
  constexpr Span64 kSecond = 1'000'000;
  const auto instant = instantShowing(
      shown / kSecond, [&](std::int64_t seconds) { return zoneOffset(zone, seconds, zones); });
  return instant ? *instant * kSecond : std::numeric_limits<Time>::max();
}

}  // namespace

Calendar::Calendar(const model::Program& program, const ZoneOffsets& zones)
    : program_(program), zones_(zones) {
  for (const model::Rule& rule : program.rules) {
    Dates dates{rule.effectiveFrom, rule.effectiveTo};
    if (rule.fromInZone) dates.from = momentIn(rule.effectiveZone, *dates.from, zones);
    if (rule.toInZone) dates.to = momentIn(rule.effectiveZone, *dates.to, zones);
    dates_.push_back(dates);
  }
}

void Calendar::begin(Time start, Time now) {
  start_ = start;
  now_ = now;
  begun_ = true;
  for (const model::Rule& rule : program_.rules) scheduleRule(rule.id);
}

// --- rules with a plan

void Calendar::scheduleRule(RuleId id) {
  const model::Rule& rule = program_.rules[index(id)];
  if (rule.disabled || !waitsForMoments(id)) return;
  if (const std::optional<Time> next = momentAfter(rule, now_)) {
    timers_.schedule({*next, Timer::Kind::Moment, index(id)});
  }
}

// Moments of `every` count from the start of the session, so that they do not depend on when the
// rule came.
std::optional<Time> Calendar::momentAfter(const model::Rule& rule, Time time) const {
  const Trigger& trigger = rule.trigger;
  if (trigger.kind == Trigger::Kind::Every) {
    return start_ + ((time - start_) / trigger.every + 1) * trigger.every;
  }
  return trigger.zone.empty() ? model::nextMoment(trigger.plan, time)
                              : model::nextMoment(trigger.plan, time, [&](std::int64_t seconds) {
                                  return zoneOffset(trigger.zone, seconds, zones_);
                                });
}

bool Calendar::isMissed(RuleId id, Time target) const {
  using Missed = Trigger::Missed;
  const model::Rule& rule = program_.rules[index(id)];
  if (rule.trigger.missed == Missed::All) return false;
  if (rule.trigger.missed == Missed::None && target - now_ > model::kOnTime) return true;
  const std::optional<Time> next = momentAfter(rule, now_);
  return next && *next <= target;
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

std::vector<std::pair<RuleId, bool>> Calendar::applyDates(Time before, Agenda& agenda) const {
  std::vector<std::pair<RuleId, bool>> changed;
  for (const auto& [id, activations] : dated_) {
    const model::Rule& rule = program_.rules[index(id)];
    const bool is = isEffective(rule);
    if (isEffective(rule, before) == is) continue;
    changed.emplace_back(id, is);
    std::vector<ActivationSlot> slots;
    for (const auto& [number, slot] : activations) slots.push_back(slot);
    if (is) {
      agenda.release(std::move(slots), kHeldByDate);
    } else {
      for (const ActivationSlot slot : slots) agenda.hold(slot, kHeldByDate);
    }
  }
  return changed;
}

// A rule without anything to fire or hold has no date worth stopping for.
std::optional<Time> Calendar::nextDate() const {
  std::optional<Time> next;
  for (const auto& [id, activations] : dated_) {
    if (activations.empty()) continue;
    for (const std::optional<Time>& date : {dates_[index(id)].from, dates_[index(id)].to}) {
      if (date && *date > now_ && (!next || *date < *next)) next = date;
    }
  }
  return next;
}

}  // namespace reticle
