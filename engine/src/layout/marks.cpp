// Pairs the brackets of a text and marks what needs no tree: lists, groups, items.
#include "layout/marks.h"

#include <numeric>

#include "layout/marker.h"

namespace reticle {

Marker::Marker(std::string_view text, Lexemes lexemes, const MarkOptions& options)
    : options_(options) {
  out_.text = text;
  out_.lexemes = std::move(lexemes);
  const std::size_t count = out_.lexemes.items.size();
  out_.marks.resize(count);
  pair_.assign(count, 0);
  grouping_.assign(count, false);
  inTemplate_.assign(count, false);
  pairBrackets();
}

void Marker::pairBrackets() {
  std::vector<Index> open;
  int templates = 0;
  for (Index i = 0; i < out_.marks.size(); ++i) {
    const LexemeKind kind = lexeme(i).kind;
    if (kind == TemplateTail) --templates;
    inTemplate_[i] = templates > 0;
    if (kind == TemplateHead) ++templates;
    // a.?b, a[?b], [?x]: the sign belongs to what follows.
    if (kind == Question && i > 0 &&
        (is(i - 1, Dot) || is(i - 1, BracketOpen) || is(i - 1, BraceOpen) || is(i - 1, Comma))) {
      mark(i).operand = mark(i).tightAfter = true;
    }
    if (kind == ParenOpen || kind == BracketOpen || kind == BraceOpen) open.push_back(i);
    if ((kind == ParenClose || kind == BracketClose || kind == BraceClose) && !open.empty()) {
      pair_[open.back()] = i;
      open.pop_back();
    }
  }
}

Marker::Index Marker::at(std::uint32_t byte) const {
  const std::vector<Lexeme>& items = out_.lexemes.items;
  const auto found = std::lower_bound(items.begin(), items.end(), byte,
                                      [](const Lexeme& l, std::uint32_t b) { return l.begin < b; });
  return static_cast<Index>(
      std::min<std::size_t>(static_cast<std::size_t>(found - items.begin()), items.size() - 1));
}

Marker::Index Marker::before(std::uint32_t byte) const {
  const std::vector<Lexeme>& items = out_.lexemes.items;
  const auto found = std::upper_bound(items.begin(), items.end() - 1, byte,
                                      [](std::uint32_t b, const Lexeme& l) { return b < l.end; });
  return found == items.begin() ? 0 : static_cast<Index>(found - items.begin()) - 1;
}

Marker::Index Marker::next(Index from, LexemeKind kind) const {
  while (from + 1 < out_.marks.size() && lexeme(from).kind != kind) ++from;
  return from;
}

void Marker::item(const Span& span, std::int32_t block) {
  Mark& m = mark(at(span.begin));
  m.gap = Gap::Item;
  m.group = block;
}

void Marker::line(Index i, std::uint8_t indent) {
  mark(i).gap = Gap::Line;
  mark(i).indent = indent;
}

std::int32_t Marker::group(Group::Kind kind, Index first, Index last, bool always) {
  out_.groups.push_back({kind, first, last, always});
  return static_cast<std::int32_t>(out_.groups.size()) - 1;
}

// A block in braces; its items are marked by the caller.
std::int32_t Marker::block(Index open, bool always) {
  if (!is(open, BraceOpen) || pair_[open] == 0) return -1;
  const std::int32_t g = group(Group::Kind::Block, open, pair_[open], always);
  mark(pair_[open]).gap = Gap::Close;
  mark(pair_[open]).group = g;
  return g;
}

// Every pair of brackets that holds a list, wherever the walk left it alone: its parts begin after
// the bracket and after each comma.
void Marker::lists() {
  for (Index i = 0; i < out_.marks.size(); ++i) {
    if (pair_[i] == 0 || grouping_[i] || inTemplate_[i]) continue;
    const Index close = pair_[i];
    if (mark(close).gap != Gap::Inside) continue;
    std::vector<Index> commas;
    for (Index j = i + 1; j < close; ++j) {
      if (pair_[j] > 0) {
        j = pair_[j];
      } else if (is(j, Comma)) {
        commas.push_back(j);
      }
    }
    if (!commas.empty() && commas.back() + 1 == close) {  // after the last part
      drop(commas.back());
      commas.pop_back();
    }
    if (rowOf(i)) continue;
    const std::int32_t g = group(Group::Kind::List, i, close);
    const auto part = [&](Index j, Gap gap) {
      if (mark(j).gap != Gap::Inside) return;
      mark(j).gap = gap;
      mark(j).group = g;
    };
    if (i + 1 < close) part(i + 1, Gap::Part);
    for (const Index comma : commas) part(comma + 1, Gap::Part);
    part(close, Gap::Close);
  }
}

Marked Marker::take() {
  lists();
  // Semicolons say nothing.
  for (Index i = 0; i < out_.marks.size(); ++i) {
    if (is(i, Semicolon)) drop(i);
  }
  std::vector<std::uint32_t> order(out_.groups.size()), place(out_.groups.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const Group &x = out_.groups[a], &y = out_.groups[b];
    return x.first != y.first ? x.first < y.first : x.last > y.last;
  });
  std::vector<Group> groups;
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    groups.push_back(out_.groups[order[i]]);
  }
  for (Mark& m : out_.marks) {
    if (m.group >= 0) m.group = static_cast<std::int32_t>(place[static_cast<std::size_t>(m.group)]);
  }
  out_.groups = std::move(groups);
  // What is said of a lexeme that goes away holds for the next one.
  for (Index i = 0; i + 1 < out_.marks.size(); ++i) {
    if (!mark(i).dropped || mark(i).gap == Gap::Inside || mark(i + 1).gap != Gap::Inside) continue;
    mark(i + 1).gap = mark(i).gap;
    mark(i + 1).group = mark(i).group;
    mark(i + 1).indent = mark(i).indent;
  }
  // A group begins and ends with something that is printed.
  for (Group& g : out_.groups) {
    while (g.first < g.last && mark(g.first).dropped) ++g.first;
    while (g.last > g.first && mark(g.last).dropped) --g.last;
  }
  return std::move(out_);
}

Marked markModule(std::string_view text, Lexemes lexemes, const tree::Module& module,
                  const MarkOptions& options) {
  Marker marker(text, std::move(lexemes), options);
  marker.module(module);
  return marker.take();
}

Marked markExpression(std::string_view text, Lexemes lexemes, const Expr& expr,
                      const MarkOptions& options) {
  Marker marker(text, std::move(lexemes), options);
  marker.wholeExpression(expr);
  return marker.take();
}

void Marker::wholeExpression(const Expr& expr) { expression(expr); }

}  // namespace reticle
