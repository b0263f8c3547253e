// The text of `on cron "…"`: five fields, minute, hour, day of the month, month, day of the week.
//
//   0 8 * * mon-fri      at 8 on working days
//   */15 9-17 1,15 * *   each quarter of an hour from 9 to 17:45, on the 1st and the 15th
//
// A field is `*`, or parts with commas: a value, a range `a-b`, either with a step `/n` (`*/n`
// too). Months and weekdays may be called by the first three letters of their names; 7 is Sunday as
// 0 is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "model/model.h"

namespace reticle::model {

struct CronMistake {
  std::string message;             // "a minute is 0 to 59, not 60"
  std::string help;                // may be empty
  std::size_t begin = 0, end = 0;  // where in the text
};

// True and the plan, or false and the first mistake.
bool parseCron(std::string_view text, CronPlan& plan, CronMistake& mistake);

// The first moment of the plan after `after`, in UTC. Requires: a plan that parseCron made.
std::optional<Time> nextMoment(const CronPlan& plan, Time after);

// The same by the clocks of a zone, `offsetAt` being its seconds east of UTC at an instant in
// seconds, nothing when nobody knows it. A plan of every hour knows no jumps of the clocks: it
// comes by what they show at each moment. Another plan comes once a day as it says: of a time that
// the clocks show twice, the first time; of one that they skip, as much later as they jump.
using OffsetAt = std::function<std::optional<std::int64_t>(std::int64_t seconds)>;
std::optional<Time> nextMoment(const CronPlan& plan, Time after, const OffsetAt& offsetAt);

}  // namespace reticle::model
