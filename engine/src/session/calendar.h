// A session's time: its clock, what is due when, and the activations that wait for a moment or for
// a date.
//
// Two kinds of rules wait: those with a plan (`on every`, `on cron`) are parked with all their
// matches and become ready together at each moment of the plan; those with dates (`effective from`,
// `to`) are held as long as the clock stands outside of them.
//
// Invariants:
//   (1) The clock never moves backward, and has no time before begin().
//   (2) Of each rule with a plan exactly one timer stands here, for its next moment, when it has
//       one.
//   (3) parked_ holds all activations of rules with a plan, fired or not; dated_ those of rules
//       with dates that have not fired.
//
// It knows when something is to happen; the session carries it out (moments.cpp).
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "agenda/agenda.h"
#include "model/model.h"
#include "reticle/zones.h"
#include "session/once_book.h"
#include "session/timers.h"

namespace reticle {

class Calendar {
 public:
  // `zones` is borrowed.
  Calendar(const model::Program& program, const ZoneOffsets& zones);

  // --- the clock
  // `start`: of the session, also of one that goes on at `now`: moments of `every` count from it.
  void begin(Time start, Time now);
  bool hasBegun() const { return begun_; }
  Time now() const { return now_; }
  void moveTo(Time time) { now_ = time; }

  // --- timers
  void schedule(const std::optional<Timer>& timer) {
    if (timer) timers_.schedule(*timer);
  }
  void cancel(const std::optional<Timer>& timer) {
    if (timer) timers_.cancel(*timer);
  }
  std::optional<Timer> takeDue() { return timers_.takeDue(now_); }
  std::optional<Time> nextDue() const { return timers_.nextDue(); }

  // --- rules with a plan
  bool waitsForMoments(RuleId rule) const {
    const model::Trigger::Kind kind = program_.rules[index(rule)].trigger.kind;
    return kind == model::Trigger::Kind::Every || kind == model::Trigger::Kind::Cron;
  }
  // Sets the timer for the rule's next moment after now, when it has a plan.
  void scheduleRule(RuleId rule);
  // Whether the rule passes over its moment that is now, as the clock goes on to `target`.
  bool isMissed(RuleId rule, Time target) const;
  void park(const Activation& activation, ActivationSlot slot) {
    parked_[activation.rule].emplace(index(activation.id), slot);
  }
  void unpark(const Activation& activation, ActivationSlot slot);
  const ActivationSet& parked(RuleId rule) { return parked_[rule]; }

  // --- rules with dates
  bool isEffective(const model::Rule& rule) const { return isEffective(rule, now_); }
  // Asked on every match, so inline up to where a rule has dates.
  void enterDated(const Activation& activation, ActivationSlot slot) {
    if (hasDates(program_.rules[index(activation.rule)])) addDated(activation, slot);
  }
  void leaveDated(const Activation& activation, ActivationSlot slot) {
    if (hasDates(program_.rules[index(activation.rule)])) removeDated(activation, slot);
  }
  // The clock has moved from `before`: rules begin and end to be effective. Returns which.
  std::vector<std::pair<RuleId, bool>> applyDates(Time before, Agenda& agenda) const;
  // The next date of a rule that has an activation waiting.
  std::optional<Time> nextDate() const;

 private:
  // The dates of a rule as moments.
  struct Dates {
    std::optional<Time> from, to;
  };
  bool isEffective(const model::Rule& rule, Time time) const {
    const Dates& dates = dates_[index(rule.id)];
    return (!dates.from || time >= *dates.from) && (!dates.to || time < *dates.to);
  }
  // The rule's next moment after a time.
  std::optional<Time> momentAfter(const model::Rule& rule, Time time) const;
  static bool hasDates(const model::Rule& rule) { return rule.effectiveFrom || rule.effectiveTo; }
  void addDated(const Activation& activation, ActivationSlot slot);
  void removeDated(const Activation& activation, ActivationSlot slot);

  const model::Program& program_;
  const ZoneOffsets& zones_;
  std::vector<Dates> dates_;  // by rule
  Time start_ = 0, now_ = 0;
  bool begun_ = false;
  Timers timers_;
  std::map<RuleId, ActivationSet> parked_;
  std::map<RuleId, ActivationSet> dated_;
};

}  // namespace reticle
