// What an expression reads, and whether it can fail: what decides where a test stands and what a
// change must renew.
#include "network/reads.h"

#include "base/unreachable.h"

namespace reticle {

namespace {

// Shapes that stand for a row of the frame or one of its fields.
bool isRowRef(const Expr& expr) {
  return expr.ref.kind == Ref::Kind::Row || expr.ref.kind == Ref::Kind::Field;
}

}  // namespace

// ORDER: Ref::Kind. A field counts as its row: nothing below it is read.
Reads readsOf(const Expr& expr, std::uint32_t candidateRow) {
  Reads reads;
  switch (expr.ref.kind) {
    case Ref::Kind::Row:
    case Ref::Kind::Field:
      (expr.ref.row == candidateRow ? reads.candidate : reads.earlier) = true;
      return reads;  // the target below is the row itself
    case Ref::Kind::Local: reads.earlier = true; break;
    case Ref::Kind::FactField:
    case Ref::Kind::Query: reads.outside = true; break;
    case Ref::Kind::None:
    case Ref::Kind::Constant:
    case Ref::Kind::Member:
    case Ref::Kind::Function:
    case Ref::Kind::User:
    case Ref::Kind::Host:
    case Ref::Kind::Type: break;
  }
  for (const Expr& arg : expr.args) {
    Reads inner = readsOf(arg, candidateRow);
    reads.candidate |= inner.candidate;
    reads.earlier |= inner.earlier;
    reads.outside |= inner.outside;
  }
  return reads;
}

void addFieldReads(const Expr& expr, std::vector<FieldMask>& byRow) {
  if (isRowRef(expr)) {
    if (byRow.size() <= expr.ref.row) byRow.resize(expr.ref.row + 1, 0);
    byRow[expr.ref.row] |=
        expr.ref.kind == Ref::Kind::Field ? bitOf(expr.ref.field) : ~FieldMask{0};
    return;
  }
  for (const Expr& arg : expr.args) addFieldReads(arg, byRow);
}

bool isTotal(const Type& type) {
  return !type.optional && (type.kind == TypeKind::Int || type.kind == TypeKind::String ||
                            type.kind == TypeKind::Timestamp || type.kind == TypeKind::Duration);
}

// The same question as Failing in language/constraint.cpp, asked of a checked tree.
bool canFail(const Expr& expr) {
  switch (expr.ref.kind) {
    case Ref::Kind::Field: return expr.type.kind == TypeKind::Any;
    case Ref::Kind::Row:
    case Ref::Kind::Constant:
    case Ref::Kind::Type: return false;
    case Ref::Kind::Local: return expr.type.kind == TypeKind::Any;
    case Ref::Kind::None:
    case Ref::Kind::FactField:
    case Ref::Kind::Member:
    case Ref::Kind::Function:
    case Ref::Kind::User:
    case Ref::Kind::Host:
    case Ref::Kind::Query: break;
  }
  auto anyArgument = [&] {
    for (const Expr& arg : expr.args) {
      if (canFail(arg)) return true;
    }
    return false;
  };
  // A declared type cannot turn out to be another one when it runs.
  auto declared = [](const Expr& e) {
    return e.type.kind != TypeKind::Any && e.type.kind != TypeKind::Poison;
  };
  switch (expr.kind) {
    case ExprKind::Literal: return false;
    case ExprKind::Unary:
      return expr.op == Operator::Negate || anyArgument() || !declared(expr.args[0]) ||
             expr.args[0].type.optional;
    case ExprKind::Binary:
      switch (expr.op) {
        case Operator::Equal:
        case Operator::NotEqual:
        case Operator::In: return anyArgument();
        case Operator::And:
        case Operator::Or:
          for (const Expr& arg : expr.args) {
            if (!declared(arg) || arg.type.optional) return true;
          }
          return anyArgument();
        case Operator::Less:
        case Operator::LessEqual:
        case Operator::Greater:
        case Operator::GreaterEqual:
          for (const Expr& arg : expr.args) {
            if (!declared(arg) || arg.type.optional) return true;
          }
          return anyArgument();
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
        case Operator::Exclusive: return true;  // arithmetic can overflow
      }
      unreachable("a binary expression has an operator");
    case ExprKind::Ternary:
      return anyArgument() || !declared(expr.args[0]) || expr.args[0].type.optional;
    case ExprKind::List:
    case ExprKind::Range:
    case ExprKind::Template: return anyArgument();
    case ExprKind::Name:
    case ExprKind::Select:
    case ExprKind::Index:
    case ExprKind::Call:
    case ExprKind::Map:
    case ExprKind::Record:
    case ExprKind::Macro:
    case ExprKind::Poison: return true;
  }
  unreachable("an expression has a kind");
}

// All references to the row move, at any depth.
Expr moveRow(Expr expr, std::uint32_t from, std::uint32_t to) {
  if (isRowRef(expr) && expr.ref.row == from) expr.ref.row = to;
  for (Expr& arg : expr.args) arg = moveRow(std::move(arg), from, to);
  return expr;
}

}  // namespace reticle
