// Cuts a text into lexemes; says what is wrong inside one, and leaves out what is none.
#include "syntax/lexer.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/chars.h"
#include "base/utf8.h"
#include "syntax/escapes.h"
#include "syntax/numbers.h"

namespace reticle {
namespace {

// Past so many mistakes in one file they are counted only.
constexpr std::size_t kMaxReportsOfFile = 1000;

// Not <cctype>, which depends on the locale.
bool isWordStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool isWord(char c) { return isWordStart(c) || isDigit(c); }

// What word processors and other alphabets put in the place of our signs.
struct LookAlike {
  char32_t point;
  std::string_view meant;
  LexemeKind kind;
};
constexpr std::array<LookAlike, 11> kLookAlikes{{
    {U'≠', "!=", LexemeKind::NotEqual},
    {U'≤', "<=", LexemeKind::LessEqual},
    {U'≥', ">=", LexemeKind::GreaterEqual},
    {U'→', "->", LexemeKind::Arrow},
    {U'⇒', "=>", LexemeKind::FatArrow},
    {U'−', "-", LexemeKind::Minus},
    {U'–', "-", LexemeKind::Minus},
    {U'×', "*", LexemeKind::Star},
    {U'÷', "/", LexemeKind::Slash},
    {U'∧', "&&", LexemeKind::And},
    {U'∨', "||", LexemeKind::Or},
}};

// The end of a pair of typographic quotes; 0 when the point opens none.
char32_t closingQuote(char32_t point) {
  switch (point) {
    case U'“':
    case U'”':
    case U'„': return U'”';
    case U'‘':
    case U'’':
    case U'‚': return U'’';
    case U'«': return U'»';
    default: return 0;
  }
}

class Lexer {
 public:
  Lexer(std::string_view text, std::uint32_t file, std::vector<Diagnostic>& diagnostics,
        Dialect dialect)
      : text_(text), file_(file), diagnostics_(diagnostics), cel_(dialect == Dialect::Cel) {}

  Lexemes run() {
    // A byte order mark at the very beginning is allowed; further on it is an invisible character.
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    lineStart_ = at_;
    measureIndent();
    while (true) {
      skipSpace();
      if (at_ >= size()) break;
      readOne();
      lineFirst_ = false;
    }
    // The text ended inside a hole.
    if (!templates_.empty()) {
      const Template& open = templates_.back();
      report("RL0002", open.start, open.start + 2, "this template is never closed").label =
          "the file ends inside it";
      out_.cutShort = true;
      while (!templates_.empty()) closeTemplate(size());
    }
    push(LexemeKind::End, size(), size());
    // Last, over the whole list, so that no branch above needs to know the dialect.
    if (cel_) refuseExtensions();
    reportLeft();
    return std::move(out_);
  }

 private:
  // A template whose hole is being read.
  struct Template {
    std::uint32_t start, hole;
    char quote;
    bool triple;
    int braces;
  };

  std::uint32_t size() const { return static_cast<std::uint32_t>(text_.size()); }
  char peek(std::uint32_t ahead = 0) const {
    return at_ + ahead < size() ? text_[at_ + ahead] : '\0';
  }
  bool has(std::string_view sign) const { return text_.substr(at_, sign.size()) == sign; }

  // The reference holds until the next report: labels and fixes are added at once.
  Diagnostic& report(std::string code, std::uint32_t begin, std::uint32_t end,
                     std::string message) {
    if (isFull()) {
      ++left_;
      leftAt_ = {file_, begin, end};
      return scratch_ = {};
    }
    Diagnostic& d = diagnostics_.emplace_back();
    d.code = std::move(code);
    d.message = std::move(message);
    d.span = {file_, begin, end};
    return d;
  }
  bool isFull() const { return diagnostics_.size() - first_ >= kMaxReportsOfFile; }
  // How many mistakes were only counted.
  void reportLeft() {
    if (left_ == 0) return;
    Diagnostic& d = diagnostics_.emplace_back();
    d.code = "RL0099";
    d.message = "and " + std::to_string(left_) + " more in this file";
    d.span = leftAt_;
    d.more = left_;
  }
  void fix(Diagnostic& d, std::string title, std::uint32_t begin, std::uint32_t end,
           std::string text) {
    d.fixes.push_back({std::move(title), {{{file_, begin, end}, std::move(text)}}});
  }

  void refuseExtensions() {
    for (Lexeme& lexeme : out_.items) {
      using enum LexemeKind;
      const bool isTemplate = lexeme.kind == TemplateText || lexeme.kind == TemplateHead;
      const bool extension = isTemplate || lexeme.kind == Duration || lexeme.kind == Coalesce ||
                             lexeme.kind == Range || lexeme.kind == RangeOpen;
      if (!extension || lexeme.bad) continue;
      lexeme.bad = true;
      report("RL0034", lexeme.begin, lexeme.end,
             "this is an extension of the rule language, and no plain CEL");
    }
  }

  // The reference holds until the next `push`. Documentation belongs to the lexeme that follows
  // it, so it is handed over here and only once.
  Lexeme& push(LexemeKind kind, std::uint32_t begin, std::uint32_t end) {
    Lexeme& lexeme = out_.items.emplace_back();
    lexeme.kind = kind;
    lexeme.begin = begin;
    lexeme.end = end;
    lexeme.line = line_;
    lexeme.lineIndent = indent_;
    lexeme.lineFirst = lineFirst_;
    lexeme.doc = doc_;
    doc_ = 0;
    return lexeme;
  }
  // Keeps a decoded text beside the lexemes, which stay small, and returns its index.
  std::uint32_t keep(std::string text) {
    out_.texts.push_back(std::move(text));
    return static_cast<std::uint32_t>(out_.texts.size() - 1);
  }

  void measureIndent() {
    indent_ = 0;
    for (std::uint32_t i = at_; i < size() && (text_[i] == ' ' || text_[i] == '\t'); ++i) {
      // Compared only with other lines of the same file, to guess where a block was meant to end.
      indent_ += text_[i] == '\t' ? 4 : 1;
    }
  }
  void newLine() {
    ++at_;
    ++line_;
    lineStart_ = at_;
    lineFirst_ = true;
    measureIndent();
  }
  std::uint32_t lineEnd() const {
    const std::size_t end = text_.find('\n', at_);
    std::uint32_t result = end == std::string_view::npos ? size() : static_cast<std::uint32_t>(end);
    if (result > at_ && text_[result - 1] == '\r') --result;
    return result;
  }
  // Counts the lines of what was read as one lexeme.
  void passLines(std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t i = begin; i < end; ++i) {
      if (text_[i] != '\n') continue;
      ++line_;
      lineStart_ = i + 1;
    }
  }

  void skipSpace() {
    while (at_ < size()) {
      const char c = peek();
      if (c == '\n') {
        // Only a triple-quoted template goes over lines, and so do its holes.
        if (!templates_.empty() && !templates_.back().triple) reportOpenHole();
        newLine();
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v') {
        ++at_;
      } else if (has("//")) {
        readComment();
      } else if (has("/*")) {
        skipBlockComment();
      } else if (c == '#') {
        Diagnostic& d = report("RL0008", at_, at_ + 1, "a comment begins with `//`");
        fix(d, "write `//`", at_, at_ + 1, "//");
        at_ = lineEnd();
      } else if (has("\xC2\xA0") || has("\xE2\x80\x8B") || has("\xEF\xBB\xBF")) {
        const std::uint32_t length = has("\xC2\xA0") ? 2 : 3;
        Diagnostic& d = report("RL0001", at_, at_ + length,
                               "an invisible character stands here, probably pasted from a web "
                               "page or a word processor");
        fix(d, "put a plain space here", at_, at_ + length, " ");
        at_ += length;
      } else {
        return;
      }
    }
  }

  void readComment() {
    const std::uint32_t end = lineEnd();
    std::string_view comment = text_.substr(at_, end - at_);
    out_.comments.push_back({at_, end, lineFirst_});
    while (!comment.empty() && (comment.back() == ' ' || comment.back() == '\t')) {
      comment.remove_suffix(1);
    }
    // Three slashes document what follows; four or more are a ruler drawn by somebody.
    if (comment.substr(0, 3) == "///" && comment.substr(0, 4) != "////") {
      comment.remove_prefix(3);
      if (!comment.empty() && comment.front() == ' ') comment.remove_prefix(1);
      // Index 0 is the empty text that Lexemes begins with, and so means "none".
      if (doc_ == 0) {
        doc_ = keep(std::string(comment));
      } else {
        out_.texts[doc_] += '\n';
        out_.texts[doc_] += comment;
      }
    }
    at_ = end;
  }
  void skipBlockComment() {
    Diagnostic& d =
        report("RL0008", at_, at_ + 2,
               "comments run from `//` to the end of the line; there are no block comments");
    d.help.push_back("begin each line of the comment with `//`");
    // Unclosed, it ends with its line: the rest of the file is more likely rules than comment.
    const std::size_t end = text_.find("*/", at_ + 2);
    const std::uint32_t to =
        end == std::string_view::npos ? lineEnd() : static_cast<std::uint32_t>(end) + 2;
    passLines(at_, to);
    at_ = to;
  }

  // The order matters: `r"…"` before words, digits before the point, the `}` of a hole before
  // signs.
  void readOne() {
    const char c = peek();
    if (const std::optional<std::uint32_t> quote = quoteAfterPrefix()) return readString(*quote);
    if (isWordStart(c)) return readWord();
    if (isDigit(c) || (c == '.' && isDigit(peek(1)))) return readNumber();
    if (c == '`') return readQuotedWord();
    if (static_cast<unsigned char>(c) >= 0x80) return readForeign();
    if (c == '}' && !templates_.empty() && templates_.back().braces == 0) return readTemplatePart();
    if (!templates_.empty() && (c == '{' || c == '}')) {
      // Braces inside a hole, as those of a map, must not end it.
      templates_.back().braces += c == '{' ? 1 : -1;
    }
    readSign();
  }

  void readWord() {
    const std::uint32_t begin = at_;
    bool foreign = false;
    while (at_ < size()) {
      if (isWord(peek())) {
        ++at_;
        continue;
      }
      if (static_cast<unsigned char>(peek()) < 0x80) break;
      const CodePoint step = decodeUtf8(text_, at_);
      // A letter of another alphabet: keep the word whole. Signs and quotes end it.
      const bool letter = step.valid && step.code > 0xBF &&
                          !(step.code >= 0x2000 && step.code < 0x3000) && step.code != 0xD7 &&
                          step.code != 0xF7 && step.code != 0xFEFF;
      if (!letter) break;
      foreign = true;
      at_ += step.size;
    }
    Lexeme& word = push(LexemeKind::Word, begin, at_);
    word.reserved = isReservedWord(text_.substr(begin, at_ - begin));
    if (foreign) {
      Diagnostic& d =
          report("RL0001", begin, at_, "names are written with the letters a to z, digits and `_`");
      d.help.push_back("any letters may stand in texts between quotes");
    }
  }

  // A byte above 0x7F that no word has begun: broken UTF-8, a typographic quote, a look-alike of a
  // sign, a word of another alphabet, or something without meaning.
  void readForeign() {
    const CodePoint step = decodeUtf8(text_, at_);
    if (!step.valid) {
      const std::uint32_t begin = at_;
      // All broken bytes in one report.
      while (at_ < size() && static_cast<unsigned char>(peek()) >= 0x80 &&
             !decodeUtf8(text_, at_).valid) {
        ++at_;
      }
      Diagnostic& d = report("RL0001", begin, at_, "these bytes are not UTF-8 text");
      d.help.push_back("save the file with the encoding UTF-8");
      return;
    }
    if (const char32_t closing = closingQuote(step.code)) {
      return readTypographic(step.size, closing);
    }
    for (const LookAlike& sign : kLookAlikes) {
      if (sign.point != step.code) continue;
      const std::uint32_t end = at_ + step.size;
      const std::string meant(sign.meant);
      Diagnostic& d = report("RL0005", at_, end, "this sign is written `" + meant + "` here");
      fix(d, "write `" + meant + "`", at_, end, meant);
      push(sign.kind, at_, end);
      at_ = end;
      return;
    }
    const std::size_t before = out_.items.size();
    const std::uint32_t begin = at_;
    readWord();
    if (at_ > begin) return;
    if (out_.items.size() > before) out_.items.pop_back();  // no letter at all: leave it out
    at_ += step.size;
    report("RL0001", begin, at_, "this character has no meaning outside of texts")
        .help.push_back("if it belongs to a text, put the text in double quotes");
  }

  // “text” as word processors write it: read as if it were "text".
  void readTypographic(std::uint32_t length, char32_t closing) {
    const std::uint32_t begin = at_, inside = at_ + length, limit = lineEnd();
    std::uint32_t at = inside, close = 0;
    while (at < limit && close == 0) {
      const CodePoint step = decodeUtf8(text_, at);
      if (step.code == closing || step.code == U'“' || step.code == U'"') {
        close = step.size;
      } else {
        at += step.size;
      }
    }
    if (close == 0) at = limit;
    const std::string content(text_.substr(inside, at - inside));
    const std::uint32_t end = at + close;
    Diagnostic& d = report("RL0008", begin, end,
                           "these quotes are typographic; texts stand between plain double quotes");
    d.label = "pasted from a word processor?";
    fix(d, "write `\"" + content + "\"`", begin, end, "\"" + content + "\"");
    push(LexemeKind::String, begin, end).value = keep(content);
    at_ = end;
  }

  // CEL's notation for members whose names are no identifiers: m.`content-type`.
  void readQuotedWord() {
    const std::uint32_t begin = at_;
    std::uint32_t end = at_ + 1;
    while (end < size() && (isWord(text_[end]) || text_[end] == '-' || text_[end] == '.' ||
                            text_[end] == '/' || text_[end] == ' ')) {
      ++end;
    }
    if (end < size() && text_[end] == '`' && end > begin + 1) {
      push(LexemeKind::QuotedWord, begin, end + 1).value =
          keep(std::string(text_.substr(begin + 1, end - begin - 1)));
      at_ = end + 1;
      return;
    }
    ++at_;
    Diagnostic& d =
        report("RL0001", begin, at_,
               "a back quote only encloses the name of a member, as in `` m.`content-type` ``");
    d.help.push_back("texts stand between double quotes");
  }

  void readNumber() {
    const Numeral numeral = readNumeral(text_, at_);
    const std::uint32_t begin = at_, end = at_ + numeral.length;
    const LexemeKind kind = numeral.kind == Numeral::Kind::Int      ? LexemeKind::Int
                            : numeral.kind == Numeral::Kind::Double ? LexemeKind::Double
                                                                    : LexemeKind::Duration;
    Lexeme& lexeme = push(kind, begin, end);
    if (kind == LexemeKind::Duration) {
      out_.durations.push_back(numeral.duration);
      lexeme.value = static_cast<std::uint32_t>(out_.durations.size() - 1);
    }
    at_ = end;
    // Plain CEL has unsigned numbers; only there `1u` is no mistake.
    if (numeral.code.empty() || (cel_ && numeral.code == "RL0028" && kind == LexemeKind::Int)) {
      return;
    }
    lexeme.bad = true;
    Diagnostic& d = report(numeral.code, begin, end, numeral.message);
    if (!numeral.replacement.empty()) {
      fix(d, "write `" + numeral.replacement + "`", begin, end, numeral.replacement);
    }
    if (!numeral.help.empty()) d.help.push_back(numeral.help);
  }

  // Reports a sign of another language and pushes what was meant, so that the parser never sees
  // it.
  void wrongSign(std::uint32_t length, LexemeKind kind, std::string message,
                 const std::string& meant) {
    Diagnostic& d = report("RL0005", at_, at_ + length, std::move(message));
    fix(d, "write `" + meant + "`", at_, at_ + length, meant);
    push(kind, at_, at_ + length);
    at_ += length;
  }

  void readSign() {
    using enum LexemeKind;
    // Signs of other languages first: each is read as what was meant.
    if (has("===")) return wrongSign(3, Equal, "equality is written `==`", "==");
    if (has("!==")) return wrongSign(3, NotEqual, "inequality is written `!=`", "!=");
    if (has("=<")) return wrongSign(2, LessEqual, "less or equal is written `<=`", "<=");
    if (has(":=")) return wrongSign(2, Assign, "a value is given with `=`", "=");
    if (has("::")) return wrongSign(2, Dot, "the parts of a name are joined by a dot", ".");
    // What a record copies, where a member would begin: `T{...x}`. The parser knows it by its
    // halves.
    const bool member = !out_.items.empty() &&
                        (out_.items.back().kind == BraceOpen || out_.items.back().kind == Comma);
    if (has("...") && member && !cel_) {
      push(Range, at_, at_ + 2);
      push(Dot, at_ + 2, at_ + 3);
      at_ += 3;
      return;
    }
    if (has("...")) {
      return wrongSign(3, Range, "a range is written `a..b`, or `a..<b` without its end", "..");
    }
    if (has("..=")) return wrongSign(3, Range, "`a..b` already includes its end", "..");
    // Directly after a value: the safe access of other languages, `x?.y`.
    if (!cel_ && has("?.") && isWordStart(peek(2)) && at_ > 0 &&
        (isWord(text_[at_ - 1]) || text_[at_ - 1] == ')' || text_[at_ - 1] == ']')) {
      Diagnostic& d = report("RL0005", at_, at_ + 2, "`?.` does not exist here");
      d.help.push_back(
          "guard the member with `x != null && x.member == …`, or give a default: `x.member ?? 0`");
      push(Dot, at_, at_ + 2);
      at_ += 2;
      return;
    }
    struct Spelling {
      std::string_view text;
      LexemeKind kind;
    };
    // ORDER: longer signs before their beginnings, `..<` before `..` before `.`.
    static constexpr std::array<Spelling, 33> kSigns{{
        {"..<", RangeOpen}, {"..", Range},      {"??", Coalesce},     {"==", Equal},
        {"!=", NotEqual},   {"<=", LessEqual},  {">=", GreaterEqual}, {"&&", And},
        {"||", Or},         {"->", Arrow},      {"=>", FatArrow},     {"(", ParenOpen},
        {")", ParenClose},  {"[", BracketOpen}, {"]", BracketClose},  {"{", BraceOpen},
        {"}", BraceClose},  {",", Comma},       {";", Semicolon},     {":", Colon},
        {".", Dot},         {"?", Question},    {"+", Plus},          {"-", Minus},
        {"*", Star},        {"/", Slash},       {"%", Percent},       {"!", Not},
        {"<", Less},        {">", Greater},     {"=", Assign},        {"|", Bar},
        {"&", Ampersand},
    }};
    for (const Spelling& sign : kSigns) {
      if (!has(sign.text)) continue;
      push(sign.kind, at_, at_ + static_cast<std::uint32_t>(sign.text.size()));
      at_ += static_cast<std::uint32_t>(sign.text.size());
      return;
    }
    readNoSign();
  }

  // Leaves the character out: the parser goes on with what follows it.
  void readNoSign() {
    const char c = peek();
    const std::uint32_t begin = at_++;
    if (c == '$' && isWordStart(peek())) {
      Diagnostic& d = report("RL0001", begin, at_, "names are written without `$`");
      return fix(d, "remove the `$`", begin, at_, "");
    }
    if (c == '@' && isWordStart(peek())) {
      Diagnostic& d = report("RL0001", begin, at_, "names are written without `@`");
      return fix(d, "remove the `@`", begin, at_, "");
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      while (at_ < size() && static_cast<unsigned char>(peek()) < 0x20 &&
             std::string_view("\n\r\t\f\v").find(peek()) == std::string_view::npos) {
        ++at_;
      }
      report("RL0001", begin, at_, "a control character stands here; a rule text has none");
      return;
    }
    Diagnostic& d =
        report("RL0001", begin, at_, std::string("`") + c + "` is not a sign of the language");
    if (c == '\\') d.help.push_back("a line goes on without any sign");
    if (c == '^') {
      d.help.push_back(
          "there are no powers and no bits: write `x * x`, or use the functions of `math`");
    }
  }

  // Texts

  // Where the quote stands when a string begins here, with or without a prefix.
  std::optional<std::uint32_t> quoteAfterPrefix() const {
    std::uint32_t at = at_;
    bool raw = false, bytes = false, hole = false;
    // `rb`, `Br` and the like in either order, as in CEL; `t` only alone.
    while (at < size() && at < at_ + 2) {
      const char c = text_[at];
      if ((c == 'r' || c == 'R') && !raw && !hole) {
        raw = true;
      } else if ((c == 'b' || c == 'B') && !bytes && !hole) {
        bytes = true;
      } else if (c == 't' && at == at_) {
        hole = true;
      } else {
        break;
      }
      ++at;
    }
    if (at < size() && (text_[at] == '"' || text_[at] == '\'')) return at;
    return std::nullopt;
  }

  bool closesAt(std::uint32_t at, char quote, bool triple) const {
    if (at >= size() || text_[at] != quote) return false;
    return !triple || (at + 2 < size() && text_[at + 1] == quote && text_[at + 2] == quote);
  }

  void readString(std::uint32_t quoteAt) {
    const std::uint32_t begin = at_;
    const char quote = text_[quoteAt];
    const bool triple = text_.substr(quoteAt, 3) == std::string(3, quote);
    const std::string_view prefix = text_.substr(begin, quoteAt - begin);
    if (prefix == "t") {
      templates_.push_back({begin, begin, quote, triple, 0});
      at_ = quoteAt + (triple ? 3 : 1);
      return readTemplateFrom(begin, true);
    }
    const bool raw = prefix.find_first_of("rR") != std::string_view::npos;
    const bool bytes = prefix.find_first_of("bB") != std::string_view::npos;
    const std::uint32_t inside = quoteAt + (triple ? 3 : 1);
    std::uint32_t at = inside;
    // A backslash takes the next character with it, whatever it is; in a raw text it means itself.
    while (at < size() && !closesAt(at, quote, triple) && (triple || text_[at] != '\n')) {
      at += text_[at] == '\\' && !raw ? 2 : 1;
    }
    // A backslash at the end of a line does not carry a string over it.
    if (!triple) {
      const std::size_t line = text_.find('\n', inside);
      if (line != std::string_view::npos && at > line) at = static_cast<std::uint32_t>(line);
    }
    // A backslash as the last character has stepped past the end.
    at = std::min(at, size());
    if (closesAt(at, quote, triple)) {
      const std::uint32_t end = at + (triple ? 3 : 1);
      push(bytes ? LexemeKind::Bytes : LexemeKind::String, begin, end);
      out_.items.back().value =
          decode(inside, at, {.raw = raw, .bytes = bytes}, out_.items.back().bad);
      passLines(begin, end);
      at_ = end;
      return;
    }
    // Inside a hole this quote was meant to end the template.
    if (!templates_.empty() && !templates_.back().triple && templates_.back().quote == quote &&
        prefix.empty()) {
      reportOpenHole();
      closeTemplate(std::min(quoteAt + 1, size()));
      at_ = quoteAt + 1;
      return;
    }
    const std::uint32_t end = triple ? size() : likelyEnd(inside);
    reportOpenText(begin, end, triple, bytes ? "these bytes are" : "this text is",
                   std::string(triple ? 3 : 1, quote));
    push(bytes ? LexemeKind::Bytes : LexemeKind::String, begin, end).value = keep("");
    passLines(begin, end);
    at_ = end;
  }

  void reportOpenText(std::uint32_t begin, std::uint32_t end, bool triple, const std::string& what,
                      const std::string& quote) {
    Diagnostic& d = report("RL0002", begin, triple ? begin + 3 : end, what + " never closed");
    if (triple) {
      d.label = "the rest of the file belongs to it";
      d.help.push_back("close it with `" + quote + "`");
      out_.cutShort = true;
    } else {
      fix(d, "add `" + quote + "` at its end", end, end, quote);
      d.notes.push_back(
          "a text ends on its line; one over several lines stands between triple quotes, `\"\"\"`");
    }
  }

  // Where an unclosed text on one line most likely ends: before the brackets that close what the
  // line opened, else at the line's end.
  std::uint32_t likelyEnd(std::uint32_t inside) const {
    std::uint32_t end = inside;
    while (end < size() && text_[end] != '\n') ++end;
    while (end > inside &&
           (text_[end - 1] == ' ' || text_[end - 1] == '\t' || text_[end - 1] == '\r')) {
      --end;
    }
    // How many brackets this line has left open in front of the text.
    int open = 0;
    for (auto it = out_.items.rbegin(); it != out_.items.rend() && it->begin >= lineStart_; ++it) {
      using enum LexemeKind;
      if (it->kind == ParenOpen || it->kind == BracketOpen || it->kind == BraceOpen) ++open;
      if (it->kind == ParenClose || it->kind == BracketClose || it->kind == BraceClose) --open;
    }
    std::uint32_t at = end;
    // From the end of the line backwards: what closes those brackets cannot belong to the text.
    while (at > inside && (open > 0 || text_[at - 1] == ' ' || text_[at - 1] == ',')) {
      const char c = text_[at - 1];
      if (c == ')' || c == ']' || c == '}') {
        --open;
        end = --at;
      } else if (c == ' ' || (c == ',' && at == end)) {
        --at;
      } else {
        break;
      }
    }
    while (end > inside && text_[end - 1] == ' ') --end;
    return end;
  }

  // Continues the template on top of the stack after the `}` of a hole.
  void readTemplatePart() {
    const std::uint32_t begin = at_++;
    readTemplateFrom(begin, false);
  }

  void readTemplateFrom(std::uint32_t begin, bool first) {
    Template& open = templates_.back();
    const std::uint32_t inside = at_;
    std::uint32_t at = at_;
    while (at < size() && (open.triple || text_[at] != '\n')) {
      const char c = text_[at];
      if (c == '\\' && at + 1 < size() && text_[at + 1] != '\n') {
        at += 2;
        continue;
      }
      if (closesAt(at, open.quote, open.triple)) {
        const std::uint32_t end = at + (open.triple ? 3 : 1);
        finishPart(first ? LexemeKind::TemplateText : LexemeKind::TemplateTail, begin, inside, at,
                   end);
        templates_.pop_back();
        return;
      }
      if (c == '{') {
        if (at + 1 < size() && text_[at + 1] == '{') {
          at += 2;
          continue;
        }
        open.hole = at;
        finishPart(first ? LexemeKind::TemplateHead : LexemeKind::TemplateMiddle, begin, inside, at,
                   at + 1);
        return;
      }
      if (c == '}') {
        if (at + 1 < size() && text_[at + 1] == '}') {
          at += 2;
          continue;
        }
        Diagnostic& d = report("RL0025", at, at + 1, "this `}` closes no hole of the template");
        fix(d, "write `}}` for the sign itself", at, at + 1, "}}");
      }
      ++at;
    }
    const bool triple = open.triple;
    const std::uint32_t start = open.start;
    const std::uint32_t end = triple ? size() : likelyEnd(inside);
    reportOpenText(start, end, triple, "this template is", std::string(triple ? 3 : 1, open.quote));
    finishPart(first ? LexemeKind::TemplateText : LexemeKind::TemplateTail, begin, inside,
               std::max(end, inside), std::max(end, inside));
    templates_.pop_back();
  }

  void finishPart(LexemeKind kind, std::uint32_t begin, std::uint32_t from, std::uint32_t to,
                  std::uint32_t end) {
    push(kind, begin, end);
    const std::size_t index = out_.items.size() - 1;
    bool bad = false;
    const std::uint32_t value = decode(from, to, {.holes = true}, bad);
    out_.items[index].value = value;
    passLines(begin, end);
    at_ = end;
  }

  // A hole that its line leaves open: the templates of this line end here.
  void reportOpenHole() {
    const Template& open = templates_.back();
    Diagnostic& d =
        report("RL0025", open.hole, open.hole + 1, "this `{` of the template is never closed");
    d.help.push_back("close the expression with `}`, or write `{{` for the sign itself");
    while (!templates_.empty() && !templates_.back().triple) {
      // The outermost of the line.
      if (templates_.size() == 1 || templates_[templates_.size() - 2].triple) {
        if (peek() != '\n') return;  // the caller closes it, with its quote
      }
      closeTemplate(at_);
    }
  }
  void closeTemplate(std::uint32_t end) {
    Lexeme& tail = push(LexemeKind::TemplateTail, at_ < end ? at_ : end, end);
    tail.bad = true;
    tail.lineFirst = false;
    templates_.pop_back();
  }

  // Decodes what stands between two places and keeps it.
  std::uint32_t decode(std::uint32_t from, std::uint32_t to, const TextForm& form, bool& bad) {
    const std::size_t before = diagnostics_.size();
    std::string text = decodeText(text_, from, to, form, file_, isFull() ? spare_ : diagnostics_);
    bad = bad || diagnostics_.size() > before || !spare_.empty();
    if (!spare_.empty()) leftAt_ = spare_.back().span;
    left_ += spare_.size();
    spare_.clear();
    return keep(std::move(text));
  }

  std::string_view text_;
  std::uint32_t file_;
  std::vector<Diagnostic>& diagnostics_;
  const std::size_t first_ = diagnostics_.size();  // of the mistakes of this file
  std::size_t left_ = 0;                           // mistakes that are only counted
  Span leftAt_;                                    // the last of them
  bool cel_;
  Diagnostic scratch_;
  std::vector<Diagnostic> spare_;
  Lexemes out_;
  std::vector<Template> templates_;
  std::uint32_t at_ = 0, line_ = 1, lineStart_ = 0, indent_ = 0, doc_ = 0;
  bool lineFirst_ = true;
};

}  // namespace

bool isReservedWord(std::string_view word) {
  // Sorted, for the binary search. The reserved words of CEL's grammar.
  static constexpr std::array<std::string_view, 20> kWords{
      "as", "break", "const", "continue",  "else", "false",   "for",    "function", "if",  "import",
      "in", "let",   "loop",  "namespace", "null", "package", "return", "true",     "var", "void"};
  return word == "while" || std::binary_search(kWords.begin(), kWords.end(), word);
}

Lexemes lex(std::string_view text, std::uint32_t file, std::vector<Diagnostic>& diagnostics,
            Dialect dialect) {
  return Lexer(text, file, diagnostics, dialect).run();
}

}  // namespace reticle
