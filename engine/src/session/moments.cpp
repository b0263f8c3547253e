// What the session does by itself while its clock moves: what is due is carried out, rules with
// dates begin and cease to be effective, and Clock follows.

#include <algorithm>
#include <cassert>

#include "session/state.h"

namespace reticle {

// --- the clock

void Session::begin(Time start) {
  State& s = *state_;
  s.beginClock(start);
  s.moveDates(0);
  Decision decision{Decision::Kind::Clock};
  decision.time = start;
  s.decisions.record(std::move(decision));
  if (!s.clock.isRead()) return;
  std::vector<Value> fields = s.clock.fieldsAt(start);
  s.clock.setFact(s.assertFact(BuiltinClock::kType, fields, false));
  s.settleTruths();
}

Time Session::now() const { return state_->calendar.now(); }
bool Session::passed(Time time) const { return time <= state().calendar.now(); }
std::optional<Time> Session::clock() const { return state().calendar.now(); }

void Session::setClock(Time time) {
  State& s = *state_;
  const Time before = s.calendar.now();
  assert(time >= before && "the clock only moves forward");
  std::uint32_t seq = s.tracer.cause();
  if (time > before) {
    s.calendar.moveTo(time);
    Decision decision{Decision::Kind::Clock};
    decision.time = time;
    s.decisions.record(std::move(decision));
    if (s.tracer.on()) seq = s.tracer.record(records::clockMoved(time));
  }
  CauseScope cause(s.tracer, seq);
  // ORDER: recovery goes the same way, with the changes of Clock as decisions.
  s.tick();
  s.moveDates(before);
  s.driveClock();
  s.carryOutDue();
}

std::optional<Time> Session::nextDue() const {
  const State& s = *state_;
  std::optional<Time> next;
  for (const std::optional<Time>& each :
       {s.calendar.nextDate(), s.clock.nextChange(s.calendar.now()), s.calendar.nextDue(),
        s.matcher.nextDue()}) {
    if (each && (!next || *each < *next)) next = each;
  }
  if (next) next = std::max(*next, s.calendar.now());
  return next;
}

void Session::State::beginClock(Time time) {
  calendar.begin(options.start, time);
  matcher.setClock(time);
}

// What waited for a moment in the matcher is one change.
void Session::State::tick() {
  const Time now = calendar.now();
  if (const std::optional<Time> due = matcher.nextDue(); due && *due <= now) changes.begin();
  matcher.setClock(now);
}

void Session::State::moveDates(Time before) {
  calendar.applyDates(before, agenda);
  noteFocus();
}

void Session::State::driveClock() {
  if (clock.fact() == kNoFact) return;
  const Assignment changed = clock.changesAt(calendar.now(), *memory.find(clock.fact()));
  if (changed.empty()) return;
  updateFact(clock.fact(), changed);
  settleTruths();
}

// --- what is due

void Session::State::carryOutDue() {
  if (decisions.recovering()) {  // what they did follows as decisions
    while (calendar.takeDue()) {}
    return;
  }
  while (const std::optional<Timer> timer = calendar.takeDue()) carryOut(*timer);
  settleTruths();
}

void Session::State::carryOut(const Timer& timer) {
  switch (timer.kind) {
    case Timer::Kind::Expire: expire(FactId{timer.subject}); break;
    case Timer::Kind::Moment: momentOf(RuleId{timer.subject}); break;
  }
}

// A rule with a plan: all matches that it has now become ready, those that have fired too. A moment
// at which the rule is not effective has been missed.
void Session::State::momentOf(RuleId rule) {
  Decision decision{Decision::Kind::Timer};
  decision.rule = rule;
  decisions.record(std::move(decision));
  const model::Rule& declared = program.rules[index(rule)];
  if (!calendar.isEffective(declared)) {
    calendar.scheduleRule(rule);
    return;
  }
  std::vector<ActivationSlot> waiting;
  for (const auto& [id, slot] : calendar.parked(rule)) {
    waiting.push_back(slot);
    if (!agenda.at(slot).fired || declared.once) continue;
    agenda.rearm(slot, static_cast<std::uint8_t>(control.heldFor(declared) | kHeldByMoment));
    digest.toggle(agenda.at(slot));
    traceActivation(slot);
    control.enter(declared, slot);
  }
  agenda.release(std::move(waiting), kHeldByMoment);
  noteFocus();
  calendar.scheduleRule(rule);
}

}  // namespace reticle
