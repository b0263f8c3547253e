// The literals that clauses take without being expressions: texts, durations, whole numbers.
#include "syntax/expression_parser.h"

namespace reticle {

std::optional<std::string> ExpressionParser::text(std::string_view what) {
  if (recovering()) return std::nullopt;
  if (is(String)) return lexemes().decoded(take());
  if (advice_.templateInsteadOfText(what)) {
    templateExpression();
    return std::nullopt;
  }
  if (advice_.textWithoutQuotes(what)) return std::string(textOf(take()));
  advice_.noText(what);
  return std::nullopt;
}

std::optional<tree::Duration> ExpressionParser::duration(std::string_view what) {
  if (recovering()) return std::nullopt;
  const std::uint32_t begin = at().begin;
  if (is(LexemeKind::Duration)) {
    const Lexeme& lexeme = take();
    return tree::Duration{lexemes().durationOf(lexeme), spanOf(lexeme)};
  }
  if (advice_.tookDurationOfOtherLanguages()) return tree::Duration{0, spanFrom(begin)};
  // A name stands in the line of its clause: what begins the next line is another part.
  if ((is(Word) && !at().lineFirst && !is(Colon, 1)) || is(ParenOpen)) {
    Expr value = headExpression();
    if (recovering()) return std::nullopt;
    return tree::Duration{0, spanFrom(begin), std::move(value)};
  }
  advice_.lacks(Lack::Duration, spanOf(previous()), {what, shown(previous())});
  return std::nullopt;
}

std::optional<std::int64_t> ExpressionParser::count(std::string_view what) {
  if (recovering()) return std::nullopt;
  if (!is(Int)) {
    advice_.lacks(Lack::Count, spanOf(previous()), {what, shown(previous())});
    return std::nullopt;
  }
  const Expr number = numberLiteral(false, at().begin);
  if (number.kind != ExprKind::Literal) return std::nullopt;
  return number.value.asInt();
}

std::optional<double> ExpressionParser::part() {
  if (!is(Double) && !is(Int)) {
    advice_.lacks(Lack::JitterAmount, spanOf(previous()));
    return std::nullopt;
  }
  const Expr number = numberLiteral(false, at().begin);
  if (number.kind != ExprKind::Literal) return std::nullopt;
  return number.value.kind() == ValueKind::Int ? static_cast<double>(number.value.asInt())
                                               : number.value.asDouble();
}

}  // namespace reticle
