// The built-in functions of the expression language: one table for the checker, the compiler, completion and the documentation.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "expression/type.h"
#include "reticle/value.h"

namespace reticle {

// One way of calling a function. A function written `target.f(a)` has method = true and the target as its first parameter.
struct Overload {
  std::string_view name;
  bool method = false;
  std::vector<Type> params;          // Any where every type fits
  Type result;
  bool canFail = false;              // may end in an error for arguments of these types
  std::string_view doc;              // one sentence
};

// All overloads, those of one name adjacent, names in alphabetical order.
const std::vector<Overload>& builtins();
// A number for a name (position of its first overload in builtins()), or -1.
int builtinIndex(std::string_view name);
// Calls by the kinds of the values; an error value when no overload takes them.
Value callBuiltin(std::size_t builtin, const Value* args, std::size_t count);

}  // namespace reticle
