// Tests: what is given, what happens, what is expected.
#pragma once

#include "syntax/action_parser.h"
#include "syntax/advice_rules.h"

namespace reticle {

class TestParser : private Grammar {
 public:
  TestParser(Reading& reading, NameParser& names, ExpressionParser& expressions,
             ConditionParser& conditions, ActionParser& actions)
      : Grammar(reading),
        advice_(reading),
        names_(names),
        expressions_(expressions),
        conditions_(conditions),
        actions_(actions) {}

  // What every session begins with, after `given`.
  void given(tree::Declaration& out);
  // Test, after its name.
  void test(tree::Declaration& out);

 private:
  // Section = ( "given" | "when" ) Actions | "expect" "{" { Expectation } "}"
  void section(tree::Declaration& out);
  void cases(tree::Declaration& out);
  tree::Expect expectation();
  void rules(tree::Expect& out, const Lexeme& first);
  // The rule that an expectation is about; `first`: where that begins
  tree::Name ruleName(const Lexeme& first);
  void count(tree::Expect& out, const Lexeme& first);
  // [ INT "times" ], after an occurrence
  void times(tree::Expect& out);
  // "called" QName [ "(" Expr { "," Expr } ")" ]
  void called(tree::Expect& out);
  void flow(tree::Expect& out, const Lexeme& first);

  TestAdvice advice_;
  NameParser& names_;
  ExpressionParser& expressions_;
  ConditionParser& conditions_;
  ActionParser& actions_;
};

}  // namespace reticle
