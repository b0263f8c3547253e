// What the session does by itself while its clock moves: what is due is carried out, rules with
// dates begin and cease to be effective, and Clock follows.

#include <algorithm>
#include <cassert>

#include "base/zone_times.h"
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
  s.reportUnknownZones();
  for (const BuiltinClock::Zoned& each : s.clock.zones()) {
    auto fields = s.clock.fieldsAt(each.zone, start);
    if (!fields) continue;
    const FactId fact = s.assertFact(BuiltinClock::kType, *fields, false);
    s.clock.adopt(fact, s.memory.find(fact)->fields());
  }
  if (!s.clock.zones().empty()) s.settleTruths();
}

Time Session::now() const { return state_->calendar.now(); }
bool Session::passed(Time time) const { return time <= state().calendar.now(); }
std::optional<Time> Session::clock() const { return state().calendar.now(); }

void Session::setClock(Time time, Time target) {
  State& s = *state_;
  s.target = target;
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
  for (const auto& [rule, is] : s.moveDates(before)) {
    if (s.tracer.on()) s.tracer.record({.body = trace::Effective{is}, .rule = rule});
  }
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

std::vector<std::pair<RuleId, bool>> Session::State::moveDates(Time before) {
  auto changed = calendar.applyDates(before, agenda);
  noteFocus();
  return changed;
}

void Session::State::driveClock() {
  bool any = false;
  for (const BuiltinClock::Zoned& each : clock.zones()) {
    if (each.fact == kNoFact) continue;
    const Assignment changed = clock.changesAt(calendar.now(), *memory.find(each.fact));
    if (changed.empty()) continue;
    updateFact(each.fact, changed);
    any = true;
  }
  if (any) settleTruths();
}

// Named zones are the host's: which of them it knows turns out here. What rests on an unknown one
// never comes: no Clock is there, no moment, no date.
void Session::State::reportUnknownZones() {
  if (!tracer.on()) return;
  const auto report = [&](const std::string& zone, RuleId rule, Span place, const char* what) {
    if (zone.empty() || reticle::zoneOffset(zone, 0, options.zones)) return;
    Error error{
        ErrorCode::NoValue, toText(Value::string(zone)) + " is no time zone known here", {}, {}};
    error.place = place;
    tracer.record(records::failed(rule, error, what));
  };
  for (const std::string& zone : program.clockZones) report(zone, kNoRule, {}, "Clock");
  for (const model::Rule& rule : program.rules) {
    report(rule.trigger.zone, rule.id, rule.trigger.zoneSpan, "on cron");
    report(rule.effectiveZone, rule.id, rule.nameSpan, "effective");
  }
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
    case Timer::Kind::Event: release(timer.subject); break;
    case Timer::Kind::Moment: {
      const RuleId rule{timer.subject};
      momentOf(rule, calendar.isMissed(rule, target));
      break;
    }
  }
}

// A rule with a plan: all matches that it has now become ready, those that have fired too. A moment
// at which the rule is not effective has been missed.
void Session::State::momentOf(RuleId rule, bool missed) {
  Decision decision{Decision::Kind::Timer};
  decision.rule = rule;
  decision.flag = missed;
  decisions.record(std::move(decision));
  const model::Rule& declared = program.rules[index(rule)];
  if (missed || !calendar.isEffective(declared)) {
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
