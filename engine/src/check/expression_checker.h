// Types of expressions, bottom up: every name gets its meaning, every expression its type.
//
// Invariants:
//   (1) After a mistake the type is Poison, and nothing more is said about what is built on it.
//   (2) Expressions are compiled only while no error is known: the compiler never meets poison.
#pragma once

#include <cstddef>
#include <optional>

#include "check/call_checker.h"
#include "check/name_checker.h"
#include "check/operator_checker.h"
#include "check/part.h"
#include "check/scope.h"
#include "expression/expr.h"
#include "syntax/tree.h"

namespace reticle::model {

class ExpressionChecker : CheckerPart {
 public:
  ExpressionChecker(const Shared& shared, Definitions& definitions)
      : CheckerPart(shared),
        names_(shared, *this, definitions),
        operators_(shared, *this),
        calls_(shared, *this, definitions) {}

  // Checks the expression in place and returns its type.
  const Type& check(Expr& e, Scope& s);
  // The checked expression with its compiled form.
  Expression finish(Expr tree);
  // Its value; empty while a mistake is known. Requires: it reads no fact and no local.
  std::optional<Value> fold(const Expression& expression);
  // A duration as a literal or a constant; nothing after a mistake, which is reported.
  std::optional<Span64> spanOf(const tree::Duration& written, const tree::Module* module);

  NameChecker& names() { return names_; }

 private:
  static constexpr std::size_t kMaxDepth = 64;

  void checkLiteral(Expr& e);
  void checkIndex(Expr& e, Scope& s);
  // What an index leads to; Poison when the container has none of that kind.
  Type elementOf(Expr& e, const Type& container, const Type& at);
  void checkTernary(Expr& e, Scope& s);
  void checkList(Expr& e, Scope& s);
  void checkMap(Expr& e, Scope& s);
  void checkMacro(Expr& e, Scope& s);
  // Binds the variable of the macro; false when there is nothing to go through.
  bool bindMacro(Expr& e, const Type& range, Scope& s);
  void checkMacroBodies(Expr& e, Scope& s);
  Type macroResult(Expr& e, const Type& range);
  void checkOptionalMap(Expr& e, Scope& s);
  Type sorted(const Expr& e, const Type& range);

  NameChecker names_;
  OperatorChecker operators_;
  CallChecker calls_;
  std::size_t depth_ = 0;  // of the expression being checked, with what it calls for the first time
};

}  // namespace reticle::model
