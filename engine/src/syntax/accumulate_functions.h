// The functions of `accumulate`: their kinds, their names, and the words in which messages list
// them. A new one is added here, in all three places.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace reticle {

enum class AccumulateKind : std::uint8_t {
  Count,
  Sum,
  Min,
  Max,
  Avg,
  Collect,
  Distinct,
  First,
  Last,
  Variance,
  Stddev,
  Percentile
};

inline constexpr std::array<std::pair<std::string_view, AccumulateKind>, 12> kAccumulateFunctions =
    {{
        {"count", AccumulateKind::Count},
        {"sum", AccumulateKind::Sum},
        {"min", AccumulateKind::Min},
        {"max", AccumulateKind::Max},
        {"avg", AccumulateKind::Avg},
        {"collect", AccumulateKind::Collect},
        {"distinct", AccumulateKind::Distinct},
        {"first", AccumulateKind::First},
        {"last", AccumulateKind::Last},
        {"variance", AccumulateKind::Variance},
        {"stddev", AccumulateKind::Stddev},
        {"percentile", AccumulateKind::Percentile},
    }};

}  // namespace reticle

// Those between count, which takes no argument, and first and last, for literals to be joined with:
// a macro, because messages are constants.
#define RETICLE_ACCUMULATE_MIDDLE \
  "sum, min, max, avg, variance, stddev, percentile, collect, distinct"
