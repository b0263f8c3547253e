// Rules: attributes, and the halves put together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "check/part.h"
#include "check/scope.h"
#include "check/trigger_checker.h"
#include "syntax/tree.h"

namespace reticle::model {

class ActionChecker;
class ConditionChecker;
class ExpressionChecker;

class RuleChecker : CheckerPart {
 public:
  RuleChecker(const Shared& shared, ExpressionChecker& expressions, ConditionChecker& conditions,
              ActionChecker& actions)
      : CheckerPart(shared),
        expressions_(expressions),
        conditions_(conditions),
        actions_(actions),
        triggers_(shared, expressions, conditions) {}

  // Adds the rule to the program; one without a name of its own is left out.
  void checkRule(const tree::Declaration& declaration, const tree::Module* from);

  // Beside program_.rules.
  const std::vector<const tree::Declaration*>& trees() const { return trees_; }

 private:
  void checkConditions(const tree::Declaration& declaration, Rule& rule, Scope& s);
  void checkActions(const tree::Declaration& declaration, Rule& rule, Scope& s);
  // After `on retract` the fact is gone: it can be read, but not changed.
  void refuseChangesOfGone(const std::vector<Action>& actions, std::uint32_t row, Span trigger);

  // --- check_attributes.cpp
  void checkAttributes(const tree::Declaration& declaration, Rule& rule);
  void checkAllowed(const tree::Declaration& declaration);
  void checkEffective(const tree::Declaration& declaration, Rule& rule);
  // The moment that a text names; of a date alone its first moment, or the first one after it.
  std::optional<Time> dateIn(const std::string& text, Span span, bool wholeDay);
  // A number, or an expression over the rows and locals of the rule.
  void checkSalience(const tree::Declaration& declaration, Rule& rule, Scope& s);
  void checkOnce(const tree::Declaration& declaration, Rule& rule, Scope& s);

  ExpressionChecker& expressions_;
  ConditionChecker& conditions_;
  ActionChecker& actions_;
  TriggerChecker triggers_;
  std::vector<const tree::Declaration*> trees_;
};

}  // namespace reticle::model
