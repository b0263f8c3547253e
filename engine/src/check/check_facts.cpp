// The declarations of facts, subjects and events.
#include <algorithm>

#include "check/expression_checker.h"
#include "check/facts.h"
#include "check/scope.h"
#include "model/doings.h"
#include "model/message.h"
#include "model/text.h"
#include "model/types.h"

namespace reticle::model {
namespace {

// Whether a field can hold every value of a type.
bool holdsAll(const Type& field, const Type& of) {
  if (of.optional && !field.optional && field.kind != TypeKind::Any) return false;
  if (field.kind == TypeKind::Any) return field.optional || !of.optional;
  return field.kind == of.kind;
}

}  // namespace

// An event that the engine itself raises has fields that it knows how to fill.
void Facts::checkDoing(const tree::Declaration& declaration, const std::vector<Field>& fields) {
  if (declaration.kind != tree::Declaration::Kind::Event) return;
  const auto known = fieldsOfDoing(declaration.name.text);
  if (known.empty()) return;
  std::vector<std::string> names;
  for (const auto& [name, type] : known) names.push_back(name);
  for (const Field& field : fields) {
    const auto same = std::find_if(known.begin(), known.end(),
                                   [&](const auto& each) { return each.first == field.name; });
    if (same == known.end()) {
      Diagnostic& d =
          report_.error("RL2025", field.span,
                        quoted(declaration.name.text) + " is raised by the engine, which has no " +
                            quoted(field.name) + " for it");
      suggest(d, field.span, field.name, names);
      d.notes.push_back("it may have " + listed(names));
    } else if (!isPoison(field.type) && !holdsAll(field.type, same->second)) {
      report_
          .error("RL2025", field.span,
                 quoted(field.name) + " of " + quoted(declaration.name.text) + " is " +
                     quoted(toText(same->second)) + ", not " + quoted(toText(field.type)))
          .label = toText(field.type);
    }
  }
}

// `Clock` is a subject like any other, so that rules match it and react to its changes; only the
// engine sets it.
void Facts::addClock() {
  FactType clock;
  clock.name = "Clock";
  clock.wireName = clock.nameTemplate = "Clock";
  clock.kind = FactKind::Subject;
  clock.builtin = true;
  clock.doc = "The calendar time of the session's clock, kept by the engine.";
  Type weekday = Type::of(TypeKind::Enum);
  weekday.values = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
  const std::pair<const char*, Type> fields[] = {{"weekday", weekday},
                                                 {"date", Type::of(TypeKind::String)},
                                                 {"hour", Type::of(TypeKind::Int)},
                                                 {"minute", Type::of(TypeKind::Int)},
                                                 {"zone", Type::of(TypeKind::String)}};
  for (const auto& [name, type] : fields) {
    Field field;
    field.name = name;
    field.type = type;
    clock.fields.push_back(std::move(field));
  }
  clock.declared = static_cast<std::uint32_t>(clock.fields.size());
  Expr name;
  name.kind = ExprKind::Literal;
  name.value = Value::string("Clock");
  name.type = Type::of(TypeKind::String);
  clock.subjectName = expressions_.finish(std::move(name));
  addHiddenFields(clock);
  program_.types.push_back(std::move(clock));
  symbols_.addBuiltin("Clock");
}

// Fields and their types, without anything that needs an expression. A second field of one name is
// left out; it is never asked for.
void Facts::declareFields(const tree::Declaration& declaration, const tree::Module* from) {
  const auto found = symbols_.indexOf(declaration);
  if (!found) return;  // declared twice
  std::vector<Field> fields;
  std::vector<FieldId> keys;
  for (const tree::Field& written : declaration.fields) {
    if (!written.name) continue;
    const auto same = std::find_if(fields.begin(), fields.end(),
                                   [&](const Field& f) { return f.name == written.name.text; });
    if (same != fields.end()) {
      Diagnostic& d = report_.error(
          "RL1007", written.name.span,
          quoted(declaration.name.text) + " has two fields called " + quoted(written.name.text));
      d.related.push_back({same->span, "the first one"});
      continue;
    }
    if (written.name.text == "this" ||
        (written.name.text == "meta" && declaration.kind != tree::Declaration::Kind::Fact)) {
      Diagnostic& d = report_.error("RL1009", written.name.span,
                                    "a field cannot be called " + quoted(written.name.text));
      d.notes.push_back(written.name.text == "this"
                            ? "`this` is the fact that a pattern is looking at"
                            : "`meta` is what the engine knows about an event or a subject: its "
                              "id, its time, its name");
      continue;
    }
    Field field;
    field.name = written.name.text;
    field.type = types_.resolve(written.type, from);
    field.key = written.key;
    field.ext = written.ext;
    field.max = written.max.value_or(-1);
    field.doc = written.doc;
    field.span = written.name.span;
    if (field.key && field.type.optional) {
      Diagnostic& d = report_.error("RL2001", written.type.span,
                                    "the key " + quoted(field.name) + " may not be null");
      tree::TypeUse plain = written.type;
      plain.optional = false;
      d.fixes.push_back(replaceWith(written.type.span, textOf(written.type), textOf(plain)));
      d.notes.push_back("the key tells one " + declaration.name.text + " from another");
    }
    if (written.max && !isPoison(field.type)) {
      const TypeKind kind = field.type.kind;
      if (kind != TypeKind::String && kind != TypeKind::Bytes && kind != TypeKind::List &&
          kind != TypeKind::Map && kind != TypeKind::Any) {
        Diagnostic& d = report_.error("RL2009", written.span,
                                      "`max` bounds the size of a text, list or map; " +
                                          quoted(field.name) + " is " + quoted(toText(field.type)));
        d.help.push_back("to bound the value write " +
                         quoted("where " + field.name + " <= " + std::to_string(*written.max)));
      }
    }
    if (field.key) keys.push_back(static_cast<FieldId>(fields.size()));
    fields.push_back(std::move(field));
  }
  checkDoing(declaration, fields);
  FactType& type = program_.types[*found];
  type.fields = std::move(fields);
  type.keys = std::move(keys);
  type.declared = static_cast<std::uint32_t>(type.fields.size());
  addHiddenFields(type);
  if (declaration.asSet) makeSet(declaration, type);
}

// What tells one from another is all that it holds.
void Facts::makeSet(const tree::Declaration& declaration, FactType& type) {
  const Span span = declaration.asSpan == Span{} ? declaration.name.span : declaration.asSpan;
  if (!type.keys.empty()) {
    Diagnostic& d = report_.error(
        "RL2018", span, "a set tells its facts apart by all of their fields, and needs no key");
    d.related.push_back({type.fields[index(type.keys[0])].span, "this one is a key"});
    d.help.push_back("leave out `key`, or `as set`");
    return;
  }
  type.asSet = true;
  for (std::uint32_t i = 0; i < type.declared; ++i) type.keys.push_back(FieldId{i});
  if (type.open) type.keys.push_back(type.undeclared());
}

// A default may use constants, so these come first; a check looks at its own fact alone, which is
// row 0 for it.
void Facts::checkFields(const tree::Declaration& declaration, const tree::Module* from) {
  const auto found = symbols_.indexOf(declaration);
  if (!found) return;
  const TypeId id = static_cast<TypeId>(*found);
  if (declaration.expires) {
    std::optional<Span64>& expires = program_.types[index(id)].expires;
    expires = expressions_.spanOf(*declaration.expires, from);
    if (expires && *expires <= 0) {
      report_
          .error("RL2009", declaration.expires->span,
                 "an event that is kept for no time cannot be met")
          .help.push_back("write for how long it stays: `expires 10m`");
    }
  }
  for (const tree::Field& written : declaration.fields) {
    const auto field = types_.declaredField(id, written.name.text);
    if (!field || types_.typeOf(id).fields[index(*field)].span != written.name.span) continue;
    const Type type = types_.typeOf(id).fields[index(*field)].type;
    if (written.initial) {
      Scope s = Scope::in(Scope::Place::Constant, from);
      Expr tree = *written.initial;
      expressions_.check(tree, s);
      fit_.coerce(
          tree, type,
          {"the field " + quoted(written.name.text) + " of " + quoted(declaration.name.text),
           written.type.span},
          s);
      program_.types[index(id)].fields[index(*field)].initial =
          expressions_.finish(std::move(tree));
    }
    for (const Expr& where : written.where) {
      Scope s = Scope::in(Scope::Place::Check, from);
      s.candidate = Candidate{id, 0, {}};
      s.rows.push_back({});
      s.candidate->row = 0;
      s.constraint = where.span;
      // The check of an optional field is asked only when there is a value.
      if (type.optional) s.known.push_back("r0." + std::to_string(index(*field)));
      index_.within(where.span, s, &types_.typeOf(id));
      Expr tree = where;
      expressions_.check(tree, s);
      fit_.requireBool(tree, s, "`where`");
      program_.types[index(id)].fields[index(*field)].checks.push_back(
          expressions_.finish(std::move(tree)));
    }
  }
  if (declaration.kind == tree::Declaration::Kind::Subject) {
    nameSubject(declaration, program_.types[index(id)]);
  }
}

// "device|{id}" becomes the template t"device|{this.id}" with the fact as row 0.
void Facts::nameSubject(const tree::Declaration& declaration, FactType& type) {
  std::string pattern = declaration.as;
  if (pattern.empty()) {
    if (type.keys.size() > 1) {
      Diagnostic& d = report_.error("RL2009", declaration.name.span,
                                    quoted(type.name) + " has " + std::to_string(type.keys.size()) +
                                        " keys; say how they make its name");
      std::string text;
      for (FieldId key : type.keys) text += "|{" + type.fields[index(key)].name + "}";
      const Span after{declaration.name.span.file, declaration.name.span.end,
                       declaration.name.span.end};
      const std::string as = " as " + toText(Value::string(lowerCase(type.name) + text));
      d.fixes.push_back(edit("write `subject " + declaration.name.text + as + "`", after, as));
      return;
    }
    pattern = type.keys.empty() ? type.name : "{" + type.fields[index(type.keys[0])].name + "}";
  }
  type.nameTemplate = pattern;
  const Span span = declaration.as.empty() ? declaration.name.span : declaration.asSpan;
  Expr name;
  name.kind = ExprKind::Template;
  name.span = span;
  name.type = Type::of(TypeKind::String);
  const auto addText = [&](const std::string& text) {
    if (text.empty()) return;
    Expr part;
    part.kind = ExprKind::Literal;
    part.span = span;
    part.value = Value::string(text);
    part.type = Type::of(TypeKind::String);
    name.args.push_back(std::move(part));
  };
  std::size_t at = 0;
  while (at < pattern.size()) {
    const std::size_t open = pattern.find('{', at);
    const std::size_t close = open == std::string::npos ? open : pattern.find('}', open);
    if (close == std::string::npos) {
      if (open != std::string::npos) {
        report_.error("RL2009", span,
                      "the name of " + quoted(type.name) + " has a `{` without its `}`");
        return;
      }
      break;
    }
    addText(pattern.substr(at, open - at));
    const std::string fieldName = pattern.substr(open + 1, close - open - 1);
    const auto field = types_.declaredField(type.id, fieldName);
    if (!field) {
      types_.reportUnknownField(type.id, fieldName, span);
      return;
    }
    index_.inTemplate(declaration, open + 1, fieldName);
    Expr part;
    part.kind = ExprKind::Name;
    part.span = part.nameSpan = span;
    part.text = fieldName;
    part.type = type.fields[index(*field)].type;
    part.ref = {Ref::Kind::Field, 0, *field};
    if (part.type.optional) {
      Diagnostic& d = report_.error("RL2007", span,
                                    "the name of " + quoted(type.name) + " is made of " +
                                        quoted(fieldName) + ", which may be null");
      d.related.push_back(
          {type.fields[index(*field)].span, "declared " + quoted(toText(part.type))});
      return;
    }
    name.args.push_back(std::move(part));
    at = close + 1;
  }
  addText(pattern.substr(std::min(at, pattern.size())));
  type.subjectName = expressions_.finish(std::move(name));
}

}  // namespace reticle::model
