// The cells of decision tables: what they ask of their column, and what they match.
#include <algorithm>

#include "analysis/analysis.h"
#include "check/expression_checker.h"
#include "check/shapes.h"
#include "check/table_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// Whether the expression asks for the column itself: `s.size() > 3` in a cell of `s`.
bool mentions(const Expr& e, const std::string& column) {
  if (e.kind == ExprKind::Name) return e.text == column;
  return std::any_of(e.args.begin(), e.args.end(),
                     [&](const Expr& arg) { return mentions(arg, column); });
}

// The operands of `a || b || c`, in their order.
void alternatives(const Expr& e, std::vector<const Expr*>& out) {
  if (e.kind != ExprKind::Binary || e.op != Operator::Or) return out.push_back(&e);
  for (const Expr& arg : e.args) alternatives(arg, out);
}

bool isOrder(Operator op) {
  return op == Operator::Less || op == Operator::LessEqual || op == Operator::Greater ||
         op == Operator::GreaterEqual;
}

// A cell that matches everything.
Expr everything(Span span) {
  Expr e;
  e.kind = ExprKind::Literal;
  e.value = Value::boolean(true);
  e.type = Type::of(TypeKind::Bool);
  e.span = span;
  return e;
}

}  // namespace

Expr TableChecker::lowerTest(const tree::Cell& test, const Expr& subject) const {
  using Kind = tree::Cell::Kind;
  if (test.kind == Kind::Any) return everything(test.span);
  if (test.operands.empty()) return {};
  switch (test.kind) {
    case Kind::Any: break;
    case Kind::If: return test.operands[0];
    case Kind::Compare: return binary(test.op, subject, test.operands[0]);
    case Kind::Equal: return binary(Operator::Equal, subject, test.operands[0]);
    case Kind::Range: {
      if (test.operands.size() < 2) return {};
      if (test.openStart) {
        const Operator upper =
            test.op == Operator::Exclusive ? Operator::Less : Operator::LessEqual;
        return binary(Operator::And, binary(Operator::Greater, subject, test.operands[0]),
                      binary(upper, subject, test.operands[1]));
      }
      Expr range;
      range.kind = ExprKind::Range;
      range.op = test.op;
      range.span = test.span;
      range.args = test.operands;
      return binary(Operator::In, subject, std::move(range));
    }
  }
  return {};
}

// A cell of true or false may hold any condition as its value; elsewhere one is a mistake, and it
// is plain what was meant.
bool TableChecker::reportCondition(const tree::Cell& test, const Expr& subject, Scope& s) {
  if (test.kind != tree::Cell::Kind::Equal || test.operands.empty() ||
      subject.type.kind == TypeKind::Bool || isAny(subject.type) || isPoison(subject.type)) {
    return false;
  }
  const Expr& value = test.operands[0];
  std::vector<const Expr*> values;
  alternatives(value, values);
  if (values.size() > 1 && std::none_of(values.begin(), values.end(), [&](const Expr* e) {
        return mentions(*e, subject.text);
      })) {
    std::string text;
    for (const Expr* e : values) text += (text.empty() ? "" : ", ") + toText(*e);
    report_.error("RL2004", value.span, "a cell lists its values with `,`")
        .fixes.push_back(edit("write " + quoted(text), value.span, text));
    return true;
  }
  if (!mentions(value, subject.text)) return false;
  Expr checked = value;
  expressions_.check(checked, s);
  if (checked.type.kind != TypeKind::Bool) return isPoison(checked.type);
  Diagnostic& d = report_.error("RL2003", value.span, "a condition stands in a cell behind `if`");
  d.label = "compared with " + quoted(subject.text);
  d.fixes.push_back(edit("write " + quoted("if " + toText(value)),
                         {value.span.file, value.span.begin, value.span.begin}, "if "));
  return true;
}

Expr TableChecker::lowerCell(const std::vector<tree::Cell>& cell, const Expr& subject, Scope& s) {
  std::optional<Expr> all;
  for (const tree::Cell& test : cell) {
    const bool ordering = test.kind == tree::Cell::Kind::Range ||
                          (test.kind == tree::Cell::Kind::Compare && test.op != Operator::Equal &&
                           test.op != Operator::NotEqual);
    if (ordering && subject.type.optional && !isAny(subject.type)) {
      Diagnostic& d =
          report_.error("RL2007", test.span, quoted(subject.text) + " may be null in this row");
      d.related.push_back({subject.span, "declared " + quoted(toText(subject.type))});
      d.help.push_back("declare it " + quoted(toText(subject.type.required())) +
                       ", and let the caller say what stands for null: " + quoted("x ?? …"));
      continue;
    }
    if (reportCondition(test, subject, s)) continue;
    Expr one = lowerTest(test, subject);
    expressions_.check(one, s);
    fit_.requireBool(one, s, "the cell");
    all = all ? binary(Operator::Or, std::move(*all), std::move(one)) : std::move(one);
    all->type = Type::of(TypeKind::Bool);
  }
  return all ? std::move(*all) : everything(subject.span);
}

void TableChecker::noteCell(const std::vector<tree::Cell>& cell, const Expr& subject,
                            const Expr* lowered, Table& table) {
  Table::Cell& noted = table.rows.back().cells.emplace_back();
  noted.span = {cell.front().span.file, cell.front().span.begin, cell.back().span.end};
  noted.values = ValueSet::all(subject.type);
  if (!lowered) return;
  ValueSet some(lineOf(subject.type));
  const Expr* rest = lowered;
  for (std::size_t i = cell.size(); i-- > 0;) {
    const Expr* test = i > 0 ? &rest->args[1] : rest;
    if (i > 0) rest = &rest->args[0];
    const std::optional<ValueSet> values =
        cell[i].kind == tree::Cell::Kind::Any ? ValueSet::all(subject.type)
        : cell[i].kind == tree::Cell::Kind::If || cell[i].openStart
            ? ValueSet::satisfying(subject.type, subject.ref, *test)
            : ValueSet::where(subject.type, *test);
    if (!values) {
      noted.certain = false;
      return;
    }
    some = some.united(*values);
  }
  noted.values = std::move(some);
}

void TableChecker::warnFullCell(const tree::Declaration& table, const std::vector<tree::Cell>& cell,
                                const Expr& subject, const Table::Cell& noted) {
  using Kind = tree::Cell::Kind;
  const bool plain = cell.size() > 1 && std::all_of(cell.begin(), cell.end(), [](const auto& test) {
                       return test.kind == Kind::Compare && !test.operands.empty();
                     });
  if (!plain || !noted.certain || !(noted.values == ValueSet::all(subject.type)) ||
      allows(table, "RL5010")) {
    return;
  }
  Diagnostic& d = report_.warn("RL5010", noted.span,
                               "these tests together match every " + quoted(subject.text));
  d.label = "`,` means \"or\"";
  const bool orders = cell.size() == 2 && isOrder(cell[0].op) && isOrder(cell[1].op);
  if (orders) {
    const std::size_t lower =
        cell[0].op == Operator::Greater || cell[0].op == Operator::GreaterEqual ? 0 : 1;
    const tree::Cell &from = cell[lower], &to = cell[1 - lower];
    const std::string a = toText(from.operands[0]), b = toText(to.operands[0]);
    const bool open = to.op == Operator::Less;
    const std::string text = from.op == Operator::Greater ? "(" + a + ".." + b + (open ? ")" : "]")
                                                          : a + (open ? "..<" : "..") + b;
    d.fixes.push_back(edit("what lies between them is " + quoted(text), noted.span, text));
  }
  d.help.push_back("a cell that matches everything is written `_`");
}

}  // namespace reticle::model
