// Time, and the built-in subject Clock: changed by the engine, and only at the moments that some
// rule can tell apart.

#include <algorithm>
#include <cassert>
#include <utility>

#include "base/time_text.h"
#include "session/state.h"

namespace reticle {

namespace {

// ORDER: the fields of Clock in src/model (weekday, date, hour, minute, zone)
enum ClockField : std::uint32_t { kWeekday, kDate, kHour, kMinute, kZone };

constexpr Span64 kMinuteLong = 60'000'000, kHourLong = 60 * kMinuteLong, kDayLong = 24 * kHourLong;

Time floorTo(Time time, Span64 unit) { return time - ((time % unit) + unit) % unit; }

std::string twoDigits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

}  // namespace

FieldMask Session::State::clockReads() const {
  TypeId clock{0};
  FieldMask mask = 0;
  bool used = false;
  for (const Node& node : network.nodes) {
    if (node.type != clock) continue;
    if (node.kind == NodeKind::Test) mask |= node.testReads;
    if (node.kind == NodeKind::Type) used = used || !node.readers.empty() || !node.children.empty();
    if (node.kind == NodeKind::Join || node.kind == NodeKind::Not ||
        node.kind == NodeKind::Exists) {
      mask |= node.reads;
    }
  }
  bool queried = false;
  for (const model::Query& query : program.queries) {
    for (const model::Condition& condition : query.conditions) {
      if (condition.hasPattern() && condition.pattern.type == clock) queried = true;
    }
  }
  if (queried) return ~FieldMask{0};
  return used ? mask | (FieldMask{1} << 63) : 0;  // the high bit: Clock is there at all
}

Assignment Session::State::clockFields(Time time) const {
  static const char* const kDays[] = {"sunday",   "monday", "tuesday", "wednesday",
                                      "thursday", "friday", "saturday"};
  Time second = floorTo(time, 1'000'000) / 1'000'000;
  CivilTime civil = civilAt(Instant{second, 0});
  std::string year = std::to_string(civil.date.year);
  while (year.size() < 4) year.insert(0, "0");
  return {{FieldId{kWeekday}, Value::string(kDays[civil.dayOfWeek])},
          {FieldId{kDate}, Value::string(year + "-" + twoDigits(civil.date.month) + "-" +
                                         twoDigits(civil.date.day))},
          {FieldId{kHour}, Value::integer(civil.hour)},
          {FieldId{kMinute}, Value::integer(civil.minute)},
          {FieldId{kZone}, Value::string("UTC")}};
}

void Session::begin(Time start) {
  State& s = *state_;
  s.beginClock(start);
  s.moveDates(0);
  Decision decision{Decision::Kind::Clock};
  decision.time = start;
  s.record(std::move(decision));
  if (!s.clockMask) return;
  const model::FactType& type = s.program.types[0];
  std::vector<Value> values(type.fields.size());
  for (const auto& [field, value] : s.clockFields(start)) values[index(field)] = value;
  values[type.declared] = Value::string(type.name);
  s.clockFact = s.assertFact(type.id, values, false);
  s.retractUnsupported();
}

void Session::State::fitClock(SessionImage& image) const {
  if (clockMask && image.clockFact == kNoFact) {
    const model::FactType& type = program.types[0];
    SessionImage::Fact clock{image.nextFact,
                             type.id,
                             false,
                             image.changes,
                             std::vector<Value>(type.fields.size()),
                             kNoRule,
                             0,
                             {},
                             {}};
    for (const auto& [field, value] : clockFields(image.now)) clock.fields[index(field)] = value;
    clock.fields[type.declared] = Value::string(type.name);
    image.clockFact = std::exchange(image.nextFact, FactId{index(image.nextFact) + 1});
    image.facts.push_back(std::move(clock));
  } else if (!clockMask && image.clockFact != kNoFact) {
    image.facts.erase(
        std::remove_if(image.facts.begin(), image.facts.end(),
                       [&](const SessionImage::Fact& fact) { return fact.id == image.clockFact; }),
        image.facts.end());
    image.clockFact = kNoFact;
  }
}

Time Session::now() const { return state_->now; }

void Session::setClock(Time time) {
  State& s = *state_;
  assert(time >= s.now && "the clock only moves forward");
  const Time before = s.now;
  std::uint32_t seq = s.tracer.cause();
  if (time > s.now) {
    s.now = time;
    Decision decision{Decision::Kind::Clock};
    decision.time = time;
    s.record(std::move(decision));
    if (s.tracer.on()) seq = s.tracer.record({.body = trace::Clock{time}});
  }
  CauseScope cause(s.tracer, seq);
  s.tick();
  s.moveDates(before);
  s.driveClock();
  s.carryOutDue();
}

void Session::State::driveClock() {
  if (clockFact == kNoFact) return;
  Assignment changed;
  const StoredFact& clock = *memory.find(clockFact);
  for (auto& [field, value] : clockFields(now)) {
    if (!(clock.fields()[index(field)] == value)) changed.emplace_back(field, value);
  }
  if (changed.empty()) return;
  updateFact(clockFact, changed);
  retractUnsupported();
}

std::optional<Time> Session::nextDue() const {
  const State& s = *state_;
  std::optional<Time> next;
  for (const std::optional<Time>& each :
       {s.nextClockChange(), s.timers.nextDue(), s.matcher.nextDue()}) {
    if (each && (!next || *each < *next)) next = each;
  }
  if (next) next = std::max(*next, s.now);
  return next;
}

std::optional<Time> Session::State::nextClockChange() const {
  const State& s = *this;
  auto reads = [&](ClockField field) { return (s.clockMask & bitOf(FieldId{field})) != 0; };
  const std::optional<Time> date = s.nextDate();
  std::optional<Time> tick;
  if (s.clockFact == kNoFact) return date;
  if (reads(kMinute)) {
    tick = floorTo(s.now, kMinuteLong) + kMinuteLong;
  } else if (reads(kHour)) {
    tick = floorTo(s.now, kHourLong) + kHourLong;
  } else if (reads(kWeekday) || reads(kDate)) {
    tick = floorTo(s.now, kDayLong) + kDayLong;
  }
  return date && tick ? std::min(*date, *tick) : date ? date : tick;
}

}  // namespace reticle
