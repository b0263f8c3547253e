// Conditions, patterns and triggers: what stands in `when`, in queries and after `on`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "syntax/advice_conditions.h"
#include "syntax/expression_parser.h"
#include "syntax/name_parser.h"
#include "syntax/type_parser.h"

namespace reticle {

class ConditionParser : private Grammar {
 public:
  ConditionParser(Reading& reading, NameParser& names, TypeParser& types,
                  ExpressionParser& expressions)
      : Grammar(reading),
        advice_(reading),
        names_(names),
        types_(types),
        expressions_(expressions) {}

  // Conds = "{" { Cond [ ";" ] } "}"; `owner` is the keyword in front, `what` the block's name.
  std::vector<tree::Condition> conditions(const Lexeme& owner, std::string what);
  // Pattern = [ IDENT ":" ] TYPE [ "(" [ Expr { "," Expr } ] ")" ] { Suffix }, after `what`
  tree::Pattern pattern(std::string_view what);
  // "(" [ Expr { "," Expr } ] ")", at its bracket; the pattern's binding may be empty.
  void constraints(std::vector<Expr>& out, const std::string& binding);
  // What sets a rule off, after `on`.
  tree::Trigger trigger();
  // The sign after the name of a `let`, with the type that other languages write before it; false
  // when there is none. Shared with actions.
  bool letSign(const Lexeme& keyword, const std::string& name);

 private:
  // Conditions (conditions.cpp)
  tree::Condition condition();
  // `not` and `exists`: a pattern or a block.
  void group(tree::Condition& out, const Lexeme& keyword);
  void patternOrBlock(tree::Condition& out, const Lexeme& keyword);
  // Forall = "forall" Pattern "satisfies" ( "(" Expr ")" | Block )
  void forall(tree::Condition& out, const Lexeme& keyword);
  // Either = "either" Block "or" Block { "or" Block }
  void either(tree::Condition& out, const Lexeme& keyword);
  // Accumulate = "accumulate" [ "skip" "errors" ] ( Pattern | Block ) [ GroupBy ] "into" …
  void accumulate(tree::Condition& out, const Lexeme& keyword);
  void groupBy(tree::Condition& out);
  void accumulateFunction(tree::Condition& out);
  // Each = "each" IDENT "in" Expr [ "where" Expr ]
  void each(tree::Condition& out, const Lexeme& keyword);
  void let(tree::Condition& out, const Lexeme& keyword);
  void ifCondition(tree::Condition& out, const Lexeme& keyword);
  // `x = Type(…)`, as other engines write it; `sign` is the lexemes of its sign.
  void foreignBinding(tree::Condition& out, std::uint32_t sign);

  // Patterns (patterns.cpp)
  // False when no type stands here, which is reported.
  bool typeOfPattern(tree::Pattern& out);
  void bracketsOfPattern(tree::Pattern& out);
  // One window, `held` or distance after the pattern; false when none stands here.
  bool suffix(tree::Suffix& out);
  void window(tree::Suffix& out);
  void within(tree::Suffix& out);
  void changeTrigger(tree::Trigger& out);
  void anyEvent(tree::Trigger& out);

  ConditionAdvice advice_;
  NameParser& names_;
  TypeParser& types_;
  ExpressionParser& expressions_;
};

}  // namespace reticle
