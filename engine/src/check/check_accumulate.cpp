// `accumulate`: what is computed over the facts that match a pattern, or the matches of a group.
#include <algorithm>

#include "check/condition_checker.h"
#include "check/expression_checker.h"
#include "check/pattern_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// "99.9" is 999 of 10. False for what is no such number, or has too many digits.
bool decimalOf(const std::string& text, std::int64_t& digits, std::int64_t& scale) {
  digits = 0;
  scale = 1;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9' || scale == 1'000'000'000 || digits > 1'000'000'000'000) return false;
    digits = digits * 10 + (c - '0');
    if (point) scale *= 10;
  }
  return !text.empty();
}

}  // namespace
// The results are bound after the group has ended, since no fact of it is known outside. A
// condition whose pattern cannot be read binds its names all the same, as poison.
bool ConditionChecker::checkAccumulate(const tree::Condition& condition, Condition& out, Scope& s) {
  out.kind = Condition::Kind::Accumulate;
  out.skipErrors = condition.skipErrors;
  const Mark mark = enter(s);
  bool read = true;
  if (!condition.groups.empty()) {
    out.groups.emplace_back();
    read = checkGroup(condition.groups[0], out.groups.back(), s, condition.keyword, "accumulate");
  } else {
    read = condition.pattern && patterns_.checkRow(*condition.pattern, out.pattern, s);
  }
  const bool grouped = !condition.groupBy.empty();
  std::vector<Type> types;
  for (const tree::GroupKey& written : condition.groupBy) {
    GroupKey key;
    key.name = written.name.text;
    Expr value = written.value;
    key.type = read ? expressions_.check(value, s) : Type::of(TypeKind::Poison);
    if (key.type.kind == TypeKind::Null) {
      report_.error("RL2001", value.span, "`group by` needs a value of each fact, not null");
      key.type = Type::of(TypeKind::Poison);
    }
    key.value = expressions_.finish(std::move(value));
    out.groupBy.push_back(std::move(key));
  }
  for (const tree::AccumulateFunction& written : condition.functions) {
    AccumulateFunction function;
    function.name = written.result.text;
    function.result =
        read ? accumulateResult(written, function, grouped, s) : Type::of(TypeKind::Poison);
    types.push_back(function.result);
    out.functions.push_back(std::move(function));
  }
  leave(s, mark, "accumulate");
  for (std::size_t i = 0; i < condition.groupBy.size(); ++i) {
    out.groupBy[i].local =
        bindings_.bindLocal(s, condition.groupBy[i].name, out.groupBy[i].type, "key of a group");
  }
  for (std::size_t i = 0; i < condition.functions.size(); ++i) {
    out.functions[i].local =
        bindings_.bindLocal(s, condition.functions[i].result, types[i], "result");
  }
  return read;
}

// `grouped`: there is a result for what has a key only, so that it is never one of nothing.
Type ConditionChecker::accumulateResult(const tree::AccumulateFunction& f, AccumulateFunction& out,
                                        bool grouped, Scope& s) {
  using Kind = AccumulateFunction::Kind;
  const Type poison = Type::of(TypeKind::Poison);
  const auto found =
      std::find_if(kAccumulateFunctions.begin(), kAccumulateFunctions.end(),
                   [&](const auto& entry) { return entry.first == f.function.text; });
  Expr argument = f.argument ? *f.argument : Expr{};
  if (f.argument) expressions_.check(argument, s);
  if (found == kAccumulateFunctions.end()) {
    if (!f.function) return poison;
    reportUnknownAccumulate(f.function);
    return poison;
  }
  out.kind = found->second;
  const std::string who = quoted(f.function.text);
  if (out.kind == Kind::Count) {
    if (f.argument) {
      report_.error("RL3013", argument.span, "`count` counts facts and takes no argument")
          .help.push_back("put what to count into the pattern, as a constraint");
    }
    return Type::of(TypeKind::Int);
  }
  if (!f.argument) {
    report_.error("RL2002", f.span, who + " needs to know of what")
        .help.push_back("write for example " + quoted(f.function.text + "(x.amount)") +
                        " with `x` bound by the pattern");
    return poison;
  }
  if (out.kind == Kind::Percentile && !readPercent(f, out, s)) return poison;
  const Type type = argument.type;
  if (isPoison(type)) return poison;
  const bool list = out.kind == Kind::Collect || out.kind == Kind::Distinct;
  if (!list && out.kind != Kind::First && out.kind != Kind::Last &&
      !fit_.requireValue(argument, s, who, "a value of each fact")) {
    return poison;
  }
  const Span span = argument.span;
  out.argument = expressions_.finish(std::move(argument));
  if (isAny(type)) return list ? listOf(type) : type;  // whatever the values turn out to be
  const auto refuse = [&](const std::string& what) {
    Diagnostic& d =
        report_.error("RL2001", span, who + " needs " + what + ", not " + quoted(toText(type)));
    d.label = toText(type);
    return poison;
  };
  // Of nothing there is no average, least or greatest: null.
  const auto ofSome = [&](const Type& result) { return grouped ? result : result.asOptional(); };
  switch (out.kind) {
    case Kind::Sum:
      if (!isNumber(type) && type.kind != TypeKind::Duration) return refuse("numbers");
      return type;
    case Kind::Avg:
      if (!isNumber(type) && type.kind != TypeKind::Duration) return refuse("numbers");
      return ofSome(type.kind == TypeKind::Int ? Type::of(TypeKind::Double) : type);
    case Kind::Variance:
    case Kind::Stddev:
      if (!isNumber(type)) return refuse("numbers");
      return ofSome(Type::of(TypeKind::Double));
    case Kind::Min:
    case Kind::Max:
    case Kind::Percentile:
      if (!isNumber(type) && type.kind != TypeKind::String && type.kind != TypeKind::Timestamp &&
          type.kind != TypeKind::Duration) {
        return refuse("values with an order");
      }
      return ofSome(type);
    case Kind::First:
    case Kind::Last: return ofSome(type);
    case Kind::Collect:
    case Kind::Distinct: return listOf(type);
    case Kind::Count: break;
  }
  return poison;
}

// Its second argument: a constant from 0 to 100, taken as the decimal number that is written.
bool ConditionChecker::readPercent(const tree::AccumulateFunction& f, AccumulateFunction& out,
                                   Scope& s) {
  if (!f.second) {
    report_.error("RL2002", f.span, "`percentile` needs to know which one")
        .help.push_back("write for example `percentile(x.amount, 95)`");
    return false;
  }
  Expr percent = *f.second;
  expressions_.check(percent, s);
  if (isPoison(percent.type)) return false;
  const bool constant =
      percent.kind == ExprKind::Literal || percent.ref.kind == Ref::Kind::Constant;
  const Value& value = percent.value;
  if (constant && value.isNumber() && decimalOf(toText(value), out.share, out.whole) &&
      out.share <= 100 * out.whole) {
    out.whole *= 100;
    return true;
  }
  report_.error(
      "RL2001", percent.span,
      "`percentile` takes a constant from 0 to 100, with at most nine digits after the point");
  return false;
}

// Names from other languages are known by what they mean there; the rest by their letters.
void ConditionChecker::reportUnknownAccumulate(const tree::Name& function) {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kAccumulateFunctions) names.emplace_back(name);
  const std::string& written = function.text;
  Diagnostic& d =
      report_.error("RL1003", function.span, "`accumulate` has no function " + quoted(written));
  const std::string meant = written == "average" || written == "mean" ? "avg"
                            : written == "total"                      ? "sum"
                            : written == "list" || written == "array" ? "collect"
                            : written == "set"                        ? "distinct"
                            : written == "quantile"                   ? "percentile"
                            : written == "var"                        ? "variance"
                            : written == "std" || written == "sd" || written == "stdev" ? "stddev"
                                                                                        : "";
  if (meant.empty()) {
    suggest(d, function.span, written, names);
  } else {
    d.fixes.push_back(replaceWith(function.span, written, meant));
  }
  d.notes.push_back("its functions are " + listed(names));
}

}  // namespace reticle::model
