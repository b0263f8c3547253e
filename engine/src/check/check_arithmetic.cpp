// Sums, products and divisions.
#include <algorithm>
#include <limits>

#include "base/suggest.h"
#include "base/value_order.h"
#include "check/expression_checker.h"
#include "check/operator_checker.h"
#include "check/shapes.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// The values that a field's own `where` allows: `x in a..b`, `x >= a`, `x < b`.
// A binary expression as its author sees it: without the brackets around it.
Span withinBrackets(const Expr& e) {
  return {e.span.file, e.args[0].span.begin, e.args[1].span.end};
}

// A duration times or by a number, and how often one duration goes into another.
bool isSpanProduct(Operator op, TypeKind a, TypeKind b) {
  const auto factor = [](TypeKind kind) {
    return kind == TypeKind::Int || kind == TypeKind::Double;
  };
  if (op == Operator::Multiply) {
    return (a == TypeKind::Duration && factor(b)) || (factor(a) && b == TypeKind::Duration);
  }
  return op == Operator::Divide && a == TypeKind::Duration && (factor(b) || a == b);
}

// An expression as one side of an operator.
std::string operand(const Expr& e) {
  const bool whole = e.kind == ExprKind::Binary || e.kind == ExprKind::Ternary;
  return whole ? "(" + toText(e) + ")" : toText(e);
}

struct Bounds {
  std::int64_t least = std::numeric_limits<std::int64_t>::min(),
               greatest = std::numeric_limits<std::int64_t>::max();
};

// What a field's own `where` leaves of the whole numbers. Conjuncts only: what stands under `||` or
// `!` bounds nothing for certain.
void narrowBounds(const Expr& e, const Ref& field, Bounds& bounds) {
  if (e.kind != ExprKind::Binary) return;
  if (e.op == Operator::And) {
    narrowBounds(e.args[0], field, bounds);
    narrowBounds(e.args[1], field, bounds);
    return;
  }
  const auto isField = [&](const Expr& x) {
    return x.ref.kind == Ref::Kind::Field && x.ref.field == field.field;
  };
  const auto isInt = [](const Expr& x) {
    return x.kind == ExprKind::Literal && x.value.kind() == ValueKind::Int;
  };
  if (!isField(e.args[0])) return;
  const Expr& right = e.args[1];
  if (e.op == Operator::In && right.kind == ExprKind::Range && isInt(right.args[0]) &&
      isInt(right.args[1])) {
    bounds.least = std::max(bounds.least, right.args[0].value.asInt());
    bounds.greatest = std::min(
        bounds.greatest, right.args[1].value.asInt() - (right.op == Operator::Exclusive ? 1 : 0));
    return;
  }
  if (!isInt(right)) return;
  const std::int64_t bound = right.value.asInt();
  if (e.op == Operator::Less && bound > bounds.least) {
    bounds.greatest = std::min(bounds.greatest, bound - 1);
  }
  if (e.op == Operator::LessEqual) bounds.greatest = std::min(bounds.greatest, bound);
  if (e.op == Operator::Greater && bound < bounds.greatest) {
    bounds.least = std::max(bounds.least, bound + 1);
  }
  if (e.op == Operator::GreaterEqual) bounds.least = std::max(bounds.least, bound);
}

}  // namespace

// `int` and `double` do not mix, as CEL has it; an int literal beside a double is taken for one.
// Texts, bytes, lists and times have their own sums.
void OperatorChecker::checkArithmetic(Expr& e, Scope& s) {
  Expr &left = e.args[0], &right = e.args[1];
  const std::size_t reported = report_.said();
  expressions_.check(left, s);
  expressions_.check(right, s);
  if (e.op == Operator::Multiply && report_.said() == reported + 1 &&
      report_.last().code == "RL2011") {
    offerMultiplication(e, report_.last());
  }
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(left.type) || isPoison(right.type)) return;
  static constexpr const char* kVerbs[] = {"add", "subtract", "multiply", "divide", "divide"};
  const std::string verb = kVerbs[static_cast<int>(e.op) - static_cast<int>(Operator::Add)];
  for (Expr* side : {&left, &right}) {
    if (side->type.kind == TypeKind::Null) {
      report_.error("RL2003", side->span, "cannot " + verb + " `null`");
      return;
    }
    if (side->type.optional && !isAny(side->type)) {
      return fit_.reportOptional(
          *side, s, quoted(sign(e.op)) + " needs " + quoted(toText(side->type.required())));
    }
  }
  if (left.type.kind == TypeKind::Double) fit_.promote(right);
  if (right.type.kind == TypeKind::Double) fit_.promote(left);
  const TypeKind a = left.type.kind, b = right.type.kind;
  if (isAny(left.type) || isAny(right.type)) {
    e.type = Type::of(TypeKind::Any);
    return;
  }
  const bool add = e.op == Operator::Add, subtract = e.op == Operator::Subtract;
  if (a == b && a == TypeKind::Int) {
    e.type = Type::of(TypeKind::Int);
    if (e.op == Operator::Divide && fit_.alone() == nullptr) checkDivision(e, s);
    return;
  }
  if (a == b && a == TypeKind::Uint) {
    e.type = Type::of(TypeKind::Uint);
    return;
  }
  if (a == b && a == TypeKind::Double && e.op != Operator::Modulo) {
    e.type = Type::of(TypeKind::Double);
  } else if (add && isText(left.type) && isText(right.type)) {
    e.type = Type::of(TypeKind::String);
  } else if (add && a == b && a == TypeKind::Bytes) {
    e.type = left.type;
  } else if (add && a == b && a == TypeKind::List) {
    e.type = fit_.join(left.type, right.type);
  } else if ((add || subtract) && a == TypeKind::Duration && b == TypeKind::Duration) {
    e.type = left.type;
  } else if ((add || subtract) && a == TypeKind::Timestamp && b == TypeKind::Duration) {
    e.type = left.type;
  } else if (add && a == TypeKind::Duration && b == TypeKind::Timestamp) {
    e.type = right.type;
  } else if (subtract && a == TypeKind::Timestamp && b == TypeKind::Timestamp) {
    e.type = Type::of(TypeKind::Duration);
  } else if (isSpanProduct(e.op, a, b)) {
    e.type = Type::of(a == b ? TypeKind::Double : TypeKind::Duration);
  } else if (a == b && a == TypeKind::Double) {
    report_.error("RL2003", e.span, "`%` gives the remainder of whole numbers; these are `double`")
        .help.push_back("convert them with `int(…)`");
  } else {
    reportOperands(e, verb);
  }
}

// What a product does about the division in it: the whole product is rewritten, so that what it
// multiplies is not 0, or is no whole number.
void OperatorChecker::offerMultiplication(const Expr& product, Diagnostic& d) const {
  const auto isDivision = [&](const Expr& side) {
    return side.kind == ExprKind::Binary && side.op == Operator::Divide &&
           withinBrackets(side) == d.span;
  };
  const bool second = isDivision(product.args[1]);
  if (!second && !isDivision(product.args[0])) return;
  const Expr &division = product.args[second ? 1 : 0], &factor = product.args[second ? 0 : 1];
  if (factor.type.kind != TypeKind::Int || factor.type.optional) return;
  const std::string dividend = toText(division.args[0]), by = toText(division.args[1]);
  const std::string whole = operand(factor);
  const std::string first =
      (second ? whole + " * " + dividend : dividend + " * " + whole) + " / " + by;
  const std::string share = "(double(" + dividend + ") / " + by + ".0)";
  const std::string real =
      isLiteralInt(factor) ? toText(factor) + ".0" : "double(" + toText(factor) + ")";
  const std::string exact = second ? real + " * " + share : share + " * " + real;
  d.fixes.clear();
  d.fixes.push_back(edit("multiply first: " + quoted(first), product.span, first));
  d.fixes.push_back(edit("or use real numbers: " + quoted(exact), product.span, exact));
  d.help.clear();
}

// Whole numbers that always give 0: reported only where both ends are known for certain.
void OperatorChecker::checkDivision(const Expr& e, const Scope& s) {
  const Expr &left = e.args[0], &right = e.args[1];
  if (!isLiteralInt(right) || right.value.kind() != ValueKind::Int || allows(s, "RL2011")) return;
  const std::int64_t by = right.value.asInt();
  if (by == 0 && right.kind != ExprKind::Unary) {
    report_.error("RL2014", e.span, "division by zero");
    return;
  }
  if (by <= 1 || right.kind == ExprKind::Unary) return;
  const auto report = [&](const std::string& what, const std::string& why) {
    Diagnostic& d = report_.warn("RL2011", withinBrackets(e), "this integer division is " + what);
    d.label = "`int / int` drops the fraction; " + why;
    d.fixes.push_back(edit(
        "use real numbers: " + quoted("double(" + toText(left) + ") / " + toText(right) + ".0"),
        e.span, "(double(" + toText(left) + ") / " + toText(right) + ".0)"));
    d.help.push_back("or multiply first and divide last");
    d.notes.push_back("this is how CEL divides integers");
  };
  if (left.kind == ExprKind::Literal) {
    const std::int64_t value = left.value.asInt();
    if (value > 0 && value < by)
      report("always 0", toText(left) + " is less than " + toText(right));
    return;
  }
  if (left.ref.kind != Ref::Kind::Field && left.ref.kind != Ref::Kind::FactField) return;
  // The type that owns the field: of what stands before the dot, or of the pattern's fact.
  const Field* field = nullptr;
  if (left.kind == ExprKind::Select && left.args[0].type.kind == TypeKind::Record) {
    field = &types_.typeOf(left.args[0].type.record).fields[index(left.ref.field)];
  } else if (left.kind == ExprKind::Name && s.candidate && left.ref.row == s.candidate->row) {
    field = &types_.typeOf(s.candidate->type).fields[index(left.ref.field)];
  }
  if (!field) return;
  Bounds bounds;
  for (const Expression& check : field->checks) narrowBounds(check.tree, left.ref, bounds);
  if (bounds.least < 0 || bounds.greatest > by) return;
  const std::string range = std::to_string(bounds.least) + ".." + std::to_string(bounds.greatest);
  report("0 for every " + quoted(field->name) +
             (bounds.greatest == by ? " below " + std::to_string(by) : ""),
         quoted(field->name) + " is in " + range);
}

}  // namespace reticle::model
