// What actions hand over: arguments by name, the fields of a new fact or event, keys, and the host
// functions and flows they name.
#pragma once

#include <string>
#include <vector>

#include "check/part.h"
#include "check/scope.h"
#include "syntax/tree.h"

namespace reticle::model {

class ExpressionChecker;

class Arguments : CheckerPart {
 public:
  Arguments(const Shared& shared, ExpressionChecker& expressions)
      : CheckerPart(shared), expressions_(expressions) {}

  // The arguments in the order of the parameters. `declared` are these as written, `who` is called.
  std::vector<NamedExpression> namedArguments(const std::vector<tree::Argument>& arguments,
                                              const std::vector<Param>& params,
                                              const std::vector<tree::Field>& declared, Span call,
                                              const std::string& who, Scope& s);
  // The fields of `Type{…}`, for insert, upsert, emit and signal. `good` is false when the type is
  // not one that `verb` can make.
  std::vector<NamedExpression> checkRecord(const Expr& e, FactKind wanted, const std::string& verb,
                                           TypeId& id, Scope& s, bool& good);
  // What names a run or a pending event: a text or a number.
  Expression checkKey(const Expr& written, const std::string& what, Scope& s);
  // Null after a mistake, which is reported.
  const Flow* resolveFlow(const tree::Name& name, const Symbol** found, const Scope& s);
  const Host* resolveHost(const tree::Name& name, const tree::Declaration** declaration,
                          const Scope& s);
  // Arguments of something that is not known: their own mistakes are reported all the same.
  void lookAt(const std::vector<tree::Argument>& arguments, Scope& s);

 private:
  // The type of a new fact or event; null after a mistake.
  const FactType* recordFor(const Expr& e, FactKind wanted, const std::string& verb, Scope& s);
  bool copyFields(const Expr& e, std::size_t at, TypeId id, std::vector<NamedExpression>& result,
                  Scope& s);
  void reportMissing(const FactType& fact, const std::vector<std::string>& given, Span at);

  ExpressionChecker& expressions_;
};

}  // namespace reticle::model
