// Optionals, the list functions and `format`: what they cost, and what they do where the cases of
// cases.jsonl cannot look.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "expression/functions.h"
#include "expression/reading.h"
#include "reticle/value.h"

namespace expression_optional_test {

using namespace reticle;

namespace {

std::string codeOf(const std::string& text, const std::vector<Value>& locals = {}) {
  return evaluateText(text, {.locals = {"x", "y"}}, locals).substr(0, 6);
}

}  // namespace

TEST_SUITE("optionals") {
  TEST_CASE(
      "an optional is a value of its own: equal by what it holds, without order, with a text") {
    const Value one = Value::some(Value::integer(1)), none = Value::none();
    CHECK(one == Value::some(Value::real(1.0)));
    CHECK(one.hash() == Value::some(Value::real(1.0)).hash());
    CHECK_FALSE(one == none);
    CHECK(none == Value::none());
    CHECK(none.hash() == Value::none().hash());
    CHECK_FALSE(none == Value{});
    CHECK_FALSE(one == Value::integer(1));
    CHECK(compare(one, one) == 2);
    CHECK(toText(one) == "optional.of(1)");
    CHECK(toText(none) == "optional.none()");
    CHECK(typeName(one) == "optional_type");
    CHECK(Value::some(Value::error("RL9001", "no")).isError());
    const Value copy = Value::some(one);
    CHECK(copy.held().held() == Value::integer(1));
  }

  TEST_CASE("optionals nest as deep as lists, and no deeper") {
    Value value = Value::integer(1);
    int depth = 0;
    for (; depth < 1000 && !value.isError(); ++depth) value = Value::some(value);
    CHECK(value.isError());
    CHECK(depth > 100);
  }

  TEST_CASE("text of expressions with question marks reads back as the same") {
    for (const char* text : {"a.?b", "a[?b]", "[?a, b]", "{?a: b, c: d}", "a.?b.c", "[?a.?b]",
                             "[?a ? b : c]", "a.?`x-y`"}) {
      const std::string written = toText(read(text));
      CHECK(written == text);
    }
  }

  TEST_CASE("the alternative of an optional is not computed in vain") {
    CHECK(evaluateText("optional.of(1).orValue(lists.range(1000000).size())") == "1");
    CHECK(codeOf("optional.none().orValue(lists.range(1000000).size())") == "RL9002");
  }
}

TEST_SUITE("fuel of functions") {
  TEST_CASE("hostile calls run out of fuel instead of time and memory") {
    const Value list = Value::list(Value::List(50000, Value::integer(1))),
                text = Value::string(std::string(1000000, 'x'));
    for (const std::string hostile : {
             "lists.range(1000000000)",
             "lists.range(9223372036854775807)",
             "lists.range(400).map(i, lists.range(400)).flatten().size()",
             "lists.range(50).map(i, x).flatten().size()",
             "x.distinct().map(i, x.distinct()).size() + lists.range(60000).map(i, "
             "x.sort()).size()",
             "lists.range(90000).sort().size()",
             "'%s%s%s%s%s%s%s%s%s%s'.format(lists.range(10).map(i, x))",
             "lists.range(1000).map(i, y.replace('x', 'yyyyyyyyyy')).size()",
             "lists.range(5000).map(i, '%.100f'.format([1.0])).size() + x.map(i, x).size()",
             "lists.range(100).map(i, y.reverse()).size()",
             "y.split('').size()",
             "lists.range(50000).sortBy(i, -i).size()",
             "x.map(i, optional.of(x)).distinct().size()",
             "optional.of(x) == optional.of(x.map(i, i)) && x.all(i, optional.of(x) == "
             "optional.of(x))",
         }) {
      CAPTURE(hostile);
      CHECK(codeOf(hostile, {list, text}) == "RL9002");
    }
  }

  TEST_CASE("what is of a common size is paid for easily") {
    const Value list = Value::list(Value::List(1000, Value::integer(1)));
    CHECK(evaluateText("lists.range(1000).sortBy(i, -i)[0]") == "999");
    CHECK(evaluateText("x.distinct().size()", {.locals = {"x"}}, {list}) == "1");
    CHECK(evaluateText("lists.range(2000).sort().size()") == "2000");
    CHECK(evaluateText("lists.range(100).map(i, lists.range(10)).flatten().size()") == "1000");
    CHECK(evaluateText("lists.range(500).map(i, '%05'.size()).size()") == "500");
  }

  TEST_CASE("values of one hash do not make `distinct` slow") {
    // none equals another
    const Value nan = Value::list(Value::List(2000, Value::real(0.0 / 0.0)));
    CHECK(codeOf("x.distinct().size()", {nan, Value{}}) == "RL9002");
    const Value item = Value::list(Value::List(500, Value::integer(7)));
    const Value list = Value::list(Value::List(1000, item));
    CHECK(codeOf("x.distinct().size()", {list, Value{}}) == "RL9002");
  }
}

}  // namespace expression_optional_test
