// Shapes of expressions, whatever they mean.
#include "check/shapes.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/time_text.h"
#include "model/types.h"

namespace reticle::model {

// Of `has(a.b)` there is none: it asks, and names nothing.
std::string dottedName(const Expr& e) {
  if (e.kind == ExprKind::Name) return e.text;
  if (e.kind != ExprKind::Select || e.test) return "";
  const std::string base = dottedName(e.args[0]);
  return base.empty() ? "" : base + "." + e.text;
}

// Those that are made by the checker are never written.
const char* sign(Operator op) {
  switch (op) {
    case Operator::Not: return "!";
    case Operator::Negate:
    case Operator::Subtract: return "-";
    case Operator::Or: return "||";
    case Operator::And: return "&&";
    case Operator::Equal: return "==";
    case Operator::NotEqual: return "!=";
    case Operator::Less: return "<";
    case Operator::LessEqual: return "<=";
    case Operator::Greater: return ">";
    case Operator::GreaterEqual: return ">=";
    case Operator::In: return "in";
    case Operator::Add: return "+";
    case Operator::Multiply: return "*";
    case Operator::Divide: return "/";
    case Operator::Modulo: return "%";
    case Operator::Coalesce: return "??";
    case Operator::Inclusive: return "..";
    case Operator::Exclusive: return "..<";
    case Operator::Element: return "?";
    case Operator::Wrap:
    case Operator::None: break;
  }
  return "";
}

// The place is that of the right side, as the left one may stand elsewhere (a column).
Expr binary(Operator op, Expr left, Expr right) {
  Expr e;
  e.kind = ExprKind::Binary;
  e.op = op;
  e.span = right.span;
  e.args.push_back(std::move(left));
  e.args.push_back(std::move(right));
  return e;
}

// Poison is not: nobody knows what it would have been.
bool isFixed(const Expr& e) {
  switch (e.ref.kind) {
    case Ref::Kind::Row:
    case Ref::Kind::Field:
    case Ref::Kind::Local:
    case Ref::Kind::Host:
    case Ref::Kind::Query: return false;
    case Ref::Kind::None:
    case Ref::Kind::FactField:
    case Ref::Kind::Constant:
    case Ref::Kind::Member:
    case Ref::Kind::Function:
    case Ref::Kind::User:
    case Ref::Kind::Type: break;
  }
  if (e.kind == ExprKind::Poison || isPoison(e.type)) return false;
  if (e.kind == ExprKind::Call && (e.text == "now" || e.text == "passed")) return false;
  return std::all_of(e.args.begin(), e.args.end(), isFixed);
}

std::string convertedTime(const Expr& text, TypeKind kind) {
  const std::string function = kind == TypeKind::Timestamp ? "timestamp(" : "duration(";
  if (text.kind != ExprKind::Literal || text.value.kind() != ValueKind::String) {
    return function + toText(text) + ")";
  }
  const std::string_view written = text.value.asString();
  if (kind == TypeKind::Duration) {
    return parseDuration(written) ? function + toText(text) + ")" : "";
  }
  if (parseTimestamp(written)) return function + toText(text) + ")";
  const std::optional<Instant> instant = parseLooseTimestamp(written);
  if (!instant) return "";
  std::string whole;
  appendTimestamp(whole, *instant);
  return function + toText(Value::string(whole)) + ")";
}

std::string timeHelp(TypeKind kind) {
  return kind == TypeKind::Timestamp ? "a moment is written `timestamp(\"2024-01-15T09:30:00Z\")`"
                                     : "a duration is written `10s`, `5m`, `1h30m`, `2d`";
}

}  // namespace reticle::model
