// Takes the conditions of a rule apart into tests of single fields.
#include "analysis/place.h"

#include <algorithm>

namespace reticle::model {
namespace {

// Walks the expression; false once it reads anything but constants and one field.
bool findField(const Expr& e, const Expr*& found) {
  switch (e.ref.kind) {
    case Ref::Kind::Field:
      if (found && !samePlace(found->ref, e.ref)) return false;
      found = &e;
      return true;
    // Whatever the names in front of its last point are: `Outcome.DECLINED`.
    case Ref::Kind::Constant:
    case Ref::Kind::Type: return true;
    case Ref::Kind::None:
    case Ref::Kind::Function: break;
    case Ref::Kind::Row:
    case Ref::Kind::Local:
    case Ref::Kind::FactField:
    case Ref::Kind::Member:
    case Ref::Kind::User:
    case Ref::Kind::Host:
    case Ref::Kind::Query: return false;
  }
  if (e.kind == ExprKind::Name && e.ref.kind == Ref::Kind::None) return false;
  return std::all_of(e.args.begin(), e.args.end(),
                     [&](const Expr& arg) { return findField(arg, found); });
}

// Between fields of two rows; within a row it is a test.
bool joins(const Expr& e) {
  if (e.kind != ExprKind::Binary || !isField(e.args[0]) || !isField(e.args[1]) ||
      e.args[0].ref.row == e.args[1].ref.row) {
    return false;
  }
  switch (e.op) {
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual: return true;
    case Operator::None:
    case Operator::Not:
    case Operator::Negate:
    case Operator::Element:
    case Operator::Wrap:
    case Operator::Or:
    case Operator::And:
    case Operator::In:
    case Operator::Add:
    case Operator::Subtract:
    case Operator::Multiply:
    case Operator::Divide:
    case Operator::Modulo:
    case Operator::Coalesce:
    case Operator::Inclusive:
    case Operator::Exclusive: break;
  }
  return false;
}

}  // namespace

// Functions of one field count: `name.size() > 3` reads nothing but `name`.
const Expr* onlyField(const Expr& e) {
  const Expr* found = nullptr;
  return findField(e, found) ? found : nullptr;
}

// Only the checks that read the field alone: a check may look at its neighbours.
ValueSet declaredValues(const Field& field) {
  ValueSet values = ValueSet::all(field.type);
  for (const Expression& check : field.checks) {
    std::vector<const Expr*> parts;
    splitConjuncts(check.tree, parts);
    for (const Expr* part : parts) {
      const Expr* read = onlyField(*part);
      if (!read || read->text != field.name) continue;
      if (const std::optional<ValueSet> allowed =
              ValueSet::satisfying(field.type, read->ref, *part)) {
        values = values.intersected(*allowed);
      }
    }
  }
  return values;
}

// What is neither a test of one field nor a join makes the rule inexact: whoever needs certainty
// then says nothing.
RuleTests testsOf(const Program& program, const Rule& rule) {
  RuleTests out;
  for (const Condition& condition : rule.conditions) {
    if (condition.kind != Condition::Kind::Pattern && condition.kind != Condition::Kind::If) {
      out.exact = out.exact && condition.kind == Condition::Kind::Let;
      continue;
    }
    std::vector<const Expr*> parts;
    for (const Constraint& constraint : condition.pattern.constraints) {
      splitConjuncts(constraint.test.tree, parts);
    }
    if (condition.kind == Condition::Kind::If) splitConjuncts(condition.expr.tree, parts);
    for (const Expr* part : parts) {
      const Expr* read = onlyField(*part);
      std::optional<ValueSet> values;
      if (read && read->ref.row < rule.rowTypes.size()) {
        values = ValueSet::satisfying(
            program.type(rule.rowTypes[read->ref.row]).fields[index(read->ref.field)].type,
            read->ref, *part);
      }
      if (values) {
        out.tests.push_back({part, placeOf(*read), std::move(*values)});
      } else if (joins(*part)) {
        out.joins.push_back(part);
      } else {
        out.exact = false;
      }
    }
  }
  return out;
}

// Fields that no test reads are left out: they may have any value.
std::map<Place, ValueSet> boxOf(const Program& program, const Rule& rule, const RuleTests& tests) {
  std::map<Place, ValueSet> box;
  for (const PlaceTest& test : tests.tests) {
    const auto found = box.find(test.place);
    if (found != box.end()) {
      found->second = found->second.intersected(test.values);
    } else {
      box.emplace(
          test.place,
          declaredValues(program.type(rule.rowTypes[test.place.row]).fields[test.place.field])
              .intersected(test.values));
    }
  }
  return box;
}

}  // namespace reticle::model
