// The order of values that one index holds, and the searches in it.
#include "match/ordered_index.h"

#include "base/unreachable.h"

namespace reticle {

namespace {

// -1, 0, 1 by stretch, then by value.
int order(const Value& a, const Value& b) {
  const int stretches = stretchOf(a) - stretchOf(b);
  if (stretches != 0) return stretches < 0 ? -1 : 1;
  return compare(a, b);
}

}  // namespace

int stretchOf(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Int: return 1;
    case ValueKind::Double: return value.asDouble() == value.asDouble() ? 1 : 0;
    case ValueKind::String: return 2;
    case ValueKind::Timestamp: return 3;
    case ValueKind::Duration: return 4;
    case ValueKind::Bool: return 5;
    case ValueKind::Bytes: return 6;
    case ValueKind::Null:
    case ValueKind::List:
    case ValueKind::Map:
    case ValueKind::Type:
    case ValueKind::Fact:
    case ValueKind::Error:
    case ValueKind::Optional:
    case ValueKind::Uint: return 0;
  }
  unreachable("a kind of value has a stretch");
}

std::uint32_t OrderedIndex::insert(const Value& key, std::uint32_t item, std::uint32_t tree) {
  const std::uint32_t place = places_.make();
  places_[place].key = key;
  places_[place].item = item;
  places_.hang(place, tree, [&](const Place& other) { return order(key, other.key) < 0; });
  return place;
}

void OrderedIndex::erase(std::uint32_t place) {
  places_[place].key = Value();
  places_.remove(place);
}

// The first place that is not below; kEnd when it is of another stretch.
std::uint32_t OrderedIndex::lowerBound(const Value& key, std::uint32_t tree, bool strictly) const {
  std::uint32_t found = kEnd;
  for (std::uint32_t at = places_.root(tree); at != kEnd;) {
    if (order(places_[at].key, key) < (strictly ? 1 : 0)) {
      at = places_[at].right;
    } else {
      found = at;
      at = places_[at].left;
    }
  }
  return found != kEnd && stretchOf(places_[found].key) == stretchOf(key) ? found : kEnd;
}

std::uint32_t OrderedIndex::least(std::uint32_t tree) const {
  std::uint32_t at = places_.root(tree);
  while (at != kEnd && places_[at].left != kEnd) at = places_[at].left;
  return at;
}

// The first place of the stretch that the key stands in.
std::uint32_t OrderedIndex::first(const Value& key, std::uint32_t tree) const {
  const int stretch = stretchOf(key);
  std::uint32_t found = kEnd;
  for (std::uint32_t at = places_.root(tree); at != kEnd;) {
    if (stretchOf(places_[at].key) < stretch) {
      at = places_[at].right;
    } else {
      found = at;
      at = places_[at].left;
    }
  }
  return found != kEnd && stretchOf(places_[found].key) == stretch ? found : kEnd;
}

}  // namespace reticle
