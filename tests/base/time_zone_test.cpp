// Time zones from the bytes of compiled files and from rules.
#include <doctest/doctest.h>

#include <cstdint>
#include <string>

#include "base/time_text.h"
#include "base/time_zone.h"

namespace base_time_zone_test {

using namespace reticle;

namespace {

std::int64_t at(std::string_view text) { return parseTimestamp(text)->seconds; }

void append(std::string& out, std::int64_t number, int size) {
  for (int i = size - 1; i >= 0; --i) out += static_cast<char>(number >> (8 * i) & 0xff);
}

std::string header(char version, int changes, int kinds, int names) {
  std::string out = "TZif";
  out += version;
  out.append(15, '\0');
  for (const int count : {0, 0, 0, changes, kinds, names}) append(out, count, 4);
  return out;
}

// Two offsets, an hour apart, the second from `change` on; then by the rule.
std::string zoneFile(std::int64_t change, const std::string& rule) {
  std::string out = header('2', 0, 1, 4);
  append(out, 0, 4);
  out += std::string("\0\0UTC\0", 6);
  out += header('2', 1, 2, 4);
  append(out, change, 8);
  out += '\1';
  append(out, 3600, 4);
  out += std::string("\0\0", 2);
  append(out, 7200, 4);
  out += std::string("\1\0", 2);
  out += std::string("ABC\0", 4);
  return out + "\n" + rule + "\n";
}

}  // namespace

TEST_SUITE("time zones") {
  TEST_CASE("a zone file gives its offsets, then its rule") {
    const auto zone =
        readTimeZone(zoneFile(at("2000-01-01T00:00:00Z"), "CET-1CEST,M3.5.0,M10.5.0/3"));
    REQUIRE(zone);
    CHECK(zone->offsetAt(at("1999-12-31T23:59:59Z")) == 3600);
    CHECK(zone->offsetAt(at("2024-03-31T00:59:59Z")) == 3600);
    CHECK(zone->offsetAt(at("2024-03-31T01:00:00Z")) == 7200);
    CHECK(zone->offsetAt(at("2024-10-27T00:59:59Z")) == 7200);
    CHECK(zone->offsetAt(at("2024-10-27T01:00:00Z")) == 3600);
    CHECK(zone->offsetAt(at("2500-07-01T00:00:00Z")) == 7200);
    const auto fixed = readTimeZone(zoneFile(at("2000-01-01T00:00:00Z"), ""));
    REQUIRE(fixed);
    CHECK(fixed->offsetAt(at("2024-07-01T00:00:00Z")) == 7200);
    CHECK(fixed->offsetAt(at("1900-07-01T00:00:00Z")) == 3600);
  }

  TEST_CASE("rules: quoted names, the southern summer, days of the year") {
    const auto offset = [](const std::string& rule, std::string_view time) {
      TimeZone zone;
      zone.rule = readZoneRule(rule);
      REQUIRE(zone.rule);
      return zone.offsetAt(at(time));
    };
    CHECK(offset("<+0545>-5:45", "2024-01-01T00:00:00Z") == 20700);
    CHECK(offset("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-01-15T00:00:00Z") == 39600);
    CHECK(offset("AEST-10AEDT,M10.1.0,M4.1.0/3", "2024-06-15T00:00:00Z") == 36000);
    CHECK(offset("EST5EDT,M3.2.0,M11.1.0", "2024-07-01T00:00:00Z") == -14400);
    CHECK(offset("AAA0BBB,J60/0,J61/0", "2024-03-01T12:00:00Z") == 3600);
    CHECK(offset("AAA0BBB,J60/0,J61/0", "2024-02-29T12:00:00Z") == 0);
    CHECK(offset("AAA0BBB,59/0,60/0", "2024-02-29T12:00:00Z") == 3600);
    CHECK(offset("AAA0BBB-2,M3.5.0/-1,M10.5.0", "2024-03-30T22:30:00Z") == 0);
    CHECK(offset("AAA0BBB-2,M3.5.0/-1,M10.5.0", "2024-03-30T23:00:00Z") == 7200);
    for (const char* bad : {"", "5", "CET", "CET-1CEST", "CET-1CEST,M3.5.0",
                            "CET-1CEST,M13.1.0,M10.5.0", "CET-1x", "<CET-1"}) {
      CHECK_FALSE(readZoneRule(bad));
    }
  }

  TEST_CASE("bytes that are no zone file are nothing, cut short anywhere") {
    const std::string whole = zoneFile(0, "CET-1CEST,M3.5.0,M10.5.0/3");
    CHECK_FALSE(readTimeZone(""));
    CHECK_FALSE(readTimeZone("TZif"));
    CHECK_FALSE(readTimeZone(std::string(200, 'x')));
    for (std::size_t size = 0; size < whole.size(); ++size) {
      const auto zone = readTimeZone(whole.substr(0, size));
      if (zone) CHECK_FALSE(zone->rule);
    }
  }
}

}  // namespace base_time_zone_test
