// What is wrong with a rule text, said to its author: one record, three renderings (terminal,
// editor marker, JSON).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reticle/span.h"

namespace reticle {

enum class Level { Error, Warning, Information };

struct Edit {
  Span span;  // replaced; empty: insertion
  std::string text;
};

// A repair that an editor can apply.
struct Fix {
  std::string title;  // imperative, with code in back quotes: "replace `logedIn` with `loggedIn`"
  std::vector<Edit> edits;
};

struct Related {
  Span span;
  std::string message;
};

struct Diagnostic {
  std::string code;  // "RL1001"; documented, stable
  Level level = Level::Error;
  std::string message;  // in the author's terms, code in back quotes
  Span span;
  std::string label;             // under the guilty span; may be empty
  std::vector<Related> related;  // the other half of the story
  std::vector<Fix> fixes;
  std::vector<std::string> help;
  std::vector<std::string> notes;
};

// A source file as handed to compile.
struct Source {
  std::string name;  // "discounts.rules"
  std::string text;  // UTF-8
};

// Where a byte offset lies, for people and for editors.
struct Position {
  std::uint32_t line = 1;    // from 1
  std::uint32_t column = 1;  // from 1, in code points
  std::uint32_t utf16 = 0;   // offset from the start of the file, in UTF-16 units
};
Position positionOf(const Source& source, std::uint32_t byte);

// The terminal rendering: level and code, place, source lines with the guilty span (^) and the
// related ones (-), fixes, help, notes.
std::string render(const Diagnostic& diagnostic, const std::vector<Source>& sources);

bool hasErrors(const std::vector<Diagnostic>& diagnostics);

}  // namespace reticle
