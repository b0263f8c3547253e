// One total order over all values, also over those that compare() cannot order: kinds by rank,
// then by what they hold.
#include "base/value_order.h"

#include <algorithm>

#include "base/unreachable.h"

namespace reticle {

namespace {

int signOf(int order) { return order < 0 ? -1 : order > 0 ? 1 : 0; }

bool isNaN(const Value& value) {
  return value.kind() == ValueKind::Double && value.asDouble() != value.asDouble();
}

// Numbers of all kinds share a rank.
int rank(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null: return 0;
    case ValueKind::Bool: return 1;
    case ValueKind::Int:
    case ValueKind::Double:
    case ValueKind::Uint: return 2;
    case ValueKind::String: return 3;
    case ValueKind::Bytes: return 4;
    case ValueKind::List: return 5;
    case ValueKind::Map: return 6;
    case ValueKind::Timestamp: return 7;
    case ValueKind::Duration: return 8;
    case ValueKind::Type: return 9;
    case ValueKind::Fact: return 10;
    case ValueKind::Error: return 11;
    case ValueKind::Optional: return 12;
  }
  unreachable("a kind of value has its place");
}

// Equal numbers of different kinds are ordered by kind, NaN stands after all others.
int orderOfNumbers(const Value& a, const Value& b) {
  if (isNaN(a) || isNaN(b)) return isNaN(a) == isNaN(b) ? 0 : isNaN(a) ? 1 : -1;
  const int order = compare(a, b);
  if (order != 0) return order;
  return signOf(static_cast<int>(a.kind()) - static_cast<int>(b.kind()));
}

// Item by item; a list that ends first stands first.
int orderOfLists(const Value::List& a, const Value::List& b) {
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    if (int order = totalOrder(a[i], b[i])) return order;
  }
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

// Keys and values in turn, by key.
Value::List entriesOf(const Value::Map& map) {
  std::vector<const std::pair<Value, Value>*> entries;
  for (const auto& entry : map) entries.push_back(&entry);
  std::sort(entries.begin(), entries.end(),
            [](const auto* a, const auto* b) { return totalOrder(a->first, b->first) < 0; });
  Value::List out;
  for (const auto* entry : entries) {
    out.push_back(entry->first);
    out.push_back(entry->second);
  }
  return out;
}

}  // namespace

int totalOrder(const Value& a, const Value& b) {
  if (const int order = rank(a) - rank(b)) return signOf(order);
  switch (a.kind()) {
    case ValueKind::Null: return 0;
    case ValueKind::Int:
    case ValueKind::Double:
    case ValueKind::Uint: return orderOfNumbers(a, b);
    case ValueKind::Bool: return static_cast<int>(a.asBool()) - static_cast<int>(b.asBool());
    case ValueKind::Timestamp:
    case ValueKind::Duration: return compare(a, b);
    case ValueKind::String:
    case ValueKind::Bytes:
    case ValueKind::Type: return signOf(a.asString().compare(b.asString()));
    case ValueKind::List: return orderOfLists(a.asList(), b.asList());
    case ValueKind::Map: return orderOfLists(entriesOf(a.asMap()), entriesOf(b.asMap()));
    case ValueKind::Fact:
      return index(a.asFact()) == index(b.asFact())  ? 0
             : index(a.asFact()) < index(b.asFact()) ? -1
                                                     : 1;
    case ValueKind::Error: return signOf(a.errorMessage().compare(b.errorMessage()));
    case ValueKind::Optional:
      // Nothing stands before something.
      if (a.isNone() || b.isNone()) {
        return static_cast<int>(b.isNone()) - static_cast<int>(a.isNone());
      }
      return totalOrder(a.held(), b.held());
  }
  unreachable("values of each kind have an order");
}

// Equality for indexes and sets: NaN is one value here, and 1 is not 1.0.
bool sameValue(const Value& a, const Value& b) {
  return a.kind() == b.kind() && (a == b || (isNaN(a) && isNaN(b)));
}

}  // namespace reticle
