// What people write on a command line or in a table: numbers, times, spans of time, names with a
// letter wrong. Each reads the whole text or nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/ids.h"

namespace reticle {

// "-12": an optional sign and digits that fit 64 bits.
std::optional<std::int64_t> intFromText(std::string_view text);

// RFC 3339, in microseconds: "2024-01-15T09:30:00+01:00".
std::optional<Time> timeFromText(std::string_view text);

// As durations of the rule language, in microseconds: "1h30m", "500ms", "-5s".
std::optional<Span64> spanFromText(std::string_view text);

// The one of `names` that was probably meant, or "" when none is near; of several the first.
std::string nearestName(std::string_view written, const std::vector<std::string>& names);

}  // namespace reticle
