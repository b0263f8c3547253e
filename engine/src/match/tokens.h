// Tokens: partial matches, each standing at the node that takes it in, and the memories in which
// nodes find them.
#pragma once

#include <cstdint>
#include <vector>

#include "base/slab.h"
#include "match/ordered_index.h"
#include "match/working_memory.h"

namespace reticle {

constexpr std::uint32_t kNone = 0xffffffffu;

// Sixty bytes. Links are numbers of tokens.
struct Token {
  enum Flag : std::uint32_t {
    kUnsure = 1,    // some condition is neither true nor false of it
    kDirty = 2,     // waits for the end of the change to be decided (Not, Exists)
    kDeleting = 4,  // is going, with all that hangs from it
    kOutSure = 8,
    kOutUnsure = 16,  // Not, Exists: what it has passed on
    kKept = 32,       // stands in the left memory of its node
    kReported = 64,   // Production: the listener knows of it
    kAsks = 128,      // Not, Exists: there is a key by which candidates can be found
    kUnknown = 256,   // intervals: of candidates that it holds it is unknown whether they fit
    kArrived = 512,   // End of an either: it came with the change under way
  };
  std::uint32_t node = kNone;  // kNone: gone
  std::uint32_t parent = kNone;
  std::uint32_t fact = kNone;  // slot
  std::uint32_t firstChild = kNone, nextSibling = kNone, previousSibling = kNone;
  std::uint32_t nextOfFact = kNone, previousOfFact = kNone;
  // in the left memory of the node; ordered memories and intervals: `next` is its place there
  std::uint32_t next = kNone, previous = kNone;
  std::uint32_t hash = 0;  // intervals: the tree
  // Not, Exists: what blocks or supports it; owners: first record; End: its record; Production: the
  // activation
  std::uint32_t extra = kNone;
  std::uint32_t values = kNone;  // first of the values it carries
  std::uint32_t flags = 0;

  std::uint32_t& nextFree() { return next; }
  bool gone() const { return node == kNone; }
};

// Where a fact stands in an alpha index.
struct Entry {
  std::uint32_t fact = kNone;                    // slot
  std::uint32_t next = kNone, previous = kNone;  // in the bucket; ordered: `next` is its place
  std::uint32_t nextOfFact = kNone;
  std::uint32_t index = kNone;
  std::uint32_t hash = 0;  // ordered: the tree
  std::uint32_t& nextFree() { return next; }
};

// Things with next, previous and hash, found by hash. Buckets grow with their number; things of
// unequal hash share buckets.
class Chains {
 public:
  template <typename T>
  void insert(Slab<T>& slab, std::uint32_t number, bool keyed) {
    if (heads_.empty()) heads_.assign(1, kNone);
    if (keyed && count_ >= heads_.size()) grow(slab);
    link(slab, number);
    ++count_;
  }
  template <typename T>
  void erase(Slab<T>& slab, std::uint32_t number) {
    T& thing = slab[number];
    if (thing.previous != kNone) {
      slab[thing.previous].next = thing.next;
    } else {
      heads_[thing.hash & (heads_.size() - 1)] = thing.next;
    }
    if (thing.next != kNone) slab[thing.next].previous = thing.previous;
    --count_;
  }
  std::uint32_t first(std::uint32_t hash) const {
    return heads_.empty() ? kNone : heads_[hash & (heads_.size() - 1)];
  }
  std::uint32_t count() const { return count_; }

 private:
  template <typename T>
  void link(Slab<T>& slab, std::uint32_t number) {
    T& thing = slab[number];
    std::uint32_t& head = heads_[thing.hash & (heads_.size() - 1)];
    thing.previous = kNone;
    thing.next = head;
    if (head != kNone) slab[head].previous = number;
    head = number;
  }
  template <typename T>
  void grow(Slab<T>& slab) {
    std::vector<std::uint32_t> old = std::move(heads_);
    heads_.assign(old.size() * 4, kNone);
    for (std::uint32_t number : old) {
      while (number != kNone) {
        const std::uint32_t next = slab[number].next;
        link(slab, number);
        number = next;
      }
    }
  }

  std::vector<std::uint32_t> heads_;
  std::uint32_t count_ = 0;
};

// Runs of values under the number of the first; runs of one length share their free places.
class ValueRuns {
 public:
  Value* at(std::uint32_t number) { return &pages_[number >> kShift][number & kMask]; }
  const Value* at(std::uint32_t number) const { return &pages_[number >> kShift][number & kMask]; }

  // Requires: 0 < length <= kLongest.
  std::uint32_t make(std::size_t length) {
    if (free_.size() <= length) free_.resize(length + 1);
    if (!free_[length].empty()) {
      const std::uint32_t number = free_[length].back();
      free_[length].pop_back();
      return number;
    }
    if (room_ < length) {
      begun_ = static_cast<std::uint32_t>(pages_.size() << kShift);
      room_ = std::size_t{1} << kShift;
      pages_.push_back(std::make_unique<Value[]>(room_));
    }
    const std::uint32_t number = begun_;
    begun_ += static_cast<std::uint32_t>(length);
    room_ -= length;
    return number;
  }
  void release(std::uint32_t number, std::size_t length) {
    for (Value* value = at(number); value != at(number) + length; ++value) *value = Value();
    free_[length].push_back(number);
  }

  static constexpr std::size_t kLongest = 512;

 private:
  static constexpr std::uint32_t kShift = 9, kMask = (1u << kShift) - 1;
  std::vector<std::unique_ptr<Value[]>> pages_;
  std::vector<std::vector<std::uint32_t>> free_;  // by length
  std::uint32_t begun_ = 0;
  std::size_t room_ = 0;  // after begun_ in its page
};

}  // namespace reticle
