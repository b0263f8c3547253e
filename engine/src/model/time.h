// What rules ask of time, said in words that the network and the session know. Done once, for a
// program that is to run.
//
//   `T(…) over last d`, `expires d`     how long the event is kept (FactType::lifetimes), and a
//                                       test of `…stage` that hides it from those who see it no
//                                       more
//   `T(…) after a within d`, …          constraints on `meta.time` and `…order`; both events are
//                                       kept as long as the distance allows
//   `not T(…) after a within d`,        the same, and `if passed(a.meta.time + d)` in front: it can
//   `forall x: T after a within d …`    be said only when nothing can come any more
//   `T(…, passed(t))`                   the pattern without it, then `if passed(t)`; under `not`
//                                       and its kind this makes a group of the pattern
//   `T(…) held d`                       `if passed(x.…since + d)`, where the session keeps
//                                       `…since`; of a pattern that is compared with others, or
//                                       asks `passed`,
//                                       `let since` after all that it asks (Condition::since) and
//                                       `if passed(since + d)` at the end of the conditions
//   `on insert T(…)`, `on retract T(…)` tests of `…phase` and `…barred`
//
// `over last n events` stays a suffix of its pattern.
#pragma once

#include <map>
#include <vector>

#include "model/model.h"

namespace reticle::model {

void arrangeTime(Program& program);

// For how long each pattern over events sees one after its time, 0: in its own turn only, kForever;
// and the moments that must have passed before a `not` or `forall` can be said, by its address
// (nothing: at once). From the conditions of one rule or query, before they are rearranged.
//
// An event that stands in a distance of `within d`, on either side, is seen for d; in a chain of
// distances for as long as they allow together; without a bound the earlier one for ever. A window
// says it for its pattern; `expires` is the least, and the most where nothing else bounds it. The
// event of a trigger is seen in its own turn, or as long as something later is asked for within a
// bound. What stands under `not`, `exists`, `forall` and `accumulate` is seen as long as the events
// outside that it is measured from, so that it cannot be forgotten before they are.
struct Timing {
  std::map<const Pattern*, Span64> lifetimes;
  // the time of the event in `row`, and `after` more
  struct Moment {
    std::uint32_t row = 0;
    TypeId type{};
    Span64 after = 0;
  };
  // By address of the `not`: of each list one moment must have passed.
  std::map<const Condition*, std::vector<std::vector<Moment>>> deadlines;
};
void addTiming(const Program& program, const std::vector<Condition>& conditions, Timing& timing);

}  // namespace reticle::model
