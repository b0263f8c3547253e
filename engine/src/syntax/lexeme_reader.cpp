// Reading lexemes one after the other, and looking ahead and back from there.
#include "syntax/lexeme_reader.h"

namespace reticle {
namespace {

using enum LexemeKind;

// Longer quotations are cut: a message stays on a line or two.
constexpr std::size_t kMaxQuoted = 48;

}  // namespace

LexemeReader::LexemeReader(const Source& source, std::uint32_t file, Lexemes lexemes, bool plainCel)
    : source_(source), file_(file), lexemes_(std::move(lexemes)) {
  if (!plainCel) return;
  for (Lexeme& lexeme : lexemes_.items) lexeme.lineFirst = false;
}

const Lexeme& LexemeReader::take() {
  const Lexeme& lexeme = lexemes_.items[next_];
  if (lexeme.kind != End) ++next_;
  return lexeme;
}

bool LexemeReader::isAnyWord(Words words, std::uint32_t ahead) const {
  if (!is(Word, ahead)) return false;
  const std::string_view text = textOf(at(ahead));
  return std::find(words.begin(), words.end(), text) != words.end();
}

void LexemeReader::splitGreaterEqual() {
  Lexeme& both = lexemes_.items[next_];
  both.kind = Assign;
  ++both.begin;
}

bool LexemeReader::typeStarts(std::uint32_t ahead, std::uint32_t* past) const {
  if (!is(Word, ahead) || at(ahead).reserved) return false;
  // No name has more than seventeen parts; the bound keeps looking ahead cheap.
  std::uint32_t last = ahead;
  while (is(Dot, last + 1) && is(Word, last + 2) && last < ahead + 32) last += 2;
  if (past != nullptr) *past = last - ahead + 1;
  return capital(at(last));
}

bool LexemeReader::operandStarts(std::uint32_t ahead) const {
  static constexpr LexemeKind kFirst[] = {
      Word,         QuotedWord, Int,         Double,    Duration, String, Bytes, TemplateText,
      TemplateHead, ParenOpen,  BracketOpen, BraceOpen, Not,      Minus,  Dot};
  return std::find(std::begin(kFirst), std::end(kFirst), at(ahead).kind) != std::end(kFirst);
}

bool LexemeReader::capital(const Lexeme& lexeme) const {
  const std::string_view text = textOf(lexeme);
  return !text.empty() && text[0] >= 'A' && text[0] <= 'Z';
}

std::uint32_t LexemeReader::closing(std::uint32_t open) const {
  int depth = 0;
  for (std::uint32_t i = open; i < lexemes_.items.size(); ++i) {
    const LexemeKind kind = lexemes_.items[i].kind;
    if (opensBracket(kind)) ++depth;
    if (closesBracket(kind) && --depth == 0) return i;
  }
  return 0;
}

std::string LexemeReader::written(const Span& span) const {
  return source_.text.substr(span.begin, span.end - span.begin);
}

std::string LexemeReader::shown(const Span& span) const {
  if (span.begin >= source_.text.size()) return "the end of the file";
  std::string text = written(span);
  const std::size_t line = text.find_first_of("\r\n");
  bool cut = line != std::string::npos;
  if (cut) text.resize(line);
  if (text.size() > kMaxQuoted) {
    // Not inside of a character of several bytes.
    std::size_t end = kMaxQuoted;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
    cut = true;
  }
  return "`" + text + (cut ? "…`" : "`");
}

std::uint32_t LexemeReader::lineStartOf(const Lexeme& lexeme) const {
  const std::size_t line =
      lexeme.begin == 0 ? std::string::npos : source_.text.rfind('\n', lexeme.begin - 1);
  return line == std::string::npos ? 0 : static_cast<std::uint32_t>(line) + 1;
}

}  // namespace reticle
