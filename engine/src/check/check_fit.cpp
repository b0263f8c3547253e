// Whether a value may stand where it is written, and what to say when not.
#include <algorithm>

#include "base/suggest.h"
#include "base/zone_times.h"
#include "check/fit.h"
#include "check/shapes.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {

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

// Plain CEL has no type that may be null, so null goes with few types there.
Type Fit::join(const Type& a, const Type& b) const {
  if (alone_ == nullptr || isPoison(a) || isPoison(b)) return model::join(a, b);
  return unify(a, b).value_or(Type::of(TypeKind::Any));
}

// Plain CEL takes no int for a double.
bool Fit::promote(Expr& e) const {
  return alone_ == nullptr ? model::promote(e) : e.type.kind == TypeKind::Double;
}

// A string beside an enum must be one of its values. False: it is not, and that was said.
bool Fit::enumLiteral(Expr& e, const Type& type) {
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
  Diagnostic& d =
      report_.error("RL2005", e.span,
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

namespace {

// A value of the type, for a repair to begin with; empty when there is no obvious one.
std::string someValue(const Type& type) {
  switch (type.kind) {
    case TypeKind::Bool: return "false";
    case TypeKind::Int: return "0";
    case TypeKind::Double: return "0.0";
    case TypeKind::String: return "\"\"";
    case TypeKind::List: return "[]";
    case TypeKind::Map: return "{}";
    case TypeKind::Duration: return "0s";
    case TypeKind::Enum:
      return type.values.empty() ? ""
             : type.name.empty() ? toText(Value::string(type.values[0]))
                                 : type.name + "." + type.values[0];
    case TypeKind::Any:
    case TypeKind::Null:
    case TypeKind::Bytes:
    case TypeKind::Timestamp:
    case TypeKind::Uint:
    case TypeKind::Optional:
    case TypeKind::Record:
    case TypeKind::Type:
    case TypeKind::Row:
    case TypeKind::Poison: break;
  }
  return "";
}

// Before an operator is put behind it.
bool needsParentheses(const Expr& e) {
  return e.kind == ExprKind::Binary || e.kind == ExprKind::Ternary;
}

// As a part of the expression that a repair writes.
std::string inParentheses(const Expr& e) {
  return needsParentheses(e) ? "(" + toText(e) + ")" : toText(e);
}

}  // namespace

// Where a value is put together at this place (branches, elements, entries) its parts are judged by
// themselves, so that the message points at the one that does not fit.
bool Fit::coerce(Expr& e, const Type& to, const Want& want, Scope& s) {
  if (isPoison(e.type) || isPoison(to) || to.kind == TypeKind::Any) return true;
  if (e.type.kind == TypeKind::Any) return true;  // looked at when it runs
  if (to.kind == TypeKind::Double) promote(e);
  if (to.kind == TypeKind::Enum && !enumLiteral(e, to)) {
    if (!(want.declared == Span{}) && report_.last().span == e.span) {
      report_.last().related.push_back({want.declared, want.who + " is declared here"});
    }
    return false;
  }
  if (e.type.kind == TypeKind::Null) {
    if (to.optional) return true;
    Diagnostic& d = report_.error("RL2001", e.span, want.who + " may not be null");
    d.label = "needs " + quoted(toText(to));
    if (!(want.declared == Span{})) {
      d.related.push_back({want.declared, "declared " + quoted(toText(to))});
      d.help.push_back("to allow it declare it " + quoted(toText(to.asOptional())));
    }
    return false;
  }
  // Inside the branches and elements each value can be judged, and converted, by itself.
  if (e.kind == ExprKind::Ternary) {
    const bool good = coerce(e.args[1], to, want, s) && coerce(e.args[2], to, want, s);
    if (good) e.type = join(e.args[1].type, e.args[2].type);
    return good;
  }
  if (e.kind == ExprKind::List && to.kind == TypeKind::List) {
    for (Expr& item : e.args) {
      if (!coerce(item, to.arguments[0], {"an element of " + want.who, want.declared}, s)) {
        return false;
      }
    }
    e.type = to.required();
    return true;
  }
  if (e.kind == ExprKind::Map && to.kind == TypeKind::Map) {
    for (std::size_t i = 0; i + 1 < e.args.size(); i += 2) {
      if (!coerce(e.args[i], to.arguments[0], {"a key of " + want.who, want.declared}, s)) {
        return false;
      }
      if (!coerce(e.args[i + 1], to.arguments[1], {"a value of " + want.who, want.declared}, s)) {
        return false;
      }
    }
    e.type = to.required();
    return true;
  }
  // A wrong type comes before a missing value: null is the smaller mistake.
  if (!fits(e.type.required(), to.required())) {
    reportMismatch(e, to, want);
    return false;
  }
  if (e.type.optional && !to.optional) {
    reportOptional(
        e, s,
        want.who + " needs a " + quoted(toText(to)) + ", this is a " + quoted(toText(e.type)));
    return false;
  }
  return true;
}

// With a repair wherever the meaning is plain: a conversion, quotes, a unit.
void Fit::reportMismatch(const Expr& e, const Type& to, const Want& want) {
  const Type from = e.type.required();
  Diagnostic& d =
      report_.error("RL2001", e.span,
                    want.who + " needs " + quoted(toText(to)) + ", not " + quoted(toText(from)));
  d.label = toText(e.type);
  if (!(want.declared == Span{})) {
    d.related.push_back({want.declared, "declared " + quoted(toText(to))});
  }
  const auto offer = [&](const std::string& why, const std::string& text) {
    d.fixes.push_back(edit(why + quoted(text), e.span, text));
  };
  const bool literalText = e.kind == ExprKind::Literal && e.value.kind() == ValueKind::String;
  switch (to.kind) {
    case TypeKind::String:
      if (e.kind == ExprKind::Literal) {
        offer("put it in quotes: ", toText(Value::string(toText(e.value, false))));
      } else if (isNumber(from) || from.kind == TypeKind::Bool ||
                 from.kind == TypeKind::Timestamp || from.kind == TypeKind::Duration) {
        offer("convert it: ", "string(" + toText(e) + ")");
      }
      return;
    case TypeKind::Double:
      if (from.kind == TypeKind::Int) {
        offer("convert it: ", "double(" + toText(e) + ")");
      } else if (isText(from) && !literalText) {
        offer("convert it: ", "double(" + toText(e) + ")");
      }
      return;
    case TypeKind::Int:
      if (from.kind == TypeKind::Double) {
        offer("convert it: ", "int(" + toText(e) + ")");
        d.notes.push_back("`int(x)` drops the fraction");
      } else if (isText(from) && !literalText) {
        offer("convert it: ", "int(" + toText(e) + ")");
      }
      return;
    case TypeKind::Timestamp:
    case TypeKind::Duration:
      if (from.kind == TypeKind::String) {
        const std::string text = convertedTime(e, to.kind);
        if (!text.empty()) offer("convert it: ", text);
        if (text.empty()) d.help.push_back(timeHelp(to.kind));
      }
      if (to.kind == TypeKind::Timestamp) return;
      if (isNumber(from)) d.help.push_back("write a unit: `10s`, `5m`, `1h30m`");
      return;
    case TypeKind::Bool:
      if (literalText && (e.value.asString() == "true" || e.value.asString() == "false")) {
        offer("write it without quotes: ", std::string(e.value.asString()));
      }
      return;
    case TypeKind::Enum:
      d.notes.push_back("its values are " + listed(to.values));
      if (from.kind == TypeKind::String) {
        d.help.push_back("a text that is known to be one of them is passed on with " +
                         quoted("dyn(" + toText(e) + ")"));
      }
      return;
    case TypeKind::List:
      if (!to.arguments.empty() && fits(from, to.arguments[0])) {
        offer("make it a list: ", "[" + toText(e) + "]");
      }
      return;
    case TypeKind::Any:
    case TypeKind::Null:
    case TypeKind::Bytes:
    case TypeKind::Uint:
    case TypeKind::Optional:
    case TypeKind::Map:
    case TypeKind::Record:
    case TypeKind::Type:
    case TypeKind::Row:
    case TypeKind::Poison: return;
  }
}

// The most frequent mistake, so it has the most repairs: ask before, in the pattern that has bound
// the fact, or give a default.
void Fit::reportOptional(const Expr& e, Scope& s, const std::string& label) {
  if (s.unsure) {
    // The mistake above was reported; the program is refused for it.
    report_.countError();
    return;
  }
  Diagnostic& d = report_.error("RL2007", e.span, quoted(toText(e)) + " may be null here");
  d.label = label;
  const std::string text = toText(e);
  const Type needed = e.type.required();
  const std::string value = someValue(needed);
  const bool isField = e.ref.kind == Ref::Kind::Field;
  if (isField) {
    const bool own = s.candidate && s.candidate->row == e.ref.row;
    const TypeId type = own                         ? s.candidate->type
                        : e.ref.row < s.rows.size() ? s.rows[e.ref.row].type
                                                    : TypeId{};
    if (own || e.ref.row < s.rows.size()) {
      const FactType& fact = types_.typeOf(type);
      const Field& field = fact.fields[index(e.ref.field)];
      if (!(field.span == Span{})) {
        std::string why = "declared " + quoted(toText(field.type));
        if (fact.changeOf) why += ": it has no value until one is set, and `unset` takes it away";
        const bool told = !own && !(s.rows[e.ref.row].trigger == Span{});
        d.related.push_back({told ? s.rows[e.ref.row].trigger : field.span, why});
      }
      if (own && !(s.constraint == Span{})) {
        const Span before{s.constraint.file, s.constraint.begin, s.constraint.begin};
        const std::string separator = s.place == Scope::Place::Check ? " && " : ", ";
        d.fixes.push_back(edit(
            "ask first whether there is a value: " + quoted(text + " != null" + separator + "…"),
            before, text + " != null" + separator));
      } else if (!own) {
        const RowPlace& place = s.rows[e.ref.row];
        const std::string test = field.name + " != null";
        if (!(place.addAt == Span{}) && !field.hidden) {
          const std::string added =
              place.bare ? (fact.changeOf ? " (" : "(") + test + ")" : ", " + test;
          const std::string title =
              fact.changeOf
                  ? "fire only for real values: " + quoted(place.written + " (" + test + ")")
                  : "match only where there is a value: " + quoted(test) + " in the pattern" +
                        (place.binding.empty() ? "" : " of " + quoted(place.binding));
          d.fixes.push_back(edit(title, place.addAt, added));
        }
      }
    }
  } else if (e.ref.kind == Ref::Kind::Local) {
    const auto binding = std::find_if(s.bindings.begin(), s.bindings.end(),
                                      [&](const Binding& b) { return b.name == e.text; });
    if (binding != s.bindings.end()) {
      d.related.push_back({binding->span, "this " + std::string(binding->what) + " is " +
                                              quoted(toText(binding->type))});
    }
    if (s.place != Scope::Place::Function) {
      d.help.push_back("ask first: " + quoted("if " + text + " != null"));
    }
  }
  // Last, as it hides the null rather than asking for it.
  if (!value.empty() && needed.kind != TypeKind::Record) {
    const std::string with = inParentheses(e) + " ?? " + value;
    const bool argument = label.find("needs a `") != std::string::npos;
    const std::string written = argument ? with : "(" + with + ")";
    d.fixes.push_back(edit("or give a default: " + quoted(written), e.span, written));
  }
  if (d.fixes.size() == 1 && d.fixes[0].title.starts_with("or ")) d.fixes[0].title.erase(0, 3);
}

namespace {

// What was probably asked of a value that is not true or false, or (`not`) its opposite; empty when
// nothing is plain.
std::string questionAbout(const Expr& e, bool isNegated) {
  const std::string text = inParentheses(e), differs = isNegated ? " == " : " != ";
  const Type& type = e.type;
  if (type.optional) return text + differs + "null";
  switch (type.kind) {
    case TypeKind::Int: return text + differs + "0";
    case TypeKind::Double: return text + differs + "0.0";
    case TypeKind::String: return text + differs + "\"\"";
    case TypeKind::Optional: return (isNegated ? "!" : "") + text + ".hasValue()";
    case TypeKind::List:
    case TypeKind::Map: return text + (isNegated ? ".size() == 0" : ".size() > 0");
    case TypeKind::Enum:
      return type.values.empty() ? "" : text + (isNegated ? " != " : " == ") + someValue(type);
    case TypeKind::Any:
    case TypeKind::Null:
    case TypeKind::Bool:
    case TypeKind::Bytes:
    case TypeKind::Timestamp:
    case TypeKind::Duration:
    case TypeKind::Uint:
    case TypeKind::Record:
    case TypeKind::Type:
    case TypeKind::Row:
    case TypeKind::Poison: break;
  }
  return "";
}

}  // namespace

// Nothing but `true` and `false` counts as such: 0 and the empty text are values. The message
// offers what was probably to be asked.
void Fit::requireBool(Expr& e, Scope& s, const std::string& who, const Expr* negation) {
  const Type& type = e.type;
  if (isAny(type) || (type.kind == TypeKind::Bool && !type.optional)) return;
  const Span whole = negation ? negation->span : e.span;
  if (type.kind == TypeKind::Bool) {
    Diagnostic& d = report_.error("RL2007", e.span, quoted(toText(e)) + " may be null here");
    d.label = who + " needs true or false";
    if (e.ref.kind == Ref::Kind::Field && s.candidate && s.candidate->row == e.ref.row) {
      d.related.push_back(
          {types_.typeOf(s.candidate->type).fields[index(e.ref.field)].span, "declared `bool?`"});
    }
    const std::string text = inParentheses(e) + (negation ? " != true" : " == true");
    d.fixes.push_back(edit("write " + quoted(text), whole, text));
    return;
  }
  Diagnostic& d = report_.error("RL2004", e.span,
                                who + " needs true or false, this is " + quoted(toText(type)));
  d.label = toText(type);
  const std::string test = questionAbout(e, negation != nullptr);
  if (!test.empty() && e.kind != ExprKind::Literal) {
    d.fixes.push_back(edit("say what to ask: " + quoted(test), whole, test));
  }
}

// A value that is there and not null. False: it is not, and that was said.
bool Fit::requireValue(Expr& e, Scope& s, const std::string& who, const std::string& need) {
  if (isPoison(e.type)) return false;
  if (e.type.kind == TypeKind::Null) {
    report_.error("RL2001", e.span, who + " needs " + need + ", not null");
    return false;
  }
  if (e.type.optional && !isAny(e.type)) {
    reportOptional(e, s, who + " needs " + need);
    return false;
  }
  return true;
}

bool Fit::checkZone(const std::string& zone, Span span) {
  if (zone.empty() || mayBeZone(zone)) return true;
  Diagnostic& d = report_.error("RL7004", span, toText(Value::string(zone)) + " is no time zone");
  d.help.push_back(
      "write `\"UTC\"`, an offset such as `\"+02:00\"`, or a name such as `\"Europe/Berlin\"`");
  return false;
}

}  // namespace reticle::model
