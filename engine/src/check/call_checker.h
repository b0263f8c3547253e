// Calls in expressions: built-in functions, declared functions and tables, pure host functions,
// queries.
#pragma once

#include <string>
#include <vector>

#include "check/part.h"
#include "check/scope.h"
#include "expression/expr.h"
#include "expression/functions.h"

namespace reticle::model {

class Definitions;
class ExpressionChecker;

class CallChecker : CheckerPart {
 public:
  CallChecker(const Shared& shared, ExpressionChecker& expressions, Definitions& definitions)
      : CheckerPart(shared), expressions_(expressions), definitions_(definitions) {}

  // Resolves the name and checks the arguments; the type is Poison after a mistake.
  void checkCall(Expr& e, Scope& s);

 private:
  // False after a mistake, which is reported.
  bool checkDeclaredCall(Expr& e, Scope& s, const Symbol& symbol);
  bool callFunction(Expr& e, Scope& s, const Symbol& symbol);
  bool callHost(Expr& e, Scope& s, const Symbol& symbol);
  bool callQuery(Expr& e, Scope& s, const Symbol& symbol);
  bool mayAsk(const Expr& e, const Scope& s, const Symbol& symbol, bool asks);
  // Checks the arguments and puts them into the order of the parameters.
  bool arrangeArguments(Expr& e, Scope& s, const std::vector<Param>& params, const std::string& who,
                        Span declared);

  void checkBuiltin(Expr& e, Scope& s);
  void checkAbsentBuiltin(Expr& e, Scope& s);
  // Takes the first form that fits.
  bool takeForm(Expr& e, const std::vector<const Overload*>& forms);
  // No form fits: `sized` are those with as many arguments, `styled` those called in this way.
  void reportArguments(Expr& e, Scope& s, const std::vector<const Overload*>& sized,
                       const std::vector<const Overload*>& styled);
  void checkPassed(Expr& e, Scope& s);
  std::vector<const Overload*> overloadsOf(const std::string& name) const;
  // Finds what the type parameters of an overload stand for, and the result with them. False: one
  // would have to be two types at once.
  bool resolveParameters(const Overload& overload, std::vector<Expr>& args, Type& result) const;

  // --- check_known_calls.cpp
  // A call that fails for its constants, whatever else it is given.
  void refuseKnownFailure(Expr& e);

  // --- check_foreign.cpp
  // Whether the first part of a name is that of functions of the language: `math`.
  static bool isNamespace(const std::string& root);
  void reportNow(const Expr& e, const Scope& s);
  void reportUnknownFunction(const Expr& e, const std::string& name, const Scope& s);
  // All that could be called here, for suggestions.
  std::vector<std::string> functionNames(const Scope& s) const;

  ExpressionChecker& expressions_;
  Definitions& definitions_;
};

}  // namespace reticle::model
