// The checker as a whole: one object for one call of checkProgram. It owns the program in the
// making and the parts that check it, each of which borrows the others it needs:
//
//   Symbols, Types, Bindings, Fit     names, types, the life of names, whether a value fits
//   ExpressionChecker                 names, operators, calls
//   Facts, Definitions                what is declared (tables by TableChecker)
//   PatternChecker, ConditionChecker  what is asked
//   ActionChecker, FlowChecker        what is done (Arguments, Ways)
//   RuleChecker, TestChecker          the declarations that are made of both
//
// Invariants:
//   (1) Parts keep what they have found, and nothing of the place where they are: that is in the
//       Scope, which is handed along.
//   (2) All orders are those of the text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/action_checker.h"
#include "check/arguments.h"
#include "check/check.h"
#include "check/condition_checker.h"
#include "check/definitions.h"
#include "check/expression_checker.h"
#include "check/facts.h"
#include "check/flow_checker.h"
#include "check/part.h"
#include "check/pattern_checker.h"
#include "check/rule_checker.h"
#include "check/table_checker.h"
#include "check/test_checker.h"
#include "check/ways.h"

namespace reticle::model {

class Checker {
 public:
  // `alone`: the names of plain CEL, for runAlone.
  Checker(const std::vector<tree::Module>& modules, std::vector<Diagnostic>& diagnostics,
          CheckOptions options, const Environment* alone = nullptr);

  // Empty when something is wrong.
  std::optional<Program> run();
  // One expression in plain CEL (check_alone.h): no literal is promoted, no limit of rule text
  // holds. False when something is wrong.
  bool runAlone(Expr& e);

 private:
  // Calls `check` with each declaration of the kind and its module, in the order of the text.
  template <typename Check>
  void eachDeclaration(tree::Declaration::Kind kind, const Check& check);
  void checkDeclarations();
  void checkBodies();
  // Patterns that ask for no zone mean the Clock of UTC; where there are others, they say so.
  void requireZones();
  // What the whole program means, see analysis.h.
  void analyse();

  const std::vector<tree::Module>& modules_;
  CheckOptions options_;
  Program program_;
  Reporter report_;
  IndexRecorder index_;
  Symbols symbols_;
  Types types_;
  Bindings bindings_;
  Fit fit_;
  Shared shared_;
  ExpressionChecker expressions_;
  Facts facts_;
  TableChecker tables_;
  PatternChecker patterns_;
  ConditionChecker conditions_;
  Definitions definitions_;
  Arguments arguments_;
  Ways ways_;
  ActionChecker actions_;
  FlowChecker flows_;
  RuleChecker rules_;
  TestChecker tests_;
};

}  // namespace reticle::model
