// Where blocks and lists begin and end, what is said when their signs are missing, and how the
// parser skips what it cannot read.
#include "syntax/blocks.h"

namespace reticle {
namespace {

using enum LexemeKind;

std::string_view signOf(LexemeKind close) {
  return close == ParenClose ? ")" : close == BracketClose ? "]" : close == Greater ? ">" : "}";
}

// How the items of a block are spoken of; empty where a `,` may stand between them.
std::string_view itemsStand(Inside inside) {
  switch (inside) {
    case Inside::Fields:
    case Inside::Values: return {};
    case Inside::Conditions: return "conditions stand";
    case Inside::Rows: return "rows stand";
    case Inside::Steps: return "steps stand";
    case Inside::Expects: return "expectations stand";
    case Inside::Module:
    case Inside::Actions:
    case Inside::TestActions:
    case Inside::Sections: return "actions stand";
  }
  return {};
}

}  // namespace

// Blocks

Blocks::Block Blocks::open(Inside inside, std::string what, const Lexeme& owner) {
  Block block{l_.position(), true, inside, std::move(what), false, {}};
  if (complaints_.recovering() || l_.takeIf(BraceOpen)) return block;
  block.opened = false;
  // The block may be there without its brace; else nothing of it is.
  if (itemStarts(l_, inside) && !l_.is(BraceClose) && !l_.is(End) && !declarationStarts(l_)) {
    block.missingBrace =
        complaints_
            .complain("RL0011", l_.spanOf(l_.at()), "the `{` of the " + block.what + " is missing")
            .label("the block begins here")
            .related(l_.spanOf(owner), "of this")
            .fix("add `{` after " + l_.shown(l_.spanOf(l_.previous())), afterLast(), " {");
    // `if x log "a"`: the block is what stands on this line.
    block.single = l_.at().line == l_.previous().line;
    return block;
  }
  complaints_.fail("RL0011", l_.spanOf(owner), "the " + block.what + " is missing")
      .label("it stands between `{` and `}` behind this")
      .help("an empty block is written `{ }`");
  return block;
}

bool Blocks::enter() {
  if (++nesting_ <= kMaxNesting) return true;
  complaints_.fail("RL0024", l_.spanOf(l_.previous()), "blocks are nested deeper than 64 levels");
  skipBalanced();
  leave();
  return false;
}

// Whether what stands here belongs to something outside of the block, so that a `}` must have been
// forgotten.
bool Blocks::closedFromOutside(const Block& block) const {
  if (!l_.is(Word) || l_.is(Colon, 1)) return false;
  if (declarationStarts(l_)) {
    // A field or value may be called `rule`: only a line that stands further left ends these.
    const bool outward = l_.at().lineIndent <= l_.lexeme(block.open).lineIndent;
    return (block.inside != Inside::Fields && block.inside != Inside::Values) ||
           (l_.at().lineFirst && outward);
  }
  const bool brace = l_.is(BraceOpen, 1);
  switch (block.inside) {
    case Inside::Conditions:
      return (l_.isWord("then") && (brace || l_.at().lineFirst)) || (l_.isWord("or") && brace) ||
             (l_.isWord("satisfies") && brace);
    case Inside::Actions: return l_.isAnyWord({"else", "when", "then"}) && brace;
    case Inside::Steps:
      return (l_.isAnyWord({"else", "catch", "when", "then"}) && brace) ||
             (l_.isWord("on") && l_.isAnyWord({"failure", "cancel", "timeout"}, 1));
    case Inside::TestActions:
    case Inside::Expects: return l_.isAnyWord({"given", "when", "expect"}) && brace;
    case Inside::Fields:
    case Inside::Values:
    case Inside::Rows:
    case Inside::Sections:
    case Inside::Module: return false;
  }
  return false;
}

void Blocks::reportOpen(Block& block) {
  if (!block.opened) {
    // Neither brace is there: one fix adds both.
    const bool atEnd = l_.is(End);
    const Edit edit = atEnd ? Edit{l_.spanOf(l_.at()), "\n}\n"}
                            : Edit{lineOf(l_.at()), std::string(l_.at().lineIndent, ' ') + "}\n"};
    block.missingBrace.extendFix(edit,
                                 atEnd ? " and `}` at the end of the file"
                                       : " and `}` before line " + std::to_string(l_.at().line));
  }
  if (openReportedAt_ == l_.position() || !block.opened) return;
  openReportedAt_ = l_.position();
  if (suspect_ && suspect_->end.begin != l_.at().begin) return reportSuspect();
  const Lexeme& open = l_.lexeme(block.open);
  if (l_.is(End)) {
    complaints_.complain("RL0009", l_.spanOf(open), "this " + block.what + " is never closed")
        .label("opened here; the file ends before it is closed")
        .fix("add `}` at the end of the file", l_.spanOf(l_.at()), "\n}\n");
    return;
  }
  complaints_.complain("RL0009", l_.spanOf(l_.at()), "this " + block.what + " is never closed")
      .label("`" + std::string(l_.textOf(l_.at())) +
             "` starts here, so the block above should have ended")
      .related(l_.spanOf(open), "opened here")
      .fix("add `}` on a line of its own before line " + std::to_string(l_.at().line),
           lineOf(l_.at()), std::string(open.lineIndent, ' ') + "}\n")
      .note("reading continued as if the `}` were there, so later errors are real");
}

// Blames the block that its indentation says has ended.
void Blocks::reportSuspect() {
  const Lexeme& open = l_.lexeme(suspect_->block.open);
  const Lexeme& end = suspect_->end;
  complaints_.forgetPlace();
  complaints_
      .complain("RL0009", l_.spanOf(end), "this " + suspect_->block.what + " is never closed")
      .label(end.kind == BraceClose
                 ? "this `}` stands further left, so it closes something around the block"
                 : "this line stands no further right than the one with the `{`, so the block "
                   "above should have ended")
      .related(l_.spanOf(open), "opened here")
      .fix("add `}` on a line of its own before line " + std::to_string(end.line), lineOf(end),
           std::string(open.lineIndent, ' ') + "}\n");
  suspect_.reset();
}

// The end of a block that had no `{` either: its line's, or the `end` of other languages.
bool Blocks::endsWithoutBrace(Block& block) {
  if (block.opened) return false;
  if (block.single && l_.at().lineFirst && l_.position() > block.open) {
    block.missingBrace.extendFix({afterLast(), " }"},
                                 " and `}` after " + l_.shown(l_.spanOf(l_.previous())));
    return true;
  }
  if (!l_.isWord("end") || !l_.at().lineFirst) return false;
  block.missingBrace.extendFix({l_.spanOf(l_.at()), "}"}, " and `}` instead of `end`");
  l_.take();
  return true;
}

// Remembers the block when the line here stands too far left to be inside of it.
void Blocks::suspect(const Block& block) {
  const Lexeme& open = l_.lexeme(block.open);
  const Lexeme& here = l_.at();
  if (suspect_ || !block.opened || l_.is(End) || !here.lineFirst || here.line == open.line) return;
  if (l_.lexeme(block.open + 1).lineIndent <= open.lineIndent) return;
  const bool left =
      l_.is(BraceClose) ? here.lineIndent < open.lineIndent : here.lineIndent <= open.lineIndent;
  if (left) suspect_ = Suspect{block, here};
}

bool Blocks::ends(Block& block) {
  if (endsWithoutBrace(block)) return true;
  while (l_.is(ParenClose) || l_.is(BracketClose)) {
    const Span sign = l_.spanOf(l_.at());
    complaints_.complain("RL0010", sign, l_.shown(sign) + " closes nothing")
        .fix("remove it", sign, "");
    l_.take();
  }
  suspect(block);
  if (l_.takeIf(BraceClose)) return true;
  if (!l_.is(End) && !closedFromOutside(block)) return false;
  reportOpen(block);
  return true;
}

void Blocks::endItem(const Block& block, std::uint32_t began) {
  if (complaints_.recovering()) {
    if (l_.position() == began && !l_.is(End) && !l_.is(BraceClose)) l_.take();
    const Lexeme& item = l_.lexeme(began);
    skipToItem(block.inside, item.lineFirst ? &item : nullptr);
    complaints_.resume();
    return;
  }
  if (l_.takeIf(Semicolon)) {
    while (l_.takeIf(Semicolon)) {}
    return;
  }
  if (l_.is(Comma)) {
    if (const std::string_view items = itemsStand(block.inside); !items.empty()) {
      complaints_
          .complain("RL0022", l_.spanOf(l_.at()),
                    std::string(items) + " one below the other, without `,`")
          .fix("remove the `,`", l_.spanOf(l_.at()), "");
    }
    l_.take();
    return;
  }
  const bool stuck = l_.position() == began && !l_.is(End) && !l_.is(BraceClose);
  if (stuck && !closedFromOutside(block)) l_.take();
}

// Skipping

namespace {

// Counts the brackets on the way.
struct Depth {
  int braces = 0, others = 0;
};

// A line that begins another item, to judge by its indentation: words that continue an item on the
// next line are not meant.
bool standsBeside(const LexemeReader& l, const Lexeme* item) {
  if (item == nullptr) return false;
  const Lexeme& here = l.at();
  const bool first =
      here.kind == Word || here.kind == Int || here.kind == Double || here.kind == Not;
  return first && here.lineFirst && here.line > item->line && here.lineIndent <= item->lineIndent &&
         !l.isAnyWord({"into", "group", "retry", "timeout", "undo", "ignore", "or", "satisfies",
                       "within", "over", "held", "else", "catch"});
}

// Outside of inner braces: whether the next item begins here, or the next clause of what holds the
// block.
bool stopsAt(const LexemeReader& l, Inside inside, const Lexeme* item, int brackets) {
  const Lexeme& here = l.at();
  if (!here.lineFirst) return false;
  if (itemStarts(l, inside) && (brackets == 0 || !l.is(Word) || !l.typeStarts())) return true;
  if (l.is(BraceOpen, 1) && l.isAnyWord({"then", "when", "given", "expect", "else", "catch"})) {
    return true;
  }
  return brackets == 0 && standsBeside(l, item);
}

}  // namespace

void Blocks::skipToItem(Inside inside, const Lexeme* item) {
  Depth depth;
  while (!l_.is(End)) {
    const LexemeKind kind = l_.at().kind;
    if (kind == BraceClose) {
      if (depth.braces == 0) return;
      --depth.braces;
    } else if (kind == BraceOpen) {
      ++depth.braces;
    } else if (opensBracket(kind)) {
      ++depth.others;
    } else if (closesBracket(kind)) {
      if (depth.others > 0) --depth.others;
    } else if (l_.at().lineFirst && declarationStarts(l_)) {
      return;
    } else if (depth.braces == 0) {
      if (kind == Semicolon && depth.others == 0) {
        l_.take();
        return;
      }
      if (stopsAt(l_, inside, item, depth.others)) return;
    }
    l_.take();
  }
}

void Blocks::skipBalanced() {
  int depth = 0;
  while (!l_.is(End)) {
    if (l_.is(BraceOpen)) ++depth;
    if (l_.is(BraceClose) && --depth <= 0) {
      if (depth == 0) l_.take();
      return;
    }
    l_.take();
  }
}

// After a mistake in a list: to its next `,` or its end. False when the list seems to have no end.
bool Blocks::skipInList(LexemeKind close) {
  int depth = 0;
  while (!l_.is(End)) {
    const LexemeKind kind = l_.at().kind;
    if (depth == 0 && (kind == Comma || kind == close)) {
      complaints_.resume();
      return true;
    }
    if (l_.at().lineFirst &&
        (declarationStarts(l_) || (l_.is(BraceOpen, 1) && l_.isAnyWord({"then", "when"})))) {
      return false;
    }
    // Fields and values begin with any name, which may as well be the rest of the list.
    const bool telling = inside_ != Inside::Fields && inside_ != Inside::Values;
    if (depth == 0 && l_.at().lineFirst && telling && kind == Word && !l_.typeStarts() &&
        itemStarts(l_, inside_)) {
      return false;
    }
    if (opensBracket(kind)) ++depth;
    if (closesBracket(kind)) {
      if (depth == 0) return false;
      --depth;
    }
    l_.take();
  }
  return false;
}

// Lists

Blocks::ListStep Blocks::endListItem(const Lexeme& open, LexemeKind close, std::string_view what) {
  if (l_.takeIf(Comma)) {
    if (l_.is(Comma)) {
      complaints_.complain("RL0022", l_.spanOf(l_.at()), "one `,` too many")
          .fix("remove it", l_.spanOf(l_.at()), "");
      while (l_.takeIf(Comma)) {}
    }
    return ListStep::Again;
  }
  if (l_.is(close)) return ListStep::Again;
  const std::string items(what);
  const Span here = l_.spanOf(l_.at());
  if (l_.is(Semicolon)) {
    complaints_.complain("RL0022", here, items + " are separated by `,`").write(here, ",");
    l_.take();
    return ListStep::Again;
  }
  if (l_.is(End) || newLineItem(open) || closesBracket(l_.at().kind) || !l_.operandStarts() ||
      l_.is(BraceOpen)) {
    return endBrokenList(open, close, what);
  }
  if (l_.is(Range, 1) || l_.is(RangeOpen, 1)) {
    complaints_.fail("RL0029", here, "`in` is missing in front of the range")
        .fix("write `in`", {here.file, here.begin, here.begin}, "in ");
    return skipInList(close) ? ListStep::Again : ListStep::End;
  }
  complaints_.complain("RL0022", here, "a `,` is missing before " + l_.shown(here))
      .help(items + " are separated by `,`")
      .fix("add `,` after " + l_.shown(l_.spanOf(l_.previous())), afterLast(), ",");
  return ListStep::Again;
}

// The next item of the block around begins here, so the list must have ended.
bool Blocks::newLineItem(const Lexeme& open) const {
  return l_.at().lineFirst && (itemStarts(l_, inside_) || l_.at().lineIndent <= open.lineIndent);
}

// Where neither `,`, the closing sign nor another item stands.
Blocks::ListStep Blocks::endBrokenList(const Lexeme& open, LexemeKind close,
                                       std::string_view what) {
  const Lexeme& here = l_.at();
  const std::string sign(signOf(close)), shownOpen = l_.shown(l_.spanOf(open));
  const bool newItem = newLineItem(open), wrongClose = closesBracket(here.kind);
  const bool swapped = wrongClose && !here.lineFirst && closesBracket(close) &&
                       !(close == BracketClose && here.kind == BraceClose);
  // `(a, b}`: the wrong sign was typed, unless that sign closes something around.
  if (swapped && !(l_.is(BraceClose) && inBlock())) {
    complaints_
        .complain("RL0009", l_.spanOf(here), "this closes nothing: a " + shownOpen + " is open")
        .related(l_.spanOf(open), "opened here")
        .write(l_.spanOf(here), sign);
    l_.take();
    return ListStep::End;
  }
  if (!l_.is(End) && !newItem && !wrongClose && !l_.is(BraceOpen)) {
    const Span span = l_.spanOf(here);
    complaints_.fail("RL0022", span, l_.shown(span) + " does not belong here")
        .related(l_.spanOf(open), "inside this")
        .help(std::string(what) + " are separated by `,`");
    return skipInList(close) ? ListStep::Again : ListStep::End;
  }
  complaints_.complain("RL0009", l_.spanOf(open), "this " + shownOpen + " is never closed")
      .fix("add `" + sign + "` after " + l_.shown(l_.spanOf(l_.previous())), afterLast(), sign);
  return ListStep::End;
}

}  // namespace reticle
