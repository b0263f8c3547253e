// Marks declarations: their clauses, fields, rows and sections, and whole modules.
#include "base/utf8.h"
#include "layout/marker.h"

namespace reticle {

void Marker::module(const tree::Module& module) {
  const auto top = [&](Index i) { mark(i).gap = Gap::Item; };
  Index first = 0;
  if (isWord(0, "module")) top(0);
  for (const tree::Import& import : module.imports) top(at(import.span.begin));
  for (const tree::Declaration& d : module.declarations) {
    first = at(d.span.begin);
    // What stands above the first declaration is the head of the file.
    if (out_.body == 0) out_.body = first;
    top(first);
    declaration(d);
  }
}

void Marker::declaration(const tree::Declaration& d) {
  switch (d.kind) {
    case tree::Declaration::Kind::Fact:
    case tree::Declaration::Kind::Event:
    case tree::Declaration::Kind::Subject: fields(d); break;
    case tree::Declaration::Kind::Enum: break;
    case tree::Declaration::Kind::Const:
    case tree::Declaration::Kind::Function:
      params(d.params);
      if (d.result) type(*d.result);
      if (!d.locals.empty() || (d.value && isWord(at(d.value->span.begin) - 1, "return"))) {
        functionBody(d);
      } else if (d.value) {
        clause(at(d.value->span.begin));
        expression(*d.value);
      }
      break;
    case tree::Declaration::Kind::Host:
      params(d.params);
      if (d.result) type(*d.result);
      break;
    case tree::Declaration::Kind::Table: table(d); break;
    case tree::Declaration::Kind::Rule: rule(d); break;
    case tree::Declaration::Kind::Query:
      params(d.params);
      conditions(pastParams(d), d.when);
      break;
    case tree::Declaration::Kind::Flow: flow(d); break;
    case tree::Declaration::Kind::Test: test(d); break;
    case tree::Declaration::Kind::Given: actions(before(d.head.end) + 1, d.then, true); break;
  }
}

// One `let` a line, then `return`.
void Marker::functionBody(const tree::Declaration& d) {
  const std::uint32_t first =
      d.locals.empty() ? lexeme(at(d.value->span.begin) - 1).begin : d.locals[0].span.begin;
  const std::int32_t g = block(before(first), true);
  for (const tree::Local& local : d.locals) {
    item(local.span, g);
    expression(local.value);
  }
  if (!d.value) return;
  const Index word = at(d.value->span.begin) - 1;
  item({0, lexeme(word).begin, d.value->span.end}, g);
  expression(*d.value);
}

// The lexeme after the parameters of a declaration.
Marker::Index Marker::pastParams(const tree::Declaration& d) const {
  const Index open = before(d.head.end) + 1;
  return is(open, ParenOpen) ? pair_[open] + 1 : open;
}

void Marker::type(const tree::TypeUse& type) {
  if (type.span.end == type.span.begin) return;
  // `list<int>= x`: the lexer takes two signs for one.
  Index last = before(type.span.end);
  // The lexer reads the end of `list<int>= 3` as `>=`: one `>` more closes the type.
  int open = 0;
  for (Index i = at(type.span.begin); i <= last; ++i) {
    open += is(i, Less) ? 1 : is(i, Greater) ? -1 : 0;
  }
  if (open > 0 && is(last + 1, GreaterEqual)) ++last;
  for (Index i = at(type.span.begin); i <= last; ++i) mark(i).type = true;
}

void Marker::params(const std::vector<tree::Field>& params) {
  for (const tree::Field& param : params) {
    type(param.type);
    expression(param.initial);
  }
}

// Fields on lines of their own need no commas between them; those inside a line keep theirs.
void Marker::fields(const tree::Declaration& d) {
  const Index open = next(before(d.head.end) + 1, BraceOpen);
  const std::int32_t g = block(open);
  for (const tree::Field& f : d.fields) field(f, g);
  for (Index i = open; i < pair_[open]; ++i) {
    if (is(i, Comma) && mark(i + 1).gap != Gap::Inside) drop(i);
  }
}

void Marker::field(const tree::Field& f, std::int32_t block) {
  item(f.span, block);
  type(f.type);
  expression(f.initial);
  for (const Expr& e : f.where) {
    clauseBefore(e);
    expression(e);
  }
}

// Tables

// The signs `|` and `=>` of neighbouring rows stand below each other.
void Marker::table(const tree::Declaration& d) {
  params(d.params);
  params(d.results);
  if (d.result) type(*d.result);
  // Nothing in a row may break its line, or the columns would not stand below each other.
  const bool rigid = std::exchange(rigid_, true);
  const Index open =
      next(before(std::max(d.result ? d.result->span.end : 0,
                           d.results.empty() ? d.head.end : d.results.back().span.end)),
           BraceOpen);
  const std::int32_t g = block(open, true);
  std::vector<std::uint32_t> widths;
  const auto width = [&](Index from, Index to) {
    return static_cast<std::uint32_t>(countCodePoints(onOneLine(out_, from, to)));
  };
  // Where the cells of a row begin, and its `=>`.
  std::vector<std::vector<Index>> rows;
  for (const tree::TableRow& row : d.rows) {
    item(row.span, g);
    for (const std::vector<tree::Cell>& tests : row.cells) {
      for (const tree::Cell& cell : tests) {
        for (const Expr& e : cell.operands) expression(e, Place::Bracketed);
      }
    }
    for (const Expr& e : row.results) expression(e);
    rows_.push_back({at(row.span.begin), before(row.span.end)});
    std::vector<Index>& signs = rows.emplace_back();
    for (Index i = at(row.span.begin); i <= before(row.span.end); ++i) {
      // Bars inside brackets belong to the expression there.
      if (pair_[i] > 0) {
        i = pair_[i];
      } else if (is(i, Bar) || is(i, FatArrow)) {
        signs.push_back(i);
      }
      if (is(i, FatArrow)) break;
    }
    for (std::size_t c = 0; c + 1 < signs.size(); ++c) {
      // Rows may differ in their number of cells: only a table without mistakes has the same in
      // all.
      if (widths.size() <= c) widths.push_back(0);
      widths[c] = std::max(widths[c], width(signs[c], signs[c + 1] - 1));
    }
  }
  if (d.otherwise) {
    expression(*d.otherwise);
    const Index arrow = at(d.otherwise->span.begin) - 1;
    item({0, lexeme(arrow - 1).begin, lexeme(arrow).end}, g);
    rows_.push_back({arrow - 1, before(d.otherwise->span.end)});
    std::sort(rows_.begin(), rows_.end());
    constexpr std::uint32_t kDefault = 7;  // the width of `default`
    std::uint32_t whole = 0;
    for (const std::uint32_t w : widths) whole += w + (whole > 0 ? 1 : 0);
    // A narrow table is widened, so that its `=>` stands below that of `default`.
    if (whole < kDefault && !widths.empty()) widths.back() += kDefault - whole;
    mark(arrow).pad = std::max(whole, kDefault) - kDefault + 1;
  }
  for (const std::vector<Index>& signs : rows) {
    for (std::size_t c = 0; c + 1 < signs.size(); ++c) {
      mark(signs[c + 1]).pad = widths[c] - width(signs[c], signs[c + 1] - 1);
    }
    // Two spaces set the result apart.
    if (!signs.empty() && is(signs.back(), FatArrow)) ++mark(signs.back()).pad;
  }
  rigid_ = rigid;
}

// Whether the lexeme lies in a row of a table. Requires: rows_ is in order.
bool Marker::rowOf(Index i) const {
  const auto behind = std::upper_bound(
      rows_.begin(), rows_.end(), i,
      [](Index index, const std::pair<Index, Index>& row) { return index < row.first; });
  return behind != rows_.begin() && i <= (behind - 1)->second;
}

// Rules, flows, tests

void Marker::rule(const tree::Declaration& d) {
  expression(d.salience);
  expression(d.oncePer);
  const Index end = before(d.span.end);
  Index i = before(d.head.end) + 1;
  // The attributes: words in front of `on`, `when` and `then`, outside of expressions.
  const auto skip = [&](const std::optional<Expr>& e) {
    if (e && i >= at(e->span.begin) && i <= before(e->span.end)) i = before(e->span.end) + 1;
  };
  while (i <= end && !isWord(i, "on") && !isWord(i, "when") && !isWord(i, "then")) {
    // Words inside these expressions are no attributes, whatever they are called.
    skip(d.salience);
    skip(d.oncePer);
    if (isWord(i, "on") || isWord(i, "when") || isWord(i, "then")) break;
    static constexpr std::string_view kAttributes[] = {"salience", "group", "auto",     "exclusive",
                                                       "once",     "no",    "repeat",   "disabled",
                                                       "allow",    "tags",  "effective"};
    if (std::any_of(std::begin(kAttributes), std::end(kAttributes),
                    [&](std::string_view word) { return isWord(i, word); })) {
      clause(i);
      if (isWord(i, "no") || isWord(i, "auto")) {
        mark(i + 1).tightBefore = mark(i + 1).tightAfter = true;
      }
      // The names after these may be attributes' words.
      if (isWord(i, "group") || isWord(i, "exclusive") || isWord(i, "allow")) ++i;
    }
    if (is(i, ParenOpen)) i = pair_[i];
    ++i;
  }
  if (isWord(i, "on") && d.on) {
    line(i, 0);
    trigger(*d.on);
    for (const tree::Trigger& further : d.orOn) {
      clause(at(further.span.begin) - 1);
      trigger(further);
    }
    i = before((d.orOn.empty() ? *d.on : d.orOn.back()).span.end) + 1;
  }
  if (isWord(i, "when")) {
    line(i, 0);
    i = conditions(i + 1, d.when) + 1;
  }
  if (isWord(i, "then")) {
    line(i, 0);
    actions(i + 1, d.then);
  }
}

void Marker::flow(const tree::Declaration& d) {
  params(d.params);
  if (d.result) type(*d.result);
  expression(d.key, Place::Head);
  const bool plans = d.timeout || d.retry || d.version;
  Index i = d.result ? before(d.result->span.end) + 1 : pastParams(d);
  while (!is(i, BraceOpen) && !is(i, End)) {
    if (d.key && i == at(d.key->span.begin)) {
      i = before(d.key->span.end) + 1;
    } else if (d.retry && i == at(d.retry->span.begin)) {
      line(i, 2);
      retry(*d.retry, i);
      i = before(d.retry->span.end) + 1;
    } else {
      if (isWord(i, "timeout") || isWord(i, "version") || (plans && isWord(i, "allow"))) line(i, 2);
      ++i;
    }
  }
  if (plans) line(i, 0);
  Index close = actions(i, d.then, true);
  for (const tree::Handler& h : d.handlers) {
    line(close + 1, 0);
    close = actions(next(close + 1, BraceOpen), h.body);
  }
}

void Marker::test(const tree::Declaration& d) {
  // `for (a, b)` is no call.
  if (d.caseNames.size() > 1) mark(next(before(d.head.end), ParenOpen)).operand = true;
  for (const tree::TestCase& one : d.cases) {
    for (const Expr& value : one.values) expression(value);
  }
  const std::uint32_t end = std::max(d.casesSpan.end, d.strategy ? d.strategy.span.end : 0u);
  const std::int32_t g = block(next(before(std::max(end, d.head.end)) + 1, BraceOpen), true);
  for (const tree::TestSection& s : d.sections) {
    item(s.span, g);
    const Index open = at(s.span.begin) + 1;
    if (s.kind != tree::TestSection::Kind::Expect) {
      actions(open, s.doings);
      continue;
    }
    const std::int32_t expects = block(open);
    for (const tree::Expect& e : s.expects) {
      item(e.span, expects);
      expectation(e);
    }
  }
}

void Marker::expectation(const tree::Expect& e) {
  if (e.pattern) pattern(*e.pattern);
  for (const Expr& c : e.constraints) expression(c);
  if (e.kind == tree::Expect::Kind::Flow) {
    expression(e.value, Place::Head);
  } else {
    expression(e.value);
  }
}

}  // namespace reticle
