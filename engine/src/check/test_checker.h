// Tests: what is done to the session, and what is expected of it.
#pragma once

#include <cstdint>

#include "check/part.h"
#include "check/scope.h"
#include "syntax/tree.h"

namespace reticle::model {

class ActionChecker;
class Arguments;
class ExpressionChecker;
class PatternChecker;

class TestChecker : CheckerPart {
 public:
  TestChecker(const Shared& shared, ExpressionChecker& expressions, PatternChecker& patterns,
              Arguments& arguments, ActionChecker& actions)
      : CheckerPart(shared),
        expressions_(expressions),
        patterns_(patterns),
        arguments_(arguments),
        actions_(actions) {}

  // Adds to what every session begins with.
  void checkGiven(const tree::Declaration& declaration, const tree::Module* from);
  // Adds the test to the program.
  void checkTest(const tree::Declaration& declaration, const tree::Module* from);
  // Scripts for functions that nothing can call: neither a rule nor a step of any flow. What is
  // pure may be asked in any expression.
  void warnUnusedScripts(const tree::Declaration& declaration, const tree::Module* from);
  // An action that only tests have. Requires: the scope is that of a test.
  bool checkDoing(const tree::Action& action, Action& out, Scope& s);

 private:
  // The names of `for (…) in […]` become the first locals, with a list of values each.
  void checkCases(const tree::Declaration& declaration, Test& test, Scope& s);
  void checkStrategy(const tree::Declaration& declaration, Test& test);
  // What a host function does when it is called; false after a mistake, which is reported.
  bool checkScript(const tree::Action& action, Action& out, Scope& s);
  // An answer that no call can get.
  void warnUnreached(const tree::Action::Script& script, const tree::Action::Script* lasting);

  // --- check_expect.cpp: `locals` is the first local that the test itself does not use
  bool checkExpect(const tree::Expect& expect, Expect& out, Scope& s, std::uint32_t locals);
  bool expectFact(const tree::Expect& expect, Expect& out, Scope& s);
  bool expectCode(const tree::Expect& expect, Expect& out);
  bool expectCalled(const tree::Expect& expect, Expect& out, Scope& s, std::uint32_t locals);
  bool expectFlow(const tree::Expect& expect, Expect& out, Scope& s);

  ExpressionChecker& expressions_;
  PatternChecker& patterns_;
  Arguments& arguments_;
  ActionChecker& actions_;
};

}  // namespace reticle::model
