// Where the groups of a regular expression match: its states advance together as for a plain match,
// in order of preference, each with the places that its way has kept (Pike's virtual machine; Cox
// 2009, "Regular Expression Matching: the Virtual Machine Approach").
#include <algorithm>
#include <memory>
#include <utility>

#include "base/utf8.h"
#include "expression/regex_program.h"

namespace reticle {
namespace {

using namespace regex;

// Places by number, shared until one is added.
using Places = std::shared_ptr<const std::vector<std::size_t>>;
constexpr std::size_t kNoPlace = static_cast<std::size_t>(-1);

class CaptureMatcher : private RegexStates {
 public:
  CaptureMatcher(std::string_view program, std::size_t groups, std::string_view text,
                 std::int64_t& steps)
      : RegexStates(program, text, steps), groups_(groups), seen_(count_, 0) {}

  // Nothing when there is no match.
  Places run() {
    std::vector<Thread> now, then;
    Places found;
    Word previous = kNone;
    for (std::size_t at = 0;;) {
      const CodePoint point =
          at < text_.size() ? decodeUtf8(text_, at) : CodePoint{kNone, 0, false};
      before_ = previous;
      after_ = at < text_.size() ? point.code : kNone;
      // The states that were reached, and behind them all that begins here, unless a match that
      // began before is found.
      ++round_;
      std::vector<Thread> ready;
      for (Thread& thread : now) follow(std::move(thread), at, ready);
      if (!found) {
        follow({0, std::make_shared<std::vector<std::size_t>>(groups_ * 2, kNoPlace)}, at, ready);
      }
      if (steps_ < 0) return nullptr;
      then.clear();
      for (Thread& thread : ready) {
        if (step(thread.state) == Step::Match) {
          found = thread.places;
          break;  // all others are preferred less
        }
        if (at < text_.size() && accepts(thread.state, point.code)) {
          then.push_back({thread.state + 1, std::move(thread.places)});
        }
      }
      if (at >= text_.size() || (then.empty() && found)) return found;
      std::swap(now, then);
      previous = point.code;
      at += point.size;
    }
  }

 private:
  struct Thread {
    Word state;
    Places places;
  };

  // Adds the states that read, or that end the match, to which one leads; the preferred ones first.
  void follow(Thread from, std::size_t at, std::vector<Thread>& out) {
    std::vector<Thread> pending;
    pending.push_back(std::move(from));
    while (!pending.empty() && steps_ >= 0) {
      Thread thread = std::move(pending.back());
      pending.pop_back();
      const Word i = thread.state;
      if (seen_[i] == round_) continue;
      seen_[i] = round_;
      --steps_;
      switch (step(i)) {
        case Step::Match:
        case Step::One:
        case Step::Any:
        case Step::Class: out.push_back(std::move(thread)); break;
        case Step::Jump: pending.push_back({x(i), std::move(thread.places)}); break;
        case Step::Split:
          pending.push_back({y(i), thread.places});
          pending.push_back({x(i), std::move(thread.places)});
          break;
        case Step::Save: {
          auto kept = std::make_shared<std::vector<std::size_t>>(*thread.places);
          steps_ -= static_cast<std::int64_t>(kept->size() / 4);
          if (x(i) < kept->size()) (*kept)[x(i)] = at;
          pending.push_back({i + 1, std::move(kept)});
          break;
        }
        case Step::LineStart:
        case Step::LineEnd:
        case Step::TextStart:
        case Step::TextEnd:
        case Step::WordEdge:
        case Step::NoWordEdge:
          if (holds(step(i))) pending.push_back({i + 1, std::move(thread.places)});
          break;
      }
    }
  }

  std::size_t groups_;
  std::vector<std::size_t> seen_;  // by state: the round in which it was reached last
  std::size_t round_ = 0;
};

}  // namespace

Result<RegexCaptures> compileCaptures(std::string_view pattern) {
  RegexCaptures captures;
  Result<RegexProgram> program = buildRegex(pattern, true, captures.groups);
  if (!program.ok()) return program.error();
  captures.program = std::move(*program);
  return captures;
}

std::optional<std::vector<RegexSpan>> captureRegex(const RegexCaptures& captures,
                                                   std::string_view text, std::int64_t& steps) {
  const std::size_t groups = captures.groups.size();
  const Places places = CaptureMatcher(captures.program, groups, text, steps).run();
  if (!places) return std::nullopt;
  std::vector<RegexSpan> spans(groups);
  for (std::size_t i = 0; i < groups; ++i) {
    const std::size_t begin = (*places)[i * 2], end = (*places)[i * 2 + 1];
    if (begin != kNoPlace && end != kNoPlace) spans[i] = {begin, end};
  }
  return spans;
}

}  // namespace reticle
