// Positions in a source, whether a compilation failed, and how much is said of it; the terminal
// rendering of a diagnostic is document/render.cpp, because it leads into documents too.
#include "reticle/diagnostic.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/utf8.h"

namespace reticle {
namespace {

constexpr std::size_t kMaxText = 1000;                       // characters of a message
constexpr std::size_t kMaxParts = 20;                        // related places, fixes, helps, notes
constexpr std::size_t kMaxEdits = 64;                        // of a fix
constexpr std::size_t kMaxEditText = std::size_t{64} << 10;  // bytes of a fix

// At the end of a character.
void shorten(std::string& text) {
  if (text.size() <= kMaxText) return;
  std::size_t at = 0;
  for (std::size_t count = 0; count < kMaxText && at < text.size(); ++count) {
    at += decodeUtf8(text, at).size;
  }
  if (at >= text.size()) return;
  text.resize(at);
  text += "…";
}

// The first parts of a list stay, and its last words say that there were more.
void shorten(std::vector<std::string>& texts) {
  if (texts.size() > kMaxParts) {
    const std::size_t more = texts.size() - kMaxParts;
    texts.resize(kMaxParts);
    texts.push_back("and " + std::to_string(more) + " more");
  }
  for (std::string& text : texts) shorten(text);
}

// A fix that is too long to be read, or to be sent, is none; its edits are never cut.
bool isTooLong(const Fix& fix) {
  std::size_t bytes = 0;
  for (const Edit& edit : fix.edits) bytes += edit.text.size();
  return fix.edits.size() > kMaxEdits || bytes > kMaxEditText;
}

void shorten(Diagnostic& d) {
  shorten(d.message);
  shorten(d.label);
  if (d.related.size() > kMaxParts) {
    const std::size_t more = d.related.size() - kMaxParts;
    d.related.resize(kMaxParts);
    d.notes.push_back("and " + std::to_string(more) + " more places");
  }
  for (Related& related : d.related) shorten(related.message);
  std::erase_if(d.fixes, isTooLong);
  if (d.fixes.size() > kMaxParts) d.fixes.resize(kMaxParts);
  for (Fix& fix : d.fixes) shorten(fix.title);
  shorten(d.help);
  shorten(d.notes);
}

// "19,900"
std::string grouped(std::size_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

// What stands for those that are left out, at the place of the first of them. It is as bad as the
// worst.
struct Rest {
  std::size_t count = 0;
  Level worst = Level::Information;
  Span span;

  // ORDER: Level, the worst first.
  void add(std::size_t more, Level level, const Span& at) {
    if (count == 0) span = at;
    count += more;
    worst = std::min(worst, level);
  }
  Diagnostic diagnostic(const std::string& where) const {
    Diagnostic d;
    d.code = "RL0099";
    d.level = worst;
    d.span = span;
    d.message = "and " + grouped(count) + " more " + where + ", which are not shown";
    d.more = count;
    return d;
  }
};

}  // namespace

// First each file for itself, then all of them. RL0099 itself is no mistake: it is taken out, and
// counted by what it stands for.
void limit(std::vector<Diagnostic>& diagnostics, DiagnosticLimits limits) {
  std::map<std::uint32_t, Rest> rests;  // by file
  std::vector<char> kept(diagnostics.size(), false);
  std::map<std::uint32_t, std::size_t> inFile;
  std::size_t all = 0;
  for (const Level level : {Level::Error, Level::Warning, Level::Information}) {
    for (std::size_t i = 0; i < diagnostics.size(); ++i) {
      const Diagnostic& d = diagnostics[i];
      if (d.level != level || d.more > 0) continue;
      std::size_t& count = inFile[d.span.file];
      if (count >= limits.perFile || all >= limits.all) continue;
      ++count;
      ++all;
      kept[i] = true;
    }
  }
  std::map<std::uint32_t, std::size_t> last;  // by file: the last that is kept
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    const Diagnostic& d = diagnostics[i];
    if (!kept[i]) rests[d.span.file].add(std::max<std::size_t>(d.more, 1), d.level, d.span);
    if (kept[i]) last[d.span.file] = i;
  }
  std::vector<Diagnostic> out;
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    if (!kept[i]) continue;
    const std::uint32_t file = diagnostics[i].span.file;
    out.push_back(std::move(diagnostics[i]));
    shorten(out.back());
    const auto rest = rests.find(file);
    if (last[file] == i && rest != rests.end()) {
      out.push_back(rest->second.diagnostic("in this file"));
      rests.erase(rest);
    }
  }
  Rest elsewhere;
  for (const auto& [file, rest] : rests) elsewhere.add(rest.count, rest.worst, rest.span);
  if (elsewhere.count > 0) {
    out.push_back(elsewhere.diagnostic(out.empty() ? "in this file" : "in other files"));
  }
  diagnostics = std::move(out);
}

// Of one place. For many of one text there is TextPlaces.
Position positionOf(const Source& source, std::uint32_t byte) {
  const std::string_view text = source.text;
  Position position;
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

bool hasErrors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(),
                     [](const Diagnostic& d) { return d.level == Level::Error; });
}

}  // namespace reticle
