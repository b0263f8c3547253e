// The declarations of facts, subjects and events: their fields, defaults and checks, and how
// subjects are named.
#pragma once

#include "check/part.h"
#include "syntax/tree.h"

namespace reticle::model {

class ExpressionChecker;

class Facts : CheckerPart {
 public:
  Facts(const Shared& shared, ExpressionChecker& expressions)
      : CheckerPart(shared), expressions_(expressions) {}

  // First: the subject `Clock` is type 0.
  void addClock();
  void declareFields(const tree::Declaration& declaration, const tree::Module* from);
  // Of an event that the engine raises (model/doings.h).
  void checkDoing(const tree::Declaration& declaration, const std::vector<Field>& fields);
  // After all fields, constants and functions: what these are made of.
  void checkFields(const tree::Declaration& declaration, const tree::Module* from);

 private:
  void makeSet(const tree::Declaration& declaration, FactType& type);
  void nameSubject(const tree::Declaration& declaration, FactType& type);

  ExpressionChecker& expressions_;
};

}  // namespace reticle::model
