// A time zone as zone files describe it: the offsets from UTC that held between instants, and a
// rule for all time after them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace reticle {

// The day and hour at which summer time begins or ends each year.
struct YearlyChange {
  enum class Kind : std::uint8_t { WeekDay, Julian, DayOfYear } kind = Kind::WeekDay;
  int month = 1, week = 1, weekDay = 0;  // WeekDay: the week-th such day of the month, 5 the last
  // Julian: 1..365, 29 February never counted; DayOfYear: 0..365
  int day = 0;
  std::int32_t second = 7200;  // of that day, by the clock before the change
};

struct TimeZone {
  struct Change {
    std::int64_t from = 0;    // in seconds since 1970-01-01T00:00:00Z
    std::int32_t offset = 0;  // east of UTC, from then on
  };
  std::int32_t first = 0;       // the offset before the first change
  std::vector<Change> changes;  // in order of time
  // After the last change.
  struct Rule {
    std::int32_t standard = 0, summer = 0;
    std::optional<YearlyChange> begins, ends;  // of summer time; neither when there is none
  };
  std::optional<Rule> rule;

  std::int32_t offsetAt(std::int64_t seconds) const;
};

// Reads the bytes of a zone file (RFC 8536, versions 1 to 4); nothing when they are none.
std::optional<TimeZone> readTimeZone(std::string_view bytes);
// Reads a rule such as "CET-1CEST,M3.5.0,M10.5.0/3".
std::optional<TimeZone::Rule> readZoneRule(std::string_view text);

}  // namespace reticle
