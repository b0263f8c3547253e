// A value or an error that must be looked at.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

#include "reticle/span.h"

namespace reticle {

enum class ErrorCode {
  UnknownType,
  UnknownField,
  UnknownFact,
  UnknownRun,
  UnknownCall,
  UnknownFlow,
  UnknownQuery,
  UnknownSubject,
  UnknownActivation,
  WrongType,
  MissingField,
  MissingProperty,
  DuplicateKey,
  ConstraintViolated,
  NotAFact,
  Derived,
  Stale,
  Duplicate,
  Corrupt,
  Mismatch,
  Full,
  Closed,
  Busy,
  BadInput,
  // Of an expression: it has no value; it takes too long or grows too large; no row of a table
  // matches.
  NoValue,
  TooMuch,
  NoRow,
};

// The code's name, as hosts see it: "UnknownType"; of expressions that of their values' errors:
// "RL9001", "RL9002", "RL9003".
const char* name(ErrorCode code);

struct Error {
  ErrorCode code{};
  std::string message;  // what was found and what would be right
  std::string where;    // the field, byte offset or input member it is about; may be empty
  std::string fix;      // a concrete way out; may be empty
  Span place;           // what of the rules failed; an empty one: it is no part of them
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::move(value)) {}
  Result(Error error) : state_(std::move(error)) {}
  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  // Requires ok().
  const T& value() const {
    assert(ok() && "a failed result has no value");
    return std::get<0>(state_);
  }
  T& value() {
    assert(ok() && "a failed result has no value");
    return std::get<0>(state_);
  }
  const T& operator*() const { return value(); }
  T& operator*() { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }
  // Requires !ok().
  const Error& error() const {
    assert(!ok() && "a sound result has no error");
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

struct Done {};
using Status = Result<Done>;

}  // namespace reticle
