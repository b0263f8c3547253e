// What every part of the grammar has at hand: the lexemes, the complaints and the blocks of the
// file that is read, under short names.
//
// While the parser keeps still after a mistake, `takeIf`, `takeWord` and `fail` do nothing, and
// every function of the grammar returns at once: so a rule of the grammar is written down as if
// nothing could go wrong.
//
// Every function of the grammar reads at least the lexeme it was called for, or recovers.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "syntax/blocks.h"
#include "syntax/complaints.h"
#include "syntax/lexeme_reader.h"
#include "syntax/tree.h"

namespace reticle {

// One file being read.
struct Reading {
  Reading(const Source& source, std::uint32_t file, std::vector<Diagnostic>& diagnostics,
          Dialect dialect)
      : complaints(lexemes, diagnostics),
        lexemes(source, file, lex(source.text, file, diagnostics, dialect),
                dialect == Dialect::Cel),
        blocks(lexemes, complaints),
        cel(dialect == Dialect::Cel) {}
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  // ORDER: before the lexemes, so that what the lexer reports counts as reported by the parser.
  Complaints complaints;
  LexemeReader lexemes;
  Blocks blocks;
  const bool cel;  // plain CEL
};

class Grammar {
 protected:
  using enum LexemeKind;
  using Words = LexemeReader::Words;
  static constexpr int kMaxNesting = Blocks::kMaxNesting;

  explicit Grammar(Reading& reading) : reading_(reading) {}

  // Lexemes
  // The lexeme that comes next, or one behind it; past the end it is End.
  const Lexeme& at(std::uint32_t ahead = 0) const { return lexemes().at(ahead); }
  const Lexeme& previous() const { return lexemes().previous(); }
  bool is(LexemeKind kind, std::uint32_t ahead = 0) const { return lexemes().is(kind, ahead); }
  bool isWord(std::string_view word, std::uint32_t ahead = 0) const {
    return lexemes().isWord(word, ahead);
  }
  bool isAnyWord(Words words, std::uint32_t ahead = 0) const {
    return lexemes().isAnyWord(words, ahead);
  }
  bool isRange(std::uint32_t ahead = 0) const { return is(Range, ahead) || is(RangeOpen, ahead); }
  // Unlike the two below, takes whatever stands here, also while recovering.
  const Lexeme& take() { return lexemes().take(); }
  bool takeIf(LexemeKind kind) { return !recovering() && lexemes().takeIf(kind); }
  bool takeWord(std::string_view word) { return !recovering() && lexemes().takeWord(word); }
  // A name with a capital, qualified or not; `past` gets how many lexemes it takes.
  bool typeStarts(std::uint32_t ahead = 0, std::uint32_t* past = nullptr) const {
    return lexemes().typeStarts(ahead, past);
  }
  bool operandStarts(std::uint32_t ahead = 0) const { return lexemes().operandStarts(ahead); }
  bool declarationStarts() const { return reticle::declarationStarts(lexemes()); }
  bool itemStarts(Inside inside) const { return reticle::itemStarts(lexemes(), inside); }

  // Texts and places
  std::string_view textOf(const Lexeme& lexeme) const { return lexemes().textOf(lexeme); }
  std::string shown(const Lexeme& lexeme) const { return lexemes().shown(spanOf(lexeme)); }
  std::string shown(const Span& span) const { return lexemes().shown(span); }
  std::string written(const Span& span) const { return lexemes().written(span); }
  Span span(std::uint32_t begin, std::uint32_t end) const { return lexemes().span(begin, end); }
  Span spanOf(const Lexeme& lexeme) const { return lexemes().spanOf(lexeme); }
  // From there to the end of the lexeme taken last.
  Span spanFrom(std::uint32_t begin) const { return lexemes().spanFrom(begin); }
  Span afterLast() const { return span(previous().end, previous().end); }
  Span before(const Lexeme& lexeme) const { return span(lexeme.begin, lexeme.begin); }
  tree::Name nameOf(const Lexeme& lexeme) const {
    return {std::string(textOf(lexeme)), spanOf(lexeme)};
  }

  // Mistakes
  // `complain` goes on reading; `fail` begins recovery.
  Complaint complain(std::string code, Span span, std::string message) {
    return reading_.complaints.complain(std::move(code), span, std::move(message));
  }
  Complaint fail(std::string code, Span span, std::string message) {
    return reading_.complaints.fail(std::move(code), span, std::move(message));
  }
  bool recovering() const { return reading_.complaints.recovering(); }

  LexemeReader& lexemes() const { return reading_.lexemes; }
  Complaints& complaints() const { return reading_.complaints; }
  Blocks& blocks() const { return reading_.blocks; }
  Inside inside() const { return reading_.blocks.inside(); }
  Reading& reading() const { return reading_; }

 private:
  Reading& reading_;
};

}  // namespace reticle
