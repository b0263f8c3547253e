// Decodes the escapes of texts, bytes and templates, and says which are none.
#include "syntax/escapes.h"

#include <algorithm>

#include "base/chars.h"
#include "base/utf8.h"

namespace reticle {
namespace {

constexpr int kMaxReports = 10;  // in one text

class Decoder {
 public:
  Decoder(std::string_view source, std::uint32_t to, const TextForm& form, std::uint32_t file,
          std::vector<Diagnostic>& diagnostics)
      : text_(source), to_(to), form_(form), file_(file), diagnostics_(diagnostics) {}

  // Always returns a text: what cannot be decoded is reported and left out, or becomes U+FFFD.
  std::string decode(std::uint32_t from) {
    const std::uint32_t to = to_;
    bool damaged = false;
    std::string out;
    out.reserve(to - from);
    for (std::uint32_t at = from; at < to;) {
      const char c = text_[at];
      if (c == '\r') {  // a line break is one character, whatever the editor writes
        if (at + 1 < to && text_[at + 1] == '\n') {
          ++at;
          continue;
        }
      }
      if (c == '\\' && !form_.raw) {
        at = escape(at, out);
      } else if (form_.holes && (c == '{' || c == '}') && at + 1 < to && text_[at + 1] == c) {
        out += c;
        at += 2;
      } else {
        // Cut at `to`, so that a broken character does not take the quote with it.
        const CodePoint step = decodeUtf8(text_.substr(0, to), at);
        if (step.valid) {
          out += text_.substr(at, step.size);
        } else {
          appendUtf8(out, 0xFFFD);
          if (!damaged) {
            report("RL0001", at, at + 1, "this text is not UTF-8")
                .help.push_back("save the file with the encoding UTF-8");
          }
          damaged = true;
        }
        at += step.size;
      }
    }
    return out;
  }

 private:
  // Decodes one escape and returns where it ends.
  std::uint32_t escape(std::uint32_t at, std::string& out) {
    const char c = at + 1 < to_ ? text_[at + 1] : '\0';
    // ORDER: the letter in kPlain and its character in kMeaning stand at the same place.
    static constexpr std::string_view kPlain = "abfnrtv\\?\"'`", kMeaning = "\a\b\f\n\r\t\v\\?\"'`";
    if (const std::size_t i = kPlain.find(c); c != '\0' && i != std::string_view::npos) {
      out += kMeaning[i];
      return at + 2;
    }
    const Digits digits = digitsOf(c, at);
    char32_t point = 0;
    std::uint32_t read = 0;
    while (read < digits.count && digits.first + read < to_) {
      const char d = text_[digits.first + read];
      if (digits.base == 8 ? !(d >= '0' && d <= '7') : !isHex(d)) break;
      point =
          point * digits.base + static_cast<char32_t>(isDigit(d) ? d - '0' : (d | 0x20) - 'a' + 10);
      ++read;
    }
    if (digits.count == 0) {
      const std::uint32_t size = c == '\0' ? 0 : decodeUtf8(text_, at + 1).size;
      const std::uint32_t end = std::min(at + 1 + size, to_);
      unknown(c, at, end);
      return end;
    }
    const std::uint32_t end = digits.first + read;
    const bool character = point <= 0x10FFFF && !(point >= 0xD800 && point < 0xE000);
    if (read < digits.count) {
      cutShort(digits, at, end);
    } else if (form_.bytes) {
      out += static_cast<char>(point);
    } else if (character) {
      appendUtf8(out, point);
    } else {
      report("RL0003", at, end, "`" + written(at, end) + "` is not a character of Unicode")
          .notes.push_back("the last one is U+10FFFF, and U+D800 to U+DFFF are none");
    }
    return end;
  }

  // The digits that belong to an escape, by its letter; none when it is not one of numbers.
  struct Digits {
    std::uint32_t count = 0, base = 16, first = 0;
  };
  Digits digitsOf(char c, std::uint32_t at) const {
    if (c == 'x' || c == 'X') return {2, 16, at + 2};
    if (c == 'u' && !form_.bytes) return {4, 16, at + 2};
    if (c == 'U' && !form_.bytes) return {8, 16, at + 2};
    // Up to \377: the largest byte, as CEL has it.
    if (c >= '0' && c <= '3') return {3, 8, at + 1};
    return {};
  }

  void cutShort(const Digits& digits, std::uint32_t at, std::uint32_t end) {
    Diagnostic& d = report("RL0003", at, end, "`" + written(at, end) + "` is cut short");
    d.help.push_back(digits.base == 8    ? "three octal digits belong to it: `\\012`"
                     : digits.count == 2 ? "two hexadecimal digits belong to it: `\\x0A`"
                     : digits.count == 4 ? "four hexadecimal digits belong to it: `\\u000A`"
                                         : "eight hexadecimal digits belong to it: `\\U0001F600`");
  }

  void unknown(char c, std::uint32_t at, std::uint32_t end) {
    const std::string text = written(at, end);
    Diagnostic& d = report("RL0003", at, end, "`" + text + "` is no escape that a text knows");
    if (form_.holes && (c == '{' || c == '}')) {
      fix(d, "write `" + std::string(2, c) + "` for the sign itself", at, end, std::string(2, c));
    } else if (form_.bytes && (c == 'u' || c == 'U')) {
      d.message = "`" + text + "` stands for a character, and bytes have none";
      d.help.push_back("write the bytes themselves: `\\xC3\\xA9`");
    } else {
      fix(d, "write `\\" + text + "` for the backslash itself", at, at, "\\");
      d.help.push_back(
          "in a raw text, r\"…\", a backslash means only itself: good for regular expressions");
    }
  }

  std::string written(std::uint32_t begin, std::uint32_t end) const {
    return std::string(text_.substr(begin, end - begin));
  }

  // Past so many reports a text says nothing more: they go to scratch_.
  Diagnostic& report(std::string code, std::uint32_t begin, std::uint32_t end,
                     std::string message) {
    if (++reports_ > kMaxReports) return scratch_ = {};
    Diagnostic& d = diagnostics_.emplace_back();
    d.code = std::move(code);
    d.message = std::move(message);
    d.span = {file_, begin, end};
    return d;
  }
  void fix(Diagnostic& d, std::string title, std::uint32_t begin, std::uint32_t end,
           std::string text) {
    d.fixes.push_back({std::move(title), {{{file_, begin, end}, std::move(text)}}});
  }

  std::string_view text_;
  std::uint32_t to_;
  TextForm form_;
  std::uint32_t file_;
  std::vector<Diagnostic>& diagnostics_;
  Diagnostic scratch_;
  int reports_ = 0;
};

}  // namespace

std::string decodeText(std::string_view source, std::uint32_t from, std::uint32_t to,
                       const TextForm& form, std::uint32_t file,
                       std::vector<Diagnostic>& diagnostics) {
  return Decoder(source, to, form, file, diagnostics).decode(from);
}

}  // namespace reticle
