// Rules and queries.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "syntax/action_parser.h"
#include "syntax/advice_rules.h"
#include "syntax/field_parser.h"

namespace reticle {

class RuleParser : private Grammar {
 public:
  RuleParser(Reading& reading, NameParser& names, ExpressionParser& expressions,
             FieldParser& fields, ConditionParser& conditions, ActionParser& actions)
      : Grammar(reading),
        advice_(reading),
        names_(names),
        expressions_(expressions),
        fields_(fields),
        conditions_(conditions),
        actions_(actions) {}

  // Rule and query, after their names.
  void rule(tree::Declaration& out);
  void query(tree::Declaration& out);

 private:
  // The parts of a rule, in the order they should come; where each was read.
  enum Part : std::size_t { kOn, kWhen, kThen };
  struct Parts {
    std::array<std::optional<Span>, 3> seen;
    bool wrapped = false;  // in braces that do not belong there
    bool has(Part part) const { return seen[part].has_value(); }
  };

  // One part or attribute; false when the rule has ended.
  bool part(tree::Declaration& out, Parts& parts);
  // Notes that a part begins here; reports one that stands twice or too late. True when it stood
  // there before.
  bool begin(Part part, Parts& parts);
  // Each reads a part that stands here, and returns true.
  bool on(tree::Declaration& out, Parts& parts);
  bool when(tree::Declaration& out, Parts& parts);
  bool then(tree::Declaration& out, Parts& parts);
  // After a mistake: to the next part of this rule, or to its end.
  void skipToPart();
  bool attribute(tree::Declaration& out);
  // The second half of `no-loop` or `auto-focus`, which the lexer reads as three lexemes.
  bool takeHyphenated(std::string_view second);
  void tags(tree::Declaration& out);
  void effective(tree::Declaration& out);
  void allow(tree::Declaration& out);

  RuleAdvice advice_;
  NameParser& names_;
  ExpressionParser& expressions_;
  FieldParser& fields_;
  ConditionParser& conditions_;
  ActionParser& actions_;
};

}  // namespace reticle
