// Types of expressions, bottom up; lists, maps, indexes and choices among them.
#include <algorithm>

#include "check/expression_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {

// Nothing is compiled once a mistake is known (invariant 2): the program is refused anyway.
Expression ExpressionChecker::finish(Expr tree) {
  Expression expression;
  if (!report_.failed()) expression.code = compileExpr(tree, program_.functions);
  expression.tree = std::move(tree);
  return expression;
}

// Whatever it reads is a literal or a constant by now.
std::optional<Value> ExpressionChecker::fold(const Expression& expression) {
  if (report_.failed() || expression.code.empty()) return std::nullopt;
  return evaluate(expression.code, Frame{});
}

std::optional<Span64> ExpressionChecker::spanOf(const tree::Duration& written,
                                                const tree::Module* module) {
  if (!written.expr) return written.value;
  Scope s = Scope::in(Scope::Place::Constant, module);
  Expr tree = *written.expr;
  check(tree, s);
  if (!fit_.coerce(tree, Type::of(TypeKind::Duration), {"a span of time", {}}, s)) {
    return std::nullopt;
  }
  const std::optional<Value> value = fold(finish(std::move(tree)));
  if (!value) return std::nullopt;
  if (value->kind() == ValueKind::Duration) return value->asSpan();
  report_.error("RL2014", written.span, "this span of time cannot be computed").label =
      std::string(value->isError() ? value->errorMessage() : "");
  return std::nullopt;
}

namespace {

// The parser makes lists and maps as expressions; as values they come from documents, where nothing
// is known of their elements.
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

}  // namespace

// The depth is bounded because checking, compiling and printing recurse. A path that cannot be null
// at this place loses its `?` here, in one place for all kinds of expressions.
const Type& ExpressionChecker::check(Expr& e, Scope& s) {
  if (depth_ >= kMaxDepth) {
    report_.error("RL2020", e.span, "this expression is nested too deeply")
        .notes.push_back("at most " + std::to_string(kMaxDepth) +
                         " levels; name a part of it with `let` or a function");
    e.type = Type::of(TypeKind::Poison);
    return e.type;
  }
  ++depth_;
  switch (e.kind) {
    case ExprKind::Poison: e.type = Type::of(TypeKind::Poison); break;
    case ExprKind::Literal: checkLiteral(e); break;
    case ExprKind::Name: names_.checkName(e, s); break;
    case ExprKind::Select:
      names_.checkSelect(e, s);
      if (e.test && !isPoison(e.type)) e.type = Type::of(TypeKind::Bool);
      break;
    case ExprKind::Index: checkIndex(e, s); break;
    case ExprKind::Call: calls_.checkCall(e, s); break;
    case ExprKind::Unary: operators_.checkUnary(e, s); break;
    case ExprKind::Binary: operators_.checkBinary(e, s); break;
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
      Diagnostic& d = report_.error("RL2009", e.span, "a range stands to the right of `in` only");
      d.help.push_back("write `x in " + toText(e) + "`");
      e.type = Type::of(TypeKind::Poison);
      break;
    }
    case ExprKind::Record: {
      if (report_.wasUnread(e.span)) {
        e.type = Type::of(TypeKind::Poison);
        break;
      }
      Diagnostic& d = report_.error("RL2009", e.nameSpan == Span{} ? e.span : e.nameSpan,
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

// An enum's values are texts until they meet an enum, see Fit::enumLiteral.
void ExpressionChecker::checkLiteral(Expr& e) { e.type = typeOfLiteral(e.value); }

// Of an optional container the element is an optional again, as it is with `[?…]`.
void ExpressionChecker::checkIndex(Expr& e, Scope& s) {
  const Type base = check(e.args[0], s);
  const Type at = check(e.args[1], s);
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(base) || isPoison(at)) return;
  if (base.optional && !isAny(base)) {
    return fit_.reportOptional(e.args[0], s, "one of its elements is asked for");
  }
  if (at.optional && !isAny(at)) return fit_.reportOptional(e.args[1], s, "an index is needed");
  const Type element = elementOf(e, base.kind == TypeKind::Optional ? base.arguments[0] : base, at);
  e.type = isPoison(element) || (!e.maybe && base.kind != TypeKind::Optional) ? element
                                                                              : optionalOf(element);
}

// What an index picks out of a container; Poison: nothing, which was said.
Type ExpressionChecker::elementOf(Expr& e, const Type& container, const Type& at) {
  switch (container.kind) {
    case TypeKind::List:
      if (isAny(at) || isNumber(at)) return container.arguments[0];
      report_.error("RL2017", e.args[1].span,
                    "a list is indexed by an `int`, not by " + quoted(toText(at)));
      break;
    case TypeKind::Map:
      if (comparable(at, container.arguments[0])) return container.arguments[1];
      report_.error("RL2017", e.args[1].span,
                    "the keys of this map are " + quoted(toText(container.arguments[0])) +
                        ", not " + quoted(toText(at)));
      break;
    case TypeKind::Any:
    case TypeKind::Row: return Type::of(TypeKind::Any);
    case TypeKind::Null:
    case TypeKind::Bool:
    case TypeKind::Int:
    case TypeKind::Double:
    case TypeKind::String:
    case TypeKind::Bytes:
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Uint:
    case TypeKind::Optional:
    case TypeKind::Enum:
    case TypeKind::Record:
    case TypeKind::Type:
    case TypeKind::Poison: {
      Diagnostic& d =
          report_.error("RL2017", e.args[0].span,
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

// Each side is read with what the condition says about null.
void ExpressionChecker::checkTernary(Expr& e, Scope& s) {
  check(e.args[0], s);
  fit_.requireBool(e.args[0], s, "the condition of `?:`");
  const std::size_t mark = s.known.size();
  assume(e.args[0], true, s);
  check(e.args[1], s);
  s.known.resize(mark);
  assume(e.args[0], false, s);
  check(e.args[2], s);
  s.known.resize(mark);
  Expr &yes = e.args[1], &no = e.args[2];
  if (yes.type.kind == TypeKind::Double && no.type.kind == TypeKind::Int) fit_.promote(no);
  if (no.type.kind == TypeKind::Double && yes.type.kind == TypeKind::Int) fit_.promote(yes);
  e.type = fit_.join(yes.type, no.type);
  // `any` may come of a side that is any, or of two that have nothing in common.
  if (isPoison(e.type) || e.type.kind != TypeKind::Any || isAny(yes.type) || isAny(no.type)) return;
  Diagnostic& d = report_.error("RL2003", no.span,
                                "the two results of `?:` are " + quoted(toText(yes.type)) +
                                    " and " + quoted(toText(no.type)));
  d.label = toText(no.type);
  d.related.push_back({yes.span, toText(yes.type)});
  if (isNumber(yes.type) && isNumber(no.type)) {
    const Expr& whole = yes.type.kind == TypeKind::Int ? yes : no;
    d.fixes.push_back(edit("convert the whole number: " + quoted("double(" + toText(whole) + ")"),
                           whole.span, "double(" + toText(whole) + ")"));
  }
  e.type = Type::of(TypeKind::Poison);
}

// One double makes doubles of the int literals beside it: `[1, 2.5]`.
void ExpressionChecker::checkList(Expr& e, Scope& s) {
  Type element = undecided();
  bool doubles = false, poison = false;
  for (Expr& item : e.args) {
    poison = isPoison(check(item, s)) || poison;
    doubles = doubles || item.type.kind == TypeKind::Double;
  }
  for (std::size_t i = 0; i < e.args.size(); ++i) {
    if (doubles) fit_.promote(e.args[i]);
    element = i == 0 ? e.args[i].type : fit_.join(element, e.args[i].type);
  }
  e.type = poison ? Type::of(TypeKind::Poison) : listOf(element);
}

// Keys are compared as they are written: two equal ones are a mistake of the author, since the last
// would win in silence.
void ExpressionChecker::checkMap(Expr& e, Scope& s) {
  Type key = undecided(), value = undecided();
  bool poison = false;
  for (std::size_t i = 0; i + 1 < e.args.size(); i += 2) {
    Expr& k = e.args[i];
    poison = isPoison(check(k, s)) || poison;
    poison = isPoison(check(e.args[i + 1], s)) || poison;
    if (!isAny(k.type) && !isText(k.type) && k.type.kind != TypeKind::Int &&
        k.type.kind != TypeKind::Bool && k.type.kind != TypeKind::Uint) {
      if (k.type.optional) {
        fit_.reportOptional(k, s, "a key of a map is needed");
      } else {
        report_.error(
            "RL2001", k.span,
            "a key of a map is a `string`, `int` or `bool`, not " + quoted(toText(k.type)));
      }
      poison = true;
    }
    key = i == 0 ? k.type : fit_.join(key, k.type);
    value = i == 0 ? e.args[1].type : fit_.join(value, e.args[i + 1].type);
    for (std::size_t j = 0; j < i && k.kind == ExprKind::Literal; j += 2) {
      if (e.args[j].kind != ExprKind::Literal || !(e.args[j].value == k.value)) continue;
      report_.error("RL2006", k.span, "this map has the key " + toText(k) + " twice")
          .related.push_back({e.args[j].span, "first here"});
      poison = true;
      break;
    }
  }
  e.type = poison ? Type::of(TypeKind::Poison) : mapOf(key, value);
}

}  // namespace reticle::model
