// What a name means: a field of the pattern's fact, a binding, a constant, a value of an enum, a
// member of a map; and what is said when it means nothing, or two things.
#pragma once

#include <string>
#include <vector>

#include "check/part.h"
#include "check/scope.h"
#include "expression/expr.h"

namespace reticle::model {

class Definitions;
class ExpressionChecker;

class NameChecker : CheckerPart {
 public:
  NameChecker(const Shared& shared, ExpressionChecker& expressions, Definitions& definitions)
      : CheckerPart(shared), expressions_(expressions), definitions_(definitions) {}

  // Both give the expression its meaning and type; Poison after a mistake, which is reported.
  void checkName(Expr& e, Scope& s);
  void checkSelect(Expr& e, Scope& s);
  // Whether the name is one that cannot be used here, which is reported with the reason.
  bool reportAbsent(const Expr& e, const Scope& s);
  // Warns when an undeclared property of an open subject is called much like a declared one, or
  // like one of `names`.
  void warnNearProperty(TypeId type, const std::string& name, Span at, const Scope& s,
                        std::vector<std::string> names = {});

 private:
  // Each turns the expression into what its name was found to mean.
  void becomeBinding(Expr& e, Binding& binding);
  bool becomeField(Expr& e, Scope& s, const Binding* outer, const Symbol* constant);
  void becomeConstant(Expr& e, const Symbol& constant);
  void becomeOpenProperty(Expr& e, Expr row, TypeId type, FieldId field, const Scope& s);
  void reportNoValue(const Expr& e, const Symbol& symbol);
  bool reportAmbiguous(Expr& e, Scope& s, const Binding* outer, const Symbol* constant);
  bool isMemberOfOnly(const Binding& outer, const Scope& s) const;
  void reportUnknownName(Expr& e, Scope& s);
  void reportLater(const Expr& e, const Absent& absent, const Scope& s);
  void reportInside(const Expr& e, const Absent& absent);
  // `module.name` and `Enum.VALUE`; false when the path means none of these.
  bool resolveQualified(Expr& e, Scope& s);
  // `meta.time` and the like of an event; false when it is no metadata.
  bool resolveMeta(Expr& e, Scope& s);
  // `meta.time` outside of patterns: of what has set the rule off; see check_meta.cpp.
  bool resolveTriggerMeta(Expr& e, Scope& s);
  void selectFrom(Expr& e, Scope& s);
  void selectField(Expr& e, Scope& s);
  void selectMember(Expr& e);
  void selectFromOptional(Expr& e, Scope& s);

  ExpressionChecker& expressions_;
  Definitions& definitions_;
};

}  // namespace reticle::model
