// Ways through actions and steps: what is never reached, never taken, never ends, or cannot be
// undone.
#pragma once

#include <vector>

#include "check/part.h"
#include "check/scope.h"
#include "syntax/tree.h"

namespace reticle::model {

class ExpressionChecker;

class Ways : CheckerPart {
 public:
  Ways(const Shared& shared, ExpressionChecker& expressions)
      : CheckerPart(shared), expressions_(expressions) {}

  // Nothing is reached after a step that leaves.
  void reportUnreachable(const tree::Action& leaving, const std::vector<tree::Action>& rest,
                         const Scope& s);
  // An `if` that always goes one way.
  void warnConstant(const tree::Action& action, const Expr& test, const Scope& s);

  // --- endless.cpp
  // A wait whose answer is the same for ever.
  void warnEndless(const tree::Action& action, const Action& checked, const Scope& s);
  // Information: a run that may stay for ever. A flow with a `timeout` ends in any case.
  void informOfEndless(const tree::Declaration& declaration);
  // In a flow that undoes, a call that is not undone although something after it may fail.
  void warnWithoutUndo(const tree::Declaration& declaration, const tree::Module* from);
  // Remembers a `signal`, since its flow may be declared further down.
  void noteSignal(const Action& signal, Span span, const tree::Declaration* rule);
  // Last: a signal that no step of its flow waits for.
  void warnUnheardSignals();

 private:
  struct Signal {
    FlowId flow;
    TypeId event;
    Span span;
    const tree::Declaration* rule;  // null outside of rules
  };

  ExpressionChecker& expressions_;
  std::vector<Signal> signals_;
};

}  // namespace reticle::model
