// Of the facts that reach an alpha memory the newest ones: what `over last 20 facts` sees.
#pragma once

#include <cstdint>
#include <optional>
#include <set>

namespace reticle {

class NewestOf {
 public:
  explicit NewestOf(std::uint64_t most) : most_(most) {}

  bool holds(std::uint32_t fact) const {
    return first_ != all_.end() && fact >= *first_ && all_.count(fact) != 0;
  }
  // A fact reaches the memory; `displaced` is the one that it takes the place of. Returns whether
  // it is among the newest.
  bool add(std::uint32_t fact, std::optional<std::uint32_t>& displaced) {
    const auto at = all_.insert(fact).first;
    if (all_.size() <= most_) {
      first_ = all_.begin();
      return true;
    }
    if (fact < *first_) return false;
    displaced = *first_;
    ++first_;
    return at != all_.end();
  }
  // A fact leaves it; `entering` is the one that takes its place.
  void remove(std::uint32_t fact, std::optional<std::uint32_t>& entering) {
    const auto at = all_.find(fact);
    if (at == all_.end()) return;
    if (fact >= *first_) {
      if (first_ != all_.begin()) {
        --first_;
        entering = *first_;
      } else if (at == first_) {
        ++first_;
      }
    }
    all_.erase(at);
  }

 private:
  std::uint64_t most_;
  std::set<std::uint32_t> all_;                           // by id: the newest last
  std::set<std::uint32_t>::iterator first_ = all_.end();  // of the newest
 public:
  NewestOf(const NewestOf&) = delete;
  NewestOf& operator=(const NewestOf&) = delete;
};

}  // namespace reticle
