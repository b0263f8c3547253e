// Matches that arrive while a whole state is taken in: they have no activations yet, since only
// when all facts are there can they be told apart (see State::take). The matcher keeps their
// positions here in the place of activations.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "match/matcher.h"

namespace reticle {

class ArrivedMatches {
 public:
  void begin() { collecting_ = true; }
  bool collecting() const { return collecting_; }
  // Returns the position.
  std::uint32_t add(const NewMatch& match) {
    matches_.push_back(match);
    return static_cast<std::uint32_t>(matches_.size() - 1);
  }
  // A match has ended again.
  void drop(std::uint32_t position) { matches_[position].token = kNoToken; }
  // All that still hold; from now on matches become activations.
  std::vector<NewMatch> end() {
    collecting_ = false;
    std::vector<NewMatch> held = std::exchange(matches_, {});
    held.erase(std::remove_if(held.begin(), held.end(),
                              [](const NewMatch& match) { return match.token == kNoToken; }),
               held.end());
    return held;
  }

 private:
  bool collecting_ = false;
  std::vector<NewMatch> matches_;
};

}  // namespace reticle
