// The operators of expressions on values: overflow and wrong kinds give error values, `&&` and
// `||` absorb them.
#include "expression/operators.h"

#include <cmath>

#include "base/number.h"
#include "base/time_text.h"
#include "base/unreachable.h"

namespace reticle {
namespace {

constexpr std::int64_t kBillion = 1000000000;

// What the operator met, and for numbers of two kinds what would help: CEL converts none by itself.
Value noOperation(std::string_view op, const Value& a, const Value& b) {
  std::string message = "`";
  message.append(op)
      .append("` does not work on ")
      .append(kindWord(a))
      .append(" and ")
      .append(kindWord(b));
  if (a.isNumber() && b.isNumber()) message += "; convert one of them with double(…) or int(…)";
  return failure(message);
}

// The left one wins.
const Value* errorAmong(const Value& a, const Value& b) {
  return a.isError() ? &a : b.isError() ? &b : nullptr;
}

bool both(const Value& a, const Value& b, ValueKind kind) {
  return a.kind() == kind && b.kind() == kind;
}

// Both operands and what they would not fit.
Value overflow(std::string_view op, const Value& a, const Value& b, std::string_view type) {
  return failure(toText(a)
                     .append(" ")
                     .append(op)
                     .append(" ")
                     .append(toText(b))
                     .append(" does not fit ")
                     .append(type));
}

// One arithmetic operation of the builtin overflow checks on uints.
template <typename Operation>
Value onUints(std::string_view op, const Value& a, const Value& b, const Operation& operation) {
  std::uint64_t result = 0;
  return operation(a.asUint(), b.asUint(), &result) ? overflow(op, a, b, "a uint")
                                                    : Value::natural(result);
}

// What can be added to and subtracted from.
bool isTime(const Value& value) {
  return value.kind() == ValueKind::Timestamp || value.kind() == ValueKind::Duration;
}

// Errors stay the errors they are.
Value noCondition(const Value& value) {
  return value.isError() ? value
                         : failure(std::string("a condition must be true or false, this is ")
                                       .append(kindWord(value)));
}

}  // namespace

// RL9001: unknown. A condition that meets it is neither true nor false.
Value failure(std::string_view message) { return Value::error("RL9001", message); }

// As rule text calls the type of a value, in messages.
std::string_view kindWord(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null: return "null";
    case ValueKind::Timestamp: return "timestamp";
    case ValueKind::Duration: return "duration";
    case ValueKind::Bool:
    case ValueKind::Int:
    case ValueKind::Double:
    case ValueKind::String:
    case ValueKind::Bytes:
    case ValueKind::List:
    case ValueKind::Map:
    case ValueKind::Type:
    case ValueKind::Fact:
    case ValueKind::Uint:
    case ValueKind::Error: return typeName(value);
    case ValueKind::Optional: return "optional";
  }
  unreachable("a kind of value has a type");
}

// Nanoseconds of any size and sign are carried into the seconds.
Value makeTimestamp(std::int64_t seconds, std::int64_t nanos) {
  seconds += nanos / kBillion;
  nanos %= kBillion;
  if (nanos < 0) {
    nanos += kBillion;
    --seconds;
  }
  if (seconds < kFirstSecond || seconds > kLastSecond) {
    return failure("a timestamp outside of the years 0001 to 9999");
  }
  return Value::timestamp(seconds, static_cast<std::uint32_t>(nanos));
}

// Likewise, so that both parts have one sign.
Value makeDuration(std::int64_t seconds, std::int64_t nanos) {
  seconds += nanos / kBillion;
  nanos %= kBillion;
  if (seconds > 0 && nanos < 0) {
    nanos += kBillion;
    --seconds;
  } else if (seconds < 0 && nanos > 0) {
    nanos -= kBillion;
    ++seconds;
  }
  if (seconds < -kLongestSeconds || seconds > kLongestSeconds) {
    return failure("a duration of more than 292 years");
  }
  return Value::duration(seconds, static_cast<std::int32_t>(nanos));
}

// The common kinds first, then errors, then what is rare.
Value addValues(const Value& a, const Value& b) {
  if (both(a, b, ValueKind::Int)) {
    std::int64_t sum = 0;
    return __builtin_add_overflow(a.asInt(), b.asInt(), &sum) ? overflow("+", a, b, "an int")
                                                              : Value::integer(sum);
  }
  if (both(a, b, ValueKind::Double)) return Value::real(a.asDouble() + b.asDouble());
  if (const Value* error = errorAmong(a, b)) return *error;
  // Joined; the bounds of a text are looked at where it is made.
  if (both(a, b, ValueKind::String) || both(a, b, ValueKind::Bytes)) {
    std::string joined;
    joined.reserve(a.asString().size() + b.asString().size());
    joined.append(a.asString()).append(b.asString());
    return a.kind() == ValueKind::String ? Value::string(joined) : Value::bytes(joined);
  }
  if (both(a, b, ValueKind::List)) {
    Value::List items;
    items.reserve(a.asList().size() + b.asList().size());
    items.insert(items.end(), a.asList().begin(), a.asList().end());
    items.insert(items.end(), b.asList().begin(), b.asList().end());
    return Value::list(std::move(items));
  }
  // Two timestamps have no sum.
  if (isTime(a) && isTime(b) && !both(a, b, ValueKind::Timestamp)) {
    const std::int64_t seconds = a.seconds() + b.seconds(),
                       nanos = std::int64_t{a.nanos()} + b.nanos();
    return both(a, b, ValueKind::Duration) ? makeDuration(seconds, nanos)
                                           : makeTimestamp(seconds, nanos);
  }
  if (both(a, b, ValueKind::Uint)) {
    return onUints("+", a, b, [](std::uint64_t x, std::uint64_t y, std::uint64_t* r) {
      return __builtin_add_overflow(x, y, r);
    });
  }
  return noOperation("+", a, b);
}

// A timestamp less a timestamp is a duration.
Value subtractValues(const Value& a, const Value& b) {
  if (both(a, b, ValueKind::Int)) {
    std::int64_t difference = 0;
    return __builtin_sub_overflow(a.asInt(), b.asInt(), &difference) ? overflow("-", a, b, "an int")
                                                                     : Value::integer(difference);
  }
  if (both(a, b, ValueKind::Double)) return Value::real(a.asDouble() - b.asDouble());
  if (const Value* error = errorAmong(a, b)) return *error;
  if (isTime(a) && isTime(b) && (a.kind() == b.kind() || a.kind() == ValueKind::Timestamp)) {
    const std::int64_t seconds = a.seconds() - b.seconds(),
                       nanos = std::int64_t{a.nanos()} - b.nanos();
    return a.kind() == b.kind() ? makeDuration(seconds, nanos) : makeTimestamp(seconds, nanos);
  }
  if (both(a, b, ValueKind::Uint)) {
    return onUints("-", a, b, [](std::uint64_t x, std::uint64_t y, std::uint64_t* r) {
      return __builtin_sub_overflow(x, y, r);
    });
  }
  return noOperation("-", a, b);
}

namespace {

// All of a duration of the language fits.
std::int64_t nanosOf(const Value& duration) {
  return duration.seconds() * 1'000'000'000 + duration.nanos();
}

Value durationOf(std::int64_t nanos) {
  return makeDuration(nanos / 1'000'000'000, nanos % 1'000'000'000);
}

// To the nearest nanosecond, halves away from zero.
Value durationOf(double nanos) {
  if (!(nanos > -9.2e18 && nanos < 9.2e18)) return failure("a duration of more than 292 years");
  return durationOf(static_cast<std::int64_t>(nanos < 0 ? nanos - 0.5 : nanos + 0.5));
}

}  // namespace

Value multiplyValues(const Value& a, const Value& b) {
  if (both(a, b, ValueKind::Int)) {
    std::int64_t product = 0;
    return __builtin_mul_overflow(a.asInt(), b.asInt(), &product) ? overflow("*", a, b, "an int")
                                                                  : Value::integer(product);
  }
  if (both(a, b, ValueKind::Double)) return Value::real(a.asDouble() * b.asDouble());
  if (const Value* error = errorAmong(a, b)) return *error;
  if (both(a, b, ValueKind::Uint)) {
    return onUints("*", a, b, [](std::uint64_t x, std::uint64_t y, std::uint64_t* r) {
      return __builtin_mul_overflow(x, y, r);
    });
  }
  const bool first = a.kind() == ValueKind::Duration;
  const Value &span = first ? a : b, &factor = first ? b : a;
  if (span.kind() == ValueKind::Duration && factor.kind() == ValueKind::Int) {
    std::int64_t product = 0;
    return __builtin_mul_overflow(nanosOf(span), factor.asInt(), &product)
               ? failure("a duration of more than 292 years")
               : durationOf(product);
  }
  if (span.kind() == ValueKind::Duration && factor.kind() == ValueKind::Double) {
    return durationOf(static_cast<double>(nanosOf(span)) * factor.asDouble());
  }
  return noOperation("*", a, b);
}

// Ints are divided towards zero.
Value divideValues(const Value& a, const Value& b) {
  if (both(a, b, ValueKind::Int)) {
    if (b.asInt() == 0) return failure(toText(a).append(" / 0: division by zero"));
    if (b.asInt() == -1 && a.asInt() == INT64_MIN) return overflow("/", a, b, "an int");
    return Value::integer(a.asInt() / b.asInt());
  }
  if (both(a, b, ValueKind::Double)) return Value::real(a.asDouble() / b.asDouble());
  if (const Value* error = errorAmong(a, b)) return *error;
  if (both(a, b, ValueKind::Uint)) {
    return b.asUint() != 0 ? Value::natural(a.asUint() / b.asUint())
                           : failure(toText(a).append(" / 0: division by zero"));
  }
  // A duration by a number is a part of it; by a duration, how often that one goes into it.
  if (a.kind() == ValueKind::Duration && (b.isNumber() || b.kind() == ValueKind::Duration)) {
    const bool zero = b.kind() == ValueKind::Int      ? b.asInt() == 0
                      : b.kind() == ValueKind::Double ? b.asDouble() == 0
                                                      : b.seconds() == 0 && b.nanos() == 0;
    if (b.kind() != ValueKind::Uint && zero) {
      return failure(toText(a).append(" / ").append(toText(b)).append(": division by zero"));
    }
    if (b.kind() == ValueKind::Int) return durationOf(nanosOf(a) / b.asInt());
    if (b.kind() == ValueKind::Double) {
      return durationOf(static_cast<double>(nanosOf(a)) / b.asDouble());
    }
    if (b.kind() == ValueKind::Duration) {
      return Value::real(static_cast<double>(nanosOf(a)) / static_cast<double>(nanosOf(b)));
    }
  }
  return noOperation("/", a, b);
}

Value moduloValues(const Value& a, const Value& b) {
  if (both(a, b, ValueKind::Int)) {
    if (b.asInt() == 0) return failure(toText(a).append(" % 0: division by zero"));
    // The processor would trap on the least int.
    if (b.asInt() == -1) {
      return a.asInt() == INT64_MIN ? overflow("%", a, b, "an int") : Value::integer(0);
    }
    return Value::integer(a.asInt() % b.asInt());
  }
  if (const Value* error = errorAmong(a, b)) return *error;
  if (both(a, b, ValueKind::Uint)) {
    return b.asUint() != 0 ? Value::natural(a.asUint() % b.asUint())
                           : failure(toText(a).append(" % 0: division by zero"));
  }
  return noOperation("%", a, b);
}

// Zero has no sign as an int; a duration changes both parts.
Value negateValue(const Value& a) {
  if (a.isError()) return a;
  if (a.kind() == ValueKind::Double) return Value::real(-a.asDouble());
  if (a.kind() == ValueKind::Duration) return Value::duration(-a.seconds(), -a.nanos());
  if (a.kind() != ValueKind::Int) {
    return failure(std::string("`-` does not work on ").append(kindWord(a)));
  }
  if (a.asInt() == INT64_MIN) return failure("-(-9223372036854775808) does not fit an int");
  return Value::integer(-a.asInt());
}

Value notValue(const Value& a) {
  if (a.kind() == ValueKind::Bool) return Value::boolean(!a.asBool());
  if (a.isError()) return a;
  return failure(std::string("`!` does not work on ").append(kindWord(a)));
}

Value equalValues(const Value& a, const Value& b) {
  if (const Value* error = errorAmong(a, b)) return *error;
  return Value::boolean(a == b);
}

Value notEqualValues(const Value& a, const Value& b) {
  if (const Value* error = errorAmong(a, b)) return *error;
  return Value::boolean(!(a == b));
}

// A comparison with NaN is false; two kinds without an order are an error.
Value orderValues(Operator op, const Value& a, const Value& b) {
  const int order = compare(a, b);
  if (order == 2) {
    if (a.isNumber() && b.isNumber()) return Value::boolean(false);  // NaN
    if (const Value* error = errorAmong(a, b)) return *error;
    return failure(
        std::string(kindWord(a)).append(" and ").append(kindWord(b)).append(" have no order"));
  }
  if (op == Operator::Less) return Value::boolean(order < 0);
  if (op == Operator::LessEqual) return Value::boolean(order <= 0);
  if (op == Operator::Greater) return Value::boolean(order > 0);
  return Value::boolean(order >= 0);
}

// Keys of a map, items of a list.
Value inValues(const Value& item, const Value& container) {
  if (const Value* error = errorAmong(item, container)) return *error;
  if (container.kind() == ValueKind::Map) return Value::boolean(container.find(item) != nullptr);
  if (container.kind() != ValueKind::List) {
    return failure(std::string("`in` needs a list or a map on its right, this is ")
                       .append(kindWord(container)));
  }
  for (const Value& candidate : container.asList()) {
    if (candidate == item) return Value::boolean(true);
  }
  return Value::boolean(false);
}

// `low <= item && item <= high`, with the three values that these have.
Value inRange(const Value& item, const Value& low, const Value& high, bool exclusive) {
  if (item.isError()) return item;
  return andValues(orderValues(Operator::LessEqual, low, item),
                   orderValues(exclusive ? Operator::Less : Operator::LessEqual, item, high));
}

// One side that is false decides, even when the other one is an error; orValues likewise.
Value andValues(const Value& a, const Value& b) {
  // Kleene's logic: an error beside what decides is absorbed.
  if (a.isFalse() || b.isFalse()) return Value::boolean(false);
  if (a.isTrue() && b.isTrue()) return a;
  return noCondition(a.isTrue() ? b : a);
}

Value orValues(const Value& a, const Value& b) {
  if (a.isTrue() || b.isTrue()) return Value::boolean(true);
  if (a.isFalse() && b.isFalse()) return a;
  return noCondition(a.isFalse() ? b : a);
}

// A list takes any number that is a whole one, as CEL has it.
Value indexValue(const Value& container, const Value& index) {
  if (const Value* error = errorAmong(container, index)) return *error;
  if (container.kind() == ValueKind::Map) {
    const Value* found = container.find(index);
    return found != nullptr
               ? *found
               : failure(
                     std::string("there is no key ").append(toText(index)).append(" in this map"));
  }
  if (container.kind() != ValueKind::List) {
    return failure(std::string("[…] does not work on ").append(kindWord(container)));
  }
  std::int64_t at = 0;
  if (index.kind() == ValueKind::Int) {
    at = index.asInt();
  } else if (const auto whole =
                 index.kind() == ValueKind::Double ? exactInt(index.asDouble()) : std::nullopt) {
    at = *whole;
  } else if (index.kind() == ValueKind::Uint) {
    at = index.asUint() <= INT64_MAX ? static_cast<std::int64_t>(index.asUint()) : INT64_MAX;
  } else {
    return failure(std::string("a list is indexed by an int, this is ").append(toText(index)));
  }
  const auto size = static_cast<std::int64_t>(container.asList().size());
  if (at < 0 || at >= size) {
    std::string message = "there is no item ";
    appendInt(message, at);
    message += " in a list of ";
    appendInt(message, size);
    return failure(message);
  }
  return container.asList()[static_cast<std::size_t>(at)];
}

}  // namespace reticle
