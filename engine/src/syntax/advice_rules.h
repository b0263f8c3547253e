// Advice about the parts of rules, queries, flows and tests.
#pragma once

#include <string>
#include <string_view>

#include "syntax/advice_declarations.h"

namespace reticle {

class RuleAdvice : public DeclarationAdvice {
 public:
  using DeclarationAdvice::DeclarationAdvice;

  // Parts
  bool meansWhen() const;
  bool meansThen() const;
  bool elseOfRule() const;
  // Braces around all parts of a rule.
  bool bracesAroundParts() const;
  void blockWithoutWord(bool hasWhen) const;
  void partTwice(std::string_view word, const Span& first) const;
  void partTooLate(std::string_view word, std::string_view later, const Span& there) const;

  // Attributes
  // One that stands after the conditions or actions of the rule with that head; false when a
  // declaration begins instead.
  bool attributeAfterConditions(const Span& head) const;
  bool tookUnknownAttribute();
  bool signAfterAttribute(const Lexeme& word) const;
  // `once-per`
  bool hyphenOfOncePer(const Lexeme& once) const;
  // `no loop`
  bool missingHyphen(const Lexeme& first, std::string_view second) const;
  void halfOfAttribute(const Lexeme& first, std::string_view second) const;
  void tagsWithoutBrackets(const Lexeme& keyword, const Span& tags) const;

  // Queries
  bool resultOfQuery() const;
  bool thenOfQuery(const Span& head) const;

 private:
  std::string_view partNear() const;
};

class FlowAdvice : public Advice {
 public:
  using Advice::Advice;

  void tookUnknownAttribute();
  // What the flow was probably meant to react to; may be empty.
  std::string unknownHandler(const Lexeme& on) const;
};

class TestAdvice : public Advice {
 public:
  using Advice::Advice;

  // The section that is meant here; empty when there is none.
  std::string sectionMeant() const;
  void noExpectation() const;
  // `count Order 3`
  bool countWithoutRelation() const;
  // `runaway greet 2 times`
  void tookCountOfRunaway();
};

}  // namespace reticle
