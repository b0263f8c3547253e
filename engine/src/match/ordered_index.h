// Numbers in the order of values: a treap (Seidel and Aragon 1996), with places that stay valid
// until they are erased. Insertion, deletion and search take O(log n) expected, going on to the
// next O(1) amortised.
//
// Values of kinds that have no order among each other stand apart: numbers, texts, times, … each
// form a stretch of their own. Values that have no order at all (NaN, null, lists) cannot be
// inserted.
#pragma once

#include <cstdint>

#include "base/slab.h"
#include "reticle/value.h"

namespace reticle {

// The stretch a value belongs to; 0 when it has no order.
int stretchOf(const Value& value);

class OrderedIndex {
 public:
  static constexpr std::uint32_t kEnd = 0xffffffffu;

  static bool canHold(const Value& key) { return stretchOf(key) != 0; }
  // Requires canHold(key). Returns its place
  std::uint32_t insert(const Value& key, std::uint32_t item);
  void erase(std::uint32_t place);

  // The first place whose key stands in the stretch of `key` and is not before it; without a key,
  // the first of all.
  std::uint32_t lowerBound(const Value& key) const;
  // The first place of the stretch of `key`.
  std::uint32_t first(const Value& key) const;
  std::uint32_t next(std::uint32_t place) const;
  const Value& key(std::uint32_t place) const { return slab_[place].key; }
  std::uint32_t item(std::uint32_t place) const { return slab_[place].item; }
  std::size_t size() const { return slab_.size(); }

 private:
  struct Place {
    Value key;
    std::uint32_t item = 0, left = kEnd, right = kEnd, parent = kEnd, priority = 0;
    std::uint32_t& nextFree() { return parent; }
  };
  void rotateUp(std::uint32_t place);
  void replaceChild(std::uint32_t parent, std::uint32_t from, std::uint32_t to);

  Slab<Place> slab_;
  std::uint32_t root_ = kEnd;
  std::uint64_t random_ = 0x9e3779b97f4a7c15u;
};

}  // namespace reticle
