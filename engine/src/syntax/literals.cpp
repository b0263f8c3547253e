// What an expression begins with: names, calls, literals, lists, maps, records, templates.
#include <cmath>
#include <utility>

#include "base/number.h"
#include "syntax/text_parser.h"

namespace reticle {
namespace {

Expr literal(Value value, Span span) {
  Expr e = node(ExprKind::Literal, span);
  e.value = std::move(value);
  return e;
}

}  // namespace

Expr TextParser::primary() {
  const Lexeme here = at();
  const Span span = spanOf(here);
  height_ = 1;
  switch (here.kind) {
    case Int:
    case Double: return numberLiteral(false, here.begin);
    case Duration: {
      take();
      if (here.bad) return poison(here.begin);
      const Span64 micros = lexemes_.durations[here.value];
      return literal(Value::duration(micros / 1'000'000,
                                     static_cast<std::int32_t>(micros % 1'000'000 * 1'000)),
                     span);
    }
    case String:
      take();
      return here.bad ? poison(here.begin)
                      : literal(Value::string(lexemes_.texts[here.value]), span);
    case Bytes:
      take();
      return here.bad ? poison(here.begin)
                      : literal(Value::bytes(lexemes_.texts[here.value]), span);
    case TemplateText:
    case TemplateHead: return templateExpression();
    case ParenOpen: {
      take();
      const bool records = std::exchange(records_, true), row = std::exchange(inRow_, false),
                 ends = std::exchange(assignEnds_, false);
      Expr inner = expression();
      records_ = records;
      inRow_ = row;
      assignEnds_ = ends;
      if (recovering_) return poison(here.begin);
      if (!takeIf(ParenClose)) {
        if (is(Range) || is(RangeOpen)) {
          fail("RL0029", spanOf(at()), "a range stands only to the right of `in`, without brackets")
              .help("write `x in a..b`");
          return poison(here.begin);
        }
        if (!at().lineFirst && (operandStarts() || is(Comma)) && !is(BraceOpen)) {
          fail("RL0023", spanOf(at()), shown(at()) + " does not belong to the expression before it")
              .related(span, "inside these brackets");
          return poison(here.begin);
        }
        complain("RL0009", span, "this `(` is never closed")
            .fix("add `)` after " + shown(previous()), after(spanOf(previous())), ")");
      }
      inner.span = spanFrom(here.begin);
      return inner;
    }
    case BracketOpen: return listExpression();
    case BraceOpen: return mapExpression();
    case Dot:
      if (is(Word, 1)) {
        take();
        Expr e = wordExpression();
        if (e.kind == ExprKind::Name || e.kind == ExprKind::Call) e.rooted = true;
        e.span.begin = here.begin;
        return e;
      }
      break;
    case QuotedWord:
      take();
      fail("RL0001", span, "a name between back quotes stands only behind a point")
          .help("texts stand between double quotes: `\"" + lexemes_.texts[here.value] + "\"`");
      return poison(here.begin);
    case Word: {
      // An unfinished line, and then the next item.
      if (here.lineFirst && next_ > 0 && inside_ != Inside::Fields && inside_ != Inside::Module &&
          itemStarts(inside_) && (!typeStarts() || is(Colon, 1))) {
        break;
      }
      if (here.lineFirst && next_ > 0 &&
          (declarationStarts() || (isAnyWord({"then", "when"}) && is(BraceOpen, 1)))) {
        break;
      }
      return wordExpression();
    }
    default: break;
  }
  missingValue();
  return poison(here.begin);
}

Expr TextParser::wordExpression() {
  const Lexeme word = at();
  const Span span = spanOf(word);
  height_ = 1;
  if (word.reserved) {
    if (isWord("true") || isWord("false")) {
      return literal(Value::boolean(textOf(take()) == "true"), span);
    }
    if (isWord("null")) {
      take();
      return literal(Value(), span);
    }
    if (isWord("if") || isWord("let") || isWord("for") || isWord("in") || isWord("as") ||
        isWord("else") || isWord("return")) {
      if (isWord("if") && next_ > 0) {
        fail("RL0023", span, "`if` is not a value")
            .help("a choice between two values is written `condition ? one : other`");
      } else {
        missingValue();
      }
      return poison(word.begin);
    }
    reserved(word, "value");
    take();
    return poison(word.begin);
  }
  if (isWord("new") && typeStarts(1)) {
    complain("RL0031", span, "a value of a type is written without `new`")
        .fix("remove `new`", {file_, word.begin, at(1).begin}, "");
    take();
    return wordExpression();
  }
  std::uint32_t lexemes = 1;
  if (typeStarts(0, &lexemes)) {
    if (records_ && is(BraceOpen, lexemes)) return record(lexemes);
    // Type(a: 1): a pattern's brackets around a value's members.
    if (records_ && is(ParenOpen, lexemes) && is(Word, lexemes + 1) && is(Colon, lexemes + 2)) {
      return record(lexemes);
    }
  }
  take();
  Expr e = node(ExprKind::Name, span);
  e.text = std::string(textOf(word));
  e.nameSpan = span;
  if (!is(ParenOpen)) return e;
  e.kind = ExprKind::Call;
  callArguments(e);
  e.span = spanFrom(word.begin);
  if (recovering_ || tooHigh(height_ + 1, e.span)) return poison(word.begin);
  return e.text == "has" ? hasMacro(std::move(e)) : std::move(e);
}

Expr TextParser::numberLiteral(bool negative, std::uint32_t begin) {
  const Lexeme number = take();
  const Span span = spanFrom(begin);
  height_ = 1;
  if (number.bad) return poison(begin);
  std::string digits(textOf(number));
  const bool isUnsigned =
      cel_ && number.kind == Int && (digits.back() == 'u' || digits.back() == 'U');
  if (isUnsigned) digits.pop_back();
  if (number.kind == Double) {
    const std::optional<double> value = parseDouble(digits);
    if (!value || std::isinf(*value)) {
      complain("RL0006", span, shown(span) + " is larger than any number the engine can hold")
          .note("the largest `double` is about 1.8e308");
      return poison(begin);
    }
    return literal(Value::real(negative ? -*value : *value), span);
  }
  const bool hex = digits.size() > 1 && (digits[1] == 'x' || digits[1] == 'X');
  std::uint64_t value = 0;
  bool tooLarge = false;
  for (std::size_t i = hex ? 2 : 0; i < digits.size(); ++i) {
    const char c = digits[i];
    const unsigned digit =
        c <= '9' ? static_cast<unsigned>(c - '0') : static_cast<unsigned>((c | 0x20) - 'a' + 10);
    const unsigned base = hex ? 16 : 10;
    if (value > (0xffffffffffffffffu - digit) / base) tooLarge = true;
    value = value * base + digit;
  }
  if (isUnsigned && !tooLarge && !negative) return literal(Value::natural(value), span);
  constexpr std::uint64_t kLargest = 0x7fffffffffffffffu;
  if (isUnsigned || tooLarge || value > kLargest + (negative ? 1 : 0)) {
    Complaint c = complain("RL0006", span, shown(span) + " does not fit into an `int`");
    c.note("an `int` runs from -9223372036854775808 to 9223372036854775807");
    if (!hex) {
      c.write(span, (negative ? "-" : "") + digits + ".0")
          .help("as a `double` it loses its last digits; an identifier is better kept as a text");
    }
    return poison(begin);
  }
  return literal(Value::integer(negative ? static_cast<std::int64_t>(0 - value)
                                         : static_cast<std::int64_t>(value)),
                 span);
}

Expr TextParser::templateExpression() {
  const std::uint32_t begin = at().begin;
  Expr e = node(ExprKind::Template, {});
  bool bad = false;
  int height = 1;
  const auto part = [&](const Lexeme& lexeme) {
    bad = bad || lexeme.bad;
    const std::string& text = lexemes_.texts[lexeme.value];
    if (!text.empty()) e.args.push_back(literal(Value::string(text), spanOf(lexeme)));
  };
  const bool records = std::exchange(records_, true), row = std::exchange(inRow_, false),
             ends = std::exchange(assignEnds_, false);
  LexemeKind kind = at().kind;
  part(take());
  while (kind == TemplateHead || kind == TemplateMiddle) {
    Expr hole = expression();
    height = std::max(height, height_);
    if (!recovering_ && !is(TemplateMiddle) && !is(TemplateTail)) {
      if (is(Colon)) {
        fail("RL0025", spanOf(at()), "a hole of a template holds an expression and no format")
            .help("format the value itself, for example `{\"%.2f\".format([x])}`");
      } else {
        fail("RL0025", spanOf(at()),
             "a hole of a template holds one expression; " + shown(at()) + " is too much");
      }
    }
    // Whatever the hole holds, the template ends where the lexer saw its end.
    if (recovering_) {
      int depth = 0;
      while (!is(End) && (depth > 0 || (!is(TemplateMiddle) && !is(TemplateTail)))) {
        if (is(TemplateHead)) ++depth;
        if (is(TemplateTail)) --depth;
        take();
      }
      if (is(End)) break;
      recovering_ = false;
      bad = true;
    }
    e.args.push_back(std::move(hole));
    kind = at().kind;
    part(take());
  }
  records_ = records;
  inRow_ = row;
  assignEnds_ = ends;
  e.span = spanFrom(begin);
  if (recovering_ || bad || tooHigh(height + 1, e.span)) return poison(begin);
  return e;
}

Expr TextParser::listExpression() {
  const Lexeme open = take();
  Expr e = node(ExprKind::List, {});
  int height = 0;
  const bool records = std::exchange(records_, true), row = std::exchange(inRow_, false),
             ends = std::exchange(assignEnds_, false);
  list(BracketClose, "elements", [&] {
    const std::uint32_t begin = at().begin;
    const bool maybe = takeIf(Question);
    Expr item = expression();
    height = std::max(height, height_);
    e.args.push_back(maybe ? element(std::move(item), begin) : std::move(item));
    if (!recovering_ && (is(Range) || is(RangeOpen))) {
      fail("RL0029", spanOf(at()), "a range stands without brackets, to the right of `in`")
          .help("write `x in a..b`");
    }
  });
  records_ = records;
  inRow_ = row;
  assignEnds_ = ends;
  e.span = spanFrom(open.begin);
  if (recovering_ || tooHigh(height + 1, e.span)) return poison(open.begin);
  return e;
}

Expr TextParser::mapExpression() {
  const Lexeme open = take();
  Expr e = node(ExprKind::Map, {});
  int height = 0;
  const bool records = std::exchange(records_, true), row = std::exchange(inRow_, false),
             ends = std::exchange(assignEnds_, true);
  list(BraceClose, "entries", [&] {
    const std::uint32_t begin = at().begin;
    const bool maybe = takeIf(Question);
    Expr key = expression();
    height = std::max(height, height_);
    if (recovering_) return;
    if (is(Assign)) {
      complain("RL0031", spanOf(at()), "the value of an entry stands behind `:`")
          .write(spanOf(at()), ":");
      take();
    } else if (!takeIf(Colon)) {
      fail("RL0033", key.span, "this entry of the map has no value").help("write `key: value`");
      return;
    }
    e.args.push_back(std::move(key));
    Expr value = expression();
    height = std::max(height, height_);
    e.args.push_back(maybe ? element(std::move(value), begin) : std::move(value));
    if (e.args.size() % 2 != 0) e.args.pop_back();
  });
  records_ = records;
  inRow_ = row;
  assignEnds_ = ends;
  e.span = spanFrom(open.begin);
  if (recovering_ || tooHigh(height + 1, e.span)) return poison(open.begin);
  return e;
}

// Type{field: value, …}; `lexemes` is the length of its name.
Expr TextParser::record(std::uint32_t lexemes) {
  const std::uint32_t begin = at().begin;
  Expr e = node(ExprKind::Record, {});
  for (std::uint32_t i = 0; i < lexemes; ++i) e.text += textOf(take());
  e.nameSpan = spanFrom(begin);
  const bool parens = is(ParenOpen);
  if (parens) {
    complain("RL0031", {file_, at().begin, at().end},
             "`" + e.text + "(…)` matches facts; a value of the type is written with braces")
        .fix("write `" + e.text + "{` … `}`", bracesFor(next_));
  }
  take();
  int height = 0;
  const bool records = std::exchange(records_, true), row = std::exchange(inRow_, false),
             ends = std::exchange(assignEnds_, false);
  list(parens ? ParenClose : BraceClose, "members", [&] {
    if (is(Question)) {
      fail("RL0034", spanOf(at()), "the members of `" + e.text + "` are not optional ones")
          .help("give the value for its absence: `name: x.orValue(null)`");
      return;
    }
    if (!is(Word)) {
      fail("RL0031", spanOf(at()), "the members of `" + e.text + "` are given by name")
          .help("write `" + e.text + "{name: value}`");
      return;
    }
    const Lexeme name = at();
    if (name.reserved) reserved(name, "member");
    take();
    if (is(Assign) || is(Equal)) {
      complain("RL0031", spanOf(at()), "the value of a member stands behind `:`")
          .write(spanOf(at()), ":");
      take();
    } else if (!is(Colon)) {
      fail("RL0031", spanOf(name), "the member " + shown(name) + " has no value")
          .write(spanOf(name), std::string(textOf(name)) + ": " + std::string(textOf(name)));
      return;
    } else {
      take();
    }
    Expr value = expression();
    height = std::max(height, height_);
    e.names.emplace_back(textOf(name));
    e.nameSpans.push_back(spanOf(name));
    e.args.push_back(std::move(value));
  });
  records_ = records;
  inRow_ = row;
  assignEnds_ = ends;
  e.span = spanFrom(begin);
  if (recovering_ || tooHigh(height + 1, e.span)) return poison(begin);
  return e;
}

}  // namespace reticle
