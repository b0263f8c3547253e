// What must hold for any bytes, as functions that return what is broken: "" when nothing is. The
// fuzzer calls them with what it invents (main.cpp), the test suite with what it once found
// (regressions_test.cpp), so that a finding stays found in every build.
//
// Each target reads its input in its own way and never fails otherwise than by its result; crashes,
// leaks and undefined behaviour are for the sanitizers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reticle/diagnostic.h"

namespace reticle::fuzz {

// Text to tree. Whatever is said points into the text and can be shown; text about which nothing is
// said is in the tree, every word of it, and means the same in another layout.
std::string parserBroken(std::string_view input);

// Text to checked program, with and without an index of names: a program exactly when there is no
// error, and all spans within the text.
std::string checkerBroken(std::string_view input);

// JSON or YAML to tree, to checked program, to text and back. Whatever is said lies in the
// document; the text reads as the same tree, and by way of its JSON it stays what it is. The first
// byte chooses: `-` or a letter reads as YAML, anything else as JSON.
std::string formBroken(std::string_view input);

// Formatting keeps the tree and all comments, and formatting again changes nothing.
std::string formatBroken(std::string_view input);

// An expression to value, or, after a `~`, a regular expression on the first line and a text on
// the others.
std::string expressionBroken(std::string_view input);

// Rule text to program to session: what compiles is run on facts, events and times that the text
// itself decides, within bounds; what its journal tells leads to the same state.
std::string runBroken(std::string_view input);

// What is wrong with the diagnostics themselves: places outside of the sources, nothing said, a
// text that is not UTF-8 though the source is.
std::string diagnosticsBroken(const std::vector<Diagnostic>& diagnostics,
                              const std::vector<Source>& sources);

struct Target {
  const char* name;
  std::string (*broken)(std::string_view input);
};

}  // namespace reticle::fuzz
