// What an expression reads, and how a constraint can be taken apart for the network.
#pragma once

#include <cstdint>
#include <vector>

#include "expression/code.h"
#include "expression/conjuncts.h"
#include "expression/expr.h"
#include "network/network.h"

namespace reticle {

struct Reads {
  bool candidate = false;  // the row asked about
  bool earlier = false;    // other rows, or locals
  // a query or a field reached through a reference: not a pure function of rows and locals
  bool outside = false;
};

// Requires: functions expanded.
Reads readsOf(const Expr& expr, std::uint32_t candidateRow);

// Adds, by row, the fields an expression reads. A row taken as a whole value counts as all its
// fields.
void addFieldReads(const Expr& expr, std::vector<FieldMask>& byRow);

// Whether evaluating can end in an error for fields of their declared types. Says true when in
// doubt.
bool canFail(const Expr& expr);

// Whether of any two values of this type one is before the other, or they are equal. NaN is
// neither.
bool isTotal(const Type& type);

// An expression with every Ref::Row / Ref::Field of row `from` moved to row `to`.
Expr moveRow(Expr expr, std::uint32_t from, std::uint32_t to);

}  // namespace reticle
