// Marks actions, steps and doings: their blocks, clauses and options.
#include "layout/marker.h"

namespace reticle {

using Kind = tree::Action::Kind;

Marker::Index Marker::actions(Index open, const std::vector<tree::Action>& actions, bool always) {
  const std::int32_t g = block(open, always);
  for (const tree::Action& a : actions) {
    item(a.span, g);
    action(a);
  }
  return pair_[open];
}

void Marker::action(const tree::Action& a) {
  const Index first = at(a.span.begin);
  const bool head = a.kind == Kind::If || a.kind == Kind::For;
  if (a.pattern) pattern(*a.pattern);
  if (a.value) expression(*a.value, head ? Place::Head : Place::Whole);
  // What follows the main part, each after its keyword.
  for (const std::optional<Expr>* e : {&a.to, &a.after, &a.at, &a.replacing, &a.key, &a.with}) {
    if (!*e) continue;
    expression(**e);
    if (a.kind == Kind::Emit || a.kind == Kind::Start || a.kind == Kind::Signal) clauseBefore(**e);
  }
  arguments(a.arguments);
  switch (a.kind) {
    // These braces hold values and are no block: they may stay on the line.
    case Kind::UpdateFields: {
      const Index open = next(first, BraceOpen);
      mark(open).value = mark(pair_[open]).value = true;
      break;
    }
    case Kind::Restart: mark(next(first, ParenOpen)).operand = true; break;
    case Kind::Step: step(a); break;
    case Kind::Host:
      for (std::size_t i = 0; i < a.scripts.size(); ++i) {
        expression(a.scripts[i].value);
        // Each further outcome begins with its `then`.
        if (i > 0) clause(at(a.scripts[i].span.begin) - 1);
      }
      break;
    case Kind::WaitUntil:
      if (!a.value) conditions(next(first, BraceOpen), a.conditions);
      break;
    case Kind::If: ifBlocks(a); break;
    case Kind::For: {
      const std::uint32_t end = a.pattern ? a.pattern->span.end
                                : a.value ? a.value->span.end
                                          : a.span.begin;
      // The block is the first one after the list: the list itself may hold braces.
      actions(next(before(end) + 1, BraceOpen), a.body);
      break;
    }
    case Kind::Parallel:
    case Kind::Branch: actions(next(first, BraceOpen), a.body); break;
    case Kind::Try: {
      // A `try` without `catch` has been reported; it is laid out all the same.
      const Index close = actions(next(first, BraceOpen), a.body);
      if (!isWord(close + 1, "catch")) break;
      mark(close + 1).gap = Gap::Follow;
      actions(next(close + 1, BraceOpen), a.otherwise);
      break;
    }
    // These have no block, and nothing of their own beside values and patterns.
    case Kind::Insert:
    case Kind::Upsert:
    case Kind::Set:
    case Kind::Unset:
    case Kind::UpdateWith:
    case Kind::Retract:
    case Kind::Emit:
    case Kind::Call:
    case Kind::Start:
    case Kind::Signal:
    case Kind::Cancel:
    case Kind::CancelEvent:
    case Kind::Log:
    case Kind::Let:
    case Kind::Focus:
    case Kind::Refresh:
    case Kind::Halt:
    case Kind::Find:
    case Kind::Sleep:
    case Kind::SleepUntil:
    case Kind::Wait:
    case Kind::Fail:
    case Kind::Return:
    case Kind::Compensate:
    case Kind::Clock:
    case Kind::Settle:
    case Kind::Advance:
    case Kind::Crash:
    case Kind::Replace: break;
  }
}

// `else` follows the brace of the block before it.
void Marker::ifBlocks(const tree::Action& a) {
  const Index close = actions(before(a.value ? a.value->span.end : a.span.begin) + 1, a.body);
  if (!isWord(close + 1, "else")) return;
  mark(close + 1).gap = Gap::Follow;
  if (is(close + 2, BraceOpen)) {
    actions(close + 2, a.otherwise);
  } else {
    for (const tree::Action& other : a.otherwise) action(other);
  }
}

// A retry, a time limit and an undo have lines of their own; `ignore errors` only beside one of
// them.
void Marker::step(const tree::Action& a) {
  const Index end = before(a.span.end);
  Index i = before(a.target.span.end) + 1;
  if (is(i, ParenOpen)) i = pair_[i] + 1;
  // One clause alone stays beside the call; several are easier to read below each other.
  const bool several = a.retry || a.timeout || a.undoFunction;
  while (i <= end) {
    if (a.retry && i == at(a.retry->span.begin)) {
      line(i, 2);
      retry(*a.retry, i);
      i = before(a.retry->span.end) + 1;
    } else if (isWord(i, "undo")) {
      line(i, 2);
      arguments(a.undoArguments);
      i = pair_[next(before(a.undoFunction.span.end), ParenOpen)] + 1;
    } else {
      if (isWord(i, "timeout") || (isWord(i, "ignore") && several)) line(i, 2);
      ++i;
    }
  }
}

void Marker::retry(const tree::Retry& r, Index) { expression(r.condition, Place::Head); }

void Marker::arguments(const std::vector<tree::Argument>& arguments) {
  for (const tree::Argument& a : arguments) expression(a.value);
}

}  // namespace reticle
