// Steps that call host functions and run flows: their retries and undos, and what runs at the same
// time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/part.h"
#include "check/scope.h"
#include "syntax/tree.h"

namespace reticle::model {

class ActionChecker;
class Arguments;
class ExpressionChecker;

class StepChecker : CheckerPart {
 public:
  // The parts of a `parallel`, in the order of the text.
  using Parts = std::vector<const tree::Action*>;

  StepChecker(const Shared& shared, ExpressionChecker& expressions, Arguments& arguments,
              ActionChecker& actions)
      : CheckerPart(shared), expressions_(expressions), arguments_(arguments), actions_(actions) {}

  std::optional<Retry> checkRetry(const std::optional<tree::Retry>& retry, Scope& s);
  // `parts`: those beside which the step runs.
  bool checkStep(const tree::Action& action, Action& out, Scope& s, const Parts& parts = {});
  // Parts that run at the same time. Each is read as if it were alone with what it comes `after`;
  // after the block all their names are known.
  bool checkParallel(const tree::Action& action, Action& out, Scope& s);

 private:
  // One `parallel` while it is read.
  struct Block {
    const tree::Action& action;
    Parts parts, waiting;
    std::vector<std::vector<Binding>> made;  // what each part has bound
    std::vector<Action> checked;             // those that failed have no text
  };

  void checkAfter(const tree::Action& step, const Parts& parts, Scope& s);
  // False when what the step calls is not known; `result` is what it gives.
  bool checkTarget(const tree::Action& action, Action& out, Type& result, Scope& s);
  void checkUndo(const tree::Action& action, Action& out, const Type& result, Scope& s);
  void rewordUndo(const tree::Action& action, Diagnostic& d);

  // --- check_parallel.cpp
  Parts partsOf(const tree::Action& action);
  void checkNext(Block& block, const tree::Action& part, Scope& s);
  bool checkPartOf(const tree::Action& parallel, const tree::Action& part, const Parts& parts,
                   Action& out, Scope& s);
  void reportCircle(const Parts& waiting);
  void bindParts(Block& block, Action& out, Scope& s);

  ExpressionChecker& expressions_;
  Arguments& arguments_;
  ActionChecker& actions_;
};

// What `after` can name of a part: a step or a branch; "" of others.
std::string partName(const tree::Action& part);
const tree::Action* findPart(const StepChecker::Parts& parts, const std::string& name);

}  // namespace reticle::model
