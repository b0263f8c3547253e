// What is known at a place: paths that cannot be null, warnings that are allowed.
#include "check/scope.h"

#include <algorithm>

#include "analysis/analysis.h"
#include "model/types.h"

namespace reticle::model {

// Everything else begins empty.
Scope Scope::in(Place place, const tree::Module* module) {
  Scope s;
  s.place = place;
  s.module = module;
  return s;
}

// A warning is meant where it is written: in the rule, or in the flow.
bool allows(const Scope& s, std::string_view code) {
  return (s.rule && allows(*s.rule, code)) || (s.flow && allows(*s.flow, code));
}

// Rows, locals and variables have numbers and names of their own; members are marked, as a field
// and a member may have the same.
std::string pathOf(const Expr& e) {
  switch (e.ref.kind) {
    case Ref::Kind::Row: return "r" + std::to_string(e.ref.row);
    case Ref::Kind::Field:
      return "r" + std::to_string(e.ref.row) + "." + std::to_string(index(e.ref.field));
    case Ref::Kind::Local: return "l" + std::to_string(e.ref.row);
    case Ref::Kind::FactField: {
      const std::string path = pathOf(e.args[0]);
      return path.empty() ? "" : path + "." + std::to_string(index(e.ref.field));
    }
    case Ref::Kind::Member: {
      const std::string path = pathOf(e.args[0]);
      return path.empty() ? "" : path + ".'" + e.text;
    }
    case Ref::Kind::None:
      return e.kind == ExprKind::Name ? "v" + e.text : "";  // a macro's variable
    case Ref::Kind::Constant:
    case Ref::Kind::Function:
    case Ref::Kind::User:
    case Ref::Kind::Host:
    case Ref::Kind::Query:
    case Ref::Kind::Type: break;
  }
  return "";
}

// What a condition that holds (or does not) says about null.
void assume(const Expr& e, bool truth, Scope& s) {
  const auto remember = [&](const Expr& value) {
    std::string path = pathOf(value);
    if (!path.empty()) s.known.push_back(std::move(path));
  };
  const auto isNull = [](const Expr& x) { return x.type.kind == TypeKind::Null; };
  const auto hasValue = [&](const Expr& x) {
    return !isNull(x) && !x.type.optional && !isAny(x.type);
  };
  if (e.kind == ExprKind::Unary) {
    if (e.op == Operator::Not) assume(e.args[0], !truth, s);
    return;
  }
  if (e.kind == ExprKind::Select) {
    if (e.test && truth) remember(e);
    return;
  }
  if (e.kind != ExprKind::Binary) return;
  const Expr &left = e.args[0], &right = e.args[1];
  switch (e.op) {
    case Operator::And:
    case Operator::Or:
      if ((e.op == Operator::And) != truth) return;
      assume(left, truth, s);
      assume(right, truth, s);
      return;
    case Operator::Equal:
    case Operator::NotEqual: {
      const bool equal = (e.op == Operator::Equal) == truth;
      if (equal ? hasValue(right) : isNull(right)) remember(left);
      if (equal ? hasValue(left) : isNull(left)) remember(right);
      return;
    }
    case Operator::In: {
      if (!truth) return;
      const bool values =
          right.kind == ExprKind::Range ||
          (right.type.kind == TypeKind::List && !right.type.arguments[0].optional &&
           !isAny(right.type.arguments[0]) && right.type.arguments[0].kind != TypeKind::Null) ||
          right.type.kind == TypeKind::Map;
      if (values) remember(left);
      return;
    }
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual:
      if (!truth) return;
      remember(left);
      remember(right);
      return;
    case Operator::None:
    case Operator::Not:
    case Operator::Negate:
    case Operator::Element:
    case Operator::Wrap:
    case Operator::Add:
    case Operator::Subtract:
    case Operator::Multiply:
    case Operator::Divide:
    case Operator::Modulo:
    case Operator::Coalesce:
    case Operator::Inclusive:
    case Operator::Exclusive: return;
  }
}

}  // namespace reticle::model
