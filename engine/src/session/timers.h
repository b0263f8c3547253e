// The moments at which a session has something to do by itself, soonest first.
//
// The clock stops at each of them (Session::nextDue, Core::moveClock): what is due is carried out
// (Session::State::carryOut), then rules fire until nothing is ready, then time goes on. Timers of
// one moment are carried out in the order of their kinds, then of their subjects.
//
// Timers are not recorded: they follow from facts, rules and the clock, and recovery sets them
// again while it replays. What carrying one out does is recorded, always, as decisions of its own.
// Recovery therefore drops the timers that are due and applies the decisions.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <tuple>

#include "reticle/ids.h"

namespace reticle {

struct Timer {
  Time due = 0;
  // ORDER: in which those of one moment are carried out
  enum class Kind : std::uint8_t {
    Expire,  // the fact `subject`, an event, comes to the end of a lifetime
    Moment,  // the rule `subject`: `on every`, `on cron`
    Event,   // the waiting event number `subject`
  } kind{};
  std::uint32_t subject = 0;

  friend bool operator<(const Timer& a, const Timer& b) {
    return std::tie(a.due, a.kind, a.subject) < std::tie(b.due, b.kind, b.subject);
  }
};

class Timers {
 public:
  void schedule(const Timer& timer) { timers_.insert(timer); }  // twice the same is once
  void cancel(const Timer& timer) { timers_.erase(timer); }

  std::optional<Time> nextDue() const {
    if (timers_.empty()) return std::nullopt;
    return timers_.begin()->due;
  }
  // The next timer that is due at `now` or was before; nothing when there is none.
  std::optional<Timer> takeDue(Time now) {
    if (timers_.empty() || timers_.begin()->due > now) return std::nullopt;
    const Timer timer = *timers_.begin();
    timers_.erase(timers_.begin());
    return timer;
  }

 private:
  std::set<Timer> timers_;
};

}  // namespace reticle
