// Changes of working memory and events: insert, upsert, set, unset, update, retract, emit.
#include <algorithm>

#include "base/suggest.h"
#include "check/checker.h"

namespace reticle::model {
namespace {

using Kind = tree::Action::Kind;

std::string kindOf(const FactType& type) {
  return type.kind == FactKind::Fact      ? "fact"
         : type.kind == FactKind::Subject ? "subject"
                                          : "event";
}

Action::Deliver deliverOf(const std::string& word) {
  if (word == "local") return Action::Deliver::Local;
  if (word == "outside") return Action::Deliver::Outside;
  return word == "both" ? Action::Deliver::Both : Action::Deliver::Default;
}

}  // namespace

bool Checker::checkInsert(const tree::Action& action, Action& out, Scope& s) {
  out.kind = action.logical ? Action::Kind::InsertLogical : Action::Kind::Insert;
  if (action.logical && s.place != Scope::Place::Rule) {
    Diagnostic& d = error("RL6012", action.keyword == Span{} ? action.span : action.keyword,
                          "`insert logical` belongs into a rule");
    d.notes.push_back("what it inserts stays while the rule's match holds, and here is no match");
    d.help.push_back("write `insert`");
  }
  if (!action.value) return false;
  bool good = false;
  out.fields = checkRecord(*action.value, FactKind::Fact, "insert", out.type, s, good);
  if (!good) return false;
  if (!action.name) return true;
  out.name = action.name.text;
  out.local =
      bindResult(s, action.name, recordType(out.type), "fact", s.place == Scope::Place::Test);
  return true;
}

bool Checker::checkUpsert(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Upsert;
  if (!action.value) return false;
  bool good = false;
  out.fields = checkRecord(*action.value, FactKind::Fact, "upsert", out.type, s, good);
  if (!good) return false;
  const FactType& type = typeOf(out.type);
  if (type.keys.empty()) {
    Diagnostic& d = error(
        "RL2009", action.value->nameSpan == Span{} ? action.value->span : action.value->nameSpan,
        "`upsert` finds the " + kindOf(type) + " by its key; " + quoted(type.name) + " has none");
    d.related.push_back({type.span, "declared without `key`"});
    d.help.push_back("mark the fields that tell one " + quoted(type.name) +
                     " from another with `key`, or write `insert`");
    return false;
  }
  unsupported(action.keyword == Span{} ? action.span : action.keyword, "`upsert`",
              "ask with `not` in one rule and insert, ask for it in another and `set`");
  return true;
}

bool Checker::checkEmit(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Emit;
  if (!action.value) return false;
  bool good = false;
  out.fields = checkRecord(*action.value, FactKind::Event, "emit", out.type, s, good);
  if (action.to) {
    Expr to = *action.to;
    const Type type = check(to, s);
    if (!isPoison(type) && requireValue(to, s, "`to`", "a subject")) {
      const bool subject =
          type.kind == TypeKind::Record && typeOf(type.record).kind == FactKind::Subject;
      if (!subject && !isText(type) && !isAny(type)) {
        Diagnostic& d = error("RL2001", to.span,
                              "`to` needs a subject or its name, not " + quoted(toText(type)));
        d.label = toText(type);
        if (type.kind == TypeKind::Record) {
          d.related.push_back(
              {typeOf(type.record).span, "declared as a " + kindOf(typeOf(type.record))});
        }
      }
    }
    out.target = finish(std::move(to));
  }
  checkWhen(action, out, s);
  if (!action.deliver.empty()) {
    out.deliver = deliverOf(action.deliver);
    unsupported(action.keyword == Span{} ? action.span : action.keyword, "`emit … deliver`",
                "without it an event goes to the rules here and to the world outside");
  }
  return good;
}

// `after`, `at` and `replacing` of emit.
void Checker::checkWhen(const tree::Action& action, Action& out, Scope& s) {
  const auto moment = [&](const std::optional<Expr>& written, TypeKind kind, const char* who) {
    Expr value = *written;
    check(value, s);
    coerce(value, Type::of(kind), {who, {}}, s);
    return finish(std::move(value));
  };
  if (action.after) {
    out.after = moment(action.after, TypeKind::Duration, "`emit … after`");
    const Expr& delay = out.after.tree;
    if (delay.kind == ExprKind::Literal && delay.value.kind() == ValueKind::Duration &&
        delay.value.asSpan() < 0) {
      error("RL2009", delay.span, "an event cannot be emitted in the past")
          .help.push_back("say how long to wait: `after 10s`");
    }
    unsupported(action.after->span, "`emit … after`", "start a flow that sleeps and then emits");
  }
  if (action.at) {
    out.at = moment(action.at, TypeKind::Timestamp, "`emit … at`");
    unsupported(action.at->span, "`emit … at`",
                "start a flow with `sleep until`, which then emits");
  }
  if (action.after && action.at) {
    Diagnostic& d =
        error("RL6014", action.at->span, "this `emit` says twice when: `after` and `at`");
    d.related.push_back({action.after->span, "after this time"});
    d.help.push_back("keep one of the two");
  }
  if (action.replacing) {
    out.replacing = checkKey(*action.replacing, "the name of a pending event", s);
    unsupported(action.replacing->span, "`emit … replacing`");
  }
}

bool Checker::checkTarget(const tree::Name& name, const char* verb, Action& out, Scope& s) {
  if (!name) return false;
  Expr target;
  target.kind = ExprKind::Name;
  target.text = name.text;
  target.span = target.nameSpan = name.span;
  if (!s.find(name.text)) {
    if (reportAbsent(target, s)) return false;
    std::vector<std::string> names;
    for (const Binding& binding : s.bindings) {
      if (binding.type.kind == TypeKind::Record) names.push_back(binding.name);
    }
    Diagnostic& d = error("RL1004", name.span, "nothing is called " + quoted(name.text) + " here");
    const Symbol* symbol = lookup(name.text);
    if (symbol && symbol->kind == Symbol::Kind::Type) {
      d.help.push_back("bind the fact in a pattern, and write " + quoted(std::string(verb) + " x") +
                       " for " + quoted("x: " + name.text));
    } else if (suggest(d, name.span, name.text, names).empty() && !names.empty()) {
      d.notes.push_back("facts bound here: " + listed(names));
    }
    return false;
  }
  const Type type = check(target, s);
  if (isPoison(type)) return false;
  if (type.kind != TypeKind::Record) {
    Diagnostic& d = error(
        "RL2009", name.span,
        quoted(verb) + " changes a fact; " + quoted(name.text) + " is " + quoted(toText(type)));
    d.related.push_back({s.find(name.text)->span, "this " + std::string(s.find(name.text)->what)});
    return false;
  }
  if (type.optional) {
    reportOptional(target, s, quoted(verb) + " needs a fact");
    return false;
  }
  const FactType& fact = typeOf(type.record);
  if (fact.kind == FactKind::Event || fact.builtin) {
    Diagnostic& d =
        error("RL2009", name.span,
              fact.kind == FactKind::Event
                  ? quoted(name.text) + " is an event: what has happened cannot be changed"
                  : quoted(fact.name) + " is kept by the engine");
    if (fact.kind == FactKind::Event) {
      d.notes.push_back("events are gone by themselves after the cycle in which they came");
    }
    return false;
  }
  out.type = type.record;
  out.target = finish(std::move(target));
  return true;
}

bool Checker::fieldToSet(const tree::Name& name, Action& out, NamedExpression& field, Type& type) {
  const FactType& fact = typeOf(out.type);
  field.name = name.text;
  if (const auto found = declaredField(out.type, name.text)) {
    const Field& declared = fact.fields[index(*found)];
    index_.field(fact, *found, name.span, Use::Kind::Write);
    if (declared.key && fact.kind == FactKind::Subject) {
      Diagnostic& d =
          error("RL2009", name.span,
                quoted(name.text) + " makes the name of the subject and cannot be changed");
      d.related.push_back({declared.span, "declared `key`"});
      return false;
    }
    field.field = *found;
    type = declared.type;
    return true;
  }
  if (name.text == "meta" && fact.kind == FactKind::Subject) {
    error("RL2009", name.span, "`meta` is kept by the engine");
    return false;
  }
  if (const auto open = openField(out.type)) {
    field.field = *open;
    type = Type::of(TypeKind::Any);
    std::vector<std::string> names;
    for (std::uint32_t i = 0; i < fact.declared; ++i) names.push_back(fact.fields[i].name);
    const std::string close = nearest(name.text, names);
    if (!close.empty() && !allows("RL1011")) {
      Diagnostic& d =
          warn("RL1011", name.span, quoted(name.text) + " is not declared in " + quoted(fact.name));
      d.label = "taken as an undeclared property";
      d.related.push_back({fact.span, "`open`: properties need not be declared"});
      d.help.push_back("did you mean " + quoted(close) + "?");
      d.fixes.push_back(replaceWith(name.span, name.text, close));
    }
    return true;
  }
  reportUnknownField(out.type, name.text, name.span);
  return false;
}

// The names behind the property in `set a.b.c.d`: they lead into a map. `type` becomes that of the
// entry.
bool Checker::checkPart(const tree::Action& action, Action& out, Type& type, Scope& s) {
  std::string written = action.path[0].text + "." + action.path[1].text;
  const FactType& fact = typeOf(out.type);
  const std::optional<FieldId> property = declaredField(out.type, action.path[1].text);
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
      // A map that is not there has no place for an entry; whoever asked first knows that it is.
      const std::string path = out.target.tree.ref.kind == Ref::Kind::Row && property
                                   ? "r" + std::to_string(out.target.tree.ref.row) + "." +
                                         std::to_string(index(*property))
                                   : "l" + std::to_string(out.target.tree.ref.row) +
                                         (property ? "." + std::to_string(index(*property)) : "");
      const bool known =
          i == 2 && property && std::find(s.known.begin(), s.known.end(), path) != s.known.end();
      if (!known) {
        Diagnostic& d =
            error("RL2007", action.path[i - 1].span, quoted(written) + " may be null here");
        declaredAt(d);
        d.label = "its " + quoted(name.text) + " is set";
        d.help.push_back("ask first: " + quoted("if " + written + " != null") +
                         ", or set the whole map: " +
                         quoted("set " + written + " = {\"" + name.text + "\": …}"));
        return false;
      }
    }
    out.part.push_back(name.text);
    switch (type.kind) {
      case TypeKind::Any: break;
      case TypeKind::Poison: return false;
      case TypeKind::Map:
        if (!isText(type.arguments[0]) && !isAny(type.arguments[0])) {
          error("RL2017", name.span,
                "the keys of " + quoted(written) + " are " + quoted(toText(type.arguments[0])) +
                    ", not names")
              .help.push_back("set the whole map");
          return false;
        }
        type = Type(type.arguments[1]);
        break;
      case TypeKind::Record: {
        Diagnostic& d =
            error("RL2009", name.span,
                  quoted(written) + " is a " + quoted(toText(type.required())) + " of its own");
        declaredAt(d);
        d.help.push_back("bind that fact to a name, and set " + quoted(name.text) + " there");
        return false;
      }
      default: {
        Diagnostic& d = error("RL2017", name.span,
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

bool Checker::checkSet(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Set;
  out.muted = action.muted;
  if (action.path.empty()) return false;
  Expr value = action.value ? *action.value : Expr{};
  const auto look = [&] { check(value, s); };
  if (!checkTarget(action.path[0], "set", out, s)) {
    look();
    return false;
  }
  if (action.path.size() == 1) {
    look();
    Diagnostic& d = error("RL2009", action.path[0].span,
                          "say which field of " + quoted(action.path[0].text) + " is set");
    d.help.push_back("write " + quoted("set " + action.path[0].text + ".field = …") +
                     ", or for several " + quoted("update " + action.path[0].text + " {…}"));
    return false;
  }
  const FactType& fact = typeOf(out.type);
  if (action.muted && fact.kind != FactKind::Subject) {
    Diagnostic& d =
        error("RL2009", action.path[0].span,
              "only the changes of a subject can be muted; " + quoted(fact.name) + " is a fact");
    d.related.push_back({fact.span, "declared here"});
    d.help.push_back("a fact raises no change events: write `set` alone");
    look();
    return false;
  }
  NamedExpression field;
  Type type;
  const bool known = fieldToSet(action.path[1], out, field, type);
  look();
  if (!known || !checkPart(action, out, type, s)) return false;
  const Span declared = out.part.empty() && index(field.field) < fact.declared
                            ? typeOf(out.type).fields[index(field.field)].span
                            : Span{};
  const std::string who =
      out.part.empty() ? "the field " + quoted(field.name) + " of " + quoted(typeOf(out.type).name)
                       : "the entry " + quoted(out.part.back()) + " of " +
                             quoted(action.path[action.path.size() - 2].text);
  coerce(value, type, {who, declared}, s);
  field.value = finish(std::move(value));
  out.fields.push_back(std::move(field));
  if (!out.part.empty()) {
    unsupported(action.path[2].span, "setting a part of a property",
                "set the whole property to a new map");
  }
  if (out.muted) {
    unsupported(action.keyword == Span{} ? action.span : action.keyword, "`set muted`");
  }
  return true;
}

// Takes away a property that may be missing: the value of an optional one, an undeclared one, an
// entry of a map.
bool Checker::checkUnset(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Unset;
  if (action.path.empty() || !checkTarget(action.path[0], "unset", out, s)) return false;
  if (action.path.size() == 1) {
    Diagnostic& d =
        error("RL2009", action.path[0].span,
              "say which property of " + quoted(action.path[0].text) + " is taken away");
    d.help.push_back("write " + quoted("unset " + action.path[0].text + ".property") +
                     ", or for the whole " + kindOf(typeOf(out.type)) + " " +
                     quoted("retract " + action.path[0].text));
    return false;
  }
  NamedExpression field;
  Type type;
  if (!fieldToSet(action.path[1], out, field, type) || !checkPart(action, out, type, s)) {
    return false;
  }
  const FactType& fact = typeOf(out.type);
  if (out.part.empty() && index(field.field) < fact.declared && !type.optional && !isAny(type)) {
    const Field& declared = fact.fields[index(field.field)];
    const std::string written = action.path[0].text + "." + field.name;
    Diagnostic& d = error("RL2009", action.path[1].span,
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
  unsupported(action.keyword == Span{} ? action.span : action.keyword, "`unset`",
              "a property declared with `?` can be set to null");
  return true;
}

bool Checker::checkUpdate(const tree::Action& action, Action& out, Scope& s) {
  out.kind =
      action.kind == Kind::UpdateWith ? Action::Kind::UpdateWith : Action::Kind::UpdateFields;
  const bool target = checkTarget(action.target, "update", out, s);
  if (action.kind == Kind::UpdateWith) {
    const std::optional<Expr>& written = action.with ? action.with : action.value;
    Expr value = written ? *written : Expr{};
    const Type type = check(value, s);
    if (!isPoison(type) && requireValue(value, s, "`update … with`", "a map") && !isAny(type) &&
        type.kind != TypeKind::Map && type.kind != TypeKind::Row) {
      error("RL2001", value.span, "`update … with` needs a map, not " + quoted(toText(type)))
          .label = toText(type);
    }
    out.value = finish(std::move(value));
    return target;
  }
  std::vector<std::string> given;
  for (const tree::Argument& argument : action.arguments) {
    Expr value = argument.value;
    check(value, s);
    if (!target) continue;
    if (std::find(given.begin(), given.end(), argument.name.text) != given.end()) {
      error("RL2006", argument.name.span,
            "the field " + quoted(argument.name.text) + " is given twice");
      continue;
    }
    given.push_back(argument.name.text);
    NamedExpression field;
    Type type;
    if (!fieldToSet(argument.name, out, field, type)) continue;
    const Span declared = index(field.field) < typeOf(out.type).declared
                              ? typeOf(out.type).fields[index(field.field)].span
                              : Span{};
    coerce(value, type,
           {"the field " + quoted(field.name) + " of " + quoted(typeOf(out.type).name), declared},
           s);
    field.value = finish(std::move(value));
    out.fields.push_back(std::move(field));
  }
  return target;
}

bool Checker::checkRetract(const tree::Action& action, Action& out, Scope& s) {
  out.kind = Action::Kind::Retract;
  return checkTarget(action.target, "retract", out, s);
}

}  // namespace reticle::model
