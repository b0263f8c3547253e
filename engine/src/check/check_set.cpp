// What changes a fact that is there: set, unset, update, retract.
#include <algorithm>

#include "base/suggest.h"
#include "check/change_checker.h"
#include "check/expression_checker.h"
#include "check/outcome.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// Whether it is known at this place that a property of the fact to change has a value.
// The paths are those that `assume` writes into Scope::known.
bool isKnown(const Ref& fact, FieldId property, const Scope& s) {
  const std::string path = (fact.kind == Ref::Kind::Row ? "r" : "l") + std::to_string(fact.row) +
                           "." + std::to_string(index(property));
  return std::find(s.known.begin(), s.known.end(), path) != s.known.end();
}

using Kind = tree::Action::Kind;

}  // namespace

// Facts are changed through their names: a fact that is reached through a field of another must be
// bound first, so that a reader sees what changes.
bool ChangeChecker::checkTarget(const tree::Name& name, const char* verb, Action& out, Scope& s) {
  if (!name) return false;
  Expr target;
  target.kind = ExprKind::Name;
  target.text = name.text;
  target.span = target.nameSpan = name.span;
  if (!s.find(name.text)) {
    // A name that was there once, or will be, has a better message than an unknown one.
    if (expressions_.names().reportAbsent(target, s)) return false;
    std::vector<std::string> names;
    for (const Binding& binding : s.bindings) {
      if (binding.type.kind == TypeKind::Record) names.push_back(binding.name);
    }
    Diagnostic& d =
        report_.error("RL1004", name.span, "nothing is called " + quoted(name.text) + " here");
    const Symbol* symbol = symbols_.lookup(name.text, s.module);
    if (symbol && symbol->kind == Symbol::Kind::Type) {
      d.help.push_back("bind the fact in a pattern, and write " + quoted(std::string(verb) + " x") +
                       " for " + quoted("x: " + name.text));
    } else if (suggest(d, name.span, name.text, names).empty() && !names.empty()) {
      d.notes.push_back("facts bound here: " + listed(names));
    }
    return false;
  }
  const Type type = expressions_.check(target, s);
  if (isPoison(type)) return false;
  if (type.kind != TypeKind::Record) {
    Diagnostic& d = report_.error(
        "RL2009", name.span,
        quoted(verb) + " changes a fact; " + quoted(name.text) + " is " + quoted(toText(type)));
    d.related.push_back({s.find(name.text)->span, "this " + std::string(s.find(name.text)->what)});
    return false;
  }
  if (type.optional) {
    fit_.reportOptional(target, s, quoted(verb) + " needs a fact");
    return false;
  }
  const FactType& fact = types_.typeOf(type.record);
  // Both are read-only to rules, for different reasons.
  if (fact.kind == FactKind::Event || fact.builtin) {
    Diagnostic& d =
        report_.error("RL2009", name.span,
                      fact.kind == FactKind::Event
                          ? quoted(name.text) + " is an event: what has happened cannot be changed"
                          : quoted(fact.name) + " is kept by the engine");
    if (fact.kind == FactKind::Event) {
      d.notes.push_back("events are gone by themselves after the cycle in which they came");
    }
    return false;
  }
  out.type = type.record;
  out.target = expressions_.finish(std::move(target));
  return true;
}

// The key of a subject makes its name, under which others know it: it cannot change.
bool ChangeChecker::fieldToSet(const tree::Name& name, Action& out, NamedExpression& field,
                               Type& type, const Scope& s) {
  const FactType& fact = types_.typeOf(out.type);
  field.name = name.text;
  if (const auto found = types_.declaredField(out.type, name.text)) {
    const Field& declared = fact.fields[index(*found)];
    index_.field(fact, *found, name.span, Use::Kind::Write);
    if (declared.key && fact.kind == FactKind::Subject) {
      Diagnostic& d =
          report_.error("RL2009", name.span,
                        quoted(name.text) + " makes the name of the subject and cannot be changed");
      d.related.push_back({declared.span, "declared `key`"});
      return false;
    }
    field.field = *found;
    type = declared.type;
    return true;
  }
  if (name.text == "meta" && fact.kind == FactKind::Subject) {
    report_.error("RL2009", name.span, "`meta` is kept by the engine");
    return false;
  }
  if (const auto open = types_.openField(out.type)) {
    field.field = *open;
    type = Type::of(TypeKind::Any);
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < fact.declared; ++i) names.push_back(fact.fields[i].name);
    const std::string close = nearest(name.text, names);
    if (!close.empty() && !allows(s, "RL1011")) {
      Diagnostic& d = report_.warn("RL1011", name.span,
                                   quoted(name.text) + " is not declared in " + quoted(fact.name));
      d.label = "taken as an undeclared property";
      d.related.push_back({fact.span, "`open`: properties need not be declared"});
      d.help.push_back("did you mean " + quoted(close) + "?");
      d.fixes.push_back(replaceWith(name.span, name.text, close));
    }
    return true;
  }
  types_.reportUnknownField(out.type, name.text, name.span);
  return false;
}

// The names after the property in `set a.b.c.d`: they lead into a map. `type` becomes that of the
// entry.
bool ChangeChecker::checkPart(const tree::Action& action, Action& out, Type& type, Scope& s) {
  std::string written = action.path[0].text + "." + action.path[1].text;
  const FactType& fact = types_.typeOf(out.type);
  const std::optional<FieldId> property = types_.declaredField(out.type, action.path[1].text);
  for (std::size_t i = 2; i < action.path.size(); ++i) {
    const tree::Name& name = action.path[i];
    if (!name) return false;
    const auto declaredAt = [&](Diagnostic& d) {
      if (property) {
        d.related.push_back({fact.fields[index(*property)].span,
                             "declared " + quoted(toText(fact.fields[index(*property)].type))});
      }
    };
    if (type.optional && !isAny(type)) {
      // A map that is not there has no place for an entry, unless somebody asked before.
      const bool known = i == 2 && property && isKnown(out.target.tree.ref, *property, s);
      if (!known) {
        Diagnostic& d =
            report_.error("RL2007", action.path[i - 1].span, quoted(written) + " may be null here");
        declaredAt(d);
        d.label = "its " + quoted(name.text) + " is set";
        d.help.push_back("ask first: " + quoted("if " + written + " != null") +
                         ", or set the whole map: " +
                         quoted("set " + written + " = {\"" + name.text + "\": …}"));
        return false;
      }
    }
    // From here on the name is an entry of a map.
    out.part.push_back(name.text);
    switch (type.kind) {
      case TypeKind::Any: break;
      case TypeKind::Poison: return false;
      case TypeKind::Map:
        if (!isText(type.arguments[0]) && !isAny(type.arguments[0])) {
          report_
              .error("RL2017", name.span,
                     "the keys of " + quoted(written) + " are " +
                         quoted(toText(type.arguments[0])) + ", not names")
              .help.push_back("set the whole map");
          return false;
        }
        type = Type(type.arguments[1]);
        break;
      case TypeKind::Record: {
        Diagnostic& d = report_.error(
            "RL2009", name.span,
            quoted(written) + " is a " + quoted(toText(type.required())) + " of its own");
        declaredAt(d);
        d.help.push_back("bind that fact to a name, and set " + quoted(name.text) + " there");
        return false;
      }
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
      case TypeKind::List:
      case TypeKind::Enum:
      case TypeKind::Type:
      case TypeKind::Row: {
        Diagnostic& d = report_.error("RL2017", name.span,
                                      quoted(written) + " is " + quoted(toText(type.required())) +
                                          " and has no parts to set");
        declaredAt(d);
        d.help.push_back("set it as a whole: " + quoted("set " + written + " = …"));
        return false;
      }
    }
    written += "." + name.text;
  }
  return true;
}

// The value is read after the target, and in any case: a mistake in it is reported beside one in
// the target.
bool ChangeChecker::checkSet(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Set;
  out.muted = action.muted;
  if (action.path.empty()) return false;
  Expr value = action.value ? *action.value : Expr{};
  const auto look = [&] { expressions_.check(value, s); };
  if (!checkTarget(action.path[0], "set", out, s)) {
    look();
    return false;
  }
  if (action.path.size() == 1) {
    look();
    Diagnostic& d = report_.error("RL2009", action.path[0].span,
                                  "say which field of " + quoted(action.path[0].text) + " is set");
    d.help.push_back("write " + quoted("set " + action.path[0].text + ".field = …") +
                     ", or for several " + quoted("update " + action.path[0].text + " {…}"));
    return false;
  }
  const FactType& fact = types_.typeOf(out.type);
  if (action.muted && fact.kind != FactKind::Subject) {
    Diagnostic& d = report_.error(
        "RL2009", action.path[0].span,
        "only the changes of a subject can be muted; " + quoted(fact.name) + " is a fact");
    d.related.push_back({fact.span, "declared here"});
    d.help.push_back("a fact raises no change events: write `set` alone");
    look();
    return false;
  }
  NamedExpression field;
  Type type;
  const bool known = fieldToSet(action.path[1], out, field, type, s);
  look();
  if (!known || !checkPart(action, out, type, s)) return false;
  const Span declared = out.part.empty() && index(field.field) < fact.declared
                            ? types_.typeOf(out.type).fields[index(field.field)].span
                            : Span{};
  const std::string who = out.part.empty() ? "the field " + quoted(field.name) + " of " +
                                                 quoted(types_.typeOf(out.type).name)
                                           : "the entry " + quoted(out.part.back()) + " of " +
                                                 quoted(action.path[action.path.size() - 2].text);
  fit_.coerce(value, type, {who, declared}, s);
  field.value = expressions_.finish(std::move(value));
  out.fields.push_back(std::move(field));
  return true;
}

// Takes away a property that may be missing: the value of an optional one, an undeclared one, an
// entry of a map.
bool ChangeChecker::checkUnset(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Unset;
  if (action.path.empty() || !checkTarget(action.path[0], "unset", out, s)) return false;
  if (action.path.size() == 1) {
    Diagnostic& d =
        report_.error("RL2009", action.path[0].span,
                      "say which property of " + quoted(action.path[0].text) + " is taken away");
    d.help.push_back("write " + quoted("unset " + action.path[0].text + ".property") +
                     ", or for the whole " + kindOf(types_.typeOf(out.type)) + " " +
                     quoted("retract " + action.path[0].text));
    return false;
  }
  NamedExpression field;
  Type type;
  if (!fieldToSet(action.path[1], out, field, type, s) || !checkPart(action, out, type, s)) {
    return false;
  }
  const FactType& fact = types_.typeOf(out.type);
  if (out.part.empty() && index(field.field) < fact.declared && !type.optional && !isAny(type)) {
    const Field& declared = fact.fields[index(field.field)];
    const std::string written = action.path[0].text + "." + field.name;
    Diagnostic& d = report_.error("RL2009", action.path[1].span,
                                  quoted(written) + " cannot be taken away: it always has a value");
    d.related.push_back({declared.span, "declared " + quoted(toText(type)) + ", without `?`"});
    if (declared.initial.tree.kind != ExprKind::Poison) {
      d.help.push_back("go back to its default: " +
                       quoted("set " + written + " = " + toText(declared.initial.tree)));
    }
    d.help.push_back("or declare it " + quoted(toText(type.asOptional())));
    return false;
  }
  out.fields.push_back(std::move(field));
  return true;
}

// `{tier: "gold"}`: names of fields may stand without quotes, as they do after `insert`. A name
// that means nothing here was to be one.
void ChangeChecker::nameFields(Expr& map, TypeId type, const Scope& s) const {
  if (map.kind != ExprKind::Map) return;
  for (std::size_t i = 0; i + 1 < map.args.size(); i += 2) {
    Expr& key = map.args[i];
    if (key.kind != ExprKind::Name || key.rooted) continue;
    const bool known = s.find(key.text) || symbols_.lookup(key.text, s.module);
    if (known && !types_.declaredField(type, key.text)) continue;
    key.kind = ExprKind::Literal;
    key.value = Value::string(key.text);
  }
}

// The members of a map that is written out: what is no field, or does not fit one, would fail when
// it runs.
void ChangeChecker::checkMembers(Expr& map, const Action& out, Scope& s) {
  if (map.kind != ExprKind::Map || isPoison(map.type)) return;
  for (std::size_t i = 0; i + 1 < map.args.size(); i += 2) {
    const Expr& key = map.args[i];
    if (key.kind != ExprKind::Literal || key.value.kind() != ValueKind::String) continue;
    const std::string name(key.value.asString());
    const std::optional<FieldId> field = types_.declaredField(out.type, name);
    if (field) {
      const FactType& fact = types_.typeOf(out.type);
      const Field& declared = fact.fields[index(*field)];
      const Type type = declared.type;
      fit_.coerce(map.args[i + 1], type,
                  {"the field " + quoted(name) + " of " + quoted(fact.name), declared.span}, s);
    } else if (!types_.openField(out.type)) {
      types_.reportUnknownField(out.type, name, key.span);
    }
  }
}

// Several fields at once, or all members of a map.
bool ChangeChecker::checkUpdate(const tree::Action& action, Action& out, Scope& s) {
  out.kind =
      action.kind == Kind::UpdateWith ? Action::Kind::UpdateWith : Action::Kind::UpdateFields;
  const bool target = checkTarget(action.target, "update", out, s);
  if (action.kind == Kind::UpdateWith) {
    const std::optional<Expr>& written = action.with ? action.with : action.value;
    Expr value = written ? *written : Expr{};
    if (target) nameFields(value, out.type, s);
    const Type type = expressions_.check(value, s);
    if (target) checkMembers(value, out, s);
    if (!isPoison(type) && fit_.requireValue(value, s, "`update … with`", "a map") &&
        !isAny(type) && type.kind != TypeKind::Map && type.kind != TypeKind::Row) {
      report_
          .error("RL2001", value.span, "`update … with` needs a map, not " + quoted(toText(type)))
          .label = toText(type);
    }
    out.value = expressions_.finish(std::move(value));
    return target;
  }
  std::vector<std::string> given;
  for (const tree::Argument& argument : action.arguments) {
    Expr value = argument.value;
    expressions_.check(value, s);
    if (!target) continue;
    if (std::find(given.begin(), given.end(), argument.name.text) != given.end()) {
      report_.error("RL2006", argument.name.span,
                    "the field " + quoted(argument.name.text) + " is given twice");
      continue;
    }
    given.push_back(argument.name.text);
    NamedExpression field;
    Type type;
    if (!fieldToSet(argument.name, out, field, type, s)) continue;
    const Span declared = index(field.field) < types_.typeOf(out.type).declared
                              ? types_.typeOf(out.type).fields[index(field.field)].span
                              : Span{};
    fit_.coerce(value, type,
                {"the field " + quoted(field.name) + " of " + quoted(types_.typeOf(out.type).name),
                 declared},
                s);
    field.value = expressions_.finish(std::move(value));
    out.fields.push_back(std::move(field));
  }
  return target;
}

// An event cannot be retracted: it has happened.
bool ChangeChecker::checkRetract(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Retract;
  return checkTarget(action.target, "retract", out, s);
}

}  // namespace reticle::model
