// Advice about expressions and the literals of clauses.
#pragma once

#include <string>
#include <string_view>

#include "syntax/advice.h"

namespace reticle {

// Where an expression stands decides what may be in it and what ends it.
struct ExpressionContext {
  bool records = true;      // `Type{…}` may be read at its top
  bool inRow = false;       // `|` and `=>` belong to the table
  bool assignEnds = false;  // `=` may follow the expression
  bool inWhere = false;     // a `=` after a whole comparison begins the default of the field
  bool inCondition = false;
  std::string binding;  // of the pattern whose constraint is read
};

// An operator between two operands; of level -1 when there is none.
struct Infix {
  static constexpr int kOrLevel = 0, kAndLevel = 1, kRelationLevel = 2, kCoalesceLevel = 3,
                       kSumLevel = 4, kProductLevel = 5;
  Operator op = Operator::None;
  int level = -1;
  std::uint32_t lexemes = 1;
  // Of other languages: the right spelling; `not in`; a method's name.
  std::string_view meant = {};
  bool negated = false, method = false;
};

class ExpressionAdvice : public Advice {
 public:
  using Advice::Advice;

  // Operators
  Infix foreignInfix(const ExpressionContext& context) const;
  // An operator written as in another language, between its operands: gives what was meant.
  Expr operatorOfOtherLanguages(const Infix& infix, Expr whole, const Span& sign,
                                const ExpressionContext& context) const;
  void joinOfOtherLanguages(Operator op, const Lexeme& sign) const;
  bool notOfOtherLanguages() const;
  // `a contains b`
  void methodAsOperator(const Span& sign, const Span& left, const Span& right) const;
  // `1 < x < 9`
  void chainedComparison(const Span& sign, const Expr& left, const Span& right) const;

  // Values
  void noValue();
  void reservedValue();
  void bracketNotClosed(const Lexeme& open) const;
  void doubleTooLarge(const Span& place) const;
  void intTooLarge(const Span& place, std::string_view digits, bool negative) const;
  void holeHoldsTooMuch() const;

  // Members, calls, records
  bool noMember(std::uint32_t begin, const Lexeme& sign) const;
  void macroWithoutVariable(const std::string& macro, const Span& argument) const;
  void hasOfNoMember(const Expr& call) const;
  // `Type(a: 1)`, after a type of so many lexemes.
  bool recordInRoundBrackets(std::uint32_t lexemes) const;
  void bracesForRecord(const std::string& type) const;
  bool noMemberName(const std::string& type) const;
  void memberWithoutValue(const Lexeme& name) const;

  // Literals of clauses; `what` is what they say
  bool templateInsteadOfText(std::string_view what) const;
  bool textWithoutQuotes(std::string_view what) const;
  void noText(std::string_view what) const;
  bool tookDurationOfOtherLanguages();

 private:
  void missingValue() const;
};

}  // namespace reticle
