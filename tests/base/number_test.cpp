// Numbers as text and back: shortest, nearest, and the same in every build.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "base/hash.h"
#include "base/number.h"

namespace base_number_test {

using namespace reticle;

namespace {

std::string people(double d) {
  std::string out;
  appendDouble(out, d);
  return out;
}
std::string script(double d) {
  std::string out;
  appendDoubleAsScript(out, d);
  return out;
}

}  // namespace

TEST_SUITE("number") {
  TEST_CASE("doubles are printed as JavaScript prints them") {
    const std::vector<std::pair<double, std::string>> table = {
        {0, "0"},
        {-0.0, "0"},
        {100, "100"},
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"},
        {123.456, "123.456"},
        {1e20, "100000000000000000000"},
        {123456789012345680000.0, "123456789012345680000"},
        {1e21, "1e+21"},
        {1.5e21, "1.5e+21"},
        {0.000001, "0.000001"},
        {0.0000001, "1e-7"},
        {1.5e-7, "1.5e-7"},
        {5e-324, "5e-324"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {9007199254740993.0, "9007199254740992"},
        {1e23, "1e+23"},
        // the nearest of 16 digits does not read back, the next does
        {std::ldexp(1.0, -44), "5.684341886080802e-14"},
        {-12.5, "-12.5"},
        {4294967296.5, "4294967296.5"},
        {0.00001, "0.00001"},
        {1.0 / 3, "0.3333333333333333"},
    };
    for (const auto& [number, expected] : table) CHECK(script(number) == expected);
  }

  TEST_CASE("for people a double always has a point or an exponent") {
    CHECK(people(100) == "100.0");
    CHECK(people(-0.0) == "-0.0");
    CHECK(people(1e20) == "100000000000000000000.0");
    CHECK(people(1e21) == "1e+21");
    CHECK(people(12.5) == "12.5");
  }

  TEST_CASE("every double reads back as itself") {
    std::uint64_t state = 1;
    Digest digest;
    for (int i = 0; i < 20000; ++i) {
      state = mix64(state + 0x9e3779b97f4a7c15u);
      double number = 0;
      // some are subnormal
      const std::uint64_t bits = i % 10 == 0 ? state & 0x800fffffffffffffu : state;
      std::memcpy(&number, &bits, sizeof number);
      if (!std::isfinite(number)) continue;
      const std::string text = people(number);
      digest.add(text);
      const auto back = parseDouble(text);
      if (!back || *back != number) FAIL_CHECK(text);
    }
    CHECK(digest.hex() == "270408373d8a9ddc");  // and is printed the same on every platform
  }

  TEST_CASE("doubles are read whole or not at all") {
    const std::vector<std::pair<std::string, double>> table = {
        {"1", 1},
        {"-1.5", -1.5},
        {"+2", 2},
        {".5", 0.5},
        {"5.", 5},
        {"1e3", 1000},
        {"1E-3", 0.001},
        {"0.1", 0.1},
        {"1e400", HUGE_VAL},
        {"-1e-400", 0},
        {"Infinity", HUGE_VAL},
        {"-Infinity", -HUGE_VAL},
        {"123456789012345678901234567890", 123456789012345678901234567890.0},
        {"2.2250738585072011e-308", 2.2250738585072011e-308},
        {"0.000000000000000000000000000001", 1e-30},
        {"1e23", 1e23},
        {"9007199254740993", 9007199254740992.0},
    };
    for (const auto& line : table) {
      const auto& [text, expected] = line;
      CAPTURE(line.first);
      CHECK(parseDouble(text).value_or(-77) == expected);
    }
    // Half way between two doubles, decided by the very last digit.
    CHECK(*parseDouble("9007199254740993." + std::string(900, '0')) == 9007199254740992.0);
    CHECK(*parseDouble("9007199254740993." + std::string(900, '0') + "1") == 9007199254740994.0);
    for (const std::string text : {"", "-", ".", "e5", "1e", "1e+", "1x", " 1", "1 ", "0x10",
                                   "1.2.3", "nan", "--1", "1,5"}) {
      CAPTURE(text);
      CHECK_FALSE(parseDouble(text).has_value());
    }
    CHECK(std::isnan(*parseDouble("NaN")));
  }

  TEST_CASE("ints are read whole or not at all") {
    CHECK(*parseInt("9223372036854775807") == INT64_MAX);
    CHECK(*parseInt("-9223372036854775808") == INT64_MIN);
    CHECK(*parseInt("+5") == 5);
    for (const std::string text :
         {"", "-", "+", "+-5", "9223372036854775808", "1.0", "1 ", " 1", "0x1", "a"}) {
      CAPTURE(text);
      CHECK_FALSE(parseInt(text).has_value());
    }
  }

  TEST_CASE("a double is an int only when it stands for one") {
    CHECK(*exactInt(3.0) == 3);
    CHECK(*exactInt(-9223372036854775808.0) == INT64_MIN);
    CHECK_FALSE(exactInt(9223372036854775808.0).has_value());
    CHECK_FALSE(exactInt(3.5).has_value());
    CHECK_FALSE(exactInt(std::numeric_limits<double>::quiet_NaN()).has_value());
    CHECK_FALSE(exactInt(HUGE_VAL).has_value());
  }
}

}  // namespace base_number_test
