// Types as they are written, and the messages about those that nobody has declared.
#include "check/types_used.h"

#include <algorithm>
#include <array>

#include "base/suggest.h"
#include "model/message.h"
#include "model/text.h"
#include "model/types.h"

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

// A value of it is a reference to a fact.
Type Types::recordType(TypeId id) const {
  Type type = Type::of(TypeKind::Record);
  type.record = id;
  type.name = typeOf(id).name;
  return type;
}

// Lists and maps say what they hold: without it nothing could be checked of their elements.
Type Types::resolve(const tree::TypeUse& use, const tree::Module* from) {
  if (use.name.empty()) return Type::of(TypeKind::Poison);
  Type type;
  const auto plain = std::find_if(kPlainTypes.begin(), kPlainTypes.end(),
                                  [&](const auto& t) { return t.first == use.name; });
  if (plain != kPlainTypes.end()) {
    type = Type::of(plain->second);
  } else if (use.name == "list" || use.name == "map") {
    type = Type::of(use.name == "list" ? TypeKind::List : TypeKind::Map);
    for (const tree::TypeUse& argument : use.arguments)
      type.arguments.push_back(resolve(argument, from));
    const std::size_t wanted = use.name == "list" ? 1 : 2;
    if (type.arguments.size() != wanted) {
      Diagnostic& d =
          report_.error("RL1002", use.span, quoted(use.name) + " needs to know what it holds");
      d.fixes.push_back(replaceWith(use.span, textOf(use),
                                    use.name == "list" ? "list<any>" : "map<string, any>"));
      return Type::of(TypeKind::Poison);
    }
    if (wanted == 2) {
      const Type& key = type.arguments[0];
      const bool good =
          isAny(key) || isText(key) || key.kind == TypeKind::Int || key.kind == TypeKind::Bool;
      if (!good || key.optional) {
        report_.error(
            "RL2001", use.arguments[0].span,
            "the keys of a map are `string`, `int` or `bool`, not " + quoted(toText(key)));
        return Type::of(TypeKind::Poison);
      }
    }
  } else if (use.name == "enum") {
    type = Type::of(TypeKind::Enum);
    type.values = use.values;
  } else if (const Symbol* symbol = symbols_.lookup(use.name, from)) {
    if (symbol->kind == Symbol::Kind::Type) {
      type = recordType(static_cast<TypeId>(symbol->index));
      index_.type(plainName(use), typeOf(type.record));
    } else if (symbol->kind == Symbol::Kind::Enum) {
      type = symbols_.enumAt(symbol->index);
      index_.use(plainName(use), symbols_.enumSpan(symbol->index));
    } else {
      Diagnostic& d = report_.error("RL1002", use.span, quoted(use.name) + " is not a type");
      if (symbol->declaration) d.related.push_back({symbol->declaration->head, "declared here"});
      return Type::of(TypeKind::Poison);
    }
  } else {
    reportUnknownType(use.name, use.span, false, from);
    return Type::of(TypeKind::Poison);
  }
  type.optional = use.optional;
  index_.type(use.span, type);
  return type;
}

// A name from another language is answered with ours.
void Types::reportUnknownType(const std::string& name, Span span, bool record,
                              const tree::Module* from) {
  if (name == "uint") {
    Diagnostic& d =
        report_.error("RL1002", span, "`uint` is not a type here: whole numbers are `int`");
    d.fixes.push_back(replaceWith(span, name, "int"));
    d.notes.push_back("keep it from going below zero with `where`: `count: int where count >= 0`");
    return;
  }
  std::vector<std::string> names =
      record ? symbols_.namesOf({Symbol::Kind::Type}, from)
             : symbols_.namesOf({Symbol::Kind::Type, Symbol::Kind::Enum}, from);
  if (nearest(name, names).empty() && symbols_.excused(from)) return;
  Diagnostic& d = report_.error("RL1002", span,
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
  const Symbol* symbol = symbols_.lookup(found, from);
  if (symbol && symbol->declaration) {
    d.related.push_back({symbol->declaration->name.span, quoted(found) + " is declared here"});
  }
}

// Enums, functions and flows have their own namespaces in the reader's mind, not here: the message
// says what the name is.
const FactType* Types::resolveRecord(const tree::Name& name, const tree::Module* from) {
  if (!name) return nullptr;
  const Symbol* symbol = symbols_.lookup(name.text, from);
  if (!symbol) {
    reportUnknownType(name.text, name.span, true, from);
    return nullptr;
  }
  if (symbol->kind != Symbol::Kind::Type) {
    static constexpr const char* kKinds[] = {
        "", "an enum", "a constant", "a function", "a host function", "a query", "a flow"};
    Diagnostic& d =
        report_.error("RL1002", name.span,
                      quoted(name.text) + " is " + kKinds[static_cast<int>(symbol->kind)] +
                          ", not a fact, event or subject");
    if (symbol->declaration) d.related.push_back({symbol->declaration->name.span, "declared here"});
    return nullptr;
  }
  index_.type(name, program_.types[symbol->index]);
  return &program_.types[symbol->index];
}

// ORDER: model.h; the engine fills them in by name, expressions read them by number.
void addHiddenFields(FactType& type) {
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
    case FactKind::Fact:
      if (type.open) add("…", mapOf(string, Type::of(TypeKind::Any)));
      break;
    case FactKind::Event:
      add("meta.id", string);
      add("meta.subject", string.asOptional());
      add("meta.time", Type::of(TypeKind::Timestamp));
      add("meta.type", string);
      add("meta.source", string);
      add("meta.cause", string.asOptional());
      add("meta.origin", string);
      add("meta.ext", mapOf(string, Type::of(TypeKind::Any)));
      break;
    case FactKind::Subject:
      add("meta.name", string);
      if (type.open) add("…", mapOf(string, Type::of(TypeKind::Any)));
      break;
  }
}

// One type for each property that some rule listens to: the network then matches changes as it
// matches any event.
TypeId Types::changeType(TypeId subject, FieldId field) {
  const auto found = program_.changeTypes.find({subject, field});
  if (found != program_.changeTypes.end()) return found->second;
  const Field property = typeOf(subject).fields[index(field)];
  const TypeId id =
      addChangeType(subject, field, property.name, property.type.asOptional(), property.span);
  program_.changeTypes.emplace(std::pair{subject, field}, id);
  return id;
}

// Requires: the subject is open and declares no such property.
TypeId Types::openChangeType(TypeId subject, const std::string& property) {
  const auto found = program_.openChangeTypes.find({subject, property});
  if (found != program_.openChangeTypes.end()) return found->second;
  const TypeId id = addChangeType(subject, *openField(subject), property, Type::of(TypeKind::Any),
                                  typeOf(subject).span);
  program_.openChangeTypes.emplace(std::pair{subject, property}, id);
  return id;
}

// `old` and `new` are null where there was, or is, no value.
TypeId Types::addChangeType(TypeId subject, FieldId field, const std::string& property,
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

// Hidden fields are not found: they are reached through `meta` alone.
std::optional<FieldId> Types::declaredField(TypeId type, std::string_view name) const {
  const FactType& fact = typeOf(type);
  for (std::uint32_t i = 0; i < fact.declared; ++i) {
    if (fact.fields[i].name == name) return static_cast<FieldId>(i);
  }
  return std::nullopt;
}

// Its name cannot be written, so no declared property meets it.
std::optional<FieldId> Types::openField(TypeId type) const {
  return typeOf(type).open ? typeOf(type).find("…") : std::nullopt;
}

// With all fields that there are: they are few, and the one that is meant is among them.
Diagnostic& Types::reportUnknownField(TypeId type, const std::string& name, Span span) {
  const FactType& fact = typeOf(type);
  Diagnostic& d =
      report_.error("RL1001", span, quoted(fact.name) + " has no field " + quoted(name));
  if (report_.isFull()) return d;
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < fact.declared; ++i) names.push_back(fact.fields[i].name);
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

// For messages.
std::string kindOf(const FactType& type) {
  switch (type.kind) {
    case FactKind::Fact: return "fact";
    case FactKind::Subject: return "subject";
    case FactKind::Event: return "event";
  }
  return "";
}

// `reason` and what the host has added: a map of anything.
Type failureType() { return mapOf(Type::of(TypeKind::String), Type::of(TypeKind::Any)); }

}  // namespace reticle::model
