// Slots by hash in one flat table of eight bytes a slot (open addressing, linear probing, deletion
// by shifting back). Several slots may stand under one hash: the caller compares what the slots
// hold.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace reticle {

class SlotIndex {
 public:
  static constexpr std::uint32_t kNone = 0xffffffffu;

  static std::uint32_t shortened(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash ^ (hash >> 32));
  }

  // Requires: the slot does not stand under this hash; it is not kNone.
  void add(std::uint64_t hash, std::uint32_t slot) {
    if ((size_ + 1) * 4 > entries_.size() * 3) grow();
    place({shortened(hash), slot});
    ++size_;
  }

  // Requires: the slot stands under this hash.
  void remove(std::uint64_t hash, std::uint32_t slot) {
    assert(size_ > 0 && "only what was added can be removed");
    std::size_t hole = home(shortened(hash));
    while (entries_[hole].slot != slot) {
      assert(entries_[hole].slot != kNone && "only what was added can be removed");
      hole = next(hole);
    }
    // Shift back whatever would no longer be found across the hole.
    for (std::size_t probe = next(hole); entries_[probe].slot != kNone; probe = next(probe)) {
      const std::size_t wanted = home(entries_[probe].hash);
      const bool between =
          hole <= probe ? (hole < wanted && wanted <= probe) : (hole < wanted || wanted <= probe);
      if (between) continue;
      entries_[hole] = entries_[probe];
      hole = probe;
    }
    entries_[hole] = {};
    --size_;
  }

  // The first slot under the hash that `isWanted` accepts; kNone when there is none.
  template <typename IsWanted>
  std::uint32_t find(std::uint64_t hash, const IsWanted& isWanted) const {
    if (size_ == 0) return kNone;
    const std::uint32_t wanted = shortened(hash);
    for (std::size_t at = home(wanted); entries_[at].slot != kNone; at = next(at)) {
      if (entries_[at].hash == wanted && isWanted(entries_[at].slot)) return entries_[at].slot;
    }
    return kNone;
  }

  std::size_t size() const { return size_; }

 private:
  struct Entry {
    std::uint32_t hash = 0, slot = kNone;
  };

  std::size_t home(std::uint32_t hash) const { return hash & (entries_.size() - 1); }
  std::size_t next(std::size_t at) const { return (at + 1) & (entries_.size() - 1); }
  void place(Entry entry) {
    std::size_t at = home(entry.hash);
    while (entries_[at].slot != kNone) at = next(at);
    entries_[at] = entry;
  }
  void grow() {
    const std::vector<Entry> old = std::move(entries_);
    entries_ = std::vector<Entry>(old.empty() ? 8 : old.size() * 2);
    for (const Entry& entry : old) {
      if (entry.slot != kNone) place(entry);
    }
  }

  std::vector<Entry> entries_;  // as many as a power of two
  std::size_t size_ = 0;
};

}  // namespace reticle
