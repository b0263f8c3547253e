// What is said of two operands that do not fit their operator, and how to mend them.
#include <optional>

#include "base/suggest.h"
#include "base/value_order.h"
#include "check/expression_checker.h"
#include "check/operator_checker.h"
#include "check/shapes.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// Written as such, so that a repair can rewrite it.
bool isLiteralText(const Expr& e) {
  return e.kind == ExprKind::Literal && e.value.kind() == ValueKind::String;
}

// Whether the text is a number as it could be written in the language, and how as the type asked
// for.
std::optional<std::string> numberIn(std::string_view text, TypeKind kind) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  bool digits = false, point = false;
  std::string number(text.substr(0, at));
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !point && digits) {
      point = true;
    } else if (text[at] >= '0' && text[at] <= '9') {
      digits = true;
    } else {
      return std::nullopt;
    }
    number += text[at];
  }
  if (!digits || number.back() == '.') return std::nullopt;
  if (kind == TypeKind::Int && point) return std::nullopt;
  return kind == TypeKind::Double && !point ? number + ".0" : number;
}

// Offers a repair for a text (or whole number) on one side and something else on the other. False:
// there is none.
bool mendOperands(const Expr& e, bool leftIsText, bool comparing, Diagnostic& d) {
  const Expr &left = e.args[0], &right = e.args[1];
  const auto relation = [&](const std::string& x, const std::string& y) {
    return x + " " + sign(e.op) + " " + y;
  };
  const Expr &text = leftIsText ? left : right, &other = leftIsText ? right : left;
  if (isLiteralText(text) && isNumber(other.type)) {
    if (const auto number = numberIn(text.value.asString(), other.type.kind)) {
      const std::string whole =
          leftIsText ? relation(*number, toText(right)) : relation(toText(left), *number);
      d.fixes.push_back(
          edit("write the number without quotes: " + quoted(whole), text.span, *number));
      d.notes.push_back("if the text comes from outside, convert it once: `" +
                        toText(other.type.required()) + "(text)`");
      return true;
    }
  }
  if (comparing && other.kind == ExprKind::Literal && isText(text.type) && isNumber(other.type)) {
    const std::string made = toText(Value::string(toText(other.value, false)));
    d.fixes.push_back(edit("put it in quotes: " + quoted(made), other.span, made));
    return true;
  }
  if (comparing && isLiteralText(text) &&
      (other.type.kind == TypeKind::Timestamp || other.type.kind == TypeKind::Duration)) {
    const std::string made = convertedTime(text, other.type.kind);
    if (made.empty()) {
      d.help.push_back(timeHelp(other.type.kind));
    } else {
      d.fixes.push_back(edit("write " + quoted(made), text.span, made));
    }
    return true;
  }
  if (!comparing && text.type.kind == TypeKind::Int && other.type.kind == TypeKind::Double) {
    const std::string made = "double(" + toText(text) + ")";
    d.fixes.push_back(edit("convert the whole number: " + quoted(made), text.span, made));
    d.notes.push_back("arithmetic does not mix `int` and `double`; comparisons do");
    return true;
  }
  if (e.op == Operator::Add && isText(text.type) && !isText(other.type)) {
    const std::string made = leftIsText ? "t\""
                                          "…{" +
                                              toText(other) + "}\""
                                        : "t\"{" + toText(other) + "}…\"";
    if (isNumber(other.type)) {
      d.fixes.push_back(edit("convert it: " + quoted("string(" + toText(other) + ")"), other.span,
                             "string(" + toText(other) + ")"));
    }
    d.help.push_back("or use a template: " + quoted(made));
    return true;
  }
  return false;
}

}  // namespace

// The right operand is pointed at, and the left one shown beside it: a reader goes from left to
// right and stumbles there.
void OperatorChecker::reportOperands(const Expr& e, const std::string& verb) {
  const Expr &left = e.args[0], &right = e.args[1];
  const bool comparing = verb == "compare";
  if (comparing && left.type.kind == TypeKind::Enum && right.type.kind == TypeKind::Enum) {
    Diagnostic& d =
        report_.error("RL2010", e.span,
                      "these two enums have nothing in common: " + quoted(toText(left.type)) +
                          " and " + quoted(toText(right.type)));
    d.related.push_back({left.span, toText(left.type)});
    d.related.push_back({right.span, toText(right.type)});
    return;
  }
  const std::string a = toText(left.type.required()), b = toText(right.type.required());
  const std::string middle = verb == "subtract"                ? " from "
                             : comparing || verb == "multiply" ? " with "
                             : verb == "divide"                ? " by "
                                                               : " and ";
  Diagnostic& d =
      report_.error("RL2003", right.span,
                    verb == "subtract" ? "cannot subtract " + quoted(b) + " from " + quoted(a)
                                       : "cannot " + verb + " " + quoted(a) + middle + quoted(b));
  d.label = toText(right.type);
  d.related.push_back({left.span, toText(left.type)});
  if ((left.type.kind == TypeKind::Optional) != (right.type.kind == TypeKind::Optional)) {
    const std::string text = toText(left.type.kind == TypeKind::Optional ? left : right);
    d.help.push_back("what the optional holds is " + quoted(text + ".orValue(…)") +
                     "; whether it holds anything, " + quoted(text + ".hasValue()"));
    return;
  }
  for (const bool leftIsText : {false, true}) {
    if (mendOperands(e, leftIsText, comparing, d)) return;
  }
  if (comparing && left.type.kind == TypeKind::Record && right.type.kind != TypeKind::Record) {
    d.help.push_back("compare one of its fields: " + quoted(toText(left) + ".…"));
  }
}

}  // namespace reticle::model
