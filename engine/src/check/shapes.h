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
// Whether a checked expression is the same whatever the facts and values are.
bool isFixed(const Expr& checked);

}  // namespace reticle::model
