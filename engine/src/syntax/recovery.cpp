// Complaints, and finding the way back after a mistake.
#include <algorithm>
#include <cstdlib>

#include "syntax/text_parser.h"

namespace reticle {

// Past so many, mistakes are not even kept.
constexpr std::size_t kMaxKept = 1000;

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

int editDistance(std::string_view a, std::string_view b, int limit) {
  if (a.size() > 40 || b.size() > 40) return limit + 1;
  const int n = static_cast<int>(a.size()), m = static_cast<int>(b.size());
  if (std::abs(n - m) > limit) return limit + 1;
  int rows[3][42];
  int *before = rows[0], *last = rows[1], *now = rows[2];
  for (int j = 0; j <= m; ++j) last[j] = j;
  for (int i = 1; i <= n; ++i) {
    now[0] = i;
    for (int j = 1; j <= m; ++j) {
      now[j] =
          std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], before[j - 2] + 1);
      }
    }
    int* spare = before;
    before = last;
    last = now;
    now = spare;
  }
  return std::min(last[m], limit + 1);
}

std::string_view TextParser::nearest(std::string_view word, Words words) const {
  std::string_view best;
  int distance = word.size() < 5 ? 1 : 2;
  for (const std::string_view candidate : words) {
    // Short words are near to everything: one slip at most, and the same first letter unless two
    // letters changed places.
    const int limit = candidate.size() < 4 ? 1 : distance;
    const int d = editDistance(word, candidate, limit);
    if (d > limit || (best.size() > 0 && d >= distance)) continue;
    if (candidate.size() < 4 && candidate[0] != word[0]) continue;
    best = candidate;
    distance = d;
  }
  return best;
}

// Complaints

Complaint TextParser::complain(std::string code, Span span, std::string message) {
  const bool echo = recovering_ || span.begin == complainedAt_ || (is(End) && lexemes_.cutShort);
  const bool known = at().bad && span.begin <= at().end && span.end >= at().begin;
  if (echo || known || diagnostics_.size() - firstDiagnostic_ > kMaxKept) return Complaint(nullptr);
  complainedAt_ = span.begin;
  Diagnostic& d = diagnostics_.emplace_back();
  d.code = std::move(code);
  d.message = std::move(message);
  d.span = span;
  return Complaint(&diagnostics_);
}

Complaint TextParser::fail(std::string code, Span span, std::string message) {
  const Complaint complaint = complain(std::move(code), span, std::move(message));
  recovering_ = true;
  return complaint;
}

Complaint TextParser::missingValue() {
  const Lexeme& here = at();
  const Lexeme& last = previous();
  const bool ends = is(End) || is(BraceClose) || is(ParenClose) || is(BracketClose) || is(Comma) ||
                    is(Semicolon) || here.lineFirst || !is(Word);
  if (next_ == 0 || !ends) return fail("RL0023", spanOf(here), shown(here) + " is not a value");
  if (operandStarts()) {
    return fail("RL0023", spanOf(last), "a value is missing after " + shown(last));
  }
  if (last.kind == ParenOpen || last.kind == BracketOpen || last.kind == Comma || is(Star) ||
      is(Slash) || is(Equal) || is(NotEqual) || is(Less) || is(Greater) || is(And) || is(Or) ||
      is(Plus) || is(Assign) || is(LessEqual) || is(GreaterEqual)) {
    if (!is(End) && !is(BraceClose) && !here.lineFirst) {
      return fail("RL0023", spanOf(here), "a value is missing before " + shown(here));
    }
  }
  if (last.kind == TemplateHead || last.kind == TemplateMiddle) {
    return fail("RL0025", {file_, last.end - 1, last.end}, "this hole of the template is empty")
        .help(
            "put an expression between `{` and `}`, or write `{{` and `}}` for the signs "
            "themselves");
  }
  return fail("RL0023", spanOf(last), "a value is missing after " + shown(last));
}

void TextParser::reserved(const Lexeme& word, std::string_view what) {
  const std::string text(textOf(word));
  Complaint c =
      complain("RL1010", spanOf(word),
               "`" + text + "` is a word of the expression language and cannot be a name");
  if (what == "rule") {
    c.fix("put it in quotes: `rule \"" + text + "\"`", spanOf(word), "\"" + text + "\"");
  } else {
    c.fix("choose another name, for example `" + text + "_`", spanOf(word), text + "_");
  }
}

bool TextParser::takeWordOrTypo(std::string_view word) {
  if (takeWord(word)) return true;
  if (!is(Word) || at().reserved || nearest(textOf(at()), {word}).empty()) return false;
  complain("RL0015", spanOf(at()), shown(at()) + " should probably be `" + std::string(word) + "`")
      .write(spanOf(at()), std::string(word));
  take();
  return true;
}

// Where things begin

bool TextParser::declarationStarts(std::uint32_t ahead) const {
  if (!is(Word, ahead)) return false;
  const std::string_view word = textOf(at(ahead));
  const auto named = [&](std::initializer_list<LexemeKind> then) {
    if (!is(Word, ahead + 1)) return false;
    for (const LexemeKind kind : then) {
      if (is(kind, ahead + 2)) return true;
    }
    return false;
  };
  if (word == "rule") {
    return is(String, ahead + 1) ||
           (is(Word, ahead + 1) && (is(Word, ahead + 2) || is(BraceOpen, ahead + 2)));
  }
  if (word == "test") return is(String, ahead + 1);
  if (word == "fact" || word == "enum") return named({BraceOpen});
  if (word == "event" || word == "subject") return named({BraceOpen, Word});
  if (word == "const") return named({Assign, Colon});
  if (word == "function" || word == "table" || word == "query" || word == "flow") {
    return named({ParenOpen});
  }
  if (word == "host") {
    return (isWord("function", ahead + 1) || isWord("pure", ahead + 1)) && is(Word, ahead + 2);
  }
  return false;
}

bool TextParser::itemStarts(Inside inside, std::uint32_t ahead) const {
  if (is(BraceClose, ahead) || is(End, ahead)) return true;
  if (inside == Inside::Rows) return is(Bar, ahead) || isWord("default", ahead);
  if (inside == Inside::Module) return declarationStarts(ahead);
  if (!is(Word, ahead)) return false;
  if (inside == Inside::Values) return true;
  if (is(Colon, ahead + 1)) {
    return inside == Inside::Fields || (inside == Inside::Conditions && typeStarts(ahead + 2));
  }
  switch (inside) {
    case Inside::Fields: return isAnyWord({"key", "ext"}, ahead) && is(Word, ahead + 1);
    case Inside::Conditions:
      if (typeStarts(ahead)) return true;
      if (isAnyWord({"not", "exists"}, ahead)) {
        return is(Word, ahead + 1) || is(BraceOpen, ahead + 1);
      }
      if (isWord("either", ahead)) return is(BraceOpen, ahead + 1);
      if (isAnyWord({"forall", "accumulate", "each", "let"}, ahead)) {
        return is(Word, ahead + 1) || is(BraceOpen, ahead + 1);
      }
      return isWord("if", ahead);
    case Inside::Steps:
    case Inside::Doings:
    case Inside::Actions: {
      const bool valueNext = operandStarts(ahead + 1);
      if (isAnyWord({"insert", "upsert", "set", "unset", "update", "retract", "emit", "call",
                     "start", "signal", "cancel", "log", "let", "if", "for", "focus"},
                    ahead)) {
        return valueNext;
      }
      if (isWord("halt", ahead)) return true;
      if (inside == Inside::Steps) {
        if (isAnyWord({"step", "sleep", "wait", "fail", "return", "restart", "branch"}, ahead)) {
          return valueNext;
        }
        if (isAnyWord({"parallel", "try"}, ahead)) {
          return is(BraceOpen, ahead + 1) || is(Word, ahead + 1);
        }
        return isWord("compensate", ahead);
      }
      if (inside == Inside::Doings) {
        return isAnyWord({"clock", "settle", "advance", "crash", "host"}, ahead);
      }
      return false;
    }
    case Inside::Sections:
      return isAnyWord({"given", "when", "expect"}, ahead) && is(BraceOpen, ahead + 1);
    case Inside::Expects:
      return isAnyWord({"exists", "not", "count", "emitted", "fired", "called", "flow", "check"},
                       ahead) &&
             operandStarts(ahead + 1);
    case Inside::Module:
    case Inside::Values:
    case Inside::Rows: break;
  }
  return false;
}

// Blocks

TextParser::Block TextParser::openBlock(Inside inside, std::string what, const Lexeme& owner) {
  Block block{next_, true, inside, std::move(what)};
  if (recovering_) return block;
  if (takeIf(BraceOpen)) return block;
  block.opened = false;
  // The block may be there without its brace; else nothing of it is.
  if (itemStarts(inside) && !is(BraceClose) && !is(End) && !declarationStarts()) {
    const std::size_t complaintsSoFar = diagnostics_.size();
    complain("RL0011", spanOf(at()), "the `{` of the " + block.what + " is missing")
        .label("the block begins here")
        .related(spanOf(owner), "of this")
        .fix("add `{` after " + shown(previous()), after(spanOf(previous())), " {");
    if (complaintsSoFar < diagnostics_.size()) block.complaint = complaintsSoFar;
    // `if x log "a"`: the block is what stands on this line.
    block.single = at().line == previous().line;
    return block;
  }
  fail("RL0011", spanOf(owner), "the " + block.what + " is missing")
      .label("it stands between `{` and `}` behind this")
      .help("an empty block is written `{ }`");
  return block;
}

// Whether what stands here belongs to something outside of the block, so that a `}` must have been
// forgotten.
bool TextParser::closedFromOutside(const Block& block) const {
  if (!is(Word) || is(Colon, 1)) return false;
  const bool outward = at().lineIndent <= lexemes_.items[block.open].lineIndent;
  if (declarationStarts()) {
    return block.inside == Inside::Fields || block.inside == Inside::Values
               ? at().lineFirst && outward
               : true;
  }
  const bool brace = is(BraceOpen, 1);
  switch (block.inside) {
    case Inside::Conditions:
      return (isWord("then") && (brace || at().lineFirst)) || (isWord("or") && brace) ||
             (isWord("satisfies") && brace);
    case Inside::Actions: return isAnyWord({"else", "when", "then"}) && brace;
    case Inside::Steps:
      return (isAnyWord({"else", "catch", "when", "then"}) && brace) ||
             (isWord("on") && isAnyWord({"failure", "cancel", "timeout"}, 1));
    case Inside::Doings:
    case Inside::Expects: return isAnyWord({"given", "when", "expect"}) && brace;
    case Inside::Fields:
    case Inside::Values:
    case Inside::Rows:
    case Inside::Sections:
    case Inside::Module: return false;
  }
  return false;
}

void TextParser::reportOpenBlock(const Block& block) {
  if (!block.opened && block.complaint != kNone) {
    // Neither brace is there: one fix adds both.
    Fix& fix = diagnostics_[block.complaint].fixes.front();
    if (is(End)) {
      fix.edits.push_back({spanOf(at()), "\n}\n"});
    } else {
      fix.edits.push_back({{file_, lineStartOf(at()), lineStartOf(at())},
                           std::string(at().lineIndent, ' ') + "}\n"});
    }
    fix.title += is(End) ? " and `}` at the end of the file"
                         : " and `}` before line " + std::to_string(at().line);
  }
  if (openReportedAt_ == next_ || !block.opened) return;
  openReportedAt_ = next_;
  if (suspect_ && suspect_->end.begin != at().begin) {
    const Lexeme& open = lexemes_.items[suspect_->block.open];
    const Lexeme& end = suspect_->end;
    const std::string line = std::to_string(end.line);
    complainedAt_ = 0xffffffff;
    complain("RL0009", spanOf(end), "this " + suspect_->block.what + " is never closed")
        .label(end.kind == BraceClose
                   ? "this `}` stands further left, so it closes something around the block"
                   : "this line stands no further right than the one with the `{`, so the block "
                     "above should have ended")
        .related(spanOf(open), "opened here")
        .fix("add `}` on a line of its own before line " + line,
             {file_, lineStartOf(end), lineStartOf(end)},
             std::string(open.lineIndent, ' ') + "}\n");
    suspect_.reset();
    return;
  }
  const Lexeme& open = lexemes_.items[block.open];
  if (is(End)) {
    complain("RL0009", spanOf(open), "this " + block.what + " is never closed")
        .label("opened here; the file ends before it is closed")
        .fix("add `}` at the end of the file", spanOf(at()), "\n}\n");
    return;
  }
  const std::string line = std::to_string(at().line);
  complain("RL0009", spanOf(at()), "this " + block.what + " is never closed")
      .label("`" + std::string(textOf(at())) +
             "` starts here, so the block above should have ended")
      .related(spanOf(open), "opened here")
      .fix("add `}` on a line of its own before line " + line,
           {file_, lineStartOf(at()), lineStartOf(at())}, std::string(open.lineIndent, ' ') + "}\n")
      .note("reading continued as if the `}` were there, so later errors are real");
}

bool TextParser::blockEnds(const Block& block) {
  if (block.single && !block.opened && at().lineFirst && next_ > block.open) {
    if (block.complaint != kNone) {
      Fix& fix = diagnostics_[block.complaint].fixes.front();
      fix.edits.push_back({after(spanOf(previous())), " }"});
      fix.title += " and `}` after " + shown(previous());
    }
    return true;
  }
  // The `end` of other languages, where no `{` was either.
  if (!block.opened && isWord("end") && at().lineFirst) {
    if (block.complaint != kNone) {
      Fix& fix = diagnostics_[block.complaint].fixes.front();
      fix.edits.push_back({spanOf(at()), "}"});
      fix.title += " and `}` instead of `end`";
    }
    take();
    return true;
  }
  while (is(ParenClose) || is(BracketClose)) {
    complain("RL0010", spanOf(at()), shown(at()) + " closes nothing")
        .fix("remove it", spanOf(at()), "");
    take();
  }
  const Lexeme& open = lexemes_.items[block.open];
  if (!suspect_ && block.opened && !is(End) && at().lineFirst && at().line != open.line &&
      lexemes_.items[block.open + 1].lineIndent > open.lineIndent) {
    if (is(BraceClose) ? at().lineIndent < open.lineIndent : at().lineIndent <= open.lineIndent) {
      suspect_ = Suspect{block, at()};
    }
  }
  if (takeIf(BraceClose)) return true;
  if (!is(End) && !closedFromOutside(block)) return false;
  reportOpenBlock(block);
  return true;
}

void TextParser::endItem(const Block& block, std::uint32_t began) {
  if (recovering_) {
    if (next_ == began && !is(End) && !is(BraceClose)) take();
    const Lexeme& item = lexemes_.items[began];
    skipToItem(block.inside, item.lineFirst ? &item : nullptr);
    recovering_ = false;
    return;
  }
  if (takeIf(Semicolon)) {
    while (takeIf(Semicolon)) {}
    return;
  }
  if (is(Comma)) {
    if (block.inside != Inside::Fields && block.inside != Inside::Values) {
      const char* items = block.inside == Inside::Conditions ? "conditions stand"
                          : block.inside == Inside::Rows     ? "rows stand"
                          : block.inside == Inside::Steps    ? "steps stand"
                          : block.inside == Inside::Expects  ? "expectations stand"
                                                             : "actions stand";
      complain("RL0022", spanOf(at()), std::string(items) + " one below the other, without `,`")
          .fix("remove the `,`", spanOf(at()), "");
    }
    take();
    return;
  }
  if (next_ == began && !is(End) && !is(BraceClose) && !closedFromOutside(block)) take();
}

// After a mistake: to the next place where an item of the block can begin, at its end, or where the
// block must have ended.
// `item` is where the mistaken item began, when that was at the start of a line: a line as far left
// begins another.
void TextParser::skipToItem(Inside inside, const Lexeme* item) {
  int braces = 0, others = 0;
  const std::uint32_t line = item != nullptr ? item->line : 0,
                      indent = item != nullptr ? item->lineIndent : 0;
  while (!is(End)) {
    const Lexeme& here = at();
    if (here.kind == BraceClose) {
      if (braces == 0) return;
      --braces;
    } else if (here.kind == BraceOpen) {
      ++braces;
    } else if (here.kind == ParenOpen || here.kind == BracketOpen) {
      ++others;
    } else if (here.kind == ParenClose || here.kind == BracketClose) {
      if (others > 0) --others;
    } else if (here.lineFirst && declarationStarts()) {
      return;
    } else if (braces == 0) {
      if (here.kind == Semicolon && others == 0) {
        take();
        return;
      }
      if (here.lineFirst && itemStarts(inside) && (others == 0 || !is(Word) || !typeStarts())) {
        return;
      }
      const bool clause =
          is(BraceOpen, 1) && isAnyWord({"then", "when", "given", "expect", "else", "catch"});
      if (clause && here.lineFirst) return;
      const bool beside =
          item != nullptr && here.lineFirst && here.line > line && here.lineIndent <= indent &&
          (here.kind == Word || here.kind == Int || here.kind == Double || here.kind == Not);
      if (beside && others == 0 &&
          !isAnyWord({"into", "group", "retry", "timeout", "undo", "ignore", "or", "satisfies",
                      "within", "over", "held", "else", "catch"})) {
        return;
      }
    }
    take();
  }
}

void TextParser::skipBalanced() {
  int depth = 0;
  while (!is(End)) {
    if (is(BraceOpen)) ++depth;
    if (is(BraceClose) && --depth <= 0) {
      if (depth == 0) take();
      return;
    }
    take();
  }
}

// After a mistake in a list: to its next `,` or its end. False when the list seems to have no end.
bool TextParser::skipInList(LexemeKind close) {
  int depth = 0;
  while (!is(End)) {
    const LexemeKind kind = at().kind;
    if (depth == 0 && (kind == Comma || kind == close)) {
      recovering_ = false;
      return true;
    }
    if (at().lineFirst && (declarationStarts() ||
                           (kind == Word && is(BraceOpen, 1) && isAnyWord({"then", "when"})))) {
      return false;
    }
    if (depth == 0 && at().lineFirst && inside_ != Inside::Fields && inside_ != Inside::Values &&
        !typeStarts() && kind == Word && itemStarts(inside_)) {
      return false;
    }
    if (kind == ParenOpen || kind == BracketOpen || kind == BraceOpen) ++depth;
    if (kind == ParenClose || kind == BracketClose || kind == BraceClose) {
      if (depth == 0) return false;
      --depth;
    }
    take();
  }
  return false;
}

std::uint32_t TextParser::closing(std::uint32_t open) const {
  int depth = 0;
  for (std::uint32_t i = open; i < lexemes_.items.size(); ++i) {
    const LexemeKind kind = lexemes_.items[i].kind;
    if (kind == ParenOpen || kind == BracketOpen || kind == BraceOpen) ++depth;
    if ((kind == ParenClose || kind == BracketClose || kind == BraceClose) && --depth == 0) {
      return i;
    }
  }
  return 0;
}

std::vector<Edit> TextParser::bracesFor(std::uint32_t open) const {
  std::vector<Edit> edits{{spanOf(lexemes_.items[open]), "{"}};
  const std::uint32_t close = closing(open);
  if (close > 0 && lexemes_.items[close].kind == ParenClose) {
    edits.push_back({spanOf(lexemes_.items[close]), "}"});
  }
  return edits;
}

std::vector<Edit> TextParser::renames(const tree::Name& name, const std::string& to) const {
  std::vector<Edit> edits{{name.span, to}};
  int depth = 0;
  for (std::uint32_t i = next_; i + 1 < lexemes_.items.size(); ++i) {
    const Lexeme& lexeme = lexemes_.items[i];
    if (lexeme.lineFirst && depth <= 0 && declarationStarts(i - next_)) break;
    if (lexeme.kind == BraceOpen) ++depth;
    if (lexeme.kind == BraceClose) --depth;
    const bool member = lexemes_.items[i - 1].kind == Dot ||
                        lexemes_.items[i + 1].kind == ParenOpen ||
                        lexemes_.items[i + 1].kind == BraceOpen;
    if (lexeme.kind == Word && !member && textOf(lexeme) == name.text) {
      edits.push_back({spanOf(lexeme), to});
    }
  }
  return edits;
}

TextParser::ListStep TextParser::endListItem(const Lexeme& open, LexemeKind close,
                                             std::string_view what) {
  if (takeIf(Comma)) {
    if (is(Comma)) {
      complain("RL0022", spanOf(at()), "one `,` too many").fix("remove it", spanOf(at()), "");
      while (takeIf(Comma)) {}
    }
    return ListStep::Again;
  }
  if (is(close)) return ListStep::Again;
  const std::string items(what);
  if (is(Semicolon)) {
    complain("RL0022", spanOf(at()), items + " are separated by `,`").write(spanOf(at()), ",");
    take();
    return ListStep::Again;
  }
  const Lexeme& here = at();
  const bool newItem =
      here.lineFirst && (itemStarts(inside_) || here.lineIndent <= open.lineIndent);
  const bool wrongClose = is(ParenClose) || is(BracketClose) || is(BraceClose);
  if (is(End) || newItem || wrongClose || !operandStarts() || is(BraceOpen)) {
    const std::string sign = close == ParenClose     ? ")"
                             : close == BracketClose ? "]"
                             : close == Greater      ? ">"
                                                     : "}";
    const bool swapped =
        wrongClose && !here.lineFirst &&
        ((close == ParenClose && is(BraceClose)) || (close == BracketClose && is(ParenClose)) ||
         (close == BraceClose && is(ParenClose)) || (close == ParenClose && is(BracketClose)) ||
         (close == BraceClose && is(BracketClose)));
    // `(a, b}`: the wrong sign was typed, unless that sign closes something around.
    if (swapped && !(is(BraceClose) && blockNesting_ > 0)) {
      complain("RL0009", spanOf(here), "this closes nothing: a " + shown(open) + " is open")
          .related(spanOf(open), "opened here")
          .write(spanOf(here), sign);
      take();
      return ListStep::End;
    }
    if (!is(End) && !newItem && !wrongClose && !is(BraceOpen)) {
      fail("RL0022", spanOf(here), shown(here) + " does not belong here")
          .related(spanOf(open), "inside this")
          .help(items + " are separated by `,`");
      return skipInList(close) ? ListStep::Again : ListStep::End;
    }
    complain("RL0009", spanOf(open), "this " + shown(open) + " is never closed")
        .fix("add `" + sign + "` after " + shown(previous()), after(spanOf(previous())), sign);
    return ListStep::End;
  }
  if (is(Range, 1) || is(RangeOpen, 1)) {
    fail("RL0029", spanOf(here), "`in` is missing in front of the range")
        .fix("write `in`", before(spanOf(here)), "in ");
    return skipInList(close) ? ListStep::Again : ListStep::End;
  }
  complain("RL0022", spanOf(here), "a `,` is missing before " + shown(here))
      .help(items + " are separated by `,`")
      .fix("add `,` after " + shown(previous()), after(spanOf(previous())), ",");
  return ListStep::Again;
}

}  // namespace reticle
