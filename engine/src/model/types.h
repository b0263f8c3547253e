// What types have to do with each other: which can be compared, which type holds the values of two.
//
// Two types stand for the want of one. Poison is the type of what is built on a mistake: it fits
// everywhere, so that each mistake is reported once. An undecided type is a type parameter that
// nothing has decided yet, the element type of `[]`: it becomes whatever it meets.
#pragma once

#include "expression/expr.h"
#include "expression/type.h"

namespace reticle::model {

inline bool isPoison(const Type& type) { return type.kind == TypeKind::Poison; }
// Nothing is known of its values before they are there.
inline bool isAny(const Type& type) {
  return type.kind == TypeKind::Any || type.kind == TypeKind::Poison;
}
inline bool isNumber(const Type& type) {
  return type.kind == TypeKind::Int || type.kind == TypeKind::Double || type.kind == TypeKind::Uint;
}
// The values of an enum are texts when it runs.
inline bool isText(const Type& type) {
  return type.kind == TypeKind::String || type.kind == TypeKind::Enum;
}
inline bool isUndecided(const Type& type) { return type.kind == TypeKind::Any && type.name == "?"; }

Type undecided();
Type optionalOf(Type held);
Type listOf(Type element);
Type mapOf(Type key, Type value);

// The type that holds both; Any when they have nothing in common.
Type join(const Type& a, const Type& b);
// Whether `==` between them can be true.
bool comparable(const Type& a, const Type& b);

bool isLiteralInt(const Expr& e);
// Whether an expression reads the fact of one row and nothing else that changes.
bool readsOnly(const Expr& e, std::uint32_t row);
// Turns int literals into doubles where the expression is built of nothing else. False: it is not,
// and nothing was changed.
bool promote(Expr& e);

}  // namespace reticle::model
