// What the readers of JSON and of YAML have in common: the text, where they are in it, and how they
// complain. Private to the two.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "document/document.h"

namespace reticle {

class DocumentReader {
 protected:
  DocumentReader(const Source& source, std::uint32_t file, std::vector<Diagnostic>& diagnostics)
      : text_(source.text), file_(file), diagnostics_(diagnostics), first_(diagnostics.size()) {}

  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool done() const { return stopped_ || at_ >= text_.size(); }
  Span span(std::size_t begin, std::size_t end) const {
    const std::size_t size = text_.size();
    return {file_, static_cast<std::uint32_t>(std::min(begin, size)),
            static_cast<std::uint32_t>(std::min(std::max(begin, end), size))};
  }
  // After so many complaints nobody reads on: the reader stops.
  Diagnostic& report(std::string code, std::size_t begin, std::size_t end, std::string message) {
    if (diagnostics_.size() - first_ >= kMaxReports) {
      stopped_ = true;
      return scratch_ = {};
    }
    Diagnostic& d = diagnostics_.emplace_back();
    d.code = std::move(code);
    d.message = std::move(message);
    d.span = span(begin, end);
    return d;
  }
  void fix(Diagnostic& d, std::string title, std::size_t begin, std::size_t end, std::string text) {
    d.fixes.push_back({std::move(title), {{span(begin, end), std::move(text)}}});
  }

  static constexpr std::size_t kMaxReports = 100;

  std::string_view text_;
  std::uint32_t file_;
  std::vector<Diagnostic>& diagnostics_;
  std::size_t first_;   // diagnostics that were there before
  Diagnostic scratch_;  // takes what is reported after the reader has stopped
  std::size_t at_ = 0;
  bool stopped_ = false;
};

}  // namespace reticle
