// The built-in subject Clock: what its fields are at a time, and when the next of those that are
// read changes.

#include "session/builtin_clock.h"

#include <string>

#include "base/time_text.h"

namespace reticle {

namespace {

// ORDER: the fields of Clock in src/check (weekday, date, hour, minute, zone)
enum ClockField : std::uint32_t { kWeekday, kDate, kHour, kMinute, kZone };

constexpr Span64 kMinuteLong = 60'000'000, kHourLong = 60 * kMinuteLong, kDayLong = 24 * kHourLong;

Time floorTo(Time time, Span64 unit) { return time - ((time % unit) + unit) % unit; }

std::string twoDigits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

FieldMask readsOfClock(const model::Program& program, const Network& network) {
  FieldMask mask = 0;
  bool used = false;
  for (const Node& node : network.nodes) {
    if (node.type != BuiltinClock::kType) continue;
    if (node.kind == NodeKind::Test) mask |= node.testReads;
    if (node.kind == NodeKind::Type) used = used || !node.readers.empty() || !node.children.empty();
    if (node.kind == NodeKind::Join || node.kind == NodeKind::Not ||
        node.kind == NodeKind::Exists) {
      mask |= node.reads;
    }
  }
  // Queries are not in the network, and may ask for anything.
  for (const model::Query& query : program.queries) {
    for (const model::Condition& condition : query.conditions) {
      if (condition.hasPattern() && condition.pattern.type == BuiltinClock::kType) {
        return ~FieldMask{0};
      }
    }
  }
  return used ? mask | (FieldMask{1} << 63) : 0;
}

Assignment namedFieldsAt(Time time) {
  static const char* const kDays[] = {"sunday",   "monday", "tuesday", "wednesday",
                                      "thursday", "friday", "saturday"};
  const Time second = floorTo(time, 1'000'000) / 1'000'000;
  const CivilTime civil = civilAt(Instant{second, 0});
  std::string year = std::to_string(civil.date.year);
  while (year.size() < 4) year.insert(0, "0");
  return {{FieldId{kWeekday}, Value::string(kDays[civil.dayOfWeek])},
          {FieldId{kDate}, Value::string(year + "-" + twoDigits(civil.date.month) + "-" +
                                         twoDigits(civil.date.day))},
          {FieldId{kHour}, Value::integer(civil.hour)},
          {FieldId{kMinute}, Value::integer(civil.minute)},
          {FieldId{kZone}, Value::string("UTC")}};
}

}  // namespace

BuiltinClock::BuiltinClock(const model::Program& program, const Network& network)
    : program_(program), reads_(readsOfClock(program, network)) {}

std::vector<Value> BuiltinClock::fieldsAt(Time time) const {
  const model::FactType& type = program_.type(kType);
  std::vector<Value> values(type.fields.size());
  for (auto& [field, value] : namedFieldsAt(time)) values[index(field)] = std::move(value);
  values[type.declared] = Value::string(type.name);
  return values;
}

Assignment BuiltinClock::changesAt(Time time, const StoredFact& clock) const {
  Assignment changed;
  for (auto& [field, value] : namedFieldsAt(time)) {
    if (!(clock.field(field) == value)) changed.emplace_back(field, std::move(value));
  }
  return changed;
}

std::optional<Time> BuiltinClock::nextChange(Time now) const {
  if (fact_ == kNoFact) return std::nullopt;
  const auto reads = [&](ClockField field) { return (reads_ & bitOf(FieldId{field})) != 0; };
  if (reads(kMinute)) return floorTo(now, kMinuteLong) + kMinuteLong;
  if (reads(kHour)) return floorTo(now, kHourLong) + kHourLong;
  if (reads(kWeekday) || reads(kDate)) return floorTo(now, kDayLong) + kDayLong;
  return std::nullopt;
}

}  // namespace reticle
