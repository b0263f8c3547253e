// Arguments by name, the fields of new facts and events, keys, and who is called.
#include <algorithm>
#include <optional>
#include <string_view>

#include "base/time_text.h"
#include "check/arguments.h"
#include "check/expression_checker.h"
#include "model/message.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// A time of a new fact is data, and may be written as data has it: a date alone, or RFC 3339.
void readTime(Expr& value) {
  if (value.kind != ExprKind::Literal || value.value.kind() != ValueKind::String) return;
  const std::string_view text = value.value.asString();
  std::optional<Instant> instant = parseDate(text);
  if (!instant) instant = parseTimestamp(text);
  if (!instant) return;
  value.value = Value::timestamp(instant->seconds, instant->nanos);
  value.type = Type::of(TypeKind::Timestamp);
}

}  // namespace

// Every argument is checked, also one that has no place: its own mistakes are its author's to know.
// A parameter that may be null and has no default is null when it is not given.
std::vector<NamedExpression> Arguments::namedArguments(const std::vector<tree::Argument>& arguments,
                                                       const std::vector<Param>& params,
                                                       const std::vector<tree::Field>& declared,
                                                       Span call, const std::string& who,
                                                       Scope& s) {
  std::vector<std::string> names;
  for (const Param& param : params) names.push_back(param.name);
  std::vector<std::optional<Expression>> places(params.size());
  std::vector<bool> broken(params.size(), false);
  bool unknown = false;
  for (const tree::Argument& argument : arguments) {
    const std::size_t at = static_cast<std::size_t>(
        std::find(names.begin(), names.end(), argument.name.text) - names.begin());
    Expr value = argument.value;
    expressions_.check(value, s);
    if (at == names.size()) {
      unknown = true;
      if (!argument.name) continue;
      Diagnostic& d = report_.error("RL2002", argument.name.span,
                                    who + " has no parameter " + quoted(argument.name.text));
      suggest(d, argument.name.span, argument.name.text, names);
      d.notes.push_back(names.empty() ? "it takes no arguments"
                                      : "its parameters are " + listed(names));
      continue;
    }
    if (places[at]) {
      report_
          .error("RL2006", argument.name.span,
                 "the argument " + quoted(names[at]) + " is given twice")
          .related.push_back({places[at]->tree.span, "first here"});
      continue;
    }
    const Span type = at < declared.size() ? declared[at].type.span : Span{};
    if (at < declared.size()) index_.use(argument.name, declared[at].name.span);
    fit_.coerce(value, params[at].type, {quoted(names[at]) + " of " + who, type}, s);
    places[at] = expressions_.finish(std::move(value));
  }
  std::vector<std::string> missing;
  std::vector<NamedExpression> result;
  for (std::size_t i = 0; i < params.size(); ++i) {
    if (!places[i] && params[i].initial.tree.kind != ExprKind::Poison) {
      places[i] = params[i].initial;
    }
    if (!places[i] && params[i].type.optional) {
      Expr null;
      null.kind = ExprKind::Literal;
      null.type = Type::of(TypeKind::Null);
      places[i] = expressions_.finish(std::move(null));
    }
    if (!places[i]) {
      missing.push_back(params[i].name);
    } else {
      result.push_back({static_cast<FieldId>(i), params[i].name, std::move(*places[i])});
    }
  }
  // A misspelt name is the cause of the missing one.
  if (!missing.empty() && !unknown) {
    Diagnostic& d = report_.error("RL2002", call, who + " also needs " + quotedList(missing));
    if (!declared.empty()) {
      d.related.push_back({declared[0].span, "declared with the parameters " + listed(names)});
    }
  }
  return result;
}

// The type of a new fact or event; null after a mistake.
const FactType* Arguments::recordFor(const Expr& e, FactKind wanted, const std::string& verb,
                                     Scope& s) {
  const bool event = wanted == FactKind::Event;
  if (e.kind == ExprKind::Poison) return nullptr;
  if (e.kind != ExprKind::Record) {
    Expr value = e;
    if (isPoison(expressions_.check(value, s))) return nullptr;
    Diagnostic& d = report_.error("RL2009", e.span,
                                  quoted(verb) + " needs a new " + (event ? "event" : "fact") +
                                      ", written " + quoted("Type{field: value}"));
    d.label = toText(value.type);
    return nullptr;
  }
  const Span nameSpan = e.nameSpan == Span{} ? e.span : e.nameSpan;
  const FactType* type = types_.resolveRecord({e.text, nameSpan}, s.module);
  if (!type) return nullptr;
  if ((type->kind == FactKind::Event) != event) {
    Diagnostic& d = report_.error(
        "RL2009", nameSpan,
        event ? quoted(type->name) + " is a " + kindOf(*type) + "; " +
                    (verb == "signal" ? "a run is told of events" : "only events are emitted")
              : quoted(type->name) + " is an event; events are emitted, not inserted");
    if (!type->builtin) d.related.push_back({type->span, "declared here"});
    if (verb != "signal") {
      d.help.push_back("write " + quoted((event ? "insert " : "emit ") + e.text + "{…}"));
    }
    return nullptr;
  }
  if (type->builtin) {
    report_.error("RL2009", nameSpan,
                  quoted(type->name) + " is kept by the engine and cannot be inserted");
    return nullptr;
  }
  return type;
}

// Fields are filled in the order in which they are written, since that is the order of their
// evaluation. Undeclared ones go into the map of an `open` subject.
std::vector<NamedExpression> Arguments::checkRecord(const Expr& e, FactKind wanted,
                                                    const std::string& verb, TypeId& id, Scope& s,
                                                    bool& good) {
  std::vector<NamedExpression> result;
  const FactType* type = recordFor(e, wanted, verb, s);
  good = type != nullptr;
  if (!type) return result;
  id = type->id;
  const Span nameSpan = e.nameSpan == Span{} ? e.span : e.nameSpan;
  index_.type({e.text, nameSpan}, *type, Use::Kind::Write);
  bool unknown = false;
  std::vector<std::string> given;
  for (std::size_t i = 0; i < e.args.size() && i < e.names.size(); ++i) {
    const std::string& name = e.names[i];
    if (name == kCopied) {
      const std::vector<std::string> written(e.names.begin(), e.names.end());
      good = copyFields(e, i, id, result, s) && good;
      for (const Field& field : types_.typeOf(id).fields) {
        if (std::find(written.begin(), written.end(), field.name) == written.end()) {
          given.push_back(field.name);
        }
      }
      continue;
    }
    const Span span = i < e.nameSpans.size() ? e.nameSpans[i] : e.args[i].span;
    Expr value = e.args[i];
    // May add a type, so the one of the fact is looked up again.
    expressions_.check(value, s);
    if (std::find(given.begin(), given.end(), name) != given.end()) {
      report_.error("RL2006", span, "the field " + quoted(name) + " is given twice");
      continue;
    }
    given.push_back(name);
    const FactType& fact = types_.typeOf(id);
    if (const auto field = types_.declaredField(id, name)) {
      const Field& declared = fact.fields[index(*field)];
      const Type to = declared.type;
      index_.field(fact, *field, span, Use::Kind::Write);
      if (to.kind == TypeKind::Timestamp) readTime(value);
      fit_.coerce(value, to,
                  {"the field " + quoted(name) + " of " + quoted(fact.name), declared.span}, s);
      result.push_back({*field, name, expressions_.finish(std::move(value))});
    } else if (const auto open = types_.openField(id)) {
      result.push_back({*open, name, expressions_.finish(std::move(value))});
    } else {
      types_.reportUnknownField(id, name, span);
      unknown = true;
    }
  }
  if (!unknown) reportMissing(types_.typeOf(id), given, nameSpan);
  return result;
}

// `...f`: what is not written beside it is as in that fact or event. It stands first, so that what
// is written stands over it.
bool Arguments::copyFields(const Expr& e, std::size_t at, TypeId id,
                           std::vector<NamedExpression>& result, Scope& s) {
  Expr source = e.args[at];
  const Type type = expressions_.check(source, s);
  if (at > 0) {
    report_.error("RL2006", e.nameSpans[at], "what is copied stands first")
        .help.push_back("write " + quoted(e.text + "{..." + toText(source) + ", …}"));
    return false;
  }
  if (isPoison(type)) return false;
  if (type.kind != TypeKind::Record || type.record != id) {
    Diagnostic& d = report_.error(
        "RL2001", source.span,
        "only a fact of the type " + quoted(types_.typeOf(id).name) + " can be copied here");
    d.label = toText(type);
    return false;
  }
  if (type.optional) {
    fit_.reportOptional(source, s, "it is copied");
    return false;
  }
  const FactType& fact = types_.typeOf(id);
  const auto copy = [&](FieldId field, const std::string& name) {
    Expr part;
    part.kind = ExprKind::Select;
    part.span = source.span;
    part.nameSpan = source.span;
    part.text = fact.fields[index(field)].name;
    part.type = fact.fields[index(field)].type;
    const bool row = source.ref.kind == Ref::Kind::Row;
    part.ref = {row ? Ref::Kind::Field : Ref::Kind::FactField, row ? source.ref.row : 0, field};
    part.args.push_back(source);
    result.push_back({field, name, expressions_.finish(std::move(part))});
  };
  for (std::uint32_t i = 0; i < fact.declared; ++i) {
    const std::string& name = fact.fields[i].name;
    if (std::find(e.names.begin(), e.names.end(), name) == e.names.end()) copy(FieldId{i}, name);
  }
  // Before those that are written, whose entries then stand over its own.
  if (fact.open) copy(fact.undeclared(), "");
  return true;
}

// Fields that have no default and may not be null.
void Arguments::reportMissing(const FactType& fact, const std::vector<std::string>& given,
                              Span at) {
  std::vector<std::string> missing;
  for (std::uint32_t i = 0; i < fact.declared; ++i) {
    const Field& field = fact.fields[i];
    const bool filled =
        field.type.optional || isPoison(field.type) || field.initial.tree.kind != ExprKind::Poison;
    if (!filled && std::find(given.begin(), given.end(), field.name) == given.end()) {
      missing.push_back(field.name);
    }
  }
  if (missing.empty()) return;
  Diagnostic& d = report_.error(
      "RL2008", at, "a new " + quoted(fact.name) + " also needs " + quotedList(missing));
  for (const std::string& name : missing) {
    d.related.push_back({fact.fields[index(*types_.declaredField(fact.id, name))].span,
                         "has no default and may not be null"});
  }
  d.help.push_back("add " + quoted(missing[0] + ": …"));
}

// What names a run or a pending event: a text or a number.
Expression Arguments::checkKey(const Expr& written, const std::string& what, Scope& s) {
  Expr key = written;
  const Type type = expressions_.check(key, s);
  if (!isPoison(type) && fit_.requireValue(key, s, what, "a value") &&
      (type.kind == TypeKind::List || type.kind == TypeKind::Map ||
       type.kind == TypeKind::Record)) {
    report_.error("RL2001", key.span, what + " is a text or a number, not " + quoted(toText(type)))
        .label = toText(type);
  }
  return expressions_.finish(std::move(key));
}

// A host function in the place of a flow is the usual mistake, and gets its own words.
const Flow* Arguments::resolveFlow(const tree::Name& name, const Symbol** found, const Scope& s) {
  if (!name) return nullptr;
  const Symbol* symbol = symbols_.lookup(name.text, s.module);
  if (symbol && symbol->kind == Symbol::Kind::Flow) {
    index_.use(name, symbol->declaration->name.span);
    *found = symbol;
    return &program_.flows[symbol->index];
  }
  Diagnostic& d =
      report_.error("RL1005", name.span, "there is no flow called " + quoted(name.text));
  if (symbol && symbol->declaration) {
    d.related.push_back({symbol->declaration->head, "this is not a flow"});
    if (symbol->kind == Symbol::Kind::Host) {
      d.help.push_back("host functions are called in the steps of a flow");
    }
  } else {
    suggest(d, name.span, name.text, symbols_.namesOf({Symbol::Kind::Flow}, s.module));
  }
  return nullptr;
}

// Arguments of something that is not known: their own mistakes are reported all the same.
void Arguments::lookAt(const std::vector<tree::Argument>& arguments, Scope& s) {
  for (const tree::Argument& argument : arguments) {
    Expr value = argument.value;
    expressions_.check(value, s);
  }
}

// Functions and flows are called in other ways; the message says in which.
const Host* Arguments::resolveHost(const tree::Name& name, const tree::Declaration** declaration,
                                   const Scope& s) {
  if (!name) return nullptr;
  const Symbol* symbol = symbols_.lookup(name.text, s.module);
  if (symbol && symbol->kind == Symbol::Kind::Host) {
    index_.use(name, symbol->declaration->name.span);
    *declaration = symbol->declaration;
    return &program_.hosts[symbol->index];
  }
  Diagnostic& d =
      report_.error("RL1003", name.span, "there is no host function called " + quoted(name.text));
  if (symbol && symbol->declaration) {
    d.related.push_back({symbol->declaration->head, "this is not a host function"});
    if (symbol->kind == Symbol::Kind::Function) {
      d.help.push_back("a function is used in an expression: " +
                       quoted("let x = " + name.text + "(…)"));
    }
    if (symbol->kind == Symbol::Kind::Flow) {
      d.help.push_back("a flow is a step of another with " + quoted("run " + name.text + "(…)"));
    }
    return nullptr;
  }
  if (suggest(d, name.span, name.text, symbols_.namesOf({Symbol::Kind::Host}, s.module)).empty()) {
    d.help.push_back("declare it: " + quoted("host function " + name.text + "(…)"));
  }
  return nullptr;
}

}  // namespace reticle::model
