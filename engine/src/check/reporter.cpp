// Keeps the reports of the checkers, and says which line a place is on.
#include "check/reporter.h"

#include <algorithm>
#include <string_view>

#include "document/document.h"

namespace reticle::model {
namespace {

// Half as many again as are shown of a file, since what comes first in the text is shown and not
// what was found first.
constexpr std::size_t kMaxKept = 150;

}  // namespace

// The parser's errors among the diagnostics are places where nothing more is said.
Reporter::Reporter(std::vector<Diagnostic>& diagnostics, const std::vector<Source>* sources)
    : diagnostics_(diagnostics), sources_(sources), failed_(hasErrors(diagnostics)) {
  for (const Diagnostic& d : diagnostics) {
    if (d.level == Level::Error) unread_[d.span.file].push_back(d.span);
  }
}

// The mistake may be smaller than what it spoils: a line that cannot be read spoils the declaration
// around it.
bool Reporter::wasUnread(Span span) const {
  const auto found = unread_.find(span.file);
  return found != unread_.end() &&
         std::any_of(found->second.begin(), found->second.end(),
                     [&](Span s) { return s.begin >= span.begin && s.end <= span.end; });
}

// Invariant 3.
bool Reporter::takes(Level level, const Span& span) {
  std::size_t& kept = kept_[span.file][static_cast<std::size_t>(level)];
  if (kept < kMaxKept) {
    ++kept;
    return true;
  }
  Diagnostic& left = left_[span.file];
  if (left.more == 0 || level < left.level) left.level = level;
  if (left.more == 0) left.span = span;
  ++left.more;
  return false;
}

void Reporter::reportLeft() {
  for (auto& [file, left] : left_) {
    left.code = "RL0099";
    left.message = "and " + std::to_string(left.more) + " more in this file";
    diagnostics_.push_back(std::move(left));
  }
  left_.clear();
}

// A report that is swallowed still needs somewhere to go, since callers add to it.
Diagnostic& Reporter::say(Level level, std::string code, Span span, std::string message) {
  // Invariant 1.
  if (wasUnread(span)) {
    if (level == Level::Error) ++errors_;
    silent_ = Diagnostic{};
    return silent_;
  }
  if (level == Level::Error) {
    failed_ = true;
    ++errors_;
  }
  if (!takes(level, span)) {
    silent_ = Diagnostic{};
    return silent_;
  }
  Diagnostic d;
  d.code = std::move(code);
  d.level = level;
  d.span = span;
  d.message = std::move(message);
  diagnostics_.push_back(std::move(d));
  return last();
}

// Documents have lines too, but what stands on one of them is no sentence of rule text.
std::uint32_t Reporter::lineAt(const Span& span) const {
  if (!sources_ || span.file >= sources_->size()) return 0;
  const Source& source = (*sources_)[span.file];
  return documentFormOf(source.name) == DocumentForm::None ? positionOf(source, span.begin).line
                                                           : 0;
}

// "Move line 7" is good advice only when nothing else stands on it.
std::uint32_t Reporter::onlyLineAt(const Span& span) const {
  const std::uint32_t line = lineAt(span);
  if (line == 0 || span.end < span.begin || span.end > (*sources_)[span.file].text.size()) {
    return 0;
  }
  const std::string_view text = (*sources_)[span.file].text;
  std::size_t begin = span.begin, end = span.end;
  while (begin > 0 && (text[begin - 1] == ' ' || text[begin - 1] == '\t')) --begin;
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t' || text[end] == '\r')) ++end;
  const bool alone =
      (begin == 0 || text[begin - 1] == '\n') && (end == text.size() || text[end] == '\n');
  return alone &&
                 text.substr(span.begin, span.end - span.begin).find('\n') == std::string_view::npos
             ? line
             : 0;
}

void Reporter::forgetUnused(std::size_t since) {
  diagnostics_.erase(
      std::remove_if(diagnostics_.begin() + static_cast<std::ptrdiff_t>(since), diagnostics_.end(),
                     [this](const Diagnostic& d) {
                       if (d.code != "RL3002") return false;
                       --kept_[d.span.file][static_cast<std::size_t>(d.level)];
                       return true;
                     }),
      diagnostics_.end());
}

void Reporter::sort(std::size_t since) {
  std::stable_sort(diagnostics_.begin() + static_cast<std::ptrdiff_t>(since), diagnostics_.end(),
                   [](const Diagnostic& a, const Diagnostic& b) {
                     return a.span.file != b.span.file ? a.span.file < b.span.file
                                                       : a.span.begin < b.span.begin;
                   });
}

}  // namespace reticle::model
