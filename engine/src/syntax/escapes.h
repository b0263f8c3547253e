// What the inside of a text, of bytes or of a template's plain part means.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/diagnostic.h"

namespace reticle {

struct TextForm {
  bool raw = false;    // r"…": a backslash means itself
  bool bytes = false;  // b"…": escapes are bytes, and there are no characters
  bool holes = false;  // t"…": `{{` and `}}` are the signs themselves
};

// The text that stands between two bytes of a source, with its escapes decoded; line breaks of
// Windows become plain ones. Reports escapes that are none, and bytes that are not UTF-8 (read as
// U+FFFD): the first few of a text, so that binary rubbish stays one matter.
std::string decodeText(std::string_view source, std::uint32_t from, std::uint32_t to,
                       const TextForm& form, std::uint32_t file,
                       std::vector<Diagnostic>& diagnostics);

}  // namespace reticle
