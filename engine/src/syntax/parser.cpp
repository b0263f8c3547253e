// The codes of this stage, and when each is said:
//
//   RL0001  a character that no rule text has: control characters, `$x`, `@x`, letters of other
//           alphabets in names, bytes that are not UTF-8
//   RL0002  a text or template that is never closed
//   RL0003  an escape that texts do not know, or one that is cut short
//   RL0004  `=` where values are compared
//   RL0005  an operator of another language: `and`, `not x`, `===`, `<>`, `&`, `≠`, `x is null`, `a
//           contains b`, `1 < x < 9`
//   RL0006  a number that is none, or does not fit
//   RL0007  a duration that is none, or one that lacks its unit
//   RL0008  comments and quotes of other languages: `#`, `/* */`, “ ”
//   RL0009  a block or bracket that is never closed
//   RL0010  a closing bracket that closes nothing
//   RL0011  a block without `{`, or a clause without its block
//   RL0012  a rule without `then`, a test without sections: a part is missing
//   RL0013  parts in the wrong order: `when` behind `then`, `import` behind a declaration
//   RL0014  a clause or attribute that stands twice
//   RL0015  a word where a declaration or clause begins that is none, often misspelt
//   RL0016  an attribute that rules, flows, tables or fields do not have
//   RL0017  what stands among the conditions is none
//   RL0018  what stands among the actions, steps, doings or expectations is none
//   RL0019  a declaration, binding or parameter without a name
//   RL0020  a field or parameter without `:` or without a type
//   RL0021  a type with a small first letter, a binding or function with a capital one
//   RL0022  `,` and `;` confused, missing or too many
//   RL0023  a value is missing, or cannot be read
//   RL0024  nested too deep, or too long
//   RL0025  a template whose hole is empty, never closed or holds too much
//   RL0026  a step of flows in a rule, an action of tests elsewhere
//   RL0027  a macro (has, all, exists, exists_one, map, filter) written in another shape than its
//           own
//   RL0028  an unsigned number
//   RL0029  a range that does not stand behind `in`
//   RL0030  a type that is written in another way here: `string[]`, `boolean`, `list` alone
//   RL0031  arguments and members given in another way: by position, with `=`, in the wrong
//           brackets
//   RL0032  a table row or its parts
//   RL0033  an action, condition or clause that lacks a part: `set x` without `= …`
//   RL0034  a `?` of optionals where none can stand; in plain CEL: an extension of the rule
//           language
//   RL0099  too many mistakes: the rest is not shown
//   RL1010  a reserved word as a name
#include "syntax/parser.h"

#include <algorithm>

#include "syntax/text_parser.h"

namespace reticle {
namespace {

constexpr std::size_t kMaxShown = 100;
constexpr std::size_t kMaxQuoted = 48;

// In the order of the text, and not more than a person reads.
void arrange(std::vector<Diagnostic>& diagnostics, std::size_t first) {
  const auto begin = diagnostics.begin() + static_cast<std::ptrdiff_t>(first);
  std::stable_sort(begin, diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.span.begin < b.span.begin;
  });
  if (diagnostics.size() - first <= kMaxShown) return;
  Diagnostic last;
  last.code = "RL0099";
  last.message = "more than " + std::to_string(kMaxShown) + " mistakes: the others are not shown";
  last.span = diagnostics[first + kMaxShown].span;
  diagnostics.resize(first + kMaxShown);
  diagnostics.push_back(std::move(last));
}

}  // namespace

TextParser::TextParser(const Source& source, std::uint32_t file,
                       std::vector<Diagnostic>& diagnostics, Dialect dialect)
    : source_(source),
      file_(file),
      diagnostics_(diagnostics),
      firstDiagnostic_(diagnostics.size()),
      lexemes_(lex(source.text, file, diagnostics, dialect)),
      cel_(dialect == Dialect::Cel) {
  if (!cel_) return;
  // Nothing can follow the one expression, so that line breaks are no hint at the next item.
  for (Lexeme& lexeme : lexemes_.items) lexeme.lineFirst = false;
}

const Lexeme& TextParser::take() {
  const Lexeme& lexeme = lexemes_.items[next_];
  if (lexeme.kind != End) ++next_;
  return lexeme;
}

bool TextParser::isAnyWord(Words words, std::uint32_t ahead) const {
  if (!is(Word, ahead)) return false;
  const std::string_view text = textOf(at(ahead));
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string TextParser::written(const Span& span) const {
  return source_.text.substr(span.begin, span.end - span.begin);
}

std::string TextParser::shown(const Span& span) const {
  if (span.begin >= source_.text.size()) return "the end of the file";
  std::string text = written(span);
  const std::size_t line = text.find_first_of("\r\n");
  bool cut = line != std::string::npos;
  if (cut) text.resize(line);
  if (text.size() > kMaxQuoted) {
    std::size_t end = kMaxQuoted;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
    cut = true;
  }
  return "`" + text + (cut ? "…`" : "`");
}

bool TextParser::capital(const Lexeme& lexeme) const {
  const std::string_view text = textOf(lexeme);
  return !text.empty() && text[0] >= 'A' && text[0] <= 'Z';
}

bool TextParser::typeStarts(std::uint32_t ahead, std::uint32_t* past) const {
  if (!is(Word, ahead) || at(ahead).reserved) return false;
  std::uint32_t last = ahead;
  while (is(Dot, last + 1) && is(Word, last + 2) && last < ahead + 32) last += 2;
  if (past != nullptr) *past = last - ahead + 1;
  return capital(at(last));
}

bool TextParser::operandStarts(std::uint32_t ahead) const {
  switch (at(ahead).kind) {
    case Word:
    case QuotedWord:
    case Int:
    case Double:
    case Duration:
    case String:
    case Bytes:
    case TemplateText:
    case TemplateHead:
    case ParenOpen:
    case BracketOpen:
    case BraceOpen:
    case Not:
    case Minus:
    case Dot: return true;
    default: return false;
  }
}

std::uint32_t TextParser::lineStartOf(const Lexeme& lexeme) const {
  const std::size_t line =
      lexeme.begin == 0 ? std::string::npos : source_.text.rfind('\n', lexeme.begin - 1);
  return line == std::string::npos ? 0 : static_cast<std::uint32_t>(line) + 1;
}

tree::Module TextParser::module() {
  tree::Module module;
  module.file = file_;
  header(module);
  while (!is(End)) {
    const std::uint32_t began = next_;
    suspect_.reset();
    tree::Declaration declaration;
    if (this->declaration(declaration)) module.declarations.push_back(std::move(declaration));
    if (recovering_) {
      const Lexeme& first = lexemes_.items[began];
      skipToItem(Inside::Module, first.lineFirst ? &first : nullptr);
      // A `}` here ends what could not be read.
      while (is(BraceClose) && recovering_) {
        take();
        skipToItem(Inside::Module);
      }
      recovering_ = false;
    }
    while (takeIf(Semicolon)) {}
    if (next_ == began && !is(End)) take();
  }
  arrange(diagnostics_, firstDiagnostic_);
  return module;
}

// Whether the text ends here, as it should behind a part that stands alone.
bool TextParser::ends(std::string_view what) {
  const bool quiet = what != "expression" && diagnostics_.size() > firstDiagnostic_;
  if (!recovering_ && !quiet && !is(End)) {
    complain("RL0023", spanOf(at()),
             shown(at()) + " does not belong to the " + std::string(what) + " before it");
  }
  const bool sound = !recovering_ && diagnostics_.size() == firstDiagnostic_;
  arrange(diagnostics_, firstDiagnostic_);
  return sound;
}

Expr TextParser::whole(Expr expression) {
  if (!recovering_ && (is(Range) || is(RangeOpen))) {
    complain("RL0029", spanOf(at()), "a range stands only to the right of `in`")
        .help("write `x in a..b`, or compare twice: `x >= a && x <= b`");
    recovering_ = true;
  }
  return ends("expression") ? std::move(expression) : poison(0);
}

Expr TextParser::wholeExpression() { return whole(expression()); }
Expr TextParser::wholeCondition(const std::string& binding) {
  return whole(conditionExpression(binding));
}

std::optional<tree::TypeUse> TextParser::wholeType() {
  tree::TypeUse result = type();
  if (!ends("type")) return std::nullopt;
  return result;
}

std::optional<Span64> TextParser::wholeDuration() {
  const std::optional<tree::Duration> result = duration("the duration");
  if (!ends("duration") || !result) return std::nullopt;
  return result->value;
}

std::vector<tree::Cell> TextParser::wholeCell() {
  std::vector<tree::Cell> tests;
  inRow_ = true;
  do tests.push_back(cell());
  while (!recovering_ && takeIf(Comma));
  if (!ends("cell")) tests.clear();
  return tests;
}

tree::Module parseModule(const Source& source, std::uint32_t file,
                         std::vector<Diagnostic>& diagnostics) {
  return TextParser(source, file, diagnostics).module();
}

Expr parseExpression(const Source& source, std::uint32_t file, std::vector<Diagnostic>& diagnostics,
                     Dialect dialect) {
  const std::size_t before = diagnostics.size();
  Expr result = TextParser(source, file, diagnostics, dialect).wholeExpression();
  if (diagnostics.size() > before) {
    Expr poison;
    poison.span = {file, 0, static_cast<std::uint32_t>(source.text.size())};
    return poison;
  }
  return result;
}

Expr parseCondition(const Source& source, const ConditionOf& of,
                    std::vector<Diagnostic>& diagnostics) {
  return TextParser(source, 0, diagnostics).wholeCondition(of.binding);
}

std::optional<tree::TypeUse> parseType(const Source& source, std::vector<Diagnostic>& diagnostics) {
  return TextParser(source, 0, diagnostics).wholeType();
}

std::optional<Span64> parseDuration(const Source& source, std::vector<Diagnostic>& diagnostics) {
  return TextParser(source, 0, diagnostics).wholeDuration();
}

std::vector<tree::Cell> parseCell(const Source& source, std::vector<Diagnostic>& diagnostics) {
  return TextParser(source, 0, diagnostics).wholeCell();
}

}  // namespace reticle
