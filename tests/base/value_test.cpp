// Values: equality, order, hashes, text, and the bounds of their size.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "reticle/value.h"

namespace base_value_test {

using namespace reticle;

namespace {

const double kNaN = std::numeric_limits<double>::quiet_NaN();
const double kInfinity = std::numeric_limits<double>::infinity();

Value text(std::string_view s) { return Value::string(s); }
Value number(std::int64_t i) { return Value::integer(i); }
Value real(double d) { return Value::real(d); }

}  // namespace

TEST_SUITE("value") {
  TEST_CASE("equal values hash alike, across int and double too") {
    const std::vector<std::pair<Value, Value>> equal = {
        {number(1), real(1.0)},
        {number(0), real(-0.0)},
        {number(-7), real(-7.0)},
        {number(std::int64_t{1} << 53), real(9007199254740992.0)},
        {number(INT64_MIN), real(-9223372036854775808.0)},
        {text("a"), text("a")},
        {Value::bytes("a"), Value::bytes("a")},
        {Value::list({number(1), text("x")}), Value::list({real(1), text("x")})},
        {Value::map({{text("a"), number(1)}, {text("b"), number(2)}}),
         Value::map({{text("b"), real(2)}, {text("a"), number(1)}})},
        {Value::map({{number(1), text("x")}}), Value::map({{number(1), text("x")}})},
        {Value::timestamp(1000, 5), Value::timestamp(1000, 5)},
        {Value::duration(-1, -5), Value::duration(-1, -5)},
        {Value::type("int"), Value::type("int")},
        {Value{}, Value{}},
    };
    for (const auto& pair : equal) {
      const Value &a = pair.first, &b = pair.second;
      CAPTURE(toText(a));
      CHECK(a == b);
      CHECK(b == a);
      CHECK(a.hash() == b.hash());
    }
  }

  TEST_CASE("unlike values are unequal") {
    const std::vector<Value> values = {
        Value{},
        Value::boolean(false),
        Value::boolean(true),
        number(0),
        number(1),
        real(0.5),
        real(kInfinity),
        text(""),
        text("0"),
        Value::bytes(""),
        Value::list({}),
        Value::map({}),
        Value::type(""),
        Value::fact(FactId{1}),
        Value::timestamp(0, 0),
        Value::duration(0, 0),
        Value::list({number(1), number(2)}),
        Value::list({number(2), number(1)}),
        Value::map({{text("a"), Value{}}}),
        Value::map({{text("b"), Value{}}}),
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (std::size_t j = 0; j < values.size(); ++j) {
        CAPTURE(toText(values[i]));
        CAPTURE(toText(values[j]));
        CHECK((values[i] == values[j]) == (i == j));
      }
    }
  }

  TEST_CASE("NaN and errors equal nothing, inside lists too") {
    CHECK_FALSE(real(kNaN) == real(kNaN));
    const Value list = Value::list({real(kNaN)});
    CHECK_FALSE(list == list);
    const Value error = Value::error("RL9001", "no");
    CHECK_FALSE(error == error);
  }

  TEST_CASE("ints and doubles are compared without rounding") {
    const std::int64_t two53 = std::int64_t{1} << 53;
    CHECK(compare(number(two53 + 1), real(9007199254740992.0)) == 1);
    CHECK(compare(real(9007199254740992.0), number(two53 + 1)) == -1);
    CHECK(compare(number(two53), real(9007199254740992.0)) == 0);
    CHECK(compare(number(INT64_MAX - 1), real(9223372036854775808.0)) == -1);
    CHECK(compare(number(INT64_MIN), real(-9223372036854777856.0)) == 1);
    CHECK(compare(number(3), real(3.5)) == -1);
    CHECK(compare(number(-3), real(-3.5)) == 1);
    CHECK(compare(number(5), real(kInfinity)) == -1);
    CHECK(compare(number(5), real(-kInfinity)) == 1);
    CHECK(compare(number(5), real(kNaN)) == 2);
    CHECK(compare(real(kNaN), number(5)) == 2);
  }

  TEST_CASE("2^63 is the greatest int, as the conformance suite has it") {
    CHECK(compare(number(INT64_MAX), real(9223372036854775808.0)) == 0);
    CHECK(number(INT64_MAX).hash() == real(9223372036854775808.0).hash());
    CHECK_FALSE(number(INT64_MAX - 1) == real(9223372036854775808.0));
  }

  TEST_CASE("values of one ordered kind have an order, others have none") {
    CHECK(compare(text("a"), text("b")) == -1);
    CHECK(compare(text("z"), text("\xc3\xa9")) == -1);  // by code point
    CHECK(compare(text("a"), text("a\x01")) == -1);
    CHECK(compare(Value::boolean(false), Value::boolean(true)) == -1);
    CHECK(compare(Value::timestamp(1, 0), Value::timestamp(1, 1)) == -1);
    CHECK(compare(Value::duration(-1, -1), Value::duration(-1, 0)) == -1);
    CHECK(compare(Value::list({}), Value::list({})) == 2);
    CHECK(compare(text("1"), number(1)) == 2);
    CHECK(compare(Value{}, Value{}) == 2);
  }

  TEST_CASE("a map finds its entries by equal keys, small or large") {
    for (const int size : {3, 8, 9, 100}) {
      CAPTURE(size);
      Value::Map entries;
      for (int i = 0; i < size; ++i) {
        entries.emplace_back(number(i), text("int"));
        entries.emplace_back(text(std::to_string(i)), number(i));
      }
      const Value map = Value::map(entries);
      for (int i = 0; i < size; ++i) {
        CHECK(map.find(std::to_string(i))->asInt() == i);
        CHECK(map.find(text(std::to_string(i)))->asInt() == i);
        CHECK(map.find(real(i))->asString() == "int");
      }
      CHECK(map.find("no") == nullptr);
      CHECK(map.find(number(size)) == nullptr);
      CHECK(map.find(real(0.5)) == nullptr);
    }
    CHECK(number(1).find("x") == nullptr);
  }

  TEST_CASE("copies share, assignment survives itself") {
    Value a = Value::list({text("one"), text("two")});
    Value b = a;
    CHECK(&a.asList() == &b.asList());
    Value& alias = a;
    a = alias;
    CHECK(a.asList().size() == 2);
    const Value& part = a.asList()[1];
    a = part;  // which `a` keeps alive
    CHECK(a.asString() == "two");
    b = std::move(a);
    CHECK(b.asString() == "two");
    CHECK(a.isNull());
  }

  TEST_CASE("text is what people write") {
    const std::vector<std::pair<Value, const char*>> table = {
        {Value{}, "null"},
        {Value::boolean(true), "true"},
        {number(INT64_MIN), "-9223372036854775808"},
        {real(2), "2.0"},
        {real(0.1), "0.1"},
        {real(-0.0), "-0.0"},
        {real(1e100), "1e+100"},
        {real(kNaN), "NaN"},
        {real(-kInfinity), "-Infinity"},
        {text("a\"b\\\n\t\x01\xc3\xa9\xff"), "\"a\\\"b\\\\\\n\\t\\u0001\xc3\xa9\xef\xbf\xbd\""},
        {Value::bytes(std::string_view("a\0\xff", 3)), "b\"a\\x00\\xff\""},
        {Value::list({number(1), text("x"), Value::list({})}), "[1, \"x\", []]"},
        {Value::map({{text("b"), number(1)}, {number(2), real(2)}}), "{\"b\": 1, 2: 2.0}"},
        {Value::timestamp(1705276800, 0), "2024-01-15T00:00:00Z"},
        {Value::duration(5400, 0), "1h30m"},
        {Value::type("int"), "int"},
        {Value::fact(FactId{12}), "#12"},
        {Value::error("RL9001", "no"), "RL9001: no"},
    };
    for (const auto& [value, expected] : table) CHECK(toText(value) == expected);
    CHECK(toText(text("a\"b"), false) == "a\"b");
    CHECK(toText(Value::list({text("a")}), false) == "[\"a\"]");
  }

  TEST_CASE("times are kept to the nanosecond and read as microseconds") {
    CHECK(Value::timestamp(Time{-1}).seconds() == -1);
    CHECK(Value::timestamp(Time{-1}).nanos() == 999999000);
    CHECK(Value::timestamp(Time{-1}).asTime() == -1);
    CHECK(Value::timestamp(Time{1500000}).asTime() == 1500000);
    CHECK(Value::span(-1500000).seconds() == -1);
    CHECK(Value::span(-1500000).nanos() == -500000000);
    CHECK(Value::span(-1500000).asSpan() == -1500000);
    CHECK(Value::duration(INT64_MAX, 0).asSpan() == INT64_MAX);
    CHECK(Value::duration(INT64_MIN, 0).asSpan() == INT64_MIN);
  }

  TEST_CASE("a value too deep or too large is an error, not a crash") {
    Value deep = Value::list({});
    for (int i = 0; i < 1000; ++i) deep = Value::list({deep});
    CHECK(deep.isError());
    Value large = text("x");
    for (int i = 0; i < 60; ++i) large = Value::list({large, large});
    CHECK(large.isError());
    CHECK(Value::map({{text("a"), Value::error("RL9001", "no")}}).isError());
  }

  TEST_CASE("hashes are the same on every platform") {
    CHECK(number(1).hash() == 0xadd4110a9a5ff215u);
    CHECK(Value::map({{text("a"), real(0.5)}}).hash() == 0x122a18dfbc4a7398u);
    CHECK(Value::list({number(1), number(2)}).hash() != Value::list({number(2), number(1)}).hash());
  }
}

}  // namespace base_value_test
