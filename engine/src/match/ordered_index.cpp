// A treap (Seidel and Aragon 1996) with parents, so that an item is found again by its place. Its
// random numbers come from a counter: every build has the same tree.
#include "match/ordered_index.h"

#include "base/hash.h"
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

// As in a plain search tree, then up while its priority is greater than its parent's.
std::uint32_t OrderedIndex::insert(const Value& key, std::uint32_t item) {
  const std::uint32_t place = slab_.make();
  Place& fresh = slab_[place];
  fresh.key = key;
  fresh.item = item;
  random_ += 0x9e3779b97f4a7c15u;
  fresh.priority = static_cast<std::uint32_t>(mix64(random_));
  std::uint32_t parent = kEnd;
  bool left = false;
  for (std::uint32_t at = root_; at != kEnd;) {
    parent = at;
    left = order(key, slab_[at].key) < 0;
    at = left ? slab_[at].left : slab_[at].right;
  }
  fresh.parent = parent;
  if (parent == kEnd) {
    root_ = place;
  } else {
    (left ? slab_[parent].left : slab_[parent].right) = place;
  }
  while (fresh.parent != kEnd && slab_[fresh.parent].priority < fresh.priority) rotateUp(place);
  return place;
}

// Down until it has no children, the greater of them coming up each time.
void OrderedIndex::erase(std::uint32_t place) {
  Place& gone = slab_[place];
  while (gone.left != kEnd || gone.right != kEnd) {
    const bool left = gone.right == kEnd ||
                      (gone.left != kEnd && slab_[gone.left].priority > slab_[gone.right].priority);
    rotateUp(left ? gone.left : gone.right);
  }
  replaceChild(gone.parent, place, kEnd);
  gone.key = Value();
  slab_.release(place);
}

// The first place that is not below; kEnd when it is of another stretch.
std::uint32_t OrderedIndex::lowerBound(const Value& key) const {
  std::uint32_t found = kEnd;
  for (std::uint32_t at = root_; at != kEnd;) {
    if (order(slab_[at].key, key) < 0) {
      at = slab_[at].right;
    } else {
      found = at;
      at = slab_[at].left;
    }
  }
  return found != kEnd && stretchOf(slab_[found].key) == stretchOf(key) ? found : kEnd;
}

// The first place of the stretch that the key stands in.
std::uint32_t OrderedIndex::first(const Value& key) const {
  const int stretch = stretchOf(key);
  std::uint32_t found = kEnd;
  for (std::uint32_t at = root_; at != kEnd;) {
    if (stretchOf(slab_[at].key) < stretch) {
      at = slab_[at].right;
    } else {
      found = at;
      at = slab_[at].left;
    }
  }
  return found != kEnd && stretchOf(slab_[found].key) == stretch ? found : kEnd;
}

// The leftmost one to the right, or the first ancestor that is not passed yet.
std::uint32_t OrderedIndex::next(std::uint32_t place) const {
  if (slab_[place].right != kEnd) {
    std::uint32_t at = slab_[place].right;
    while (slab_[at].left != kEnd) at = slab_[at].left;
    return at;
  }
  std::uint32_t at = slab_[place].parent;
  while (at != kEnd && slab_[at].right == place) {
    place = at;
    at = slab_[at].parent;
  }
  return at;
}

void OrderedIndex::replaceChild(std::uint32_t parent, std::uint32_t from, std::uint32_t to) {
  if (parent == kEnd) {
    root_ = to;
  } else {
    (slab_[parent].left == from ? slab_[parent].left : slab_[parent].right) = to;
  }
}

// Makes a place the parent of its parent.
void OrderedIndex::rotateUp(std::uint32_t place) {
  Place& up = slab_[place];
  const std::uint32_t parent = up.parent;
  Place& down = slab_[parent];
  replaceChild(down.parent, parent, place);
  up.parent = down.parent;
  std::uint32_t& inner = down.left == place ? up.right : up.left;
  (down.left == place ? down.left : down.right) = inner;
  if (inner != kEnd) slab_[inner].parent = parent;
  inner = parent;
  down.parent = place;
}

}  // namespace reticle
