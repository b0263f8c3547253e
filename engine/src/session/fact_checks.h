// What hosts and actions hand in, checked against the declarations before anything changes, and
// brought into the shape in which facts are stored. Every refusal is an Error that says what was
// found and what would be right.
//
// It reads working memory (for keys, and for the fields that stay as they are) and changes nothing.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expression/code.h"
#include "match/working_memory.h"
#include "model/model.h"
#include "reticle/fields.h"
#include "reticle/result.h"
#include "session/change.h"

namespace reticle {

// Values by field; absent: not given. Undeclared properties of an open subject are one map, in its
// hidden field for them.
using GivenFields = std::vector<std::optional<Value>>;

class FactChecks {
 public:
  FactChecks(const model::Program& program, const WorkingMemory& memory,
             const Surroundings& surroundings)
      : program_(program), memory_(memory), surroundings_(surroundings) {}

  // --- what is given
  // The type of that name whose facts hosts may insert.
  Result<const model::FactType*> insertableType(std::string_view name) const;
  Result<GivenFields> byName(TypeId type, const Fields& fields) const;
  // The same for fields of which the declared ones are resolved, each named once.
  Result<GivenFields> byField(TypeId type, const Assignment& assignment,
                              const Fields& undeclared) const;

  // --- new facts
  // Completes and checks the declared fields of a new fact; the result holds hidden fields too.
  Result<std::vector<Value>> complete(TypeId type, const GivenFields& given) const;
  // byName() and complete() in one, without words, for plain facts; false where those refuse, or
  // know more.
  bool completePlain(const model::FactType& type, const Fields& fields,
                     std::vector<Value>& values) const;

  // --- facts there are
  // Checks values to be set on a fact; fields it does not have become entries of its open
  // properties. The result is in the order of fields.
  Result<Assignment> assignmentFor(FactId fact, const Fields& fields) const;
  // `removed`: undeclared properties that go.
  Result<Assignment> assignmentFor(FactId fact, const Assignment& assignment,
                                   const Fields& undeclared,
                                   const std::vector<std::string>& removed) const;
  // The open property of a fact with others set in it: those it has keep their places.
  static Value withEntries(const Value& open, const Value& given,
                           const std::vector<std::string>& removed);
  // Bounds and `where` of each declared field.
  Status checkFields(const model::FactType& type, std::span<const Value> values) const;
  // An existing fact with the same key or name; kNoFact when there is none.
  FactId twin(TypeId type, std::span<const Value> values) const;

  // Whether facts of a type would have the same key, or name. False for a type without keys.
  static bool sameKey(const model::FactType& type, std::span<const Value> a,
                      std::span<const Value> b);

  // A fact in words, for messages: "Customer{id: "ada"}".
  std::string describe(FactId fact) const;

 private:
  Result<Assignment> fitting(const StoredFact& stored, const GivenFields& given,
                             const std::vector<std::string>& removed) const;
  Value valueOf(const Code& code, const Row* row) const {
    return evaluate(code, Frame{row, nullptr, &surroundings_});
  }

  const model::Program& program_;
  const WorkingMemory& memory_;
  const Surroundings& surroundings_;
};

}  // namespace reticle
