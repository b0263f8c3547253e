// Laying out a text: its lexemes and comments as they are, spaces and line breaks anew.
//
// Whoever knows the tree says what each gap between two lexemes is (Mark) and which stretches break
// as one (Group); the layout decides by the width of the line. Nothing is added to a text, and
// nothing but what is marked `dropped` is left out, so that a layout cannot change what a text says
// as long as no break falls where the grammar forbids one: such gaps are `Inside`.
//
// Invariants of the marks:
//   (1) Groups are nested or apart, never crossing; a Part or Close lies inside the group it names.
//   (2) No group that can break lies inside a template.
// From these, laying out a layout changes nothing: a group breaks when its text does not fit, or
// when it was broken before.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/lexer.h"

namespace reticle {

constexpr std::uint32_t kLineWidth = 120;

// What may happen in front of a lexeme.
enum class Gap : std::uint8_t {
  Inside,  // one line
  Follow,  // one line too; after a comment it stands below its item
  Item,    // begins an item of the block `group` (none: of the file)
  Line,    // always a new line, `indent` columns right of its item
  Clause,  // a new line where the author has one, or where the clause does not fit
  Part,    // a part of the list or of the operands `group`: a line of its own when that breaks
  Close,   // the sign that closes `group`
};

struct Mark {
  Gap gap = Gap::Inside;
  std::uint8_t indent = 0;
  std::int32_t group = -1;
  bool tightBefore = false, tightAfter = false;
  // a bracket, point or sign that stands as an operand or operator would: it keeps its spaces
  bool operand = false;
  bool value = false;  // a brace of a map or of a record: no spaces inside
  bool type = false;   // `<` and `>` of a type
  bool dropped = false;
  std::uint32_t pad = 0;  // more spaces in front, to align a table
};

struct Group {
  enum class Kind : std::uint8_t {
    List,      // ( ), [ ], and the braces of values: one part a line, closed on a line of its own
    Operands,  // broken in front of each operator
    Block,     // one item a line
  } kind = Kind::List;
  std::uint32_t first = 0, last = 0;  // lexemes
  bool always = false;                // broken whatever its width, unless empty
};

struct Marked {
  std::string_view text;
  Lexemes lexemes;
  std::vector<Mark> marks;    // beside the lexemes
  std::vector<Group> groups;  // by their first lexeme, outer ones before inner ones
  std::uint32_t body = 0;     // the lexeme that begins the first declaration
};

std::string layOut(const Marked& marked);

// The lexemes of a range on one line, without comments.
std::string onOneLine(const Marked& marked, std::uint32_t first, std::uint32_t last);

}  // namespace reticle
