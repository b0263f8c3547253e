// What rules do; flows and tests do most of it too.
#pragma once

#include <vector>

#include "check/change_checker.h"
#include "check/part.h"
#include "check/scope.h"
#include "syntax/tree.h"

namespace reticle::model {

class Arguments;
class ExpressionChecker;
class FlowChecker;
class PatternChecker;
class TestChecker;
class Ways;

class ActionChecker : CheckerPart {
 public:
  ActionChecker(const Shared& shared, const std::vector<tree::Module>& modules,
                ExpressionChecker& expressions, PatternChecker& patterns, Arguments& arguments,
                Ways& ways, FlowChecker& flows, TestChecker& tests)
      : CheckerPart(shared),
        modules_(modules),
        expressions_(expressions),
        patterns_(patterns),
        arguments_(arguments),
        ways_(ways),
        flows_(flows),
        tests_(tests),
        changes_(shared, expressions, arguments) {}

  // An action that cannot be carried out is left out, and the names it was to bind are known as
  // broken.
  std::vector<Action> checkActions(const std::vector<tree::Action>& actions, Scope& s);
  bool checkAction(const tree::Action& action, Action& out, Scope& s);

 private:
  // Reports an action that cannot stand in this kind of block.
  bool allowedHere(const tree::Action& action, const Scope& s);
  bool refuseOutsideOfFlow(const tree::Action& action, const Scope& s);
  // Each returns false when the action cannot be carried out, which is reported.
  bool checkCallAction(const tree::Action& action, Action& out, Scope& s);
  bool checkStart(const tree::Action& action, Action& out, Scope& s);
  bool checkSignal(const tree::Action& action, Action& out, Scope& s);
  bool checkCancel(const tree::Action& action, Action& out, Scope& s);
  bool checkFocus(const tree::Action& action, Action& out);
  bool checkRefresh(const tree::Action& action, Action& out);
  FlowId callingFlow(const Host& host);
  bool checkLog(const tree::Action& action, Action& out, Scope& s);
  bool checkLet(const tree::Action& action, Action& out, Scope& s);

  // --- check_block.cpp
  bool checkIf(const tree::Action& action, Action& out, Scope& s);
  bool checkFor(const tree::Action& action, Action& out, Scope& s);

  // For what is declared elsewhere: groups, for `focus`.
  const std::vector<tree::Module>& modules_;
  ExpressionChecker& expressions_;
  PatternChecker& patterns_;
  Arguments& arguments_;
  Ways& ways_;
  FlowChecker& flows_;
  TestChecker& tests_;
  // Owned, as nobody else asks it; the other parts are borrowed.
  ChangeChecker changes_;
};

}  // namespace reticle::model
