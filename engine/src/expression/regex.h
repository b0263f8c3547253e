// Regular expressions in the syntax of RE2, matched in time linear in the text: the pattern becomes
// a small automaton whose states advance together, one code point at a time.
//
// Read: literals, `.`, classes with ranges and negation, \d \w \s \D \W \S, [:alpha:] and its kin,
// ^ $ \A \z \b \B, groups (named, non-capturing, with flags i m s U), |, * + ? {m,n} and their lazy
// forms, \n \t \x41 \x{1F600} \101 \Q…\E. Refused with a reason: back references, look-around,
// classes by Unicode property (\pL, \p{Greek}), whose tables would weigh more than the rest,
// repetitions of more than 1000, and patterns that grow too large. Without regard to case, letters
// of Latin-1, Greek and Cyrillic are known beside ASCII.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/result.h"

namespace reticle {

// A compiled pattern: words of 32 bits, good within the process that made them only.
using RegexProgram = std::string;

Result<RegexProgram> compileRegex(std::string_view pattern);

// Whether the pattern matches anywhere in the text. Each state looked at takes one step; when
// `steps` run out the result is false and `steps` is negative.
bool matchRegex(std::string_view program, std::string_view text, std::int64_t& steps);

// A pattern that tells where its groups match.
struct RegexCaptures {
  RegexProgram program;
  std::vector<std::string> groups;  // their names; of one without a name its number, from 1
};
Result<RegexCaptures> compileCaptures(std::string_view pattern);

// Where a group has matched, in bytes; `end` before `begin`: it took no part.
struct RegexSpan {
  std::size_t begin = 1, end = 0;
  bool took() const { return begin <= end; }
};
// The groups of the first match, of several that begin there the one that Perl prefers; nothing
// when there is none, or when `steps` run out, which then are negative.
std::optional<std::vector<RegexSpan>> captureRegex(const RegexCaptures& captures,
                                                   std::string_view text, std::int64_t& steps);

}  // namespace reticle
