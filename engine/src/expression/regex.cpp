// Compiles regular expressions and matches them by following all paths at once (Thompson 1968;
// Pike's sparse sets as in RE2): the time is linear in the text, whatever the pattern.
#include "expression/regex.h"

#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "base/unreachable.h"
#include "base/utf8.h"
#include "expression/regex_program.h"
#include "expression/regex_tree.h"
#include "reticle/value.h"

namespace reticle {
namespace {

using namespace regex;

// --- matching

class Matcher : private RegexStates {
 public:
  Matcher(std::string_view program, std::string_view text, std::int64_t& steps)
      : RegexStates(program, text, steps) {
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
        case Step::Save: pending_[pending++] = i + 1; break;
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

  bool matched_ = false;
  Word *now_ = nullptr, *then_ = nullptr, *sparse_ = nullptr, *pending_ = nullptr;
  std::array<Word, 320> inline_{};
  std::unique_ptr<Word[]> heap_;
};

}  // namespace

// The message quotes the pattern, as it may have been computed.
Result<RegexProgram> compileRegex(std::string_view pattern) {
  std::vector<std::string> groups;
  return buildRegex(pattern, false, groups);
}

Result<RegexProgram> regex::buildRegex(std::string_view pattern, bool saves,
                                       std::vector<std::string>& groups) {
  const auto bad = [pattern](std::string_view problem) {
    return Error{ErrorCode::BadInput,
                 std::string("the pattern ")
                     .append(toText(Value::string(pattern)))
                     .append(" cannot be read: ")
                     .append(problem),
                 {},
                 {}};
  };
  const Result<Node> node = readPattern(pattern, &groups);
  if (!node.ok()) return bad(node.error().message);
  RegexBuilder builder(saves);
  builder.add(*node);
  if (builder.tooLarge()) return bad("it grows too large");
  return builder.finish();
}

bool matchRegex(std::string_view program, std::string_view text, std::int64_t& steps) {
  return Matcher(program, text, steps).run();
}

}  // namespace reticle
