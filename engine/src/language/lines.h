// Places of one text: UTF-8 bytes inside, lines from 0 and UTF-16 units outside.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace reticle::language {

struct Place {
  std::uint32_t line = 0, character = 0;
  bool operator==(const Place&) const = default;
};

// Where the lines of a text begin, and some places in long lines, so that no line is ever gone
// through whole. Does not keep the text: it is handed in again.
class Lines {
 public:
  Lines() = default;
  explicit Lines(std::string_view text);

  Place placeOf(std::string_view text, std::uint32_t byte) const;
  // A character beyond the end of its line is the end of the line; inside a pair of surrogates it
  // is the character before. Empty: no such line.
  std::optional<std::uint32_t> byteAt(std::string_view text, Place place) const;

  std::uint32_t count() const { return static_cast<std::uint32_t>(starts_.size()); }
  std::uint32_t startOf(std::uint32_t line) const { return starts_[line]; }
  std::uint32_t lineOf(std::uint32_t byte) const;

 private:
  static constexpr std::uint32_t kStride = 1024;
  // So many units into its line.
  struct Mark {
    std::uint32_t byte, units;
  };
  Mark before(std::uint32_t start, std::uint32_t byte) const;
  Mark beforeUnits(std::uint32_t line, std::uint32_t units) const;

  std::vector<std::uint32_t> starts_{0};
  std::vector<Mark> marks_;  // ascending
};

}  // namespace reticle::language
