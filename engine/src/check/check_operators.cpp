// Operators and their operands: logic, comparisons, `in` and `??`.
#include <algorithm>

#include "base/suggest.h"
#include "base/value_order.h"
#include "check/expression_checker.h"
#include "check/operator_checker.h"
#include "check/shapes.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// Enums are texts when it runs, and would be compared by the alphabet: they have no order.
bool ordered(const Type& type) {
  switch (type.kind) {
    case TypeKind::Bool:
    case TypeKind::Int:
    case TypeKind::Double:
    case TypeKind::String:
    case TypeKind::Bytes:
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Uint: return true;
    case TypeKind::Any:
    case TypeKind::Null:
    case TypeKind::Optional:
    case TypeKind::List:
    case TypeKind::Map:
    case TypeKind::Enum:
    case TypeKind::Record:
    case TypeKind::Type:
    case TypeKind::Row:
    case TypeKind::Poison: break;
  }
  return false;
}

}  // namespace

// `-` of unsigned numbers has no meaning, as CEL has it.
void OperatorChecker::checkUnary(Expr& e, Scope& s) {
  if (e.op == Operator::Element) return checkElement(e, s);
  const Type type = expressions_.check(e.args[0], s);
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(type)) return;
  if (e.op == Operator::Not) {
    fit_.requireBool(e.args[0], s, "`!`", &e);
    e.type = Type::of(TypeKind::Bool);
    return;
  }
  // Known when it runs, and checked there.
  if (isAny(type)) {
    e.type = Type::of(TypeKind::Any);
    return;
  }
  if (type.optional) return fit_.reportOptional(e.args[0], s, "a number is needed");
  if ((!isNumber(type) && type.kind != TypeKind::Duration) || type.kind == TypeKind::Uint) {
    report_.error("RL2003", e.span, "`-` needs a number, this is " + quoted(toText(type)));
    return;
  }
  e.type = type;
}

// `?x` in a list or map: its type is that of what x holds.
void OperatorChecker::checkElement(Expr& e, Scope& s) {
  Expr& value = e.args[0];
  const Type type = expressions_.check(value, s);
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(type)) return;
  if (isAny(type) || type.kind == TypeKind::Optional) {
    e.type = isAny(type) ? type : type.arguments[0];
    return;
  }
  Diagnostic& d = report_.error(
      "RL2001", value.span, "`?` puts in what an optional holds; this is " + quoted(toText(type)));
  d.fixes.push_back(edit("without the `?` it always stands there",
                         {e.span.file, e.span.begin, e.span.begin + 1}, ""));
  if (value.kind == ExprKind::Select) {
    d.help.push_back("for a member that may be missing write " +
                     quoted("."
                            "?" +
                            value.text) +
                     " in place of " + quoted("." + value.text));
  }
}

// By kind of operator. Those that are no binary ones come here only after a mistake.
void OperatorChecker::checkBinary(Expr& e, Scope& s) {
  switch (e.op) {
    case Operator::And:
    case Operator::Or: return checkLogical(e, s);
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual: return checkComparison(e, s);
    case Operator::In: return checkIn(e, s);
    case Operator::Coalesce: return checkCoalesce(e, s);
    case Operator::Add:
    case Operator::Subtract:
    case Operator::Multiply:
    case Operator::Divide:
    case Operator::Modulo: return checkArithmetic(e, s);
    case Operator::None:
    case Operator::Not:
    case Operator::Negate:
    case Operator::Inclusive:
    case Operator::Exclusive:
    case Operator::Element:
    case Operator::Wrap: break;
  }
  e.type = Type::of(TypeKind::Poison);
}

// The right side is read with what the left one says about null.
void OperatorChecker::checkLogical(Expr& e, Scope& s) {
  const std::string who = e.op == Operator::And ? "`&&`" : "`||`";
  expressions_.check(e.args[0], s);
  fit_.requireBool(e.args[0], s, who);
  s.unsure = s.unsure || isPoison(e.args[0].type);
  // The right side counts only when the left one is true (or false), so it may rely on that.
  const std::size_t mark = s.known.size();
  assume(e.args[0], e.op == Operator::And, s);
  expressions_.check(e.args[1], s);
  fit_.requireBool(e.args[1], s, who);
  s.unsure = s.unsure || isPoison(e.args[1].type);
  s.known.resize(mark);
  // Absorbed errors go both ways: a broken side does not hide what the other one says.
  e.type = Type::of(TypeKind::Bool);
}

// Equality compares whatever can be equal, null included; orders need values that have one.
void OperatorChecker::checkComparison(Expr& e, Scope& s) {
  Expr &left = e.args[0], &right = e.args[1];
  const bool equality = e.op == Operator::Equal || e.op == Operator::NotEqual;
  const std::size_t reported = report_.said();
  expressions_.check(left, s);
  expressions_.check(right, s);
  e.type = Type::of(TypeKind::Bool);
  // `action == action` with both meanings on each side: offer the one thing that can be meant.
  if (report_.said() > reported && report_.last().code == "RL1006" && left.kind == ExprKind::Name &&
      right.kind == ExprKind::Name && left.text == right.text && s.candidate) {
    Diagnostic& d = report_.last();
    const std::string text = "this." + left.text + " " + sign(e.op) + " ." + left.text;
    d.fixes.clear();
    const std::string outer = d.related.empty() ? "binding" : d.related[0].message.substr(5);
    d.fixes.push_back(edit(quoted(text) + " compares the field with the " + outer, e.span, text));
    if (e.op == Operator::Equal) {
      d.notes.push_back("taken as two fields, this would be true for every " +
                        types_.typeOf(s.candidate->type).name);
    }
  }
  if (isPoison(left.type) || isPoison(right.type)) return;
  if (left.type.kind == TypeKind::Double) fit_.promote(right);
  if (right.type.kind == TypeKind::Double) fit_.promote(left);
  if (left.type.kind == TypeKind::Enum && isText(right.type) &&
      !fit_.enumLiteral(right, left.type)) {
    return;
  }
  if (right.type.kind == TypeKind::Enum && isText(left.type) &&
      !fit_.enumLiteral(left, right.type)) {
    return;
  }
  if (!comparable(left.type, right.type)) {
    reportOperands(e, "compare");
    return;
  }
  if (e.op == Operator::Equal) warnNullJoin(e, s);
  if (equality) return;
  if (left.type.kind == TypeKind::Null || right.type.kind == TypeKind::Null) {
    Diagnostic& d =
        report_.error("RL2003", e.span,
                      std::string("`null` has no order: ") + quoted(sign(e.op)) + " cannot hold");
    d.help.push_back("to ask whether there is a value write `!= null`");
    return;
  }
  for (Expr* side : {&left, &right}) {
    if (side->type.optional && !isAny(side->type)) {
      return fit_.reportOptional(
          *side, s,
          std::string(quoted(sign(e.op))) + " needs " + quoted(toText(side->type.required())));
    }
  }
  for (Expr* side : {&left, &right}) {
    if (isAny(side->type) || ordered(side->type)) continue;
    if (side->type.kind == TypeKind::Enum) {
      Diagnostic& d = report_.error("RL2003", e.span, "the values of an enum have no order");
      d.related.push_back({side->span, toText(side->type)});
      d.help.push_back(
          "list the values that are meant: " +
          quoted(toText(*side) + " in [" +
                 (side->type.values.empty() ? "…" : toText(Value::string(side->type.values[0]))) +
                 ", …]"));
      d.notes.push_back("they are texts when it runs, and would be compared by the alphabet");
    } else {
      report_
          .error("RL2003", e.span,
                 quoted(toText(side->type)) + " has no order: " + quoted(sign(e.op)) +
                     " cannot compare it")
          .related.push_back({side->span, toText(side->type)});
    }
    return;
  }
}

// Two fields that may both be null, one of the candidate: without a value on either side they are
// equal too.
void OperatorChecker::warnNullJoin(const Expr& e, const Scope& s) {
  const Expr *own = &e.args[0], *other = &e.args[1];
  if (!s.candidate || s.place != Scope::Place::Condition || s.constraint == Span{} ||
      allows(s, "RL3009")) {
    return;
  }
  if (own->ref.kind != Ref::Kind::Field || own->ref.row != s.candidate->row) std::swap(own, other);
  const bool join = own->ref.kind == Ref::Kind::Field && own->ref.row == s.candidate->row &&
                    !(other->ref.kind == Ref::Kind::Field && other->ref.row == s.candidate->row);
  if (!join || !own->type.optional || !other->type.optional || isAny(own->type) ||
      isAny(other->type)) {
    return;
  }
  Diagnostic& d =
      report_.warn("RL3009", e.span, "this also joins what has no value with what has none");
  d.label = "`null == null` is true";
  d.related.push_back({own->span, toText(own->type)});
  d.related.push_back({other->span, toText(other->type)});
  const std::string test = toText(*own) + " != null, ";
  d.fixes.push_back(edit("ask for a value: " + quoted(toText(*own) + " != null"),
                         {s.constraint.file, s.constraint.begin, s.constraint.begin}, test));
  d.notes.push_back("if it is meant, add `allow RL3009` to the rule");
}

// A list, the keys of a map, or a range, which exists here only.
void OperatorChecker::checkIn(Expr& e, Scope& s) {
  Expr &left = e.args[0], &right = e.args[1];
  expressions_.check(left, s);
  e.type = Type::of(TypeKind::Bool);
  if (right.kind == ExprKind::Range) {
    for (Expr& end : right.args) {
      expressions_.check(end, s);
      if (left.type.kind == TypeKind::Double) fit_.promote(end);
    }
    for (Expr& end : right.args) {
      if (end.type.kind == TypeKind::Double) fit_.promote(left);
    }
    // A range is no value of its own; it has the type of a list, so that no one needs a case for
    // it.
    right.type = listOf(right.args[0].type);
    if (isPoison(left.type) || isPoison(right.args[0].type) || isPoison(right.args[1].type)) return;
    for (Expr* side : {&left, &right.args[0], &right.args[1]}) {
      if (side->type.optional && !isAny(side->type)) {
        return fit_.reportOptional(*side, s, "a range needs a value");
      }
    }
    for (Expr& end : right.args) {
      if (comparable(left.type, end.type) && (isAny(end.type) || ordered(end.type)) &&
          (isAny(left.type) || ordered(left.type))) {
        continue;
      }
      Diagnostic& d = report_.error(
          "RL2003", end.span,
          quoted(toText(left.type)) + " cannot lie in a range of " + quoted(toText(end.type)));
      d.label = toText(end.type);
      d.related.push_back({left.span, toText(left.type)});
      return;
    }
    const Expr &from = right.args[0], &to = right.args[1];
    if (from.kind == ExprKind::Literal && to.kind == ExprKind::Literal) {
      // Only of literals: the rest is a matter of the analysis.
      const int order = compare(from.value, to.value);
      if (order == 1 || (order == 0 && right.op == Operator::Exclusive)) {
        Diagnostic& d = report_.error("RL3007", right.span, "this range is empty");
        d.label = "nothing lies in it";
        if (order == 1) {
          d.fixes.push_back(
              edit("turn it round", right.span,
                   toText(to) + (right.op == Operator::Exclusive ? "..<" : "..") + toText(from)));
        }
      }
    }
    return;
  }
  expressions_.check(right, s);
  if (isPoison(left.type) || isPoison(right.type) || isAny(right.type)) return;
  if (right.type.optional) return fit_.reportOptional(right, s, "`in` needs a list or map");
  if (right.type.kind != TypeKind::List && right.type.kind != TypeKind::Map) {
    Diagnostic& d = report_.error(
        "RL2003", right.span,
        "`in` looks into a list, a map or a range; this is " + quoted(toText(right.type)));
    if (isText(right.type)) {
      const std::string text = toText(right) + ".contains(" + toText(left) + ")";
      if (isText(left.type)) d.fixes.push_back(edit("write " + quoted(text), e.span, text));
    }
    return;
  }
  // Of a list its elements, of a map its keys: both are the first argument.
  const Type element = right.type.arguments[0];
  if (left.type.kind == TypeKind::Enum && right.kind == ExprKind::List) {
    for (Expr& item : right.args) {
      if (!fit_.enumLiteral(item, left.type)) return;
    }
  }
  if (element.kind == TypeKind::Double) fit_.promote(left);
  if (element.kind == TypeKind::Enum && !fit_.enumLiteral(left, element)) return;
  if (comparable(left.type, element)) return;
  Diagnostic& d =
      report_.error("RL2003", left.span,
                    quoted(toText(left.type)) + " cannot be in a " + quoted(toText(right.type)));
  d.label = toText(left.type);
  d.related.push_back({right.span, toText(right.type)});
}

// What stands for null must be of the type of the left side, or both are of no use.
void OperatorChecker::checkCoalesce(Expr& e, Scope& s) {
  Expr &left = e.args[0], &right = e.args[1];
  expressions_.check(left, s);
  expressions_.check(right, s);
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(left.type) || isPoison(right.type)) return;
  if (left.type.kind == TypeKind::Double) fit_.promote(right);
  if (left.type.kind == TypeKind::Enum && !fit_.enumLiteral(right, left.type)) return;
  if (isAny(left.type)) {
    e.type = Type::of(TypeKind::Any);
    return;
  }
  if (left.type.kind == TypeKind::Null) {
    e.type = right.type;
    return;
  }
  // `x ?? null` changes nothing, and is not worth a mistake.
  Type type = fit_.join(left.type.required(), right.type.required());
  if (right.type.kind == TypeKind::Null) type = left.type;
  if (type.kind == TypeKind::Any && !isAny(right.type)) {
    Diagnostic& d = report_.error("RL2003", right.span,
                                  "`??` needs " + quoted(toText(left.type.required())) +
                                      " in place of null, this is " + quoted(toText(right.type)));
    d.label = toText(right.type);
    d.related.push_back({left.span, toText(left.type)});
    return;
  }
  if (type.kind != TypeKind::Any) {
    type.optional = right.type.optional || right.type.kind == TypeKind::Null;
  }
  e.type = type;
}

}  // namespace reticle::model
