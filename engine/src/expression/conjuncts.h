// The parts of an expression that must all hold.
#pragma once

#include <vector>

#include "expression/expr.h"

namespace reticle {

// Adds the conjuncts of an expression: `a && b && c` gives three. Splitting is safe because `&&` is
// commutative and absorbs errors.
inline void splitConjuncts(const Expr& expr, std::vector<const Expr*>& out) {
  if (expr.kind == ExprKind::Binary && expr.op == Operator::And) {
    for (const Expr& arg : expr.args) splitConjuncts(arg, out);
    return;
  }
  out.push_back(&expr);
}

}  // namespace reticle
