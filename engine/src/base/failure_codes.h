// The codes of what fails while rules are carried out.
#pragma once

#include <string_view>

#include "reticle/result.h"
#include "reticle/value.h"

namespace reticle {

// How a firing can fail: an expression without a value, or what is wanted is refused; UnknownRun is
// of what it asks of a run beside.
inline constexpr ErrorCode kFiringErrors[] = {
    ErrorCode::NoValue,      ErrorCode::TooMuch,
    ErrorCode::NoRow,        ErrorCode::WrongType,
    ErrorCode::MissingField, ErrorCode::UnknownField,
    ErrorCode::UnknownFact,  ErrorCode::ConstraintViolated,
    ErrorCode::DuplicateKey, ErrorCode::UnknownRun};

// Of trace records, and of the reports that people read.
inline constexpr std::string_view kRunaway = "RL9004";  // a settling that was stopped
inline constexpr std::string_view kUnhandledRun =
    "RL9005";  // a run failed, and nothing handles it; the `call` of a rule is one

// That of an expression's value. What a host's function says in words of its own is RL9001.
// Requires: an error
inline ErrorCode codeOf(const Value& error) {
  if (error.errorCode() == "RL9002") return ErrorCode::TooMuch;
  if (error.errorCode() == "RL9003") return ErrorCode::NoRow;
  return ErrorCode::NoValue;
}

}  // namespace reticle
