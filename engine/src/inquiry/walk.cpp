// Partial matches of conditions, one condition after the other.

#include "inquiry/walk.h"

namespace reticle {

namespace {

// Bounds on what one explanation may cost; beyond them it says that there is more.
constexpr std::uint64_t kMostTests = 2'000'000;
constexpr std::uint64_t kMostMatches = 200'000;

}  // namespace

std::vector<Walk::Stage> Walk::along(const std::vector<model::Condition>& conditions,
                                     const std::vector<PartialMatch>& starts, bool loose) {
  std::vector<Stage> stages(conditions.size());
  left_ = kMostMatches;
  enumerator_.allow(kMostTests);
  for (PartialMatch start : starts) step(conditions, 0, start, loose, stages);
  for (Stage& stage : stages) stage.more = left_ == 0 || enumerator_.spent();
  enumerator_.allow(UINT64_MAX);
  return stages;
}

// A match that was cut short may go on unseen: only one that was seen to the end is stuck.
void Walk::step(const std::vector<model::Condition>& conditions, std::size_t at,
                PartialMatch& match, bool loose, std::vector<Stage>& stages) {
  if (at == conditions.size() || left_ == 0 || enumerator_.spent()) return;
  Stage& stage = stages[at];
  ++stage.reached;
  --left_;
  bool goesOn = false;
  enumerator_.each(conditions[at], match, loose, [&](PartialMatch& next) {
    if (interest_ && !interest_(conditions[at], next)) return true;
    goesOn = true;
    ++stage.passed;
    if (stage.kept.size() < keep_) stage.kept.push_back(next);
    step(conditions, at + 1, next, loose, stages);
    return left_ > 0;
  });
  const bool wasCut = left_ == 0 || enumerator_.spent();
  if (!goesOn && !wasCut && stage.stuck.size() < keep_) stage.stuck.push_back(match);
}

}  // namespace reticle
