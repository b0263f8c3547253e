// Where the bytes of one text lie: lines, columns and UTF-16 units, found without going through the
// text again for each.
//
// Invariants:
//   (1) `at` returns what positionOf() does.
//   (2) It walks at most kStride bytes, however long the text and its lines are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "reticle/diagnostic.h"

namespace reticle {

class TextPlaces {
 public:
  // One pass. The text is borrowed for the life of its places.
  explicit TextPlaces(std::string_view text);

  Position at(std::uint32_t byte) const;

  // Lines are counted from 0 here. The line of a byte; of one past the end, the last line.
  std::uint32_t lineOf(std::uint32_t byte) const;
  // Where a line begins, and its text without its end (`\n`, `\r\n`).
  std::uint32_t lineStart(std::uint32_t line) const { return starts_[line]; }
  std::string_view lineText(std::uint32_t line) const;

 private:
  static constexpr std::uint32_t kStride = 1024;
  // A known position, at which a code point begins.
  struct Mark {
    std::uint32_t byte;
    Position position;
  };

  std::string_view text_;
  std::vector<std::uint32_t> starts_;  // by line; the first begins at 0
  std::vector<Mark> marks_;            // ascending; the first at 0
};

}  // namespace reticle
