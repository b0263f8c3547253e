// What the session does by itself when its clock arrives at a moment (see timers.h), and the rules
// that wait for moments.

#include <cassert>

#include "model/cron.h"
#include "session/state.h"

namespace reticle {

using model::Trigger;

void Session::State::beginClock(Time time) {
  start = options.start;  // of a session that goes on, too
  now = time;
  begun = true;
  matcher.setClock(now);
  for (const model::Rule& rule : program.rules) scheduleRule(rule.id);
}

// A rule's next moment behind now: of `every` counted from the start of the session, so that it
// does not depend on when the rule came.
void Session::State::scheduleRule(RuleId id) {
  const model::Rule& rule = program.rules[index(id)];
  if (rule.disabled) return;
  if (rule.trigger.kind == Trigger::Kind::Every) {
    timers.schedule({start + ((now - start) / rule.trigger.every + 1) * rule.trigger.every,
                     Timer::Kind::Moment, index(id)});
  }
  if (rule.trigger.kind == Trigger::Kind::Cron) {
    if (const std::optional<Time> next = model::nextMoment(rule.trigger.plan, now)) {
      timers.schedule({*next, Timer::Kind::Moment, index(id)});
    }
  }
}

bool Session::State::waitsForMoments(RuleId id) const {
  const Trigger::Kind kind = program.rules[index(id)].trigger.kind;
  return kind == Trigger::Kind::Every || kind == Trigger::Kind::Cron;
}

void Session::State::tick() {
  if (const std::optional<Time> due = matcher.nextDue(); due && *due <= now) ++changes;
  matcher.setClock(now);
}

void Session::State::carryOutDue() {
  if (recovering) {  // what they did follows as decisions
    while (timers.takeDue(now)) {}
    return;
  }
  while (const std::optional<Timer> timer = timers.takeDue(now)) carryOut(*timer);
  retractUnsupported();
}

void Session::State::carryOut(const Timer& timer) {
  switch (timer.kind) {
    case Timer::Kind::Expire: expire(FactId{timer.subject}); break;
    case Timer::Kind::Effective: break;
    case Timer::Kind::Moment: momentOf(RuleId{timer.subject}); break;
  }
}

// All matches that the rule has now become ready, those that have fired too.
void Session::State::momentOf(RuleId rule) {
  Decision decision{Decision::Kind::Timer};
  decision.rule = rule;
  record(std::move(decision));
  const model::Rule& declared = program.rules[index(rule)];
  std::vector<ActivationSlot> waiting;
  for (const auto& [id, slot] : parked[rule]) {
    waiting.push_back(slot);
    if (!agenda.at(slot).fired || declared.once) continue;
    agenda.rearm(slot, static_cast<std::uint8_t>(heldFor(declared) | kHeldByMoment));
    toggleActivation(agenda.at(slot));
    traceActivation(slot);
    enterControl(declared, slot);
  }
  agenda.release(std::move(waiting), kHeldByMoment);
  noteFocus();
  scheduleRule(rule);
}

}  // namespace reticle
