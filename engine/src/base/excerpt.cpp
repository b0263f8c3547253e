// What an excerpt shows of a source, and where the marks stand under it.
#include "base/excerpt.h"

#include <algorithm>

#include "base/utf8.h"

namespace reticle {
namespace {

// Gaps of so many unmarked lines between marked ones are shown; longer ones become `...`.
constexpr std::uint32_t kShownGap = 2;
// What a tab is widened to.
constexpr std::string_view kTab = "    ";
// Of a loose line: how many columns are shown, and how far it is indented.
constexpr std::uint32_t kWindow = 100, kLoose = 2;

std::string_view lineText(std::string_view text, std::uint32_t begin) {
  std::size_t end = text.find('\n', begin);
  if (end == std::string_view::npos) end = text.size();
  if (end > begin && text[end - 1] == '\r') --end;
  return text.substr(begin, end - begin);
}

// Byte offsets at which the lines begin.
std::vector<std::uint32_t> lineStarts(std::string_view text) {
  std::vector<std::uint32_t> starts{0};
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts.push_back(i + 1);
  }
  return starts;
}

}  // namespace

// A source line as a terminal can show it: tabs widened, what is no text replaced.
struct Excerpt::ShownLine {
  std::string text;
  std::vector<std::uint32_t> columns;  // by byte of the original line, and one past its end
};

Excerpt::ShownLine Excerpt::shown(std::string_view line) {
  ShownLine result;
  std::uint32_t column = 0;
  for (std::size_t at = 0; at < line.size();) {
    const CodePoint step = decodeUtf8(line, at);
    for (std::uint32_t i = 0; i < step.size; ++i) result.columns.push_back(column);
    if (step.code == '\t') {
      result.text += kTab;
      column += static_cast<std::uint32_t>(kTab.size());
    } else {
      if (step.code < 0x20 || step.code == 0x7F || !step.valid) {
        appendUtf8(result.text, 0xFFFD);
      } else {
        result.text += line.substr(at, step.size);
      }
      ++column;
    }
    at += step.size;
  }
  result.columns.push_back(column);
  return result;
}

Excerpt::Excerpt(const Source& source, std::optional<Span> loose)
    : source_(source),
      loose_(loose.has_value()),
      within_(loose.value_or(Span{})),
      starts_(lineStarts(source.text)) {}

void Excerpt::mark(const Span& span, char sign, std::string_view label) {
  const auto size = static_cast<std::uint32_t>(source_.text.size());
  const std::uint32_t begin = std::min(span.begin, size);
  const std::uint32_t line = lineAt(begin);
  const std::string_view text = lineText(source_.text, starts_[line]);
  const ShownLine view = shown(text);
  if (loose_) {
    const auto columnOf = [&](std::uint32_t byte) {
      return view.columns[std::min<std::size_t>(std::max(byte, starts_[line]) - starts_[line],
                                                text.size())];
    };
    choose(view, columnOf(begin), columnOf(within_.begin), columnOf(within_.end));
  }
  const auto length = static_cast<std::uint32_t>(text.size());
  const std::uint32_t from = view.columns[std::min(begin - starts_[line], length)];
  const std::uint32_t to =
      view.columns[std::min(std::max(span.end, begin) - starts_[line], length)];
  std::uint32_t width = to > from ? to - from : 1;
  if (loose_) width = std::min(width, std::max(cut_ + kWindow, from + 1) - from);
  marks_.push_back(
      {line, from - (loose_ ? cut_ - kLoose - (cutLeft_ ? 1 : 0) : 0), width, sign, label});
}

std::uint32_t Excerpt::lastLine() const {
  std::uint32_t last = 0;
  if (loose_) return last;
  for (const Mark& mark : marks_) last = std::max(last, mark.line);
  return last;
}

void Excerpt::print(std::string& out, std::size_t width) {
  std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    const Mark& mark = marks_[i];
    if (i == 0 || loose_) {
      if (i == 0) printLine(out, width, mark.line);
    } else if (const std::uint32_t before = marks_[i - 1].line; before != mark.line) {
      if (mark.line - before - 1 > kShownGap) {
        out += "...\n";
      } else {
        for (std::uint32_t line = before + 1; line < mark.line; ++line) {
          printLine(out, width, line);
        }
      }
      printLine(out, width, mark.line);
    }
    out.append(width + 1, ' ');
    out += "| ";
    out.append(mark.column, ' ');
    out.append(mark.width, mark.sign);
    if (!mark.label.empty()) (out += ' ') += mark.label;
    out += '\n';
  }
}

std::uint32_t Excerpt::lineAt(std::uint32_t byte) const {
  return static_cast<std::uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), byte) -
                                    starts_.begin()) -
         1;
}

// What part of a loose line is shown: from after its indentation, or from some way before the mark;
// nothing outside of two columns.
void Excerpt::choose(const ShownLine& view, std::uint32_t column, std::uint32_t from,
                     std::uint32_t to) {
  cut_ = std::min(from, column);
  end_ = std::max(to, column + 1);
  while (cut_ < view.text.size() && view.text[cut_] == ' ') ++cut_;
  cutLeft_ = column > cut_ + kWindow / 2;
  if (cutLeft_) cut_ = column - kWindow / 3;
}

void Excerpt::printLoose(std::string& out, std::size_t width, std::uint32_t line) const {
  const ShownLine view = shown(lineText(source_.text, starts_[line]));
  std::uint32_t column = 0;
  std::string text;
  bool cut = false;
  for (std::size_t at = 0; at < view.text.size(); ++column) {
    const CodePoint step = decodeUtf8(view.text, at);
    if (column >= end_) break;
    if (column >= cut_ + kWindow) {
      cut = true;
      break;
    }
    if (column >= cut_) text += view.text.substr(at, step.size);
    at += step.size;
  }
  out.append(width + 1, ' ');
  out += "| " + std::string(kLoose, ' ') + (cutLeft_ ? "…" : "") + text + (cut ? "…" : "") + "\n";
}

void Excerpt::printLine(std::string& out, std::size_t width, std::uint32_t line) const {
  if (loose_) return printLoose(out, width, line);
  const std::string number = std::to_string(line + 1);
  out.append(width - number.size(), ' ');
  out += number;
  out += " |";
  const ShownLine view = shown(lineText(source_.text, starts_[line]));
  if (!view.text.empty()) (out += ' ') += view.text;
  out += '\n';
}

}  // namespace reticle
