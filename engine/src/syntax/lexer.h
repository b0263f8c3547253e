// From text to lexemes: CEL's lexis, the four extensions, and doc comments.
//
// Invariants:
//   (1) The last lexeme is End; the spans rise and never overlap.
//   (2) Every template is well bracketed: a TemplateHead is followed, some lexemes later, by as
//       many TemplateMiddles as it has further
//       holes and one TemplateTail.
//   (3) Whatever is wrong inside one lexeme is reported here, once; such a lexeme is `bad`, and the
//       parser says nothing more about it.
//       What is no lexeme at all is reported and left out, so that the rest reads as if it were not
//       there.
//
// In plain CEL (Dialect::Cel) the extensions are mistakes (RL0034), and `1u` is an Int like any
// other.
//
// Line breaks mean nothing to the grammar. `lineFirst` and `lineIndent` are there for recovery: a
// mistake is best left at the next line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "expression/expr.h"
#include "reticle/diagnostic.h"
#include "reticle/ids.h"

namespace reticle {

enum class LexemeKind : std::uint8_t {
  End,
  Word,        // identifiers and keywords; `reserved` for the words of CEL that cannot be names
  QuotedWord,  // `content-type`, a member name between back quotes
  Int,
  Double,
  Duration,
  String,
  Bytes,
  TemplateText,    // t"no holes"
  TemplateHead,    // t"text{
  TemplateMiddle,  // }text{
  TemplateTail,    // }text"
  ParenOpen,
  ParenClose,
  BracketOpen,
  BracketClose,
  BraceOpen,
  BraceClose,
  Comma,
  Semicolon,
  Colon,
  Dot,
  Question,
  Coalesce,
  Range,
  RangeOpen,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  Not,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Equal,
  NotEqual,
  And,
  Or,
  Assign,
  Arrow,
  FatArrow,
  Bar,
  Ampersand,
};

// Whether it begins or ends something that nests: brackets of all kinds, and the holes of a
// template.
constexpr bool opens(LexemeKind kind) {
  return kind == LexemeKind::ParenOpen || kind == LexemeKind::BracketOpen ||
         kind == LexemeKind::BraceOpen || kind == LexemeKind::TemplateHead;
}
constexpr bool closes(LexemeKind kind) {
  return kind == LexemeKind::ParenClose || kind == LexemeKind::BracketClose ||
         kind == LexemeKind::BraceClose || kind == LexemeKind::TemplateTail;
}

// `(`, `[` or `{`; `)`, `]` or `}`.
constexpr bool opensBracket(LexemeKind kind) {
  using enum LexemeKind;
  return kind == ParenOpen || kind == BracketOpen || kind == BraceOpen;
}
constexpr bool closesBracket(LexemeKind kind) {
  using enum LexemeKind;
  return kind == ParenClose || kind == BracketClose || kind == BraceClose;
}

struct Lexeme {
  LexemeKind kind = LexemeKind::End;
  bool lineFirst = false;  // nothing but spaces before it on its line
  bool reserved = false;
  bool bad = false;
  std::uint32_t begin = 0, end = 0;
  std::uint32_t line = 1;
  std::uint32_t lineIndent = 0;  // columns of space at the start of its line
  // String, Bytes, Template…, QuotedWord: index into texts; Duration: into durations; Int, Double:
  // none
  std::uint32_t value = 0;
  std::uint32_t doc = 0;  // the doc comment before it: index into texts; 0 is the empty text
};

// A `//` or `///` comment, from its slashes to the end of its line.
struct Comment {
  std::uint32_t begin = 0, end = 0;
  bool lineFirst = false;  // nothing but spaces before it on its line
};

struct Lexemes {
  std::vector<Lexeme> items;
  std::vector<Comment> comments;       // in order; the grammar does not see them
  std::vector<std::string> texts{""};  // decoded
  std::vector<Span64> durations{0};
  // an open string or template swallowed the rest of the file
  bool cutShort = false;
};

// Requires: the text is shorter than 4 GiB.
Lexemes lex(std::string_view text, std::uint32_t file, std::vector<Diagnostic>& diagnostics,
            Dialect dialect = Dialect::Rules);

// CEL's reserved words, and `true false null in`.
bool isReservedWord(std::string_view word);

}  // namespace reticle
