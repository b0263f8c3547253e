// The built-in subject Clock: what its fields are at a time, and when the next of those that are
// read changes.

#include "session/builtin_clock.h"

#include <algorithm>
#include <string>

#include "base/time_text.h"
#include "base/zone_times.h"

namespace reticle {

namespace {

// ORDER: the fields of Clock in src/check (weekday, date, hour, minute, zone)
enum ClockField : std::uint32_t { kWeekday, kDate, kHour, kMinute, kZone };

constexpr Span64 kSecondLong = 1'000'000, kMinuteLong = 60 * kSecondLong,
                 kHourLong = 60 * kMinuteLong, kDayLong = 24 * kHourLong;

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

// `shown`: what the clocks of the zone show, as if it were UTC.
Assignment namedFieldsAt(Time shown, const std::string& zone) {
  static const char* const kDays[] = {"sunday",   "monday", "tuesday", "wednesday",
                                      "thursday", "friday", "saturday"};
  const Time second = floorTo(shown, 1'000'000) / 1'000'000;
  const CivilTime civil = civilAt(Instant{second, 0});
  std::string year = std::to_string(civil.date.year);
  while (year.size() < 4) year.insert(0, "0");
  return {{FieldId{kWeekday}, Value::string(kDays[civil.dayOfWeek])},
          {FieldId{kDate}, Value::string(year + "-" + twoDigits(civil.date.month) + "-" +
                                         twoDigits(civil.date.day))},
          {FieldId{kHour}, Value::integer(civil.hour)},
          {FieldId{kMinute}, Value::integer(civil.minute)},
          {FieldId{kZone}, Value::string(zone)}};
}

}  // namespace

BuiltinClock::BuiltinClock(const model::Program& program, const Network& network,
                           const ZoneOffsets& zones)
    : program_(program), offsets_(zones), reads_(readsOfClock(program, network)) {
  if (reads_ == 0) return;
  clocks_.push_back({"UTC"});
  for (const std::string& zone : program.clockZones) clocks_.push_back({zone});
}

void BuiltinClock::adopt(FactId fact, std::span<const Value> fields) {
  for (Zoned& each : clocks_) {
    if (fields[kZone] == Value::string(each.zone)) each.fact = fact;
  }
}

std::optional<std::vector<Value>> BuiltinClock::fieldsAt(const std::string& zone, Time time) const {
  const auto offset = zoneOffset(zone, floorTo(time, kSecondLong) / kSecondLong, offsets_);
  if (!offset) return std::nullopt;
  const model::FactType& type = program_.type(kType);
  std::vector<Value> values(type.fields.size());
  for (auto& [field, value] : namedFieldsAt(time + *offset * kSecondLong, zone)) {
    values[index(field)] = std::move(value);
  }
  values[type.declared] = Value::string(zone == "UTC" ? type.name : type.name + "|" + zone);
  return values;
}

Assignment BuiltinClock::changesAt(Time time, const StoredFact& clock) const {
  Assignment changed;
  const auto now = fieldsAt(std::string(clock.field(FieldId{kZone}).asString()), time);
  for (std::uint32_t i = 0; now && i <= kZone; ++i) {
    if (!(clock.field(FieldId{i}) == (*now)[i])) changed.emplace_back(FieldId{i}, (*now)[i]);
  }
  return changed;
}

std::optional<Time> BuiltinClock::nextChange(Time now) const {
  std::optional<Time> next;
  for (const Zoned& each : clocks_) {
    if (each.fact == kNoFact) continue;
    const std::optional<Time> change = nextChange(each.zone, now);
    if (change && (!next || *change < *next)) next = change;
  }
  return next;
}

// When the clocks show the next minute, hour or day. Where they are about to jump, that is so by
// the offset of before or by that of after; at the earlier of the two it is asked again.
std::optional<Time> BuiltinClock::nextChange(const std::string& zone, Time now) const {
  const auto reads = [&](ClockField field) { return (reads_ & bitOf(FieldId{field})) != 0; };
  const Span64 unit = reads(kMinute)                    ? kMinuteLong
                      : reads(kHour)                    ? kHourLong
                      : reads(kWeekday) || reads(kDate) ? kDayLong
                                                        : 0;
  if (unit == 0) return std::nullopt;
  const auto at = [&](std::int64_t seconds) { return zoneOffset(zone, seconds, offsets_); };
  const auto offset = at(floorTo(now, kSecondLong) / kSecondLong);
  if (!offset) return std::nullopt;
  const Time shown = floorTo(now + *offset * kSecondLong, unit) + unit;
  Time next = shown - *offset * kSecondLong;
  const auto instant = instantShowing(shown / kSecondLong, at);
  if (instant && *instant * kSecondLong > now) next = std::min(next, *instant * kSecondLong);
  return next;
}

}  // namespace reticle
