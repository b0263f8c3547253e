// Settles and moves the clock, and keeps the sum.
#include "course.h"

#include <algorithm>
#include <utility>

namespace reticle::cli {

void Course::settle() { add(host_.settle(options_, left_)); }

void Course::advance(Span64 by) { add(host_.advance(by)); }

void Course::advanceTo(Time to) {
  if (to > engine_.now()) advance(to - engine_.now());
}

void Course::add(SettleReport report) {
  report_.firings += report.firings;
  report_.reason = report.reason;
  if (!report.cycle.empty()) report_.cycle = std::move(report.cycle);
  if (!report.feeds.empty()) report_.feeds = std::move(report.feeds);
  if (left_) *left_ -= std::min(*left_, report.firings);
}

}  // namespace reticle::cli
