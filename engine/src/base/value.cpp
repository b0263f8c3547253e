// How a value is held in its 16 bytes, when two of them are equal, and how they are written as
// text.
#include "reticle/value.h"

#include <cassert>
#include <cmath>
#include <cstring>
#include <new>

#include "base/hash.h"
#include "base/number.h"
#include "base/time_text.h"
#include "base/unreachable.h"
#include "base/utf8.h"

namespace reticle {

static_assert(sizeof(Value) == 16);

namespace {

// Deeper lists and maps become errors when they are made (as do lists and maps given an error).
// This bounds every recursion over a value:
// equality, text, JSON, destruction.
constexpr std::uint32_t kMaxDepth = 128;
// So do larger ones. Values share their parts, so a rule such as `set x.p = [x.p, x.p]` would
// otherwise soon hold more than can be written down.
// Counted in items and 64 bytes of text, shared parts as often as they appear.
constexpr std::uint64_t kMaxWeight = std::uint64_t{1} << 22;
// The hash of a shared part is computed when it is first asked for; this says that it was not yet.
constexpr std::uint64_t kUnhashed = 0;
constexpr std::size_t kIndexFrom = 9;  // maps with as many entries are searched by hash

std::uint64_t hashInt(std::int64_t value) {
  return mix64(static_cast<std::uint64_t>(value) ^ 0x496e74u);
}
std::uint64_t hashString(std::string_view text) { return hashBytes(text, 0x537472u); }

int order(std::int64_t a, std::int64_t b) { return a < b ? -1 : a > b ? 1 : 0; }

int order(std::string_view a, std::string_view b) {
  const int result = a.compare(b);
  return result < 0 ? -1 : result > 0 ? 1 : 0;
}

// -1, 0, 1, or 2 when there is no order, as compare() has it.
int order(double a, double b) { return a < b ? -1 : a > b ? 1 : a == b ? 0 : 2; }

// Exact, neither side is rounded, but for one point: CEL's conformance suite takes 2^63, the double
// next to the greatest int, as that int. No other int equals it, so the order stays total and
// equality transitive.
constexpr double kTwo63 = 9223372036854775808.0;

int order(std::int64_t a, double b) {
  if (b != b) return 2;
  if (b >= kTwo63) return a == INT64_MAX && b == kTwo63 ? 0 : -1;
  if (b < -kTwo63) return 1;
  const double whole = std::trunc(b);
  const int result = order(a, static_cast<std::int64_t>(whole));
  return result != 0 ? result : order(whole, b);
}

int order(std::uint64_t a, std::uint64_t b) { return a < b ? -1 : a > b ? 1 : 0; }

// Likewise exact but for one point, which is 2^64 here.
int order(std::uint64_t a, double b) {
  if (b != b) return 2;
  if (b < 0) return 1;
  if (b >= 2 * kTwo63) return a == UINT64_MAX && b == 2 * kTwo63 ? 0 : -1;
  const double whole = std::trunc(b);
  const int result = order(a, static_cast<std::uint64_t>(whole));
  return result != 0 ? result : order(whole, b);
}

int order(std::uint64_t a, std::int64_t b) {
  return b < 0 ? 1 : order(a, static_cast<std::uint64_t>(b));
}

// As an int hashes, or a double next to the greatest int, where they may be equal.
std::uint64_t hashUint(std::uint64_t value) {
  constexpr std::uint64_t kGreatestInt = INT64_MAX;
  return value <= kGreatestInt + 1
             ? hashInt(static_cast<std::int64_t>(value <= kGreatestInt ? value : kGreatestInt))
             : mix64(value ^ 0x55696eu);
}

}  // namespace

// After the head: text directly, or items, or the two texts of an error.
struct Value::Shared::Text : Shared {
  const char* characters() const { return reinterpret_cast<const char*>(this + 1); }
};

struct Value::Shared::Items : Shared {
  Items(List list, std::uint64_t weight) : items(std::move(list)), weight(weight) {}
  List items;
  std::uint64_t weight;
};

struct Value::Shared::Entries : Shared {
  Entries(Map map, std::uint64_t weight) : entries(std::move(map)), weight(weight) {
    if (entries.size() < kIndexFrom) return;
    // At most half full, so that a search ends soon, and always ends.
    std::size_t capacity = 16;
    while (capacity < entries.size() * 2) capacity *= 2;
    slots.assign(capacity, kFree);
    for (std::size_t i = 0; i < entries.size(); ++i) {
      std::size_t slot = entries[i].first.hash() & (capacity - 1);
      while (slots[slot] != kFree) slot = (slot + 1) & (capacity - 1);
      slots[slot] = static_cast<std::uint32_t>(i);
    }
  }

  // Linear probing from the key's hash; without slots all entries are tried.
  template <typename IsKey>
  const Value* find(std::uint64_t hash, const IsKey& isKey) const {
    for (std::size_t slot = hash & (slots.size() - 1); slots[slot] != kFree;
         slot = (slot + 1) & (slots.size() - 1)) {
      const auto& entry = entries[slots[slot]];
      if (isKey(entry.first)) return &entry.second;
    }
    return nullptr;
  }
  template <typename IsKey>
  const Value* findAmongAll(const IsKey& isKey) const {
    for (const auto& entry : entries) {
      if (isKey(entry.first)) return &entry.second;
    }
    return nullptr;
  }

  static constexpr std::uint32_t kFree = 0xffffffffu;
  Map entries;
  std::uint64_t weight;
  std::vector<std::uint32_t> slots;  // a power of two, or none for few entries
};

struct Value::Shared::Failure : Shared {
  Failure(std::string_view code, std::string_view message) : code(code), message(message) {}
  std::string code, message;
};

// How deep and how large a list or map becomes.
struct Value::Shared::Extent {
  std::uint32_t depth = 0;
  std::uint64_t weight = 0;

  // Called for each part; only texts and collections weigh more than one item.
  void include(const Value& part) {
    ++weight;
    if (part.kind_ == ValueKind::String || part.kind_ == ValueKind::Bytes) {
      weight += asText(part).size / 64;
    } else if (part.kind_ == ValueKind::List || part.kind_ == ValueKind::Map ||
               (part.kind_ == ValueKind::Optional && !part.isNone())) {
      weight += part.kind_ == ValueKind::Map ? asEntries(part).weight : asItems(part).weight;
      // a list, map or optional keeps its depth there
      if (depth < part.extra_) depth = part.extra_;
    }
  }
  bool excessive() const { return depth >= kMaxDepth || weight > kMaxWeight; }
  Value failure() const {
    return error("RL9001", depth >= kMaxDepth ? "lists and maps nest deeper than 128 levels"
                                              : "a list or map grows beyond 4 million items");
  }
};

// One allocation holds the head and the characters.
Value::Shared* Value::Shared::text(std::string_view text) {
  void* memory = ::operator new(sizeof(Text) + text.size());
  Text* made = new (memory) Text;
  made->size = static_cast<std::uint32_t>(text.size());
  if (!text.empty()) std::memcpy(static_cast<void*>(made + 1), text.data(), text.size());
  return made;
}

// Only kinds that share something come here; the kind says what was allocated.
void Value::Shared::destroy(ValueKind kind, Shared* shared) {
  switch (kind) {
    case ValueKind::List:
    case ValueKind::Optional: delete static_cast<Items*>(shared); break;
    case ValueKind::Map: delete static_cast<Entries*>(shared); break;
    case ValueKind::Error: delete static_cast<Failure*>(shared); break;
    case ValueKind::String:
    case ValueKind::Bytes:
    case ValueKind::Type:
      static_cast<Text*>(shared)->~Text();
      ::operator delete(shared);
      break;
    case ValueKind::Null:
    case ValueKind::Bool:
    case ValueKind::Int:
    case ValueKind::Double:
    case ValueKind::Timestamp:
    case ValueKind::Duration:
    case ValueKind::Uint:
    case ValueKind::Fact: break;
  }
}

const Value::Shared::Text& Value::Shared::asText(const Value& value) {
  return *static_cast<const Text*>(value.payload_.shared);
}
const Value::Shared::Items& Value::Shared::asItems(const Value& value) {
  return *static_cast<const Items*>(value.payload_.shared);
}
const Value::Shared::Entries& Value::Shared::asEntries(const Value& value) {
  return *static_cast<const Entries*>(value.payload_.shared);
}
const Value::Shared::Failure& Value::Shared::asFailure(const Value& value) {
  return *static_cast<const Failure*>(value.payload_.shared);
}

Value Value::string(std::string_view utf8) {
  if (utf8.size() > UINT32_MAX) return error("RL9001", "a text grows beyond 4 GB");
  Value made;
  made.payload_.shared = Shared::text(utf8);
  made.kind_ = ValueKind::String;
  return made;
}

Value Value::bytes(std::string_view bytes) {
  Value made = string(bytes);
  if (made.kind_ == ValueKind::String) made.kind_ = ValueKind::Bytes;
  return made;
}

// An error among the items is the result: no collection holds an error.
Value Value::list(List items) {
  Shared::Extent extent;
  for (const Value& item : items) {
    if (item.isError()) return item;
    extent.include(item);
  }
  if (extent.excessive()) return extent.failure();
  Value made;
  made.extra_ = extent.depth + 1;
  made.payload_.shared = new Shared::Items(std::move(items), extent.weight);
  made.kind_ = ValueKind::List;
  return made;
}

Value Value::map(Map entries) {
  Shared::Extent extent;
  for (const auto& [key, item] : entries) {
    if (item.isError()) return item;
    extent.include(key);
    extent.include(item);
  }
  if (extent.excessive()) return extent.failure();
  Value made;
  made.extra_ = extent.depth + 1;
  made.payload_.shared = new Shared::Entries(std::move(entries), extent.weight);
  made.kind_ = ValueKind::Map;
  return made;
}

Value Value::timestamp(std::int64_t seconds, std::uint32_t nanos) {
  assert(nanos < 1000000000 && "nanoseconds count forward within a second");
  Value made;
  made.kind_ = ValueKind::Timestamp;
  made.extra_ = nanos;
  made.payload_.integer = seconds;
  return made;
}

// Rounded down, so that the nanoseconds count forward, before 1970 too.
Value Value::timestamp(Time microseconds) {
  std::int64_t seconds = microseconds / 1000000, rest = microseconds % 1000000;
  if (rest < 0) {
    rest += 1000000;
    --seconds;
  }
  return timestamp(seconds, static_cast<std::uint32_t>(rest * 1000));
}

Value Value::duration(std::int64_t seconds, std::int32_t nanos) {
  assert((seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0)) &&
         "both parts of a duration have one sign");
  Value made;
  made.kind_ = ValueKind::Duration;
  made.extra_ = static_cast<std::uint32_t>(nanos);
  made.payload_.integer = seconds;
  return made;
}

Value Value::span(Span64 microseconds) {
  return duration(microseconds / 1000000, static_cast<std::int32_t>(microseconds % 1000000 * 1000));
}

Value Value::type(std::string_view name) {
  Value made = string(name);
  made.kind_ = ValueKind::Type;
  return made;
}

// An optional is a list of one that calls itself otherwise, so it shares, nests and is freed as a
// list.
Value Value::some(Value held) {
  List items;
  items.push_back(std::move(held));
  Value made = list(std::move(items));
  if (made.kind_ == ValueKind::List) made.kind_ = ValueKind::Optional;
  return made;
}

Value Value::none() {
  Value made;
  made.kind_ = ValueKind::Optional;
  return made;
}

Value Value::natural(std::uint64_t value) {
  Value made;
  made.kind_ = ValueKind::Uint;
  made.payload_.integer = static_cast<std::int64_t>(value);
  return made;
}

Value Value::error(std::string_view code, std::string_view message) {
  Value made;
  made.payload_.shared = new Shared::Failure(code, message);
  made.kind_ = ValueKind::Error;
  return made;
}

std::string_view Value::asString() const {
  assert(kind_ == ValueKind::String || kind_ == ValueKind::Bytes || kind_ == ValueKind::Type);
  const Shared::Text& text = Shared::asText(*this);
  return {text.characters(), text.size};
}

const Value::List& Value::asList() const {
  assert(kind_ == ValueKind::List);
  return Shared::asItems(*this).items;
}

const Value::Map& Value::asMap() const {
  assert(kind_ == ValueKind::Map);
  return Shared::asEntries(*this).entries;
}

const Value& Value::held() const {
  assert(kind_ == ValueKind::Optional && !isNone());
  return Shared::asItems(*this).items[0];
}

// Microseconds reach 292,000 years; what lies further is the first or the last moment there is.
Time Value::asTime() const {
  constexpr std::int64_t kLimit = INT64_MAX / 1000000;
  if (payload_.integer >= kLimit) return INT64_MAX;
  if (payload_.integer <= -kLimit) return INT64_MIN;
  return payload_.integer * 1000000 + nanos() / 1000;
}

Span64 Value::asSpan() const { return asTime(); }

std::string_view Value::errorCode() const {
  assert(kind_ == ValueKind::Error);
  return Shared::asFailure(*this).code;
}

std::string_view Value::errorMessage() const {
  assert(kind_ == ValueKind::Error);
  return Shared::asFailure(*this).message;
}

const Value* Value::find(const Value& key) const {
  if (kind_ != ValueKind::Map) return nullptr;
  const Shared::Entries& map = Shared::asEntries(*this);
  const auto isKey = [&key](const Value& candidate) { return candidate == key; };
  return map.slots.empty() ? map.findAmongAll(isKey) : map.find(key.hash(), isKey);
}

// Without making a value of the text: the same hash, the same test.
const Value* Value::find(std::string_view key) const {
  if (kind_ != ValueKind::Map) return nullptr;
  const Shared::Entries& map = Shared::asEntries(*this);
  const auto isKey = [key](const Value& candidate) {
    return candidate.kind() == ValueKind::String && candidate.asString() == key;
  };
  return map.slots.empty() ? map.findAmongAll(isKey) : map.find(hashString(key), isKey);
}

bool Value::sameText(const Value& a, const Value& b) {
  if (a.payload_.shared == b.payload_.shared) return true;
  const Shared::Text &left = Shared::asText(a), &right = Shared::asText(b);
  if (left.size != right.size) return false;
  // Texts that stand in an index have been hashed: most unequal ones are told apart without reading
  // them.
  const std::uint64_t leftHash = left.hash.load(std::memory_order_relaxed),
                      rightHash = right.hash.load(std::memory_order_relaxed);
  if (leftHash != kUnhashed && rightHash != kUnhashed && leftHash != rightHash) return false;
  return std::memcmp(left.characters(), right.characters(), left.size) == 0;
}

// What the inline operator== could not decide at a glance. Numbers of different kinds are equal
// when they are the same number; an error equals nothing, itself neither.
bool Value::equalOtherwise(const Value& a, const Value& b) {
  if (a.kind_ != b.kind_) return a.isNumber() && b.isNumber() && compare(a, b) == 0;
  switch (a.kind_) {
    case ValueKind::Null: return true;
    case ValueKind::Bool:
    case ValueKind::Int:
    case ValueKind::Uint:
    case ValueKind::Fact: return a.payload_.integer == b.payload_.integer;
    case ValueKind::Optional:
      return a.isNone() || b.isNone() ? a.isNone() && b.isNone() : a.held() == b.held();
    case ValueKind::Double: return a.payload_.real == b.payload_.real;
    case ValueKind::String:
    case ValueKind::Bytes:
    case ValueKind::Type: return sameText(a, b);
    case ValueKind::Timestamp:
    case ValueKind::Duration:
      return a.payload_.integer == b.payload_.integer && a.extra_ == b.extra_;
    case ValueKind::List: {
      // Not even a list equals itself when a NaN is in it, so there is no shortcut.
      const Value::List &left = a.asList(), &right = b.asList();
      if (left.size() != right.size()) return false;
      for (std::size_t i = 0; i < left.size(); ++i) {
        if (!(left[i] == right[i])) return false;
      }
      return true;
    }
    case ValueKind::Map: {
      if (a.asMap().size() != b.asMap().size()) return false;
      for (const auto& [key, item] : a.asMap()) {
        const Value* other = b.find(key);
        if (other == nullptr || !(item == *other)) return false;
      }
      return true;
    }
    case ValueKind::Error: return false;
  }
  unreachable("values of each kind can be compared");
}

// Equal values have equal hashes: a double that is a whole number hashes as that int.
std::uint64_t Value::hash() const {
  switch (kind_) {
    case ValueKind::Null: return mix64(1);
    case ValueKind::Bool: return mix64(payload_.integer != 0 ? 3 : 2);
    case ValueKind::Int: return hashInt(payload_.integer);
    case ValueKind::Double: {
      if (const auto whole = exactInt(payload_.real)) return hashInt(*whole);
      if (payload_.real == kTwo63) return hashInt(INT64_MAX);
      if (payload_.real > kTwo63 && payload_.real <= 2 * kTwo63) {
        return hashUint(payload_.real < 2 * kTwo63 ? static_cast<std::uint64_t>(payload_.real)
                                                   : UINT64_MAX);
      }
      if (payload_.real != payload_.real) return mix64(4);
      std::uint64_t bits = 0;
      std::memcpy(&bits, &payload_.real, sizeof bits);
      return mix64(bits ^ 0x446f75u);
    }
    // Different seeds keep a timestamp and a duration of the same numbers apart.
    case ValueKind::Timestamp: return hashCombine(hashInt(payload_.integer), extra_ + 5u);
    case ValueKind::Duration:
      return hashCombine(hashInt(payload_.integer), std::uint64_t{extra_} + 0x100000000u);
    case ValueKind::Fact: return hashCombine(6, static_cast<std::uint64_t>(payload_.integer));
    case ValueKind::Uint: return hashUint(asUint());
    case ValueKind::Optional: return isNone() ? mix64(7) : hashCombine(8, held().hash());
    case ValueKind::String:
    case ValueKind::Bytes:
    case ValueKind::Type:
    case ValueKind::List:
    case ValueKind::Map:
    case ValueKind::Error: break;
  }
  const std::uint64_t known = payload_.shared->hash.load(std::memory_order_relaxed);
  if (known != kUnhashed) return known;
  std::uint64_t result = 0;
  if (kind_ == ValueKind::String) {
    result = hashString(asString());
  } else if (kind_ == ValueKind::List) {
    result = 0x4c6973u;
    for (const Value& item : asList()) result = hashCombine(result, item.hash());
  } else if (kind_ == ValueKind::Map) {
    // A sum, so that the order of the entries does not count.
    for (const auto& [key, item] : asMap()) result += hashCombine(key.hash(), item.hash());
    result = mix64(result ^ 0x4d6170u);
  } else if (kind_ == ValueKind::Error) {
    result = hashBytes(errorMessage(), hashBytes(errorCode()));
  } else {
    result = hashBytes(asString(), kind_ == ValueKind::Bytes ? 0x427974u : 0x547970u);
  }
  // find(string_view) must see the same hash
  if (kind_ == ValueKind::String && result == kUnhashed) return result;
  if (result == kUnhashed) result = 1;
  payload_.shared->hash.store(result, std::memory_order_relaxed);
  return result;
}

// -1, 0, 1; 2 when the two have no order. Only numbers compare across kinds.
int compare(const Value& a, const Value& b) {
  if (a.kind() == ValueKind::Int && b.kind() == ValueKind::Double) {
    return order(a.asInt(), b.asDouble());
  }
  if (a.kind() == ValueKind::Double && b.kind() == ValueKind::Int) {
    const int result = order(b.asInt(), a.asDouble());
    return result == 2 ? 2 : -result;
  }
  if (a.kind() == ValueKind::Uint && b.isNumber()) {
    return b.kind() == ValueKind::Double ? order(a.asUint(), b.asDouble())
           : b.kind() == ValueKind::Int  ? order(a.asUint(), b.asInt())
                                         : order(a.asUint(), b.asUint());
  }
  if (b.kind() == ValueKind::Uint && a.isNumber()) {
    const int result = compare(b, a);
    return result == 2 ? 2 : -result;
  }
  if (a.kind() != b.kind()) return 2;
  switch (a.kind()) {
    case ValueKind::Bool:
    case ValueKind::Int: return order(a.asInt(), b.asInt());
    case ValueKind::Double: return order(a.asDouble(), b.asDouble());
    case ValueKind::String:
    case ValueKind::Bytes: return order(a.asString(), b.asString());
    case ValueKind::Timestamp:
    case ValueKind::Duration: {
      const int result = order(a.seconds(), b.seconds());
      return result != 0 ? result : order(std::int64_t{a.nanos()}, std::int64_t{b.nanos()});
    }
    case ValueKind::Null:
    case ValueKind::List:
    case ValueKind::Map:
    case ValueKind::Type:
    case ValueKind::Fact:
    case ValueKind::Optional:
    case ValueKind::Uint:
    case ValueKind::Error: return 2;
  }
  unreachable("values of each kind can be ordered, or not");
}

std::string_view typeName(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null: return "null_type";
    case ValueKind::Bool: return "bool";
    case ValueKind::Int: return "int";
    case ValueKind::Double: return "double";
    case ValueKind::String: return "string";
    case ValueKind::Bytes: return "bytes";
    case ValueKind::List: return "list";
    case ValueKind::Map: return "map";
    case ValueKind::Timestamp: return "google.protobuf.Timestamp";
    case ValueKind::Duration: return "google.protobuf.Duration";
    case ValueKind::Type: return "type";
    case ValueKind::Fact: return "fact";
    case ValueKind::Error: return "error";
    case ValueKind::Optional: return "optional_type";
    case ValueKind::Uint: return "uint";
  }
  unreachable("a kind of value has a name");
}

namespace {

void appendEscape(std::string& out, char letter, std::uint32_t code, int digits) {
  out += '\\';
  out += letter;
  while (digits-- > 0) out += "0123456789abcdef"[code >> (4 * digits) & 15];
}

// As a literal of CEL, which reads back as the same text.
void appendQuoted(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decodeUtf8(text, at);
    switch (point.code) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      case '\a': out += "\\a"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      case '\v': out += "\\v"; break;
      default:
        if (point.code < 0x20 || point.code == 0x7f) {
          appendEscape(out, 'u', point.code, 4);
        } else {
          appendUtf8(out, point.code);
        }
    }
    at += point.size;
  }
  out += '"';
}

void appendQuotedBytes(std::string& out, std::string_view bytes) {
  out += "b\"";
  for (const char c : bytes) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c >= 0x20 && c < 0x7f) {
      out += c;
    } else {
      appendEscape(out, 'x', static_cast<unsigned char>(c), 2);
    }
  }
  out += '"';
}

// `quoted`: texts in quotes, as inside lists and maps always.
void appendText(std::string& out, const Value& value, bool quoted) {
  switch (value.kind()) {
    case ValueKind::Null: out += "null"; break;
    case ValueKind::Bool: out += value.asBool() ? "true" : "false"; break;
    case ValueKind::Int: appendInt(out, value.asInt()); break;
    case ValueKind::Double: appendDouble(out, value.asDouble()); break;
    case ValueKind::String:
      if (quoted) {
        appendQuoted(out, value.asString());
      } else {
        out += value.asString();
      }
      break;
    case ValueKind::Bytes: appendQuotedBytes(out, value.asString()); break;
    case ValueKind::List: {
      out += '[';
      std::string_view separator;
      for (const Value& item : value.asList()) {
        out += separator;
        appendText(out, item, true);
        separator = ", ";
      }
      out += ']';
      break;
    }
    case ValueKind::Map: {
      out += '{';
      std::string_view separator;
      for (const auto& [key, item] : value.asMap()) {
        out += separator;
        appendText(out, key, true);
        out += ": ";
        appendText(out, item, true);
        separator = ", ";
      }
      out += '}';
      break;
    }
    case ValueKind::Timestamp:
      appendTimestamp(out, {value.seconds(), static_cast<std::uint32_t>(value.nanos())});
      break;
    case ValueKind::Duration: appendDuration(out, {value.seconds(), value.nanos()}); break;
    case ValueKind::Type: out += value.asString(); break;
    case ValueKind::Optional:
      out += value.isNone() ? "optional.none()" : "optional.of(";
      if (value.isNone()) break;
      appendText(out, value.held(), true);
      out += ')';
      break;
    case ValueKind::Uint:
      out += std::to_string(value.asUint());
      if (quoted) out += 'u';
      break;
    case ValueKind::Fact:
      out += '#';
      appendInt(out, index(value.asFact()));
      break;
    case ValueKind::Error:
      out += value.errorCode();
      out += ": ";
      out += value.errorMessage();
      break;
  }
}

}  // namespace

std::string toText(const Value& value, bool quoted) {
  std::string out;
  appendText(out, value, quoted);
  return out;
}

}  // namespace reticle
