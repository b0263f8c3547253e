// What a zone is called, and how far it is from UTC.
#include "base/zone_times.h"

#include "base/time_text.h"

namespace reticle {

bool isZoneName(std::string_view text) {
  bool begins = true;
  for (const char c : text) {
    const bool capital = c >= 'A' && c <= 'Z', small = c >= 'a' && c <= 'z',
               other = (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-';
    if (c == '/' ? begins : begins ? !capital : !capital && !small && !other) return false;
    begins = c == '/';
  }
  return !begins && text.size() <= 64;
}

bool mayBeZone(std::string_view text) { return parseOffset(text).has_value() || isZoneName(text); }

std::optional<std::int64_t> zoneOffset(std::string_view zone, std::int64_t seconds,
                                       const ZoneOffsets& zones) {
  if (const auto read = parseOffset(zone)) return read;
  if (!zones || !isZoneName(zone)) return std::nullopt;
  const auto named = zones(zone, seconds);
  return named ? std::optional<std::int64_t>(*named) : std::nullopt;
}

}  // namespace reticle
