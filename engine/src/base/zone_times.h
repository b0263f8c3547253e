// Times as the clocks of a zone show them: in seconds since 1970-01-01T00:00:00 there, and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "reticle/zones.h"

namespace reticle {

// As zones are called everywhere: parts that begin with a capital. Hosts differ in what else they
// know (`localtime`, `europe/berlin`).
bool isZoneName(std::string_view text);
// "UTC", an offset such as "+02:00", or a name such as "Europe/Berlin", which a host may not know.
bool mayBeZone(std::string_view text);

// Seconds east of UTC at an instant; nothing when nobody knows the zone.
std::optional<std::int64_t> zoneOffset(std::string_view zone, std::int64_t seconds,
                                       const ZoneOffsets& zones);

// The instant at which clocks of a zone show these seconds, `offsetAt` being its offset at an
// instant. Of two, where the clocks go back, the first; of none, where they go forward, the one as
// much later as they jump.
template <typename OffsetAt>
std::optional<std::int64_t> instantShowing(std::int64_t shown, const OffsetAt& offsetAt) {
  constexpr std::int64_t kDay = 86'400;
  const std::optional<std::int64_t> before = offsetAt(shown - kDay), after = offsetAt(shown + kDay);
  if (!before || !after) return std::nullopt;
  for (const std::int64_t offset : {*before, *after}) {
    if (offsetAt(shown - offset) == offset) return shown - offset;
  }
  return shown - *before;
}

}  // namespace reticle
