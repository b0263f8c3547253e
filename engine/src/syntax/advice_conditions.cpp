// What to say about conditions and patterns: what stands among them and is none, and how other rule
// languages write them.
#include "syntax/advice_conditions.h"

#include "syntax/accumulate_functions.h"

namespace reticle {

// Conditions

std::uint32_t ConditionAdvice::bindingOfOtherLanguages() const {
  if (!is(Word) || at().reserved) return 0;
  // `x = Type(…)` and `x <- Type(…)`. Returns how many lexemes the sign takes, 0 when there is
  // none.
  const std::uint32_t sign = is(Assign, 1) ? 1 : is(Less, 1) && is(Minus, 2) ? 2 : 0;
  std::uint32_t past = 0;
  if (sign == 0 || !typeStarts(sign + 1, &past)) return 0;
  // `x = Total` alone may as well be a comparison with a constant.
  const Lexeme& next = at(sign + 1 + past);
  const bool pattern =
      next.kind == ParenOpen || (past == 1 && (next.lineFirst || next.kind == BraceClose));
  if (!pattern) return 0;
  complain("RL0017", span(at(1).begin, at(sign).end), "a binding is written with `:`")
      .fix("write `" + std::string(textOf(at())) + ": " + std::string(textOf(at(sign + 1))) + "`",
           span(at().end, at(sign).end), ":");
  return sign;
}

// Everything here fails: what follows would be read as conditions of their own.
void ConditionAdvice::noCondition() const {
  static constexpr const char* kForms =
      "a condition is a pattern, `c: Customer(loggedIn)`, or begins with not, exists, forall, "
      "either, accumulate, each, let or if";
  const Lexeme& first = at();
  const Span place = spanOf(first);
  const std::string word(textOf(first));
  if (!is(Word)) {
    if (operandStarts()) {
      fail("RL0017", place, "a condition about values begins with `if`")
          .fix("write `if` in front", before(first), "if ");
    } else {
      fail("RL0017", place, shown(place) + " does not begin a condition").help(kForms);
    }
  } else if (first.reserved) {
    fail("RL0017", place, "`" + word + "` does not begin a condition");
  } else if (!noConditionWord()) {
    fail("RL0017", place, "`" + word + "` does not begin a condition").help(kForms);
  }
}

// A word that begins something else; false when it says nothing.
bool ConditionAdvice::noConditionWord() const {
  const Lexeme& first = at();
  const Span place = spanOf(first);
  const std::string word(textOf(first));
  // A keyword that is misspelt, in front of what follows that keyword.
  const bool operand = is(BraceOpen, 1) || (is(Word, 1) && !at(1).lineFirst);
  const std::string_view near =
      operand
          ? nearest(word, {"not", "exists", "forall", "either", "accumulate", "each", "let", "if"})
          : std::string_view{};
  // `l: Line from o.lines`, `l from o.lines`, as in Drools and SQL
  const bool behind = word == "from" && is(Word, 1) && !at(1).lineFirst;
  if (behind || (isWord("from", 1) && is(Word, 2) && !is(Colon, 1))) {
    const Lexeme& from = behind ? first : at(1);
    Complaint c =
        fail("RL0017", spanOf(from), "the elements of a list are matched with `each`, one by one");
    if (!behind) c.write(span(first.begin, from.end), "each " + word + " in");
    const std::string list(textOf(at(behind ? 1 : 2)));
    c.help("write `each x in " + list + (is(Dot, behind ? 2 : 3) ? ".…" : "") +
           "`; what is asked of an element stands behind `where`: `where x > 3`");
    return true;
  }
  if (word == "or") {
    fail("RL0017", place, "`or` follows the block of an `either`")
        .help("write `either { … } or { … }`");
  } else if (word == "and") {
    fail("RL0017", place, "conditions that stand one below the other hold together, without `and`")
        .fix("remove `and`", place, "");
  } else if (word == "eval" && is(ParenOpen, 1)) {
    fail("RL0017", place, "a condition about values begins with `if`").write(place, "if");
  } else if (!near.empty()) {
    Complaint c = fail("RL0017", place, "no condition begins with `" + word + "`");
    replace(c, word, place, near);
  } else if (isAnyWord({"insert", "set", "update", "retract", "emit", "call", "start", "log",
                        "halt", "upsert", "unset"})) {
    fail("RL0017", place, "`" + word + "` is an action and stands in `then`")
        .help("`when` says what must be so, `then` what to do about it");
  } else if (is(ParenOpen, 1)) {
    fail("RL0021", place,
         "`" + word + "(…)` is no pattern: the name of a type begins with a capital")
        .write(place, capitalised(word))
        .help("if it is a function, write `if " + word + "(…)`");
  } else if (is(Assign, 1)) {
    fail("RL0017", place, "a condition neither sets nor compares with `=`")
        .fix("write `let` in front to name a value", before(first), "let ")
        .help("to compare, write `if " + word + " == …`");
  } else if (comparisonStarts()) {
    fail("RL0017", place, "a condition about values begins with `if`")
        .fix("write `if` in front", before(first), "if ");
  } else {
    return false;
  }
  return true;
}

// A value stands here, and is compared or used.
bool ConditionAdvice::comparisonStarts() const {
  static constexpr LexemeKind kSigns[] = {Dot,       Equal,        NotEqual, Less, Greater,
                                          LessEqual, GreaterEqual, And,      Or};
  for (const LexemeKind sign : kSigns) {
    if (is(sign, 1)) return true;
  }
  // `x in list`; `contains y` and the like, with nothing in front.
  if (isWord("in", 1)) return true;
  const bool argument = is(String, 1) || (is(Word, 1) && !is(ParenOpen, 1) && !at(1).lineFirst);
  return !is(Colon, 1) && operandStarts(1) &&
         ((isWord("not") && isWord("in", 1)) || (isWord("is") && isWord("not", 1)) ||
          (isWord("is") && isAnyWord({"null", "true", "false"}, 1)) ||
          (!at().lineFirst && argument &&
           isAnyWord({"contains", "matches", "startsWith", "endsWith"})));
}

// `not (…)`, `exists (…)`: in other engines brackets enclose patterns, here they enclose values.
bool ConditionAdvice::groupInBrackets(const Lexeme& keyword) const {
  const std::string word(textOf(keyword));
  if (word == "not" && isAnyWord({"exists", "not"})) {
    fail("RL0017", span(keyword.begin, at().end),
         "`not` and `" + std::string(textOf(at())) + "` do not follow each other")
        .help(isWord("exists") ? "`not Type(…)` alone says that there is none"
                               : "`exists Type(…)` says that there is one");
    return true;
  }
  if (!is(ParenOpen)) return false;
  Complaint c = fail("RL0017", spanOf(keyword),
                     "`" + word + "` stands in front of a pattern, without brackets");
  const std::uint32_t close = lexemes().closing(lexemes().position());
  if (word == "not") {
    c.help("write `not Type(…)`; for several patterns `not { … }`; for a value `if !(…)`");
  } else if (word == "forall") {
    c.help("write `forall Type(…) satisfies (condition)`");
  } else if (typeStarts(1) && close > 0) {
    c.fix("remove them",
          {{span(keyword.end, at().end), " "}, {spanOf(lexemes().lexeme(close)), ""}});
  }
  return true;
}

// True when a branch follows, with or without a word in front; the word is left to the caller.
bool ConditionAdvice::alternativeOfOtherLanguages() const {
  if (instead(Spot::OrWord)) return true;
  if (!is(BraceOpen)) return false;
  complain("RL0033", spanOf(at()), "an `or` is missing in front of this alternative")
      .fix("write `or`", before(at()), "or ");
  return true;
}

void ConditionAdvice::groupWithoutName(const Span& value) const {
  complain("RL0033", value, "what is grouped by has a name")
      .write(value, "key = " + written(value))
      .help("the name stands for the value of each group");
}

bool ConditionAdvice::resultWithoutName() const {
  if (!is(Word) || !is(ParenOpen, 1)) return false;
  const std::string function(textOf(at()));
  complain("RL0033", spanOf(at()), "the result of `" + function + "` has no name")
      .fix("write `n = " + function + "`", before(at()), "n = ");
  return true;
}

bool ConditionAdvice::noFunction() const {
  if (is(Word) && is(ParenOpen, 1)) return false;
  fail("RL0033", spanOf(is(Word) ? at() : previous()),
       "a result of `accumulate` is computed by a function")
      .help("the functions are count, " RETICLE_ACCUMULATE_MIDDLE
            ", first and last: "
            "`sum(i.qty)`");
  return true;
}

// After the `:` of `let x: Type = …`.
bool ConditionAdvice::typeOfLetStarts() const {
  return is(Word) && (is(Assign, 1) || is(Less, 1) || is(Question, 1));
}

void ConditionAdvice::typeOfLet(const Lexeme& colon, bool type) const {
  if (type) {
    complain("RL0016", spanFrom(colon.begin), "`let` has no type: it takes that of its value")
        .fix("remove the type", spanFrom(colon.begin), "");
  } else {
    fail("RL0033", spanOf(colon), "`let` gives a value with `=`").write(spanOf(colon), "=");
  }
}

// Patterns

bool ConditionAdvice::noPattern(const tree::Name& binding, std::string_view what) const {
  if (binding && (!is(Word) || (at().lineFirst && is(Colon, 1)))) {
    fail("RL0033", binding.span, "the binding `" + binding.text + "` has no type behind it")
        .help("write `" + binding.text + ": Customer`");
    return true;
  }
  // A word on the next line that is no type begins something else.
  const bool next = !binding && at().lineFirst && is(Word) && !typeStarts() && !is(ParenOpen, 1) &&
                    previous().kind == Word;
  if (is(Word) && !next) return false;
  fail("RL0033", spanOf(previous()), "a pattern is missing after " + std::string(what))
      .help("a pattern is the name of a type with constraints: `Customer(loggedIn)`");
  return true;
}

bool ConditionAdvice::noType(const tree::Name& binding, std::uint32_t lexemes) const {
  const Lexeme& word = at();
  if (word.reserved) {
    fail("RL0021", spanOf(word), "`" + std::string(textOf(word)) + "` is not a type");
    return true;
  }
  if (is(Dot, 1) && !is(ParenOpen, lexemes)) {
    const Span path = span(word.begin, at(lexemes - 1).end);
    fail("RL0017", path, "a pattern matches facts of a type; " + shown(path) + " is a value")
        .help(binding ? "to name a value write `let " + binding.text + " = …`"
                      : "a condition about values begins with `if`");
    return true;
  }
  // `c: customer(loggedIn)`: a type with a small letter.
  complain("RL0021", spanOf(word), "the name of a type begins with a capital")
      .write(spanOf(word), capitalised(textOf(word)));
  return false;
}

bool ConditionAdvice::bindingAfterType(const tree::Pattern& pattern, std::uint32_t begin) const {
  const bool behind = lexemes().capital(previous()) && !pattern.binding && is(Word) &&
                      !at().lineFirst && !at().reserved && !lexemes().capital(at()) &&
                      inside() == Inside::Conditions &&
                      (is(ParenOpen, 1) || at(1).lineFirst || is(BraceClose, 1)) &&
                      !isAnyWord({"over", "held", "after", "before", "within", "and", "or", "where",
                                  "from", "satisfies", "into", "group"});
  if (!behind) return false;
  complain("RL0017", spanOf(at()), "a binding stands in front of its type")
      .write(span(begin, at().end), std::string(textOf(at())) + ": " + pattern.type.text);
  return true;
}

// Braces are skipped only where a record could stand: in a step they may be the block of a loop.
void ConditionAdvice::tookBracketsOfOtherLanguages(const std::string& type, bool records) {
  if (isWord("where") && !at().lineFirst && inside() == Inside::Conditions) {
    fail("RL0017", spanOf(at()), "the constraints of a pattern stand in brackets behind its type")
        .help("write `" + type + "(age > 18)`");
  } else if (is(BracketOpen) && !at().lineFirst) {
    Complaint c =
        complain("RL0031", spanOf(at()), "the constraints of a pattern stand in round brackets");
    const std::uint32_t close = lexemes().closing(lexemes().position());
    if (close == 0) return complaints().recover();
    c.fix("write `(` … `)`", {{spanOf(at()), "("}, {spanOf(lexemes().lexeme(close)), ")"}});
    lexemes().moveTo(close + 1);
  } else if (is(BraceOpen) && records && inside() != Inside::Steps && !at().lineFirst) {
    complain("RL0031", spanOf(at()), "the constraints of a pattern stand in round brackets")
        .help("`" + type + "(…)` matches facts, `" + type + "{…}` makes one");
    blocks().skipBalanced();
  }
}

bool ConditionAdvice::tookNameOfConstraint(const std::string& binding) {
  if (!is(Word) || !is(Colon, 1)) return false;
  const std::string name(textOf(at()));
  complain("RL0017", spanOf(at()), "a constraint neither names nor sets anything with `:`")
      .help(binding.empty() ? "to compare, write `" + name + " == …`"
                            : "to compare, write `" + name + " == …`; the value is `" + binding +
                                  "." + name + "` everywhere below");
  take();
  take();
  return true;
}

// `after 5s`, where the binding of the other event is missing.
bool ConditionAdvice::tookDistanceOfNothing() {
  if (!isAnyWord({"after", "before"})) return false;
  if (!is(LexemeKind::Duration, 1) && !is(BraceClose, 1) && !(is(Word, 1) && is(Colon, 2))) {
    return false;
  }
  const Lexeme& word = take();
  const std::string name(textOf(word));
  fail("RL0033", spanOf(word), "this `" + name + "` does not say of what")
      .help("write `" + name + " a within 5s`, where `a` is the binding of an event above");
  return true;
}

}  // namespace reticle
