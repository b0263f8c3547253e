// Shapes of expressions, whatever they mean.
#pragma once

#include <string>

#include "expression/expr.h"

namespace reticle::model {

// An operator as it is written.
const char* sign(Operator op);
// "a.b.c" of a chain of names, or "".
std::string dottedName(const Expr& e);
// Unchecked: without a type.
Expr binary(Operator op, Expr left, Expr right);
// `timestamp("2024-03-01T00:00:00Z")` of the text "2024-03-01", `duration("5m")` of "5m", and the
// conversion of a text that is not known; empty when a literal is no such time. `kind`: Timestamp
// or Duration.
std::string convertedTime(const Expr& text, TypeKind kind);
// How one is written, for those.
std::string timeHelp(TypeKind kind);
// Whether a checked expression is the same whatever the facts and values are.
bool isFixed(const Expr& checked);

}  // namespace reticle::model
