// Marks conditions, patterns and triggers.
#include "layout/marker.h"

namespace reticle {

Marker::Index Marker::conditions(Index open, const std::vector<tree::Condition>& conditions) {
  const std::int32_t g = block(open);
  for (const tree::Condition& c : conditions) {
    item(c.span, g);
    condition(c);
  }
  return pair_[open];
}

void Marker::condition(const tree::Condition& c) {
  using Kind = tree::Condition::Kind;
  if (c.pattern) pattern(*c.pattern);
  Index open = at(c.span.begin);
  if (c.kind == Kind::Forall && c.pattern) open = before(c.pattern->span.end);
  for (const std::vector<tree::Condition>& group : c.groups) {
    // Alternatives stand below each other.
    if (c.kind == Kind::Either && isWord(open + 1, "or")) {
      line(open + 1, 0);
      mark(open + 2).pad = 4;
    }
    open = conditions(next(open, BraceOpen), group);
  }
  if (c.kind == Kind::Forall) {
    expression(c.expr, Place::Bracketed);
  } else {
    expression(c.expr, c.kind == Kind::If ? Place::Head : Place::Whole);
  }
  if (c.where) {
    clauseBefore(*c.where);
    expression(*c.where);
  }
  if (c.kind != Kind::Accumulate) return;
  for (std::size_t i = 0; i < c.groupBy.size(); ++i) {
    if (i == 0) clause(at(c.groupBy[i].name.span.begin) - 2);
    expression(c.groupBy[i].value);
  }
  for (std::size_t i = 0; i < c.functions.size(); ++i) {
    if (i == 0) clause(at(c.functions[i].span.begin) - 1);
    expression(c.functions[i].argument);
    expression(c.functions[i].second);
  }
}

void Marker::pattern(const tree::Pattern& p) {
  for (const Expr& e : p.constraints) expression(e);
  for (const tree::Suffix& s : p.suffixes) {
    clause(at(s.span.begin));
    expression(s.by);
  }
}

void Marker::trigger(const tree::Trigger& t) {
  if (t.pattern) pattern(*t.pattern);
  if (t.at) {
    clause(at(t.at->span.begin) - 1);
    pattern(*t.at);
  }
  for (const Expr& e : t.constraints) expression(e);
  if (t.kind == tree::Trigger::Kind::Change && !t.constraints.empty()) {
    mark(before(t.property.span.end) + 1).operand = true;
  }
}

}  // namespace reticle
