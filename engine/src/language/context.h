// Where in the language a place is, known from the lexemes before it alone: while something is
// being typed the tree is poor, the words are there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "language/view.h"

namespace reticle::language {

enum class Block : std::uint8_t {
  // outside of all declarations, or in the head of one
  Module,
  // between braces
  Fields,
  Values,
  Rows,
  Sections,
  Conditions,
  Actions,
  Steps,
  Doings,
  Expects,
  // Type{…}, and update x {…}
  Record,
  // Type(…): constraints
  Pattern,
  Arguments,  // name(…)
  // Hole: of a template
  Params,
  Map,
  List,
  Parens,
  Hole,
};

struct Frame {
  Block block{};
  std::uint32_t open = 0;  // its opening lexeme
  // Record, Pattern: the type (Record of `update x`: the binding); Arguments: what is called
  std::string name;
  // Record, Arguments: the word that the item began with: insert, emit, call, start, …
  std::string verb;
  std::uint32_t item = 0;  // where the item at hand begins
};

struct Context {
  std::vector<Frame> frames;  // outermost first; never empty
  std::string declaration;    // the keyword of the declaration around; empty: none
  std::uint32_t head = 0;     // its keyword
  std::uint32_t next = 0;     // the first lexeme not before the word being typed
  // what is being typed, up to the place and beyond; empty: nothing yet
  Span word;
  bool silent = false;     // inside a text, a number or a comment
  bool freshLine = false;  // nothing stands before the word on its line

  const Frame& frame() const { return frames.back(); }
  // The nearest block of items around.
  const Frame& block() const;
};

Context contextAt(const View& view, std::uint32_t file, std::uint32_t byte);

// Lexemes of a document by position, with their texts.
class Words {
 public:
  Words(const View& view, std::uint32_t file)
      : text_(view.textOf(file)), items_(view.document(file).lexemes.items) {}
  const Lexeme& operator[](std::uint32_t at) const {
    return items_[at < items_.size() ? at : items_.size() - 1];
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(items_.size()); }
  std::string_view text(std::uint32_t at) const { return textOf((*this)[at]); }
  std::string_view textOf(const Lexeme& lexeme) const {
    return std::string_view(text_).substr(lexeme.begin, lexeme.end - lexeme.begin);
  }
  bool is(std::uint32_t at, std::string_view word) const {
    return (*this)[at].kind == LexemeKind::Word && text(at) == word;
  }
  bool isAny(std::uint32_t at, std::initializer_list<std::string_view> words) const;
  bool capital(std::uint32_t at) const;
  // `a.b.c` ending at a lexeme, and where it begins.
  std::string pathEndingAt(std::uint32_t at, std::uint32_t* first = nullptr) const;

 private:
  const std::string& text_;
  const std::vector<Lexeme>& items_;
};

}  // namespace reticle::language
