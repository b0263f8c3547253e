// Whether a value may stand where it is written, and what to say when not.
//
// In plain CEL (see check_alone.h) a literal is what it is, and null goes with few types: `promote`
// and `join` follow the language that is checked.
#pragma once

#include <string>

#include "check/check_alone.h"
#include "check/reporter.h"
#include "check/scope.h"
#include "check/types_used.h"
#include "expression/expr.h"

namespace reticle::model {

// Why a value must have a type: what the message says when it has not.
struct Want {
  std::string who;  // "`bandOf`", "the field `percent` of `Discount`"
  Span declared;    // where that was declared; empty when nowhere
};

class Fit {
 public:
  // `alone`: the names of plain CEL; null for rule text.
  Fit(Types& types, Reporter& report, const Environment* alone)
      : types_(types), report_(report), alone_(alone) {}

  // Whether the checked value fits the type, converted where it is written so that it can be. If it
  // does not fit, that is reported.
  bool coerce(Expr& e, const Type& to, const Want& want, Scope& s);
  // `negation` is the `!` around it, whose meaning a repair keeps.
  void requireBool(Expr& e, Scope& s, const std::string& who, const Expr* negation = nullptr);
  // A value that is there and not null. False: it is not, and that is reported.
  bool requireValue(Expr& e, Scope& s, const std::string& who, const std::string& need);
  void reportOptional(const Expr& e, Scope& s, const std::string& label);
  // Whether a text may be a time zone; what is none is reported. Whether the host knows a name is
  // not known before a session runs.
  bool checkZone(const std::string& zone, Span span);
  // A string beside an enum must be one of its values. False: it is not, and that is reported.
  bool enumLiteral(Expr& e, const Type& type);

  bool promote(Expr& e) const;
  Type join(const Type& a, const Type& b) const;
  const Environment* alone() const { return alone_; }

 private:
  void reportMismatch(const Expr& e, const Type& to, const Want& want);

  Types& types_;
  Reporter& report_;
  const Environment* alone_;
};

}  // namespace reticle::model
