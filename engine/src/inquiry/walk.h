// Partial matches of conditions, one condition after the other: counted, and some of them kept.
#pragma once

#include <functional>
#include <vector>

#include "inquiry/enumerate.h"

namespace reticle {

class Walk {
 public:
  struct Stage {
    std::uint64_t reached = 0;        // partial matches that come to the condition
    std::uint64_t passed = 0;         // that go on from it
    bool more = false;                // counting stopped before all were seen
    std::vector<PartialMatch> stuck;  // the first of those that end here
    std::vector<PartialMatch> kept;   // the first of those that go on
  };
  // Whether a partial match that a condition made is of interest.
  using Interest = std::function<bool(const model::Condition&, const PartialMatch&)>;

  // Keeps so many partial matches of each sort.
  Walk(Enumerator& enumerator, std::size_t keep, Interest interest = {})
      : enumerator_(enumerator), keep_(keep), interest_(std::move(interest)) {}

  // From each of `starts`; so many partial matches and so many tests of facts at most.
  std::vector<Stage> along(const std::vector<model::Condition>& conditions,
                           const std::vector<PartialMatch>& starts, bool loose);

 private:
  void step(const std::vector<model::Condition>& conditions, std::size_t at, PartialMatch& match,
            bool loose, std::vector<Stage>& stages);

  Enumerator& enumerator_;
  std::size_t keep_;
  Interest interest_;
  std::uint64_t left_ = 0;
};

}  // namespace reticle
