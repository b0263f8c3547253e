// Positions in a source, and whether a compilation failed; the terminal rendering of a diagnostic
// is document/render.cpp, because it leads into documents too.
#include "reticle/diagnostic.h"

#include <algorithm>
#include <string_view>

#include "base/utf8.h"

namespace reticle {

Position positionOf(const Source& source, std::uint32_t byte) {
  Position position;
  const std::string_view text = source.text;
  for (std::size_t at = 0; at < text.size() && at < byte;) {
    const CodePoint step = decodeUtf8(text, at);
    if (at + step.size > byte) break;  // inside a code point: its start
    if (step.code == '\n') {
      ++position.line;
      position.column = 1;
    } else {
      ++position.column;
    }
    position.utf16 += step.code > 0xFFFF ? 2 : 1;
    at += step.size;
  }
  return position;
}

bool hasErrors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.level == Level::Error; });
}

}  // namespace reticle
