// Operators and their operands.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/suggest.h"
#include "check/checker.h"

namespace reticle::model {
namespace {

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
    default: return false;
  }
}

// The values that a field's own `where` allows: `x in a..b`, `x >= a`, `x < b`.
// A binary expression as its author sees it: without the brackets around it.
Span withinBrackets(const Expr& e) {
  return {e.span.file, e.args[0].span.begin, e.args[1].span.end};
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

// A string beside an enum must be one of its values. False: it is not, and that was said.
bool Checker::enumLiteral(Expr& e, const Type& type) {
  if (type.kind != TypeKind::Enum || e.value.kind() != ValueKind::String) return true;
  if (e.kind != ExprKind::Literal &&
      !(e.ref.kind == Ref::Kind::Constant && e.type.kind == TypeKind::String)) {
    return true;
  }
  const std::string written(e.value.asString());
  if (std::find(type.values.begin(), type.values.end(), written) != type.values.end()) {
    e.type = type.required();
    return true;
  }
  Diagnostic& d = error("RL2005", e.span,
                        type.name.empty() ? "the enum here has no value " + toText(e.value)
                                          : quoted(type.name) + " has no value " + toText(e.value));
  d.notes.push_back("its values are " + listed(type.values));
  const std::string found = nearest(written, type.values);
  if (!found.empty()) {
    const std::string text = toText(Value::string(found));
    d.help.push_back("did you mean " + text + "?");
    if (e.kind == ExprKind::Literal) d.fixes.push_back(replaceWith(e.span, toText(e), text));
  }
  return false;
}

void Checker::checkUnary(Expr& e, Scope& s) {
  if (e.op == Operator::Element) return checkElement(e, s);
  const Type type = check(e.args[0], s);
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(type)) return;
  if (e.op == Operator::Not) {
    requireBool(e.args[0], s, "`!`");
    e.type = Type::of(TypeKind::Bool);
    return;
  }
  if (isAny(type)) {
    e.type = Type::of(TypeKind::Any);
    return;
  }
  if (type.optional) return reportOptional(e.args[0], s, "a number is needed");
  if ((!isNumber(type) && type.kind != TypeKind::Duration) || type.kind == TypeKind::Uint) {
    error("RL2003", e.span, "`-` needs a number, this is " + quoted(toText(type)));
    return;
  }
  e.type = type;
}

// `?x` in a list or map: its type is that of what x holds.
void Checker::checkElement(Expr& e, Scope& s) {
  Expr& value = e.args[0];
  const Type type = check(value, s);
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(type)) return;
  if (isAny(type) || type.kind == TypeKind::Optional) {
    e.type = isAny(type) ? type : type.arguments[0];
    return;
  }
  Diagnostic& d = error("RL2001", value.span,
                        "`?` puts in what an optional holds; this is " + quoted(toText(type)));
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

void Checker::checkBinary(Expr& e, Scope& s) {
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

void Checker::checkLogical(Expr& e, Scope& s) {
  const std::string who = e.op == Operator::And ? "`&&`" : "`||`";
  check(e.args[0], s);
  requireBool(e.args[0], s, who);
  s.unsure = s.unsure || isPoison(e.args[0].type);
  // The right side counts only when the left one is true (or false), so it may rely on that.
  const std::size_t mark = s.known.size();
  assume(e.args[0], e.op == Operator::And, s);
  check(e.args[1], s);
  requireBool(e.args[1], s, who);
  s.unsure = s.unsure || isPoison(e.args[1].type);
  s.known.resize(mark);
  // Absorbed errors go both ways: a broken side does not hide what the other one says.
  e.type = Type::of(TypeKind::Bool);
}

void Checker::checkComparison(Expr& e, Scope& s) {
  Expr &left = e.args[0], &right = e.args[1];
  const bool equality = e.op == Operator::Equal || e.op == Operator::NotEqual;
  const std::size_t reported = diagnostics_.size();
  check(left, s);
  check(right, s);
  e.type = Type::of(TypeKind::Bool);
  // `action == action` with both meanings on each side: offer the one thing that can be meant.
  if (diagnostics_.size() > reported && diagnostics_.back().code == "RL1006" &&
      left.kind == ExprKind::Name && right.kind == ExprKind::Name && left.text == right.text &&
      s.candidate) {
    Diagnostic& d = diagnostics_.back();
    const std::string text = "this." + left.text + " " + sign(e.op) + " ." + left.text;
    d.fixes.clear();
    const std::string outer = d.related.empty() ? "binding" : d.related[0].message.substr(5);
    d.fixes.push_back(edit(quoted(text) + " compares the field with the " + outer, e.span, text));
    if (e.op == Operator::Equal) {
      d.notes.push_back("taken as two fields, this would be true for every " +
                        typeOf(s.candidate->type).name);
    }
  }
  if (isPoison(left.type) || isPoison(right.type)) return;
  if (left.type.kind == TypeKind::Double) promote(right);
  if (right.type.kind == TypeKind::Double) promote(left);
  if (left.type.kind == TypeKind::Enum && isText(right.type) && !enumLiteral(right, left.type)) {
    return;
  }
  if (right.type.kind == TypeKind::Enum && isText(left.type) && !enumLiteral(left, right.type)) {
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
        error("RL2003", e.span,
              std::string("`null` has no order: ") + quoted(sign(e.op)) + " cannot hold");
    d.help.push_back("to ask whether there is a value write `!= null`");
    return;
  }
  for (Expr* side : {&left, &right}) {
    if (side->type.optional && !isAny(side->type)) {
      return reportOptional(
          *side, s,
          std::string(quoted(sign(e.op))) + " needs " + quoted(toText(side->type.required())));
    }
  }
  for (Expr* side : {&left, &right}) {
    if (isAny(side->type) || ordered(side->type)) continue;
    if (side->type.kind == TypeKind::Enum) {
      Diagnostic& d = error("RL2003", e.span, "the values of an enum have no order");
      d.related.push_back({side->span, toText(side->type)});
      d.help.push_back(
          "list the values that are meant: " +
          quoted(toText(*side) + " in [" +
                 (side->type.values.empty() ? "…" : toText(Value::string(side->type.values[0]))) +
                 ", …]"));
      d.notes.push_back("they are texts when it runs, and would be compared by the alphabet");
    } else {
      error("RL2003", e.span,
            quoted(toText(side->type)) + " has no order: " + quoted(sign(e.op)) +
                " cannot compare it")
          .related.push_back({side->span, toText(side->type)});
    }
    return;
  }
}

// Two fields that may both be null, one of the candidate: without a value on either side they are
// equal too.
void Checker::warnNullJoin(const Expr& e, const Scope& s) {
  const Expr *own = &e.args[0], *other = &e.args[1];
  if (!s.candidate || s.place != Scope::Place::Condition || s.constraint == Span{} ||
      allows("RL3009")) {
    return;
  }
  if (own->ref.kind != Ref::Kind::Field || own->ref.row != s.candidate->row) std::swap(own, other);
  const bool join = own->ref.kind == Ref::Kind::Field && own->ref.row == s.candidate->row &&
                    !(other->ref.kind == Ref::Kind::Field && other->ref.row == s.candidate->row);
  if (!join || !own->type.optional || !other->type.optional || isAny(own->type) ||
      isAny(other->type)) {
    return;
  }
  Diagnostic& d = warn("RL3009", e.span, "this also joins what has no value with what has none");
  d.label = "`null == null` is true";
  d.related.push_back({own->span, toText(own->type)});
  d.related.push_back({other->span, toText(other->type)});
  const std::string test = toText(*own) + " != null, ";
  d.fixes.push_back(edit("ask for a value: " + quoted(toText(*own) + " != null"),
                         {s.constraint.file, s.constraint.begin, s.constraint.begin}, test));
  d.notes.push_back("if it is meant, add `allow RL3009` to the rule");
}

void Checker::reportOperands(const Expr& e, const std::string& verb) {
  const Expr &left = e.args[0], &right = e.args[1];
  const bool comparing = verb == "compare";
  if (comparing && left.type.kind == TypeKind::Enum && right.type.kind == TypeKind::Enum) {
    Diagnostic& d = error("RL2010", e.span,
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
      error("RL2003", right.span,
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
  const auto relation = [&](const std::string& x, const std::string& y) {
    return x + " " + sign(e.op) + " " + y;
  };
  for (const bool leftIsText : {false, true}) {
    const Expr &text = leftIsText ? left : right, &other = leftIsText ? right : left;
    if (isLiteralText(text) && isNumber(other.type)) {
      if (const auto number = numberIn(text.value.asString(), other.type.kind)) {
        const std::string whole =
            leftIsText ? relation(*number, toText(right)) : relation(toText(left), *number);
        d.fixes.push_back(
            edit("write the number without quotes: " + quoted(whole), text.span, *number));
        d.notes.push_back("if the text comes from outside, convert it once: `" +
                          toText(other.type.required()) + "(text)`");
        return;
      }
    }
    if (comparing && other.kind == ExprKind::Literal && isText(text.type) && isNumber(other.type)) {
      const std::string made = toText(Value::string(toText(other.value, false)));
      d.fixes.push_back(edit("put it in quotes: " + quoted(made), other.span, made));
      return;
    }
    if (comparing && isLiteralText(text) &&
        (other.type.kind == TypeKind::Timestamp || other.type.kind == TypeKind::Duration)) {
      const std::string made =
          std::string(other.type.kind == TypeKind::Timestamp ? "timestamp(" : "duration(") +
          toText(text) + ")";
      d.fixes.push_back(edit("write " + quoted(made), text.span, made));
      return;
    }
    if (!comparing && text.type.kind == TypeKind::Int && other.type.kind == TypeKind::Double) {
      const std::string made = "double(" + toText(text) + ")";
      d.fixes.push_back(edit("convert the whole number: " + quoted(made), text.span, made));
      d.notes.push_back("arithmetic does not mix `int` and `double`; comparisons do");
      return;
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
      return;
    }
  }
  if (comparing && left.type.kind == TypeKind::Record && right.type.kind != TypeKind::Record) {
    d.help.push_back("compare one of its fields: " + quoted(toText(left) + ".…"));
  }
}

void Checker::checkIn(Expr& e, Scope& s) {
  Expr &left = e.args[0], &right = e.args[1];
  check(left, s);
  e.type = Type::of(TypeKind::Bool);
  if (right.kind == ExprKind::Range) {
    for (Expr& end : right.args) {
      check(end, s);
      if (left.type.kind == TypeKind::Double) promote(end);
    }
    for (Expr& end : right.args) {
      if (end.type.kind == TypeKind::Double) promote(left);
    }
    right.type = listOf(right.args[0].type);
    if (isPoison(left.type) || isPoison(right.args[0].type) || isPoison(right.args[1].type)) return;
    for (Expr* side : {&left, &right.args[0], &right.args[1]}) {
      if (side->type.optional && !isAny(side->type)) {
        return reportOptional(*side, s, "a range needs a value");
      }
    }
    for (Expr& end : right.args) {
      if (comparable(left.type, end.type) && (isAny(end.type) || ordered(end.type)) &&
          (isAny(left.type) || ordered(left.type))) {
        continue;
      }
      Diagnostic& d = error(
          "RL2003", end.span,
          quoted(toText(left.type)) + " cannot lie in a range of " + quoted(toText(end.type)));
      d.label = toText(end.type);
      d.related.push_back({left.span, toText(left.type)});
      return;
    }
    const Expr &from = right.args[0], &to = right.args[1];
    if (from.kind == ExprKind::Literal && to.kind == ExprKind::Literal) {
      const int order = compare(from.value, to.value);
      if (order == 1 || (order == 0 && right.op == Operator::Exclusive)) {
        Diagnostic& d = error("RL3007", right.span, "this range is empty");
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
  check(right, s);
  if (isPoison(left.type) || isPoison(right.type) || isAny(right.type)) return;
  if (right.type.optional) return reportOptional(right, s, "`in` needs a list or map");
  if (right.type.kind != TypeKind::List && right.type.kind != TypeKind::Map) {
    Diagnostic& d =
        error("RL2003", right.span,
              "`in` looks into a list, a map or a range; this is " + quoted(toText(right.type)));
    if (isText(right.type)) {
      const std::string text = toText(right) + ".contains(" + toText(left) + ")";
      if (isText(left.type)) d.fixes.push_back(edit("write " + quoted(text), e.span, text));
    }
    return;
  }
  const Type element = right.type.arguments[0];
  if (left.type.kind == TypeKind::Enum && right.kind == ExprKind::List) {
    for (Expr& item : right.args) {
      if (!enumLiteral(item, left.type)) return;
    }
  }
  if (element.kind == TypeKind::Double) promote(left);
  if (element.kind == TypeKind::Enum && !enumLiteral(left, element)) return;
  if (comparable(left.type, element)) return;
  Diagnostic& d =
      error("RL2003", left.span,
            quoted(toText(left.type)) + " cannot be in a " + quoted(toText(right.type)));
  d.label = toText(left.type);
  d.related.push_back({right.span, toText(right.type)});
}

void Checker::checkArithmetic(Expr& e, Scope& s) {
  Expr &left = e.args[0], &right = e.args[1];
  const std::size_t reported = diagnostics_.size();
  check(left, s);
  check(right, s);
  if (e.op == Operator::Multiply && diagnostics_.size() == reported + 1 &&
      diagnostics_.back().code == "RL2011") {
    offerMultiplication(e, diagnostics_.back());
  }
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(left.type) || isPoison(right.type)) return;
  static constexpr const char* kVerbs[] = {"add", "subtract", "multiply", "divide", "divide"};
  const std::string verb = kVerbs[static_cast<int>(e.op) - static_cast<int>(Operator::Add)];
  for (Expr* side : {&left, &right}) {
    if (side->type.kind == TypeKind::Null) {
      error("RL2003", side->span, "cannot " + verb + " `null`");
      return;
    }
    if (side->type.optional && !isAny(side->type)) {
      return reportOptional(*side, s,
                            quoted(sign(e.op)) + " needs " + quoted(toText(side->type.required())));
    }
  }
  if (left.type.kind == TypeKind::Double) promote(right);
  if (right.type.kind == TypeKind::Double) promote(left);
  const TypeKind a = left.type.kind, b = right.type.kind;
  if (isAny(left.type) || isAny(right.type)) {
    e.type = Type::of(TypeKind::Any);
    return;
  }
  const bool add = e.op == Operator::Add, subtract = e.op == Operator::Subtract;
  if (a == b && a == TypeKind::Int) {
    e.type = Type::of(TypeKind::Int);
    if (e.op == Operator::Divide && alone_ == nullptr) checkDivision(e, s);
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
    e.type = join(left.type, right.type);
  } else if ((add || subtract) && a == TypeKind::Duration && b == TypeKind::Duration) {
    e.type = left.type;
  } else if ((add || subtract) && a == TypeKind::Timestamp && b == TypeKind::Duration) {
    e.type = left.type;
  } else if (add && a == TypeKind::Duration && b == TypeKind::Timestamp) {
    e.type = right.type;
  } else if (subtract && a == TypeKind::Timestamp && b == TypeKind::Timestamp) {
    e.type = Type::of(TypeKind::Duration);
  } else if (a == b && a == TypeKind::Double) {
    error("RL2003", e.span, "`%` gives the remainder of whole numbers; these are `double`")
        .help.push_back("convert them with `int(…)`");
  } else {
    reportOperands(e, verb);
  }
}

// What a product does about the division in it: the whole product is rewritten, so that what it
// multiplies is not 0, or is no whole number.
void Checker::offerMultiplication(const Expr& product, Diagnostic& d) const {
  const auto told = [&](const Expr& side) {
    return side.kind == ExprKind::Binary && side.op == Operator::Divide &&
           withinBrackets(side) == d.span;
  };
  const bool second = told(product.args[1]);
  if (!second && !told(product.args[0])) return;
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

// Whole numbers that always give 0: told only where both ends are known for certain.
void Checker::checkDivision(const Expr& e, const Scope& s) {
  const Expr &left = e.args[0], &right = e.args[1];
  if (!isLiteralInt(right) || right.value.kind() != ValueKind::Int || allows("RL2011")) return;
  const std::int64_t by = right.value.asInt();
  if (by == 0 && right.kind != ExprKind::Unary) {
    error("RL2014", e.span, "division by zero");
    return;
  }
  if (by <= 1 || right.kind == ExprKind::Unary) return;
  const auto tell = [&](const std::string& what, const std::string& why) {
    Diagnostic& d = warn("RL2011", withinBrackets(e), "this integer division is " + what);
    d.label = "`int / int` drops the fraction; " + why;
    d.fixes.push_back(edit(
        "use real numbers: " + quoted("double(" + toText(left) + ") / " + toText(right) + ".0"),
        e.span, "(double(" + toText(left) + ") / " + toText(right) + ".0)"));
    d.help.push_back("or multiply first and divide last");
    d.notes.push_back("this is how CEL divides integers");
  };
  if (left.kind == ExprKind::Literal) {
    const std::int64_t value = left.value.asInt();
    if (value > 0 && value < by) tell("always 0", toText(left) + " is less than " + toText(right));
    return;
  }
  if (left.ref.kind != Ref::Kind::Field && left.ref.kind != Ref::Kind::FactField) return;
  // The type that owns the field: of what the dot stands behind, or of the pattern's fact.
  const Field* field = nullptr;
  if (left.kind == ExprKind::Select && left.args[0].type.kind == TypeKind::Record) {
    field = &typeOf(left.args[0].type.record).fields[index(left.ref.field)];
  } else if (left.kind == ExprKind::Name && s.candidate && left.ref.row == s.candidate->row) {
    field = &typeOf(s.candidate->type).fields[index(left.ref.field)];
  }
  if (!field) return;
  Bounds bounds;
  for (const Expression& check : field->checks) narrowBounds(check.tree, left.ref, bounds);
  if (bounds.least < 0 || bounds.greatest > by) return;
  const std::string range = std::to_string(bounds.least) + ".." + std::to_string(bounds.greatest);
  tell("0 for every " + quoted(field->name) +
           (bounds.greatest == by ? " below " + std::to_string(by) : ""),
       quoted(field->name) + " is in " + range);
}

void Checker::checkCoalesce(Expr& e, Scope& s) {
  Expr &left = e.args[0], &right = e.args[1];
  check(left, s);
  check(right, s);
  e.type = Type::of(TypeKind::Poison);
  if (isPoison(left.type) || isPoison(right.type)) return;
  if (left.type.kind == TypeKind::Double) promote(right);
  if (left.type.kind == TypeKind::Enum && !enumLiteral(right, left.type)) return;
  if (isAny(left.type)) {
    e.type = Type::of(TypeKind::Any);
    return;
  }
  if (left.type.kind == TypeKind::Null) {
    e.type = right.type;
    return;
  }
  Type type = join(left.type.required(), right.type.required());
  if (right.type.kind == TypeKind::Null) type = left.type;
  if (type.kind == TypeKind::Any && !isAny(right.type)) {
    Diagnostic& d = error("RL2003", right.span,
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
