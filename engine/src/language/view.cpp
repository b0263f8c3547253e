// What the features ask of a checked program: symbols, uses, types and documents at a place.
#include "language/view.h"

#include <algorithm>
#include <tuple>

namespace reticle::language {
namespace {

using namespace model;

bool isType(SymbolKind kind) {
  return kind == SymbolKind::Fact || kind == SymbolKind::Subject || kind == SymbolKind::Event ||
         kind == SymbolKind::Enum;
}

}  // namespace

// The use whose word begins at or before the byte and reaches it; uses are in order of their
// places.
const Use* View::useAt(std::uint32_t file, std::uint32_t byte) const {
  const auto after = std::upper_bound(
      index.uses.begin(), index.uses.end(), std::pair(file, byte),
      [](const auto& at, const Use& use) { return at < std::pair(use.span.file, use.span.begin); });
  if (after == index.uses.begin()) return nullptr;
  const Use* use = &*std::prev(after);
  // Of two uses of one word the first counts.
  while (use != index.uses.data() && (use - 1)->span == use->span) --use;
  return use->span.file == file && byte <= use->span.end ? use : nullptr;
}

const Use* View::useOf(Span span) const {
  const Use* use = useAt(span.file, span.begin);
  return use && use->span == span ? use : nullptr;
}

// In order of places, over all documents.
std::vector<Use> View::usesOf(SymbolId symbol) const {
  std::vector<Use> uses;
  std::copy_if(index.uses.begin(), index.uses.end(), std::back_inserter(uses),
               [&](const Use& use) { return use.symbol == symbol; });
  return uses;
}

// The type of exactly this stretch; the larger of two that begin together stands first.
const Type* View::typeOf(Span span) const {
  const auto key = [](Span s) { return std::tuple(s.file, s.begin, ~s.end); };
  const auto found =
      std::lower_bound(index.types.begin(), index.types.end(), span,
                       [&](const TypeNote& note, Span s) { return key(note.span) < key(s); });
  return found != index.types.end() && found->span == span ? &found->type : nullptr;
}

// The innermost scope around the byte: the last one to begin before it that reaches it.
const ScopeNote* View::scopeAt(std::uint32_t file, std::uint32_t byte) const {
  auto after = std::upper_bound(index.scopes.begin(), index.scopes.end(), std::pair(file, byte),
                                [](const auto& at, const ScopeNote& scope) {
                                  return at < std::pair(scope.span.file, scope.span.begin);
                                });
  while (after != index.scopes.begin()) {
    --after;
    if (after->span.file != file) return nullptr;
    if (byte <= after->span.end) return &*after;
  }
  return nullptr;
}

SymbolId View::symbolOf(const Type& type) const {
  if (type.kind != TypeKind::Record && type.kind != TypeKind::Enum) return kNoSymbol;
  return type.name.empty() ? kNoSymbol : declared(type.name);
}

// A name of the top level, with its module or without; names inside of declarations are not meant.
SymbolId View::declared(std::string_view name) const {
  // The first of the name, in the order of documents.
  const auto find = [&](std::string_view last, std::string_view module) {
    for (SymbolId id = 0; id < index.symbols.size(); ++id) {
      const SymbolNote& note = index.symbols[id];
      if (note.name != last || note.kind == SymbolKind::Module || note.kind == SymbolKind::Group ||
          note.kind == SymbolKind::Builtin) {
        continue;
      }
      const bool top =
          note.container == kNoSymbol || index.symbols[note.container].kind == SymbolKind::Module;
      if (top && (module.empty() ||
                  (note.container != kNoSymbol && index.symbols[note.container].name == module))) {
        return id;
      }
    }
    return kNoSymbol;
  };
  const SymbolId whole = find(name, "");
  const std::size_t dot = name.rfind('.');
  if (whole != kNoSymbol || dot == std::string_view::npos) return whole;
  const SymbolId exact = find(name.substr(dot + 1), name.substr(0, dot));
  return exact != kNoSymbol ? exact : find(name.substr(dot + 1), "");
}

// A field, a value or a parameter of it, by name.
SymbolId View::partOf(SymbolId owner, std::string_view name) const {
  if (owner == kNoSymbol) return kNoSymbol;
  for (const SymbolId part : parts[owner]) {
    const SymbolKind kind = symbol(part).kind;
    if (symbol(part).name == name && (kind == SymbolKind::Field || kind == SymbolKind::EnumValue ||
                                      kind == SymbolKind::Parameter)) {
      return part;
    }
  }
  return kNoSymbol;
}

// Any stays any; Poison when there is no such member.
Type View::memberOf(const Type& type, std::string_view name) const {
  if (type.kind == TypeKind::Any) return type;
  if (type.kind == TypeKind::Map) {
    return type.arguments.size() == 2 ? type.arguments[1] : Type::of(TypeKind::Any);
  }
  if (type.kind == TypeKind::Record) {
    const SymbolId field = partOf(symbolOf(type), name);
    if (field != kNoSymbol) return symbol(field).type;
  }
  if (type.kind == TypeKind::Row) {
    for (const Member& member : type.members) {
      if (member.name == name) return member.type;
    }
  }
  return Type::of(TypeKind::Poison);
}

const tree::Declaration* View::declarationAt(std::uint32_t file, std::uint32_t byte) const {
  for (const tree::Declaration& declaration : modules[file].declarations) {
    if (declaration.span.begin <= byte && byte <= declaration.span.end) return &declaration;
  }
  return nullptr;
}

// The declaration as it was written; none for what stands inside of one.
const tree::Declaration* View::treeOf(SymbolId id) const {
  const SymbolNote& note = symbol(id);
  if (note.whole == Span{} || (!isType(note.kind) && note.kind > SymbolKind::Test)) return nullptr;
  for (const tree::Declaration& declaration : modules[note.whole.file].declarations) {
    if (declaration.span == note.whole) return &declaration;
  }
  return nullptr;
}

// Lines and UTF-16 units from 0, as the protocol counts.
void View::writeRange(Json& json, Span span) const {
  const Place start = placeOf(span.file, span.begin), end = placeOf(span.file, span.end);
  json.object()
      .key("start")
      .object()
      .key("line")
      .number(start.line)
      .key("character")
      .number(start.character)
      .endObject();
  json.key("end")
      .object()
      .key("line")
      .number(end.line)
      .key("character")
      .number(end.character)
      .endObject()
      .endObject();
}

void View::writeLocation(Json& json, Span span) const {
  json.object().key("uri").text(documents[span.file].uri).key("range");
  writeRange(json, span);
  json.endObject();
}

void View::writeEdit(Json& json, Span span, std::string_view text) const {
  json.object().key("range");
  writeRange(json, span);
  json.key("newText").text(text).endObject();
}

void View::writeWorkspaceEdit(Json& json, std::vector<Edit> edits) const {
  std::stable_sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) {
    return std::tie(a.span.file, a.span.begin) < std::tie(b.span.file, b.span.begin);
  });
  json.object().key("changes").object();
  for (std::size_t i = 0; i < edits.size();) {
    const std::uint32_t file = edits[i].span.file;
    json.key(documents[file].uri).list();
    for (; i < edits.size() && edits[i].span.file == file; ++i) {
      writeEdit(json, edits[i].span, edits[i].text);
    }
    json.endList();
  }
  json.endObject().endObject();
}

}  // namespace reticle::language
