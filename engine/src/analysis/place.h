// What the conditions of a rule ask of single fields, as sets of values.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "expression/conjuncts.h"
#include "model/model.h"
#include "model/value_set.h"

namespace reticle::model {

// A field of the fact in a row of the match.
struct Place {
  std::uint32_t row = 0, field = 0;
  bool operator==(const Place& other) const { return row == other.row && field == other.field; }
  bool operator!=(const Place& other) const { return !(*this == other); }
  // By row, then by field: the order in which rules are read.
  bool operator<(const Place& other) const {
    return row != other.row ? row < other.row : field < other.field;
  }
};

// One conjunct that reads nothing but one field.
struct PlaceTest {
  const Expr* expr = nullptr;
  Place place;
  ValueSet values;
};

// The one field that an expression reads; null when it reads none, several, or anything else that
// is not constant.
const Expr* onlyField(const Expr& e);
// The values that the field's type and its own `where` allow.
ValueSet declaredValues(const Field& field);

// The conjuncts of the patterns that a match needs, by what they read.
struct RuleTests {
  std::vector<PlaceTest> tests;    // in order of the text
  std::vector<const Expr*> joins;  // `==` and orders between fields of two rows
  bool exact = true;               // nothing else is asked for a match
};
RuleTests testsOf(const Program& program, const Rule& rule);

// What is left of each field that some test reads.
std::map<Place, ValueSet> boxOf(const Program& program, const Rule& rule, const RuleTests& tests);

// `x.f`: a field of a row.
inline bool isField(const Expr& e) { return e.ref.kind == Ref::Kind::Field; }
inline Place placeOf(const Expr& e) { return {e.ref.row, index(e.ref.field)}; }

}  // namespace reticle::model
