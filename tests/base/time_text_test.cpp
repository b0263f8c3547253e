// Timestamps, durations and the calendar as text and back.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/time_text.h"

namespace base_time_text_test {

using namespace reticle;

namespace {

std::string timestamp(std::string_view text) {
  const auto read = parseTimestamp(text);
  if (!read) return "-";
  std::string out;
  appendTimestamp(out, *read);
  return out;
}

std::string duration(std::string_view text) {
  const auto read = parseDuration(text);
  if (!read) return "-";
  std::string out;
  appendDuration(out, *read);
  return out;
}

}  // namespace

TEST_SUITE("time text") {
  TEST_CASE("days and dates lead to each other over 20,000 years") {
    CHECK(daysFromCivil({1970, 1, 1}) == 0);
    CHECK(daysFromCivil({2000, 3, 1}) == 11017);
    CHECK(daysFromCivil({1, 1, 1}) == -719162);
    CivilDate before = civilFromDays(-4000001);
    for (std::int64_t day = -4000000; day < 4000000; day += 1 + day % 3 * day % 3) {
      const CivilDate date = civilFromDays(day);
      if (daysFromCivil(date) != day || date.month < 1 || date.month > 12 || date.day < 1 ||
          date.day > daysInMonth(date.year, date.month)) {
        FAIL_CHECK(day);
      }
    }
    CHECK(before.year < 0);
    CHECK(dayOfWeek(0) == 4);
    CHECK(dayOfWeek(-1) == 3);
    CHECK(dayOfWeek(daysFromCivil({2024, 4, 12})) == 5);  // a Friday
  }

  TEST_CASE("timestamps are RFC 3339") {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"2024-01-15T00:00:00Z", "2024-01-15T00:00:00Z"},
        {"1970-01-01t00:00:00z", "1970-01-01T00:00:00Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
        {"9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"},
        {"2024-02-29T12:00:00.5+01:30", "2024-02-29T10:30:00.500Z"},
        {"2024-01-01T00:30:00+01:00", "2023-12-31T23:30:00Z"},
        {"1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.250Z"},
        {"2024-01-15T09:30:00.000001-08:00", "2024-01-15T17:30:00.000001Z"},
        {"2023-02-29T00:00:00Z", "-"},
        {"2024-13-01T00:00:00Z", "-"},
        {"2024-01-15T24:00:00Z", "-"},
        {"2024-01-15T23:59:60Z", "-"},
        {"2024-01-15T00:00:00", "-"},
        {"2024-01-15 00:00:00Z", "-"},
        {"2024-01-15T00:00:00.Z", "-"},
        {"2024-01-15T00:00:00.1234567890Z", "-"},
        {"2024-01-15T00:00:00UTC", "-"},
        {"2024-01-15T00:00:00Zx", "-"},
        {"0001-01-01T00:00:00+00:01", "-"},
        {"9999-12-31T23:59:59-00:01", "-"},
        {"2024-01-15", "-"},
        {"", "-"},
    };
    for (const auto& line : table) {
      const auto& [text, expected] = line;
      CAPTURE(line.first);
      CHECK(timestamp(text) == expected);
    }
  }

  TEST_CASE("durations are written as people write them") {
    const std::vector<std::pair<std::string, std::string>> table = {
        {"1h30m", "1h30m"},
        {"10m", "10m"},
        {"1.5s", "1.5s"},
        {"500ms", "500ms"},
        {"-5s", "-5s"},
        {"0s", "0s"},
        {"0", "0s"},
        {"90s", "1m30s"},
        {"36h", "1d12h"},
        {"7d", "7d"},
        {"1.5h", "1h30m"},
        {"1.5ms", "1.5ms"},
        {"1us", "1us"},
        {"1\xc2\xb5s", "1us"},
        {"1ns", "1ns"},
        {"1500ms", "1.5s"},
        {"-1h30m", "-1h30m"},
        {"+1s", "1s"},
        {".5s", "500ms"},
        {"1.000000001h", "1h0.0000036s"},
        {"5400s", "1h30m"},
        {"1.5d", "1d12h"},
        {"106751d23h47m16s", "106751d23h47m16s"},
        {"", "-"},
        {"5", "-"},
        {"s", "-"},
        {"1x", "-"},
        {"1h 30m", "-"},
        {"-", "-"},
        {"1h-30m", "-"},
        {".s", "-"},
        {"1..5s", "-"},
        {"320000000000s", "-"},
        {"99999999999999999999s", "-"},
        {"106752d", "-"},
    };
    for (const auto& line : table) {
      const auto& [text, expected] = line;
      CAPTURE(line.first);
      CHECK(duration(text) == expected);
    }
    CHECK(*parseDuration("-1.5s") == Elapsed{-1, -500000000});
  }

  TEST_CASE("calendar parts follow the offset") {
    const Instant instant = *parseTimestamp("2009-02-13T23:31:30.123Z");
    const CivilTime utc = civilAt(instant);
    CHECK(utc.date == CivilDate{2009, 2, 13});
    CHECK(utc.hour == 23);
    CHECK(utc.dayOfWeek == 5);
    CHECK(utc.dayOfYear == 43);
    const CivilTime east = civilAt(instant, *parseOffset("+02:00"));
    CHECK(east.date == CivilDate{2009, 2, 14});
    CHECK(east.hour == 1);
    CHECK(east.dayOfWeek == 6);
  }

  TEST_CASE("an offset is UTC or hours and minutes") {
    CHECK(*parseOffset("UTC") == 0);
    CHECK(*parseOffset("-08:30") == -30600);
    CHECK(*parseOffset("02:00") == 7200);
    for (const char* zone : {"", "+2:00", "+24:00", "+02:60", "US/Central", "+0200"}) {
      CHECK_FALSE(parseOffset(zone).has_value());
    }
  }

  TEST_CASE("dates alone are midnight UTC; times of people lack seconds, zones and the T") {
    const auto loose = [](std::string_view text) {
      const auto read = parseLooseTimestamp(text);
      if (!read) return std::string("-");
      std::string out;
      appendTimestamp(out, *read);
      return out;
    };
    CHECK(parseDate("2024-02-29")->seconds == daysFromCivil({2024, 2, 29}) * 86400);
    CHECK(!parseDate("2023-02-29"));
    CHECK(!parseDate("2024-2-9"));
    CHECK(loose("2024-03-01") == "2024-03-01T00:00:00Z");
    CHECK(loose("2024-03-01 09:30") == "2024-03-01T09:30:00Z");
    CHECK(loose("2024-03-01T09:30:05.5") == "2024-03-01T09:30:05.500Z");
    CHECK(loose("2024-03-01 09:30 +02:00") == "2024-03-01T07:30:00Z");
    CHECK(loose("2024-03-01T09:30:05Z") == "2024-03-01T09:30:05Z");
    for (const char* text :
         {"", "2024-03-01 ", "2024-03-01 9:30", "2024-03-01 09", "2024-03-01x09:30",
          "2024-03-01 09:30:05:06", "2024-03-01 09:30 UTC?", "01.03.2024"}) {
      CAPTURE(text);
      CHECK(loose(text) == "-");
    }
  }
}

}  // namespace base_time_text_test
