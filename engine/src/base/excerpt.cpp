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
// How many characters of a line are shown at most, and of a loose one; how far that is indented.
constexpr std::uint32_t kShown = 200, kShownLoose = 100, kLoose = 2;

// So many characters back, but not beyond `least`; `count` becomes how many there were.
std::uint32_t back(std::string_view text, std::uint32_t from, std::uint32_t least,
                   std::uint32_t& count) {
  std::uint32_t passed = 0;
  for (; passed < count && from > least; ++passed) {
    --from;
    // At most three bytes follow the first one of a character.
    for (int i = 0;
         i < 3 && from > least && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80; ++i) {
      --from;
    }
  }
  count = passed;
  return from;
}

// So many characters on, but not beyond `most`.
std::uint32_t on(std::string_view text, std::uint32_t from, std::uint32_t most,
                 std::uint32_t count) {
  while (count > 0 && from < most) {
    from += decodeUtf8(text, from).size;
    --count;
  }
  return std::min(from, most);
}

}  // namespace

// A part of a source as a terminal can show it: tabs widened, what is no text replaced.
struct Excerpt::Shown {
  std::string text;
  std::vector<std::uint32_t> columns;  // by byte of the part, and one past its end
};

Excerpt::Excerpt(const Source& source, const TextPlaces& places, std::optional<Span> loose)
    : source_(source),
      places_(places),
      loose_(loose.has_value()),
      within_(loose.value_or(Span{})) {}

void Excerpt::mark(const Span& span, char sign, std::string_view label) {
  const std::uint32_t begin = std::min(span.begin, static_cast<std::uint32_t>(source_.text.size()));
  marks_.push_back({places_.lineOf(begin), begin, std::max(span.end, begin), sign, label});
}

std::uint32_t Excerpt::lastLine() const {
  std::uint32_t last = 0;
  if (loose_) return last;
  for (const Mark& mark : marks_) last = std::max(last, mark.line);
  return last;
}

void Excerpt::print(std::string& out, std::size_t width) {
  std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) {
    return a.line != b.line ? a.line < b.line : a.begin < b.begin;
  });
  Window window{};
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    const Mark& mark = marks_[i];
    bool seen = i > 0 && marks_[i - 1].line == mark.line && mark.begin >= window.begin &&
                (mark.begin < window.end || (mark.begin == window.end && !window.cutRight));
    if (i > 0 && loose_) seen = true;
    if (i > 0 && !seen) {
      const std::uint32_t before = marks_[i - 1].line;
      if (mark.line > before + kShownGap + 1) {
        out += "...\n";
      } else {
        for (std::uint32_t line = before + 1; line < mark.line; ++line) {
          const std::uint32_t start = places_.lineStart(line);
          printLine(out, width, line, windowAround({line, start, start, ' ', {}}));
        }
      }
    }
    if (!seen) {
      window = windowAround(mark);
      printLine(out, width, mark.line, window);
    }
    printMark(out, width, mark, window);
  }
}

// The line, or of a loose one what lies within the span; of a long one a part of it, which begins
// some way before the mark.
Excerpt::Window Excerpt::windowAround(const Mark& mark) const {
  const std::string_view text = source_.text;
  const std::string_view line = places_.lineText(mark.line);
  const std::uint32_t start = places_.lineStart(mark.line),
                      end = start + static_cast<std::uint32_t>(line.size());
  Window window{start, end, false, false};
  const std::uint32_t at = std::min(mark.begin, end);
  std::uint32_t most = kShown;
  if (loose_) {
    most = kShownLoose;
    window.begin = std::clamp(std::min(within_.begin, at), start, end);
    window.end = std::clamp(std::max(within_.end, at + 1), window.begin, end);
    while (window.begin < at && (text[window.begin] == ' ' || text[window.begin] == '\t')) {
      ++window.begin;
    }
  } else if (on(text, start, end, kShown) == end) {
    return window;
  }
  std::uint32_t count = most / 2 + 1;
  const std::uint32_t half = back(text, at, window.begin, count);
  if (count > most / 2) {
    window.cutLeft = true;
    count = most / 3;
    window.begin = back(text, at, half, count);
  }
  const std::uint32_t last = on(text, window.begin, window.end, most);
  window.cutRight = last < window.end;
  window.end = last;
  return window;
}

Excerpt::Shown Excerpt::shown(const Window& window) const {
  const std::string_view part =
      std::string_view(source_.text).substr(window.begin, window.end - window.begin);
  Shown result;
  std::uint32_t column = 0;
  for (std::size_t at = 0; at < part.size();) {
    const CodePoint step = decodeUtf8(part, at);
    for (std::uint32_t i = 0; i < step.size; ++i) result.columns.push_back(column);
    if (step.code == '\t') {
      result.text += kTab;
      column += static_cast<std::uint32_t>(kTab.size());
    } else {
      if (step.code < 0x20 || step.code == 0x7F || !step.valid) {
        appendUtf8(result.text, 0xFFFD);
      } else {
        result.text += part.substr(at, step.size);
      }
      ++column;
    }
    at += step.size;
  }
  result.columns.push_back(column);
  return result;
}

void Excerpt::printLine(std::string& out, std::size_t width, std::uint32_t line,
                        const Window& window) const {
  const std::string number = loose_ ? std::string() : std::to_string(line + 1);
  out.append(width - std::min(width, number.size()), ' ');
  out += number;
  out += " |";
  const Shown view = shown(window);
  const std::string text = std::string(loose_ ? kLoose : 0, ' ') + (window.cutLeft ? "…" : "") +
                           view.text + (window.cutRight ? "…" : "");
  if (!text.empty()) (out += ' ') += text;
  out += '\n';
}

void Excerpt::printMark(std::string& out, std::size_t width, const Mark& mark,
                        const Window& window) const {
  const Shown view = shown(window);
  const auto columnOf = [&](std::uint32_t byte) {
    return view.columns[std::clamp(byte, window.begin, window.end) - window.begin];
  };
  const std::uint32_t from = columnOf(mark.begin), to = columnOf(mark.end);
  out.append(width + 1, ' ');
  out += "| ";
  out.append(from + (loose_ ? kLoose : 0) + (window.cutLeft ? 1 : 0), ' ');
  out.append(std::max(to, from + 1) - from, mark.sign);
  if (!mark.label.empty()) (out += ' ') += mark.label;
  out += '\n';
}

}  // namespace reticle
