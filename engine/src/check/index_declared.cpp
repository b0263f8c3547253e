// The index of what is declared: symbols before the check, their types and signatures after it.
#include "check/index_recorder.h"

#include <algorithm>
#include <tuple>

#include "expression/functions.h"
#include "model/text.h"

namespace reticle::model {
namespace {

// As editors know them.
SymbolKind kindOf(tree::Declaration::Kind kind) {
  using Kind = tree::Declaration::Kind;
  switch (kind) {
    case Kind::Fact: return SymbolKind::Fact;
    case Kind::Event: return SymbolKind::Event;
    case Kind::Subject: return SymbolKind::Subject;
    case Kind::Enum: return SymbolKind::Enum;
    case Kind::Const: return SymbolKind::Const;
    case Kind::Function: return SymbolKind::Function;
    case Kind::Host: return SymbolKind::Host;
    case Kind::Table: return SymbolKind::Table;
    case Kind::Rule: return SymbolKind::Rule;
    case Kind::Query: return SymbolKind::Query;
    case Kind::Flow: return SymbolKind::Flow;
    case Kind::Test:
    case Kind::Given: return SymbolKind::Test;  // a `given` has no name to be found by
  }
  return SymbolKind::Fact;
}

// Parameters as they are declared.
std::string listOf(const std::vector<tree::Field>& fields) {
  std::string text;
  for (const tree::Field& field : fields) text += (text.empty() ? "" : ", ") + signatureOf(field);
  return "(" + text + ")";
}

}  // namespace

// The name alone: without the quotes of a rule's name, without the module in front of a type's.
// Empty when the text is not spelt plainly.
Span IndexRecorder::nameIn(const tree::Name& written, const std::string& name, SymbolKind kind) {
  const std::size_t length = written.span.end - written.span.begin;
  if (length == written.text.size()) {
    const std::size_t dot = written.text.rfind('.');
    const std::size_t last = name.find('.') == std::string::npos && dot != std::string::npos
                                 ? written.text.size() - dot - 1
                                 : std::min(name.size(), length);
    return {written.span.file, written.span.end - static_cast<std::uint32_t>(last),
            written.span.end};
  }
  const bool text = kind == SymbolKind::Rule || kind == SymbolKind::Test;
  return text && length > 1 ? Span{written.span.file, written.span.begin + 1, written.span.end - 1}
                            : Span{};
}

std::string signatureOf(const tree::Field& field) {
  std::string text = (field.key   ? "key "
                      : field.ext ? "ext "
                                  : "") +
                     field.name.text + ": " + textOf(field.type);
  if (field.initial) text += " = " + toText(*field.initial);
  if (field.max) text += " max " + std::to_string(*field.max);
  for (const Expr& where : field.where) text += " where " + toText(where);
  return text;
}

std::string signatureOf(const tree::Declaration& declaration) {
  using Kind = tree::Declaration::Kind;
  std::string text = declaration.name.text;
  switch (declaration.kind) {
    case Kind::Fact:
    case Kind::Event:
    case Kind::Subject:
      if (!declaration.as.empty()) text += " as " + toText(Value::string(declaration.as));
      return text + (declaration.asSet ? " as set" : "") + (declaration.open ? " open" : "");
    case Kind::Enum: {
      std::string values;
      for (const tree::Name& value : declaration.values) {
        values += (values.empty() ? "" : ", ") + value.text;
      }
      return text + " { " + values + " }";
    }
    case Kind::Const:
      if (declaration.result) text += ": " + textOf(*declaration.result);
      return declaration.value ? text + " = " + toText(*declaration.value) : text;
    case Kind::Function:
    case Kind::Host:
    case Kind::Table:
    case Kind::Query:
    case Kind::Flow: break;
    case Kind::Given: return text;
    case Kind::Rule:
    case Kind::Test: return toText(Value::string(text));
  }
  text += listOf(declaration.params);
  if (declaration.result) {
    text += " -> " + textOf(*declaration.result);
  } else if (!declaration.results.empty()) {
    text += " -> " + listOf(declaration.results);
  }
  return text;
}

// The same place may be added once only; what a document makes up has none.
SymbolId IndexRecorder::add(SymbolKind kind, const tree::Name& name, SymbolId container, Span whole,
                            const std::string& doc) {
  const SymbolId id = static_cast<SymbolId>(index_->symbols.size());
  SymbolNote note;
  note.kind = kind;
  note.name = name.text;
  note.container = container;
  note.declared = nameIn(name, name.text, kind);
  note.whole = whole;
  note.doc = doc;
  note.type = Type::of(TypeKind::Poison);
  const Span span = note.declared;
  index_->symbols.push_back(std::move(note));
  if (container != kNoSymbol) parts_.emplace(std::pair{container, name.text}, id);
  if (name.span == Span{}) return id;
  declared_.emplace(placeOf(name.span), id);
  addUse(Use::Kind::Definition, span, id);
  return id;
}

// Fields, parameters and results are parts of what declares them.
void IndexRecorder::fields(const std::vector<tree::Field>& fields, SymbolKind kind,
                           SymbolId owner) {
  for (const tree::Field& field : fields) {
    if (!field.name) continue;
    const SymbolId id = add(kind, field.name, owner, field.span, field.doc);
    written_.emplace(id, std::pair{field.type.span, &field});
  }
}

// Before anything is checked, so that uses find their symbols whatever the order.
void IndexRecorder::declare(const std::vector<tree::Module>& modules) {
  if (!index_) return;
  for (const tree::Module& module : modules) {
    const SymbolId owner =
        module.name ? add(SymbolKind::Module, module.name, kNoSymbol, module.name.span) : kNoSymbol;
    for (const tree::Declaration& declaration : module.declarations) {
      if (!declaration.name) continue;
      const SymbolId id =
          add(kindOf(declaration.kind), declaration.name, owner, declaration.span, declaration.doc);
      trees_.emplace(id, &declaration);
      declarations_.push_back(
          {declaration.span.file, declaration.span.begin, declaration.span.end, id});
      fields(declaration.fields, SymbolKind::Field, id);
      fields(declaration.params, SymbolKind::Parameter, id);
      fields(declaration.results, SymbolKind::Field, id);
      for (const tree::Name& value : declaration.values) {
        add(SymbolKind::EnumValue, value, id, value.span);
      }
    }
  }
  std::sort(declarations_.begin(), declarations_.end(), [](const Place& a, const Place& b) {
    return std::tie(a.file, a.begin) < std::tie(b.file, b.begin);
  });
  for (const tree::Module& module : modules) {
    for (const tree::Import& import : module.imports) {
      for (const tree::Module& other : modules) {
        if (import.module && other.name.text == import.module.text) {
          use(import.module, other.name.span);
        }
        for (const tree::Declaration& declaration : other.declarations) {
          if (import.module && other.name &&
              import.module.text == other.name.text + "." + declaration.name.text) {
            use(import.module, declaration.name.span);
          }
        }
      }
    }
  }
  groups(modules);
}

// A group is declared by the first rule that names it.
void IndexRecorder::groups(const std::vector<tree::Module>& modules) {
  std::map<std::string, SymbolId> known;
  const auto name = [&](const tree::Name& group) {
    if (!group) return;
    const auto [found, fresh] = known.try_emplace(group.text, kNoSymbol);
    if (fresh) {
      found->second = add(SymbolKind::Group, group, kNoSymbol, group.span);
    } else {
      addUse(Use::Kind::Read, group.span, found->second);
    }
  };
  const auto focuses = [&](const auto& self, const std::vector<tree::Action>& actions) -> void {
    for (const tree::Action& action : actions) {
      if (action.kind == tree::Action::Kind::Focus) name(action.name);
      self(self, action.body);
      self(self, action.otherwise);
    }
  };
  for (const tree::Module& module : modules) {
    for (const tree::Declaration& declaration : module.declarations) {
      name(declaration.group);
      name(declaration.exclusive);
    }
  }
  for (const tree::Module& module : modules) {
    for (const tree::Declaration& declaration : module.declarations) {
      focuses(focuses, declaration.then);
    }
  }
}

// As they are written; what nobody wrote down comes through `result`.
void IndexRecorder::types() {
  std::map<std::pair<std::uint64_t, std::uint32_t>, const Type*> byPlace;
  for (const TypeNote& note : index_->types) {
    byPlace.emplace(std::pair{placeOf(note.span), note.span.end}, &note.type);
  }
  const auto find = [&](Span span) -> const Type* {
    const auto found = byPlace.find({placeOf(span), span.end});
    return found == byPlace.end() ? nullptr : found->second;
  };
  for (const auto& [symbol, written] : written_) {
    if (const Type* type = find(written.first)) index_->symbols[symbol].type = *type;
  }
  for (const auto& [symbol, declaration] : trees_) {
    const Type* type = declaration->result  ? find(declaration->result->span)
                       : declaration->value ? find(declaration->value->span)
                                            : nullptr;
    if (type) index_->symbols[symbol].type = *type;
  }
}

// For hovers: one line, with names, types and defaults.
void IndexRecorder::signatures() {
  for (const auto& [symbol, written] : written_) {
    index_->symbols[symbol].signature = signatureOf(*written.second);
  }
  for (const auto& [symbol, declaration] : trees_) {
    SymbolNote& note = index_->symbols[symbol];
    note.signature = signatureOf(*declaration);
    const bool unsaid = !declaration->result && declaration->results.empty();
    if (note.type.kind == TypeKind::Poison || !unsaid) continue;
    if (note.kind == SymbolKind::Const) {
      note.signature.insert(note.name.size(), ": " + toText(note.type));
    }
    if (note.kind == SymbolKind::Function || note.kind == SymbolKind::Query) {
      note.signature += " -> " + toText(note.type);
    }
  }
  for (SymbolNote& note : index_->symbols) {
    if (note.signature.empty()) note.signature = note.name;
  }
}

// In order of place, each once. Joined symbols become the one they stand for.
void IndexRecorder::complete() {
  if (!index_) return;
  types();
  signatures();
  const auto joined = [&](SymbolId id) {
    for (auto found = joined_.find(id); found != joined_.end(); found = joined_.find(id)) {
      id = found->second;
    }
    return id;
  };
  for (Use& use : index_->uses) use.symbol = joined(use.symbol);
  const auto order = [](const Use& use) {
    // Of one word: that it is declared here counts more than that it is read, and so does that it
    // is written.
    const int rank = use.kind == Use::Kind::Definition ? 0 : use.kind == Use::Kind::Write ? 1 : 2;
    return std::tuple(use.span.file, use.span.begin, use.span.end, use.symbol, rank);
  };
  std::stable_sort(index_->uses.begin(), index_->uses.end(),
                   [&](const Use& a, const Use& b) { return order(a) < order(b); });
  const auto sameUse = [](const Use& a, const Use& b) {
    return a.span == b.span && a.symbol == b.symbol;
  };
  index_->uses.erase(std::unique(index_->uses.begin(), index_->uses.end(), sameUse),
                     index_->uses.end());
  const auto outerFirst = [](Span a, Span b) {
    return std::tuple(a.file, a.begin, ~a.end) < std::tuple(b.file, b.begin, ~b.end);
  };
  std::stable_sort(
      index_->types.begin(), index_->types.end(),
      [&](const TypeNote& a, const TypeNote& b) { return outerFirst(a.span, b.span); });
  const auto sameType = [](const TypeNote& a, const TypeNote& b) { return a.span == b.span; };
  index_->types.erase(std::unique(index_->types.begin(), index_->types.end(), sameType),
                      index_->types.end());
  std::stable_sort(
      index_->scopes.begin(), index_->scopes.end(),
      [&](const ScopeNote& a, const ScopeNote& b) { return outerFirst(a.span, b.span); });
}

}  // namespace reticle::model
