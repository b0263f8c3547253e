// Types as written, and the declarations of facts, subjects and events.
#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "check/checker.h"
#include "model/text.h"

namespace reticle::model {
namespace {

constexpr std::array<std::pair<std::string_view, TypeKind>, 8> kPlainTypes = {{
    {"any", TypeKind::Any},
    {"bool", TypeKind::Bool},
    {"int", TypeKind::Int},
    {"double", TypeKind::Double},
    {"string", TypeKind::String},
    {"bytes", TypeKind::Bytes},
    {"timestamp", TypeKind::Timestamp},
    {"duration", TypeKind::Duration},
}};

// What other languages call our types, in small letters.
constexpr std::array<std::pair<std::string_view, std::string_view>, 30> kForeignTypes = {{
    {"integer", "int"},        {"long", "int"},          {"short", "int"},
    {"int32", "int"},          {"int64", "int"},         {"number", "double"},
    {"float", "double"},       {"real", "double"},       {"decimal", "double"},
    {"float64", "double"},     {"boolean", "bool"},      {"logical", "bool"},
    {"text", "string"},        {"str", "string"},        {"char", "string"},
    {"varchar", "string"},     {"date", "timestamp"},    {"time", "timestamp"},
    {"datetime", "timestamp"}, {"instant", "timestamp"}, {"interval", "duration"},
    {"timespan", "duration"},  {"object", "any"},        {"dyn", "any"},
    {"json", "any"},           {"binary", "bytes"},      {"blob", "bytes"},
    {"array", "list<any>"},    {"vector", "list<any>"},  {"dict", "map<string, any>"},
}};

// The name of a type without its `?`.
tree::Name plainName(const tree::TypeUse& use) {
  return {use.name,
          {use.span.file, use.span.begin,
           use.span.begin + static_cast<std::uint32_t>(use.name.size())}};
}

}  // namespace

Type Checker::recordType(TypeId id) const {
  Type type = Type::of(TypeKind::Record);
  type.record = id;
  type.name = typeOf(id).name;
  return type;
}

Type Checker::resolve(const tree::TypeUse& use) {
  if (use.name.empty()) return Type::of(TypeKind::Poison);
  Type type;
  const auto plain = std::find_if(kPlainTypes.begin(), kPlainTypes.end(),
                                  [&](const auto& t) { return t.first == use.name; });
  if (plain != kPlainTypes.end()) {
    type = Type::of(plain->second);
  } else if (use.name == "list" || use.name == "map") {
    type = Type::of(use.name == "list" ? TypeKind::List : TypeKind::Map);
    for (const tree::TypeUse& argument : use.arguments) type.arguments.push_back(resolve(argument));
    const std::size_t wanted = use.name == "list" ? 1 : 2;
    if (type.arguments.size() != wanted) {
      Diagnostic& d = error("RL1002", use.span, quoted(use.name) + " needs to know what it holds");
      d.fixes.push_back(replaceWith(use.span, textOf(use),
                                    use.name == "list" ? "list<any>" : "map<string, any>"));
      return Type::of(TypeKind::Poison);
    }
    if (wanted == 2) {
      const Type& key = type.arguments[0];
      const bool good =
          isAny(key) || isText(key) || key.kind == TypeKind::Int || key.kind == TypeKind::Bool;
      if (!good || key.optional) {
        error("RL2001", use.arguments[0].span,
              "the keys of a map are `string`, `int` or `bool`, not " + quoted(toText(key)));
        return Type::of(TypeKind::Poison);
      }
    }
  } else if (use.name == "enum") {
    type = Type::of(TypeKind::Enum);
    type.values = use.values;
  } else if (const Symbol* symbol = lookup(use.name)) {
    if (symbol->kind == Symbol::Kind::Type) {
      type = recordType(static_cast<TypeId>(symbol->index));
      index_.type(plainName(use), typeOf(type.record));
    } else if (symbol->kind == Symbol::Kind::Enum) {
      type = enums_[symbol->index];
      index_.use(plainName(use), enumSpans_[symbol->index]);
    } else {
      Diagnostic& d = error("RL1002", use.span, quoted(use.name) + " is not a type");
      if (symbol->declaration) d.related.push_back({symbol->declaration->head, "declared here"});
      return Type::of(TypeKind::Poison);
    }
  } else {
    reportUnknownType(use.name, use.span, false);
    return Type::of(TypeKind::Poison);
  }
  type.optional = use.optional;
  index_.type(use.span, type);
  return type;
}

void Checker::reportUnknownType(const std::string& name, Span span, bool record) {
  if (name == "uint") {
    Diagnostic& d = error("RL1002", span, "`uint` is not a type here: whole numbers are `int`");
    d.fixes.push_back(replaceWith(span, name, "int"));
    d.notes.push_back("keep it from going below zero with `where`: `count: int where count >= 0`");
    return;
  }
  std::vector<std::string> names =
      record ? namesOf({Symbol::Kind::Type}) : namesOf({Symbol::Kind::Type, Symbol::Kind::Enum});
  if (nearest(name, names).empty() && excused()) return;
  Diagnostic& d = error("RL1002", span,
                        record ? "there is no fact, event or subject called " + quoted(name)
                               : "there is no type called " + quoted(name));
  if (!record) {
    const std::string small = lowerCase(name);
    for (const auto& [foreign, own] : kForeignTypes) {
      if (small != foreign) continue;
      d.help.push_back("it is called " + quoted(own) + " here");
      d.fixes.push_back(replaceWith(span, name, std::string(own)));
      return;
    }
    names.insert(names.end(),
                 {"bool", "int", "double", "string", "bytes", "timestamp", "duration", "any"});
  }
  const std::string found = nearest(name, names);
  if (found.empty()) {
    if (record && !names.empty() && names.size() <= 8) {
      d.notes.push_back("declared are: " + listed(names));
    }
    return;
  }
  d.help.push_back("did you mean " + quoted(found) + "?");
  d.fixes.push_back(replaceWith(span, name, found));
  const Symbol* symbol = lookup(found);
  if (symbol && symbol->declaration) {
    d.related.push_back({symbol->declaration->name.span, quoted(found) + " is declared here"});
  }
}

const FactType* Checker::resolveRecord(const tree::Name& name) {
  if (!name) return nullptr;
  const Symbol* symbol = lookup(name.text);
  if (!symbol) {
    reportUnknownType(name.text, name.span, true);
    return nullptr;
  }
  if (symbol->kind != Symbol::Kind::Type) {
    static constexpr const char* kKinds[] = {
        "", "an enum", "a constant", "a function", "a host function", "a query", "a flow"};
    Diagnostic& d = error("RL1002", name.span,
                          quoted(name.text) + " is " + kKinds[static_cast<int>(symbol->kind)] +
                              ", not a fact, event or subject");
    if (symbol->declaration) d.related.push_back({symbol->declaration->name.span, "declared here"});
    return nullptr;
  }
  index_.type(name, program_.types[symbol->index]);
  return &program_.types[symbol->index];
}

void Checker::addClock() {
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
  clock.subjectName = finish(std::move(name));
  addHiddenFields(clock);
  program_.types.push_back(std::move(clock));
  symbols_.emplace("Clock", Symbol{});
}

void Checker::addHiddenFields(FactType& type) {
  const auto add = [&](const char* name, Type of) {
    Field field;
    field.name = name;
    field.type = std::move(of);
    field.hidden = true;
    field.span = type.span;
    type.fields.push_back(std::move(field));
  };
  const Type string = Type::of(TypeKind::String);
  switch (type.kind) {
    case FactKind::Fact: break;
    case FactKind::Event:
      add("meta.id", string);
      add("meta.subject", string.asOptional());
      add("meta.time", Type::of(TypeKind::Timestamp));
      add("meta.type", string);
      add("meta.source", string);
      add("meta.cause", string.asOptional());
      break;
    case FactKind::Subject:
      add("meta.name", string);
      if (type.open) add("…", mapOf(string, Type::of(TypeKind::Any)));
      break;
  }
}

void Checker::declareFields(const tree::Declaration& declaration) {
  const auto found = indexes_.find(&declaration);
  if (found == indexes_.end()) return;  // declared twice
  std::vector<Field> fields;
  std::vector<FieldId> keys;
  for (const tree::Field& written : declaration.fields) {
    if (!written.name) continue;
    const auto same = std::find_if(fields.begin(), fields.end(),
                                   [&](const Field& f) { return f.name == written.name.text; });
    if (same != fields.end()) {
      Diagnostic& d = error(
          "RL1007", written.name.span,
          quoted(declaration.name.text) + " has two fields called " + quoted(written.name.text));
      d.related.push_back({same->span, "the first one"});
      continue;
    }
    if (written.name.text == "this" ||
        (written.name.text == "meta" && declaration.kind != tree::Declaration::Kind::Fact)) {
      Diagnostic& d = error("RL1009", written.name.span,
                            "a field cannot be called " + quoted(written.name.text));
      d.notes.push_back(written.name.text == "this"
                            ? "`this` is the fact that a pattern is looking at"
                            : "`meta` is what the engine knows about an event or a subject: its "
                              "id, its time, its name");
      continue;
    }
    Field field;
    field.name = written.name.text;
    field.type = resolve(written.type);
    field.key = written.key;
    field.ext = written.ext;
    field.max = written.max.value_or(-1);
    field.doc = written.doc;
    field.span = written.name.span;
    if (field.key && field.type.optional) {
      Diagnostic& d =
          error("RL2001", written.type.span, "the key " + quoted(field.name) + " may not be null");
      tree::TypeUse plain = written.type;
      plain.optional = false;
      d.fixes.push_back(replaceWith(written.type.span, textOf(written.type), textOf(plain)));
      d.notes.push_back("the key tells one " + declaration.name.text + " from another");
    }
    if (written.max && !isPoison(field.type)) {
      const TypeKind kind = field.type.kind;
      if (kind != TypeKind::String && kind != TypeKind::Bytes && kind != TypeKind::List &&
          kind != TypeKind::Map && kind != TypeKind::Any) {
        Diagnostic& d = error("RL2009", written.span,
                              "`max` bounds the size of a text, list or map; " +
                                  quoted(field.name) + " is " + quoted(toText(field.type)));
        d.help.push_back("to bound the value write " +
                         quoted("where " + field.name + " <= " + std::to_string(*written.max)));
      }
    }
    if (field.key) keys.push_back(static_cast<FieldId>(fields.size()));
    fields.push_back(std::move(field));
  }
  FactType& type = program_.types[found->second];
  type.fields = std::move(fields);
  type.keys = std::move(keys);
  type.declared = static_cast<std::uint32_t>(type.fields.size());
  addHiddenFields(type);
}

void Checker::checkFields(const tree::Declaration& declaration) {
  const auto found = indexes_.find(&declaration);
  if (found == indexes_.end()) return;
  const TypeId id = static_cast<TypeId>(found->second);
  for (const tree::Field& written : declaration.fields) {
    const auto field = declaredField(id, written.name.text);
    if (!field || typeOf(id).fields[index(*field)].span != written.name.span) continue;
    const Type type = typeOf(id).fields[index(*field)].type;
    if (written.initial) {
      Scope s;
      s.place = Scope::Place::Constant;
      Expr tree = *written.initial;
      check(tree, s);
      coerce(tree, type,
             {"the field " + quoted(written.name.text) + " of " + quoted(declaration.name.text),
              written.type.span},
             s);
      program_.types[index(id)].fields[index(*field)].initial = finish(std::move(tree));
    }
    for (const Expr& where : written.where) {
      Scope s;
      s.place = Scope::Place::Check;
      s.candidate = Candidate{id, 0, {}};
      s.rows.push_back({});
      s.candidate->row = 0;
      s.constraint = where.span;
      // The check of an optional field is asked only when there is a value.
      if (type.optional) s.known.push_back("r0." + std::to_string(index(*field)));
      index_.within(where.span, s, &typeOf(id));
      Expr tree = where;
      check(tree, s);
      requireBool(tree, s, "`where`");
      program_.types[index(id)].fields[index(*field)].checks.push_back(finish(std::move(tree)));
    }
  }
  if (declaration.kind == tree::Declaration::Kind::Subject) {
    nameSubject(declaration, program_.types[index(id)]);
  }
}

// "device|{id}" becomes the template t"device|{this.id}" with the fact as row 0.
void Checker::nameSubject(const tree::Declaration& declaration, FactType& type) {
  std::string pattern = declaration.as;
  if (pattern.empty()) {
    if (type.keys.size() > 1) {
      Diagnostic& d = error("RL2009", declaration.name.span,
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
        error("RL2009", span, "the name of " + quoted(type.name) + " has a `{` without its `}`");
        return;
      }
      break;
    }
    addText(pattern.substr(at, open - at));
    const std::string fieldName = pattern.substr(open + 1, close - open - 1);
    const auto field = declaredField(type.id, fieldName);
    if (!field) {
      reportUnknownField(type.id, fieldName, span);
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
      Diagnostic& d = error("RL2007", span,
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
  type.subjectName = finish(std::move(name));
}

TypeId Checker::changeType(TypeId subject, FieldId field) {
  const auto found = program_.changeTypes.find({subject, field});
  if (found != program_.changeTypes.end()) return found->second;
  const Field property = typeOf(subject).fields[index(field)];
  const TypeId id =
      addChangeType(subject, field, property.name, property.type.asOptional(), property.span);
  program_.changeTypes.emplace(std::pair{subject, field}, id);
  return id;
}

// Requires: the subject is open and declares no such property.
TypeId Checker::openChangeType(TypeId subject, const std::string& property) {
  const auto found = program_.openChangeTypes.find({subject, property});
  if (found != program_.openChangeTypes.end()) return found->second;
  const TypeId id = addChangeType(subject, *openField(subject), property, Type::of(TypeKind::Any),
                                  typeOf(subject).span);
  program_.openChangeTypes.emplace(std::pair{subject, property}, id);
  return id;
}

TypeId Checker::addChangeType(TypeId subject, FieldId field, const std::string& property,
                              const Type& type, Span span) {
  FactType change;
  change.id = static_cast<TypeId>(program_.types.size());
  change.name = change.wireName = "change " + typeOf(subject).name + "." + property;
  change.kind = FactKind::Event;
  change.builtin = true;
  change.changeOf = {subject, field};
  change.span = span;
  for (const char* name : {"old", "new"}) {
    Field value;
    value.name = name;
    value.type = type;
    value.span = span;
    change.fields.push_back(std::move(value));
  }
  change.declared = 2;
  addHiddenFields(change);
  const TypeId id = change.id;
  program_.types.push_back(std::move(change));
  return id;
}

std::optional<FieldId> Checker::declaredField(TypeId type, std::string_view name) const {
  const FactType& fact = typeOf(type);
  for (std::uint32_t i = 0; i < fact.declared; ++i) {
    if (fact.fields[i].name == name) return static_cast<FieldId>(i);
  }
  return std::nullopt;
}

std::optional<FieldId> Checker::openField(TypeId type) const {
  return typeOf(type).open ? typeOf(type).find("…") : std::nullopt;
}

Diagnostic& Checker::reportUnknownField(TypeId type, const std::string& name, Span span) {
  const FactType& fact = typeOf(type);
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < fact.declared; ++i) names.push_back(fact.fields[i].name);
  Diagnostic& d = error("RL1001", span, quoted(fact.name) + " has no field " + quoted(name));
  d.label = "not a field of " + quoted(fact.name);
  const std::string found = nearest(name, names);
  if (!found.empty()) {
    d.help.push_back("a field with a similar name exists: " + quoted(found));
    d.fixes.push_back(replaceWith(span, name, found));
  }
  const std::string with = names.empty() ? "without fields" : "with the fields " + listed(names);
  if (fact.builtin) {
    d.notes.push_back(quoted(fact.name) + " is built in, " + with);
  } else {
    d.related.push_back({fact.span, quoted(fact.name) + " is declared here"});
    d.notes.push_back(quoted(fact.name) + " is declared " + with);
  }
  return d;
}

}  // namespace reticle::model
