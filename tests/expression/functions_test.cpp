// The built-in functions: that the table is sound, and the cases that no script covers.
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "expression/functions.h"
#include "expression/reading.h"

namespace expression_functions_test {

using namespace reticle;

namespace {

struct Line {
  const char* text;
  const char* value;
};

void checkTable(const std::vector<Line>& table) {
  for (const Line& line : table) {
    const std::string text = line.text;
    CAPTURE(text);
    const std::string value = evaluateText(line.text);
    if (std::string_view(line.value) == "?") {
      CHECK(value.substr(0, 8) == "RL9001: ");
    } else {
      CHECK(value == line.value);
    }
  }
}

}  // namespace

TEST_SUITE("functions") {
  TEST_CASE("the table is in order and found by name") {
    const auto& all = builtins();
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK_FALSE(all[i].name.empty());
      CHECK_FALSE(all[i].doc.empty());
      CHECK(all[i].doc.back() == '.');
      if (i > 0) CHECK(all[i - 1].name <= all[i].name);
      const int first = builtinIndex(all[i].name);
      CHECK(first >= 0);
      if (first >= 0) CHECK(all[static_cast<std::size_t>(first)].name == all[i].name);
    }
    CHECK(builtinIndex("nope") == -1);
    CHECK(builtinIndex("") == -1);
    for (const char* name : {"size", "contains", "matches", "timestamp", "math.greatest",
                             "getHours", "join", "type", "dyn"}) {
      CHECK(builtinIndex(name) >= 0);
    }
  }

  TEST_CASE("arguments that no overload takes are an error, errors pass through") {
    const auto size = static_cast<std::size_t>(builtinIndex("size"));
    const Value number = Value::integer(1), error = Value::error("RL9001", "no"),
                two[] = {Value::string("a"), Value::string("b")};
    CHECK(toText(callBuiltin(size, &number, 1)) == "RL9001: `size` does not take int");
    CHECK(toText(callBuiltin(size, &error, 1)) == "RL9001: no");
    CHECK(callBuiltin(size, two, 2).isError());
    CHECK(callBuiltin(size, two, 0).isError());
  }

  TEST_CASE("no function crashes on any kinds of arguments, and those that cannot fail do not") {
    const std::vector<Value> samples = {Value{},
                                        Value::boolean(true),
                                        Value::integer(-3),
                                        Value::real(2.5),
                                        Value::string("x"),
                                        Value::bytes("y"),
                                        Value::list({Value::string("z")}),
                                        Value::map({}),
                                        Value::timestamp(5, 5),
                                        Value::duration(5, 5),
                                        Value::type("int"),
                                        Value::fact(FactId{1}),
                                        Value::some(Value::integer(4)),
                                        Value::none(),
                                        Value::natural(6)};
    const auto sampleOf = [&](const Type& type) {
      const TypeKind item = type.kind == TypeKind::List ? type.arguments[0].kind : TypeKind::Any;
      if (item == TypeKind::Optional) return Value::list({samples[12]});
      if (type.kind == TypeKind::List && item != TypeKind::Any) {
        if (item == TypeKind::Int) return Value::list({samples[2]});
        if (item == TypeKind::Double) return Value::list({samples[3]});
      }
      static const std::map<TypeKind, std::size_t> kSampleOf = {
          {TypeKind::Bool, 1},     {TypeKind::Int, 2},       {TypeKind::Double, 3},
          {TypeKind::String, 4},   {TypeKind::Bytes, 5},     {TypeKind::List, 6},
          {TypeKind::Map, 7},      {TypeKind::Timestamp, 8}, {TypeKind::Duration, 9},
          {TypeKind::Optional, 12}};
      const auto found = kSampleOf.find(type.kind);
      return samples[found == kSampleOf.end() ? 2 : found->second];
    };
    for (const Overload& overload : builtins()) {
      CAPTURE(overload.name);
      const auto index = static_cast<std::size_t>(builtinIndex(overload.name));
      std::vector<Value> args;
      for (const Type& param : overload.params) args.push_back(sampleOf(param));
      const Value result = callBuiltin(index, args.data(), args.size());
      if (!overload.canFail) CHECK_FALSE(result.isError());
      if (args.empty()) continue;
      for (const Value& first : samples) {
        args[0] = first;
        for (const Value& last : samples) {
          args.back() = last;
          callBuiltin(index, args.data(), args.size());
        }
      }
    }
  }

  TEST_CASE("conversions") {
    checkTable({
        {"int(3.9)", "3"},
        {"int(-3.9)", "-3"},
        {"int('42')", "42"},
        {"int('4.2')", "?"},
        {"int(1e19)", "?"},
        {"int(double('NaN'))", "?"},
        {"int(timestamp('1970-01-01T00:01:00Z'))", "60"},
        {"int(true)", "?"},
        {"double(3)", "3.0"},
        {"double('0.1')", "0.1"},
        {"double('x')", "?"},
        {"string(1)", "\"1\""},
        {"string(2.0)", "\"2\""},
        {"string(123.456)", "\"123.456\""},
        {"string(true)", "\"true\""},
        {"string(b'abc')", "\"abc\""},
        {"string(b'\\xff')", "?"},
        {"string(timestamp('2024-01-15T00:00:00Z'))", "\"2024-01-15T00:00:00Z\""},
        {"string(duration('1h30m'))", "\"5400s\""},
        {"string(duration('-1.5s'))", "\"-1.5s\""},
        {"string(duration('0.000000001s'))", "\"0.000000001s\""},
        {"string([1])", "?"},
        {"bool('true')", "true"},
        {"bool('no')", "?"},
        {"bytes('\xc3\xa9')", "b\"\\xc3\\xa9\""},
        {"timestamp('2024-01-15T00:00:00+02:00')", "2024-01-14T22:00:00Z"},
        {"timestamp(60)", "1970-01-01T00:01:00Z"},
        {"timestamp('x')", "?"},
        {"duration('90m')", "1h30m"},
        {"duration('x')", "?"},
        {"dyn(1)", "1"},
        {"type('a') == string", "true"},
    });
  }

  TEST_CASE("sizes count code points, bytes, items and entries") {
    checkTable({{"size('gr\xc3\xbc\xc3\x9f')", "4"},
                {"'\xf0\x9f\x98\x80'.size()", "1"},
                {"size(b'\xc3\xa9')", "2"},
                {"[1, 2].size()", "2"},
                {"size({'a': 1})", "1"},
                {"size(1)", "?"}});
  }

  TEST_CASE("text functions count code points") {
    checkTable({
        {"'hello'.contains('ell')", "true"},
        {"'hello'.contains('')", "true"},
        {"'hello'.startsWith('he')", "true"},
        {"'he'.startsWith('hello')", "false"},
        {"'hello'.endsWith('lo')", "true"},
        {"'lo'.endsWith('hello')", "false"},
        {"dyn(1).contains('a')", "?"},
        {"'tacocat'.charAt(3)", "\"o\""},
        {"'tacocat'.charAt(7)", "\"\""},
        {"'tacocat'.charAt(8)", "?"},
        {"'\xc3\xbc\xc3\x9f'.charAt(1)", "\"\xc3\x9f\""},
        {"'\xc3\xbc\xc3\x9f'.indexOf('\xc3\x9f')", "1"},
        {"'abcabc'.indexOf('c', 3)", "5"},
        {"'abc'.indexOf('x')", "-1"},
        {"'abc'.indexOf('')", "0"},
        {"'abc'.indexOf('a', 9)", "?"},
        {"'abcabc'.lastIndexOf('b')", "4"},
        {"'abcabc'.lastIndexOf('b', 3)", "1"},
        {"'abc'.lastIndexOf('')", "3"},
        {"'a'.lastIndexOf('abc')", "-1"},
        {"'AbC\xc3\x84'.lowerAscii()", "\"abc\xc3\x84\""},
        {"'aBc'.upperAscii()", "\"ABC\""},
        {"'  a b\\n\xc2\xa0'.trim()", "\"a b\""},
        {"'  '.trim()", "\"\""},
        {"'hello hello'.replace('he', 'we')", "\"wello wello\""},
        {"'hello hello'.replace('he', 'we', 1)", "\"wello hello\""},
        {"'hello'.replace('', '_')", "\"_h_e_l_l_o_\""},
        {"'aa'.replace('', '_', 2)", "\"_a_a\""},
        {"'hello'.replace('x', 'y')", "\"hello\""},
        {"'hello'.replace('l', '', 0)", "\"hello\""},
        {"'a,b,c'.split(',')", "[\"a\", \"b\", \"c\"]"},
        {"'a,b,c'.split(',', 2)", "[\"a\", \"b,c\"]"},
        {"'a,b'.split(',', 0)", "[]"},
        {"'\xc3\xbcy'.split('')", "[\"\xc3\xbc\", \"y\"]"},
        {"''.split(',')", "[\"\"]"},
        {"['a', 'b'].join('-')", "\"a-b\""},
        {"['a', 'b'].join()", "\"ab\""},
        {"[].join(',')", "\"\""},
        {"[1].join(',')", "?"},
        {"'tacocat'.substring(4)", "\"cat\""},
        {"'tacocat'.substring(0, 4)", "\"taco\""},
        {"'ab'.substring(3)", "?"},
        {"'ab'.substring(2, 1)", "?"},
        {"'ab'.substring(-1)", "?"},
        {"'g\xc3\xbcm'.reverse()", "\"m\xc3\xbcg\""},
        {"[1, 2].reverse()", "[2, 1]"},
        {"strings.quote('a\"b')", "\"\\\"a\\\\\\\"b\\\"\""},
        {"'hubba'.matches('ub+')", "true"},
        {"matches('hubba', '^b')", "false"},
        {"'hubba'.matches('(')", "?"},
        {"dyn(1).matches('a')", "?"},
        {"base64.encode(b'hello')", "\"aGVsbG8=\""},
        {"base64.decode('aGVsbG8=')", "b\"hello\""},
        {"base64.decode('*')", "?"},
    });
  }

  TEST_CASE("long needles are found too") {
    const std::string needle = std::string(40, 'a') + "b";
    const Names names = {{}, {"text", "needle"}, {}, {}, {}, {}};
    const std::vector<Value> locals = {Value::string(std::string(200000, 'a') + "b" + needle + "c"),
                                       Value::string(needle)};
    CHECK(evaluateText("text.contains(needle)", names, locals) == "true");
    CHECK(evaluateText("text.indexOf(needle)", names, locals) == "199960");
    CHECK(evaluateText("text.lastIndexOf(needle)", names, locals) == "200001");
    CHECK(evaluateText("text.lastIndexOf(needle, 200000)", names, locals) == "199960");
    CHECK(evaluateText("text.contains(needle + needle + needle)", names, locals) == "false");
  }

  TEST_CASE("parts of times, in UTC and at offsets") {
    checkTable({
        {"timestamp('2009-02-13T23:31:30.5Z').getFullYear()", "2009"},
        {"timestamp('2009-02-13T23:31:30Z').getMonth()", "1"},
        {"timestamp('2009-02-13T23:31:30Z').getDate()", "13"},
        {"timestamp('2009-02-13T23:31:30Z').getDayOfMonth()", "12"},
        {"timestamp('2009-02-13T23:31:30Z').getDayOfWeek()", "5"},
        {"timestamp('2009-02-13T23:31:30Z').getDayOfYear()", "43"},
        {"timestamp('2009-02-13T23:31:30Z').getHours('+02:00')", "1"},
        {"timestamp('2009-02-13T23:31:30Z').getDate('+02:00')", "14"},
        {"timestamp('2009-02-13T02:00:00Z').getDate('-02:30')", "12"},
        {"timestamp('2009-02-13T23:31:30Z').getMinutes('UTC')", "31"},
        {"timestamp('2009-02-13T23:31:30Z').getSeconds()", "30"},
        {"timestamp('2009-02-13T23:31:30.123456Z').getMilliseconds()", "123"},
        {"timestamp('2009-02-13T23:31:30Z').getHours('Mars/Olympus')", "?"},
        {"duration('90m').getHours()", "1"},
        {"duration('90m').getMinutes()", "90"},
        {"duration('1.5s').getMilliseconds()", "500"},
        {"duration('-90s').getMinutes()", "-1"},
        {"dyn(duration('1s')).getDate()", "?"},
    });
  }

  TEST_CASE("numbers") {
    checkTable({
        {"math.greatest(1, 5, 3)", "5"},
        {"math.greatest([1.5, -2.0])", "1.5"},
        {"math.greatest(1, 2.5)", "2.5"},
        {"math.least(1, 1.0)", "1"},
        {"math.least([])", "?"},
        {"math.greatest('a', 'b')", "?"},
        {"math.abs(-5)", "5"},
        {"math.abs(-9223372036854775808)", "?"},
        {"math.abs(-0.5)", "0.5"},
        {"math.ceil(1.2)", "2.0"},
        {"math.floor(-1.2)", "-2.0"},
        {"math.round(2.5)", "3.0"},
        {"math.round(-2.5)", "-3.0"},
        {"math.trunc(-1.9)", "-1.0"},
        {"math.sign(-3)", "-1"},
        {"math.sqrt(2.25)", "1.5"},
        {"math.isNaN(0.0 / 0.0)", "true"},
        {"math.isInf(1.0 / 0.0)", "true"},
        {"math.isFinite(1.0)", "true"},
        {"math.ceil(1)", "?"},
        {"math.bitAnd(6, 3)", "2"},
        {"math.bitOr(6, 3)", "7"},
        {"math.bitXor(6, 3)", "5"},
        {"math.bitNot(0)", "-1"},
        {"math.bitShiftLeft(1, 64)", "0"},
        {"math.bitShiftRight(-1, 60)", "15"},
        {"math.bitShiftLeft(1, -1)", "?"},
    });
  }
}

}  // namespace expression_functions_test
