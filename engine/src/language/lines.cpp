// Places as editors count them (lines, UTF-16 units) from bytes, and back.
#include "language/lines.h"

#include <algorithm>

#include "base/utf8.h"

namespace reticle::language {

// \n, \r\n and a lone \r end a line, as the protocol has it.
Lines::Lines(std::string_view text) {
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 >= text.size() || text[i + 1] != '\n'))) {
      starts_.push_back(i + 1);
    }
  }
}

std::uint32_t Lines::lineOf(std::uint32_t byte) const {
  return static_cast<std::uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), byte) -
                                    starts_.begin()) -
         1;
}

// Code points beyond U+FFFF are two units of UTF-16.
Place Lines::placeOf(std::string_view text, std::uint32_t byte) const {
  byte = std::min(byte, static_cast<std::uint32_t>(text.size()));
  Place place;
  place.line = lineOf(byte);
  for (std::uint32_t at = starts_[place.line]; at < byte;) {
    const CodePoint point = decodeUtf8(text, at);
    place.character += point.code > 0xffff ? 2 : 1;
    at += point.size;
  }
  return place;
}

std::optional<std::uint32_t> Lines::byteAt(std::string_view text, Place place) const {
  if (place.line >= starts_.size()) return std::nullopt;
  std::uint32_t at = starts_[place.line];
  for (std::uint32_t units = 0; at < text.size() && text[at] != '\n' && text[at] != '\r';) {
    const CodePoint point = decodeUtf8(text, at);
    units += point.code > 0xffff ? 2 : 1;
    if (units > place.character) break;
    at += point.size;
  }
  return at;
}

}  // namespace reticle::language
