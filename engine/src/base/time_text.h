// Points and spans of time as text and in calendar parts. The proleptic Gregorian calendar, UTC and
// fixed offsets; no zone names, no clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reticle {

// Seconds since 1970-01-01T00:00:00Z, nanos 0..999,999,999 counted forward also before 1970.
struct Instant {
  std::int64_t seconds = 0;
  std::uint32_t nanos = 0;
  bool operator==(const Instant&) const = default;
};

// Both parts have the same sign, or one is 0.
struct Elapsed {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
  bool operator==(const Elapsed&) const = default;
};

// 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z: what a timestamp of the language may be.
constexpr std::int64_t kFirstSecond = -62135596800;
constexpr std::int64_t kLastSecond = 253402300799;
// About 292 years either way, as many nanoseconds as fit 64 bits: what a duration of the language
// may be.
constexpr std::int64_t kLongestSeconds = 9223372036;

struct CivilDate {
  std::int64_t year = 1970;
  int month = 1;  // 1..12
  int day = 1;    // 1..31
  bool operator==(const CivilDate&) const = default;
};

struct CivilTime {
  CivilDate date;
  int hour = 0, minute = 0, second = 0;
  std::uint32_t nanos = 0;
  int dayOfWeek = 4;  // 0 Sunday … 6 Saturday
  int dayOfYear = 0;  // from 0
};

std::int64_t daysFromCivil(const CivilDate& date);  // since 1970-01-01
CivilDate civilFromDays(std::int64_t days);
int dayOfWeek(std::int64_t days);  // 0 Sunday … 6 Saturday
int daysInMonth(std::int64_t year, int month);
CivilTime civilAt(const Instant& instant, std::int64_t offsetSeconds = 0);

// RFC 3339: "2024-01-15T09:30:00.25+01:00"; years 0001 to 9999.
std::optional<Instant> parseTimestamp(std::string_view text);
// A date alone, "2024-03-01": midnight UTC.
std::optional<Instant> parseDate(std::string_view text);
// As people and spreadsheets write times: also a date alone, without seconds, with spaces for the
// `T` and before the zone, and without a zone, which is UTC.
std::optional<Instant> parseLooseTimestamp(std::string_view text);
// In UTC with `Z`; the fraction only when there is one, in 3, 6 or 9 digits.
void appendTimestamp(std::string& out, const Instant& instant);

// "1h30m", "10m", "1.5s", "500ms", "-5s", "2d"; units d h m s ms us µs ns, each at most once,
// largest first or not.
std::optional<Elapsed> parseDuration(std::string_view text);
// "1d12h", "1m30s", "1.5s", "500ms", "0s".
void appendDuration(std::string& out, const Elapsed& elapsed);
// All in seconds, as CEL writes it: "5400s", "-1.5s".
void appendSeconds(std::string& out, const Elapsed& elapsed);

// "UTC", "Z", "+02:00", "-08:00", "02:00" as seconds east of UTC; nothing for names.
std::optional<std::int64_t> parseOffset(std::string_view zone);

}  // namespace reticle
