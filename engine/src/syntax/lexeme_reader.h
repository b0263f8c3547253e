// The lexemes of one file, the place where the parser stands among them, and what can be said of
// the lexemes around that place.
//
// Invariants:
//   (1) The position is that of a lexeme; the last one, End, is never taken.
//   (2) Only `take…` and `moveTo` move.
//
// Nothing here complains: what stands where is for the grammar to judge.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "syntax/lexer.h"

namespace reticle {

class LexemeReader {
 public:
  using Words = std::initializer_list<std::string_view>;

  // Borrows the source for its whole life. In plain CEL line breaks are no hints: nothing can
  // follow the one expression.
  LexemeReader(const Source& source, std::uint32_t file, Lexemes lexemes, bool plainCel);

  // The lexeme here, or so many further on; past the end it is End.
  const Lexeme& at(std::uint32_t ahead = 0) const {
    return lexemes_.items[std::min<std::size_t>(next_ + ahead, lexemes_.items.size() - 1)];
  }
  const Lexeme& previous() const { return lexemes_.items[next_ > 0 ? next_ - 1 : 0]; }
  const Lexeme& lexeme(std::uint32_t index) const { return lexemes_.items[index]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(lexemes_.items.size()); }
  // The lexer found an open text that swallowed the rest of the file.
  bool cutShort() const { return lexemes_.cutShort; }

  bool is(LexemeKind kind, std::uint32_t ahead = 0) const { return at(ahead).kind == kind; }
  bool isWord(std::string_view word, std::uint32_t ahead = 0) const {
    return is(LexemeKind::Word, ahead) && textOf(at(ahead)) == word;
  }
  bool isAnyWord(Words words, std::uint32_t ahead = 0) const;

  const Lexeme& take();
  bool takeIf(LexemeKind kind) { return is(kind) && (take(), true); }
  bool takeWord(std::string_view word) { return isWord(word) && (take(), true); }
  std::uint32_t position() const { return next_; }
  void moveTo(std::uint32_t position) { next_ = position; }
  // Leaves only the `=` of the `>=` here: `list<int>= …`.
  void splitGreaterEqual();

  // A name whose last part begins with a capital stands there; `past` is the number of lexemes of
  // the whole dotted name, also when it is no type.
  bool typeStarts(std::uint32_t ahead = 0, std::uint32_t* past = nullptr) const;
  // A value can begin there.
  bool operandStarts(std::uint32_t ahead = 0) const;
  bool capital(const Lexeme& lexeme) const;
  // Where the bracket there is closed; 0 when it is not.
  std::uint32_t closing(std::uint32_t open) const;

  // The source text of a lexeme or span.
  std::string_view textOf(const Lexeme& lexeme) const {
    return std::string_view(source_.text).substr(lexeme.begin, lexeme.end - lexeme.begin);
  }
  std::string written(const Span& span) const;
  // The same in back quotes, on one line, cut when long: for messages.
  std::string shown(const Span& span) const;
  // What a text, template part, quoted word or duration stands for; the doc comment of a lexeme.
  const std::string& decoded(const Lexeme& lexeme) const { return lexemes_.texts[lexeme.value]; }
  Span64 durationOf(const Lexeme& lexeme) const { return lexemes_.durations[lexeme.value]; }
  const std::string& docOf(const Lexeme& lexeme) const { return lexemes_.texts[lexeme.doc]; }

  Span span(std::uint32_t begin, std::uint32_t end) const { return {file_, begin, end}; }
  Span spanOf(const Lexeme& lexeme) const { return {file_, lexeme.begin, lexeme.end}; }
  // From there to the end of the lexeme taken last.
  Span spanFrom(std::uint32_t begin) const {
    return {file_, begin, std::max(begin, previous().end)};
  }
  std::uint32_t lineStartOf(const Lexeme& lexeme) const;
  std::uint32_t file() const { return file_; }

 private:
  const Source& source_;
  std::uint32_t file_;
  Lexemes lexemes_;
  std::uint32_t next_ = 0;
};

}  // namespace reticle
