// A regular expression as a tree, between its reader and the builder of its program. Known to the
// files regex*.cpp only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reticle/result.h"

namespace reticle::regex {

using Word = std::uint32_t;

constexpr Word kLastCode = 0x10ffff;

// A program is: number of instructions, instructions of three words, ranges of two words.
enum class Step : Word {
  Match,
  Class,  // x: first range << 1 | negated, y: number of ranges << 1 | ignoring case
  One,    // x: the code point, y: ignoring case
  Any,    // any code point
  Split,  // to x and to y
  Jump,   // to x
  Save,   // the place becomes number x of the match
  LineStart,
  LineEnd,
  TextStart,
  TextEnd,
  WordEdge,
  NoWordEdge,
};

struct Range {
  Word low, high;
};

struct Node {
  enum class Kind {
    Empty,
    One,
    Any,
    Class,
    Edge,
    Sequence,
    Choice,
    Repeat,
    Group
  } kind = Kind::Empty;
  Word code = 0;              // One
  bool ignoreCase = false;    // One, Class
  bool negated = false;       // Class
  Step edge = Step::Match;    // Edge
  std::vector<Range> ranges;  // Class
  std::vector<Node> parts;    // Sequence, Choice; Repeat, Group: one
  Word group = 0;             // Group: its number, from 0
  bool lazy = false;          // Repeat: as few as possible first
  int least = 0, most = -1;   // Repeat; -1: no bound
};

// Reads a pattern, or says why it cannot be read.
// `groups` gets the names of the groups that capture, in their order; of one without a name its
// number, from 1.
Result<Node> readPattern(std::string_view pattern, std::vector<std::string>* groups = nullptr);

// The other case of letters is known for Latin-1, Greek and Cyrillic.
Word foldCase(Word c);
Word upperCase(Word c);
bool isWord(Word c);

}  // namespace reticle::regex
