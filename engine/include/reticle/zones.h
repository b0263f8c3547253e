// Named time zones. The engine carries no database of them: its host does (the system's zone files,
// a browser's `Intl`).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace reticle {

// Seconds east of UTC that hold in a zone such as "Europe/Berlin" at an instant, given in seconds
// since 1970-01-01T00:00:00Z; nothing when no zone has that name. Must return the same whenever
// it is asked: conditions and recovery rely on it.
using ZoneOffsets =
    std::function<std::optional<std::int32_t>(std::string_view zone, std::int64_t seconds)>;

// From the zone files of an operating system (RFC 8536) below a folder, each read when it is first
// asked for. Not for several threads at once.
ZoneOffsets systemZones(std::string folder = "/usr/share/zoneinfo");

}  // namespace reticle
