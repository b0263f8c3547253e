// The layout keeps the tree and all comments, and a second time changes nothing.
#include <algorithm>

#include "form/dump.h"
#include "fuzz/targets.h"
#include "reticle/form.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"

namespace reticle::fuzz {
namespace {

// A space is put after `///`.
std::string shownAs(std::string_view comment) {
  const bool doc = comment.starts_with("///") && !comment.starts_with("////");
  if (!doc || comment.size() == 3 || comment[3] == ' ') return std::string(comment);
  return "/// " + std::string(comment.substr(3));
}

// What stands between the lexemes, but for white space and the mark of UTF-8 at the beginning: one
// comment a line.
std::vector<std::string> commentsOf(const std::string& text) {
  std::vector<Diagnostic> ignored;
  std::vector<std::string> comments;
  std::uint32_t from = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const auto isBlank = [](char c) { return c == ' ' || c == '\t' || c == '\f' || c == '\v'; };
  const auto keep = [&](std::string_view gap) {
    while (!gap.empty()) {
      const std::size_t line = std::min(gap.find_first_of("\r\n"), gap.size());
      std::string_view comment = gap.substr(0, line);
      while (!comment.empty() && isBlank(comment.front())) comment.remove_prefix(1);
      while (!comment.empty() && isBlank(comment.back())) comment.remove_suffix(1);
      if (!comment.empty()) comments.push_back(shownAs(comment));
      gap.remove_prefix(std::min(line + 1, gap.size()));
    }
  };
  for (const Lexeme& lexeme : lex(text, 0, ignored).items) {
    keep(std::string_view(text).substr(from, lexeme.begin - from));
    from = lexeme.end;
  }
  keep(std::string_view(text).substr(from));
  std::sort(comments.begin(), comments.end());
  return comments;
}

}  // namespace

std::string formatBroken(std::string_view input) {
  const Source source{"fuzz.rules", std::string(input)};
  std::vector<Diagnostic> mistakes;
  const tree::Module module = parseModule(source, 0, mistakes);
  const Converted formatted = format(source);
  if (formatted.ok() == hasErrors(mistakes)) {
    return formatted.ok() ? "formatted in spite of a mistake" : "not formatted, without a mistake";
  }
  if (!formatted.ok()) return formatted.text.empty() ? "" : "text in spite of a mistake";

  const Source written{"formatted.rules", formatted.text};
  std::vector<Diagnostic> diagnostics;
  const tree::Module again = parseModule(written, 0, diagnostics);
  if (!diagnostics.empty()) {
    return "formatted text cannot be read:\n" + render(diagnostics[0], {written}) + written.text;
  }
  if (dump(again) != dump(module)) return "formatting changes the tree:\n" + written.text;
  if (commentsOf(written.text) != commentsOf(source.text)) {
    return "formatting changes the comments:\n" + written.text;
  }
  const Converted twice = format(written);
  return twice.ok() && twice.text == written.text ? ""
                                                  : "formatting twice changes something:\n" +
                                                        written.text + "\n-- twice:\n" + twice.text;
}

}  // namespace reticle::fuzz
