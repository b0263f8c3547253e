// A value of the expression language (CEL) at run time.
//
// Sixteen bytes: a kind, a small extra, eight bytes of payload. Strings, bytes, lists, maps,
// optionals and errors are immutable and shared by reference count (atomic once there is a second
// thread, so that sessions on several threads may share one program), everything else is held
// inline: copying, moving, dropping and comparing such values is a matter of a few instructions,
// here in the header.
//
// Invariants:
//   (1) Equal values hash alike, across int and double too: 1 == 1.0 (see hash()).
//   (2) A map keeps the order in which its entries were given; equality ignores that order.
//   (3) A value never changes once made.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
// kept by the C library: false before a second thread begins
#define RETICLE_ONE_THREAD __libc_single_threaded
#else
#define RETICLE_ONE_THREAD false
#endif

#include "reticle/ids.h"

namespace reticle {

// ORDER: journal codec (src/journal), expression codes
//
// Optional holds one value or none (CEL's optional_type; a field of type `T?` is null instead).
// Uint exists for the conformance suite only: rule text has no unsigned numbers.
enum class ValueKind : std::uint8_t {
  Null,
  Bool,
  Int,
  Double,
  String,
  Bytes,
  List,
  Map,
  Timestamp,
  Duration,
  Type,
  Fact,
  Error,
  Optional,
  Uint
};

constexpr std::uint32_t bit(ValueKind kind) {
  return std::uint32_t{1} << static_cast<unsigned>(kind);
}

class Value {
 public:
  using List = std::vector<Value>;
  using Map = std::vector<std::pair<Value, Value>>;  // keys distinct; bool, int or string

  Value() = default;  // null
  Value(const Value& other) : kind_(other.kind_), extra_(other.extra_), payload_(other.payload_) {
    if (isShared()) retain();
  }
  Value(Value&& other) noexcept
      : kind_(other.kind_), extra_(other.extra_), payload_(other.payload_) {
    other.kind_ = ValueKind::Null;
  }
  Value& operator=(const Value& other) {
    // Copied first: `other` may be this value, or be kept alive by it alone.
    Value copy(other);
    swap(copy);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    // first, so that a value given to itself survives
    Value taken(std::move(other));
    swap(taken);
    return *this;
  }
  ~Value() {
    if (isShared()) release();
  }
  void swap(Value& other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(extra_, other.extra_);
    std::swap(payload_, other.payload_);
  }

  static Value boolean(bool value) { return Value(ValueKind::Bool, Payload{value ? 1 : 0}); }
  static Value integer(std::int64_t value) { return Value(ValueKind::Int, Payload{value}); }
  static Value real(double value) {
    Payload payload;
    payload.real = value;
    return Value(ValueKind::Double, payload);
  }
  static Value string(std::string_view utf8);
  static Value bytes(std::string_view bytes);
  static Value list(List items);
  static Value map(Map entries);                                      // requires distinct keys
  static Value timestamp(std::int64_t seconds, std::uint32_t nanos);  // since 1970-01-01T00:00:00Z
  static Value timestamp(Time microseconds);
  static Value duration(std::int64_t seconds, std::int32_t nanos);  // both of one sign
  static Value span(Span64 microseconds);
  static Value type(std::string_view name);  // a type as a value: `int`, `list`, …
  static Value fact(FactId fact) { return Value(ValueKind::Fact, Payload{index(fact)}); }
  // an optional that holds a value; given an error, that error
  static Value some(Value held);
  static Value none();                        // an optional that holds nothing
  static Value natural(std::uint64_t value);  // a uint
  // An error is the third truth value of conditions: "unknown". `code` is a diagnostic code such as
  // "RL9001".
  static Value error(std::string_view code, std::string_view message);

  ValueKind kind() const { return kind_; }
  bool isNull() const { return kind_ == ValueKind::Null; }
  bool isError() const { return kind_ == ValueKind::Error; }
  bool isTrue() const { return kind_ == ValueKind::Bool && payload_.integer != 0; }
  bool isFalse() const { return kind_ == ValueKind::Bool && payload_.integer == 0; }
  bool isNumber() const {
    return kind_ == ValueKind::Int || kind_ == ValueKind::Double || kind_ == ValueKind::Uint;
  }
  bool isNone() const { return kind_ == ValueKind::Optional && extra_ == 0; }

  // Each requires the kind its name says.
  bool asBool() const { return payload_.integer != 0; }
  std::int64_t asInt() const { return payload_.integer; }
  std::uint64_t asUint() const { return static_cast<std::uint64_t>(payload_.integer); }
  double asDouble() const { return payload_.real; }
  const Value& held() const;          // of an optional that is not none
  std::string_view asString() const;  // also bytes, type names
  const List& asList() const;
  const Map& asMap() const;
  std::int64_t seconds() const { return payload_.integer; }  // timestamp, duration
  std::int32_t nanos() const { return static_cast<std::int32_t>(extra_); }
  // timestamp in microseconds, clamped to Time
  Time asTime() const;
  Span64 asSpan() const;  // duration in microseconds, clamped
  FactId asFact() const { return static_cast<FactId>(payload_.integer); }
  std::string_view errorCode() const;
  std::string_view errorMessage() const;

  // The value under a key of a map, or null pointer.
  const Value* find(const Value& key) const;
  const Value* find(std::string_view key) const;

  // CEL equality: numbers on one line, NaN equals nothing, lists and maps by content, different
  // kinds are unequal. Errors equal nothing.
  friend bool operator==(const Value& a, const Value& b) {
    if (a.kind_ == b.kind_ && (kOnePayload & bit(a.kind_)) != 0) {
      return a.payload_.integer == b.payload_.integer;
    }
    return equalOtherwise(a, b);
  }
  // Agrees with ==; stable over builds and platforms.
  std::uint64_t hash() const;

 private:
  // What several values may point at. What follows this head is known to value.cpp alone.
  struct Shared {
    mutable std::atomic<std::uint32_t> references{1};
    std::uint32_t size = 0;                      // of a text, in bytes
    mutable std::atomic<std::uint64_t> hash{0};  // computed when first asked for; 0: not yet

    struct Text;
    struct Items;
    struct Entries;
    struct Failure;
    struct Extent;
    static Shared* text(std::string_view text);
    static void destroy(ValueKind kind, Shared* shared);
    static const Text& asText(const Value& value);
    static const Items& asItems(const Value& value);
    static const Entries& asEntries(const Value& value);
    static const Failure& asFailure(const Value& value);
  };
  union Payload {
    std::int64_t integer = 0;
    double real;
    Shared* shared;
  };

  static constexpr std::uint32_t kMayShare =
      bit(ValueKind::String) | bit(ValueKind::Bytes) | bit(ValueKind::List) | bit(ValueKind::Map) |
      bit(ValueKind::Type) | bit(ValueKind::Error) | bit(ValueKind::Optional);
  // Kinds whose values are equal exactly when their payloads are.
  static constexpr std::uint32_t kOnePayload =
      bit(ValueKind::Bool) | bit(ValueKind::Int) | bit(ValueKind::Uint) | bit(ValueKind::Fact);

  Value(ValueKind kind, Payload payload) : kind_(kind), payload_(payload) {}
  bool isShared() const { return (kMayShare & bit(kind_)) != 0 && !isNone(); }
  // Both require isShared(). As long as there is one thread, nobody counts at the same time.
  void retain() const {
    std::atomic<std::uint32_t>& references = payload_.shared->references;
    if (RETICLE_ONE_THREAD) {
      references.store(references.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    } else {
      references.fetch_add(1, std::memory_order_relaxed);
    }
  }
  void release() {
    std::atomic<std::uint32_t>& references = payload_.shared->references;
    if (RETICLE_ONE_THREAD) {
      const std::uint32_t left = references.load(std::memory_order_relaxed) - 1;
      references.store(left, std::memory_order_relaxed);
      if (left == 0) Shared::destroy(kind_, payload_.shared);
    } else if (references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      Shared::destroy(kind_, payload_.shared);
    }
  }
  static bool equalOtherwise(const Value& a, const Value& b);
  static bool sameText(const Value& a, const Value& b);

  ValueKind kind_ = ValueKind::Null;
  std::uint32_t extra_ = 0;
  Payload payload_;
};

// CEL ordering of two values: -1, 0, 1, or 2 when they have no order (different kinds, NaN, maps,
// optionals, errors).
int compare(const Value& a, const Value& b);

// CEL's name of the value's type: "int", "string", "google.protobuf.Timestamp", …
std::string_view typeName(const Value& value);

// As people write it: "text" in quotes when `quoted`, 12, 1.5, 2.0, [1, 2], {"a": 1},
// 2024-01-15T00:00:00Z, 1m30s. Doubles are the shortest that read back the same, always with a
// point or exponent. Same on every platform.
std::string toText(const Value& value, bool quoted = true);

}  // namespace reticle

#undef RETICLE_ONE_THREAD
