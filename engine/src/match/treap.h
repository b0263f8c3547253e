// The links of balanced trees: treaps (Seidel and Aragon 1996), with parents, so that a place is
// valid until it is removed. Many trees share one slab; each has a number. Priorities come from a
// counter, so every build has the same trees. Depth is O(log n) expected.
//
// The order of the places belongs to whoever hangs them in. `Place` has TreapLinks as its base. A
// place may summarise its subtree: `Summary::refresh(places, place)` computes that of one place
// from its children, and is called for every place whose subtree has changed, children first.
#pragma once

#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/slab.h"

namespace reticle {

struct TreapLinks {
  static constexpr std::uint32_t kEnd = 0xffffffffu;
  std::uint32_t tree = 0, left = kEnd, right = kEnd, parent = kEnd, priority = 0;
  std::uint32_t& nextFree() { return parent; }
};

struct NoSummary {
  static constexpr bool kKept = false;
  template <typename Places>
  static void refresh(Places&, std::uint32_t) {}
};

template <typename Place, typename Summary = NoSummary>
class Treap {
 public:
  static constexpr std::uint32_t kEnd = TreapLinks::kEnd;

  Place& operator[](std::uint32_t place) { return places_[place]; }
  const Place& operator[](std::uint32_t place) const { return places_[place]; }
  std::size_t size() const { return places_.size(); }
  std::uint32_t root(std::uint32_t tree) const {
    return tree < roots_.size() ? roots_[tree] : kEnd;
  }

  // A place that stands nowhere yet: hang() comes next.
  std::uint32_t make() { return places_.make(); }

  // The place becomes a leaf of a tree, after all places before which `goesLeft(other)` does not
  // put it; then it goes up while its priority is greater than its parent's.
  template <typename GoesLeft>
  void hang(std::uint32_t place, std::uint32_t tree, GoesLeft goesLeft) {
    Place& fresh = places_[place];
    random_ += 0x9e3779b97f4a7c15u;
    fresh.priority = static_cast<std::uint32_t>(mix64(random_));
    fresh.tree = tree;
    bool left = false;
    for (std::uint32_t at = root(tree); at != kEnd;) {
      fresh.parent = at;
      left = goesLeft(places_[at]);
      at = left ? places_[at].left : places_[at].right;
    }
    if (fresh.parent == kEnd) {
      if (roots_.size() <= tree) roots_.resize(tree + 1, kEnd);
      roots_[tree] = place;
    } else {
      (left ? places_[fresh.parent].left : places_[fresh.parent].right) = place;
    }
    if (Summary::kKept) Summary::refresh(places_, place);
    while (fresh.parent != kEnd && places_[fresh.parent].priority < fresh.priority) {
      rotateUp(place);
    }
    refreshFrom(fresh.parent);
  }

  // Down until it has no children, the greater of them coming up each time.
  void remove(std::uint32_t place) {
    Place& gone = places_[place];
    while (gone.left != kEnd || gone.right != kEnd) {
      const bool left =
          gone.right == kEnd ||
          (gone.left != kEnd && places_[gone.left].priority > places_[gone.right].priority);
      rotateUp(left ? gone.left : gone.right);
    }
    replaceChild(gone.parent, gone.tree, place, kEnd);
    refreshFrom(gone.parent);
    places_.release(place);
  }

  // The summaries of a place and of all above it. Required after what they are made of has changed.
  void refreshFrom(std::uint32_t place) {
    if (!Summary::kKept) return;
    for (; place != kEnd; place = places_[place].parent) Summary::refresh(places_, place);
  }

  // The leftmost one to the right, or the first ancestor that is not passed yet.
  std::uint32_t next(std::uint32_t place) const {
    return neighbour<&TreapLinks::right, &TreapLinks::left>(place);
  }
  std::uint32_t previous(std::uint32_t place) const {
    return neighbour<&TreapLinks::left, &TreapLinks::right>(place);
  }

 private:
  template <std::uint32_t TreapLinks::*Ahead, std::uint32_t TreapLinks::*Back>
  std::uint32_t neighbour(std::uint32_t place) const {
    if (places_[place].*Ahead != kEnd) {
      std::uint32_t at = places_[place].*Ahead;
      while (places_[at].*Back != kEnd) at = places_[at].*Back;
      return at;
    }
    std::uint32_t at = places_[place].parent;
    while (at != kEnd && places_[at].*Ahead == place) {
      place = at;
      at = places_[at].parent;
    }
    return at;
  }

  void replaceChild(std::uint32_t parent, std::uint32_t tree, std::uint32_t from,
                    std::uint32_t to) {
    if (parent == kEnd) {
      roots_[tree] = to;
    } else {
      (places_[parent].left == from ? places_[parent].left : places_[parent].right) = to;
    }
  }

  // Makes a place the parent of its parent.
  void rotateUp(std::uint32_t place) {
    Place& up = places_[place];
    const std::uint32_t parent = up.parent;
    Place& down = places_[parent];
    replaceChild(down.parent, down.tree, parent, place);
    up.parent = down.parent;
    std::uint32_t& inner = down.left == place ? up.right : up.left;
    (down.left == place ? down.left : down.right) = inner;
    if (inner != kEnd) places_[inner].parent = parent;
    inner = parent;
    down.parent = place;
    if (!Summary::kKept) return;
    Summary::refresh(places_, parent);
    Summary::refresh(places_, place);
  }

  Slab<Place> places_;
  std::vector<std::uint32_t> roots_;  // by tree
  std::uint64_t random_ = 0x9e3779b97f4a7c15u;
};

}  // namespace reticle
