// Programs of regular expressions: how they are built, and what their states ask of a text. Known
// to the files regex*.cpp only.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/unreachable.h"
#include "expression/regex.h"
#include "expression/regex_tree.h"

namespace reticle::regex {

constexpr std::size_t kMaxRegexProgram = 10000;  // instructions

// ORDER: Step in regex_tree.h. What x and y are depends on the step: a code and whether case
// counts, ranges (with a bit each), or where to go on.
struct RegexInstruction {
  Step step;
  Word x, y;
};

class RegexBuilder {
 public:
  // `saves`: where groups begin and end is kept, too.
  explicit RegexBuilder(bool saves) : saves_(saves) {}

  // Appends what matches the node and goes on with what follows.
  void add(const Node& node) {
    if (tooLarge()) return;
    switch (node.kind) {
      case Node::Kind::Empty: break;
      case Node::Kind::One:
        emit({Step::One, node.ignoreCase ? foldCase(node.code) : node.code,
              node.ignoreCase ? 1u : 0u});
        break;
      case Node::Kind::Any: emit({Step::Any, 0, 0}); break;
      case Node::Kind::Class:
        emit({Step::Class, static_cast<Word>(ranges_.size()) << 1 | (node.negated ? 1u : 0u),
              static_cast<Word>(node.ranges.size()) << 1 | (node.ignoreCase ? 1u : 0u)});
        ranges_.insert(ranges_.end(), node.ranges.begin(), node.ranges.end());
        break;
      case Node::Kind::Edge: emit({node.edge, 0, 0}); break;
      case Node::Kind::Sequence:
        for (const Node& part : node.parts) add(part);
        break;
      case Node::Kind::Choice: addChoice(node); break;
      case Node::Kind::Repeat: addRepeat(node); break;
      case Node::Kind::Group:
        if (saves_) emit({Step::Save, node.group * 2, 0});
        add(node.parts[0]);
        if (saves_) emit({Step::Save, node.group * 2 + 1, 0});
        break;
    }
  }

  bool tooLarge() const {
    return program_.size() > kMaxRegexProgram || ranges_.size() > kMaxRegexProgram;
  }

  // The program as bytes, so that it can be a constant of an expression: the number of
  // instructions, the instructions in three words each, the ranges in two.
  RegexProgram finish() {
    emit({Step::Match, 0, 0});
    std::vector<Word> words;
    words.push_back(static_cast<Word>(program_.size()));
    for (const RegexInstruction& i : program_) {
      words.insert(words.end(), {static_cast<Word>(i.step), i.x, i.y});
    }
    for (const Range& r : ranges_) words.insert(words.end(), {r.low, r.high});
    return std::string(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(Word));
  }

 private:
  std::size_t emit(RegexInstruction instruction) {
    program_.push_back(instruction);
    return program_.size() - 1;
  }
  Word here() const { return static_cast<Word>(program_.size()); }

  // Split 1, 2;  1: first, Jump end;  2: second;  end:
  void addChoice(const Node& node) {
    // Each alternative but the last jumps to the end.
    std::vector<std::size_t> ends;
    for (std::size_t i = 0; i + 1 < node.parts.size(); ++i) {
      const std::size_t split = emit({Step::Split, here() + 1, 0});
      add(node.parts[i]);
      ends.push_back(emit({Step::Jump, 0, 0}));
      program_[split].y = here();
    }
    add(node.parts.back());
    for (const std::size_t end : ends) program_[end].x = here();
  }

  // {2,4} is written out: part, part, (part, (part)?)?
  void addRepeat(const Node& node) {
    const Node& part = node.parts[0];
    for (int i = 0; i < node.least && !tooLarge(); ++i) {
      const Word before = here();
      add(part);
      if (here() == before) return;  // repeating nothing is nothing, however often
    }
    if (node.most < 0) {
      const std::size_t split = emit({Step::Split, here() + 1, 0});
      add(part);
      emit({Step::Jump, static_cast<Word>(split), 0});
      program_[split].y = here();
      if (node.lazy) std::swap(program_[split].x, program_[split].y);
      return;
    }
    std::vector<std::size_t> splits;
    for (int i = node.least; i < node.most && !tooLarge(); ++i) {
      splits.push_back(emit({Step::Split, here() + 1, 0}));
      add(part);
      if (here() == splits.back() + 1) break;
    }
    for (const std::size_t split : splits) {
      program_[split].y = here();
      if (node.lazy) std::swap(program_[split].x, program_[split].y);
    }
  }

  bool saves_;
  std::vector<RegexInstruction> program_;
  std::vector<Range> ranges_;
};

// What the states of a program ask of the place in the text.
class RegexStates {
 protected:
  // Borrows the program and the text. Takes a step for each state that is looked at.
  RegexStates(std::string_view program, std::string_view text, std::int64_t& steps)
      : words_(program.data()), text_(text), steps_(steps) {
    count_ = word(0);
  }

  static constexpr Word kNone = 0xffffffffu;

  // The bytes of a program may stand at any address.
  Word word(std::size_t i) const {
    Word value;
    std::memcpy(&value, words_ + i * sizeof(Word), sizeof value);
    return value;
  }
  Step step(Word i) const { return static_cast<Step>(word(1 + 3 * std::size_t{i})); }
  Word x(Word i) const { return word(2 + 3 * std::size_t{i}); }
  Word y(Word i) const { return word(3 + 3 * std::size_t{i}); }

  bool inRanges(Word first, Word count, Word code) const {
    const std::size_t base = 1 + 3 * std::size_t{count_} + 2 * std::size_t{first};
    for (Word i = 0; i < count; ++i) {
      if (code >= word(base + 2 * i) && code <= word(base + 2 * i + 1)) return true;
    }
    return false;
  }

  // Whether a state reads this code point.
  bool accepts(Word i, Word code) {
    --steps_;
    switch (step(i)) {
      case Step::Any: return true;
      case Step::One: return (y(i) != 0 ? foldCase(code) : code) == x(i);
      case Step::Class: {
        const Word first = x(i) >> 1, count = y(i) >> 1;
        steps_ -= count / 8;
        bool in = inRanges(first, count, code);
        if (!in && (y(i) & 1) != 0) {
          in = inRanges(first, count, foldCase(code)) ||
               inRanges(first, count, upperCase(foldCase(code)));
        }
        return in != ((x(i) & 1) != 0);
      }
      case Step::Match:
      case Step::Split:
      case Step::Jump:
      case Step::Save:
      case Step::LineStart:
      case Step::LineEnd:
      case Step::TextStart:
      case Step::TextEnd:
      case Step::WordEdge:
      case Step::NoWordEdge: return false;
    }
    unreachable("a step moves on or does not");
  }

  // Edges look at the code points on both sides and read none.
  bool holds(Step edge) const {
    const bool wordBefore = before_ != kNone && isWord(before_),
               wordAfter = after_ != kNone && isWord(after_);
    switch (edge) {
      case Step::TextStart: return before_ == kNone;
      case Step::TextEnd: return after_ == kNone;
      case Step::LineStart: return before_ == kNone || before_ == '\n';
      case Step::LineEnd: return after_ == kNone || after_ == '\n';
      case Step::WordEdge: return wordBefore != wordAfter;
      case Step::NoWordEdge: return wordBefore == wordAfter;
      case Step::Match:
      case Step::Class:
      case Step::One:
      case Step::Any:
      case Step::Split:
      case Step::Jump:
      case Step::Save: return false;
    }
    unreachable("an edge is one of the steps above");
  }

  const char* words_;
  std::string_view text_;
  std::int64_t& steps_;
  Word count_ = 0;
  Word before_ = kNone, after_ = kNone;  // the code points beside the place at hand
};

// The program of a pattern, and the names of its groups in their order: a number for one without.
Result<RegexProgram> buildRegex(std::string_view pattern, bool saves,
                                std::vector<std::string>& groups);

}  // namespace reticle::regex
