// Types as they are written, and the fields of those that are declared.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "check/index_recorder.h"
#include "check/reporter.h"
#include "check/symbols.h"
#include "model/model.h"
#include "syntax/tree.h"

namespace reticle::model {

class Types {
 public:
  Types(Program& program, Symbols& symbols, IndexRecorder& index, Reporter& report)
      : program_(program), symbols_(symbols), index_(index), report_(report) {}

  // The type that is meant; Poison after a mistake, which is reported.
  Type resolve(const tree::TypeUse& use, const tree::Module* from);
  // The fact, event or subject of that name; null after a mistake, which is reported. Good until a
  // type is added.
  const FactType* resolveRecord(const tree::Name& name, const tree::Module* from);

  const FactType& typeOf(TypeId id) const { return program_.types[index(id)]; }
  Type recordType(TypeId id) const;
  std::optional<FieldId> declaredField(TypeId type, std::string_view name) const;
  // Where an `open` subject keeps its undeclared properties.
  std::optional<FieldId> openField(TypeId type) const;
  Diagnostic& reportUnknownField(TypeId type, const std::string& name, Span span);

  // The event of a changed property; made when it is first asked for.
  TypeId changeType(TypeId subject, FieldId field);
  // Requires: the subject is open and declares no such property.
  TypeId openChangeType(TypeId subject, const std::string& property);

 private:
  void reportUnknownType(const std::string& name, Span span, bool record, const tree::Module* from);
  TypeId addChangeType(TypeId subject, FieldId field, const std::string& property, const Type& type,
                       Span span);

  Program& program_;
  Symbols& symbols_;
  IndexRecorder& index_;
  Reporter& report_;
};

// The fields that the engine fills in, after those that are declared; see FactType.
void addHiddenFields(FactType& type);
// "fact", "subject", "event"
std::string kindOf(const FactType& type);
// What a failed step tells of itself: `err`.
Type failureType();

}  // namespace reticle::model
