// What the agenda knows of rules before any match: groups, exclusives, fixed saliences,
// complexity.
#include "agenda/plan.h"

#include <algorithm>

namespace reticle {
namespace {

using model::Action;
using model::Condition;

// Added when it is new.
std::uint32_t positionIn(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::uint32_t>(found - names.begin());
  names.push_back(name);
  return static_cast<std::uint32_t>(names.size() - 1);
}

// Only groups that something can focus are groups to the agenda; the rules of all others belong to
// the main one.
void findFocused(const std::vector<Action>& actions, std::vector<std::string>& out) {
  for (const Action& action : actions) {
    if (action.kind == Action::Kind::Focus && !action.name.empty()) positionIn(out, action.name);
    findFocused(action.body, out);
    findFocused(action.otherwise, out);
  }
}

// How many tests an expression is, for the strategies that order by complexity (as CLIPS counts
// them).
std::uint32_t comparisons(const Expr& test) {
  const bool connects =
      (test.kind == ExprKind::Binary && (test.op == Operator::And || test.op == Operator::Or)) ||
      (test.kind == ExprKind::Unary && test.op == Operator::Not);
  if (!connects) return 1;
  std::uint32_t sum = 0;
  for (const Expr& arg : test.args) sum += comparisons(arg);
  return sum;
}

std::uint32_t comparisons(const model::Expression& test) {
  return test.present() ? comparisons(test.tree) : 0;
}

std::uint32_t comparisons(const std::vector<Condition>& conditions) {
  std::uint32_t sum = 0;
  for (const Condition& condition : conditions) {
    if (condition.hasPattern()) {
      sum += 1 + static_cast<std::uint32_t>(condition.pattern.suffixes.size());
      for (const model::Constraint& constraint : condition.pattern.constraints) {
        sum += comparisons(constraint.test);
      }
    }
    for (const std::vector<Condition>& group : condition.groups) sum += comparisons(group);
    if (condition.kind == Condition::Kind::If || condition.kind == Condition::Kind::Forall) {
      sum += comparisons(condition.expr);
    }
    if (condition.kind == Condition::Kind::Each) sum += comparisons(condition.where);
  }
  return sum;
}

}  // namespace

std::uint32_t complexityOf(const model::Rule& rule) { return comparisons(rule.conditions); }

std::optional<std::uint32_t> AgendaPlan::findGroup(std::string_view name) const {
  for (std::uint32_t i = 1; i < groups.size(); ++i) {
    if (groups[i] == name) return i;
  }
  return std::nullopt;
}

AgendaPlan planOf(const model::Program& program) {
  AgendaPlan plan;
  for (const model::Rule& rule : program.rules) {
    findFocused(rule.actions, plan.groups);
    if (rule.autoFocus) positionIn(plan.groups, rule.group);
  }
  for (const model::Flow& flow : program.flows) {
    findFocused(flow.steps, plan.groups);
    for (const model::Flow::Handler& handler : flow.handlers) {
      findFocused(handler.steps, plan.groups);
    }
  }
  for (const model::Rule& rule : program.rules) {
    RuleOrder order;
    order.group = plan.findGroup(rule.group).value_or(kMainGroup);
    if (!rule.exclusive.empty()) order.exclusive = positionIn(plan.exclusives, rule.exclusive);
    order.complexity = complexityOf(rule);
    order.firstBinds =
        !rule.conditions.empty() && (rule.conditions[0].kind == Condition::Kind::Pattern ||
                                     rule.conditions[0].kind == Condition::Kind::Either);
    order.autoFocus = rule.autoFocus;
    order.salience = rule.fixedSalience;
    plan.rules.push_back(order);
  }
  return plan;
}

}  // namespace reticle
