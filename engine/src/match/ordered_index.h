// Numbers in the order of values, with places that stay valid until they are erased. Insertion,
// deletion and search take O(log n) expected, going on to the next O(1) amortised.
//
// Values of kinds that have no order among each other stand apart: numbers, texts, times, … each
// form a stretch of their own. Values that have no order at all (NaN, null, lists) cannot be
// inserted.
//
// One index holds any number of orders that know nothing of each other (trees): one for each value
// of an equality key.
#pragma once

#include <cstdint>

#include "match/treap.h"
#include "reticle/value.h"

namespace reticle {

// The stretch a value belongs to; 0 when it has no order.
int stretchOf(const Value& value);

class OrderedIndex {
 public:
  static constexpr std::uint32_t kEnd = TreapLinks::kEnd;

  static bool canHold(const Value& key) { return stretchOf(key) != 0; }
  // Requires canHold(key). Returns its place; among equal keys it is the last.
  std::uint32_t insert(const Value& key, std::uint32_t item, std::uint32_t tree = 0);
  void erase(std::uint32_t place);

  // The first place whose key stands in the stretch of `key` and is not before it, or, `strictly`,
  // is after it.
  std::uint32_t lowerBound(const Value& key, std::uint32_t tree = 0, bool strictly = false) const;
  // The first place of all.
  std::uint32_t least(std::uint32_t tree) const;
  // The first place of the stretch of `key`.
  std::uint32_t first(const Value& key, std::uint32_t tree = 0) const;
  std::uint32_t next(std::uint32_t place) const { return places_.next(place); }
  std::uint32_t previous(std::uint32_t place) const { return places_.previous(place); }
  const Value& key(std::uint32_t place) const { return places_[place].key; }
  std::uint32_t item(std::uint32_t place) const { return places_[place].item; }
  std::uint32_t tree(std::uint32_t place) const { return places_[place].tree; }
  std::size_t size() const { return places_.size(); }

 private:
  struct Place : TreapLinks {
    Value key;
    std::uint32_t item = 0;
  };
  Treap<Place> places_;
};

}  // namespace reticle
