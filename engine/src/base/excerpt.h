// A few lines of a source with marks under them, as a diagnostic shows them in a terminal:
//
//   3 |   when c: Customer(logedIn)
//     |                    ^^^^^^^ no such field
//
// Invariants: every mark lies on a line of the source, and is at least one column wide. Lines
// between two marked ones are shown while they are few; longer gaps become `...`. What a terminal
// cannot show is replaced, and tabs are widened, so columns are those of the line as shown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/diagnostic.h"

namespace reticle {

class Excerpt {
 public:
  // `loose`: for a text whose lines say nothing about its structure, as JSON. They are shown
  // without numbers and indentation, of them only what lies within the span, and of long ones only
  // what is around the mark. The source is borrowed for the life of the excerpt.
  Excerpt(const Source& source, std::optional<Span> loose);

  // The label is borrowed until `print`.
  void mark(const Span& span, char sign, std::string_view label);

  // The last line that will be shown, from 0: what the width of the numbers is reckoned from.
  std::uint32_t lastLine() const;

  // Appends the marked lines; `width` is that of the line numbers.
  void print(std::string& out, std::size_t width);

 private:
  // One line under a source line: where, with what sign, and what is said.
  struct Mark {
    std::uint32_t line, column, width;  // columns in characters of the line as shown, from 0
    char sign;
    std::string_view label;
  };
  struct ShownLine;

  std::uint32_t lineAt(std::uint32_t byte) const;
  void choose(const ShownLine& view, std::uint32_t column, std::uint32_t from, std::uint32_t to);
  void printLoose(std::string& out, std::size_t width, std::uint32_t line) const;
  void printLine(std::string& out, std::size_t width, std::uint32_t line) const;
  static ShownLine shown(std::string_view line);

  const Source& source_;
  bool loose_;
  Span within_;
  std::uint32_t end_ = 0;  // the column of a loose line after which nothing is shown
  std::uint32_t cut_ = 0;  // columns of a loose line that are not shown
  bool cutLeft_ = false;
  std::vector<std::uint32_t> starts_;  // byte offsets at which the lines begin
  std::vector<Mark> marks_;
};

}  // namespace reticle
