// Of the facts that reach an alpha memory the newest ones: what `over last 20 facts` sees. And one
// such window for each value of a key: `over last 3 events by e.sensor`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/flat_map.h"
#include "base/value_order.h"
#include "match/key_numbers.h"
#include "reticle/value.h"

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

// Values are one key when they are equal and of one kind. A fact whose key is an error stands in no
// window.
class NewestOfEach {
 public:
  explicit NewestOfEach(std::uint64_t most) : most_(most) {}

  bool holds(std::uint32_t fact) const {
    const std::uint32_t* window = windowOf_.find(fact);
    return window && windows_[*window]->holds(fact);
  }
  // Whether a fact stands under this key.
  bool isUnder(std::uint32_t fact, const Value& key) const {
    const std::uint32_t* window = windowOf_.find(fact);
    return window ? !key.isError() && keys_.isKey(*window, {key}) : key.isError();
  }
  // As NewestOf.
  bool add(std::uint32_t fact, const Value& key, std::optional<std::uint32_t>& displaced) {
    if (key.isError()) return false;
    const std::uint32_t window =
        keys_.take(static_cast<std::uint32_t>(key.hash() ^ (key.hash() >> 32)), {key});
    if (windows_.size() <= window) windows_.resize(window + 1);
    if (!windows_[window]) windows_[window] = std::make_unique<NewestOf>(most_);
    windowOf_[fact] = window;
    return windows_[window]->add(fact, displaced);
  }
  void remove(std::uint32_t fact, std::optional<std::uint32_t>& entering) {
    const std::uint32_t* found = windowOf_.find(fact);
    if (!found) return;
    const std::uint32_t window = *found;
    windows_[window]->remove(fact, entering);
    windowOf_.erase(fact);
    keys_.release(window);
  }

 private:
  struct Same {
    bool operator()(const Value& a, const Value& b) const { return sameValue(a, b); }
  };

  std::uint64_t most_;
  KeyNumbers<Same> keys_;
  std::vector<std::unique_ptr<NewestOf>> windows_;  // by number of the key; empty when it has none
  FlatMap<std::uint32_t, std::uint32_t> windowOf_;  // by fact
};

}  // namespace reticle
