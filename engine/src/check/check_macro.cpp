// Macros: expressions over the elements of a list or map, or over what an optional holds.
#include <algorithm>

#include "check/expression_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

constexpr std::size_t kMaxMacros = 3;

// How many macros stand inside each other: the work multiplies with each.
std::size_t macroDepth(const Expr& e) {
  std::size_t deepest = 0;
  for (const Expr& arg : e.args) deepest = std::max(deepest, macroDepth(arg));
  return deepest + (e.kind == ExprKind::Macro ? 1 : 0);
}

}  // namespace

// The variables live as long as the bodies. Whether the depth is too great is asked before the
// parts are read, so that it is reported at the outermost macro.
void ExpressionChecker::checkMacro(Expr& e, Scope& s) {
  if (e.text == "optMap" || e.text == "optFlatMap") return checkOptionalMap(e, s);
  if (fit_.alone() == nullptr && macroDepth(e) > kMaxMacros && depth_ < kMaxDepth) {
    report_
        .error("RL2020", e.span,
               "macros are nested more than " + std::to_string(kMaxMacros) + " deep")
        .notes.push_back(
            "each level multiplies the work; make the inner ones facts of their own, or patterns");
    e.type = Type::of(TypeKind::Poison);
    return;
  }
  const Type range = check(e.args[0], s);
  e.type = Type::of(TypeKind::Poison);
  if (range.optional && !isAny(range)) {
    return fit_.reportOptional(e.args[0], s, "a list or map is needed");
  }
  const std::size_t mark = s.bindings.size();
  if (!bindMacro(e, range, s)) return;
  index_.builtin(e.text, e.nameSpan);
  index_.within({e.span.file, e.nameSpan.end, e.span.end}, s);
  checkMacroBodies(e, s);
  s.bindings.resize(mark);
  const bool poison =
      isPoison(range) ||
      std::any_of(e.args.begin(), e.args.end(), [](const Expr& arg) { return isPoison(arg.type); });
  if (!poison) e.type = macroResult(e, range);
}

// What the variables of a macro stand for; false when there is nothing to walk, which is reported.
bool ExpressionChecker::bindMacro(Expr& e, const Type& range, Scope& s) {
  Type first = Type::of(TypeKind::Any), second = first;
  if (range.kind == TypeKind::List) {
    first = e.names.size() > 1 ? Type::of(TypeKind::Int) : range.arguments[0];
    second = range.arguments[0];
  } else if (range.kind == TypeKind::Map) {
    first = range.arguments[0];
    second = range.arguments[1];
  } else if (!isAny(range) && e.text != "bind") {
    Diagnostic& d =
        report_.error("RL2017", e.args[0].span,
                      quoted(e.text) + " walks a list or a map; this is " + quoted(toText(range)));
    if (range.kind == TypeKind::Record) {
      d.help.push_back("to look at all facts of a kind use a pattern, `exists` or `accumulate`");
    }
    return false;
  }
  if (e.text == "bind") first = range;
  for (std::size_t i = 0; i < e.names.size(); ++i) {
    Type type = i == 0 ? first : second;
    // A macro's variable differs from a broken one by its type.
    if (isPoison(type)) type = Type::of(TypeKind::Any);
    Binding variable;
    variable.name = e.names[i];
    variable.type = std::move(type);
    variable.span = i < e.nameSpans.size() ? e.nameSpans[i] : e.span;
    variable.what = "variable";
    variable.quiet = true;
    bindings_.bind(s, std::move(variable));
  }
  return true;
}

// The bodies in order: what a condition says is known in those after it.
void ExpressionChecker::checkMacroBodies(Expr& e, Scope& s) {
  const std::size_t known = s.known.size();
  for (std::size_t i = 1; i < e.args.size(); ++i) {
    check(e.args[i], s);
    const bool transform = (e.text == "map" && i + 1 == e.args.size()) || e.text == "sortBy" ||
                           e.text.starts_with("transform") || e.text == "bind";
    if (transform && !(e.text.starts_with("transform") && e.args.size() == 3 && i == 1)) continue;
    fit_.requireBool(e.args[i], s, "the condition of " + quoted(e.text));
    assume(e.args[i], true, s);
  }
  s.known.resize(known);
}

// Requires: neither the range nor a body is poison.
Type ExpressionChecker::macroResult(Expr& e, const Type& range) {
  const Type any = Type::of(TypeKind::Any);
  const Type& last = e.args.back().type;
  if (e.text == "map" || e.text == "transformList") return listOf(last);
  if (e.text == "filter") {
    if (range.kind == TypeKind::Map) return listOf(range.arguments[0]);
    return isAny(range) ? listOf(any) : range;
  }
  if (e.text == "bind") return last;
  if (e.text == "sortBy") return sorted(e, range);
  if (e.text == "transformMapEntry") {
    if (last.kind == TypeKind::Map) return last;
    if (isAny(last)) return mapOf(any, any);
    report_
        .error("RL2001", e.args.back().span,
               "`transformMapEntry` needs a map for each element, this is " + quoted(toText(last)))
        .help.push_back("write the entries as a map: `{key: value}`");
    return Type::of(TypeKind::Poison);
  }
  if (e.text.starts_with("transformMap")) {
    return mapOf(e.text == "transformMap" && range.kind == TypeKind::Map ? range.arguments[0] : any,
                 last);
  }
  return Type::of(TypeKind::Bool);
}

// x.optMap(y, body), x.optFlatMap(y, body): `y` is what the optional x holds.
void ExpressionChecker::checkOptionalMap(Expr& e, Scope& s) {
  const Type from = check(e.args[0], s);
  e.type = Type::of(TypeKind::Poison);
  if (!isAny(from) && from.kind != TypeKind::Optional) {
    Diagnostic& d =
        report_.error("RL2017", e.args[0].span,
                      quoted(e.text) + " needs an optional; this is " + quoted(toText(from)));
    if (from.kind == TypeKind::List || from.kind == TypeKind::Map) {
      d.help.push_back("the items of a list are walked with `map`");
    } else {
      d.fixes.push_back(edit("make it one: " + quoted("optional.of(" + toText(e.args[0]) + ")"),
                             e.args[0].span, "optional.of(" + toText(e.args[0]) + ")"));
    }
    return;
  }
  Binding variable;
  variable.name = e.names[0];
  variable.type = from.kind == TypeKind::Optional ? from.arguments[0] : Type::of(TypeKind::Any);
  variable.span = e.nameSpans.empty() ? e.span : e.nameSpans[0];
  variable.what = "variable";
  variable.quiet = true;
  s.bindings.push_back(std::move(variable));
  const Type body = check(e.args[1], s);
  s.bindings.pop_back();
  if (isPoison(from) || isPoison(body)) return;
  if (e.text == "optMap") {
    e.type = optionalOf(body);
  } else if (isAny(body) || body.kind == TypeKind::Optional) {
    e.type = isAny(body) ? optionalOf(Type::of(TypeKind::Any)) : body;
  } else {
    report_
        .error("RL2001", e.args[1].span,
               "`optFlatMap` needs an optional for its result, this is " + quoted(toText(body)))
        .help.push_back("`optMap` makes one of any value");
  }
}

// The type of a sorted list; Poison when its elements have no order, which is reported.
Type ExpressionChecker::sorted(const Expr& e, const Type& range) {
  const Expr& key = e.args.back();
  if (range.kind == TypeKind::Map) {
    report_.error("RL2017", e.args[0].span, "`sortBy` sorts a list; a map has no order");
    return Type::of(TypeKind::Poison);
  }
  switch (key.type.kind) {
    case TypeKind::Null:
    case TypeKind::List:
    case TypeKind::Map:
    case TypeKind::Record:
    case TypeKind::Type:
    case TypeKind::Row:
    case TypeKind::Optional:
      report_.error("RL2003", key.span,
                    quoted(toText(key.type)) +
                        " has no order: `sortBy` needs a number, text or time for each element");
      return Type::of(TypeKind::Poison);
    case TypeKind::Any:
    case TypeKind::Bool:
    case TypeKind::Int:
    case TypeKind::Double:
    case TypeKind::String:
    case TypeKind::Bytes:
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Uint:
    case TypeKind::Enum:
    case TypeKind::Poison: break;
  }
  return isAny(range) ? listOf(Type::of(TypeKind::Any)) : range;
}

}  // namespace reticle::model
