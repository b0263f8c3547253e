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

  // Both check the operands, too, and set the type of the whole: Poison after a mistake.
  void checkUnary(Expr& e, Scope& s);
  void checkBinary(Expr& e, Scope& s);

 private:
  void checkElement(Expr& e, Scope& s);
  void checkLogical(Expr& e, Scope& s);
  void checkComparison(Expr& e, Scope& s);
  // Warns of a join in which null would meet null.
  void warnNullJoin(const Expr& e, const Scope& s);
  void checkIn(Expr& e, Scope& s);
  void checkArithmetic(Expr& e, Scope& s);
  void offerMultiplication(const Expr& product, Diagnostic& d) const;
  // Refuses a literal zero, and warns of whole numbers whose quotient is always 0.
  void checkDivision(const Expr& e, const Scope& s);
  void checkCoalesce(Expr& e, Scope& s);
  // The two types do not go together; `verb` is what was tried.
  void reportOperands(const Expr& e, const std::string& verb);

  ExpressionChecker& expressions_;
};

}  // namespace reticle::model
