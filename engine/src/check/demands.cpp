// Takes constraints apart into demands, and finds two that no value satisfies.
#include "check/demands.h"

#include "base/value_order.h"

namespace reticle::model {

// The pointer is into the expression.
const Value* constantOf(const Expr& e) {
  if (e.kind == ExprKind::Literal || e.ref.kind == Ref::Kind::Constant) return &e.value;
  return nullptr;
}

// Ranges give two demands, comparisons one; whatever else there is gives none.
void demandsOf(const Expr& e, std::uint32_t row, std::vector<Demand>& out) {
  const auto isField = [&](const Expr& x) {
    return x.ref.kind == Ref::Kind::Field && x.ref.row == row;
  };
  if (e.kind != ExprKind::Binary) return;
  const Expr &left = e.args[0], &right = e.args[1];
  switch (e.op) {
    case Operator::Equal:
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual:
      if (const Value* value = isField(left) ? constantOf(right) : nullptr) {
        out.push_back({left.ref.field, e.op, *value, &e});
      } else if (const Value* other = isField(right) ? constantOf(left) : nullptr) {
        out.push_back({right.ref.field, mirrored(e.op), *other, &e});
      }
      return;
    case Operator::In: {
      if (right.kind != ExprKind::Range || !isField(left)) return;
      const Value *from = constantOf(right.args[0]), *to = constantOf(right.args[1]);
      if (from) out.push_back({left.ref.field, Operator::GreaterEqual, *from, &e});
      if (to) {
        out.push_back({left.ref.field,
                       right.op == Operator::Exclusive ? Operator::Less : Operator::LessEqual, *to,
                       &e});
      }
      return;
    }
    case Operator::None:
    case Operator::Not:
    case Operator::Negate:
    case Operator::Element:
    case Operator::Wrap:
    case Operator::Or:
    case Operator::And:
    case Operator::NotEqual:
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

// Whether no value satisfies both.
bool contradict(const Demand& a, const Demand& b, const Type& type) {
  const auto isLower = [](Operator op) {
    return op == Operator::Greater || op == Operator::GreaterEqual;
  };
  const auto isUpper = [](Operator op) {
    return op == Operator::Less || op == Operator::LessEqual;
  };
  const int order = compare(a.value, b.value);
  if (a.op == Operator::Equal && b.op == Operator::Equal) {
    // Equality of what has no order (null, lists) needs no order to differ.
    return !(a.value == b.value) && !a.value.isError() && !b.value.isError();
  }
  if (order == 2) return false;
  if (b.op == Operator::Equal) return contradict(b, a, type);
  if (a.op == Operator::Equal) {
    if (b.op == Operator::Less) return order >= 0;
    if (b.op == Operator::LessEqual) return order > 0;
    if (b.op == Operator::Greater) return order <= 0;
    return b.op == Operator::GreaterEqual && order < 0;
  }
  if (isUpper(a.op) && isLower(b.op)) return contradict(b, a, type);
  if (!isLower(a.op) || !isUpper(b.op)) return false;
  if (order > 0) return true;
  const bool closed = a.op == Operator::GreaterEqual && b.op == Operator::LessEqual;
  if (order == 0) return !closed;
  // Between two whole numbers side by side there is none.
  if (type.kind != TypeKind::Int || a.value.kind() != ValueKind::Int ||
      b.value.kind() != ValueKind::Int) {
    return false;
  }
  const bool open = a.op == Operator::Greater && b.op == Operator::Less;
  return open && b.value.asInt() - 1 == a.value.asInt();
}

}  // namespace reticle::model
