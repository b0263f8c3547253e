// A few lines of a source with marks under them, as a diagnostic shows them in a terminal:
//
//   3 |   when c: Customer(logedIn)
//     |                    ^^^^^^^ no such field
//
// Invariants: every mark lies on a line of the source, and is at least one column wide. Lines
// between two marked ones are shown while they are few; longer gaps become `...`. What a terminal
// cannot show is replaced, and tabs are widened, so columns are those of the line as shown. Of a
// line at most kShown characters are shown, those around a mark; what is left out is a `…`. Another
// mark of a long line, too far away to be seen with it, has the line shown once more, around
// itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_places.h"
#include "reticle/diagnostic.h"

namespace reticle {

class Excerpt {
 public:
  // `loose`: for a text whose lines say nothing about its structure, as JSON. They are shown
  // without numbers and indentation, and of them only what lies within the span. Both are borrowed
  // for the life of the excerpt; `places` are those of the source's text.
  Excerpt(const Source& source, const TextPlaces& places, std::optional<Span> loose);

  // The label is borrowed until `print`.
  void mark(const Span& span, char sign, std::string_view label);

  // The last line that will be shown, from 0: what the width of the numbers is reckoned from.
  std::uint32_t lastLine() const;

  // Appends the marked lines; `width` is that of the line numbers.
  void print(std::string& out, std::size_t width);

 private:
  // Under a source line: which of its bytes (of the source), with what sign, and what is said.
  struct Mark {
    std::uint32_t line, begin, end;
    char sign;
    std::string_view label;
  };
  // The part of a line that is shown, as bytes of the source.
  struct Window {
    std::uint32_t begin, end;
    bool cutLeft, cutRight;
  };
  struct Shown;

  Window windowAround(const Mark& mark) const;
  Shown shown(const Window& window) const;
  void printLine(std::string& out, std::size_t width, std::uint32_t line,
                 const Window& window) const;
  void printMark(std::string& out, std::size_t width, const Mark& mark, const Window& window) const;

  const Source& source_;
  const TextPlaces& places_;
  bool loose_;
  Span within_;
  std::vector<Mark> marks_;
};

}  // namespace reticle
