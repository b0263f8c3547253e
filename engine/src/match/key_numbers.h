// Small numbers for the values of a key, while something stands under them: the trees of an ordered
// index, the windows of a number, one for each key.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/flat_map.h"
#include "base/slab.h"
#include "reticle/value.h"

namespace reticle {

// Equal: says which values are one.
template <typename Equal>
class KeyNumbers {
 public:
  // The number of a key with this hash, whose uses are one more now. Requires: each value equals
  // itself.
  std::uint32_t take(std::uint32_t hash, const std::vector<Value>& key) {
    const std::uint32_t* first = byHash_.find(hash);
    for (std::uint32_t at = first ? *first : kNone; at != kNone; at = keys_[at].next) {
      if (areEqual(keys_[at].values, key)) {
        ++keys_[at].uses;
        return at;
      }
    }
    const std::uint32_t number = keys_.make();
    Key& fresh = keys_[number];
    fresh.values = key;
    fresh.hash = hash;
    fresh.uses = 1;
    fresh.next = first ? *first : kNone;
    byHash_[hash] = number;
    return number;
  }

  // One use less; after the last one the number may be given to another key.
  void release(std::uint32_t number) {
    Key& key = keys_[number];
    if (--key.uses > 0) return;
    std::uint32_t& first = *byHash_.find(key.hash);
    if (first != number) {
      std::uint32_t at = first;
      while (keys_[at].next != number) at = keys_[at].next;
      keys_[at].next = key.next;
    } else if (key.next != kNone) {
      first = key.next;
    } else {
      byHash_.erase(key.hash);
    }
    key.values.clear();
    keys_.release(number);
  }

  // Requires: the number is in use.
  bool isKey(std::uint32_t number, const std::vector<Value>& key) const {
    return areEqual(keys_[number].values, key);
  }

 private:
  static bool areEqual(const std::vector<Value>& a, const std::vector<Value>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), Equal());
  }

  static constexpr std::uint32_t kNone = 0xffffffffu;
  struct Key {
    std::vector<Value> values;
    std::uint32_t hash = 0, uses = 0, next = kNone;  // next: of the same hash
    std::uint32_t& nextFree() { return next; }
  };
  Slab<Key> keys_;
  FlatMap<std::uint32_t, std::uint32_t> byHash_;  // the first of those alike
};

}  // namespace reticle
