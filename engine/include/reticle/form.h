// The forms of a rule module: text, JSON and YAML are spellings of one tree. Reading them is part
// of compile() and check(), which go by the source's name (`.json`, `.yaml`, `.yml`; anything else
// is text); here is what turns one spelling into another.
#pragma once

#include <string>
#include <vector>

#include "reticle/diagnostic.h"

namespace reticle {

enum class Form { Text, Json, Yaml };

// Which form a source has, by the end of its name.
Form formOf(const Source& source);

struct Converted {
  std::string text;  // empty when a diagnostic is an error
  // of reading: RL0xxx for text, RL8xxx for the shape of JSON and YAML
  std::vector<Diagnostic> diagnostics;
  bool ok() const;
};

// The module in another spelling. Text to JSON keeps everything but `//` comments and layout; JSON
// to text is the canonical layout.
// A module with mistakes of form is not converted; names and types are not looked at.
Converted convert(const Source& source, Form to);

// The canonical layout of a module's text, comments kept: one style, no options. Formatting twice
// changes nothing more; the tree stays the same.
// Text with mistakes of form is left alone (`text` is empty, the mistakes are reported).
Converted format(const Source& source);

// The JSON Schema (draft 2020-12) of the JSON form, generated from the description that reader and
// writer use. Pretty-printed, ends with a line break.
std::string moduleSchema();

}  // namespace reticle
