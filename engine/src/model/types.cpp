// Which types are alike, and what two of them have in common.
#include "model/types.h"

#include <algorithm>
#include <utility>

namespace reticle::model {

// `?` cannot be the name of a type.
Type undecided() {
  Type type = Type::of(TypeKind::Any);
  type.name = "?";
  return type;
}

Type optionalOf(Type held) {
  Type type = Type::of(TypeKind::Optional);
  type.arguments.push_back(std::move(held));
  return type;
}

Type listOf(Type element) {
  Type type = Type::of(TypeKind::List);
  type.arguments.push_back(std::move(element));
  return type;
}

Type mapOf(Type key, Type value) {
  Type type = Type::of(TypeKind::Map);
  type.arguments.push_back(std::move(key));
  type.arguments.push_back(std::move(value));
  return type;
}

// Poison spreads and undecided types give way. Null makes the other type one that may be null.
// Lists and maps are joined by what they hold, enums and texts are texts.
Type join(const Type& a, const Type& b) {
  if (isPoison(a) || isPoison(b)) return Type::of(TypeKind::Poison);
  if (isUndecided(a)) return b;
  if (isUndecided(b)) return a;
  if (a.kind == TypeKind::Null) return b.kind == TypeKind::Null || isAny(b) ? b : b.asOptional();
  if (b.kind == TypeKind::Null) return isAny(a) ? a : a.asOptional();
  const bool optional = a.optional || b.optional;
  Type type = Type::of(TypeKind::Any);
  const Type x = a.required(), y = b.required();
  if (isAny(x) || isAny(y)) return type;
  if (x.kind == TypeKind::Optional && y.kind == TypeKind::Optional) {
    type = optionalOf(join(x.arguments[0], y.arguments[0]));
  } else if (fits(x, y)) {
    type = y;
  } else if (fits(y, x)) {
    type = x;
  } else if (isText(x) && isText(y)) {
    type = Type::of(TypeKind::String);
  } else if (x.kind == TypeKind::List && y.kind == TypeKind::List) {
    type = listOf(join(x.arguments[0], y.arguments[0]));
  } else if (x.kind == TypeKind::Map && y.kind == TypeKind::Map) {
    type = mapOf(join(x.arguments[0], y.arguments[0]), join(x.arguments[1], y.arguments[1]));
  }
  if (type.kind != TypeKind::Any) type.optional = optional;
  return type;
}

// A named constant counts: it is its value.
bool isLiteralInt(const Expr& e) {
  if (e.kind == ExprKind::Unary && e.op == Operator::Negate) return isLiteralInt(e.args[0]);
  return (e.kind == ExprKind::Literal || e.ref.kind == Ref::Kind::Constant) &&
         e.value.kind() == ValueKind::Int;
}

// Works on copies where both sides must agree, so that a refusal changes nothing.
bool promote(Expr& e) {
  if (e.type.kind == TypeKind::Double) return true;
  if (e.type.kind != TypeKind::Int) return false;
  switch (e.kind) {
    case ExprKind::Unary:
      if (e.op != Operator::Negate || !promote(e.args[0])) return false;
      break;
    case ExprKind::Ternary: {
      Expr yes = e.args[1], no = e.args[2];
      if (!promote(yes) || !promote(no)) return false;
      e.args[1] = std::move(yes);
      e.args[2] = std::move(no);
      break;
    }
    case ExprKind::Binary: {
      // Not division: 1 / 2 is 0 to its author, who would be surprised by 0.5 just as much.
      if (e.op != Operator::Add && e.op != Operator::Subtract && e.op != Operator::Multiply) {
        return false;
      }
      Expr left = e.args[0], right = e.args[1];
      if (!promote(left) || !promote(right)) return false;
      e.args[0] = std::move(left);
      e.args[1] = std::move(right);
      break;
    }
    case ExprKind::Literal:
    case ExprKind::Name:
    case ExprKind::Select:
      if (!isLiteralInt(e)) return false;
      e.value = Value::real(static_cast<double>(e.value.asInt()));
      break;
    case ExprKind::Index:
    case ExprKind::Call:
    case ExprKind::List:
    case ExprKind::Map:
    case ExprKind::Record:
    case ExprKind::Template:
    case ExprKind::Range:
    case ExprKind::Macro:
    case ExprKind::Poison: return false;
  }
  e.type = Type::of(TypeKind::Double);
  return true;
}

// Numbers with numbers, texts with texts, containers by what they hold. Named enums are equal by
// name; unnamed ones when they have a value in common.
bool comparable(const Type& a, const Type& b) {
  if (isAny(a) || isAny(b) || a.kind == TypeKind::Null || b.kind == TypeKind::Null) return true;
  if (isNumber(a) && isNumber(b)) return true;
  if (a.kind == TypeKind::Enum && b.kind == TypeKind::Enum) {
    if (!a.name.empty() && !b.name.empty()) return a.name == b.name;
    return std::any_of(a.values.begin(), a.values.end(), [&](const std::string& value) {
      return std::find(b.values.begin(), b.values.end(), value) != b.values.end();
    });
  }
  if (isText(a) && isText(b)) return true;
  if (a.kind == TypeKind::Row || b.kind == TypeKind::Row) {
    return (a.kind == TypeKind::Row || a.kind == TypeKind::Map) &&
           (b.kind == TypeKind::Row || b.kind == TypeKind::Map);
  }
  if (a.kind != b.kind) return false;
  if (a.kind == TypeKind::Record) return a.record == b.record;
  for (std::size_t i = 0; i < a.arguments.size() && i < b.arguments.size(); ++i) {
    if (!comparable(a.arguments[i], b.arguments[i])) return false;
  }
  return true;
}

bool readsOnly(const Expr& e, std::uint32_t row) {
  switch (e.ref.kind) {
    // the target below is the row itself
    case Ref::Kind::Row:
    case Ref::Kind::Field: return e.ref.row == row;
    case Ref::Kind::Local:
    case Ref::Kind::FactField:
    case Ref::Kind::Query: return false;
    case Ref::Kind::None:
    case Ref::Kind::Constant:
    case Ref::Kind::Member:
    case Ref::Kind::Function:
    case Ref::Kind::User:
    case Ref::Kind::Host:
    case Ref::Kind::Type: break;
  }
  return std::all_of(e.args.begin(), e.args.end(),
                     [&](const Expr& arg) { return readsOnly(arg, row); });
}

}  // namespace reticle::model
