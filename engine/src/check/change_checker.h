// Changes of working memory and events: insert, upsert, set, unset, update, retract, emit.
#pragma once

#include "check/part.h"
#include "check/scope.h"
#include "syntax/tree.h"

namespace reticle::model {

class Arguments;
class ExpressionChecker;

// Each check returns false when the action cannot be carried out, which is reported.
class ChangeChecker : CheckerPart {
 public:
  ChangeChecker(const Shared& shared, ExpressionChecker& expressions, Arguments& arguments)
      : CheckerPart(shared), expressions_(expressions), arguments_(arguments) {}

  // `out` is complete only when true is returned.
  bool checkInsert(const tree::Action& action, Action& out, Scope& s);
  bool checkUpsert(const tree::Action& action, Action& out, Scope& s);
  bool checkEmit(const tree::Action& action, Action& out, Scope& s);
  bool checkCancelEvent(const tree::Action& action, Action& out, Scope& s);
  bool checkSet(const tree::Action& action, Action& out, Scope& s);
  bool checkUnset(const tree::Action& action, Action& out, Scope& s);
  bool checkUpdate(const tree::Action& action, Action& out, Scope& s);
  bool checkRetract(const tree::Action& action, Action& out, Scope& s);

 private:
  // `to`: a subject or the name of one.
  Expression addressee(const Expr& written, Scope& s);
  // `after`, `at` and `replacing` of emit.
  void checkWhen(const tree::Action& action, Action& out, Scope& s);
  // Whether a fact of the type can be found by its key; else that is reported.
  bool hasKey(const tree::Action& action, const std::string& verb, TypeId type);
  // The fact that an action changes.
  bool checkTarget(const tree::Name& name, const char* verb, Action& out, Scope& s);
  // The property that is set; `type` becomes its type.
  bool fieldToSet(const tree::Name& name, Action& out, NamedExpression& field, Type& type,
                  const Scope& s);
  void nameFields(Expr& map, TypeId type, const Scope& s) const;
  void checkMembers(Expr& map, const Action& out, Scope& s);
  // The names after the property in `set a.b.c.d`: they lead into a map. `type` becomes that of the
  // entry.
  bool checkPart(const tree::Action& action, Action& out, Type& type, Scope& s);

  ExpressionChecker& expressions_;
  Arguments& arguments_;
};

}  // namespace reticle::model
