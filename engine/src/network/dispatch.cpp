// Builds the dispatch of an alpha node, and searches it: a hash table for equalities, a segment
// tree for thresholds and intervals.
#include "network/dispatch.h"

#include <algorithm>

namespace reticle {

namespace {

// With fewer tests than this of one field each is asked.
constexpr std::size_t kFew = 4;

// Null for what has to be evaluated.
const Value* constantOf(const Expr& expr) {
  if (expr.kind == ExprKind::Literal || expr.ref.kind == Ref::Kind::Constant) return &expr.value;
  return nullptr;
}

// Kinds that can stand in a segment tree.
bool isOrdered(const Value& value) {
  return value.kind() == ValueKind::Int || value.kind() == ValueKind::Double ||
         value.kind() == ValueKind::String || value.kind() == ValueKind::Timestamp ||
         value.kind() == ValueKind::Duration;
}

// Keeps the stricter of two bounds on one side.
void tighten(Bounds& bounds, bool low, const Value& value, bool strict) {
  bool& has = low ? bounds.hasLow : bounds.hasHigh;
  Value& at = low ? bounds.low : bounds.high;
  std::int64_t& isStrict = low ? bounds.strictLow : bounds.strictHigh;
  const int order = has ? compare(value, at) : 0;
  const bool tighter = !has || (low ? order == 1 : order == -1) || (order == 0 && strict);
  if (!tighter) return;
  has = true;
  at = value;
  isStrict = strict;
}

// Adds the bounds of a test, or of each conjunct; false when some part is of another form.
bool read(const Expr& test, Bounds& bounds, bool& any) {
  if (test.kind != ExprKind::Binary || test.args.size() != 2) return false;
  if (test.op == Operator::And) {
    return read(test.args[0], bounds, any) && read(test.args[1], bounds, any);
  }
  const bool swapped = test.args[0].ref.kind != Ref::Kind::Field;
  const Expr& field = test.args[swapped ? 1 : 0];
  const Value* constant = constantOf(test.args[swapped ? 0 : 1]);
  if (field.ref.kind != Ref::Kind::Field || !constant || constant->isError()) return false;
  if (any && bounds.field != index(field.ref.field)) return false;
  const Operator op = swapped ? mirrored(test.op) : test.op;
  if (op == Operator::Equal) {
    if (any) return false;
    bounds.equality = true;
    bounds.low = *constant;
  } else {
    if (!isOrdered(*constant) || *constant != *constant || bounds.equality) return false;
    if (any && compare(bounds.hasLow ? bounds.low : bounds.high, *constant) == 2) return false;
    const bool low = op == Operator::Greater || op == Operator::GreaterEqual;
    if (!low && op != Operator::Less && op != Operator::LessEqual) return false;
    tighten(bounds, low, *constant, op == Operator::Less || op == Operator::Greater);
  }
  bounds.field = index(field.ref.field);
  any = true;
  return true;
}

}  // namespace

bool readBounds(const Expr& test, Bounds& bounds) {
  bool any = false;
  return read(test, bounds, any) && any;
}

void Dispatch::add(NodeId node, const Expr& test, bool loose) {
  Pending pending{node, {}};
  if (!loose && readBounds(test, pending.bounds)) {
    pending_.push_back(std::move(pending));
  } else {
    asked_.push_back(node);
  }
}

void Dispatch::finish() {
  std::vector<Pending> all = std::move(pending_);
  pending_.clear();
  // One group a field and kind; nodes stay in ascending order within.
  std::stable_sort(all.begin(), all.end(), [](const Pending& a, const Pending& b) {
    if (a.bounds.field != b.bounds.field) return a.bounds.field < b.bounds.field;
    return a.bounds.equality > b.bounds.equality;
  });
  for (std::size_t from = 0; from < all.size();) {
    std::size_t to = from;
    while (to < all.size() && all[to].bounds.field == all[from].bounds.field &&
           all[to].bounds.equality == all[from].bounds.equality) {
      ++to;
    }
    std::vector<Pending> group(all.begin() + static_cast<std::ptrdiff_t>(from),
                               all.begin() + static_cast<std::ptrdiff_t>(to));
    // Constants that have no order among each other cannot stand in one tree.
    bool comparable = true;
    for (const Pending& each : group) {
      const Value& a = group[0].bounds.hasLow ? group[0].bounds.low : group[0].bounds.high;
      const Value& b = each.bounds.hasLow ? each.bounds.low : each.bounds.high;
      comparable = comparable && (each.bounds.equality || compare(a, b) != 2);
    }
    if (group.size() < kFew || !comparable) {
      for (const Pending& each : group) asked_.push_back(each.node);
    } else if (group[0].bounds.equality) {
      finishEqualities(group[0].bounds.field, group);
    } else {
      finishIntervals(group[0].bounds.field, group);
    }
    from = to;
  }
}

// Constants of one hash share a slot; the table is at most half full.
void Dispatch::finishEqualities(std::uint32_t field, const std::vector<Pending>& pending) {
  Equalities made;
  made.field = field;
  std::vector<std::pair<std::uint64_t, NodeId>> byHash;
  for (const Pending& each : pending) byHash.emplace_back(each.bounds.low.hash(), each.node);
  std::sort(byHash.begin(), byHash.end());
  std::size_t capacity = 8;
  while (capacity < byHash.size() * 2) capacity *= 2;
  made.mask = capacity - 1;
  made.slots.resize(capacity);
  for (std::size_t i = 0; i < byHash.size();) {
    Slot slot{byHash[i].first, static_cast<std::uint32_t>(made.nodes.size()), 0};
    for (; i < byHash.size() && byHash[i].first == slot.hash; ++i, ++slot.count) {
      made.nodes.push_back(byHash[i].second);
    }
    std::size_t at = slot.hash & made.mask;
    while (made.slots[at].count != 0) at = (at + 1) & made.mask;
    made.slots[at] = slot;
  }
  equalities_.push_back(std::move(made));
}

// False when the value has no order among the points: then no test of the tree can hold.
bool Dispatch::Intervals::locate(const Value& value, std::size_t& leaf) const {
  std::size_t low = 0, high = points.size();
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    const int order = compare(points[middle], value);
    if (order == 2) return false;
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  leaf = 2 * low + (low < points.size() && compare(points[low], value) == 0 ? 1 : 0);
  return true;
}

// Each interval is cut into the fewest nodes of the tree that cover it; a search visits the leaf of
// its value and the nodes above.
void Dispatch::finishIntervals(std::uint32_t field, const std::vector<Pending>& pending) {
  Intervals made;
  made.field = field;
  for (const Pending& each : pending) {
    if (each.bounds.hasLow) made.points.push_back(each.bounds.low);
    if (each.bounds.hasHigh) made.points.push_back(each.bounds.high);
  }
  std::sort(made.points.begin(), made.points.end(),
            [](const Value& a, const Value& b) { return compare(a, b) == -1; });
  made.points.erase(std::unique(made.points.begin(), made.points.end(),
                                [](const Value& a, const Value& b) { return compare(a, b) == 0; }),
                    made.points.end());
  const std::size_t needed = 2 * made.points.size() + 1;
  made.leaves = 1;
  while (made.leaves < needed) made.leaves *= 2;
  std::vector<std::vector<NodeId>> at(2 * made.leaves);
  for (const Pending& each : pending) {
    const Bounds& bounds = each.bounds;
    std::size_t from = 0, to = needed;  // leaves [from, to)
    std::size_t leaf = 0;
    if (bounds.hasLow && made.locate(bounds.low, leaf)) from = leaf + (bounds.strictLow ? 1 : 0);
    if (bounds.hasHigh && made.locate(bounds.high, leaf)) to = leaf + (bounds.strictHigh ? 0 : 1);
    if (from >= to) continue;
    for (std::size_t low = from + made.leaves, high = to + made.leaves; low < high;
         low /= 2, high /= 2) {
      if (low & 1) at[low++].push_back(each.node);
      if (high & 1) at[--high].push_back(each.node);
    }
  }
  made.first.push_back(0);
  for (const std::vector<NodeId>& nodes : at) {
    made.nodes.insert(made.nodes.end(), nodes.begin(), nodes.end());
    made.first.push_back(static_cast<std::uint32_t>(made.nodes.size()));
  }
  intervals_.push_back(std::move(made));
}

}  // namespace reticle
