// Which expressions must be asked again, and after a change of what.
#include "model/asking.h"

#include <algorithm>

namespace reticle::model {

bool Asking::isPassed(const Expr& expr) {
  return expr.kind == ExprKind::Call && expr.text == "passed" && !expr.method &&
         expr.ref.kind == Ref::Kind::None;
}

bool Asking::reaches(const Expr& expr, Wanted wanted) const {
  std::set<std::uint32_t> functions;
  return reaches(expr, wanted, functions);
}

bool Asking::reaches(const Expr& expr, Wanted wanted, std::set<std::uint32_t>& functions) const {
  if (wanted.passed && isPassed(expr)) return true;
  if (wanted.query && expr.ref.kind == Ref::Kind::Query) return true;
  if (wanted.reference && expr.ref.kind == Ref::Kind::FactField) return true;
  if (expr.ref.kind == Ref::Kind::User && functions.insert(expr.ref.row).second &&
      reaches(program_.functions[expr.ref.row].body, wanted, functions)) {
    return true;
  }
  return std::any_of(expr.args.begin(), expr.args.end(),
                     [&](const Expr& arg) { return reaches(arg, wanted, functions); });
}

std::vector<TypeId> Asking::types(const Expr& expr) const {
  Seen seen;
  add(expr, seen);
  return {seen.types.begin(), seen.types.end()};
}

Asking::Needs Asking::needs(const Expression& expression,
                            const std::vector<Condition>& conditions) const {
  Seen seen;
  add(expression, seen);
  add(conditions, seen);
  return {{seen.types.begin(), seen.types.end()}, seen.references, seen.time};
}

void Asking::add(const Expr& expr, Seen& seen) const {
  seen.references = seen.references || expr.ref.kind == Ref::Kind::FactField;
  seen.time = seen.time || isPassed(expr) || (expr.kind == ExprKind::Call && expr.text == "now");
  if (expr.ref.kind == Ref::Kind::User && seen.functions.insert(expr.ref.row).second) {
    add(program_.functions[expr.ref.row].body, seen);
  }
  if (expr.ref.kind == Ref::Kind::Query && seen.queries.insert(expr.ref.row).second) {
    add(program_.queries[expr.ref.row].conditions, seen);
  }
  for (const Expr& arg : expr.args) add(arg, seen);
}

void Asking::add(const Expression& expression, Seen& seen) const {
  if (expression.present()) add(expression.tree, seen);
}

void Asking::add(const Pattern& pattern, Seen& seen) const {
  seen.types.insert(pattern.type);
  for (const Constraint& constraint : pattern.constraints) add(constraint.test, seen);
  for (const Suffix& suffix : pattern.suffixes) {
    add(suffix.by, seen);
    add(suffix.held, seen);
  }
}

void Asking::add(const std::vector<Condition>& conditions, Seen& seen) const {
  for (const Condition& condition : conditions) {
    if (condition.hasPattern()) add(condition.pattern, seen);
    for (const std::vector<Condition>& group : condition.groups) add(group, seen);
    add(condition.expr, seen);
    add(condition.where, seen);
    for (const AccumulateFunction& function : condition.functions) add(function.argument, seen);
    for (const GroupKey& key : condition.groupBy) add(key.value, seen);
  }
}

}  // namespace reticle::model
