// What is wrong with a rule text, said to its author: one record, three renderings (terminal,
// editor marker, JSON).
#pragma once

#include <cstddef>
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
  // RL0099 alone, which stands for what is left out: how many diagnostics that are.
  std::size_t more = 0;
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
// related ones (-), fixes, help, notes. At most 200 characters of a line are shown, those around
// the span.
std::string render(const Diagnostic& diagnostic, const std::vector<Source>& sources);
// All of them, an empty line between two. Each source is gone through once: for a list this is much
// faster than one after the other.
std::string render(const std::vector<Diagnostic>& diagnostics, const std::vector<Source>& sources);

// How many diagnostics are kept. What compile(), check(), convert(), format() and the language
// service return is limited so.
struct DiagnosticLimits {
  std::size_t perFile = 100;
  std::size_t all = 1000;
};

// Leaves out what goes beyond the limits: information before warnings before errors, and what
// stands further down first. For each file one RL0099 then says how many more there are (`more`);
// for files of which nothing was kept there is one for all of them. Texts of more than 1,000
// characters are cut, of more than 20 related places, fixes, helps or notes the first are kept.
// The order of what is kept stays; RL0099 stands behind the last of its file. Doing it again
// changes nothing.
void limit(std::vector<Diagnostic>& diagnostics, DiagnosticLimits limits = {});

bool hasErrors(const std::vector<Diagnostic>& diagnostics);

}  // namespace reticle
