// What an expression begins with: names, calls, literals, lists, maps, records, templates.
#include <cmath>
#include <utility>

#include "base/number.h"
#include "syntax/expression_parser.h"

namespace reticle {
namespace {

Expr literal(Value value, Span span) {
  Expr e = node(ExprKind::Literal, span);
  e.value = std::move(value);
  return e;
}

// The digits of an int, decimal or after `0x`; nothing when they are too many for 64 bits.
std::optional<std::uint64_t> natural(std::string_view digits) {
  const bool hex = digits.size() > 1 && (digits[1] == 'x' || digits[1] == 'X');
  const unsigned base = hex ? 16 : 10;
  std::uint64_t value = 0;
  for (const char c : digits.substr(hex ? 2 : 0)) {
    const unsigned digit =
        c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 0x20) - 'a' + 10);
    if (value > (0xffffffffffffffffu - digit) / base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

}  // namespace

Expr ExpressionParser::primary() {
  const Lexeme here = at();
  const Span place = spanOf(here);
  height_ = 1;
  // A literal the lexer complained about is silent.
  const auto taken = [&](Value value) {
    take();
    return here.bad ? poison(here.begin) : literal(std::move(value), place);
  };
  if (is(Int) || is(Double)) return numberLiteral(false, here.begin);
  if (is(String)) return taken(Value::string(lexemes().decoded(here)));
  if (is(Bytes)) return taken(Value::bytes(lexemes().decoded(here)));
  if (is(LexemeKind::Duration)) {
    const Span64 micros = here.bad ? 0 : lexemes().durationOf(here);
    return taken(
        Value::duration(micros / 1'000'000, static_cast<std::int32_t>(micros % 1'000'000 * 1'000)));
  }
  if (is(TemplateText) || is(TemplateHead)) return templateExpression();
  if (is(ParenOpen)) return inBrackets();
  if (is(BracketOpen)) return listExpression();
  if (is(BraceOpen)) return mapExpression();
  if (is(Dot) && is(Word, 1)) return rootName();
  if (is(Word) && !nextItemStarts()) return word();
  advice_.noValue();
  return poison(here.begin);
}

// An unfinished line, and then the next item, clause or declaration.
bool ExpressionParser::nextItemStarts() const {
  if (!at().lineFirst || lexemes().position() == 0) return false;
  if (declarationStarts() || (isAnyWord({"then", "when"}) && is(BraceOpen, 1))) return true;
  return inside() != Inside::Fields && inside() != Inside::Module && itemStarts(inside()) &&
         (!typeStarts() || is(Colon, 1));
}

// "(" Expr ")"
Expr ExpressionParser::inBrackets() {
  const Lexeme open = take();
  Expr inner = [&] {
    const Within within(*this, enclosed(false));
    return expression();
  }();
  if (!takeIf(ParenClose)) advice_.bracketNotClosed(open);
  if (recovering()) return poison(open.begin);
  inner.span = spanFrom(open.begin);
  return inner;
}

// `.x`: from the root, past all bindings.
Expr ExpressionParser::rootName() {
  const std::uint32_t begin = take().begin;
  Expr e = word();
  if (e.kind == ExprKind::Name || e.kind == ExprKind::Call) e.rooted = true;
  e.span.begin = begin;
  return e;
}

// true, false, null; no other reserved word is a value.
Expr ExpressionParser::reservedWord() {
  const Lexeme word = at();
  if (isAnyWord({"true", "false", "null"})) {
    take();
    const bool null = textOf(word) == "null";
    return literal(null ? Value() : Value::boolean(textOf(word) == "true"), spanOf(word));
  }
  advice_.reservedValue();
  return poison(word.begin);
}

// A name, a call, or a record.
Expr ExpressionParser::word() {
  if (advice_.superfluous(Spot::BeforeRecord)) take();
  const Lexeme word = at();
  height_ = 1;
  if (word.reserved) return reservedWord();
  std::uint32_t lexemes = 1;
  if (typeStarts(0, &lexemes) && context_.records &&
      (is(BraceOpen, lexemes) || advice_.recordInRoundBrackets(lexemes))) {
    return record(lexemes);
  }
  take();
  Expr e = node(ExprKind::Name, spanOf(word));
  e.text = std::string(textOf(word));
  e.nameSpan = spanOf(word);
  if (!is(ParenOpen)) return e;
  e.kind = ExprKind::Call;
  callArguments(e);
  e.span = spanFrom(word.begin);
  if (recovering() || tooHigh(height_ + 1, e.span)) return poison(word.begin);
  return e.text == "has" ? hasMacro(std::move(e)) : std::move(e);
}

// Numbers

Expr ExpressionParser::numberLiteral(bool negative, std::uint32_t begin) {
  const Lexeme number = take();
  const Span place = spanFrom(begin);
  height_ = 1;
  if (number.bad) return poison(begin);
  if (number.kind == Int) return integerLiteral(number, negative, place);
  const std::optional<double> value = parseDouble(textOf(number));
  if (value && !std::isinf(*value)) return literal(Value::real(negative ? -*value : *value), place);
  advice_.doubleTooLarge(place);
  return poison(begin);
}

Expr ExpressionParser::integerLiteral(const Lexeme& number, bool negative, const Span& place) {
  constexpr std::uint64_t kLargest = 0x7fffffffffffffffu;
  std::string_view digits = textOf(number);
  const bool isUnsigned = reading().cel && (digits.back() == 'u' || digits.back() == 'U');
  if (isUnsigned) digits.remove_suffix(1);
  const std::optional<std::uint64_t> value = natural(digits);
  if (isUnsigned && value && !negative) return literal(Value::natural(*value), place);
  if (isUnsigned || !value || *value > kLargest + (negative ? 1 : 0)) {
    advice_.intTooLarge(place, digits, negative);
    return poison(place.begin);
  }
  return literal(Value::integer(negative ? static_cast<std::int64_t>(0 - *value)
                                         : static_cast<std::int64_t>(*value)),
                 place);
}

// Templates

// t"text{" Expr "}text{" … "}text"
Expr ExpressionParser::templateExpression() {
  const std::uint32_t begin = at().begin;
  const Within within(*this, enclosed(false));
  Expr e = node(ExprKind::Template, {});
  bool bad = false;
  int height = 1;
  const auto part = [&](const Lexeme& lexeme) {
    bad = bad || lexeme.bad;
    const std::string& text = lexemes().decoded(lexeme);
    if (!text.empty()) e.args.push_back(literal(Value::string(text), spanOf(lexeme)));
    return lexeme.kind;
  };
  LexemeKind kind = part(take());
  while (kind == TemplateHead || kind == TemplateMiddle) {
    Expr hole = expression();
    height = std::max(height, height_);
    if (!is(TemplateMiddle) && !is(TemplateTail)) advice_.holeHoldsTooMuch();
    if (recovering()) {
      if (!skipHole()) break;
      bad = true;
    }
    e.args.push_back(std::move(hole));
    kind = part(take());
  }
  e.span = spanFrom(begin);
  if (recovering() || bad || tooHigh(height + 1, e.span)) return poison(begin);
  return e;
}

// Whatever the hole holds, the template ends where the lexer saw its end. False when it saw none.
bool ExpressionParser::skipHole() {
  int depth = 0;
  while (!is(End) && (depth > 0 || (!is(TemplateMiddle) && !is(TemplateTail)))) {
    if (is(TemplateHead)) ++depth;
    if (is(TemplateTail)) --depth;
    take();
  }
  if (is(End)) return false;
  complaints().resume();
  return true;
}

// Lists, maps, records

// "[" [ [ "?" ] Expr { "," [ "?" ] Expr } ] "]"
Expr ExpressionParser::listExpression() {
  const Lexeme open = take();
  const Within within(*this, enclosed(false));
  Expr e = node(ExprKind::List, {});
  int height = 0;
  blocks().list(BracketClose, "elements", [&] {
    const std::uint32_t begin = at().begin;
    const bool maybe = takeIf(Question);
    Expr item = expression();
    height = std::max(height, height_);
    e.args.push_back(maybe ? element(std::move(item), begin) : std::move(item));
    if (isRange()) advice_.lacks(Lack::RangeWithoutBrackets, spanOf(at()));
  });
  return closed(std::move(e), open.begin, height);
}

// "{" [ [ "?" ] Expr ":" Expr { "," … } ] "}"
Expr ExpressionParser::mapExpression() {
  const Lexeme open = take();
  const Within within(*this, enclosed(true));
  Expr e = node(ExprKind::Map, {});
  int height = 0;
  blocks().list(BraceClose, "entries", [&] {
    const std::uint32_t begin = at().begin;
    const bool maybe = takeIf(Question);
    Expr key = expression();
    height = std::max(height, height_);
    if (!takeIf(Colon) && !advice_.tookInstead(Spot::EntrySign)) {
      advice_.lacks(Lack::EntryValue, key.span);
    }
    if (recovering()) return;
    e.args.push_back(std::move(key));
    Expr value = expression();
    height = std::max(height, height_);
    e.args.push_back(maybe ? element(std::move(value), begin) : std::move(value));
  });
  return closed(std::move(e), open.begin, height);
}

// Type "{" [ [ "..." Expr "," ] IDENT ":" Expr { "," … } ] "}"; `lexemes` is the length of its
// name. The dots are those of a range and one more.
Expr ExpressionParser::record(std::uint32_t lexemes) {
  const std::uint32_t begin = at().begin;
  Expr e = node(ExprKind::Record, {});
  for (std::uint32_t i = 0; i < lexemes; ++i) e.text += textOf(take());
  e.nameSpan = spanFrom(begin);
  const LexemeKind close = is(ParenOpen) ? ParenClose : BraceClose;
  if (close == ParenClose) advice_.bracesForRecord(e.text);
  take();
  const Within within(*this, enclosed(false));
  int height = 0;
  blocks().list(close, "members", [&] { memberValue(e, height); });
  return closed(std::move(e), begin, height);
}

// IDENT ":" Expr, or what is copied: the member "...".
void ExpressionParser::memberValue(Expr& record, int& height) {
  if (is(Range) && is(Dot, 1) && at(1).begin == at().end) {
    const std::uint32_t begin = take().begin;
    take();
    const Span dots = spanFrom(begin);
    Expr source = expression();
    height = std::max(height, height_);
    record.names.emplace_back(kCopied);
    record.nameSpans.push_back(dots);
    record.args.push_back(std::move(source));
    return;
  }
  if (advice_.noMemberName(record.text)) return;
  const Lexeme name = at();
  if (name.reserved) advice_.reserved(name, "member");
  take();
  if (!takeIf(Colon) && !advice_.tookInstead(Spot::MemberSign)) {
    return advice_.memberWithoutValue(name);
  }
  Expr value = expression();
  height = std::max(height, height_);
  record.names.emplace_back(textOf(name));
  record.nameSpans.push_back(spanOf(name));
  record.args.push_back(std::move(value));
}

// `?x` inside of a list or map, `begin` being its question mark.
Expr ExpressionParser::element(Expr value, std::uint32_t begin) const {
  Expr e = node(ExprKind::Unary, span(begin, std::max(begin, value.span.end)));
  e.op = Operator::Element;
  e.args.push_back(std::move(value));
  return e;
}

// A list, map or record after its closing bracket; `height` is that of its highest part.
Expr ExpressionParser::closed(Expr whole, std::uint32_t begin, int height) {
  whole.span = spanFrom(begin);
  if (recovering() || tooHigh(height + 1, whole.span)) return poison(begin);
  return whole;
}

}  // namespace reticle
