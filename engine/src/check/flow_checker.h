// Flows: their heads and handlers, and the steps that wait, look, leave and catch.
#pragma once

#include "check/part.h"
#include "check/scope.h"
#include "check/step_checker.h"
#include "syntax/tree.h"

namespace reticle::model {

class ActionChecker;
class Arguments;
class ConditionChecker;
class ExpressionChecker;
class PatternChecker;
class Ways;

class FlowChecker : CheckerPart {
 public:
  FlowChecker(const Shared& shared, ExpressionChecker& expressions, PatternChecker& patterns,
              ConditionChecker& conditions, Arguments& arguments, Ways& ways,
              ActionChecker& actions)
      : CheckerPart(shared),
        expressions_(expressions),
        patterns_(patterns),
        conditions_(conditions),
        arguments_(arguments),
        ways_(ways),
        actions_(actions),
        steps_(shared, expressions, arguments, actions) {}

  // Adds the flow to the program. Requires: its head has been declared.
  void checkFlow(const tree::Declaration& declaration, const tree::Module* from);
  // An action that only flows have. Requires: the scope is that of a flow.
  bool checkFlowAction(const tree::Action& action, Action& out, Scope& s);

 private:
  // Handlers see the parameters of the flow, but not what its steps have bound.
  void checkHandlers(const tree::Declaration& declaration, Flow& flow, Scope& s);
  // Each returns false when the step cannot be carried out, which is reported.
  bool checkReturn(const tree::Action& action, Action& out, Scope& s);
  bool checkFind(const tree::Action& action, Action& out, Scope& s);
  bool checkSleep(const tree::Action& action, Action& out, Scope& s);
  bool checkRestart(const tree::Action& action, Action& out, Scope& s);

  // --- check_wait.cpp
  bool checkTry(const tree::Action& action, Action& out, Scope& s);
  bool checkWait(const tree::Action& action, Action& out, Scope& s);
  bool checkWaitUntil(const tree::Action& action, Action& out, Scope& s);
  // Facts that a wait has matched are kept in locals: its rows are gone when the run goes on.
  void keepRows(Action& out, std::size_t mark, std::size_t known, Scope& s);

  ExpressionChecker& expressions_;
  PatternChecker& patterns_;
  ConditionChecker& conditions_;
  Arguments& arguments_;
  Ways& ways_;
  ActionChecker& actions_;
  // Owned, as nobody else asks it; the other parts are borrowed.
  StepChecker steps_;
};

}  // namespace reticle::model
