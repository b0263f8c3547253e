// What follows a value: its members, elements and calls; and the calls that are macros.
#include <utility>

#include "syntax/expression_parser.h"

namespace reticle {
namespace {

// How a macro's arguments begin: with the variables it declares.
struct MacroShape {
  std::size_t variables = 0;  // 0: no macro
  std::size_t first = 1;      // the first variable among the arguments
};

bool isPlainName(const Expr& e) { return e.kind == ExprKind::Name && !e.rooted; }

// By the name of the method and the number of its arguments.
MacroShape macroShape(const Expr& call) {
  const std::string& f = call.text;
  const std::size_t given = call.args.size() - 1;
  const auto among = [&](std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), f) != names.end();
  };
  if (f == "bind" && isPlainName(call.args[0]) && call.args[0].text == "cel") {
    return {given == 3 ? 1u : 0u};
  }
  if (among({"all", "exists", "exists_one", "existsOne"})) {
    return {given == 3 ? 2u : given == 2 ? 1u : 0u};
  }
  if (f == "map") return {given == 2 || given == 3 ? 1u : 0u};
  if (among({"filter", "sortBy", "optMap", "optFlatMap"})) return {given == 2 ? 1u : 0u};
  if (among({"transformList", "transformMap", "transformMapEntry"})) {
    return {given == 3 || given == 4 ? 2u : 0u};
  }
  return {};
}

}  // namespace

// Member = Primary { "." IDENT [ Arguments ] | "[" Expr "]" }
Expr ExpressionParser::member() {
  const std::uint32_t begin = at().begin;
  Expr e = primary();
  if (recovering()) return poison(begin);
  return selection(std::move(e));
}

Expr ExpressionParser::selection(Expr e) {
  const std::uint32_t begin = e.span.begin;
  while (!recovering() && (is(Dot) || is(BracketOpen))) {
    const Lexeme sign = take();
    const bool maybe = takeIf(Question);
    e = sign.kind == BracketOpen ? index(std::move(e), begin, sign, maybe)
                                 : named(std::move(e), begin, sign, maybe);
  }
  return recovering() ? poison(begin) : std::move(e);
}

Expr ExpressionParser::index(Expr target, std::uint32_t begin, const Lexeme& sign, bool maybe) {
  const int height = height_;
  Expr e = node(ExprKind::Index, {});
  e.maybe = maybe;
  e.args.push_back(std::move(target));
  {
    const Within within(*this, enclosed(context_.assignEnds));
    e.args.push_back(expression());
  }
  if (recovering()) return e;
  if (!takeIf(BracketClose)) advice_.neverClosed(sign, "]");
  e.span = spanFrom(begin);
  tooHigh(std::max(height, height_) + 1, e.span);
  return e;
}

// A member or a method.
Expr ExpressionParser::named(Expr target, std::uint32_t begin, const Lexeme& sign, bool maybe) {
  const int height = height_;
  if (advice_.noMember(begin, sign)) return target;
  const Lexeme name = take();
  const std::string text =
      name.kind == QuotedWord ? lexemes().decoded(name) : std::string(textOf(name));
  if (maybe && is(ParenOpen)) {
    advice_.lacks(Lack::MemberOfOptional, span(sign.begin, name.end), {text});
    return target;
  }
  if (is(ParenOpen) && name.kind == Word) {
    Expr call = node(ExprKind::Call, {});
    call.text = text;
    call.method = true;
    call.nameSpan = spanOf(name);
    call.args.push_back(std::move(target));
    callArguments(call);
    call.span = spanFrom(begin);
    if (recovering() || tooHigh(std::max(height, height_) + 1, call.span)) return call;
    return macro(std::move(call));
  }
  if (target.kind == ExprKind::Literal && target.value.isNumber()) {
    advice_.lacks(Lack::DigitsAfterPoint, span(begin, name.end));
    return target;
  }
  Expr select = node(ExprKind::Select, spanFrom(begin));
  select.maybe = maybe;
  select.text = text;
  select.nameSpan = spanOf(name);
  select.args.push_back(std::move(target));
  tooHigh(height + 1, select.span);
  return select;
}

// From `(` to `)`; the height is that of the highest argument and of what was read before.
void ExpressionParser::callArguments(Expr& call) {
  const std::size_t own = call.args.size();
  int height = height_;
  bool named = false;
  {
    const Within within(*this, enclosed(false));
    take();
    blocks().list(ParenClose, "arguments", [&] {
      std::string name;
      Span place;
      if (is(Word) && is(Colon, 1) && !at().reserved && !reading().cel) {
        place = spanOf(at());
        name = std::string(textOf(take()));
        take();
        named = true;
      }
      call.names.push_back(std::move(name));
      call.nameSpans.push_back(place);
      call.args.push_back(expression());
      height = std::max(height, height_);
    });
  }
  if (!named || call.args.size() - own != call.names.size()) {
    call.names.clear();
    call.nameSpans.clear();
  }
  height_ = height;
}

// A method call that declares variables: has its own shape in the tree.
Expr ExpressionParser::macro(Expr call) {
  const MacroShape shape = macroShape(call);
  if (shape.variables == 0) return call;
  const std::string& f = call.text;
  const std::size_t bodies = shape.first + shape.variables;
  for (std::size_t i = shape.first; i < bodies; ++i) {
    const Expr& variable = call.args[i];
    if (isPlainName(variable)) continue;
    if (f == "bind") return call;
    if (variable.kind != ExprKind::Poison) advice_.macroWithoutVariable(f, variable.span);
    return poison(call.span.begin);
  }
  Expr e = node(ExprKind::Macro, call.span);
  e.text = f == "existsOne" ? "exists_one" : f;
  e.nameSpan = call.nameSpan;
  for (std::size_t i = shape.first; i < bodies; ++i) {
    e.names.push_back(call.args[i].text);
    e.nameSpans.push_back(call.args[i].span);
  }
  if (f != "bind") e.args.push_back(std::move(call.args[0]));
  for (std::size_t i = bodies; i < call.args.size(); ++i) {
    e.args.push_back(std::move(call.args[i]));
  }
  return e;
}

// has(x.member)
Expr ExpressionParser::hasMacro(Expr call) {
  const bool one = call.args.size() == 1;
  if (one && call.args[0].kind == ExprKind::Select && !call.args[0].maybe) {
    Expr select = std::move(call.args[0]);
    select.test = true;
    select.span = call.span;
    return select;
  }
  if (!one || call.args[0].kind != ExprKind::Poison) advice_.hasOfNoMember(call);
  return poison(call.span.begin);
}

}  // namespace reticle
