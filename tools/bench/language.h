// How fast the language service is on a realistic program of so many lines.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace reticle::bench {

// A program of about so many lines: types, tables, rules, flows and tests in the proportions of the
// examples. The same text for the same number.
std::string languageProgram(std::size_t lines);

// Medians in milliseconds, by deed: open, edit and diagnostics, completion, hover, tokens,
// formatting, …
std::vector<std::pair<std::string, double>> measureLanguage(std::size_t lines, std::size_t runs);

}  // namespace reticle::bench
