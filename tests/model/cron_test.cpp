// Cron expressions: what they mean, when they are next due, and what is wrong with them.
#include <string>

#include <doctest/doctest.h>

#include "base/time_text.h"
#include "model/cron.h"

namespace model_cron_test {

namespace {

using namespace reticle::model;

// The values of a set: "0 15 30 45".
std::string values(std::uint64_t bits) {
  std::string text;
  for (int i = 0; i < 64; ++i) {
    if (bits >> i & 1) text += (text.empty() ? "" : " ") + std::to_string(i);
  }
  return text;
}

CronPlan planOf(const std::string& text) {
  CronPlan plan;
  CronMistake mistake;
  CHECK_MESSAGE(parseCron(text, plan, mistake), mistake.message);
  return plan;
}

// What is wrong, and the words that it points at.
std::string mistakeIn(const std::string& text) {
  CronPlan plan;
  CronMistake mistake;
  CHECK_FALSE(parseCron(text, plan, mistake));
  return mistake.message + " [" + text.substr(mistake.begin, mistake.end - mistake.begin) + "]";
}

}  // namespace

TEST_SUITE("cron") {
  TEST_CASE("fields hold values, lists, ranges and steps") {
    const CronPlan plan = planOf("*/15 9-11,20 1,15 */4 mon-fri");
    CHECK(values(plan.minutes) == "0 15 30 45");
    CHECK(values(plan.hours) == "9 10 11 20");
    CHECK(values(plan.days) == "1 15");
    CHECK(values(plan.months) == "1 5 9");
    CHECK(values(plan.weekdays) == "1 2 3 4 5");
    CHECK_FALSE(plan.anyDay);
    CHECK_FALSE(plan.anyWeekday);
    CHECK(values(planOf("3/20 0-10/5 * * *").minutes) == "3 23 43");
    CHECK(values(planOf("3/20 0-10/5 * * *").hours) == "0 5 10");
  }

  TEST_CASE("any day is told from all days by its star") {
    CHECK(planOf("0 0 * * *").anyDay);
    CHECK(planOf("0 0 */2 * *").anyDay);
    CHECK_FALSE(planOf("0 0 1-31 * *").anyDay);
    CHECK(values(planOf("0 0 * * *").weekdays) == "0 1 2 3 4 5 6");
  }

  TEST_CASE("Sunday is 0 and 7, and ends a week as well as it begins one") {
    CHECK(values(planOf("0 0 * * 7").weekdays) == "0");
    CHECK(values(planOf("0 0 * * fri-sun").weekdays) == "0 5 6");
    CHECK(values(planOf("0 0 * * 5-7").weekdays) == "0 5 6");
    CHECK(values(planOf("0 0 * * SUN,Wed").weekdays) == "0 3");
    CHECK(values(planOf("0 0 1 JAN-mar *").months) == "1 2 3");
  }

  TEST_CASE("a mistake points at its words") {
    CHECK(mistakeIn("0 8 * *") == "a plan has five fields, this has 4 fields [0 8 * *]");
    CHECK(mistakeIn("60 8 * * *") == "a minute is 0 to 59, not 60 [60]");
    CHECK(mistakeIn("0  8 0 * *") == "a day of the month is 1 to 31, not 0 [0]");
    CHECK(mistakeIn("0 8 * * 1,8") == "a day of the week is 0 to 7, not 8 [8]");
    CHECK(mistakeIn("0 8 * Foo-dec *") == "`Foo` is not a month [Foo]");
    CHECK(mistakeIn("0 ,8 * * *") == "a value is missing beside this comma [,]");
    CHECK(mistakeIn("0 8, * * *") == "a value is missing beside this comma [,]");
    CHECK(mistakeIn("0 8- * * *") == "`` is not an hour [ ]");
    CHECK(mistakeIn("1-5/x 8 * * *") == "a step is a whole number above 0 [/x]");
    CHECK(mistakeIn("99999999999 8 * * *") == "`99999999999` is not a minute [99999999999]");
  }

  TEST_CASE("a day that no month has never comes, the last of February may") {
    CHECK(mistakeIn("0 0 31 4,6,9,11 *").starts_with("this moment never comes"));
    CHECK(mistakeIn("0 0 30 2 *").ends_with("[30 2]"));
    planOf("0 0 29 2 *");
    planOf("0 0 30 2 mon");
  }

  TEST_CASE("the next moment lies after the time given, whatever lies between") {
    const auto next = [](const char* plan, const char* after) -> std::string {
      const std::optional<reticle::Time> found =
          nextMoment(planOf(plan), reticle::parseTimestamp(after)->seconds * 1'000'000);
      return found ? reticle::toText(reticle::Value::timestamp(*found)) : "never";
    };
    CHECK(next("0 8 * * *", "2024-01-01T07:59:59Z").find("2024-01-01T08:00:00Z") !=
          std::string::npos);
    CHECK(next("0 8 * * *", "2024-01-01T08:00:00Z").find("2024-01-02T08:00:00Z") !=
          std::string::npos);
    CHECK(next("*/20 * * * *", "2024-01-01T23:40:01Z").find("2024-01-02T00:00:00Z") !=
          std::string::npos);
    CHECK(next("0 0 29 2 *", "2024-02-29T00:00:00Z").find("2028-02-29T00:00:00Z") !=
          std::string::npos);
    // 2100 has none
    CHECK(next("0 0 29 2 *", "2096-03-01T00:00:00Z").find("2104-02-29T00:00:00Z") !=
          std::string::npos);
    CHECK(next("59 23 31 12 *", "1969-12-31T23:58:30Z").find("1969-12-31T23:59:00Z") !=
          std::string::npos);
    CHECK(next("0 0 30 2 mon", "2024-01-01T00:00:00Z").find("2024-02-05T00:00:00Z") !=
          std::string::npos);
  }
}

}  // namespace model_cron_test
