#include "reticle/diagnostic.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/utf8.h"
#include "document/document.h"

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
  std::uint32_t line, column, width;  // columns in characters of the line as shown, from 0
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
  // `loose`: lines are shown without numbers and indentation, of them only what lies within the
  // span, and of long ones only what is around the mark.
  Excerpt(const Source& source, std::optional<Span> loose)
      : source_(source),
        loose_(loose.has_value()),
        within_(loose.value_or(Span{})),
        starts_(lineStarts(source.text)) {}

  void mark(const Span& span, char sign, std::string_view label) {
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

  std::uint32_t lastLine() const {
    std::uint32_t last = 0;
    if (loose_) return last;
    for (const Mark& mark : marks_) last = std::max(last, mark.line);
    return last;
  }

  void print(std::string& out, std::size_t width) {
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

 private:
  std::uint32_t lineAt(std::uint32_t byte) const {
    return static_cast<std::uint32_t>(std::upper_bound(starts_.begin(), starts_.end(), byte) -
                                      starts_.begin()) -
           1;
  }

  // What part of a loose line is shown: from behind its indentation, or from some way in front of
  // the mark; nothing outside of two columns.
  void choose(const ShownLine& view, std::uint32_t column, std::uint32_t from, std::uint32_t to) {
    cut_ = std::min(from, column);
    end_ = std::max(to, column + 1);
    while (cut_ < view.text.size() && view.text[cut_] == ' ') ++cut_;
    cutLeft_ = column > cut_ + kWindow / 2;
    if (cutLeft_) cut_ = column - kWindow / 3;
  }

  void printLoose(std::string& out, std::size_t width, std::uint32_t line) const {
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

  void printLine(std::string& out, std::size_t width, std::uint32_t line) const {
    if (loose_) return printLoose(out, width, line);
    const std::string number = std::to_string(line + 1);
    out.append(width - number.size(), ' ');
    out += number;
    out += " |";
    const ShownLine view = shown(lineText(source_.text, starts_[line]));
    if (!view.text.empty()) (out += ' ') += view.text;
    out += '\n';
  }

  static constexpr std::uint32_t kWindow = 100, kLoose = 2;

  const Source& source_;
  bool loose_;
  Span within_;
  std::uint32_t end_ = 0;  // the column of a loose line behind which nothing is shown
  std::uint32_t cut_ = 0;  // columns of a loose line that are not shown
  bool cutLeft_ = false;
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
    if (at + step.size > byte) break;  // inside a code point: its start
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

namespace {

// One excerpt a file; in JSON, whose lines mean nothing, one for each place.
struct Part {
  std::uint32_t file, place;
  Excerpt excerpt;
};

// In a document: where in its tree. Characters are counted in the text itself, without quotes and
// escapes.
std::string placeIn(const DocumentNode& root, const Span& span, std::string& pointer) {
  const DocumentPlace place = reticle::placeIn(root, span.begin);
  pointer = place.pointer;
  std::string out = " at " + (place.pointer.empty() ? std::string("the top") : place.pointer);
  if (!place.inText || span.begin < place.node->placeOf(0u)) return out;
  const std::string_view text = place.node->text;
  const std::uint32_t begin = place.node->byteAt(span.begin),
                      end = place.node->byteAt(std::max(span.end, span.begin));
  const std::size_t first = countCodePoints(text.substr(0, begin)) + 1;
  const std::size_t count = countCodePoints(text.substr(begin, end > begin ? end - begin : 0));
  if (count < 2) return out + ", character " + std::to_string(first);
  return out + ", characters " + std::to_string(first) + "-" + std::to_string(first + count - 1);
}

// The smallest member of an object around a place of a JSON text, with its name: as much of the
// text as a message needs to show.
Span memberAround(const Source& source, const Span& span) {
  std::vector<Diagnostic> ignored;
  const DocumentNode root = readDocument(source, span.file, ignored);
  Span member{span.file, 0, static_cast<std::uint32_t>(source.text.size())};
  for (const DocumentNode* node = &root; node != nullptr;) {
    const DocumentNode* inner = nullptr;
    for (std::size_t i = 0; i < node->items.size() && inner == nullptr; ++i) {
      const bool named = i < node->nameSpans.size() && node->nameSpans[i].begin > 0;
      const DocumentNode& item = node->items[i];
      const Span whole =
          named ? Span{span.file, node->nameSpans[i].begin - 1, item.span.end} : item.span;
      if (span.begin < whole.begin || span.begin >= whole.end) continue;
      inner = &item;
      if (named) member = whole;
    }
    node = inner;
  }
  return member;
}

// The declaration a pointer leads into, as the text form calls it: rule "x".
std::string declarationAt(const DocumentNode& root, const std::string& pointer) {
  constexpr std::string_view kStart = "/declarations/";
  if (pointer.compare(0, kStart.size(), kStart) != 0) return "";
  std::size_t index = 0;
  for (std::size_t i = kStart.size();
       i < pointer.size() && pointer[i] >= '0' && pointer[i] <= '9' && index < 100'000'000; ++i) {
    index = index * 10 + static_cast<std::size_t>(pointer[i] - '0');
  }
  const DocumentNode* declarations = root.find("declarations");
  if (declarations == nullptr || index >= declarations->items.size()) return "";
  const DocumentNode& declaration = declarations->items[index];
  const DocumentNode *kind = declaration.find("kind"), *name = declaration.find("name");
  if (kind == nullptr || name == nullptr || kind->text.empty() || name->text.empty()) return "";
  static constexpr std::string_view kKinds[] = {"fact",  "event",    "subject", "enum",
                                                "const", "function", "host",    "table",
                                                "rule",  "query",    "flow",    "test"};
  if (std::find(std::begin(kKinds), std::end(kKinds), kind->text) == std::end(kKinds)) return "";
  const bool quoted = kind->text == "rule" || kind->text == "test";
  return "the same " + kind->text + " as text: " + kind->text + " " +
         (quoted ? "\"" + name->text + "\"" : name->text);
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const std::vector<Source>& sources) {
  std::string out;
  switch (diagnostic.level) {
    case Level::Error: out = "error"; break;
    case Level::Warning: out = "warning"; break;
    case Level::Information: out = "information"; break;
  }
  out += "[" + diagnostic.code + "]: " + diagnostic.message + "\n";

  std::vector<Part> parts;  // the guilty one first
  const auto mark = [&](const Span& span, char sign, std::string_view label) {
    const Source* source = sourceOf(span.file, sources);
    if (source == nullptr) return;
    const bool json = documentFormOf(source->name) == DocumentForm::Json;
    auto part = std::find_if(parts.begin(), parts.end(), [&](const Part& p) {
      return p.file == span.file && (!json || p.place == span.begin);
    });
    if (part == parts.end()) {
      parts.push_back(
          Part{span.file, span.begin,
               Excerpt(*source, json ? std::optional(memberAround(*source, span)) : std::nullopt)});
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
  std::string declaration;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Source& source = sources[parts[i].file];
    const DocumentForm form = documentFormOf(source.name);
    out += margin.substr(1) + (i == 0 ? "--> " : "::: ") +
           (form == DocumentForm::Json ? source.name : placeOf(source, parts[i].place));
    if (form != DocumentForm::None) {
      std::vector<Diagnostic> ignored;
      const DocumentNode root = readDocument(source, 0, ignored);
      const Span& span =
          i == 0 ? diagnostic.span : Span{parts[i].file, parts[i].place, parts[i].place};
      std::string pointer;
      const std::string where = placeIn(root, span, pointer);
      out += i == 0 ? where : " at " + (pointer.empty() ? std::string("the top") : pointer);
      if (i == 0) declaration = declarationAt(root, pointer);
    }
    out += "\n" + margin + "|\n";
    parts[i].excerpt.print(out, width);
    out += margin + "|\n";
  }
  // What begins with `or` goes on from what the fixes say.
  const auto tellHelp = [&](bool further) {
    for (const std::string& help : diagnostic.help) {
      const bool goesOn = !diagnostic.fixes.empty() && help.compare(0, 3, "or ") == 0;
      if (goesOn == further) out += margin + "= help: " + help + "\n";
    }
  };
  tellHelp(false);
  for (const Fix& fix : diagnostic.fixes) out += margin + "= fix: " + fix.title + "\n";
  tellHelp(true);
  for (const std::string& note : diagnostic.notes) out += margin + "= note: " + note + "\n";
  if (!declaration.empty()) out += margin + "= note: " + declaration + "\n";
  return out;
}

bool hasErrors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.level == Level::Error; });
}

}  // namespace reticle
