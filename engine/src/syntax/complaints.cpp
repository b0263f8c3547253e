// Reports mistakes once each, in the order of the text, and not endlessly.
#include "syntax/complaints.h"

#include <algorithm>
#include <iterator>

namespace reticle {
namespace {

constexpr std::size_t kMaxShown = DiagnosticLimits{}.perFile;
// Past so many, mistakes are counted only.
constexpr std::size_t kMaxKept = 1000;

}  // namespace

Complaint& Complaint::label(std::string text) {
  if (list_) get().label = std::move(text);
  return *this;
}
Complaint& Complaint::related(Span span, std::string message) {
  if (list_) get().related.push_back({span, std::move(message)});
  return *this;
}
Complaint& Complaint::fix(std::string title, Span span, std::string text) {
  if (list_) get().fixes.push_back({std::move(title), {{span, std::move(text)}}});
  return *this;
}
Complaint& Complaint::fix(std::string title, std::vector<Edit> edits) {
  if (list_) get().fixes.push_back({std::move(title), std::move(edits)});
  return *this;
}
Complaint& Complaint::write(Span span, const std::string& text) {
  return fix("write `" + text + "`", span, text);
}
Complaint& Complaint::help(std::string text) {
  if (list_) get().help.push_back(std::move(text));
  return *this;
}
Complaint& Complaint::note(std::string text) {
  if (list_) get().notes.push_back(std::move(text));
  return *this;
}
// Requires: the complaint has a fix, when it was reported at all.
void Complaint::extendFix(Edit edit, const std::string& title) {
  if (!list_) return;
  Fix& fix = get().fixes.front();
  fix.edits.push_back(std::move(edit));
  fix.title += title;
}

// An empty complaint, whose calls do nothing, for what would only echo an earlier one: while
// recovering, twice at one place, at the end of a text that the lexer has cut short, or about a
// lexeme that the lexer has reported.
Complaint Complaints::complain(std::string code, Span span, std::string message) {
  const Lexeme& here = lexemes_.at();
  const bool echo = recovering_ || span.begin == complainedAt_ ||
                    (here.kind == LexemeKind::End && lexemes_.cutShort());
  const bool known = here.bad && span.begin <= here.end && span.end >= here.begin;
  if (echo || known) return Complaint();
  if (list_.size() - first_ > kMaxKept) {
    ++left_;
    return Complaint();
  }
  complainedAt_ = span.begin;
  Diagnostic& d = list_.emplace_back();
  d.code = std::move(code);
  d.message = std::move(message);
  d.span = span;
  return Complaint(list_);
}

Complaint Complaints::fail(std::string code, Span span, std::string message) {
  const Complaint complaint = complain(std::move(code), span, std::move(message));
  recovering_ = true;
  return complaint;
}

// Takes back what was reported since the mark, when another reading is tried.
void Complaints::rewind(const Mark& mark) {
  list_.resize(mark.reported);
  complainedAt_ = mark.complainedAt;
  recovering_ = false;
}

void Complaints::arrange() {
  // Only this file's: the list may hold reports of files read before.
  const auto begin = list_.begin() + static_cast<std::ptrdiff_t>(first_);
  std::stable_sort(begin, list_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.span.begin < b.span.begin;
  });
  if (list_.size() - first_ <= kMaxShown) return;
  std::vector<Diagnostic> own(std::make_move_iterator(begin), std::make_move_iterator(list_.end()));
  list_.resize(first_);
  if (left_ > 0) {
    Diagnostic rest;
    rest.code = "RL0099";
    rest.span = own.back().span;
    rest.more = left_;
    own.push_back(std::move(rest));
  }
  limit(own, {.perFile = kMaxShown, .all = kMaxShown});
  list_.insert(list_.end(), std::make_move_iterator(own.begin()),
               std::make_move_iterator(own.end()));
}

}  // namespace reticle
