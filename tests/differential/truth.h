// What terms, conditions and functions are worth beside a partial match: the three-valued meaning
// of conditions, by trying every fact.
//
// Everything is found at once as the loose places see it: a partial match that is not certain goes
// on, marked unsure. A strict place then takes those that are sure, which is the same as never
// letting the others go on there.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "differential/program.h"

namespace reticle::test {

struct StoredRecord {
  int type = 0;
  std::vector<Value> fields;
  bool logical = false;
};
using Facts = std::map<std::uint32_t, StoredRecord>;  // by id

enum class Certainty { False, True, Unknown };

// A way to satisfy the conditions so far.
struct Combination {
  std::vector<Value> names;          // by name; a fact is Value::fact
  std::vector<std::uint32_t> facts;  // those of its rows, in order
  // of `each` the place (an int), of `group by` and `either` the values that tell matches apart, in
  // order
  std::vector<Value> places;
  // by name: what the branches read that gave it, of the facts they export
  std::vector<unsigned> reads;
  bool sure = true;
};

// By name, the fields that conditions read; of a fact that an `either` makes known only what is
// read after it, the rest depends on the branch.
std::vector<unsigned> fieldsRead(const std::vector<Condition>& conditions);
void addFieldsRead(const Term& term, std::vector<unsigned>& masks);

// CEL, as far as Term goes. An error value when it has none.
Value worth(const Term& term, const std::vector<Value>& names, const Facts& facts);
// Whether a condition is true; what is neither true nor false is unknown.
Certainty certainty(const Term& term, const std::vector<Value>& names, const Facts& facts);

// A function of `accumulate` over its arguments, in order. An error value when there is no result.
Value total(const Function& function, const std::vector<Value>& arguments);

// All extensions of `from` over the conditions, unsure ones too.
std::vector<Combination> extend(const std::vector<Condition>& conditions, const Combination& from,
                                const Facts& facts);

// Equal and of one kind: the same value, as far as a match can tell.
bool same(const Value& a, const Value& b);
// Whether combinations of the same conditions come in this order: facts row by row, older ones
// first, then places.
bool comesBefore(const Combination& a, const Combination& b);
// -1, 0 or 1: an order of all values, for places; by kind where CEL has no order.
int placeOrder(const Value& a, const Value& b);

}  // namespace reticle::test
