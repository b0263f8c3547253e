// The built-in functions of the expression language: one table for the checker, the compiler,
// completion and the documentation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "expression/type.h"
#include "reticle/value.h"

namespace reticle {

class Surroundings;

// One way of calling a function. A function written `target.f(a)` has method = true and the target
// as its first parameter.
struct Overload {
  std::string_view name;
  bool method = false;
  std::vector<Type> params;  // Any where every type fits; those of one name are one type
  Type result;
  bool canFail = false;  // may end in an error for arguments of these types
  std::string_view doc;  // one sentence
  bool repeats = false;  // the last parameter takes any further arguments too
};

// All overloads, those of one name adjacent, names in alphabetical order.
const std::vector<Overload>& builtins();
// Those about unsigned numbers, in the same order: for the conformance suite, nothing that rule
// text may use.
const std::vector<Overload>& unsignedBuiltins();
// A number for a name, or -1. Names of builtins() have the position of their first overload; those
// that only unsignedBuiltins() has come after them.
int builtinIndex(std::string_view name);

// What a call may use of the evaluation that it is a part of.
struct CallContext {
  // taken from; the call gives up with an error once it is negative
  std::int64_t fuel = 0;
  const Surroundings* surroundings = nullptr;  // null: nothing outside is known
};

// Calls by the kinds of the values; an error value when no overload takes them.
Value callBuiltin(std::size_t builtin, const Value* args, std::size_t count, CallContext& context);
// With fuel of its own, and nothing known outside: for constants.
Value callBuiltin(std::size_t builtin, const Value* args, std::size_t count);

}  // namespace reticle
