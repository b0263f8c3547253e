#include "reticle/diagnostic.h"

#include <algorithm>
#include <string_view>

#include "base/utf8.h"

namespace reticle {
namespace {

// Gaps of so many unmarked lines between marked ones are shown; longer ones become `...`.
constexpr std::uint32_t kShownGap = 2;
constexpr std::string_view kTab = "    ";

const Source* sourceOf(std::uint32_t file, const std::vector<Source>& sources) {
  return file < sources.size() ? &sources[file] : nullptr;
}

// One line under a source line: where, with what sign, and what is said.
struct Mark {
  std::uint32_t line, column, width;   // columns in characters of the line as shown, from 0
  char sign;
  std::string_view label;
};

// A source line as a terminal can show it: tabs widened, what is no text replaced.
struct ShownLine {
  std::string text;
  std::vector<std::uint32_t> columns;  // by byte of the original line, and one past its end
};

std::string_view lineText(std::string_view text, std::uint32_t begin) {
  std::size_t end = text.find('\n', begin);
  if (end == std::string_view::npos) end = text.size();
  if (end > begin && text[end - 1] == '\r') --end;
  return text.substr(begin, end - begin);
}

ShownLine shown(std::string_view line) {
  ShownLine result;
  std::uint32_t column = 0;
  for (std::size_t at = 0; at < line.size();) {
    const CodePoint step = decodeUtf8(line, at);
    for (std::uint32_t i = 0; i < step.size; ++i) result.columns.push_back(column);
    if (step.code == '\t') {
      result.text += kTab;
      column += static_cast<std::uint32_t>(kTab.size());
    } else {
      if (step.code < 0x20 || step.code == 0x7F || !step.valid) appendUtf8(result.text, 0xFFFD);
      else result.text += line.substr(at, step.size);
      ++column;
    }
    at += step.size;
  }
  result.columns.push_back(column);
  return result;
}

// Byte offsets at which the lines begin.
std::vector<std::uint32_t> lineStarts(std::string_view text) {
  std::vector<std::uint32_t> starts{0};
  for (std::uint32_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') starts.push_back(i + 1);
  }
  return starts;
}

class Excerpt {
 public:
  explicit Excerpt(const Source& source) : source_(source), starts_(lineStarts(source.text)) {}

  void mark(const Span& span, char sign, std::string_view label) {
    const auto size = static_cast<std::uint32_t>(source_.text.size());
    const std::uint32_t begin = std::min(span.begin, size);
    const std::uint32_t line = lineAt(begin);
    const std::string_view text = lineText(source_.text, starts_[line]);
    const ShownLine view = shown(text);
    const auto length = static_cast<std::uint32_t>(text.size());
    const std::uint32_t from = view.columns[std::min(begin - starts_[line], length)];
    const std::uint32_t to = view.columns[std::min(std::max(span.end, begin) - starts_[line], length)];
    marks_.push_back({line, from, to > from ? to - from : 1, sign, label});
  }

  std::uint32_t lastLine() const {
    std::uint32_t last = 0;
    for (const Mark& mark : marks_) last = std::max(last, mark.line);
    return last;
  }

  void print(std::string& out, std::size_t width) {
    std::stable_sort(marks_.begin(), marks_.end(), [](const Mark& a, const Mark& b) {
      return a.line != b.line ? a.line < b.line : a.column < b.column;
    });
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      const Mark& mark = marks_[i];
      if (i == 0) {
        printLine(out, width, mark.line);
      } else if (const std::uint32_t before = marks_[i - 1].line; before != mark.line) {
        if (mark.line - before - 1 > kShownGap) out += "...\n";
        else for (std::uint32_t line = before + 1; line < mark.line; ++line) printLine(out, width, line);
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

 private:
  std::uint32_t lineAt(std::uint32_t byte) const {
    return static_cast<std::uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), byte) - starts_.begin()) - 1;
  }

  void printLine(std::string& out, std::size_t width, std::uint32_t line) const {
    const std::string number = std::to_string(line + 1);
    out.append(width - number.size(), ' ');
    out += number;
    out += " |";
    const ShownLine view = shown(lineText(source_.text, starts_[line]));
    if (!view.text.empty()) (out += ' ') += view.text;
    out += '\n';
  }

  const Source& source_;
  std::vector<std::uint32_t> starts_;
  std::vector<Mark> marks_;
};

std::string placeOf(const Source& source, std::uint32_t byte) {
  const Position position = positionOf(source, byte);
  return source.name + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

}  // namespace

Position positionOf(const Source& source, std::uint32_t byte) {
  Position position;
  const std::string_view text = source.text;
  for (std::size_t at = 0; at < text.size() && at < byte;) {
    const CodePoint step = decodeUtf8(text, at);
    if (at + step.size > byte) break;   // inside a code point: its start
    if (step.code == '\n') {
      ++position.line;
      position.column = 1;
    } else {
      ++position.column;
    }
    position.utf16 += step.code > 0xFFFF ? 2 : 1;
    at += step.size;
  }
  return position;
}

std::string render(const Diagnostic& diagnostic, const std::vector<Source>& sources) {
  std::string out;
  switch (diagnostic.level) {
    case Level::Error: out = "error"; break;
    case Level::Warning: out = "warning"; break;
    case Level::Information: out = "information"; break;
  }
  out += "[" + diagnostic.code + "]: " + diagnostic.message + "\n";

  // One excerpt a file, the guilty one first.
  struct Part { std::uint32_t file; std::uint32_t place; Excerpt excerpt; };
  std::vector<Part> parts;
  const auto mark = [&](const Span& span, char sign, std::string_view label) {
    const Source* source = sourceOf(span.file, sources);
    if (source == nullptr) return;
    auto part = std::find_if(parts.begin(), parts.end(), [&](const Part& p) { return p.file == span.file; });
    if (part == parts.end()) {
      parts.push_back(Part{span.file, span.begin, Excerpt(*source)});
      part = parts.end() - 1;
    }
    part->excerpt.mark(span, sign, label);
  };
  mark(diagnostic.span, '^', diagnostic.label);
  for (const Related& related : diagnostic.related) mark(related.span, '-', related.message);

  std::uint32_t last = 0;
  for (const Part& part : parts) last = std::max(last, part.excerpt.lastLine());
  const std::size_t width = std::to_string(last + 1).size();
  const std::string margin(width + 1, ' ');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    out += margin.substr(1) + (i == 0 ? "--> " : "::: ") + placeOf(sources[parts[i].file], parts[i].place) + "\n";
    out += margin + "|\n";
    parts[i].excerpt.print(out, width);
    out += margin + "|\n";
  }
  for (const std::string& help : diagnostic.help) out += margin + "= help: " + help + "\n";
  for (const Fix& fix : diagnostic.fixes) out += margin + "= fix: " + fix.title + "\n";
  for (const std::string& note : diagnostic.notes) out += margin + "= note: " + note + "\n";
  return out;
}

bool hasErrors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& d) { return d.level == Level::Error; });
}

}  // namespace reticle
