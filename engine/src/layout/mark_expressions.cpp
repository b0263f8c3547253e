// Marks expressions: which brackets are needed, and where long ones break.
#include "layout/marker.h"

namespace reticle {
namespace {

// How tightly a form binds, as in the grammar.
enum Level { kTernary, kOr, kAnd, kRelation, kCoalesce, kSum, kProduct, kUnary, kMember };

int levelOf(Operator op) {
  switch (op) {
    case Operator::Or: return kOr;
    case Operator::And: return kAnd;
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual:
    case Operator::In: return kRelation;
    case Operator::Coalesce:
    case Operator::Inclusive:
    case Operator::Exclusive: return kCoalesce;
    case Operator::Add:
    case Operator::Subtract: return kSum;
    case Operator::Multiply:
    case Operator::Divide:
    case Operator::Modulo: return kProduct;
    case Operator::Not:
    case Operator::Negate: return kUnary;
    case Operator::Element: return kTernary;
    case Operator::Wrap:
    case Operator::None: break;
  }
  return kMember;
}

int levelOf(const Expr& e) {
  switch (e.kind) {
    case ExprKind::Ternary: return kTernary;
    case ExprKind::Binary:
    case ExprKind::Range:
    case ExprKind::Unary: return levelOf(e.op);
    case ExprKind::Literal:
    case ExprKind::Name:
    case ExprKind::Select:
    case ExprKind::Index:
    case ExprKind::Call:
    case ExprKind::List:
    case ExprKind::Map:
    case ExprKind::Record:
    case ExprKind::Template:
    case ExprKind::Macro:
    case ExprKind::Poison: break;
  }
  return kMember;
}

// In front of a block the brace of a record would be taken for that of the block.
bool holdsRecord(const Expr& e) {
  return e.kind == ExprKind::Record || std::any_of(e.args.begin(), e.args.end(), holdsRecord);
}

// Operands that stand in one row: a && b && c, a + b - c.
bool sameRow(Operator a, Operator b) {
  return a == b || (levelOf(a) == kSum && levelOf(b) == kSum);
}

}  // namespace

// The first and the last lexeme inside all brackets that enclose the whole expression.
std::pair<Marker::Index, Marker::Index> Marker::inner(const Expr& e) const {
  Index first = at(e.span.begin), last = before(e.span.end);
  while (first < last && is(first, ParenOpen) && pair_[first] == last) {
    ++first;
    --last;
  }
  return {first, last};
}

// Marks the brackets around an expression, and takes away those that change nothing.
void Marker::brackets(const Expr& e, Place place, int level) {
  const auto [first, last] = inner(e);
  const Index outer = at(e.span.begin);
  for (Index i = outer; i < first; ++i) {
    grouping_[i] = true;
    mark(i).operand = true;
  }
  if (first == outer || options_.keepBrackets) return;
  bool needed = false;
  const int own = levelOf(e);
  switch (place) {
    // `where (a == b) = 1`: without brackets the default would be read as part of the check.
    case Place::Whole: needed = is(before(e.span.end) + 1, Assign); break;
    case Place::Head: needed = holdsRecord(e); break;
    case Place::Operand:
      needed = own <= level || own == kUnary || is(first, Minus) || holdsRecord(e);
      break;
    case Place::Member:
      needed = own != kMember || e.kind == ExprKind::Literal || holdsRecord(e);
      break;
    case Place::Bracketed: needed = true; break;
  }
  // A comment inside may be about just these brackets, so they stay.
  const std::vector<Comment>& comments = out_.lexemes.comments;
  const auto comment =
      std::lower_bound(comments.begin(), comments.end(), e.span.begin,
                       [](const Comment& c, std::uint32_t byte) { return c.begin < byte; });
  needed = needed || (comment != comments.end() && comment->begin < e.span.end);
  // One pair is as good as several.
  const Index keep = needed ? 1 : 0;
  for (Index i = outer; i + keep < first; ++i) {
    drop(i);
    drop(pair_[i]);
  }
}

void Marker::expression(const Expr& e, Place place, int level) {
  if (e.kind == ExprKind::Poison) return;
  if (e.kind == ExprKind::Literal && out_.marks.size() > at(e.span.begin)) {
    const LexemeKind kind = lexeme(at(e.span.begin)).kind;
    // the text of a template
    if (kind == TemplateText || kind == TemplateHead || kind == TemplateMiddle ||
        kind == TemplateTail) {
      return;
    }
  }
  brackets(e, place, level);
  const auto [first, last] = inner(e);
  if (is(first, Minus) || is(first, Not)) {
    const bool sign = e.kind == ExprKind::Unary || e.kind == ExprKind::Literal;
    if (sign) mark(first).tightAfter = true;
  }
  if (e.rooted && is(first, Dot)) mark(first).operand = true;
  switch (e.kind) {
    case ExprKind::Binary: operands(e); break;
    case ExprKind::Ternary: {
      const Index question = before(e.args[0].span.end) + 1, colon = before(e.args[1].span.end) + 1;
      mark(question).operand = mark(colon).operand = true;
      expression(e.args[0], Place::Operand, kTernary);
      expression(e.args[1], Place::Operand, kTernary);
      expression(e.args[2], Place::Operand, kTernary);
      if (rigid_) break;
      const std::int32_t g = group(Group::Kind::Operands, first, last);
      for (const Index i : {question, colon}) {
        mark(i).gap = Gap::Part;
        mark(i).group = g;
      }
      break;
    }
    case ExprKind::Unary:
      if (e.op == Operator::Element) {
        mark(first).operand = mark(first).tightAfter = true;
        expression(e.args[0]);
        break;
      }
      // -(5) and the number -5 are different trees.
      expression(e.args[0], e.args[0].kind == ExprKind::Literal ? Place::Bracketed : Place::Operand,
                 kUnary);
      break;
    case ExprKind::Range:
      expression(e.args[0], Place::Operand, kCoalesce);
      expression(e.args[1], Place::Operand, kCoalesce);
      break;
    case ExprKind::Literal:
    case ExprKind::Name:
    case ExprKind::Select:
    case ExprKind::Index:
    case ExprKind::Call:
    case ExprKind::List:
    case ExprKind::Map:
    case ExprKind::Record:
    case ExprKind::Template:
    case ExprKind::Macro:
    case ExprKind::Poison: parts(e); break;
  }
}

// A row of operands breaks in front of all its operators or of none.
void Marker::operands(const Expr& e) {
  const int own = levelOf(e.op);
  const bool logic = own == kOr || own == kAnd;
  const bool row = (logic || own == kSum) && !rigid_;
  std::int32_t g = -1;
  if (row) {
    const auto [first, last] = inner(e);
    g = group(Group::Kind::Operands, first, last);
  }
  // Brackets around an `&&` in an `||`, and around a `??` that is compared, stay: they are there
  // for the reader.
  const int kept = own == kOr ? kAnd : own == kRelation ? kCoalesce : own;
  const auto walk = [&](const auto& self, const Expr& node) -> void {
    const Index sign = before(node.args[0].span.end) + 1;
    if (row) {
      mark(sign).gap = Gap::Part;
      mark(sign).group = g;
    }
    for (std::size_t i = 0; i < 2; ++i) {
      const Expr& arg = node.args[i];
      const bool bare = arg.span.begin == lexeme(inner(arg).first).begin;
      if (row && bare && arg.kind == ExprKind::Binary && sameRow(arg.op, e.op)) {
        self(self, arg);
      } else {
        expression(arg, Place::Operand, kept);
      }
    }
  };
  walk(walk, e);
}

// Names, calls and literals: their brackets and their parts.
void Marker::parts(const Expr& e) {
  const auto [first, last] = inner(e);
  switch (e.kind) {
    case ExprKind::Index:
      mark(before(e.args[0].span.end) + 1).tightBefore = true;
      expression(e.args[0], Place::Member);
      expression(e.args[1]);
      return;
    case ExprKind::Record:
    case ExprKind::Map: {
      const Index open = e.kind == ExprKind::Map ? first : before(e.nameSpan.end) + 1;
      // The results of a `default`, as in a row: a map without braces, whose keys stand nowhere.
      if (e.kind == ExprKind::Map && !is(open, BraceOpen)) {
        for (std::size_t i = 1; i < e.args.size(); i += 2) expression(e.args[i]);
        return;
      }
      if (e.kind == ExprKind::Record) mark(open).tightBefore = true;
      mark(open).value = mark(pair_[open]).value = true;
      for (std::size_t i = 0; i < e.args.size(); ++i) {
        expression(e.args[i], e.kind == ExprKind::Map && i % 2 == 0 ? Place::Member : Place::Whole);
      }
      return;
    }
    case ExprKind::Template: {
      const bool rigid = std::exchange(rigid_, true);
      for (const Expr& part : e.args) expression(part);
      rigid_ = rigid;
      return;
    }
    case ExprKind::Select: expression(e.args[0], Place::Member); return;
    case ExprKind::Call:
    case ExprKind::Macro: {
      const bool target = e.kind == ExprKind::Macro ? e.text != "bind" : e.method;
      for (std::size_t i = 0; i < e.args.size(); ++i) {
        expression(e.args[i], target && i == 0 ? Place::Member : Place::Whole);
      }
      return;
    }
    case ExprKind::List:
      for (const Expr& arg : e.args) expression(arg);
      return;
    case ExprKind::Literal:
    case ExprKind::Name:
    case ExprKind::Unary:
    case ExprKind::Binary:
    case ExprKind::Ternary:
    case ExprKind::Range:
    case ExprKind::Poison: return;  // no parts, or marked by `expression`
  }
}

}  // namespace reticle
