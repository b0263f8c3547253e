// The shape of compiled expressions: folding, fused tests, inlined functions.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "expression/op.h"
#include "expression/reading.h"

namespace expression_compile_test {

using namespace reticle;

namespace {

const Names kNames = {{{"p", {"color", "n", "on"}}, {"q", {"color", "n", "on"}}},
                      {"x"},
                      {"color", "n", "on"},
                      {"sees", "twice", "fourfold", "big"},
                      {},
                      {}};

// sees(a, b): a.color == b.color && a.n < b.n; twice(v): v + v; fourfold(v): twice(twice(v));
// big(v): [1, v].exists(x, x > v)
std::vector<UserFunction> functions() {
  const auto function = [](const char* name, std::vector<std::string> params, const char* body) {
    Names names = kNames;
    names.rows.clear();
    names.locals = params;
    return UserFunction{name, params, read(body, names)};
  };
  return {function("sees", {"a", "b"}, "a.color == b.color && a.n < b.n"),
          function("twice", {"v"}, "v + v"), function("fourfold", {"v"}, "twice(twice(v))"),
          function("big", {"v"}, "[1, v].exists(x, x > v)")};
}

std::size_t length(std::string_view text) {
  return compileExpr(read(text, kNames), functions()).instructions.size();
}

std::string result(const char* text) {
  const Value first[] = {Value::string("red"), Value::integer(3), Value::boolean(true)};
  const Value second[] = {Value::string("red"), Value::integer(4), Value::boolean(false)};
  const Row rows[] = {{first, FactId{1}}, {second, FactId{2}}};
  const Value locals[] = {Value::integer(10)};
  const Frame frame{rows, locals, nullptr};
  return toText(evaluate(compileExpr(read(text, kNames), functions()), frame));
}

}  // namespace

TEST_SUITE("compile") {
  TEST_CASE("the common tests are one instruction") {
    for (const std::string text :
         {"p.on", "!p.on", "p.color == 'red'", "'red' != p.color", "p.n < 3", "3 < p.n",
          "p.n == 1 + 2", "p.color == q.color", "p.n != q.n", "p.n >= -5"}) {
      CAPTURE(text);
      CHECK(length(text) == 1);
    }
  }

  TEST_CASE("constants are computed once") {
    for (const std::string text :
         {"1 + 2 * 3", "timestamp('2024-01-15T00:00:00Z') + duration('1h')", "[1, 2, 3]",
          "size('abc') == 3", "int('5')", "-(1 + 1)"}) {
      CAPTURE(text);
      CHECK(length(text) == 1);
    }
    CHECK(result("1 / 0").substr(0, 6) == "RL9001");  // fails when it runs, not before
    CHECK(length("x == 1 || 1 / 0 == 1") > 1);
  }

  TEST_CASE("a function called with rows becomes plain tests of their fields") {
    CHECK(length("sees(p, q)") == length("p.color == q.color && p.n < q.n"));
    CHECK(result("sees(p, q)") == "true");
    CHECK(result("sees(q, p)") == "false");
    CHECK(result("fourfold(p.n)") == "12");
    CHECK(result("twice(p.n + 1)") == "8");
    CHECK(result("twice(x)") == "20");
    CHECK(result("[1, 2].map(x, twice(x))") == "[2, 4]");
    CHECK(result("[1, 2].map(x, twice(x + 1))") == "[4, 6]");
  }

  TEST_CASE("an argument keeps the names of its own place") {
    // x is the caller's 10, not the variable of the body's macro
    CHECK(result("big(x)") == "false");
    CHECK(result("[0, 5].map(x, big(x))") == "[true, false]");
    CHECK(result("[0].exists(x, big(x - 1))") == "true");
  }

  TEST_CASE("an argument that fails counts only where it is read") {
    Names names = kNames;
    names.locals = {"c", "v"};
    names.functions = {"pick"};
    const std::vector<UserFunction> pick = {{"pick", {"c", "v"}, read("c ? v : 0", names)}};
    const auto run = [&](const char* text) {
      return toText(evaluate(compileExpr(read(text, names), pick), {}));
    };
    CHECK(run("pick(false, 1 / 0)") == "0");
    CHECK(run("pick(true, 1 / 0)").substr(0, 6) == "RL9001");
  }

  TEST_CASE("functions that grow without bound are refused when they run") {
    Names names;
    names.locals = {"v"};
    std::vector<UserFunction> chain;
    for (int i = 0; i < 40; ++i) names.functions.push_back("f" + std::to_string(i));
    chain.push_back({"f0", {"v"}, read("v + v", names)});
    for (int i = 1; i < 40; ++i) {
      const std::string inner = "f" + std::to_string(i - 1) + "(v + 1)";
      chain.push_back({"f" + std::to_string(i), {"v"}, read(inner + " + " + inner, names)});
    }
    const Value local = Value::integer(1);
    Frame frame;
    frame.locals = &local;
    CHECK(toText(evaluate(compileExpr(read("f39(v)", names), chain), frame)) ==
          "RL9002: this expression is too large");
    const Expr expanded = expandFunctions(read("f39(v)", names), chain);
    const auto nodes = [](const auto& self, const Expr& at) -> std::size_t {
      std::size_t count = 1;
      for (const Expr& arg : at.args) count += self(self, arg);
      return count;
    };
    CHECK(nodes(nodes, expanded) < 50000);  // the calls beyond stay as they are
  }
}

TEST_SUITE("expand functions") {
  TEST_CASE("rows and fields appear where parameters stood") {
    const Expr e = expandFunctions(read("sees(p, q)", kNames), functions());
    CHECK(e.kind == ExprKind::Binary);
    CHECK(e.op == Operator::And);
    const Expr& equal = e.args[0];
    CHECK(equal.args[0].ref.kind == Ref::Kind::Field);
    CHECK(equal.args[0].ref.row == 0);
    CHECK(equal.args[1].ref.kind == Ref::Kind::Field);
    CHECK(equal.args[1].ref.row == 1);
    CHECK(index(equal.args[1].ref.field) == 0);
  }

  TEST_CASE("functions within functions and within arguments are expanded") {
    const Expr e = expandFunctions(read("fourfold(twice(p.n))", kNames), functions());
    const auto calls = [](const auto& self, const Expr& at) -> int {
      int count = at.kind == ExprKind::Call ? 1 : 0;
      for (const Expr& arg : at.args) count += self(self, arg);
      return count;
    };
    CHECK(calls(calls, e) == 0);
    CHECK(toText(evaluate(
              compileExpr(expandFunctions(read("fourfold(twice(3))", kNames), functions()), {}),
              {})) == "24");
  }

  TEST_CASE("a variable of the body does not catch a name of the argument") {
    const Expr e = expandFunctions(read("[0, 5].map(x, big(x))", kNames), functions());
    CHECK(e.args[1].kind == ExprKind::Macro);
    CHECK(e.args[1].names[0] != "x");
    CHECK(toText(evaluate(compileExpr(e, {}), {})) == "[true, false]");
  }
}

}  // namespace expression_compile_test
