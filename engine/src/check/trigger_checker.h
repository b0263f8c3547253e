// What sets a rule off: an event, a change of a property, a fact that comes or goes, a moment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "check/part.h"
#include "check/scope.h"
#include "syntax/tree.h"

namespace reticle::model {

class ConditionChecker;
class ExpressionChecker;

class TriggerChecker : CheckerPart {
 public:
  TriggerChecker(const Shared& shared, ExpressionChecker& expressions, ConditionChecker& conditions)
      : CheckerPart(shared), expressions_(expressions), conditions_(conditions) {}

  // The patterns of the trigger, or of several, become the first conditions of the rule.
  void checkTriggers(const tree::Declaration& declaration, Rule& rule, Scope& s);

 private:
  // One of the triggers that a written one stands for.
  struct Single {
    tree::Trigger trigger;
    bool ofAnyEvent = false;  // of `*`
  };

  // Each adds its conditions to `out`, or none after a mistake, which is reported.
  void checkEventTrigger(const tree::Trigger& trigger, std::vector<Condition>& out, Scope& s);
  void checkChangeTrigger(const tree::Trigger& trigger, std::vector<Condition>& out, Scope& s);
  void checkFactTrigger(const tree::Trigger& trigger, std::vector<Condition>& out, Scope& s);
  void checkTrigger(const tree::Trigger& written, Trigger& trigger, std::vector<Condition>& out,
                    Scope& s);
  // `on change d: S.*` as a trigger for each declared property; any other trigger as it stands.
  void addSingle(const tree::Trigger& written, const Scope& s, std::vector<Single>& out);
  void addAnyEvent(const tree::Trigger& written, const Scope& s, std::vector<Single>& out);
  Expr eventMap(const Pattern& pattern, Span span);
  bool checkBranch(const Single& single, Trigger& trigger, std::vector<Condition>& group,
                   Export& which, Scope& s);
  // Binds a value of a trigger's row to a local without a name.
  Condition bound(Expr value, Scope& s);
  // The plan is read once, here.
  void checkCron(const tree::Trigger& trigger, Trigger& out);
  // Which of the moments that pass together it fires at.
  void checkMissed(const tree::Trigger& trigger, Trigger& out);
  bool addTriggerPattern(const tree::Pattern& pattern, Condition& out, Scope& s);
  // Nothing after a mistake, which is reported.
  std::optional<TypeId> changedType(const tree::Trigger& trigger, const Scope& s);
  Condition changeCondition(const tree::Trigger& trigger, TypeId changed, Scope& s);
  // meta.name == e.meta.subject
  Expression joinOnSubject(std::uint32_t subjectRow, TypeId subject, std::uint32_t eventRow,
                           TypeId event, const std::string& binding, Span span);

  ExpressionChecker& expressions_;
  ConditionChecker& conditions_;
};

}  // namespace reticle::model
