// Where the checkers report, and what is known of the mistakes so far.
//
// Invariants:
//   (1) Nothing is reported about a place that the parser could not read: what the parser made of
//       it is not the author's any more.
//   (2) `errors` counts every mistake, also those that (1) kept silent, so that a checker can tell
//       whether what it has read is whole; `failed` is about the program.
//   (3) Of a file no more are kept, by level, than anybody is shown (see limit()); the others are
//       counted. So a program that is wrong everywhere costs no more than one that is right.
//
// A reference that a report returns is good until the next report.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reticle/diagnostic.h"

namespace reticle::model {

class Reporter {
 public:
  // `sources`: by file of the spans, for messages that speak of lines; may be null. An error among
  // the diagnostics is the parser's.
  Reporter(std::vector<Diagnostic>& diagnostics, const std::vector<Source>* sources);

  Diagnostic& say(Level level, std::string code, Span span, std::string message);
  Diagnostic& error(std::string code, Span span, std::string message) {
    return say(Level::Error, std::move(code), span, std::move(message));
  }
  Diagnostic& warn(std::string code, Span span, std::string message) {
    return say(Level::Warning, std::move(code), span, std::move(message));
  }

  // Whether some reports were left out by (3): then nobody needs advice any more.
  bool isFull() const { return !left_.empty(); }
  // Reports how many were left out. Last, before `sort`.
  void reportLeft();

  // Whether the parser reported a mistake inside of this place.
  bool wasUnread(Span span) const;

  bool failed() const { return failed_; }
  std::size_t errors() const { return errors_; }
  // A mistake that comes of one that was reported: it is counted and not reported again.
  void countError() { ++errors_; }
  // The same, of a mistake that was reported somewhere else: the program is refused for it.
  void fail() {
    failed_ = true;
    ++errors_;
  }

  // The reports so far, for those who add to one or mend it.
  std::size_t said() const { return diagnostics_.size(); }
  Diagnostic& last() { return diagnostics_.back(); }
  Diagnostic& at(std::size_t i) { return diagnostics_[i]; }
  // Takes back the warnings, since there were so many reports, that something is not used: what a
  // mistake left unread may have used it, and no warning is better than a wrong one.
  void forgetUnused(std::size_t since);
  // Puts the reports since then into the order of the text, whatever the order of the work was.
  void sort(std::size_t since);

  // The line, from 1, at which a place begins; 0 when the sources are not known, or are documents,
  // whose lines mean nothing.
  std::uint32_t lineAt(const Span& span) const;
  // The same of what has its lines for itself; 0 also when it has more than one.
  std::uint32_t onlyLineAt(const Span& span) const;

 private:
  // By level, of one file.
  using Counts = std::array<std::size_t, 3>;
  // Counts one more; false: it is to be left out.
  bool takes(Level level, const Span& span);

  std::vector<Diagnostic>& diagnostics_;
  const std::vector<Source>* sources_;
  std::map<std::uint32_t, std::vector<Span>> unread_;  // by file: places of the parser's errors
  std::map<std::uint32_t, Counts> kept_;               // by file
  std::map<std::uint32_t, Diagnostic> left_;           // by file: RL0099
  Diagnostic silent_;                                  // takes what nobody needs
  bool failed_ = false;
  std::size_t errors_ = 0;
};

}  // namespace reticle::model
