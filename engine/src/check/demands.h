// What the constraints of a pattern demand of single fields, with a constant on the other side.
#pragma once

#include <cstdint>
#include <vector>

#include "expression/expr.h"
#include "model/model.h"

namespace reticle::model {

struct Demand {
  FieldId field{};
  Operator op = Operator::None;
  Value value;
  const Expr* expr = nullptr;  // the conjunct that makes it
};

// The value of a literal or of a named constant; null of anything else.
const Value* constantOf(const Expr& e);
// Adds what one conjunct demands of the fields of a row.
void demandsOf(const Expr& conjunct, std::uint32_t row, std::vector<Demand>& out);
// Whether no value of the type satisfies both. Says false when in doubt.
bool contradict(const Demand& a, const Demand& b, const Type& type);

}  // namespace reticle::model
