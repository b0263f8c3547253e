// Types of expressions, bottom up.
#include <algorithm>
#include <cmath>

#include "check/checker.h"

namespace reticle::model {
namespace {

constexpr std::size_t kMaxDepth = 64;
constexpr std::size_t kMaxMacros = 3;

Type typeOfLiteral(const Value& value) {
  switch (value.kind()) {
    case ValueKind::Null: return Type::of(TypeKind::Null);
    case ValueKind::Bool: return Type::of(TypeKind::Bool);
    case ValueKind::Int: return Type::of(TypeKind::Int);
    case ValueKind::Double: return Type::of(TypeKind::Double);
    case ValueKind::String: return Type::of(TypeKind::String);
    case ValueKind::Bytes: return Type::of(TypeKind::Bytes);
    case ValueKind::Timestamp: return Type::of(TypeKind::Timestamp);
    case ValueKind::Duration: return Type::of(TypeKind::Duration);
    case ValueKind::Type: return Type::of(TypeKind::Type);
    case ValueKind::List: return listOf(Type::of(TypeKind::Any));
    case ValueKind::Map: return mapOf(Type::of(TypeKind::Any), Type::of(TypeKind::Any));
    case ValueKind::Uint: return Type::of(TypeKind::Uint);
    case ValueKind::Optional: return optionalOf(Type::of(TypeKind::Any));
    case ValueKind::Fact:
    case ValueKind::Error: break;
  }
  return Type::of(TypeKind::Any);
}

std::size_t macroDepth(const Expr& e) {
  std::size_t deepest = 0;
  for (const Expr& arg : e.args) deepest = std::max(deepest, macroDepth(arg));
  return deepest + (e.kind == ExprKind::Macro ? 1 : 0);
}

}  // namespace

// The type of plain CEL that both are assignable to, dyn apart; nothing when there is none.
static std::optional<Type> unify(const Type& a, const Type& b) {
  if (isUndecided(a)) return b;
  if (isUndecided(b)) return a;
  if (isAny(a) || isAny(b)) return Type::of(TypeKind::Any);
  const auto nullable = [](const Type& t) {
    return t.kind == TypeKind::Timestamp || t.kind == TypeKind::Duration ||
           t.kind == TypeKind::Optional;
  };
  if (a.kind == TypeKind::Null && nullable(b)) return b;
  if (b.kind == TypeKind::Null && nullable(a)) return a;
  if (a.kind != b.kind || a.arguments.size() != b.arguments.size()) return std::nullopt;
  Type type = a;
  for (std::size_t i = 0; i < a.arguments.size(); ++i) {
    const std::optional<Type> argument = unify(a.arguments[i], b.arguments[i]);
    if (!argument) return std::nullopt;
    type.arguments[i] = *argument;
  }
  return type;
}

Type Checker::join(const Type& a, const Type& b) const {
  if (alone_ == nullptr || isPoison(a) || isPoison(b)) return model::join(a, b);
  return unify(a, b).value_or(Type::of(TypeKind::Any));
}

bool Checker::promote(Expr& e) const {
  return alone_ == nullptr ? model::promote(e) : e.type.kind == TypeKind::Double;
}


const Type& Checker::check(Expr& e, Scope& s) {
  if (depth_ >= kMaxDepth) {
    error("RL2020", e.span, "this expression is nested too deeply")
        .notes.push_back("at most " + std::to_string(kMaxDepth) +
                         " levels; name a part of it with `let` or a function");
    e.type = Type::of(TypeKind::Poison);
    return e.type;
  }
  ++depth_;
  switch (e.kind) {
    case ExprKind::Poison: e.type = Type::of(TypeKind::Poison); break;
    case ExprKind::Literal: checkLiteral(e); break;
    case ExprKind::Name: checkName(e, s); break;
    case ExprKind::Select:
      checkSelect(e, s);
      if (e.test && !isPoison(e.type)) e.type = Type::of(TypeKind::Bool);
      break;
    case ExprKind::Index: checkIndex(e, s); break;
    case ExprKind::Call: checkCall(e, s); break;
    case ExprKind::Unary: checkUnary(e, s); break;
    case ExprKind::Binary: checkBinary(e, s); break;
    case ExprKind::Ternary: checkTernary(e, s); break;
    case ExprKind::List: checkList(e, s); break;
    case ExprKind::Map: checkMap(e, s); break;
    case ExprKind::Macro: checkMacro(e, s); break;
    case ExprKind::Template: {
      bool poison = false;
      for (Expr& part : e.args) poison = isPoison(check(part, s)) || poison;
      e.type = Type::of(poison ? TypeKind::Poison : TypeKind::String);
      break;
    }
    case ExprKind::Range: {
      Diagnostic& d = error("RL2009", e.span, "a range stands to the right of `in` only");
      d.help.push_back("write `x in " + toText(e) + "`");
      e.type = Type::of(TypeKind::Poison);
      break;
    }
    case ExprKind::Record: {
      if (wasUnread(e.span)) {
        e.type = Type::of(TypeKind::Poison);
        break;
      }
      Diagnostic& d = error("RL2009", e.nameSpan == Span{} ? e.span : e.nameSpan,
                            "a fact or event cannot be made inside an expression");
      if (s.place == Scope::Place::Rule || s.place == Scope::Place::Flow ||
          s.place == Scope::Place::Test) {
        d.help.push_back("make it with " + quoted("insert " + e.text + "{…} as x") +
                         " and use `x`");
      } else {
        d.notes.push_back("expressions only look; facts are made by `insert` and events by `emit`");
      }
      e.type = Type::of(TypeKind::Poison);
      break;
    }
  }
  if (e.type.optional && !s.known.empty()) {
    const std::string path = pathOf(e);
    if (!path.empty() && std::find(s.known.begin(), s.known.end(), path) != s.known.end()) {
      e.type.optional = false;
    }
  }
  --depth_;
  index_.type(e);
  return e.type;
}

void Checker::checkLiteral(Expr& e) { e.type = typeOfLiteral(e.value); }

void Checker::checkIndex(Expr& e, Scope& s) {
  const Type base = check(e.args[0], s);
  const Type at = check(e.args[1], s);
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(base) || isPoison(at)) return;
  if (base.optional && !isAny(base)) {
    return reportOptional(e.args[0], s, "one of its elements is asked for");
  }
  if (at.optional && !isAny(at)) return reportOptional(e.args[1], s, "an index is needed");
  const Type element = elementOf(e, base.kind == TypeKind::Optional ? base.arguments[0] : base, at);
  e.type = isPoison(element) || (!e.maybe && base.kind != TypeKind::Optional) ? element
                                                                              : optionalOf(element);
}

// What an index picks out of a container; Poison: nothing, which was said.
Type Checker::elementOf(Expr& e, const Type& container, const Type& at) {
  switch (container.kind) {
    case TypeKind::List:
      if (isAny(at) || isNumber(at)) return container.arguments[0];
      error("RL2017", e.args[1].span,
            "a list is indexed by an `int`, not by " + quoted(toText(at)));
      break;
    case TypeKind::Map:
      if (comparable(at, container.arguments[0])) return container.arguments[1];
      error("RL2017", e.args[1].span,
            "the keys of this map are " + quoted(toText(container.arguments[0])) + ", not " +
                quoted(toText(at)));
      break;
    case TypeKind::Any:
    case TypeKind::Row: return Type::of(TypeKind::Any);
    default: {
      Diagnostic& d = error("RL2017", e.args[0].span,
                            quoted(toText(container)) + " has no elements to pick with `[…]`");
      if (container.kind == TypeKind::String) {
        d.help.push_back("one letter of a text is `" + toText(e.args[0]) + ".charAt(" +
                         toText(e.args[1]) + ")`");
      }
      if (container.kind == TypeKind::Record) d.help.push_back("a field is picked with a dot");
    }
  }
  return Type::of(TypeKind::Poison);
}

void Checker::checkTernary(Expr& e, Scope& s) {
  check(e.args[0], s);
  requireBool(e.args[0], s, "the condition of `?:`");
  const std::size_t mark = s.known.size();
  assume(e.args[0], true, s);
  check(e.args[1], s);
  s.known.resize(mark);
  assume(e.args[0], false, s);
  check(e.args[2], s);
  s.known.resize(mark);
  Expr &yes = e.args[1], &no = e.args[2];
  if (yes.type.kind == TypeKind::Double && no.type.kind == TypeKind::Int) promote(no);
  if (no.type.kind == TypeKind::Double && yes.type.kind == TypeKind::Int) promote(yes);
  e.type = join(yes.type, no.type);
  if (isPoison(e.type) || e.type.kind != TypeKind::Any || isAny(yes.type) || isAny(no.type)) return;
  Diagnostic& d = error("RL2003", no.span,
                        "the two results of `?:` are " + quoted(toText(yes.type)) + " and " +
                            quoted(toText(no.type)));
  d.label = toText(no.type);
  d.related.push_back({yes.span, toText(yes.type)});
  if (isNumber(yes.type) && isNumber(no.type)) {
    const Expr& whole = yes.type.kind == TypeKind::Int ? yes : no;
    d.fixes.push_back(edit("convert the whole number: " + quoted("double(" + toText(whole) + ")"),
                           whole.span, "double(" + toText(whole) + ")"));
  }
  e.type = Type::of(TypeKind::Poison);
}

void Checker::checkList(Expr& e, Scope& s) {
  Type element = undecided();
  bool doubles = false, poison = false;
  for (Expr& item : e.args) {
    poison = isPoison(check(item, s)) || poison;
    doubles = doubles || item.type.kind == TypeKind::Double;
  }
  for (std::size_t i = 0; i < e.args.size(); ++i) {
    if (doubles) promote(e.args[i]);
    element = i == 0 ? e.args[i].type : join(element, e.args[i].type);
  }
  e.type = poison ? Type::of(TypeKind::Poison) : listOf(element);
}

void Checker::checkMap(Expr& e, Scope& s) {
  Type key = undecided(), value = undecided();
  bool poison = false;
  for (std::size_t i = 0; i + 1 < e.args.size(); i += 2) {
    Expr& k = e.args[i];
    poison = isPoison(check(k, s)) || poison;
    poison = isPoison(check(e.args[i + 1], s)) || poison;
    if (!isAny(k.type) && !isText(k.type) && k.type.kind != TypeKind::Int &&
        k.type.kind != TypeKind::Bool && k.type.kind != TypeKind::Uint) {
      if (k.type.optional) {
        reportOptional(k, s, "a key of a map is needed");
      } else {
        error("RL2001", k.span,
              "a key of a map is a `string`, `int` or `bool`, not " + quoted(toText(k.type)));
      }
      poison = true;
    }
    key = i == 0 ? k.type : join(key, k.type);
    value = i == 0 ? e.args[1].type : join(value, e.args[i + 1].type);
    for (std::size_t j = 0; j < i && k.kind == ExprKind::Literal; j += 2) {
      if (e.args[j].kind != ExprKind::Literal || !(e.args[j].value == k.value)) continue;
      error("RL2006", k.span, "this map has the key " + toText(k) + " twice")
          .related.push_back({e.args[j].span, "first here"});
      poison = true;
      break;
    }
  }
  e.type = poison ? Type::of(TypeKind::Poison) : mapOf(key, value);
}

void Checker::checkMacro(Expr& e, Scope& s) {
  if (e.text == "optMap" || e.text == "optFlatMap") return checkOptionalMap(e, s);
  if (alone_ == nullptr && macroDepth(e) > kMaxMacros && depth_ < kMaxDepth) {
    error("RL2020", e.span, "macros are nested more than " + std::to_string(kMaxMacros) + " deep")
        .notes.push_back(
            "each level multiplies the work; make the inner ones facts of their own, or patterns");
    e.type = Type::of(TypeKind::Poison);
    return;
  }
  const Type range = check(e.args[0], s);
  e.type = Type::of(TypeKind::Poison);
  if (range.optional && !isAny(range)) {
    return reportOptional(e.args[0], s, "a list or map is needed");
  }
  Type first = Type::of(TypeKind::Any), second = first;
  if (range.kind == TypeKind::List) {
    first = e.names.size() > 1 ? Type::of(TypeKind::Int) : range.arguments[0];
    second = range.arguments[0];
  } else if (range.kind == TypeKind::Map) {
    first = range.arguments[0];
    second = range.arguments[1];
  } else if (!isAny(range) && e.text != "bind") {
    Diagnostic& d =
        error("RL2017", e.args[0].span,
              quoted(e.text) + " walks a list or a map; this is " + quoted(toText(range)));
    if (range.kind == TypeKind::Record) {
      d.help.push_back("to look at all facts of a kind use a pattern, `exists` or `accumulate`");
    }
    return;
  }
  if (e.text == "bind") first = range;
  const std::size_t mark = s.bindings.size();
  for (std::size_t i = 0; i < e.names.size(); ++i) {
    Type type = i == 0 ? first : second;
    // A macro's variable is told from a broken one by its type.
    if (isPoison(type)) type = Type::of(TypeKind::Any);
    Binding variable;
    variable.name = e.names[i];
    variable.type = std::move(type);
    variable.span = i < e.nameSpans.size() ? e.nameSpans[i] : e.span;
    variable.what = "variable";
    variable.quiet = true;
    bind(s, std::move(variable));
  }
  index_.builtin(e.text, e.nameSpan);
  index_.within({e.span.file, e.nameSpan.end, e.span.end}, s);
  const std::size_t known = s.known.size();
  for (std::size_t i = 1; i < e.args.size(); ++i) {
    check(e.args[i], s);
    const bool transform = (e.text == "map" && i + 1 == e.args.size()) || e.text == "sortBy" ||
                           e.text.starts_with("transform") || e.text == "bind";
    if (transform && !(e.text.starts_with("transform") && e.args.size() == 3 && i == 1)) continue;
    requireBool(e.args[i], s, "the condition of " + quoted(e.text));
    assume(e.args[i], true, s);
  }
  s.known.resize(known);
  s.bindings.resize(mark);
  const Type& last = e.args.back().type;
  if (isPoison(range) || std::any_of(e.args.begin(), e.args.end(),
                                     [](const Expr& arg) { return isPoison(arg.type); })) {
    return;
  }
  if (e.text == "map" || e.text == "transformList") {
    e.type = listOf(last);
  } else if (e.text == "filter") {
    e.type = range.kind == TypeKind::Map ? listOf(first)
             : isAny(range)              ? listOf(Type::of(TypeKind::Any))
                                         : range;
  } else if (e.text == "bind") {
    e.type = last;
  } else if (e.text == "sortBy") {
    checkSortBy(e, range);
  } else if (e.text == "transformMapEntry") {
    if (last.kind == TypeKind::Map || isAny(last)) {
      e.type = isAny(last) ? mapOf(Type::of(TypeKind::Any), Type::of(TypeKind::Any)) : last;
    } else {
      error("RL2001", e.args.back().span,
            "`transformMapEntry` needs a map for each element, this is " + quoted(toText(last)))
          .help.push_back("write the entries as a map: `{key: value}`");
    }
  } else if (e.text.starts_with("transformMap")) {
    e.type = mapOf(
        e.text == "transformMap" && range.kind == TypeKind::Map ? first : Type::of(TypeKind::Any),
        last);
  } else {
    e.type = Type::of(TypeKind::Bool);
  }
}

// x.optMap(y, body), x.optFlatMap(y, body): `y` is what the optional x holds.
void Checker::checkOptionalMap(Expr& e, Scope& s) {
  const Type from = check(e.args[0], s);
  e.type = Type::of(TypeKind::Poison);
  if (!isAny(from) && from.kind != TypeKind::Optional) {
    Diagnostic& d = error("RL2017", e.args[0].span,
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
    error("RL2001", e.args[1].span,
          "`optFlatMap` needs an optional for its result, this is " + quoted(toText(body)))
        .help.push_back("`optMap` makes one of any value");
  }
}

void Checker::checkSortBy(Expr& e, const Type& range) {
  const Expr& key = e.args.back();
  if (range.kind == TypeKind::Map) {
    error("RL2017", e.args[0].span, "`sortBy` sorts a list; a map has no order");
    return;
  }
  switch (key.type.kind) {
    case TypeKind::Null:
    case TypeKind::List:
    case TypeKind::Map:
    case TypeKind::Record:
    case TypeKind::Type:
    case TypeKind::Row:
    case TypeKind::Optional:
      error("RL2003", key.span,
            quoted(toText(key.type)) +
                " has no order: `sortBy` needs a number, text or time for each element");
      return;
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
  e.type = isAny(range) ? listOf(Type::of(TypeKind::Any)) : range;
}

// What a condition that holds (or does not) says about null.
void Checker::assume(const Expr& e, bool truth, Scope& s) const {
  const auto remember = [&](const Expr& value) {
    std::string path = pathOf(value);
    if (!path.empty()) s.known.push_back(std::move(path));
  };
  const auto isNull = [](const Expr& x) { return x.type.kind == TypeKind::Null; };
  const auto hasValue = [&](const Expr& x) {
    return !isNull(x) && !x.type.optional && !isAny(x.type);
  };
  switch (e.kind) {
    case ExprKind::Unary:
      if (e.op == Operator::Not) assume(e.args[0], !truth, s);
      return;
    case ExprKind::Select:
      if (e.test && truth) {
        Expr plain = e;
        remember(plain);
      }
      return;
    case ExprKind::Binary: break;
    default: return;
  }
  const Expr &left = e.args[0], &right = e.args[1];
  switch (e.op) {
    case Operator::And:
    case Operator::Or:
      if ((e.op == Operator::And) != truth) return;
      assume(left, truth, s);
      assume(right, truth, s);
      return;
    case Operator::Equal:
    case Operator::NotEqual: {
      const bool equal = (e.op == Operator::Equal) == truth;
      if (equal ? hasValue(right) : isNull(right)) remember(left);
      if (equal ? hasValue(left) : isNull(left)) remember(right);
      return;
    }
    case Operator::In: {
      if (!truth) return;
      const bool values =
          right.kind == ExprKind::Range ||
          (right.type.kind == TypeKind::List && !right.type.arguments[0].optional &&
           !isAny(right.type.arguments[0]) && right.type.arguments[0].kind != TypeKind::Null) ||
          right.type.kind == TypeKind::Map;
      if (values) remember(left);
      return;
    }
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual:
      if (!truth) return;
      remember(left);
      remember(right);
      return;
    default: return;
  }
}

}  // namespace reticle::model
