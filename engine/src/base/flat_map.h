// A hash map from integers to values in one flat table (open addressing, linear probing, deletion
// by shifting back), and an index of ids by hash built on it.
//
// Never iterate a FlatMap where the order could be seen: it depends on the table's size. Both types
// are only looked into.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace reticle {

template <typename Key, typename T>
class FlatMap {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  T* find(Key key) {
    if (size_ == 0) return nullptr;
    for (std::size_t at = home(key);; at = next(at)) {
      Slot& slot = slots_[at];
      if (!slot.used) return nullptr;
      if (slot.key == key) return &slot.value;
    }
  }
  const T* find(Key key) const { return const_cast<FlatMap*>(this)->find(key); }

  // The value of a key, made when it is new. The reference holds until the next change of the map.
  T& operator[](Key key) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow();
    std::size_t at = home(key);
    while (slots_[at].used) {
      if (slots_[at].key == key) return slots_[at].value;
      at = next(at);
    }
    slots_[at].used = true;
    slots_[at].key = key;
    ++size_;
    return slots_[at].value;
  }

  // Returns whether the key was there.
  bool erase(Key key) {
    if (size_ == 0) return false;
    std::size_t at = home(key);
    while (slots_[at].used && slots_[at].key != key) at = next(at);
    if (!slots_[at].used) return false;
    // Shift back whatever would no longer be found across the hole.
    std::size_t hole = at;
    for (std::size_t probe = next(hole); slots_[probe].used; probe = next(probe)) {
      std::size_t wanted = home(slots_[probe].key);
      bool between =
          hole <= probe ? (hole < wanted && wanted <= probe) : (hole < wanted || wanted <= probe);
      if (between) continue;
      slots_[hole] = std::move(slots_[probe]);
      hole = probe;
    }
    slots_[hole] = Slot{};
    --size_;
    return true;
  }

 private:
  struct Slot {
    Key key{};
    bool used = false;
    T value{};
  };

  std::size_t home(Key key) const {
    std::uint64_t x = static_cast<std::uint64_t>(key) * 0x9e3779b97f4a7c15ull;
    return static_cast<std::size_t>((x ^ (x >> 32)) & (slots_.size() - 1));
  }
  std::size_t next(std::size_t at) const { return (at + 1) & (slots_.size() - 1); }
  void grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_ = std::vector<Slot>(old.empty() ? 8 : old.size() * 2);
    size_ = 0;
    for (Slot& slot : old) {
      if (slot.used) (*this)[slot.key] = std::move(slot.value);
    }
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

// Ids grouped by a hash of what they are looked up by. Ids of different keys may share a group:
// the caller compares the keys.
// Adding and removing take constant time, whatever the size of the group.
class HashIndex {
 public:
  using Group = std::vector<std::uint32_t>;

  // Requires: `id` is not in the index.
  void add(std::uint64_t hash, std::uint32_t id) {
    Group& group = groups_[hash];
    places_[id] = Place{hash, static_cast<std::uint32_t>(group.size())};
    group.push_back(id);
  }

  // Returns whether `id` was in the index.
  bool remove(std::uint32_t id) {
    Place* place = places_.find(id);
    if (!place) return false;
    Place gone = *place;
    places_.erase(id);
    Group* group = groups_.find(gone.hash);
    std::uint32_t last = group->back();
    group->pop_back();
    if (last != id) {
      (*group)[gone.position] = last;
      places_.find(last)->position = gone.position;
    }
    if (group->empty()) groups_.erase(gone.hash);
    return true;
  }

  // The group of a hash; null when it is empty. Holds until the next change.
  const Group* find(std::uint64_t hash) const { return groups_.find(hash); }
  bool contains(std::uint32_t id) const { return places_.find(id) != nullptr; }
  std::size_t size() const { return places_.size(); }

 private:
  struct Place {
    std::uint64_t hash = 0;
    std::uint32_t position = 0;
  };
  FlatMap<std::uint64_t, Group> groups_;
  FlatMap<std::uint32_t, Place> places_;
};

}  // namespace reticle
