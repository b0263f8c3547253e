// Expressions, source beside printed form, literals, spans.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "syntax/parser.h"

namespace syntax_expression_test {

using namespace reticle;

namespace {

Expr read(const std::string& text, std::size_t mistakes = 0) {
  std::vector<Diagnostic> diagnostics;
  Expr e = parseExpression({"e", text}, 0, diagnostics);
  CAPTURE(text);
  CHECK(diagnostics.size() == mistakes);
  return e;
}

// The tree with every operator in brackets.
std::string shape(const Expr& e) {
  std::string out;
  switch (e.kind) {
    case ExprKind::Binary:
    case ExprKind::Unary:
    case ExprKind::Ternary:
    case ExprKind::Range: {
      out = "(" + std::to_string(static_cast<int>(e.op));
      for (const Expr& arg : e.args) out += " " + shape(arg);
      return out + ")";
    }
    case ExprKind::Literal:
    case ExprKind::Name:
    case ExprKind::Select:
    case ExprKind::Index:
    case ExprKind::Call:
    case ExprKind::List:
    case ExprKind::Map:
    case ExprKind::Record:
    case ExprKind::Template:
    case ExprKind::Macro:
    case ExprKind::Poison: break;
  }
  return toText(e);
}

std::string code(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  parseExpression({"e", text}, 0, diagnostics);
  return diagnostics.empty() ? "" : diagnostics[0].code;
}

}  // namespace

TEST_SUITE("syntax: expressions") {
  TEST_CASE("operators bind as in CEL, `??` between `+` and comparison") {
    const struct {
      const char *plain, *bracketed;
    } pairs[] = {{"a || b && c", "a || (b && c)"},
                 {"a && b == c", "a && (b == c)"},
                 {"a == b + c * d", "a == (b + (c * d))"},
                 {"a - b - c", "(a - b) - c"},
                 {"a / b * c", "(a / b) * c"},
                 {"-a.b[c]", "-((a.b)[c])"},
                 {"!a && b", "(!a) && b"},
                 {"a ?? b + c == d", "(a ?? (b + c)) == d"},
                 {"a ?? b ?? c", "(a ?? b) ?? c"},
                 {"a ? b : c ? d : e", "a ? b : (c ? d : e)"},
                 {"a || b ? c : d", "(a || b) ? c : d"},
                 {"x in 1..n + 1", "x in 1..(n + 1)"},
                 {"a in b == c", "(a in b) == c"},
                 {"a < b && c >= d || e", "((a < b) && (c >= d)) || e"},
                 {"!!a", "!(!a)"}};
    for (const auto& pair : pairs) {
      CAPTURE(pair.plain);
      CHECK(shape(read(pair.plain)) == shape(read(pair.bracketed)));
    }
    CHECK(shape(read("a ? b : c")) != shape(read("a || b")));
  }

  TEST_CASE("the printed form has no needless brackets and reads back as the same tree") {
    const struct {
      const char *source, *text;
    } rows[] = {{"((a)) + (b * c)", "a + b * c"},
                {"(a + b) * c", "(a + b) * c"},
                {"a - (b - c)", "a - (b - c)"},
                {"(a || b) && c", "(a || b) && c"},
                {"-(5)", "-(5)"},
                {"- 5", "-5"},
                {"a - -5", "a - -5"},
                {"(a ? b : c) ? d : e", "(a ? b : c) ? d : e"},
                {"(-a).b", "(-a).b"},
                {"x.all(y, y > 0)", "x.all(y, y > 0)"},
                {"x.map(k, k > 1, k * 2)", "x.map(k, k > 1, k * 2)"},
                {"m.exists(k, v, v == k)", "m.exists(k, v, v == k)"},
                {"has(a.b.c)", "has(a.b.c)"},
                {"cel.bind(x, 1, x + x)", "cel.bind(x, 1, x + x)"},
                {"Order{id: 'a', n: 1,}", "Order{id: \"a\", n: 1}"},
                {"a.b.C{}", "a.b.C{}"},
                {"{'a': 1, 2: [true, null]}", "{\"a\": 1, 2: [true, null]}"},
                {".x.y", ".x.y"},
                {".f(x)", ".f(x)"},
                {"m.`content-type`", "m.`content-type`"},
                {"m.if", "m.if"},
                {"t\"a {b} {{c}} {d.e(1)}\"", "t\"a {b} {{c}} {d.e(1)}\""},
                {"t'{ {\"a\": 1}[\"a\"] }'", "t\"{ {\"a\": 1}[\"a\"]}\""},
                {"t\"{t\"{x}\"}\"", "t\"{t\"{x}\"}\""},
                {"t''", "t\"\""},
                {"x in a..<b", "x in a..<b"},
                {"1h30m", "1h30m"},
                {"500ms + 10m", "500ms + 10m"},
                {"tracker.find(id: 1, name: x)", "tracker.find(id: 1, name: x)"},
                {"[1,2,]", "[1, 2]"},
                {"a ?? b", "a ?? b"}};
    for (const auto& row : rows) {
      CAPTURE(row.source);
      const std::string text = toText(read(row.source));
      CHECK(text == row.text);
      CHECK(toText(read(text)) == text);
      CHECK(shape(read(text)) == shape(read(row.source)));
    }
  }

  TEST_CASE("literals of every form") {
    CHECK(read("0x7fffffffffffffff").value == Value::integer(INT64_MAX));
    CHECK(read("-9223372036854775808").value == Value::integer(INT64_MIN));
    CHECK(read("-0x10").value == Value::integer(-16));
    CHECK(read("1.5e3").value == Value::real(1500));
    CHECK(read(".5").value == Value::real(0.5));
    CHECK(read("1e2").value == Value::real(100));
    CHECK(read("2d12h").value == Value::duration(216000, 0));
    CHECK(read("1.5s").value == Value::duration(1, 500000000));
    CHECK(read("250us").value == Value::duration(0, 250000));
    CHECK(read("'a\\n\\x41\\u00e9\\U0001F600\\101'").value ==
          Value::string("a\nA\xC3\xA9\xF0\x9F\x98\x80"
                        "A"));
    CHECK(read("r'\\n'").value == Value::string("\\n"));
    CHECK(read("\"\"\"a\n\"b\" \"\"\"").value == Value::string("a\n\"b\" "));
    CHECK(read("R'''it's'''").value == Value::string("it's"));
    CHECK(read("b'\\xff\\377a\xC3\xA9'").value == Value::bytes("\xff\xff"
                                                               "a\xC3\xA9"));
    CHECK(read("bR\"\\x\"").value == Value::bytes("\\x"));
    CHECK(read("Br'''\\x'''").value == Value::bytes("\\x"));
    CHECK(read("null").value.isNull());
    CHECK(read("true").value.isTrue());
  }

  TEST_CASE("spans are exact bytes, whatever the alphabet") {
    const std::string text = "größe('é', a.b) + x.all(y, y > 1)";
    std::vector<Diagnostic> diagnostics;
    parseExpression({"e", text}, 0, diagnostics);
    CHECK(diagnostics.size() == 1);
    const std::string good = "f('é', a.b) + x.all(y, y > 1)";
    const Expr e = read(good);
    const auto part = [&](Span span) { return good.substr(span.begin, span.end - span.begin); };
    CHECK(part(e.span) == good);
    CHECK(part(e.args[0].span) == "f('é', a.b)");
    CHECK(part(e.args[0].nameSpan) == "f");
    CHECK(part(e.args[0].args[1].nameSpan) == "b");
    CHECK(part(e.args[1].nameSpans[0]) == "y");
    CHECK(part(e.args[1].args[1].span) == "y > 1");
  }

  TEST_CASE("what cannot be read has a code of its own") {
    const struct {
      const char *text, *code;
    } rows[] = {{"1u", "RL0028"},        {"0xFFu", "RL0028"},    {"a.?b()", "RL0034"},
                {"has(a.?b)", "RL0034"}, {"T{?a: b}", "RL0034"}, {"[?]", "RL0023"},
                {"a = b", "RL0004"},     {"a and b", "RL0005"},  {"a ≠ b", "RL0005"},
                {"1.", "RL0006"},        {"1.e", "RL0006"},      {"9223372036854775808", "RL0006"},
                {"10min", "RL0007"},     {"'a", "RL0002"},       {"'\\q'", "RL0003"},
                {"(a", "RL0009"},        {"a b", "RL0023"},      {"", "RL0023"},
                {"a..b", "RL0029"},      {"has(a)", "RL0027"},   {"while", "RL1010"},
                {"if", "RL0023"},        {"T(a: 1)", "RL0031"},  {"t\"{}\"", "RL0025"},
                {"\xff", "RL0001"},      {"#", "RL0008"},        {"a ? b", "RL0033"}};
    for (const auto& row : rows) {
      CAPTURE(row.text);
      CHECK(code(row.text) == row.code);
    }
  }

  TEST_CASE("sixty-four levels are read, more are refused, and long alternatives are no levels") {
    const auto nested = [](int levels) {
      return std::string(static_cast<std::size_t>(levels), '(') + "1" +
             std::string(static_cast<std::size_t>(levels), ')');
    };
    CHECK(code(nested(60)).empty());
    CHECK(code(nested(70)) == "RL0024");
    CHECK(code(nested(100000)) == "RL0024");
    CHECK(code(std::string(40, '-') + "x").empty());
    CHECK(code(std::string(100000, '!') + "x") == "RL0024");
    std::string many = "a";
    for (int i = 0; i < 1000; ++i) many += " || a" + std::to_string(i);
    CHECK(code(many).empty());
    CHECK(toText(read(many)) == many);
  }

  TEST_CASE("types print as written and fit as declared") {
    Type list = Type::of(TypeKind::List);
    list.arguments = {Type::of(TypeKind::String)};
    CHECK(toText(list.asOptional()) == "list<string>?");
    Type sex = Type::of(TypeKind::Enum);
    sex.values = {"m", "f"};
    CHECK(toText(sex) == "enum(\"m\", \"f\")");
    sex.name = "Sex";
    CHECK(toText(sex) == "Sex");
    CHECK(fits(sex, Type::of(TypeKind::String)));
    CHECK(!fits(Type::of(TypeKind::String), sex));
    CHECK(fits(Type::of(TypeKind::Null), list.asOptional()));
    CHECK(!fits(Type::of(TypeKind::Null), list));
    CHECK(!fits(list.asOptional(), list));
    CHECK(fits(list, list.asOptional()));
    CHECK(fits(Type{}, list));
    CHECK(!fits(Type::of(TypeKind::Int), Type::of(TypeKind::Double)));
    CHECK(list == list);
    CHECK(!(list == list.asOptional()));
  }
}

}  // namespace syntax_expression_test
