// Blocks `{ … }` and lists `( … )`: reading their items, and finding the way back after a mistake.
//
// Every block and list ends, also where its closing sign is missing, and goes on with its next item
// after one that could not be read. Every loop checks that it moves.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "syntax/complaints.h"
#include "syntax/items.h"

namespace reticle {

class Blocks {
 public:
  static constexpr int kMaxNesting = 64;

  // Borrows both for its whole life.
  Blocks(LexemeReader& lexemes, Complaints& complaints) : l_(lexemes), complaints_(complaints) {}

  // Reads `{`, the items, `}`. `what` is the block's name in messages, `owner` what it belongs to.
  // `item` reads one item, or fails.
  template <typename Item>
  void block(Inside inside, std::string what, const Lexeme& owner, Item item) {
    Block opened = open(inside, std::move(what), owner);
    if (complaints_.recovering() || !enter()) return;
    const Inside outer = inside_;
    inside_ = inside;
    while (!ends(opened)) {
      const std::uint32_t began = l_.position();
      item();
      endItem(opened, began);
    }
    inside_ = outer;
    leave();
  }

  // Reads the items between an opening bracket, just taken, and its closing one; `what` is what
  // they are called.
  template <typename Item>
  void list(LexemeKind close, std::string_view what, Item item) {
    const Lexeme open = l_.previous();
    while (!l_.takeIf(close)) {
      const std::uint32_t began = l_.position();
      item();
      if (complaints_.recovering() && !skipInList(close)) return;
      if (endListItem(open, close, what) == ListStep::End) return;
      if (l_.position() == began) return;
    }
  }

  // What the innermost block holds.
  Inside inside() const { return inside_; }
  bool inBlock() const { return nesting_ > 0; }
  // For what nests like a block without being one: `else if`. False at the limit.
  bool enterQuietly() { return nesting_ < kMaxNesting && ++nesting_; }
  void leave() { --nesting_; }

  // Before a declaration: forgets what was suspected in the one before.
  void beginDeclaration() { suspect_.reset(); }
  // After a mistake: to the next place where an item of the block can begin, at its end, or where
  // the block must have ended. `item` is where the mistaken item began, when that was at the start
  // of a line: a line as far left begins another.
  void skipToItem(Inside inside, const Lexeme* item = nullptr);
  // Past the `}` that belongs to the next `{`.
  void skipBalanced();

 private:
  struct Block {
    std::uint32_t open = 0;
    bool opened = false;
    Inside inside{};
    std::string what;
    bool single = false;     // without braces, and not longer than the line it begins on
    Complaint missingBrace;  // about its `{`
  };
  enum class ListStep { Again, End };

  // Takes the `{`; when it is missing, decides whether a block was meant at all.
  Block open(Inside inside, std::string what, const Lexeme& owner);
  // False at the limit of nesting, which is reported.
  bool enter();
  // Whether the block has no further item; takes its `}`.
  bool ends(Block& block);
  bool endsWithoutBrace(Block& block);
  // Remembers a block whose indentation says that it has ended.
  void suspect(const Block& block);
  // After each item: recovers when it failed, and makes sure that something was taken.
  void endItem(const Block& block, std::uint32_t began);
  // Whether the `}` here belongs to a block further out, by its indentation.
  bool closedFromOutside(const Block& block) const;
  void reportOpen(Block& block);
  void reportSuspect();
  // To the next item of a broken list; false when the list has no end to be found.
  bool skipInList(LexemeKind close);
  ListStep endListItem(const Lexeme& open, LexemeKind close, std::string_view what);
  ListStep endBrokenList(const Lexeme& open, LexemeKind close, std::string_view what);
  bool newLineItem(const Lexeme& open) const;
  // Where something missing would be inserted.
  Span afterLast() const { return {l_.file(), l_.previous().end, l_.previous().end}; }
  Span lineOf(const Lexeme& lexeme) const {
    return {l_.file(), l_.lineStartOf(lexeme), l_.lineStartOf(lexeme)};
  }

  LexemeReader& l_;
  Complaints& complaints_;
  Inside inside_ = Inside::Module;
  int nesting_ = 0;
  // A block that its indentation says has ended, though no `}` came: the likely culprit when a `}`
  // turns out to be missing.
  struct Suspect {
    Block block;
    Lexeme end;
  };
  std::optional<Suspect> suspect_;
  std::uint32_t openReportedAt_ = 0xffffffff;
};

}  // namespace reticle
