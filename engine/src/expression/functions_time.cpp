// The parts of timestamps, in UTC or in a zone, and of durations.
#include "base/time_text.h"
#include "base/unreachable.h"
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

// As zones are called everywhere: parts that begin with a capital. Hosts differ in what else they
// know (`localtime`, `europe/berlin`).
bool isZoneName(std::string_view text) {
  bool begins = true;
  for (const char c : text) {
    const bool capital = c >= 'A' && c <= 'Z', small = c >= 'a' && c <= 'z',
               other = (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
    if (c == '/' ? begins : begins ? !capital : !capital && !small && !other) return false;
    begins = c == '/';
  }
  return !begins && text.size() <= 64;
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

// A zone is an offset, or a name that the host is asked for.
template <Part part>
Value get(const Value* args, std::size_t count, CallContext& context) {
  if (args[0].kind() == ValueKind::Timestamp &&
      (count == 1 || args[1].kind() == ValueKind::String)) {
    std::int64_t offset = 0;
    if (count == 2) {
      std::optional<std::int64_t> read = parseOffset(args[1].asString());
      if (!read && context.surroundings != nullptr && isZoneName(args[1].asString())) {
        context.fuel -= kZoneCost;
        if (const auto named =
                context.surroundings->zoneOffset(args[1].asString(), args[0].seconds())) {
          read = *named;
        }
      }
      if (!read) {
        return failure(
            toText(args[1]).append(" is no time zone known here: write \"UTC\", an offset such as "
                                   "\"+02:00\", or a name such as \"Europe/Berlin\""));
      }
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
  return {
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
      getter("getMonth", get<Part::Month>,
             "The month from 0, in UTC or in a zone: \"+02:00\", \"Europe/Berlin\"."),
      getter("getSeconds", get<Part::Seconds>, "The second of the minute.",
             "The whole seconds of a duration."),
  };
}

}  // namespace reticle
