// Places as editors count them (lines, UTF-16 units) from bytes, and back.
#include "language/lines.h"

#include <algorithm>

#include "base/utf8.h"

namespace reticle::language {

namespace {

// Code points beyond U+FFFF are two units of UTF-16.
std::uint32_t unitsOf(const CodePoint& point) { return point.code > 0xffff ? 2 : 1; }

}  // namespace

// \n, \r\n and a lone \r end a line, as the protocol has it.
Lines::Lines(std::string_view text) {
  std::uint32_t units = 0;
  for (std::uint32_t i = 0; i < text.size();) {
    const char c = text[i];
    const CodePoint point = decodeUtf8(text, i);
    i += point.size;
    units += unitsOf(point);
    if (c == '\n' || (c == '\r' && (i >= text.size() || text[i] != '\n'))) {
      starts_.push_back(i);
      units = 0;
    } else if (i - std::max(starts_.back(), marks_.empty() ? 0 : marks_.back().byte) >= kStride) {
      marks_.push_back({i, units});
    }
  }
}

// The nearest place known before a byte: the start of its line, or a mark within that.
Lines::Mark Lines::before(std::uint32_t start, std::uint32_t byte) const {
  const auto after =
      std::upper_bound(marks_.begin(), marks_.end(), byte,
                       [](std::uint32_t b, const Mark& mark) { return b < mark.byte; });
  return after != marks_.begin() && (after - 1)->byte > start ? *(after - 1) : Mark{start, 0};
}

// The same before a number of units.
Lines::Mark Lines::beforeUnits(std::uint32_t line, std::uint32_t units) const {
  const std::uint32_t start = starts_[line];
  const auto first =
      std::upper_bound(marks_.begin(), marks_.end(), start,
                       [](std::uint32_t b, const Mark& mark) { return b < mark.byte; });
  const auto last =
      line + 1 < starts_.size()
          ? std::lower_bound(first, marks_.end(), starts_[line + 1],
                             [](const Mark& mark, std::uint32_t b) { return mark.byte < b; })
          : marks_.end();
  const auto after = std::upper_bound(
      first, last, units, [](std::uint32_t u, const Mark& mark) { return u < mark.units; });
  return after != first ? *(after - 1) : Mark{start, 0};
}

std::uint32_t Lines::lineOf(std::uint32_t byte) const {
  return static_cast<std::uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), byte) -
                                    starts_.begin()) -
         1;
}

Place Lines::placeOf(std::string_view text, std::uint32_t byte) const {
  byte = std::min(byte, static_cast<std::uint32_t>(text.size()));
  Place place;
  place.line = lineOf(byte);
  const Mark mark = before(starts_[place.line], byte);
  place.character = mark.units;
  for (std::uint32_t at = mark.byte; at < byte;) {
    const CodePoint point = decodeUtf8(text, at);
    place.character += unitsOf(point);
    at += point.size;
  }
  return place;
}

std::optional<std::uint32_t> Lines::byteAt(std::string_view text, Place place) const {
  if (place.line >= starts_.size()) return std::nullopt;
  const Mark mark = beforeUnits(place.line, place.character);
  std::uint32_t at = mark.byte;
  for (std::uint32_t units = mark.units;
       at < text.size() && text[at] != '\n' && text[at] != '\r';) {
    const CodePoint point = decodeUtf8(text, at);
    units += unitsOf(point);
    if (units > place.character) break;
    at += point.size;
  }
  return at;
}

}  // namespace reticle::language
