// Timestamps and durations as text and back, and the calendar they need: the proleptic Gregorian
// one, without leap seconds.
#include "base/time_text.h"

#include <cstdlib>

#include "base/chars.h"
#include "base/number.h"

namespace reticle {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kBillion = 1000000000;

// Towards minus infinity, for times before 1970. Requires: b > 0.
std::int64_t floorDivide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

void appendPadded(std::string& out, std::int64_t value, std::size_t width) {
  std::string digits;
  appendInt(digits, value < 0 ? -value : value);
  if (value < 0) out += '-';
  if (digits.size() < width) out.append(width - digits.size(), '0');
  out += digits;
}

// ".5", ".000001": the fraction `part / whole` without zeros at its end, nothing for 0. Requires:
// whole is a power of ten.
void appendFraction(std::string& out, std::int64_t part, std::int64_t whole) {
  if (part == 0) return;
  out += '.';
  while (part != 0) {
    whole /= 10;
    out += static_cast<char>('0' + part / whole);
    part %= whole;
  }
}

// Reads exactly `count` digits at `at`.
std::optional<int> digitsAt(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (!isDigit(text[i])) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

// Days since 1970-01-01, and the way back (Howard Hinnant, "chrono-compatible low-level date
// algorithms"). An era is 400 years, 146097 days.
std::int64_t daysFromCivil(const CivilDate& date) {
  // Years run from March here, so that the leap day is the last of its year.
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = floorDivide(year, 400);
  const std::int64_t yearOfEra = year - era * 400;
  const std::int64_t dayOfYear =
      (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const std::int64_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

CivilDate civilFromDays(std::int64_t days) {
  // 719468 days lie between 0000-03-01 and 1970-01-01.
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = floorDivide(shifted, 146097);
  const std::int64_t dayOfEra = shifted - era * 146097;
  const std::int64_t yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const std::int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const std::int64_t shiftedMonth = (5 * dayOfYear + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1);
  date.month = static_cast<int>(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9);
  date.year = yearOfEra + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

int dayOfWeek(std::int64_t days) {
  const std::int64_t shifted = days + 4;  // 1970-01-01 was a Thursday
  return static_cast<int>(shifted - floorDivide(shifted, 7) * 7);
}

int daysInMonth(std::int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

CivilTime civilAt(const Instant& instant, std::int64_t offsetSeconds) {
  const std::int64_t local = instant.seconds + offsetSeconds;
  const std::int64_t days = floorDivide(local, kDay);
  const std::int64_t rest = local - days * kDay;
  CivilTime time;
  time.date = civilFromDays(days);
  time.hour = static_cast<int>(rest / 3600);
  time.minute = static_cast<int>(rest / 60 % 60);
  time.second = static_cast<int>(rest % 60);
  time.nanos = instant.nanos;
  time.dayOfWeek = dayOfWeek(days);
  time.dayOfYear = static_cast<int>(days - daysFromCivil({time.date.year, 1, 1}));
  return time;
}

// RFC 3339, strictly: all parts are there, the fraction has one to nine digits, and a zone is
// given.
std::optional<Instant> parseTimestamp(std::string_view text) {
  // 0123456789012345678
  // 2024-01-15T09:30:00
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' ||
      (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto year = digitsAt(text, 0, 4), month = digitsAt(text, 5, 2), day = digitsAt(text, 8, 2);
  const auto hour = digitsAt(text, 11, 2), minute = digitsAt(text, 14, 2),
             second = digitsAt(text, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (*month < 1 || *month > 12 || *day < 1 || *day > daysInMonth(*year, *month)) {
    return std::nullopt;
  }
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  Instant instant;
  instant.seconds =
      daysFromCivil({*year, *month, *day}) * kDay + *hour * 3600 + *minute * 60 + *second;
  std::size_t at = 19;
  if (text[at] == '.') {
    ++at;
    std::uint32_t unit = 100000000;
    const std::size_t first = at;
    for (; at < text.size() && isDigit(text[at]); ++at) {
      instant.nanos += unit * static_cast<std::uint32_t>(text[at] - '0');
      unit /= 10;
    }
    if (at == first || at - first > 9) return std::nullopt;
  }
  if (at == text.size()) return std::nullopt;
  if (text[at] == 'Z' || text[at] == 'z') {
    if (at + 1 != text.size()) return std::nullopt;
  } else {
    if (text[at] != '+' && text[at] != '-') return std::nullopt;
    const auto offset = parseOffset(text.substr(at));
    if (!offset) return std::nullopt;
    instant.seconds -= *offset;
  }
  // The offset may have led out of the years that a timestamp can have.
  if (instant.seconds < kFirstSecond || instant.seconds > kLastSecond) return std::nullopt;
  return instant;
}

std::optional<Instant> parseDate(std::string_view text) {
  constexpr std::size_t kLength = 10;  // 2024-03-01
  if (text.size() != kLength) return std::nullopt;
  return parseTimestamp(std::string(text) + "T00:00:00Z");
}

// What is missing is put in, and the strict reader judges the whole.
std::optional<Instant> parseLooseTimestamp(std::string_view text) {
  if (text.size() <= 10) return parseDate(text);
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') return std::nullopt;
  std::string whole = std::string(text.substr(0, 10)) + 'T';
  std::string_view rest = text.substr(11);
  std::size_t end = 0;  // of the time of day
  while (end < rest.size() && (isDigit(rest[end]) || rest[end] == ':' || rest[end] == '.')) ++end;
  whole += rest.substr(0, end);
  if (end == 5) whole += ":00";
  rest.remove_prefix(end);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  return parseTimestamp(whole + (rest.empty() ? "Z" : std::string(rest)));
}

void appendTimestamp(std::string& out, const Instant& instant) {
  const CivilTime time = civilAt(instant);
  appendPadded(out, time.date.year, 4);
  out += '-';
  appendPadded(out, time.date.month, 2);
  out += '-';
  appendPadded(out, time.date.day, 2);
  out += 'T';
  appendPadded(out, time.hour, 2);
  out += ':';
  appendPadded(out, time.minute, 2);
  out += ':';
  appendPadded(out, time.second, 2);
  // Three, six or nine digits, as many as are needed.
  if (time.nanos != 0) {
    out += '.';
    if (time.nanos % 1000000 == 0) {
      appendPadded(out, time.nanos / 1000000, 3);
    } else if (time.nanos % 1000 == 0) {
      appendPadded(out, time.nanos / 1000, 6);
    } else {
      appendPadded(out, time.nanos, 9);
    }
  }
  out += 'Z';
}

// One or more numbers with their units, `1h30m`, in any order; a number may have a fraction.
std::optional<Elapsed> parseDuration(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text == "0") return Elapsed{};
  if (text.empty()) return std::nullopt;
  struct Unit {
    std::string_view name;
    std::int64_t nanos;
  };
  // Longer names first: "ms" is not minutes.
  static constexpr Unit kUnits[] = {{"ns", 1},
                                    {"us", 1000},
                                    {"\xc2\xb5s", 1000},
                                    {"\xce\xbcs", 1000},
                                    {"ms", 1000000},
                                    {"s", kBillion},
                                    {"m", 60 * kBillion},
                                    {"h", 3600 * kBillion},
                                    {"d", kDay * kBillion}};
  std::int64_t seconds = 0, nanos = 0;
  while (!text.empty()) {
    std::int64_t whole = 0, fraction = 0, scale = 1;
    std::size_t i = 0, digits = 0;
    for (; i < text.size() && isDigit(text[i]); ++i, ++digits) {
      if (whole > (INT64_MAX - 9) / 10) return std::nullopt;
      whole = whole * 10 + (text[i] - '0');
    }
    if (i < text.size() && text[i] == '.') {
      for (++i; i < text.size() && isDigit(text[i]); ++i, ++digits) {
        if (scale >= kBillion) continue;  // below a nanosecond of every unit but days and hours
        fraction = fraction * 10 + (text[i] - '0');
        scale *= 10;
      }
    }
    if (digits == 0) return std::nullopt;
    text.remove_prefix(i);
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (text.substr(0, candidate.name.size()) == candidate.name) {
        unit = &candidate;
        break;
      }
    }
    if (unit == nullptr) return std::nullopt;
    text.remove_prefix(unit->name.size());
    const std::int64_t perSecond = unit->nanos >= kBillion ? 1 : kBillion / unit->nanos;
    const std::int64_t perUnit = unit->nanos >= kBillion ? unit->nanos / kBillion : 1;  // seconds
    if (whole / perSecond > kLongestSeconds / perUnit) return std::nullopt;
    seconds += whole / perSecond * perUnit;
    nanos += whole % perSecond * (perSecond == 1 ? 0 : unit->nanos);
    // fraction × unit, in parts that fit 64 bits: fraction < 10^9, unit < 10^14
    const std::int64_t part =
        unit->nanos / scale * fraction + unit->nanos % scale * fraction / scale;
    seconds += part / kBillion;
    nanos += part % kBillion;
    seconds += nanos / kBillion;
    nanos %= kBillion;
    if (seconds > kLongestSeconds) return std::nullopt;
  }
  Elapsed elapsed{seconds, static_cast<std::int32_t>(nanos)};
  if (negative) elapsed = {-elapsed.seconds, -elapsed.nanos};
  return elapsed;
}

void appendDuration(std::string& out, const Elapsed& elapsed) {
  if (elapsed.seconds == 0 && elapsed.nanos == 0) {
    out += "0s";
    return;
  }
  // Unsigned, because the least of all ints has no positive counterpart.
  std::uint64_t seconds = static_cast<std::uint64_t>(elapsed.seconds);
  std::int64_t nanos = elapsed.nanos;
  if (elapsed.seconds < 0 || elapsed.nanos < 0) {
    out += '-';
    seconds = 0 - seconds;
    nanos = -nanos;
  }
  // Below a second one unit is enough: 1.5ms, 20us.
  if (seconds == 0) {
    const std::int64_t unit = nanos >= 1000000 ? 1000000 : nanos >= 1000 ? 1000 : 1;
    appendInt(out, nanos / unit);
    appendFraction(out, nanos % unit, unit);
    out += unit == 1000000 ? "ms" : unit == 1000 ? "us" : "ns";
    return;
  }
  const auto part = [&out](std::uint64_t amount, char unit) {
    if (amount == 0) return;
    appendInt(out, static_cast<std::int64_t>(amount));
    out += unit;
  };
  part(seconds / kDay, 'd');
  part(seconds / 3600 % 24, 'h');
  part(seconds / 60 % 60, 'm');
  if (seconds % 60 != 0 || nanos != 0) {
    appendInt(out, static_cast<std::int64_t>(seconds % 60));
    appendFraction(out, nanos, kBillion);
    out += 's';
  }
}

// As protobuf and CEL write durations: seconds alone, with a fraction if there is one.
void appendSeconds(std::string& out, const Elapsed& elapsed) {
  if (elapsed.seconds < 0 || elapsed.nanos < 0) out += '-';
  appendInt(out, std::abs(elapsed.seconds));
  if (elapsed.nanos != 0) {
    std::string nanos;
    appendInt(nanos, 1000000000 + std::int64_t{std::abs(elapsed.nanos)});
    nanos[0] = '.';
    nanos.erase(nanos.find_last_not_of('0') + 1);
    out += nanos;
  }
  out += 's';
}

// An offset `+hh:mm`, or one of the names of UTC.
std::optional<std::int64_t> parseOffset(std::string_view zone) {
  if (zone == "UTC" || zone == "Z" || zone == "GMT" || zone == "Etc/UTC") return 0;
  bool west = false;
  if (!zone.empty() && (zone[0] == '+' || zone[0] == '-')) {
    west = zone[0] == '-';
    zone.remove_prefix(1);
  }
  if (zone.size() != 5 || zone[2] != ':') return std::nullopt;
  const auto hours = digitsAt(zone, 0, 2), minutes = digitsAt(zone, 3, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const std::int64_t offset = *hours * 3600 + *minutes * 60;
  return west ? -offset : offset;
}

}  // namespace reticle
