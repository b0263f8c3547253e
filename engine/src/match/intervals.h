// Intervals of ordered values, and of each whether some point of a set lies in it (it is met). The
// points are kept elsewhere; a point that comes or goes is reported, and what it changes is found
// in O(log n) for each interval that changes, however many stay as they are. So no order of coming
// and going is a bad one.
//
//   low ────────────────── high        point comes: unmet intervals that hold it are met now
//        previous  point  next         point goes: met intervals that hold it, but neither
//                                      neighbour, are unmet now
//
// Invariants:
//   (1) The places of a tree are in order of their low ends; an interval without one comes first.
//   (2) Each place knows, of its subtree, the unmet interval with the greatest high end and the met
//       one with the least: searches leave out what cannot change.
//
// All values of one tree have an order among each other. Whether an end belongs to its interval is
// the same for all.
#pragma once

#include <cstdint>
#include <vector>

#include "match/treap.h"
#include "reticle/value.h"

namespace reticle {

class Intervals {
 public:
  // Strict: the end itself is outside.
  Intervals(bool strictLow, bool strictHigh) : strictLow_(strictLow), strictHigh_(strictHigh) {}

  // Null: no end on that side. Returns its place, valid until it is erased.
  std::uint32_t insert(std::uint32_t tree, const Value* low, const Value* high, std::uint32_t item,
                       bool met);
  void erase(std::uint32_t place);
  bool met(std::uint32_t place) const { return places_[place].met; }

  // A point comes, goes. What becomes met, unmet is added to `items`. The neighbours are points
  // that stay, the greatest not after and the least not before the one that goes; null: none.
  // Returns how many places were looked at.
  std::uint32_t pointComes(std::uint32_t tree, const Value& point,
                           std::vector<std::uint32_t>& items);
  std::uint32_t pointGoes(std::uint32_t tree, const Value& point, const Value* previous,
                          const Value* next, std::vector<std::uint32_t>& items);

 private:
  static constexpr std::uint32_t kEnd = TreapLinks::kEnd;

  struct Place : TreapLinks {
    Value low, high;  // null: unbounded
    std::uint32_t item = 0;
    std::uint32_t unmetMost = kEnd, metLeast = kEnd;  // places, of the subtree
    bool met = false;
  };
  struct Extremes {
    static constexpr bool kKept = true;
    static void refresh(Slab<Place>& places, std::uint32_t place);
  };
  struct Search;

  bool aboveLow(const Value& low, const Value& point) const;
  bool belowHigh(const Value& point, const Value& high) const;
  void findUnmet(std::uint32_t at, Search& search) const;
  void findMet(std::uint32_t at, Search& search) const;
  void turn(const std::vector<std::uint32_t>& places, bool met, std::vector<std::uint32_t>& items);

  bool strictLow_, strictHigh_;
  Treap<Place, Extremes> places_;
  std::vector<std::uint32_t> found_;  // scratch
};

}  // namespace reticle
