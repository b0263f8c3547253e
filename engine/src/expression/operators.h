// The operators of the expression language on values: what evaluation does for one operator.
//
// None needs to look for errors: an operand that is an error is the result, the left one
// first.
#pragma once

#include <string>
#include <string_view>

#include "expression/expr.h"
#include "reticle/value.h"

namespace reticle {

// An evaluation error, RL9001.
Value failure(std::string_view message);
// The kind of a value as rule authors call it: "int", "timestamp", "null".
std::string_view kindWord(const Value& value);

Value addValues(const Value& a, const Value& b);
Value subtractValues(const Value& a, const Value& b);
Value multiplyValues(const Value& a, const Value& b);
Value divideValues(const Value& a, const Value& b);
Value moduloValues(const Value& a, const Value& b);
Value negateValue(const Value& a);
Value notValue(const Value& a);

Value equalValues(const Value& a, const Value& b);
Value notEqualValues(const Value& a, const Value& b);
// Less, LessEqual, Greater or GreaterEqual. Numbers stand on one line; NaN is in no order with
// anything; other unlike kinds are an error.
Value orderValues(Operator op, const Value& a, const Value& b);
Value inValues(const Value& item, const Value& container);
Value inRange(const Value& item, const Value& low, const Value& high, bool exclusive);

// Three-valued: an error is "unknown", and so is anything that is no bool.
Value andValues(const Value& a, const Value& b);
Value orValues(const Value& a, const Value& b);

Value indexValue(const Value& container, const Value& index);

// Seconds and nanoseconds made into one value, or an error when that is out of the range of the
// language.
Value makeTimestamp(std::int64_t seconds, std::int64_t nanos);
Value makeDuration(std::int64_t seconds, std::int64_t nanos);

}  // namespace reticle
