// Which events from outside were taken, by source and id, so that one that is sent again changes
// nothing: the newest ones, up to a number.
//
// Of each stands a fingerprint of what it said, so that another event of the same id is found out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/hash.h"

namespace reticle {

class SeenEvents {
 public:
  struct Seen {
    std::string source, id;
    std::uint64_t fingerprint = 0;
  };

  explicit SeenEvents(std::size_t most) : most_(most) {}

  std::optional<std::uint64_t> find(const std::string& source, const std::string& id) const {
    const auto found = byName_.find({source, id});
    if (found == byName_.end()) return std::nullopt;
    return found->second;
  }
  // The oldest gives way. One that is there already stays as it is.
  void add(const std::string& source, const std::string& id, std::uint64_t fingerprint) {
    if (most_ == 0 || !byName_.emplace(std::pair(source, id), fingerprint).second) return;
    inOrder_.push_back({source, id, fingerprint});
    toggle(inOrder_.back());
    if (inOrder_.size() <= most_) return;
    toggle(inOrder_.front());
    byName_.erase({inOrder_.front().source, inOrder_.front().id});
    inOrder_.pop_front();
  }
  const std::deque<Seen>& all() const { return inOrder_; }
  // Nothing when none were.
  void addTo(Digest& digest) const {
    if (!inOrder_.empty()) digest.add(sum_);
  }

 private:
  void toggle(const Seen& seen) {
    Digest digest;
    digest.add(seen.source);
    digest.add(seen.id);
    digest.add(seen.fingerprint);
    sum_ ^= digest.value();
  }

  std::size_t most_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> byName_;
  std::deque<Seen> inOrder_;  // oldest first
  std::uint64_t sum_ = 0;
};

}  // namespace reticle
