// Conditions one after the other, the names they bind, and the conditions inside of them.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "check/part.h"
#include "check/scope.h"
#include "syntax/tree.h"

namespace reticle::model {

class ExpressionChecker;
class PatternChecker;

class ConditionChecker : CheckerPart {
 public:
  ConditionChecker(const Shared& shared, ExpressionChecker& expressions, PatternChecker& patterns)
      : CheckerPart(shared), expressions_(expressions), patterns_(patterns) {}

  // A condition that could not be read is left out, and the names it was to bind are known as
  // broken.
  void checkConditions(const std::vector<tree::Condition>& conditions, std::vector<Condition>& out,
                       Scope& s);
  void checkCondition(const tree::Condition& condition, std::vector<Condition>& out, Scope& s);
  // The branches of an `either`, each read by `read` as if it were alone. `read` gets the number of
  // the branch and its place for conditions, and returns whether it could be read. Names bound in
  // all of them go on, to `out.exports`.
  using ReadBranch = std::function<bool(std::size_t, std::vector<Condition>&)>;
  bool checkBranches(const std::vector<Span>& branches, const ReadBranch& read, Condition& out,
                     Scope& s);

 private:
  // What a group has bound is taken back by `leave`, all of it.
  struct Mark {
    std::size_t bindings, known, rows;
  };
  // What one branch of an `either` binds.
  struct Branch {
    std::vector<Binding> names;
    Span span;
  };

  bool checkEach(const tree::Condition& condition, Condition& out, Scope& s);
  // A condition about values.
  void checkTest(const Expr& written, const std::string& who, Expression& out, Scope& s);
  void breakNames(const tree::Condition& condition, Scope& s);

  // --- check_group.cpp
  Mark enter(Scope& s);
  // Ends the names bound since the mark: unused ones are reported; `word` is the condition they
  // were inside of.
  void leave(Scope& s, const Mark& mark, const std::string& word);
  // False when nothing stands in it, which is reported.
  bool checkGroup(const std::vector<tree::Condition>& group, std::vector<Condition>& out, Scope& s,
                  Span keyword, const std::string& word);
  bool checkNegation(const tree::Condition& condition, Condition& out, Scope& s);
  bool checkForall(const tree::Condition& condition, Condition& out, Scope& s);
  bool checkEither(const tree::Condition& condition, Condition& out, Scope& s);
  // Names bound in every branch, to values of one type, go on after the `either`; of the others is
  // remembered why they do not.
  void exportNames(const std::vector<Branch>& branches, Condition& out, Scope& s);

  // --- check_accumulate.cpp
  bool checkAccumulate(const tree::Condition& condition, Condition& out, Scope& s);
  // `grouped`: there is a result for what has a key only, so that it is never one of nothing.
  Type accumulateResult(const tree::AccumulateFunction& f, AccumulateFunction& out, bool grouped,
                        Scope& s);
  bool readPercent(const tree::AccumulateFunction& f, AccumulateFunction& out, Scope& s);
  void reportUnknownAccumulate(const tree::Name& function);

  ExpressionChecker& expressions_;
  PatternChecker& patterns_;
};

}  // namespace reticle::model
