// Which tests of one alpha node a fact passes, without asking each of them: equalities with
// constants are looked up by hash, thresholds and intervals of one field are found in a segment
// tree (O(log n + found)), the rest is asked one by one.
//
// What a dispatch finds is a superset: the caller still asks the test (which costs nothing beside
// the search, and settles hash collisions, numbers of two kinds and null).
#pragma once

#include <cstdint>
#include <vector>

#include "expression/expr.h"
#include "reticle/ids.h"
#include "reticle/value.h"

namespace reticle {

// The bounds that a test of one field with constants sets; none of either kind is no bound.
struct Bounds {
  std::uint32_t field = 0;
  bool equality = false;  // low is the constant
  bool hasLow = false, hasHigh = false;
  Value low, high;
  std::int64_t strictLow = 0, strictHigh = 0;
};
// Whether a test is `field op constant`, or such conditions of one field joined by &&, of numbers,
// texts or times of one kind.
bool readBounds(const Expr& test, Bounds& bounds);

class Dispatch {
 public:
  // A test that is to be found; in ascending order of nodes.
  void add(NodeId node, const Expr& test, bool loose);
  void finish();  // once, after the last

  // Calls `use(node)` for each test that the fact may pass, in no order.
  template <typename Use>
  void visit(const Value* fields, const Use& use) const {
    for (const NodeId node : asked_) use(node);
    for (const Equalities& each : equalities_) {
      const std::uint64_t hash = fields[each.field].hash();
      for (std::size_t at = hash & each.mask;; at = (at + 1) & each.mask) {
        const Slot& slot = each.slots[at];
        if (slot.count == 0) break;
        if (slot.hash != hash) continue;
        for (std::uint32_t i = 0; i < slot.count; ++i) use(each.nodes[slot.first + i]);
        break;
      }
    }
    for (const Intervals& each : intervals_) {
      std::size_t at;
      if (!each.locate(fields[each.field], at)) continue;
      for (at += each.leaves; at > 0; at /= 2) {
        for (std::uint32_t i = each.first[at]; i < each.first[at + 1]; ++i) use(each.nodes[i]);
      }
    }
  }

 private:
  struct Pending {
    NodeId node;
    Bounds bounds;
  };
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t first = 0, count = 0;
  };
  struct Equalities {
    std::uint32_t field = 0;
    std::size_t mask = 0;
    std::vector<Slot> slots;  // open addressing
    std::vector<NodeId> nodes;
  };
  // A segment tree over the points p0 < p1 < … and the gaps beside them: leaf 2i + 1 is point i,
  // leaf 2i the gap before it.
  struct Intervals {
    std::uint32_t field = 0;
    std::vector<Value> points;
    std::size_t leaves = 0;
    std::vector<std::uint32_t> first;  // by tree position
    std::vector<NodeId> nodes;
    bool locate(const Value& value, std::size_t& leaf) const;
  };

  void finishEqualities(std::uint32_t field, const std::vector<Pending>& pending);
  void finishIntervals(std::uint32_t field, const std::vector<Pending>& pending);

  std::vector<NodeId> asked_;
  std::vector<Equalities> equalities_;
  std::vector<Intervals> intervals_;
  std::vector<Pending> pending_;
};

}  // namespace reticle
