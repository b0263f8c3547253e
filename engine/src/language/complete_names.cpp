// Completion: what is offered, once the case is known.
#include <algorithm>
#include <set>

#include "base/unreachable.h"
#include "expression/functions.h"
#include "language/completion.h"
#include "reticle/keywords.h"

namespace reticle::language {

using namespace model;

namespace {

using Kind = LexemeKind;

// The icon that an editor shows beside it. ORDER: SymbolKind.
ItemKind kindOf(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::Fact:
    case SymbolKind::Subject: return ItemKind::Class;
    case SymbolKind::Event: return ItemKind::Event;
    case SymbolKind::Enum: return ItemKind::Enum;
    case SymbolKind::EnumValue: return ItemKind::EnumMember;
    case SymbolKind::Field: return ItemKind::Field;
    case SymbolKind::Const: return ItemKind::Constant;
    case SymbolKind::Function:
    case SymbolKind::Host:
    case SymbolKind::Table:
    case SymbolKind::Query:
    case SymbolKind::Flow:
    case SymbolKind::Builtin: return ItemKind::Function;
    case SymbolKind::Module: return ItemKind::Module;
    case SymbolKind::Rule:
    case SymbolKind::Test:
    case SymbolKind::Group: return ItemKind::Value;
    case SymbolKind::Step:
    case SymbolKind::Binding:
    case SymbolKind::Local:
    case SymbolKind::Parameter:
    case SymbolKind::Variable: return ItemKind::Variable;
  }
  unreachable("a symbol has an icon");
}

// In a snippet these have a meaning of their own.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '$' || c == '}' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

// Rules may be called anything; those that are no word are offered in quotes.
bool isWord(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  });
}

// As a method is offered for a value.
bool takes(const Overload& overload, const Type& type) {
  if (!overload.method || overload.params.empty()) return false;
  const Type& first = overload.params[0];
  if (first.kind == TypeKind::Any || type.kind == TypeKind::Any) return true;
  return first.kind == type.kind || (first.kind == TypeKind::String && type.kind == TypeKind::Enum);
}

}  // namespace

void Completer::add(Item item) { items_.push_back(std::move(item)); }

// A few keywords by name, with what the table of keywords says of them.
void Completer::words(std::initializer_list<std::string_view> list) {
  for (const std::string_view word : list) {
    const Keyword* known = findKeyword(word);
    add({std::string(word), ItemKind::Keyword, "", known ? std::string(known->doc) : "", "", '3'});
  }
}

// Everything that may begin at a place: whole templates, then words.
void Completer::words(std::uint32_t places, char rank) {
  for (const Template& known : templates()) {
    if (known.places & places) {
      add({std::string(known.label), ItemKind::Snippet, "", std::string(known.doc),
           std::string(known.text), rank});
    }
  }
  for (const Keyword& keyword : keywords()) {
    if (keyword.places & places) {
      add({std::string(keyword.word), ItemKind::Keyword, "", std::string(keyword.doc), "", rank});
    }
  }
}

// Where a type is written: those of the language, then those declared.
void Completer::typeNames() {
  words(begins::kType, '4');
  add({"any", ItemKind::Keyword, "", "Any value; looked at when it runs.", "", '4'});
  types({SymbolKind::Enum, SymbolKind::Fact, SymbolKind::Subject, SymbolKind::Event}, "");
}

// `shape`: what follows the name, `($0)` of a pattern or `{$0}` of a record.
void Completer::types(std::initializer_list<SymbolKind> kinds, const char* shape) {
  for (SymbolId id = 0; id < view_.index.symbols.size(); ++id) {
    const SymbolNote& note = view_.symbol(id);
    if (std::find(kinds.begin(), kinds.end(), note.kind) == kinds.end() || note.name.empty()) {
      continue;
    }
    const bool made = std::string_view(shape) == "{$0}" && note.declared == Span{};  // Clock
    if (!made) {
      add({note.name, kindOf(note.kind), note.signature, note.doc, *shape ? note.name + shape : "",
           '4'});
    }
  }
  // The clock is a subject that no one declares: it is offered although the index has not met it.
  const bool clock = std::find(kinds.begin(), kinds.end(), SymbolKind::Subject) != kinds.end() &&
                     std::string_view(shape) == "($0)";
  const bool named = std::any_of(items_.begin(), items_.end(),
                                 [](const Item& item) { return item.label == "Clock"; });
  if (clock && !named) {
    add({"Clock", ItemKind::Class, "weekday, date, hour, minute, zone",
         "The calendar time of the session's clock, kept by the engine.", "Clock($0)", '5'});
  }
}

void Completer::symbols(std::initializer_list<SymbolKind> kinds, bool withArguments) {
  std::set<std::string> seen;
  for (SymbolId id = 0; id < view_.index.symbols.size(); ++id) {
    const SymbolNote& note = view_.symbol(id);
    if (std::find(kinds.begin(), kinds.end(), note.kind) == kinds.end() ||
        !seen.insert(note.name).second) {
      continue;
    }
    // Steps are named within their own flow only.
    if (note.kind == SymbolKind::Step &&
        !(note.declared.file == file_ && note.container != kNoSymbol &&
          view_.symbol(note.container).whole.begin == words_[context_.head].begin)) {
      continue;
    }
    Item item{note.name, kindOf(note.kind), note.signature, note.doc, "", '4'};
    if (note.kind == SymbolKind::Rule && !isWord(note.name)) {
      item.label = toText(Value::string(note.name));
    }
    // Parameters as stops to be filled in, by name.
    if (withArguments) {
      std::string arguments;
      int stop = 0;
      for (const SymbolId part : view_.parts[id]) {
        if (view_.symbol(part).kind != SymbolKind::Parameter) continue;
        arguments += (arguments.empty() ? "" : ", ") + view_.symbol(part).name + ": ${" +
                     std::to_string(++stop) + "}";
      }
      item.insert = escaped(note.name) + "(" + arguments + ")";
    }
    add(std::move(item));
  }
}

// Fields of a record or parameters of a call that are not given yet.
void Completer::namedParts(std::initializer_list<SymbolKind> kinds, const std::string& owner) {
  const Frame& frame = context_.frame();
  SymbolId symbol = view_.declared(owner);
  if (frame.block == Block::Record) symbol = view_.symbolOf(typeOfRecord(frame));
  if (symbol == kNoSymbol) return;
  const bool named = frame.block == Block::Record || frame.block == Block::Arguments;
  // What the author has written already is not offered again.
  std::set<std::string> given;
  for (std::uint32_t i = frame.open + 1;
       named && i + 1 < words_.size() && words_[i].kind != Kind::End; ++i) {
    if (words_[i].kind == Kind::BraceClose || words_[i].kind == Kind::ParenClose) break;
    if (words_[i].kind == Kind::Word && words_[i + 1].kind == Kind::Colon &&
        words_[i].begin != context_.word.begin) {
      given.insert(std::string(words_.text(i)));
    }
  }
  for (const SymbolId part : view_.parts[symbol]) {
    const SymbolNote& note = view_.symbol(part);
    if (std::find(kinds.begin(), kinds.end(), note.kind) == kinds.end() ||
        note.name.find('.') != std::string::npos || given.contains(note.name)) {
      continue;
    }
    add({note.name, kindOf(note.kind), note.signature, note.doc, named ? note.name + ": $0" : "",
         '1'});
  }
}

// Bindings of facts, for what changes one.
void Completer::facts() {
  for (const SymbolId id : visible()) {
    const SymbolNote& note = view_.symbol(id);
    if (note.type.kind == TypeKind::Record) {
      add({note.name, ItemKind::Variable, toText(note.type), "", "", '2'});
    }
  }
  for (const auto& [name, type] : hidden()) add({name, ItemKind::Variable, type.name, "", "", '3'});
}

// After a dot

void Completer::members() {
  std::uint32_t first = before_;
  const std::string path = before_ > 0 ? words_.pathEndingAt(before_ - 1, &first) : "";
  if (path.empty()) return methodsOf(Type::of(TypeKind::Any));
  // `x == c.`: what is compared with ranks the fields.
  const Wanted wanted = comparedAt(first > 0 ? first - 1 : 0);
  const Type type = typeOfPath(path);
  if (type.kind != TypeKind::Poison) {
    fieldsOf(type, wanted);
    return methodsOf(type);
  }
  // What the engine knows of an event, or of a subject.
  if (path == "meta" || path.ends_with(".meta")) {
    const SymbolId owner =
        path == "meta" ? candidate() : view_.symbolOf(typeOfPath(path.substr(0, path.size() - 5)));
    const bool subject = owner != kNoSymbol && view_.symbol(owner).kind == SymbolKind::Subject;
    for (const char* name : {"id", "subject", "time", "type", "source", "cause"}) {
      if (!subject) {
        add({name, ItemKind::Field, std::string_view(name) == "time" ? "timestamp" : "string", "",
             "", '2'});
      }
    }
    if (subject) add({"name", ItemKind::Field, "string", "The name of the subject.", "", '2'});
    return;
  }
  const SymbolId owner = view_.declared(path);
  if (owner != kNoSymbol && view_.symbol(owner).kind == SymbolKind::Enum) {
    for (const SymbolId value : view_.parts[owner]) {
      add({view_.symbol(value).name, ItemKind::EnumMember, view_.symbol(owner).name, "", "", '1'});
    }
    return;
  }
  // on change d: Device.
  if (owner != kNoSymbol && view_.symbol(owner).kind == SymbolKind::Subject) {
    return namedParts({SymbolKind::Field}, path);
  }
  // `mail.`: the rest of a host function's name, or what a module declares.
  for (SymbolId id = 0; id < view_.index.symbols.size(); ++id) {
    const SymbolNote& note = view_.symbol(id);
    if (note.kind == SymbolKind::Host && note.name.starts_with(path + ".")) {
      add({note.name.substr(path.size() + 1), ItemKind::Function, note.signature, note.doc, "",
           '1'});
    }
    const bool inModule =
        note.container != kNoSymbol && view_.symbol(note.container).kind == SymbolKind::Module;
    if (!inModule || note.kind == SymbolKind::Rule || note.kind == SymbolKind::Test) continue;
    const std::string& module = view_.symbol(note.container).name;
    if (module == path || module.ends_with("." + path)) {
      add({note.name, kindOf(note.kind), note.signature, note.doc, "", '3'});
    }
  }
}

// `wanted` ranks those first that fit what they are compared with.
void Completer::fieldsOf(const Type& type, const Wanted& wanted) {
  if (type.kind == TypeKind::Row) {
    for (const Member& member : type.members) {
      add({member.name, ItemKind::Field, toText(member.type), "", "",
           rankOf(wanted, member.name, member.type)});
    }
    return;
  }
  const SymbolId owner = type.kind == TypeKind::Record ? view_.symbolOf(type) : kNoSymbol;
  if (owner == kNoSymbol) return;
  for (const SymbolId part : view_.parts[owner]) {
    const SymbolNote& note = view_.symbol(part);
    if (note.kind != SymbolKind::Field || note.name.find('.') != std::string::npos) continue;
    add({note.name, ItemKind::Field, note.signature, note.doc, "",
         rankOf(wanted, note.name, note.type)});
  }
  if (view_.symbol(owner).kind != SymbolKind::Fact) {
    add({"meta", ItemKind::Field, "", "What the engine knows of it: its time, its name.", "", '7'});
  }
}

// Each name once, whatever its overloads; macros go with what can be gone through.
void Completer::methodsOf(const Type& type) {
  std::set<std::string_view> seen;
  for (const Overload& overload : builtins()) {
    if (!takes(overload, type) || !seen.insert(overload.name).second) continue;
    const bool bare = overload.params.size() == 1;
    add({std::string(overload.name), ItemKind::Method, toText(overload.result),
         std::string(overload.doc), std::string(overload.name) + (bare ? "()" : "($0)"), '8'});
  }
  if (type.kind != TypeKind::List && type.kind != TypeKind::Map) return;
  for (const char* macro : {"all", "exists", "exists_one", "filter", "map"}) {
    add({macro, ItemKind::Method, "",
         "Goes through the elements, each called by the name that you choose.",
         std::string(macro) + "(${1:x}, $0)", '7'});
  }
}

// Where a value is asked for

void Completer::values(const Wanted& wanted) {
  const Type& type = wanted.type;
  if (type.kind == TypeKind::Bool) {
    add({"true", ItemKind::Keyword, "", "", "", '0'});
    add({"false", ItemKind::Keyword, "", "", "", '0'});
  }
  if (type.kind == TypeKind::Enum) {
    for (const std::string& value : type.values) {
      const std::string label =
          type.name.empty() ? toText(Value::string(value)) : type.name + "." + value;
      add({label, ItemKind::EnumMember, toText(type.required()), "", "", '0'});
    }
  }
  if (wanted.known() && type.optional) add({"null", ItemKind::Keyword, "", "", "", '1'});
}

// `customerId == c.id` in one word.
void Completer::boundFields(const Wanted& wanted) {
  if (!wanted.known()) return;
  const auto offer = [&](const std::string& name, const Type& type) {
    const SymbolId owner = type.kind == TypeKind::Record ? view_.symbolOf(type) : kNoSymbol;
    if (owner == kNoSymbol) return;
    for (const SymbolId part : view_.parts[owner]) {
      const SymbolNote& note = view_.symbol(part);
      const char rank = note.kind == SymbolKind::Field && note.name.find('.') == std::string::npos
                            ? rankOf(wanted, note.name, note.type)
                            : '6';
      if (rank < '5') {
        add({name + "." + note.name, ItemKind::Field, note.signature, note.doc, "",
             static_cast<char>(rank + 1)});
      }
    }
  };
  for (const SymbolId id : visible()) {
    if (view_.symbol(id).type.kind == TypeKind::Record &&
        view_.symbolOf(view_.symbol(id).type) != candidate()) {
      offer(view_.symbol(id).name, view_.symbol(id).type);
    }
  }
  for (const auto& [name, type] : hidden()) offer(name, type);
}

// Built-in functions that are called by name, has() among them although it is none.
void Completer::functions() {
  std::set<std::string_view> seen;
  for (const Overload& overload : builtins()) {
    if (overload.method || !seen.insert(overload.name).second) continue;
    add({std::string(overload.name), ItemKind::Function, toText(overload.result),
         std::string(overload.doc), std::string(overload.name) + "($0)", '8'});
  }
  add({"has", ItemKind::Function, "bool", "Whether a member is there.", "has($0)", '8'});
}

// In this order: values of the type, fields of the candidate, names, fields of bindings,
// declarations, functions. The first that offers a name keeps it.
void Completer::expression(const Wanted& wanted) {
  values(wanted);
  const SymbolId owner = candidate();
  std::set<std::string> seen;
  if (owner != kNoSymbol) {
    for (const SymbolId part : view_.parts[owner]) {
      const SymbolNote& note = view_.symbol(part);
      if (note.kind != SymbolKind::Field || note.name.find('.') != std::string::npos ||
          !seen.insert(note.name).second) {
        continue;
      }
      const char rank = rankOf(wanted, note.name, note.type);
      // On the other side of a comparison the fields of the same fact are seldom meant.
      add({note.name, ItemKind::Field, note.signature, note.doc, "",
           wanted.known() ? (rank < '5' ? '4' : '6') : '1'});
    }
  }
  const std::vector<SymbolId> names = visible();
  for (std::size_t i = names.size(); i-- > 0;) {
    const SymbolNote& note = view_.symbol(names[i]);
    if (!seen.insert(note.name).second) continue;
    add({note.name, ItemKind::Variable, toText(note.type), note.doc, "",
         wanted.known() ? rankOf(wanted, note.name, note.type) : '2'});
  }
  for (const auto& [name, type] : hidden()) {
    if (seen.insert(name).second) add({name, ItemKind::Variable, toText(type), "", "", '3'});
  }
  boundFields(wanted);
  for (SymbolId id = 0; id < view_.index.symbols.size(); ++id) {
    const SymbolNote& note = view_.symbol(id);
    const bool value = note.kind == SymbolKind::Const || note.kind == SymbolKind::Enum;
    const bool called =
        note.kind == SymbolKind::Function || note.kind == SymbolKind::Table ||
        note.kind == SymbolKind::Query ||
        (note.kind == SymbolKind::Host && view_.treeOf(id) && view_.treeOf(id)->pure);
    if ((!value && !called) || !seen.insert(note.name).second) continue;
    const char rank = wanted.known() ? rankOf(wanted, "", note.type) : '6';
    add({note.name, kindOf(note.kind), note.signature, note.doc,
         called ? escaped(note.name) + "($0)" : "",
         note.kind == SymbolKind::Enum ? '6' : std::max(rank, '3')});
  }
  functions();
  const bool pattern = context_.frame().block == Block::Pattern || owner != kNoSymbol;
  for (const char* word : {"true", "false", "null"}) {
    if (!wanted.known()) add({word, ItemKind::Keyword, "", "", "", '7'});
  }
  if (pattern) words({"this"});
}

// Stops are numbered in the order in which they are filled in; $0 is where the cursor ends.
const std::vector<Template>& templates() {
  using namespace begins;
  static const std::vector<Template> kTemplates = {
      {"rule …", kModule,
       "rule \"${1:what it does}\"\nwhen {\n  ${2:x}: ${3:Type}($4)\n}\nthen {\n  $0\n}",
       "A whole rule."},
      {"rule on event …", kModule,
       "rule \"${1:what it does}\"\non ${2:e}: ${3:Event}\nwhen {\n  $4\n}\nthen {\n  $0\n}",
       "A rule that fires for each event."},
      {"test …", kModule,
       "test \"${1:what is shown}\" {\n  given {\n    $2\n  }\n  when { settle }\n  expect {\n    "
       "$0\n  }\n}",
       "A whole test."},
      {"table …", kModule,
       "table ${1:name}(${2:x}: ${3:int}) -> ${4:string} {\n  | ${5:_} => $0\n}",
       "A decision table."},
      {"fact …", kModule, "fact ${1:Name} {\n  key ${2:id}: ${3:string}\n  $0\n}",
       "A type of fact with its key."},
      {"flow …", kModule, "flow ${1:Name}(${2:id}: ${3:string}) key ${2:id} {\n  $0\n}",
       "A durable run."},
      {"host function …", kModule, "host function ${1:system.deed}(${2:id}: ${3:string})",
       "What the host can do."},
      {"if …", kAction | kStep | kDoing, "if ${1:condition} {\n  $0\n}",
       "Actions under a condition."},
      {"for …", kAction | kStep | kDoing, "for ${1:x} in ${2:list} {\n  $0\n}",
       "Actions for each element."},
      {"accumulate …", kCondition, "accumulate ${1:x}: ${2:Type}($3) into ${4:n} = ${5:count()}",
       "A value over all facts that match."},
      {"step …", kStep, "step ${1:name} = call ${2:system.deed}($0)",
       "A call whose result is journaled."},
      {"wait …", kStep, "let ${1:answer} = wait ${2:Event}($3) for ${4:1h}",
       "An event, or null when the time is up."},
      {"host … returns …", kDoing, "host ${1:system.deed} returns $0",
       "What a host function answers in this test."},
      {"count …", kExpect, "count ${1:Type}($2) == ${0:1}", "How many facts there are."},
  };
  return kTemplates;
}

}  // namespace reticle::language
