// Lays out marked lexemes: which stand on one line, where lines break, how far they are indented.
#include "layout/layout.h"

#include <algorithm>

#include "base/utf8.h"

namespace reticle {
namespace {

constexpr std::uint32_t kStep = 2, kFarStep = 4;

// Whether a space stands between two lexemes on one line.
bool spaced(const Lexeme& a, const Mark& left, const Lexeme& b, const Mark& right) {
  using enum LexemeKind;
  const bool hole = a.kind == TemplateHead || a.kind == TemplateMiddle,
             holeEnds = b.kind == TemplateMiddle || b.kind == TemplateTail;
  if (hole) return b.kind == BraceOpen;  // `{{` would be the sign itself
  if (holeEnds) return a.kind == BraceClose;
  if (left.tightAfter || right.tightBefore) return false;
  const auto among = [](LexemeKind kind, std::initializer_list<LexemeKind> kinds) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  };
  // What stands close to what is in front of it, …
  if (among(b.kind, {Comma, Semicolon, ParenClose, BracketClose, Range, RangeOpen})) return false;
  if (among(b.kind, {Colon, Question, Dot}) && !right.operand) return false;
  if (among(b.kind, {Less, Greater, GreaterEqual}) && right.type) return false;
  if (b.kind == BraceClose && right.value) return false;
  if (b.kind == ParenOpen && a.kind == Word && !right.operand) return false;
  // … and what keeps the next one close.
  if (among(a.kind, {ParenOpen, BracketOpen, Dot, Range, RangeOpen})) return false;
  if (a.kind == Less) return !left.type;
  return a.kind != BraceOpen || !left.value;
}

// A lexeme or a comment on its way out.
struct Token {
  std::string_view text;
  std::uint32_t lexeme = 0;  // of a comment: the lexeme after it
  bool comment = false;
  bool ownLine = false;  // a comment with nothing in front of it on its line
  bool newLine = false;  // began a line
  bool blank = false;    // an empty line stood before it
  bool afterComment = false;
};

std::string_view textOf(const Marked& marked, std::uint32_t lexeme) {
  const Lexeme& l = marked.lexemes.items[lexeme];
  if (l.kind == LexemeKind::GreaterEqual && marked.marks[lexeme].type) return "> =";
  return marked.text.substr(l.begin, l.end - l.begin);
}

std::uint32_t widthOf(std::string_view text) {
  return static_cast<std::uint32_t>(countCodePoints(text));
}

class Layout {
 public:
  explicit Layout(const Marked& marked) : marked_(marked) {
    makeTokens();
    findForced();
  }

  std::string run() {
    for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].comment) {
        comment(i);
      } else {
        lexeme(i);
      }
    }
    return join();
  }

 private:
  struct Frame {
    std::uint32_t group;
    bool broken;
    std::uint32_t base, inner;
  };
  struct Line {
    std::string code, comment;
    bool blankBefore = false;
    bool starts = false;  // the first line of a declaration with what stands in front of it
    bool begins = false;  // the first line of its code
  };

  const Mark& markOf(const Token& token) const { return marked_.marks[token.lexeme]; }
  const Lexeme& lexemeOf(const Token& token) const { return marked_.lexemes.items[token.lexeme]; }

  void makeTokens() {
    const std::vector<Lexeme>& lexemes = marked_.lexemes.items;
    const std::vector<Comment>& comments = marked_.lexemes.comments;
    std::uint32_t end = 0;
    std::size_t next = 0;
    // What stood between two tokens is forgotten, but for line breaks: more than one is a blank
    // line of the author, which is kept.
    const auto add = [&](Token token, std::uint32_t from, std::uint32_t to) {
      const std::string_view between = marked_.text.substr(end, from > end ? from - end : 0);
      const auto lines = std::count(between.begin(), between.end(), '\n');
      token.newLine = lines > 0 || tokens_.empty();
      token.blank = lines > 1;
      token.afterComment = !tokens_.empty() && tokens_.back().comment;
      end = to;
      tokens_.push_back(token);
    };
    for (std::uint32_t i = 0; i < lexemes.size(); ++i) {
      const Lexeme& lexeme = lexemes[i];
      for (; next < comments.size() && comments[next].begin < lexeme.begin; ++next) {
        std::string_view text =
            marked_.text.substr(comments[next].begin, comments[next].end - comments[next].begin);
        // Spaces at the end of a comment are never meant.
        while (!text.empty() &&
               (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
          text.remove_suffix(1);
        }
        Token token;
        token.text = text;
        token.comment = true;
        token.ownLine = comments[next].lineFirst;
        token.lexeme = i;
        add(token, comments[next].begin, comments[next].end);
      }
      if (lexeme.kind == LexemeKind::End || marked_.marks[i].dropped) continue;
      Token token;
      token.text = textOf(marked_, i);
      token.lexeme = i;
      add(token, lexeme.begin, lexeme.end);
      // A comma never stands after a comment.
      std::size_t at = tokens_.size() - 1;
      if (lexeme.kind != LexemeKind::Comma) continue;
      for (; at > 0 && tokens_[at - 1].comment; --at) {
        tokens_[at - 1].lexeme =
            std::min<std::uint32_t>(i + 1, static_cast<std::uint32_t>(lexemes.size() - 1));
        std::swap(tokens_[at], tokens_[at - 1]);
        tokens_[at - 1].afterComment = false;
        tokens_[at].afterComment = at + 1 < tokens_.size() && tokens_[at].afterComment;
      }
    }
    // What a comment stands in front of is the next lexeme that is printed.
    std::uint32_t behind = static_cast<std::uint32_t>(lexemes.size() - 1);
    for (std::size_t i = tokens_.size(); i-- > 0;) {
      if (tokens_[i].comment) {
        tokens_[i].lexeme = behind;
      } else {
        behind = tokens_[i].lexeme;
      }
      tokens_[i].afterComment = i > 0 && tokens_[i - 1].comment;
    }
    tokenOf_.assign(lexemes.size(), 0);
    for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
      if (!tokens_[i].comment) tokenOf_[tokens_[i].lexeme] = i;
    }
  }

  // Which groups are broken whatever their width: a comment, a line that must break, or the
  // author's own break.
  void findForced() {
    forced_.assign(marked_.groups.size(), false);
    firstGroup_.assign(tokens_.size(), -1);
    for (std::size_t g = marked_.groups.size(); g-- > 0;) {
      const Group& group = marked_.groups[g];
      const std::uint32_t from = tokenOf_[group.first], to = tokenOf_[group.last];
      nextGroup_.push_back(firstGroup_[from]);
      firstGroup_[from] = static_cast<std::int32_t>(g);
      const bool block = group.kind == Group::Kind::Block, list = group.kind == Group::Kind::List;
      const bool empty = to == from + 1;
      bool forced = group.always && !empty;
      if ((block || list) && !empty && tokens_[from + 1].newLine) forced = true;
      for (std::uint32_t i = from + 1; i <= to && !forced; ++i) {
        const Token& token = tokens_[i];
        const Mark& mark = markOf(token);
        forced = token.comment || token.afterComment || mark.gap == Gap::Line ||
                 (mark.gap == Gap::Clause && token.newLine);
        if (group.kind == Group::Kind::Operands && mark.gap == Gap::Part &&
            mark.group == static_cast<std::int32_t>(g)) {
          forced = forced || token.newLine || (i + 1 <= to && tokens_[i + 1].newLine);
        }
      }
      forced_[g] = forced;
    }
    std::reverse(nextGroup_.begin(), nextGroup_.end());
    // What a broken group lies in is broken too.
    std::vector<std::size_t> around;
    std::vector<std::int32_t> outer(forced_.size(), -1);
    for (std::size_t g = 0; g < forced_.size(); ++g) {
      while (!around.empty() && marked_.groups[around.back()].last < marked_.groups[g].first) {
        around.pop_back();
      }
      if (!around.empty()) outer[g] = static_cast<std::int32_t>(around.back());
      around.push_back(g);
    }
    for (std::size_t g = forced_.size(); g-- > 0;) {
      if (forced_[g] && outer[g] >= 0) forced_[static_cast<std::size_t>(outer[g])] = true;
    }
  }

  // Lines

  void newLine(std::uint32_t indent, bool blank) {
    if (lines_.empty() || !lines_.back().code.empty() || !lines_.back().comment.empty()) {
      lines_.emplace_back();
    }
    lines_.back().code.assign(indent, ' ');
    lines_.back().blankBefore = blank && lines_.size() > 1;
    indent_ = column_ = indent;
  }
  void put(std::string_view text) {
    lines_.back().code += text;
    const std::size_t line = text.rfind('\n');
    if (line == std::string_view::npos) {
      column_ += widthOf(text);
    } else {
      column_ = widthOf(text.substr(line + 1));
    }
  }

  const Frame* frameOf(std::int32_t group) const {
    for (std::size_t i = stack_.size(); i-- > 0;) {
      if (static_cast<std::int32_t>(stack_[i].group) == group) return &stack_[i];
    }
    return nullptr;
  }

  // Where a line in front of this lexeme is indented to.
  std::uint32_t indentBefore(const Mark& mark, bool comment) const {
    const Frame* frame = frameOf(mark.group);
    switch (mark.gap) {
      case Gap::Item: return frame ? frame->inner : 0;
      case Gap::Part: return frame ? frame->inner : item_;
      case Gap::Close: return frame ? (comment ? frame->inner : frame->base) : 0;
      case Gap::Line: return item_ + mark.indent;
      case Gap::Clause: return item_ + kStep;
      case Gap::Follow: return item_;
      case Gap::Inside: {
        const bool part =
            !stack_.empty() && marked_.groups[stack_.back().group].kind != Group::Kind::Block;
        return (part ? stack_.back().inner : item_) + kFarStep;
      }
    }
    return 0;
  }

  void comment(std::uint32_t i) {
    const Token& token = tokens_[i];
    const Mark& mark = markOf(token);
    const bool end = lexemeOf(token).kind == LexemeKind::End;
    if (!token.ownLine && !lines_.empty()) {
      Line& line = lines_.back();
      if (line.comment.empty()) {
        line.comment = token.text;
        return;
      }
    }
    const bool opened = i > 0 && !tokens_[i - 1].comment && opens(lexemeOf(tokens_[i - 1]).kind);
    const bool items = mark.gap == Gap::Item || mark.gap == Gap::Close || end;
    newLine(end ? 0 : indentBefore(mark, true), token.blank && items && !opened);
    if (((mark.gap == Gap::Item && mark.group < 0) || end) && !inHead_) {
      starts(token.lexeme);
      inHead_ = true;
    }
    put(commentText(token.text));
  }

  // The line just begun is the first of a declaration.
  void starts(std::uint32_t lexeme) {
    lines_.back().starts = true;
    if (lexeme == marked_.body && lines_.size() > 1) lines_.back().blankBefore = true;
  }

  static std::string commentText(std::string_view text) {
    const bool doc = text.substr(0, 3) == "///" && text.substr(0, 4) != "////";
    if (!doc || text.size() == 3 || text[3] == ' ') return std::string(text);
    return "/// " + std::string(text.substr(3));
  }

  void lexeme(std::uint32_t i) {
    const Token& token = tokens_[i];
    const Mark& mark = markOf(token);
    const Frame* frame = frameOf(mark.group);
    bool breaks = token.afterComment || i == 0;
    switch (mark.gap) {
      case Gap::Item: breaks = breaks || mark.group < 0 || (frame && frame->broken); break;
      case Gap::Part: breaks = breaks || (frame && frame->broken); break;
      case Gap::Close: breaks = breaks || (frame && frame->broken); break;
      case Gap::Line: breaks = true; break;
      case Gap::Clause: breaks = breaks || token.newLine || !clauseFits(i); break;
      case Gap::Follow:
      case Gap::Inside: break;
    }
    if (breaks) {
      const bool opened = i > 0 && !tokens_[i - 1].comment && opens(lexemeOf(tokens_[i - 1]).kind);
      newLine(indentBefore(mark, false), mark.gap == Gap::Item && token.blank && !opened);
    } else {
      const Token& left = tokens_[i - 1];
      const std::uint32_t space =
          spaced(lexemeOf(left), markOf(left), lexemeOf(token), mark) ? 1 : 0;
      const std::uint32_t spaces =
          opensBroken(i, column_ + space + mark.pad) ? space : space + mark.pad;
      lines_.back().code.append(spaces, ' ');
      column_ += spaces;
    }
    if (mark.gap == Gap::Item && breaks) {
      item_ = indent_;
      if (mark.group < 0) {
        if (!inHead_) starts(token.lexeme);
        lines_.back().begins = true;
        inHead_ = false;
      }
    }
    for (std::int32_t g = firstGroup_[i]; g >= 0; g = nextGroup_[static_cast<std::size_t>(g)]) {
      open(static_cast<std::uint32_t>(g), i);
    }
    put(token.text);
    while (!stack_.empty() && tokenOf_[marked_.groups[stack_.back().group].last] == i) {
      if (marked_.groups[stack_.back().group].kind == Group::Kind::Block) {
        item_ = stack_.back().base;
      }
      stack_.pop_back();
    }
  }

  void open(std::uint32_t g, std::uint32_t token) {
    const Group& group = marked_.groups[g];
    bool within = false;  // a part of something that stands on one line
    for (const Frame& frame : stack_) within = within || !frame.broken;
    Frame frame{g, forced_[g] || (!within && !groupFits(g, token, column_)), indent_,
                indent_ + kStep};
    if (group.kind == Group::Kind::Operands) frame.inner = indent_ + kFarStep;
    if (group.kind == Group::Kind::Block) {
      frame.base = item_;
      frame.inner = item_ + kStep;
    }
    stack_.push_back(frame);
  }

  // Adds the width of a token on one line; false when the line is over, with it or before.
  bool advance(std::uint32_t i, std::uint32_t& width, bool withSpace) const {
    const Token& token = tokens_[i];
    if (withSpace && i > 0) {
      const Token& left = tokens_[i - 1];
      width += markOf(token).pad +
               (spaced(lexemeOf(left), markOf(left), lexemeOf(token), markOf(token)) ? 1 : 0);
    }
    const std::size_t line = token.text.find('\n');
    width += widthOf(token.text.substr(0, line));
    return line == std::string_view::npos;
  }

  // Whether a block begins here that will be broken; it needs no alignment.
  bool opensBroken(std::uint32_t i, std::uint32_t column) const {
    if (firstGroup_[i] < 0) return false;
    const auto g = static_cast<std::uint32_t>(firstGroup_[i]);
    return marked_.groups[g].kind == Group::Kind::Block && (forced_[g] || !groupFits(g, i, column));
  }

  bool groupFits(std::uint32_t g, std::uint32_t from, std::uint32_t width) const {
    const std::uint32_t last = tokenOf_[marked_.groups[g].last];
    for (std::uint32_t i = from; i < tokens_.size(); ++i) {
      const Gap gap = markOf(tokens_[i]).gap;
      if (i > last && (tokens_[i].comment || (gap != Gap::Inside && gap != Gap::Follow))) break;
      if (!advance(i, width, i > from)) break;
      if (width > kLineWidth) return false;
    }
    return width <= kLineWidth;
  }

  bool clauseFits(std::uint32_t from) const {
    std::uint32_t width = column_;
    for (std::uint32_t i = from; i < tokens_.size(); ++i) {
      const Gap gap = markOf(tokens_[i]).gap;
      if (i > from &&
          (tokens_[i].comment || gap == Gap::Clause || gap == Gap::Line || gap == Gap::Item)) {
        break;
      }
      if (i > from && gap == Gap::Close && frameOf(markOf(tokens_[i]).group) != nullptr &&
          frameOf(markOf(tokens_[i]).group)->broken) {
        break;
      }
      if (!advance(i, width, true)) break;
      if (width > kLineWidth) return false;
    }
    return width <= kLineWidth;
  }

  std::string join() {
    separate();
    align();
    std::string out;
    for (const Line& line : lines_) {
      if (line.blankBefore) out += '\n';
      out += line.code;
      out += '\n';
    }
    return out;
  }

  // Declarations of several lines stand apart.
  void separate() {
    std::size_t before = 2;  // lines of the declaration before
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (!lines_[i].starts) continue;
      const std::size_t here = codeLinesFrom(i);
      if (i > 0 && (before > 1 || here > 1)) lines_[i].blankBefore = true;
      before = here;
    }
  }

  // Comments after the code of neighbouring lines begin in one column.
  void align() {
    for (std::size_t i = 0; i < lines_.size();) {
      std::size_t end = i;
      std::uint32_t width = 0;
      const std::size_t indent = lines_[i].code.find_first_not_of(' ');
      for (; end < lines_.size() && !lines_[end].comment.empty(); ++end) {
        if (end > i &&
            (lines_[end].blankBefore || lines_[end].code.find_first_not_of(' ') != indent)) {
          break;
        }
        width = std::max(width, codeWidth(lines_[end]));
      }
      for (std::size_t at = i; at < end; ++at) {
        Line& line = lines_[at];
        line.code.append(width - codeWidth(line) + 2, ' ');
        line.code += commentText(line.comment);
      }
      i = std::max(end, i + 1);
    }
  }

  static std::uint32_t codeWidth(const Line& line) {
    const std::size_t last = line.code.rfind('\n');
    return widthOf(last == std::string::npos ? std::string_view(line.code)
                                             : std::string_view(line.code).substr(last + 1));
  }
  std::size_t codeLinesFrom(std::size_t start) const {
    std::size_t at = start;
    while (at < lines_.size() && !lines_[at].begins) ++at;
    std::size_t count = 1;
    while (at + count < lines_.size() && !lines_[at + count].starts) ++count;
    return at < lines_.size() ? count : 1;
  }

  const Marked& marked_;
  std::vector<Token> tokens_;
  std::vector<std::uint32_t> tokenOf_;  // by lexeme
  // by token: the outermost group that begins with it
  std::vector<std::int32_t> firstGroup_;
  // by group: the next one inwards that begins with the same token
  std::vector<std::int32_t> nextGroup_;
  std::vector<bool> forced_;
  std::vector<Frame> stack_;
  std::vector<Line> lines_;
  std::uint32_t indent_ = 0, column_ = 0;  // of the line being written
  std::uint32_t item_ = 0;                 // where the item being written is indented to
  bool inHead_ = false;                    // among the comments in front of a declaration
};

}  // namespace

std::string layOut(const Marked& marked) { return Layout(marked).run(); }

std::string onOneLine(const Marked& marked, std::uint32_t first, std::uint32_t last) {
  std::string out;
  std::uint32_t left = first;
  for (std::uint32_t i = first; i <= last; ++i) {
    if (marked.marks[i].dropped) continue;
    const std::vector<Lexeme>& lexemes = marked.lexemes.items;
    if (!out.empty() && spaced(lexemes[left], marked.marks[left], lexemes[i], marked.marks[i])) {
      out += ' ';
    }
    out += textOf(marked, i);
    left = i;
  }
  return out;
}

}  // namespace reticle
