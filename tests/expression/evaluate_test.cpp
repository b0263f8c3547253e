// Expressions and their values, in the short and in the general evaluation; fuel, errors, facts.
#include <doctest/doctest.h>

#include <iterator>
#include <string>
#include <vector>

#include "base/hash.h"
#include "expression/reading.h"

namespace expression_evaluate_test {

using namespace reticle;

namespace {

struct Line {
  const char* text;
  const char* value;
};

// Lines with "?" expect an evaluation error.
void checkTable(const std::vector<Line>& table, const Names& names = {},
                const std::vector<Value>& locals = {}) {
  for (const Line& line : table) {
    const std::string text = line.text;
    CAPTURE(text);
    const std::string value = evaluateText(line.text, names, locals);
    if (std::string_view(line.value) == "?") {
      CHECK(value.substr(0, 8) == "RL9001: ");
    } else {
      CHECK(value == line.value);
    }
  }
}

// Facts whose fields are the values given, and what a session would return.
class Facts : public Surroundings {
 public:
  std::vector<std::vector<Value>> facts;  // by id - 1

  Value fieldOf(FactId fact, FieldId field) const override {
    if (index(fact) == 0 || index(fact) > facts.size()) {
      return Value::error("RL9001", "the fact is gone");
    }
    return facts[index(fact) - 1][index(field)];
  }
  Value callHost(FunctionId function, const Value* args, std::size_t count) const override {
    Value::List list(args, args + count);
    list.insert(list.begin(), Value::integer(index(function)));
    return Value::list(std::move(list));
  }
  Value query(QueryId query, const Value* args, std::size_t count,
              const Surroundings&) const override {
    return Value::list({Value::map({{Value::string("query"), Value::integer(index(query))},
                                    {Value::string("args"), Value::list({args, args + count})}})});
  }
};

}  // namespace

TEST_SUITE("evaluate") {
  TEST_CASE("literals and collections") {
    checkTable({
        {"1", "1"},
        {"-9223372036854775808", "-9223372036854775808"},
        {"1.5e3", "1500.0"},
        {"'a' + \"b\"", "\"ab\""},
        {"b'a' + b'b'", "b\"ab\""},
        {"[1, 'a', [2.0]]", "[1, \"a\", [2.0]]"},
        {"{'a': 1, 2: true}", "{\"a\": 1, 2: true}"},
        {"{'a': 1}.a", "1"},
        {"{'a': {'b': 2}}.a.b", "2"},
        {"{'a': 1}['a']", "1"},
        {"{1: 'x'}[1.0]", "\"x\""},
        {"[1, 2, 3][1]", "2"},
        {"[1, 2, 3][1.0]", "2"},
        {"[1, 2][2]", "?"},
        {"[1, 2][-1]", "?"},
        {"[1, 2]['a']", "?"},
        {"{'a': 1}.b", "?"},
        {"{'a': 1}['b']", "?"},
        {"{1.5: 1}", "?"},
        {"{'a': 1, 'a': 2}", "?"},
        {"{1: 1, 1: 2}", "?"},
        {"[1, 1 / 0]", "?"},
        {"(1).a", "?"},
        {"null.a", "?"},
        {"[1] + [2, 3]", "[1, 2, 3]"},
    });
  }

  TEST_CASE("arithmetic neither mixes numbers nor overflows in silence") {
    checkTable({
        {"1 + 2 * 3 - 4", "3"},
        {"7 / 2", "3"},
        {"-7 / 2", "-3"},
        {"-7 % 3", "-1"},
        {"7.0 / 2.0", "3.5"},
        {"1.0 / 0.0", "Infinity"},
        {"1 / 0", "?"},
        {"1 % 0", "?"},
        {"1 + 1.0", "?"},
        {"1.0 % 2.0", "?"},
        {"9223372036854775807 + 1", "?"},
        {"-9223372036854775808 - 1", "?"},
        {"9223372036854775807 * 2", "?"},
        {"-9223372036854775808 / -1", "?"},
        {"-9223372036854775808 % -1", "?"},
        {"-(-9223372036854775808)", "?"},
        {"'a' + 1", "?"},
        {"-'a'", "?"},
        {"!1", "?"},
        {"-(2.5)", "-2.5"},
    });
  }

  TEST_CASE("time and spans of time") {
    checkTable({
        {"timestamp('2024-01-15T00:00:00Z') + duration('90m')", "2024-01-15T01:30:00Z"},
        {"duration('1h') + timestamp('2024-01-15T00:00:00Z')", "2024-01-15T01:00:00Z"},
        {"timestamp('2024-01-15T00:00:00Z') - timestamp('2024-01-14T00:00:00.5Z')", "23h59m59.5s"},
        {"timestamp('2024-01-15T00:00:00Z') - duration('1ns')", "2024-01-14T23:59:59.999999999Z"},
        {"duration('1h') - duration('90m')", "-30m"},
        {"duration('1h') + duration('-0.5s')", "59m59.5s"},
        {"duration('1h') < duration('61m')", "true"},
        {"timestamp('9999-12-31T23:59:59Z') + duration('1s')", "?"},
        {"duration('100000d') + duration('100000d')", "?"},
        {"timestamp('2024-01-15T00:00:00Z') + timestamp('2024-01-15T00:00:00Z')", "?"},
        {"timestamp('2024-01-15T00:00:00Z') + 1", "?"},
        {"duration('1h') - timestamp('2024-01-15T00:00:00Z')", "?"},
        {"1h30m + 30m == 2h", "true"},
    });
  }

  TEST_CASE("equality never fails by itself, order needs one kind") {
    checkTable({
        {"1 == 1.0", "true"},
        {"1 == '1'", "false"},
        {"1 != '1'", "true"},
        {"null == null", "true"},
        {"null == 0", "false"},
        {"[1, 2] == [1.0, 2.0]", "true"},
        {"{'a': 1, 'b': 2} == {'b': 2.0, 'a': 1}", "true"},
        {"9007199254740993 == 9007199254740992.0", "false"},
        {"(1 / 0) == 1", "?"},
        {"1 != (1 / 0)", "?"},
        {"double('NaN') == double('NaN')", "false"},
        {"double('NaN') != double('NaN')", "true"},
        {"1 < 1.5", "true"},
        {"9007199254740993 > 9007199254740992.0", "true"},
        {"double('NaN') < 1", "false"},
        {"1 >= double('NaN')", "false"},
        {"'a' < 'b'", "true"},
        {"false < true", "true"},
        {"b'a' < b'b'", "true"},
        {"'a' < 1", "?"},
        {"null < 1", "?"},
        {"[1] < [2]", "?"},
        {"type(1) == int", "true"},
        {"type(1) == double", "false"},
        {"type(type(1)) == type", "true"},
        {"type(null) == null_type", "true"},
    });
  }

  TEST_CASE("unknown is the third truth value") {
    // t, f: definite; u: unknown; n: not a bool, which is unknown too.
    const Names names = {{}, {"t", "f", "u", "n"}, {}, {}, {}, {}};
    const std::vector<Value> locals = {Value::boolean(true), Value::boolean(false),
                                       Value::error("RL9001", "no"), Value::string("x")};
    checkTable(
        {
            {"t && t", "true"},
            {"t && f", "false"},
            {"f && t", "false"},
            {"f && f", "false"},
            {"t && u", "?"},
            {"u && t", "?"},
            {"f && u", "false"},
            {"u && f", "false"},
            {"u && u", "?"},
            {"n && f", "false"},
            {"f && n", "false"},
            {"n && t", "?"},
            {"t && n", "?"},
            {"t || u", "true"},
            {"u || t", "true"},
            {"f || u", "?"},
            {"u || f", "?"},
            {"f || f", "false"},
            {"n || t", "true"},
            {"n || f", "?"},
            {"!u", "?"},
            {"!n", "?"},
            {"!f", "true"},
            {"u && u || t", "true"},
            {"(u || f) && f", "false"},
            {"t && t && u && f", "false"},
            {"f || f || u || t", "true"},
            {"t ? 1 : u", "1"},
            {"f ? u : 2", "2"},
            {"u ? 1 : 2", "?"},
            {"n ? 1 : 2", "?"},
            {"(t ? 1 : 2) + (f ? 10 : 20)", "21"},
            {"(u ? 1 : 2) == 1 || t", "true"},
        },
        names, locals);
  }

  TEST_CASE("in: lists, keys and ranges") {
    checkTable({
        {"2 in [1, 2, 3]", "true"},
        {"2.0 in [1, 2, 3]", "true"},
        {"'x' in [1, 2, 3]", "false"},
        {"'a' in {'a': null}", "true"},
        {"1.0 in {1: 2}", "true"},
        {"[1] in [[1], [2]]", "true"},
        {"[1] in {'a': 1}", "false"},
        {"'a' in 'abc'", "?"},
        {"(1 / 0) in [1]", "?"},
        {"'g' in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'a']", "true"},
        {"'x' in ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']", "false"},
        {"7.0 in [1, 2, 3, 4, 5, 6, 7, 8]", "true"},
        {"[] in [1, 2, 3, 4, 5, 6, 7, 8]", "false"},
        {"5 in 1..5", "true"},
        {"5 in 1..<5", "false"},
        {"0 in 1..5", "false"},
        {"2.5 in 1..5", "true"},
        {"'m' in 'a'..'z'", "true"},
        {"'m' in 1..5", "?"},
        {"'5' in (1 / 0)..5", "?"},
        {"2 in 1..(1 / 0)", "?"},
        {"0 in 1..(1 / 0)", "false"},
    });
  }

  TEST_CASE("macros over lists") {
    checkTable({
        {"[1, 2, 3].all(x, x > 0)", "true"},
        {"[1, 2, 3].all(x, x > 1)", "false"},
        {"[].all(x, 1 / 0 > 0)", "true"},
        {"[1, 0, 5].all(x, 6 / x < 6)", "false"},  // 6 decides, whatever 0 does
        {"[0, 6].all(x, 6 / x < 6)", "?"},
        {"['a', 1].all(x, x > 1)", "false"},
        {"[1, 2, 3].exists(x, x == 2)", "true"},
        {"[0, 1].exists(x, 1 / x == 1)", "true"},
        {"[0, 2].exists(x, 1 / x == 1)", "?"},
        {"[].exists(x, true)", "false"},
        {"[1, 2, 3].exists_one(x, x == 2)", "true"},
        {"[1, 2, 2].exists_one(x, x == 2)", "false"},
        {"[1, 0].exists_one(x, 1 / x == 1)", "?"},
        {"[1, 2, 3].map(x, x * 2)", "[2, 4, 6]"},
        {"[1, 2, 3].map(x, x > 1, x * 2)", "[4, 6]"},
        {"[1, 0].map(x, 1 / x)", "?"},
        {"[1, 0].map(x, 1 / x == 1, x)", "?"},
        {"[1, 2, 3, 4].filter(x, x % 2 == 0)", "[2, 4]"},
        {"[1, 2].filter(x, x)", "?"},
        {"[1, 2].all(x, 'a')", "?"},
        {"(1).all(x, true)", "?"},
        {"(1 / 0 == 0 ? [1] : [2]).map(x, x)", "?"},
        {"[[1, 2], [3]].map(x, x.map(y, y + size(x)))", "[[3, 4], [4]]"},
        {"[1, 2].map(x, [10, 20].map(y, x * y).filter(z, z > 10))", "[[20], [20, 40]]"},
        {"[1, 2].map(x, [3].map(x, x))", "[[3], [3]]"},
        {"[1, 2].exists(x, [2, 3].exists(y, x == y)) && [1].all(z, z == 1)", "true"},
    });
  }

  TEST_CASE("macros over maps and with two variables") {
    checkTable({
        {"{'a': 1, 'b': 2}.map(k, k)", "[\"a\", \"b\"]"},
        {"{'a': 1}.exists(k, k == 'a')", "true"},
        {"{'a': 1, 'b': 2}.all(k, v, v > 0 && k != '')", "true"},
        {"[5, 6].exists(i, v, i == 1 && v == 6)", "true"},
        {"[5, 5].exists_one(i, v, i == 0 && v == 5)", "true"},
        {"[2, 4, 6].transformList(i, v, v / 2 + i)", "[1, 3, 5]"},
        {"[2, 4].transformList(i, v, i > 0, v)", "[4]"},
        {"{'a': 1, 'b': 2}.transformMap(k, v, v > 1, k + 'x')", "{\"b\": \"bx\"}"},
        {"{'a': 1}.transformMap(k, v, v / 0)", "?"},
        {"cel.bind(x, 1 + 1, x * x)", "4"},
        {"cel.bind(x, 1, cel.bind(y, x + 1, [x, y].map(x, x + y)))", "[3, 4]"},
    });
  }

  TEST_CASE("has and ??") {
    const Names names = {{}, {"m", "nothing"}, {}, {}, {}, {}};
    const std::vector<Value> locals = {Value::map({{Value::string("a"), Value::integer(1)},
                                                   {Value::string("n"), Value{}},
                                                   {Value::string("m"), Value::map({})}}),
                                       Value{}};
    checkTable(
        {
            {"has(m.a)", "true"},
            {"has(m.n)", "true"},
            {"has(m.b)", "false"},
            {"has(m.b.c)", "?"},
            {"has(nothing.a)", "?"},
            {"m.n ?? 5", "5"},
            {"m.a ?? 5", "1"},
            {"nothing ?? 5", "5"},
            {"nothing ?? nothing ?? 7", "7"},
            // A member that is missing from an open map is as good as null here, and only here.
            {"m.b ?? 5", "5"},
            {"m.b.c ?? 5", "5"},
            {"m.m['x'].y ?? 5", "5"},
            {"[1][3] ?? 5", "5"},
            {"m.a.b ?? 5", "?"},
            {"(1 / 0) ?? 5", "?"},
            {"nothing ?? 1 > 0", "true"},
        },
        names, locals);
  }

  TEST_CASE("templates take any value") {
    const Names names = {{}, {"x", "u"}, {}, {}, {}, {}};
    const std::vector<Value> locals = {Value::real(20), Value::error("RL9001", "no")};
    checkTable(
        {
            {"t\"hot: {x}, {'text'}, {[1, 'a']}, {duration('90s')}, {null}\"",
             "\"hot: 20, text, [1, \\\"a\\\"], 1m30s, null\""},
            {"t\"{u}\"", "?"},
            {"t\"plain\"", "\"plain\""},
        },
        names, locals);
  }

  TEST_CASE("fields, rows, references, host functions and queries") {
    Facts facts;
    facts.facts = {{Value::string("red"), Value::integer(3), Value::fact(FactId{2}), Value{},
                    Value::boolean(true)},
                   {Value::string("blue"), Value::integer(3), Value::fact(FactId{9}), Value{},
                    Value::boolean(false)}};
    const Row rows[] = {{facts.facts[0].data(), FactId{1}}, {facts.facts[1].data(), FactId{2}}};
    const Names names = {
        {{"p", {"color", "n", "next", "none", "on"}}, {"q", {"color", "n", "next", "none", "on"}}},
        {},
        {"color", "n", "next", "none", "on"},
        {},
        {"host"},
        {"ask"}};
    Frame frame;
    frame.rows = rows;
    frame.surroundings = &facts;
    const std::vector<Line> table = {
        {"p.color == 'red'", "true"},
        {"'red' == p.color", "true"},
        {"p.color != 'red'", "false"},
        {"p.n < 5", "true"},
        {"5 > p.n", "true"},
        {"p.n <= 2", "false"},
        {"2 >= p.n", "false"},
        {"p.n > 2", "true"},
        {"p.n >= 2.5", "true"},
        {"p.n == q.n", "true"},
        {"p.color != q.color", "true"},
        {"p.n == 1 + 2", "true"},
        {"p.on", "true"},
        {"!p.on", "false"},
        {"!q.on", "true"},
        {"!p.color", "?"},
        {"p.color < 1", "?"},
        {"p.none == null", "true"},
        {"has(p.none)", "false"},
        {"has(p.color)", "true"},
        {"p.none ?? 'x'", "\"x\""},
        {"p.none > 1", "?"},
        {"p", "#1"},
        {"p == q", "false"},
        {"p.next == q", "true"},
        {"p.next.color", "\"blue\""},
        {"p.next.next.color", "?"},
        {"[p, q].map(f, f.color)", "[\"red\", \"blue\"]"},
        {"[p, q].exists(f, f.color == 'blue' && f.n == p.n)", "true"},
        {"has(p.next.none)", "false"},
        {"host(1, p.n)", "[0, 1, 3]"},
        {"host(1 / 0)", "?"},
        {"ask(2)", "[{\"query\": 0, \"args\": [2]}]"},
        {"ask(p.color).exists(a, a.args[0] == 'red')", "true"},
    };
    for (const Line& line : table) {
      const std::string text = line.text;
      CAPTURE(text);
      const std::string value = toText(evaluate(compileExpr(read(line.text, names), {}), frame));
      if (std::string_view(line.value) == "?") {
        CHECK(value.substr(0, 8) == "RL9001: ");
      } else {
        CHECK(value == line.value);
      }
    }
    frame.surroundings = nullptr;
    for (const std::string text : {"p.next.color", "host(1)", "ask(1)"}) {
      CHECK(evaluate(compileExpr(read(text, names), {}), frame).isError());
    }
  }

  TEST_CASE("fuel runs out where the work is done, and nowhere else") {
    Value::List numbers;
    for (int i = 0; i < 1000; ++i) numbers.push_back(Value::integer(i));
    const Names names = {{}, {"xs", "long", "deep"}, {}, {}, {}, {}};
    Value deep = Value::integer(1);
    for (int i = 0; i < 18; ++i) deep = Value::list({deep, deep});
    const std::vector<Value> locals = {Value::list(numbers),
                                       Value::string(std::string(1000000, 'a')), deep};
    const auto result = [&](const char* text) { return evaluateText(text, names, locals); };
    CHECK(result("xs.all(x, x >= 0)") == "true");
    CHECK(result("xs.all(x, 999 in xs)").substr(0, 6) == "RL9002");
    CHECK(result("xs.all(x, xs.all(y, x + y >= 0))").substr(0, 6) == "RL9002");
    CHECK(result("xs.all(x, xs == xs)").substr(0, 6) == "RL9002");
    CHECK(result("deep == deep").substr(0, 6) == "RL9002");
    CHECK(result("deep in [deep]").substr(0, 6) == "RL9002");
    CHECK(result("t\"{deep}\"").substr(0, 6) == "RL9002");
    CHECK(result("size(long + 'b') == 1000001") == "true");
    CHECK(result("xs.all(x, long + long != '')").substr(0, 6) == "RL9002");
    CHECK(result("xs.all(x, long.contains('b') || true)").substr(0, 6) == "RL9002");
    CHECK(result("long.matches('(a|aa|aaa)*(a|b)+c')").substr(0, 6) == "RL9002");
    CHECK(result("long.replace('a', 'bbbbbbbbbb')").substr(0, 6) == "RL9002");
    // An error like any other: unknown, unless the other side decides.
    CHECK(result("xs.all(x, 999 in xs) || true") ==
          "RL9002: this expression takes too long: more than 100,000 steps");
    CHECK(result("xs.filter(x, x % 100 == 0).map(x, string(x)).join(',')") ==
          "\"0,100,200,300,400,500,600,700,800,900\"");
  }

  TEST_CASE("long expressions need a larger stack and get one") {
    std::string list = "[";
    for (int i = 0; i < 200; ++i) {
      list += std::string(i > 0 ? ", " : "") + "x + " + std::to_string(i);
    }
    const Names names = {{}, {"x"}, {}, {}, {}, {}};
    CHECK(evaluateText(list + "].size()", names, {Value::integer(1)}) == "200");
    CHECK(evaluateText(list + ", 1 / 0]", names, {Value::integer(1)}).substr(0, 6) == "RL9001");
  }

  // Every plain operation on every pair of kinds, numbers at their limits among them: the short way
  // returns exactly what the long one does.
  TEST_CASE("plain programs give what the general evaluation gives") {
    const std::vector<Value> values = {
        Value(),
        Value::boolean(false),
        Value::boolean(true),
        Value::integer(0),
        Value::integer(1),
        Value::integer(-1),
        Value::integer(7),
        Value::integer(INT64_MAX),
        Value::integer(INT64_MIN),
        Value::real(0.0),
        Value::real(-0.0),
        Value::real(1.0),
        Value::real(0.5),
        Value::real(0.0 / 0.0),
        Value::real(1e300 * 1e300),
        Value::natural(1),
        Value::string(""),
        Value::string("a"),
        Value::string("b"),
        Value::string(std::string(5000, 'x')),
        Value::bytes("a"),
        Value::list({Value::integer(1)}),
        Value::map({}),
        Value::timestamp(1, 5),
        Value::duration(1, 5),
        Value::type("int"),
        Value::fact(FactId{1}),
        Value::fact(FactId{2}),
        Value::error("RL9001", "unknown"),
        Value::none(),
        Value::some(Value::integer(1)),
    };
    Names names;
    names.rows = {{"p", {"a", "b"}}, {"q", {"a", "b"}}};
    names.locals = {"x", "y"};
    const char* const texts[] = {
        "p.a",
        "x",
        "p",
        "x == y",
        "x != y",
        "x < y",
        "x <= y",
        "x > y",
        "x >= y",
        "x + y",
        "x - y",
        "x * y",
        "x / y",
        "x % y",
        "!x",
        "!p.a",
        "x && y",
        "x || y",
        "p.a == q.b",
        "p.a != q.b",
        "p.a < q.b",
        "p.a == 1",
        "p.a != 1",
        "p.a < 1",
        "p.a <= 1",
        "p.a > 1",
        "p.a >= 1",
        "p.a == 'a'",
        "p.a < 'b'",
        "p.a == 0.5",
        "p.a <= 1.0",
        "p == q",
        "p.a + 1 < q.b * 2 - x",
        "p.a == x && q.b > 0 || !(y == x)",
        "(p.a + x) * (q.b - y) + (p.b / 3) % 5",
        "p.a < 1 && p.b < 1",
        "p.a == 1 || q.b == 1 || x",
    };
    std::size_t plain = 0;
    for (const char* text : texts) {
      CAPTURE(text);
      const Code code = compileExpr(read(text, names), {});
      plain += code.plain;
      for (const Value& a : values) {
        for (const Value& b : values) {
          const std::vector<Value> one = {a, b}, other = {b, b}, locals = {a, b};
          const Row rows[] = {{one.data(), FactId{1}}, {other.data(), FactId{2}}};
          const Frame frame{rows, locals.data(), nullptr};
          const Value fast = evaluate(code, frame), slow = evaluateInGeneral(code, frame);
          CHECK_MESSAGE((fast.kind() == slow.kind() && toText(fast) == toText(slow)), toText(a),
                        " ", toText(b), ": ", toText(fast), " and ", toText(slow));
        }
      }
    }
    CHECK(plain == std::size(texts));
    CHECK_FALSE(compileExpr(read("[x].all(i, i == 1)", names), {}).plain);
    CHECK_FALSE(compileExpr(read("x ? 1 : 2", names), {}).plain);
  }
}

}  // namespace expression_evaluate_test
