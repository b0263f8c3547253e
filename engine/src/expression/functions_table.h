// How the parts of the table of built-in functions come together: each functions_*.cpp gives its
// own, functions.cpp sorts and serves them.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "expression/functions.h"

namespace reticle {

// Carries out a call. Requires: no argument is an error; `count` is one of the function's arities.
// Returns an error value when no overload takes the kinds of the arguments.
using PlainImplementation = Value (*)(const Value* args, std::size_t count);
// The same for functions that ask the surroundings, or do more than the sizes of arguments and
// result tell: they take fuel for it.
using ContextImplementation = Value (*)(const Value* args, std::size_t count, CallContext& context);

struct Implementation {
  Implementation(PlainImplementation plain) : plain(plain) {}
  Implementation(ContextImplementation inContext) : inContext(inContext) {}
  PlainImplementation plain = nullptr;
  ContextImplementation inContext = nullptr;
};

struct Builtin {
  std::string_view name;
  Implementation implementation;
  // their `name` is filled in by functions.cpp; those with a Uint go into a table of their own
  std::vector<Overload> overloads;
};

// The longest text a single call may make: what fuel can pay for.
constexpr std::size_t kLongestText = 6'400'000;

std::vector<Builtin> conversionFunctions();
std::vector<Builtin> textFunctions();
std::vector<Builtin> formatFunctions();
std::vector<Builtin> timeFunctions();
std::vector<Builtin> mathFunctions();
std::vector<Builtin> listFunctions();
std::vector<Builtin> optionalFunctions();

// The error for arguments that no overload takes.
Value noOverload(std::string_view name, const Value* args, std::size_t count);

// The items in the order of their keys, equal keys in the order they had; an error when two keys
// have no order. Takes fuel for each comparison.
Value sortedBy(const Value::List& keys, const Value::List& items, std::int64_t& fuel);

// Shorthands for the tables.
inline Type of(TypeKind kind) { return Type::of(kind); }
inline Type listOf(TypeKind kind) {
  Type type = Type::of(TypeKind::List);
  type.arguments.push_back(Type::of(kind));
  return type;
}
// A type parameter: every type fits, and it is the same type wherever the name stands.
inline Type typeParameter(std::string name) {
  Type type = Type::of(TypeKind::Any);
  type.name = std::move(name);
  return type;
}
inline Type listOf(Type item) {
  Type type = Type::of(TypeKind::List);
  type.arguments.push_back(std::move(item));
  return type;
}
inline Type optionalOf(Type held) {
  Type type = Type::of(TypeKind::Optional);
  type.arguments.push_back(std::move(held));
  return type;
}
inline Overload method(std::vector<Type> params, Type result, bool canFail, std::string_view doc) {
  return {{}, true, std::move(params), std::move(result), canFail, doc};
}
inline Overload function(std::vector<Type> params, Type result, bool canFail,
                         std::string_view doc) {
  return {{}, false, std::move(params), std::move(result), canFail, doc};
}
inline Overload method(std::vector<Type> params, TypeKind result, bool canFail,
                       std::string_view doc) {
  return {{}, true, std::move(params), Type::of(result), canFail, doc};
}
inline Overload function(std::vector<Type> params, TypeKind result, bool canFail,
                         std::string_view doc) {
  return {{}, false, std::move(params), Type::of(result), canFail, doc};
}

}  // namespace reticle
