// Operators and their operands.
#pragma once

#include <string>

#include "check/part.h"
#include "check/scope.h"
#include "expression/expr.h"

namespace reticle::model {

class ExpressionChecker;

class OperatorChecker : CheckerPart {
 public:
  OperatorChecker(const Shared& shared, ExpressionChecker& expressions)
      : CheckerPart(shared), expressions_(expressions) {}

  void checkUnary(Expr& e, Scope& s);
  void checkBinary(Expr& e, Scope& s);

 private:
  void checkElement(Expr& e, Scope& s);
  void checkLogical(Expr& e, Scope& s);
  void checkComparison(Expr& e, Scope& s);
  void warnNullJoin(const Expr& e, const Scope& s);
  void checkIn(Expr& e, Scope& s);
  void checkArithmetic(Expr& e, Scope& s);
  void offerMultiplication(const Expr& product, Diagnostic& d) const;
  void checkDivision(const Expr& e, const Scope& s);
  void checkCoalesce(Expr& e, Scope& s);
  void reportOperands(const Expr& e, const std::string& verb);

  ExpressionChecker& expressions_;
};

}  // namespace reticle::model
