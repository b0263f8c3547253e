// Remembers a position at every so many bytes of a text, and walks from the nearest one before.
#include "base/text_places.h"

#include <algorithm>

#include "base/utf8.h"

namespace reticle {
namespace {

// The position after one code point.
void pass(const CodePoint& point, Position& position) {
  if (point.code == '\n') {
    ++position.line;
    position.column = 1;
  } else {
    ++position.column;
  }
  position.utf16 += point.code > 0xFFFF ? 2 : 1;
}

}  // namespace

TextPlaces::TextPlaces(std::string_view text) : text_(text), starts_{0}, marks_{{0, {}}} {
  Position position;
  for (std::uint32_t at = 0; at < text.size();) {
    const CodePoint point = decodeUtf8(text, at);
    at += point.size;
    pass(point, position);
    if (point.code == '\n') starts_.push_back(at);
    if (at - marks_.back().byte >= kStride) marks_.push_back({at, position});
  }
}

Position TextPlaces::at(std::uint32_t byte) const {
  const auto after =
      std::upper_bound(marks_.begin(), marks_.end(), byte,
                       [](std::uint32_t b, const Mark& mark) { return b < mark.byte; });
  const Mark& mark = *(after - 1);
  Position position = mark.position;
  for (std::uint32_t at = mark.byte; at < text_.size() && at < byte;) {
    const CodePoint point = decodeUtf8(text_, at);
    if (at + point.size > byte) break;  // inside a code point: its start
    pass(point, position);
    at += point.size;
  }
  return position;
}

std::uint32_t TextPlaces::lineOf(std::uint32_t byte) const {
  return static_cast<std::uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), byte) -
                                    starts_.begin()) -
         1;
}

std::string_view TextPlaces::lineText(std::uint32_t line) const {
  const std::size_t begin = starts_[line];
  std::size_t end = line + 1 < starts_.size() ? starts_[line + 1] - 1 : text_.size();
  if (end > begin && text_[end - 1] == '\r') --end;
  return text_.substr(begin, end - begin);
}

}  // namespace reticle
