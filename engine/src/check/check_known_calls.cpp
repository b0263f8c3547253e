// Calls that are known to fail before anything runs: a text that is no date, a clause that `format`
// does not know, a pattern that cannot be read.
#include <algorithm>

#include "base/time_text.h"
#include "check/call_checker.h"
#include "check/shapes.h"
#include "expression/functions_format.h"
#include "expression/regex.h"
#include "model/message.h"
#include "model/value_set.h"

namespace reticle::model {
namespace {

// A value of the type, for asking what a clause of `format` says of such values; nothing: any value
// may come.
std::optional<Value> sampleOf(const Expr& e) {
  if (e.type.optional) return std::nullopt;
  if (std::optional<Value> value = constantValue(e)) return value;
  switch (e.type.kind) {
    case TypeKind::Bool: return Value::boolean(true);
    case TypeKind::Int: return Value::integer(1);
    case TypeKind::Double: return Value::real(1.5);
    case TypeKind::String:
    case TypeKind::Enum: return Value::string("x");
    case TypeKind::Timestamp: return Value::timestamp(0, 0);
    case TypeKind::Duration: return Value::duration(1, 0);
    case TypeKind::Any:
    case TypeKind::Null:
    case TypeKind::Bytes:
    case TypeKind::Uint:
    case TypeKind::Optional:
    case TypeKind::List:
    case TypeKind::Map:
    case TypeKind::Record:
    case TypeKind::Type:
    case TypeKind::Row:
    case TypeKind::Poison: break;
  }
  return std::nullopt;
}

// What is wrong with the text of a `format`, with values of such types; null when nothing is.
Value failureOfFormat(const std::string& text, const Expr& list) {
  if (list.kind != ExprKind::List) return formatFailure(text, nullptr);
  std::vector<std::optional<Value>> values;
  for (const Expr& item : list.args) {
    if (item.kind == ExprKind::Unary && item.op == Operator::Element) {
      return formatFailure(text, nullptr);
    }
    values.push_back(sampleOf(item));
  }
  return formatFailure(text, &values);
}

}  // namespace

// In rule text only: the suite of plain CEL asks what such calls give when they run.
void CallChecker::refuseKnownFailure(Expr& e) {
  if (fit_.alone() != nullptr) return;
  Value failed;
  Span at = e.span;
  const std::optional<Value> second =
      e.args.size() > 1 ? constantValue(e.args[1]) : std::optional<Value>{};
  const std::optional<Value> first = e.args.empty() ? std::nullopt : constantValue(e.args[0]);
  const auto isText = [](const std::optional<Value>& value) {
    return value && value->kind() == ValueKind::String;
  };
  if ((first && first->isError()) || (second && second->isError())) return;
  if (e.text == "format" && isText(first) && e.args.size() == 2) {
    failed = failureOfFormat(std::string(first->asString()), e.args[1]);
    at = e.args[0].span;
  } else if (e.text == "matches" && isText(second)) {
    if (const auto program = compileRegex(second->asString()); !program.ok()) {
      failed = Value::error("RL9001", program.error().message);
      at = e.args[1].span;
    }
  } else if (e.args.size() == 1 && first &&
             (e.text == "timestamp" || e.text == "duration" || e.text == "int" ||
              e.text == "double" || e.text == "bool")) {
    failed = callBuiltin(static_cast<std::size_t>(builtinIndex(e.text)), &*first, 1);
  }
  if (!failed.isError()) return;
  Diagnostic& d = report_.error("RL2014", at, "this call never has a value");
  d.label = std::string(failed.errorMessage());
  if (e.text == "timestamp" && isText(first)) {
    const std::string text = convertedTime(e.args[0], TypeKind::Timestamp);
    if (!text.empty()) d.fixes.push_back(edit("write " + quoted(text), e.span, text));
  }
  e.type = Type::of(TypeKind::Poison);
}

}  // namespace reticle::model
