// A value of the expression language (CEL) at run time.
//
// Sixteen bytes: a kind, a small extra, eight bytes of payload. Strings, bytes, lists, maps, optionals and errors are immutable and shared by
// reference count (atomic, so that sessions on several threads may share one program), everything else is held inline.
//
// Invariants:
//   (1) Equal values hash alike, across int and double too: 1 == 1.0 (see hash()).
//   (2) A map keeps the order in which its entries were given; equality ignores that order.
//   (3) A value never changes once made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reticle/ids.h"

namespace reticle {

// ORDER: journal codec (src/journal), expression codes
//
// Optional holds one value or none (CEL's optional_type; a field of type `T?` is null instead). Uint exists for the conformance suite only: rule
// text has no unsigned numbers.
enum class ValueKind : std::uint8_t { Null, Bool, Int, Double, String, Bytes, List, Map, Timestamp, Duration, Type, Fact, Error, Optional, Uint };

class Value {
 public:
  using List = std::vector<Value>;
  using Map = std::vector<std::pair<Value, Value>>;   // keys distinct; bool, int or string

  Value() = default;                                   // null
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  static Value boolean(bool value);
  static Value integer(std::int64_t value);
  static Value real(double value);
  static Value string(std::string_view utf8);
  static Value bytes(std::string_view bytes);
  static Value list(List items);
  static Value map(Map entries);                       // requires distinct keys
  static Value timestamp(std::int64_t seconds, std::uint32_t nanos);   // since 1970-01-01T00:00:00Z
  static Value timestamp(Time microseconds);
  static Value duration(std::int64_t seconds, std::int32_t nanos);     // both of one sign
  static Value span(Span64 microseconds);
  static Value type(std::string_view name);            // a type as a value: `int`, `list`, …
  static Value fact(FactId fact);
  static Value some(Value held);                       // an optional that holds a value; given an error, that error
  static Value none();                                 // an optional that holds nothing
  static Value natural(std::uint64_t value);           // a uint
  // An error is the third truth value of conditions: "unknown". `code` is a diagnostic code such as "RL9001".
  static Value error(std::string_view code, std::string_view message);

  ValueKind kind() const { return kind_; }
  bool isNull() const { return kind_ == ValueKind::Null; }
  bool isError() const { return kind_ == ValueKind::Error; }
  bool isTrue() const { return kind_ == ValueKind::Bool && payload_.integer != 0; }
  bool isFalse() const { return kind_ == ValueKind::Bool && payload_.integer == 0; }
  bool isNumber() const { return kind_ == ValueKind::Int || kind_ == ValueKind::Double || kind_ == ValueKind::Uint; }
  bool isNone() const { return kind_ == ValueKind::Optional && extra_ == 0; }

  // Each requires the kind its name says.
  bool asBool() const { return payload_.integer != 0; }
  std::int64_t asInt() const { return payload_.integer; }
  std::uint64_t asUint() const { return static_cast<std::uint64_t>(payload_.integer); }
  double asDouble() const { return payload_.real; }
  const Value& held() const;                           // of an optional that is not none
  std::string_view asString() const;                   // also bytes, type names
  const List& asList() const;
  const Map& asMap() const;
  std::int64_t seconds() const { return payload_.integer; }            // timestamp, duration
  std::int32_t nanos() const { return static_cast<std::int32_t>(extra_); }
  Time asTime() const;                                  // timestamp in microseconds, clamped to Time
  Span64 asSpan() const;                                // duration in microseconds, clamped
  FactId asFact() const { return static_cast<FactId>(payload_.integer); }
  std::string_view errorCode() const;
  std::string_view errorMessage() const;

  // The value under a key of a map, or null pointer.
  const Value* find(const Value& key) const;
  const Value* find(std::string_view key) const;

  // CEL equality: numbers on one line, NaN equals nothing, lists and maps by content, different kinds are unequal. Errors equal nothing.
  friend bool operator==(const Value& a, const Value& b);
  // Agrees with ==; stable over builds and platforms.
  std::uint64_t hash() const;

 private:
  struct Shared;
  union Payload { std::int64_t integer; double real; Shared* shared; };
  bool isShared() const { return kind_ >= ValueKind::String && kind_ != ValueKind::Timestamp && kind_ != ValueKind::Duration && kind_ != ValueKind::Fact && kind_ != ValueKind::Uint && !isNone(); }
  void retain() const;
  void release();

  ValueKind kind_ = ValueKind::Null;
  std::uint32_t extra_ = 0;
  Payload payload_{0};
};

// CEL ordering of two values: -1, 0, 1, or 2 when they have no order (different kinds, NaN, maps, optionals, errors).
int compare(const Value& a, const Value& b);

// CEL's name of the value's type: "int", "string", "google.protobuf.Timestamp", …
std::string_view typeName(const Value& value);

// As people write it: "text" in quotes when `quoted`, 12, 1.5, 2.0, [1, 2], {"a": 1}, 2024-01-15T00:00:00Z, 1m30s. Doubles are the shortest
// that read back the same, always with a point or exponent. Same on every platform.
std::string toText(const Value& value, bool quoted = true);

}  // namespace reticle
