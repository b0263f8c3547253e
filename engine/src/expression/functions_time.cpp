// The parts of timestamps, in UTC or in a zone, and of durations; the calendar.
#include <algorithm>

#include "base/time_text.h"
#include "base/unreachable.h"
#include "base/zone_times.h"
#include "expression/code.h"
#include "expression/functions_table.h"
#include "expression/operators.h"

namespace reticle {
namespace {

constexpr std::int64_t kZoneCost = 20;  // asking the host

enum class Part {
  FullYear,
  Month,
  Date,
  DayOfMonth,
  DayOfWeek,
  DayOfYear,
  Hours,
  Minutes,
  Seconds,
  Milliseconds
};

// Months and days count from 0 in CEL, but for getDate.
std::int64_t partOf(const CivilTime& time, Part part) {
  switch (part) {
    case Part::FullYear: return time.date.year;
    case Part::Month: return time.date.month - 1;
    case Part::Date: return time.date.day;
    case Part::DayOfMonth: return time.date.day - 1;
    case Part::DayOfWeek: return time.dayOfWeek;
    case Part::DayOfYear: return time.dayOfYear;
    case Part::Hours: return time.hour;
    case Part::Minutes: return time.minute;
    case Part::Seconds: return time.second;
    case Part::Milliseconds: return time.nanos / 1000000;
  }
  unreachable("a part of a duration has a number");
}

// Of a duration: whole hours, minutes and seconds of all of it, but the milliseconds within its
// second. Nothing for parts of a date.
bool partOf(const Value& duration, Part part, std::int64_t& result) {
  switch (part) {
    case Part::Hours: result = duration.seconds() / 3600; return true;
    case Part::Minutes: result = duration.seconds() / 60; return true;
    case Part::Seconds: result = duration.seconds(); return true;
    case Part::Milliseconds: result = duration.nanos() / 1000000; return true;
    case Part::FullYear:
    case Part::Month:
    case Part::Date:
    case Part::DayOfMonth:
    case Part::DayOfWeek:
    case Part::DayOfYear: return false;
  }
  unreachable("a part of a time has a number");
}

// Seconds east of UTC at an instant: of an offset, or of a name that the host is asked for. Nothing
// when nobody knows the zone.
std::optional<std::int64_t> offsetOf(std::string_view zone, std::int64_t seconds,
                                     CallContext& context) {
  if (const auto read = parseOffset(zone)) return read;
  if (context.surroundings == nullptr || !isZoneName(zone)) return std::nullopt;
  context.fuel -= kZoneCost;
  const auto named = context.surroundings->zoneOffset(zone, seconds);
  return named ? std::optional<std::int64_t>(*named) : std::nullopt;
}

Value unknownZone(const Value& zone) {
  return failure(
      toText(zone).append(" is no time zone known here: write \"UTC\", an offset such as "
                          "\"+02:00\", or a name such as \"Europe/Berlin\""));
}

// See instantShowing(). Nothing for an unknown zone.
std::optional<std::int64_t> instantOf(std::int64_t shown, std::string_view zone,
                                      CallContext& context) {
  return instantShowing(shown,
                        [&](std::int64_t seconds) { return offsetOf(zone, seconds, context); });
}

// A point of time by the calendar of a zone.
struct Local {
  CivilTime time;
  std::string_view zone;
};

// What a function of (timestamp, …, zone) is about, `at` being where the zone may stand; an error
// in `problem` when it cannot be told.
std::optional<Local> localOf(const Value* args, std::size_t count, std::size_t at,
                             CallContext& context, Value& problem) {
  Local local{{}, "UTC"};
  if (count > at) local.zone = args[at].asString();
  const auto offset = offsetOf(local.zone, args[0].seconds(), context);
  if (!offset) {
    problem = unknownZone(args[at]);
    return std::nullopt;
  }
  local.time = civilAt({args[0].seconds(), static_cast<std::uint32_t>(args[0].nanos())}, *offset);
  return local;
}

Value timestampOf(std::int64_t shown, std::uint32_t nanos, std::string_view zone,
                  CallContext& context) {
  const auto seconds = instantOf(shown, zone, context);
  if (!seconds) return unknownZone(Value::string(zone));
  if (*seconds < kFirstSecond || *seconds > kLastSecond) {
    return failure("a timestamp outside of the years 1 to 9999");
  }
  return Value::timestamp(*seconds, static_cast<std::int32_t>(nanos));
}

std::int64_t shownSeconds(const CivilDate& date, const CivilTime& time) {
  return daysFromCivil(date) * 86'400 + time.hour * 3600 + time.minute * 60 + time.second;
}

// date(text), date(text, zone): the first moment of a day there.
Value dateIn(const Value* args, std::size_t count, CallContext& context) {
  if (args[0].kind() != ValueKind::String || (count == 2 && args[1].kind() != ValueKind::String)) {
    return noOverload("date", args, count);
  }
  const std::optional<Instant> day = parseDate(args[0].asString());
  if (!day) {
    return failure(
        toText(args[0]).append(" is no date: write year, month and day, "
                               "\"2024-02-29\""));
  }
  return timestampOf(day->seconds, 0, count == 2 ? args[1].asString() : "UTC", context);
}

bool takesTime(const Value* args, std::size_t count, std::size_t zone) {
  return args[0].kind() == ValueKind::Timestamp &&
         (count <= zone || args[zone].kind() == ValueKind::String);
}

// Months later, at the same time of day; the last day of a month that has fewer.
Value addMonthsTo(const Value* args, std::size_t count, CallContext& context, std::int64_t months,
                  bool last) {
  Value problem;
  const std::size_t zone = last ? 1 : 2;
  const auto local = localOf(args, count, zone, context, problem);
  if (!local) return problem;
  const CivilTime& time = local->time;
  if (months > 120'000 || months < -120'000) {
    return failure("a timestamp outside of the years 1 to 9999");
  }
  const std::int64_t month = time.date.year * 12 + time.date.month - 1 + months;
  CivilDate date{month / 12, static_cast<int>(month % 12) + 1, 1};
  if (month < 12 || date.year > 9999) return failure("a timestamp outside of the years 1 to 9999");
  const int days = daysInMonth(date.year, date.month);
  date.day = last || time.date.day > days ? days : time.date.day;
  return timestampOf(shownSeconds(date, time), time.nanos, local->zone, context);
}

template <std::int64_t months>
Value addMonths(const Value* args, std::size_t count, CallContext& context) {
  if (!takesTime(args, count, 2) || args[1].kind() != ValueKind::Int) {
    return noOverload(months == 1 ? "addMonths" : "addYears", args, count);
  }
  const std::int64_t n = args[1].asInt();
  if (n > 120'000 || n < -120'000) return failure("a timestamp outside of the years 1 to 9999");
  return addMonthsTo(args, count, context, n * months, false);
}

Value lastDayOfMonth(const Value* args, std::size_t count, CallContext& context) {
  if (!takesTime(args, count, 1)) return noOverload("lastDayOfMonth", args, count);
  return addMonthsTo(args, count, context, 0, true);
}

// The first moment of the year, month, week (from Monday), day, hour, minute or second.
Value truncate(const Value* args, std::size_t count, CallContext& context) {
  if (!takesTime(args, count, 2) || args[1].kind() != ValueKind::String) {
    return noOverload("truncate", args, count);
  }
  Value problem;
  const auto local = localOf(args, count, 2, context, problem);
  if (!local) return problem;
  CivilTime time = local->time;
  const std::string_view unit = args[1].asString();
  static constexpr std::string_view kUnits[] = {"year", "month",  "week",  "day",
                                                "hour", "minute", "second"};
  const auto found = std::find(std::begin(kUnits), std::end(kUnits), unit);
  if (found == std::end(kUnits)) {
    return failure(toText(args[1]).append(
        " is no unit here: there are \"year\", \"month\", \"week\", \"day\", \"hour\", "
        "\"minute\" and \"second\""));
  }
  const auto finest = found - std::begin(kUnits);
  if (finest < 6) time.second = 0;
  if (finest < 5) time.minute = 0;
  if (finest < 4) time.hour = 0;
  std::int64_t shown = shownSeconds(time.date, time);
  if (unit == "week") shown -= (time.dayOfWeek + 6) % 7 * 86'400;
  if (finest < 2) time.date.day = 1;
  if (finest < 1) time.date.month = 1;
  if (finest < 2) shown = shownSeconds(time.date, time);
  return timestampOf(shown, 0, local->zone, context);
}

// In UTC, or in a zone.
template <Part part>
Value get(const Value* args, std::size_t count, CallContext& context) {
  if (args[0].kind() == ValueKind::Timestamp &&
      (count == 1 || args[1].kind() == ValueKind::String)) {
    std::int64_t offset = 0;
    if (count == 2) {
      const auto read = offsetOf(args[1].asString(), args[0].seconds(), context);
      if (!read) return unknownZone(args[1]);
      offset = *read;
    }
    return Value::integer(partOf(
        civilAt({args[0].seconds(), static_cast<std::uint32_t>(args[0].nanos())}, offset), part));
  }
  std::int64_t result = 0;
  if (args[0].kind() == ValueKind::Duration && count == 1 && partOf(args[0], part, result)) {
    return Value::integer(result);
  }
  return noOverload("a time function", args, count);
}

// The overloads that all parts share: of a timestamp, with a zone, and of a duration where it makes
// sense.
Builtin getter(std::string_view name, Implementation implementation, std::string_view doc,
               std::string_view ofDuration = {}) {
  using enum TypeKind;
  Builtin builtin{name, implementation, {}};
  builtin.overloads.push_back(method({of(Timestamp)}, Int, false, doc));
  builtin.overloads.push_back(method({of(Timestamp), of(String)}, Int, true, doc));
  if (!ofDuration.empty()) {
    builtin.overloads.push_back(method({of(Duration)}, Int, false, ofDuration));
  }
  return builtin;
}

}  // namespace

std::vector<Builtin> timeFunctions() {
  using enum TypeKind;
  const auto both = [](std::string_view name, Implementation implementation,
                       std::vector<reticle::Type> params, std::string_view doc) {
    std::vector<reticle::Type> zoned = params;
    zoned.push_back(of(String));
    return Builtin{name,
                   implementation,
                   {function(std::move(params), Timestamp, true, doc),
                    function(std::move(zoned), Timestamp, true, doc)}};
  };
  return {
      both("addMonths", addMonths<1>, {of(Timestamp), of(Int)},
           "Months later, at the same time of day, in UTC or in a zone; the last day of a month "
           "that "
           "has fewer days."),
      both("addYears", addMonths<12>, {of(Timestamp), of(Int)},
           "Years later, at the same time of day, in UTC or in a zone; 29 February becomes 28."),
      both("date", dateIn, {of(String)},
           "The first moment of a day, \"2024-02-29\", in UTC or in a zone."),
      getter("getDate", get<Part::Date>,
             "The day of the month from 1, in UTC or in a zone: \"+02:00\", \"Europe/Berlin\"."),
      getter("getDayOfMonth", get<Part::DayOfMonth>,
             "The day of the month from 0, in UTC or in a zone: \"+02:00\", \"Europe/Berlin\"."),
      getter(
          "getDayOfWeek", get<Part::DayOfWeek>,
          "The day of the week, 0 for Sunday, in UTC or in a zone: \"+02:00\", \"Europe/Berlin\"."),
      getter("getDayOfYear", get<Part::DayOfYear>,
             "The day of the year from 0, in UTC or in a zone: \"+02:00\", \"Europe/Berlin\"."),
      getter("getFullYear", get<Part::FullYear>,
             "The year, in UTC or in a zone: \"+02:00\", \"Europe/Berlin\"."),
      getter("getHours", get<Part::Hours>,
             "The hour of the day, in UTC or in a zone: \"+02:00\", \"Europe/Berlin\".",
             "The whole hours of a duration."),
      getter("getMilliseconds", get<Part::Milliseconds>, "The milliseconds within the second.",
             "The milliseconds within the last second of a duration."),
      getter("getMinutes", get<Part::Minutes>,
             "The minute of the hour, in UTC or in a zone: \"+02:00\", \"Europe/Berlin\".",
             "The whole minutes of a duration."),
      both("lastDayOfMonth", lastDayOfMonth, {of(Timestamp)},
           "The last day of the month, at the same time of day, in UTC or in a zone."),
      both("truncate", truncate, {of(Timestamp), of(String)},
           "The first moment of the \"year\", \"month\", \"week\" (from Monday), \"day\", "
           "\"hour\", \"minute\" or \"second\", in UTC or in a zone."),
      getter("getMonth", get<Part::Month>,
             "The month from 0, in UTC or in a zone: \"+02:00\", \"Europe/Berlin\"."),
      getter("getSeconds", get<Part::Seconds>, "The second of the minute.",
             "The whole seconds of a duration."),
  };
}

}  // namespace reticle
