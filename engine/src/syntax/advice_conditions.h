// Advice about conditions, patterns and triggers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "syntax/advice_names.h"

namespace reticle {

class ConditionAdvice : public Advice {
 public:
  using Advice::Advice;

  // Conditions
  // What stands here was probably meant to be something else.
  void noCondition() const;
  // `c = Customer(…)`, `c <- Customer`: the number of lexemes of the sign; 0 when it is something
  // else.
  std::uint32_t bindingOfOtherLanguages() const;
  // `not (…)`, `not exists`: after the keyword.
  bool groupInBrackets(const Lexeme& keyword) const;
  // A block without `or` in front, or with `else`.
  bool alternativeOfOtherLanguages() const;
  void groupWithoutName(const Span& value) const;
  // `into count()`
  bool resultWithoutName() const;
  bool noFunction() const;
  // `let x: int = 5`; `type`: one was read after the colon.
  bool typeOfLetStarts() const;
  void typeOfLet(const Lexeme& colon, bool type) const;

  // Patterns
  bool noPattern(const tree::Name& binding, std::string_view what) const;
  // No type stands here; false when it only begins with a small letter. `lexemes` is the length of
  // the dotted name.
  bool noType(const tree::Name& binding, std::uint32_t lexemes) const;
  // `Customer c`, after the type.
  bool bindingAfterType(const tree::Pattern& pattern, std::uint32_t begin) const;
  // Constraints in other brackets, which are skipped, or after `where`.
  void tookBracketsOfOtherLanguages(const std::string& type, bool records);
  // `name: value` among constraints.
  bool tookNameOfConstraint(const std::string& binding);
  // `after`, without the binding it is about.
  bool tookDistanceOfNothing();

 private:
  bool noConditionWord() const;
  bool comparisonStarts() const;
};

}  // namespace reticle
