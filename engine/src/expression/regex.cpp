// Compiles regular expressions and matches them by following all paths at once (Thompson 1968;
// Pike's sparse sets as in RE2): the time is linear in the text, whatever the pattern.
#include "expression/regex.h"

#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "base/unreachable.h"
#include "base/utf8.h"
#include "expression/regex_tree.h"
#include "reticle/value.h"

namespace reticle {
namespace {

using namespace regex;

constexpr std::size_t kMaxProgram = 10000;  // instructions

// ORDER: Step in regex_tree.h. What x and y are depends on the step: a code and whether case
// counts, ranges (with a bit each), or where to go on.
struct Instruction {
  Step step;
  Word x, y;
};

// --- building

class Builder {
 public:
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
    }
  }

  bool tooLarge() const { return program_.size() > kMaxProgram || ranges_.size() > kMaxProgram; }

  // The program as bytes, so that it can be a constant of an expression: the number of
  // instructions, the instructions in three words each, the ranges in two.
  RegexProgram finish() {
    emit({Step::Match, 0, 0});
    std::vector<Word> words;
    words.push_back(static_cast<Word>(program_.size()));
    for (const Instruction& i : program_) {
      words.insert(words.end(), {static_cast<Word>(i.step), i.x, i.y});
    }
    for (const Range& r : ranges_) words.insert(words.end(), {r.low, r.high});
    return std::string(reinterpret_cast<const char*>(words.data()), words.size() * sizeof(Word));
  }

 private:
  std::size_t emit(Instruction instruction) {
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
      return;
    }
    std::vector<std::size_t> splits;
    for (int i = node.least; i < node.most && !tooLarge(); ++i) {
      splits.push_back(emit({Step::Split, here() + 1, 0}));
      add(part);
      if (here() == splits.back() + 1) break;
    }
    for (const std::size_t split : splits) program_[split].y = here();
  }

  std::vector<Instruction> program_;
  std::vector<Range> ranges_;
};

// --- matching

class Matcher {
 public:
  Matcher(std::string_view program, std::string_view text, std::int64_t& steps)
      : words_(program.data()), text_(text), steps_(steps) {
    count_ = word(0);
    // Two sparse sets of states and the states still to be followed, in one allocation or none.
    const std::size_t needed = count_ * 5;
    Word* memory = inline_.data();
    if (needed > inline_.size()) {
      heap_ = std::make_unique<Word[]>(needed);
      memory = heap_.get();
    }
    now_ = memory;
    then_ = memory + count_;
    sparse_ = memory + 2 * count_;
    pending_ = memory + 3 * count_;
  }

  // `now_` holds the states before the code point at hand, `then_` those after it.
  bool run() {
    const Word anchored = step(0) == Step::TextStart ? 1 : 0;
    Word previous = kNone;
    std::size_t at = 0;
    std::size_t size = 0;
    while (true) {
      const CodePoint point =
          at < text_.size() ? decodeUtf8(text_, at) : CodePoint{kNone, 0, false};
      // Matches may begin here.
      before_ = previous;
      after_ = at < text_.size() ? point.code : kNone;
      if (!anchored || at == 0) size = follow(0, now_, size);
      if (matched_) return true;
      if (at >= text_.size() || (size == 0 && anchored)) return false;
      // The states that accept this code point lead to those before the next one.
      const std::size_t nextAt = at + point.size;
      before_ = point.code;
      after_ = nextAt < text_.size() ? decodeUtf8(text_, nextAt).code : kNone;
      std::size_t nextSize = 0;
      for (std::size_t i = 0; i < size; ++i) {
        if (accepts(now_[i], point.code)) nextSize = follow(now_[i] + 1, then_, nextSize);
      }
      if (steps_ < 0) return false;
      if (matched_) return true;
      std::swap(now_, then_);
      size = nextSize;
      previous = point.code;
      at = nextAt;
    }
  }

 private:
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
      case Step::Jump: return false;
    }
    unreachable("an edge is one of the steps above");
  }

  // Adds state `from` and all it leads to without reading; returns the new size of the set.
  std::size_t follow(Word from, Word* states, std::size_t size) {
    std::size_t pending = 0;
    pending_[pending++] = from;
    while (pending > 0) {
      const Word i = pending_[--pending];
      // In the set already (Briggs and Torczon 1993: a sparse set needs no clearing).
      if (sparse_[i] < size && states[sparse_[i]] == i) continue;
      --steps_;
      sparse_[i] = static_cast<Word>(size);
      states[size++] = i;
      switch (step(i)) {
        case Step::Match: matched_ = true; return size;
        case Step::Jump: pending_[pending++] = x(i); break;
        case Step::Split:
          pending_[pending++] = y(i);
          pending_[pending++] = x(i);
          break;
        case Step::One:
        case Step::Any:
        case Step::Class: break;
        case Step::LineStart:
        case Step::LineEnd:
        case Step::TextStart:
        case Step::TextEnd:
        case Step::WordEdge:
        case Step::NoWordEdge:
          if (holds(step(i))) pending_[pending++] = i + 1;
          break;
      }
    }
    return size;
  }

  const char* words_;
  std::string_view text_;
  std::int64_t& steps_;
  Word count_ = 0;
  Word before_ = kNone, after_ = kNone;
  bool matched_ = false;
  Word *now_ = nullptr, *then_ = nullptr, *sparse_ = nullptr, *pending_ = nullptr;
  std::array<Word, 320> inline_{};
  std::unique_ptr<Word[]> heap_;
};

}  // namespace

// The message quotes the pattern, as it may have been computed.
Result<RegexProgram> compileRegex(std::string_view pattern) {
  const auto bad = [pattern](std::string_view problem) {
    return Error{ErrorCode::BadInput,
                 std::string("the pattern ")
                     .append(toText(Value::string(pattern)))
                     .append(" cannot be read: ")
                     .append(problem),
                 {},
                 {}};
  };
  const Result<Node> node = readPattern(pattern);
  if (!node.ok()) return bad(node.error().message);
  Builder builder;
  builder.add(*node);
  if (builder.tooLarge()) return bad("it grows too large");
  return builder.finish();
}

bool matchRegex(std::string_view program, std::string_view text, std::int64_t& steps) {
  return Matcher(program, text, steps).run();
}

}  // namespace reticle
