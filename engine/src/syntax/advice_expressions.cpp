// What to say about expressions: operators of other languages, and values that are none.
#include "syntax/advice_expressions.h"

namespace reticle {

// Operators

// `in`, and what other languages write: `meant` is the right spelling.
Infix ExpressionAdvice::foreignInfix(const ExpressionContext& context) const {
  constexpr int relation = Infix::kRelationLevel;
  if (is(Less)) return {Operator::NotEqual, relation, 2, "!="};  // `<>`
  if (is(Ampersand)) return {Operator::And, Infix::kAndLevel, 1, "&&"};
  if (is(Bar) && !context.inRow) return {Operator::Or, Infix::kOrLevel, 1, "||"};
  // Where a default may follow, `=` ends the expression and is not a slip for `==`.
  if (is(Assign) && !context.assignEnds) return {Operator::Equal, relation, 1, "="};
  if (is(FatArrow) && !context.inRow) return {Operator::GreaterEqual, relation, 1, ">="};
  if (!is(Word) || is(Colon, 1) || !operandStarts(1)) return {};
  // `and Order(…)` on a line of its own is the next condition, not more of this one.
  std::uint32_t past = 0;
  const bool pattern =
      at().lineFirst && (is(Colon, 2) || (typeStarts(1, &past) &&
                                          (is(ParenOpen, past + 1) || at(past + 1).lineFirst)));
  if (pattern && isAnyWord({"and", "or"})) return {};
  if (isWord("and")) return {Operator::And, Infix::kAndLevel, 1, "&&"};
  if (isWord("or") && !is(BraceOpen, 1)) return {Operator::Or, Infix::kOrLevel, 1, "||"};
  if (isWord("not") && isWord("in", 1)) return {Operator::In, relation, 2, "in", true};
  if (isWord("is") && isWord("not", 1)) return {Operator::NotEqual, relation, 2, "!="};
  if (isWord("is") && isAnyWord({"null", "true", "false"}, 1)) {
    return {Operator::Equal, relation, 1, "=="};
  }
  const bool argument = is(String, 1) || (is(Word, 1) && !is(ParenOpen, 1) && !at(1).lineFirst);
  if (!at().lineFirst && argument && isAnyWord({"contains", "matches", "startsWith", "endsWith"})) {
    return {Operator::None, relation, 1, "(", false, true};
  }
  return {};
}

// Returns the expression as it was meant; `whole` has already been joined with the right operator.
Expr ExpressionAdvice::operatorOfOtherLanguages(const Infix& infix, Expr whole, const Span& sign,
                                                const ExpressionContext& context) const {
  const std::string left = written(whole.args[0].span), right = written(whole.args[1].span);
  if (infix.op == Operator::Equal && infix.meant == "=") {
    if (!context.inCondition) {
      complain("RL0004", sign,
               "values are compared with `==`; a `=` cannot stand inside an expression")
          .write(sign, "==");
      return whole;
    }
    // In a pattern with a binding, a bare name is a field of the matched fact.
    const bool field = whole.args[0].kind == ExprKind::Name && !context.binding.empty();
    const bool path = whole.args[0].kind == ExprKind::Select;
    const std::string note =
        field ? "values are set in `then`, with `set " + context.binding + "." + left + " = " +
                    right + "`"
        : path ? "values are set in `then`, with `set " + left + " = " + right + "`"
               : "values are set in `then`, with `set`";
    complain("RL0004", sign, "a condition compares with `==`; `=` gives a value")
        .label("this would set a value")
        .fix("write `" + left + " == " + right + "`", sign, "==")
        .note(note);
    return whole;
  }
  if (infix.negated) {
    complain("RL0005", sign, "`not in` is written with `!`")
        .write(whole.span, "!(" + left + " in " + right + ")");
    Expr e;
    e.kind = ExprKind::Unary;
    e.span = whole.span;
    e.op = Operator::Not;
    e.args.push_back(std::move(whole));
    return e;
  }
  const std::string meant(infix.meant);
  complain("RL0005", sign, shown(sign) + " is written `" + meant + "`").write(sign, meant);
  return whole;
}

void ExpressionAdvice::joinOfOtherLanguages(Operator op, const Lexeme& sign) const {
  const bool both = op == Operator::And;
  complain("RL0005", spanOf(sign), both ? "`and` is written `&&`" : "`or` is written `||`")
      .write(spanOf(sign), both ? "&&" : "||");
}

// `not in` is an operator, and belongs to foreignInfix.
bool ExpressionAdvice::notOfOtherLanguages() const {
  if (!isWord("not") || (!is(Word, 1) && !is(ParenOpen, 1)) || isWord("in", 1)) return false;
  complain("RL0005", spanOf(at()), "`not` in front of an expression is written `!`")
      .write(span(at().begin, at(1).begin), "!");
  return true;
}

void ExpressionAdvice::methodAsOperator(const Span& sign, const Span& left,
                                        const Span& right) const {
  const std::string method = written(sign);
  complain("RL0005", sign, "`" + method + "` is called with a point and brackets")
      .write(span(left.begin, right.end),
             written(left) + "." + method + "(" + written(right) + ")");
}

void ExpressionAdvice::chainedComparison(const Span& sign, const Expr& left,
                                         const Span& right) const {
  complain("RL0005", sign, "comparisons do not chain: each has two sides")
      .write(span(left.span.begin, right.end), written(left.span) + " && " +
                                                   written(left.args[1].span) + " " +
                                                   written(sign) + " " + written(right));
}

// Values

void ExpressionAdvice::noValue() {
  if (!is(QuotedWord)) return missingValue();
  const Lexeme& word = take();
  fail("RL0001", spanOf(word), "a name between back quotes stands only behind a point")
      .help("texts stand between double quotes: `\"" + lexemes().decoded(word) + "\"`");
}

// Says whether a value is missing after what came, before what comes, or what stands here is none.
void ExpressionAdvice::missingValue() const {
  const Lexeme& here = at();
  const Lexeme& last = previous();
  const bool ends = is(End) || closesBracket(here.kind) || is(Comma) || is(Semicolon) ||
                    here.lineFirst || !is(Word);
  if (lexemes().position() == 0 || !ends) {
    fail("RL0023", spanOf(here), shown(here) + " is not a value");
    return;
  }
  // Where an operator stands and nothing in front of it could be its operand.
  const bool between = last.kind == ParenOpen || last.kind == BracketOpen || last.kind == Comma ||
                       is(Star) || is(Slash) || is(Equal) || is(NotEqual) || is(Less) ||
                       is(Greater) || is(And) || is(Or) || is(Plus) || is(Assign) ||
                       is(LessEqual) || is(GreaterEqual);
  if (between && !operandStarts() && !is(End) && !is(BraceClose) && !here.lineFirst) {
    fail("RL0023", spanOf(here), "a value is missing before " + shown(here));
  } else if (!operandStarts() && (last.kind == TemplateHead || last.kind == TemplateMiddle)) {
    fail("RL0025", span(last.end - 1, last.end), "this hole of the template is empty")
        .help(
            "put an expression between `{` and `}`, or write `{{` and `}}` for the signs "
            "themselves");
  } else {
    fail("RL0023", spanOf(last), "a value is missing after " + shown(last));
  }
}

// Words that begin something else are left there, for the one who reads that; a word that cannot
// begin anything is taken, as a name that may not be one.
void ExpressionAdvice::reservedValue() {
  const Lexeme word = at();
  if (isWord("if") && lexemes().position() > 0) {
    fail("RL0023", spanOf(word), "`if` is not a value")
        .help("a choice between two values is written `condition ? one : other`");
  } else if (isAnyWord({"if", "let", "for", "in", "as", "else", "return"})) {
    missingValue();
  } else {
    reserved(word, "value");
    take();
  }
}

void ExpressionAdvice::bracketNotClosed(const Lexeme& open) const {
  if (is(Range) || is(RangeOpen)) {
    fail("RL0029", spanOf(at()), "a range stands only to the right of `in`, without brackets")
        .help("write `x in a..b`");
  } else if (!at().lineFirst && (operandStarts() || is(Comma)) && !is(BraceOpen)) {
    fail("RL0023", spanOf(at()), shown(at()) + " does not belong to the expression before it")
        .related(spanOf(open), "inside these brackets");
  } else {
    neverClosed(open, ")");
  }
}

void ExpressionAdvice::doubleTooLarge(const Span& place) const {
  complain("RL0006", place, shown(place) + " is larger than any number the engine can hold")
      .note("the largest `double` is about 1.8e308");
}

void ExpressionAdvice::intTooLarge(const Span& place, std::string_view digits,
                                   bool negative) const {
  const bool hex = digits.size() > 1 && (digits[1] == 'x' || digits[1] == 'X');
  Complaint c = complain("RL0006", place, shown(place) + " does not fit into an `int`");
  c.note("an `int` runs from -9223372036854775808 to 9223372036854775807");
  // A `double` of the same value is no help to somebody who writes bits.
  if (hex) return;
  c.write(place, (negative ? "-" : "") + std::string(digits) + ".0")
      .help("as a `double` it loses its last digits; an identifier is better kept as a text");
}

void ExpressionAdvice::holeHoldsTooMuch() const {
  if (recovering()) return;
  if (is(Colon)) {
    fail("RL0025", spanOf(at()), "a hole of a template holds an expression and no format")
        .help("format the value itself, for example `{\"%.2f\".format([x])}`");
  } else {
    fail("RL0025", spanOf(at()),
         "a hole of a template holds one expression; " + shown(at()) + " is too much");
  }
}

// Members, calls, records

bool ExpressionAdvice::noMember(std::uint32_t begin, const Lexeme& sign) const {
  // `c.` at the end of a line, while the next line begins something else.
  const bool elsewhere = at().lineFirst && (is(Colon, 1) || itemStarts(inside()));
  if ((is(Word) || is(QuotedWord)) && !elsewhere) return false;
  const Span place = span(begin, sign.end);
  fail("RL0023", place, "a name is missing after the point of " + shown(place));
  return true;
}

void ExpressionAdvice::macroWithoutVariable(const std::string& macro, const Span& argument) const {
  const bool optional = macro == "optMap" || macro == "optFlatMap";
  complain("RL0027", argument,
           "`" + macro + "` begins with the name that stands for " +
               (optional ? "what the optional holds" : "each element"))
      .help("write it as `" + std::string(optional ? "value" : "list") + "." + macro +
            "(x, …)` with `x` in the rest");
}

void ExpressionAdvice::hasOfNoMember(const Expr& call) const {
  const Expr* argument = call.args.size() == 1 ? &call.args[0] : nullptr;
  if (argument != nullptr && argument->kind == ExprKind::Select) {
    complain("RL0034", call.span, "`has` and `.?` ask for the same: whether the member is there")
        .help("write `has(x.member)`, or `x.?member.hasValue()`");
    return;
  }
  complain("RL0027", call.span, "`has` asks whether a member is there: `has(x.member)`")
      .help(argument != nullptr && argument->kind == ExprKind::Name
                ? "to ask whether a value is there, write `" + argument->text + " != null`"
                : "give it one member, such as `has(order.note)`");
}

// `Type(name: …)`: a colon cannot stand in a pattern's constraints, so a record is meant.
bool ExpressionAdvice::recordInRoundBrackets(std::uint32_t lexemes) const {
  return is(ParenOpen, lexemes) && is(Word, lexemes + 1) && is(Colon, lexemes + 2);
}

void ExpressionAdvice::bracesForRecord(const std::string& type) const {
  complain("RL0031", spanOf(at()),
           "`" + type + "(…)` matches facts; a value of the type is written with braces")
      .fix("write `" + type + "{` … `}`", bracesFor(lexemes().position()));
}

bool ExpressionAdvice::noMemberName(const std::string& type) const {
  if (is(Question)) {
    fail("RL0034", spanOf(at()), "the members of `" + type + "` are not optional ones")
        .help("give the value for its absence: `name: x.orValue(null)`");
    return true;
  }
  if (is(Word)) return false;
  fail("RL0031", spanOf(at()), "the members of `" + type + "` are given by name")
      .help("write `" + type + "{name: value}`");
  return true;
}

void ExpressionAdvice::memberWithoutValue(const Lexeme& name) const {
  const std::string text(textOf(name));
  fail("RL0031", spanOf(name), "the member " + shown(name) + " has no value")
      .write(spanOf(name), text + ": " + text);
}

// Literals of clauses

bool ExpressionAdvice::templateInsteadOfText(std::string_view what) const {
  if (!is(TemplateText) && !is(TemplateHead)) return false;
  complain("RL0033", spanOf(at()), std::string(what) + " is a plain text, not a template")
      .fix("remove the `t`", span(at().begin, at().begin + 1), "");
  return true;
}

bool ExpressionAdvice::textWithoutQuotes(std::string_view what) const {
  if (!is(Word) || at().reserved || at().lineFirst || is(ParenOpen, 1) || is(Dot, 1)) return false;
  complain("RL0033", spanOf(at()), std::string(what) + " stands in quotes")
      .write(spanOf(at()), "\"" + std::string(textOf(at())) + "\"");
  return true;
}

void ExpressionAdvice::noText(std::string_view what) const {
  const std::string thing(what);
  if (!at().lineFirst && (is(Int) || is(Double) || is(LexemeKind::Duration))) {
    fail("RL0033", spanOf(at()), thing + " is a text in quotes");
  } else {
    fail("RL0033", spanOf(previous()), thing + " is missing after " + shown(previous()));
  }
}

// True when something that is meant as a duration has been taken and reported.
bool ExpressionAdvice::tookDurationOfOtherLanguages() {
  struct Unit {
    std::string_view word, meant;
  };
  static constexpr Unit kUnits[] = {
      {"weeks", "w"},  {"week", "w"},    {"days", "d"},   {"day", "d"}, {"hours", "h"},
      {"hour", "h"},   {"minutes", "m"}, {"minute", "m"}, {"min", "m"}, {"seconds", "s"},
      {"second", "s"}, {"sec", "s"},     {"ms", "ms"},    {"w", "w"},   {"d", "d"},
      {"h", "h"},      {"m", "m"},       {"s", "s"}};
  const std::uint32_t begin = at().begin;
  if (is(String)) {
    complain("RL0007", spanOf(at()), "a duration stands without quotes")
        .fix("remove the quotes", spanOf(at()), lexemes().decoded(at()));
    take();
    return true;
  }
  if (!is(Int)) return false;
  const std::string digits(textOf(take()));
  for (const Unit& unit : kUnits) {
    if (!isWord(unit.word) || is(Colon, 1)) continue;
    take();
    const std::string meant = digits + std::string(unit.meant);
    complain("RL0007", spanFrom(begin), "a duration is written without a space: `" + meant + "`")
        .write(spanFrom(begin), meant);
    return true;
  }
  complain("RL0007", spanFrom(begin), "this duration has no unit")
      .fix("write `" + digits + "s` for seconds", spanFrom(begin), digits + "s")
      .fix("or `" + digits + "m` for minutes", spanFrom(begin), digits + "m");
  return true;
}

}  // namespace reticle
