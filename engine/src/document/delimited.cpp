// Cuts text into rows and cells.
#include "document/delimited.h"

#include <algorithm>

namespace reticle {
namespace {

// Reads one row after the other; the line on which each begins is kept, since quoted cells may hold
// line ends.
class DelimitedReader {
 public:
  DelimitedReader(std::string_view text, char delimiter, const LinesAside& aside)
      : text_(text), delimiter_(delimiter), comment_(aside.comment) {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    for (std::size_t i = 0; i < aside.first; ++i) passLine();
  }

  DelimitedText run(std::size_t most) {
    while (at_ < text_.size() && out_.rows.size() < most) {
      if (!comment_.empty() && text_.substr(at_).starts_with(comment_)) {
        passLine();
        continue;
      }
      DelimitedRow row{line_, {}};
      if (!readRow(row)) {
        out_.rows.clear();
        break;
      }
      if (row.cells.size() > 1 || !row.cells[0].empty()) out_.rows.push_back(std::move(row));
    }
    return std::move(out_);
  }

 private:
  // A cell without quotes ends here.
  bool endsCell() const {
    return at_ >= text_.size() || text_[at_] == delimiter_ || text_[at_] == '\r' ||
           text_[at_] == '\n';
  }

  bool readRow(DelimitedRow& row) {
    for (;;) {
      row.cells.emplace_back();
      if (at_ < text_.size() && text_[at_] == '"') {
        if (!readQuoted(row.cells.back())) return false;
      } else {
        const std::size_t begin = at_;
        while (!endsCell()) ++at_;
        row.cells.back() = text_.substr(begin, at_ - begin);
      }
      if (at_ >= text_.size() || text_[at_] != delimiter_) break;
      ++at_;
    }
    passEnd();
    return true;
  }

  void passLine() {
    while (at_ < text_.size() && text_[at_] != '\r' && text_[at_] != '\n') ++at_;
    passEnd();
  }

  // The end of a line, if one stands here.
  void passEnd() {
    if (at_ >= text_.size()) return;
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
    ++at_;
    ++line_;
  }

  bool readQuoted(std::string& cell) {
    const std::uint32_t begun = line_;
    for (++at_;;) {
      const std::size_t end = text_.find('"', at_);
      if (end == std::string_view::npos) return fail(begun, "a quoted cell is not closed");
      const std::string_view part = text_.substr(at_, end - at_);
      line_ += static_cast<std::uint32_t>(std::count(part.begin(), part.end(), '\n'));
      cell += part;
      at_ = end + 1;
      if (at_ >= text_.size() || text_[at_] != '"') break;
      cell += '"';
      ++at_;
    }
    const std::string sign = delimiter_ == '\t'  ? "a tab"
                             : delimiter_ == ',' ? "a comma"
                                                 : std::string("`") + delimiter_ + "`";
    return endsCell() ||
           fail(line_, "after a quoted cell comes " + sign +
                           " or the end of the line; a quote inside is written twice");
  }

  bool fail(std::uint32_t line, std::string problem) {
    out_.badLine = line;
    out_.problem = std::move(problem);
    return false;
  }

  std::string_view text_;
  char delimiter_;
  std::string_view comment_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  DelimitedText out_;
};

}  // namespace

DelimitedText readDelimited(std::string_view text, char delimiter, std::size_t most,
                            const LinesAside& aside) {
  return DelimitedReader(text, delimiter, aside).run(most);
}

}  // namespace reticle
