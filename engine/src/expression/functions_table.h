// How the parts of the table of built-in functions come together: each functions_*.cpp gives its own, functions.cpp sorts and serves them.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "expression/functions.h"

namespace reticle {

// Carries out a call. Requires: no argument is an error; `count` is one of the function's arities. Answers an error value when no overload takes
// the kinds of the arguments.
using Implementation = Value (*)(const Value* args, std::size_t count);

struct Builtin {
  std::string_view name;
  Implementation implementation;
  std::vector<Overload> overloads;     // their `name` is filled in by functions.cpp
};

// The longest text a single call may make: what fuel can pay for.
constexpr std::size_t kLongestText = 6'400'000;

std::vector<Builtin> conversionFunctions();
std::vector<Builtin> textFunctions();
std::vector<Builtin> timeFunctions();
std::vector<Builtin> mathFunctions();

// The error for arguments that no overload takes.
Value noOverload(std::string_view name, const Value* args, std::size_t count);

// Shorthands for the tables.
inline Type of(TypeKind kind) { return Type::of(kind); }
inline Type listOf(TypeKind kind) {
  Type type = Type::of(TypeKind::List);
  type.arguments.push_back(Type::of(kind));
  return type;
}
inline Overload method(std::vector<Type> params, TypeKind result, bool canFail, std::string_view doc) {
  return {{}, true, std::move(params), Type::of(result), canFail, doc};
}
inline Overload function(std::vector<Type> params, TypeKind result, bool canFail, std::string_view doc) {
  return {{}, false, std::move(params), Type::of(result), canFail, doc};
}

}  // namespace reticle
