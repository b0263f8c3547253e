// What people write on a command line or in a table, read by the language's own readers.
#include "reticle/text.h"

#include "base/number.h"
#include "base/suggest.h"
#include "base/time_text.h"

namespace reticle {

std::optional<std::int64_t> intFromText(std::string_view text) { return parseInt(text); }

std::optional<Time> timeFromText(std::string_view text) {
  const std::optional<Instant> instant = parseTimestamp(text);
  if (!instant) return {};
  return instant->seconds * 1'000'000 + instant->nanos / 1000;
}

std::optional<Span64> spanFromText(std::string_view text) {
  const std::optional<Elapsed> elapsed = parseDuration(text);
  if (!elapsed) return {};
  return elapsed->seconds * 1'000'000 + elapsed->nanos / 1000;
}

std::string nearestName(std::string_view written, const std::vector<std::string>& names) {
  return model::nearest(written, names);
}

}  // namespace reticle
